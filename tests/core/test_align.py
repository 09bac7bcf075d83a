"""Alignments as a careful reader would draw them, one kind of revision at a time."""

from __future__ import annotations

import pytest

from watcher.core.align import align
from watcher.core.chain import heaviest_chain

LEAD = (
    "HARBOUR TOWN — A ferry with ninety passengers ran aground on a sandbank on Monday and was "
    "pulled free four hours later, the coast guard said."
)
BACKGROUND = (
    "The line has carried commuters across the bay since 1954 and has had two accidents, both in "
    "fog, in all those years."
)
DENIAL = "The operator denied that the vessel had been overloaded."
WEATHER = "Winds of up to sixty kilometres an hour had been forecast for the afternoon."
QUOTE = "“We heard a long scrape and then nothing,” said Ilse Brandt, a teacher on her way to work."
INQUIRY = "Investigators took the logbook and will question the captain later this week."


def told(
    old: list[str], new: list[str]
) -> list[tuple[str, tuple[int, ...], tuple[int, ...], bool]]:
    return [(edit.op, edit.old, edit.new, edit.moved) for edit in align(old, new)]


def test_a_copy_edit() -> None:
    new = [LEAD.replace("four hours", "five hours"), DENIAL, BACKGROUND]
    assert told([LEAD, DENIAL, BACKGROUND], new) == [
        ("replace", (0,), (0,), False),
        ("equal", (1,), (1,), False),
        ("equal", (2,), (2,), False),
    ]


def test_a_lead_demoted_under_a_new_one_loses_its_dateline() -> None:
    fresh = "HARBOUR TOWN — Prosecutors opened a case on Tuesday against the master of a ferry."
    demoted = LEAD.removeprefix("HARBOUR TOWN — ").replace("on Monday ", "")
    assert told([LEAD, WEATHER], [fresh, demoted, WEATHER]) == [
        ("insert", (), (0,), False),
        ("replace", (0,), (1,), False),
        ("equal", (1,), (2,), False),
    ]


def test_a_split_with_an_insert_between_the_parts() -> None:
    old = [LEAD, f"{BACKGROUND} {WEATHER}", DENIAL]
    assert told(old, [LEAD, BACKGROUND, INQUIRY, WEATHER, DENIAL]) == [
        ("equal", (0,), (0,), False),
        ("split", (1,), (1, 3), False),
        ("insert", (), (2,), False),
        ("equal", (2,), (4,), False),
    ]


def test_a_split_with_edits_in_a_part() -> None:
    old = [f"{BACKGROUND} {WEATHER}"]
    new = [BACKGROUND.replace("two accidents", "three accidents"), WEATHER]
    assert told(old, new) == [("split", (0,), (0, 1), False)]


def test_a_heading_cut_off_its_paragraph() -> None:
    assert told([f"What is known. {LEAD}"], ["What is known", LEAD]) == [
        ("split", (0,), (0, 1), False)
    ]


def test_a_merge() -> None:
    assert told([LEAD, BACKGROUND, WEATHER], [LEAD, f"{BACKGROUND} {WEATHER}"]) == [
        ("equal", (0,), (0,), False),
        ("merge", (1, 2), (1,), False),
    ]


def test_a_short_paragraph_that_survives_at_the_end_of_a_long_one() -> None:
    fresh = (
        "Divers went down at dawn to look at the hull, and a tug was ordered from the next port "
        "in case the tide should not be high enough to lift the ship off on its own. "
    )
    assert told([LEAD, DENIAL], [LEAD, fresh + DENIAL]) == [
        ("equal", (0,), (0,), False),
        ("replace", (1,), (1,), False),
    ]


def test_a_paragraph_edited_and_moved() -> None:
    old = [LEAD, BACKGROUND, WEATHER, QUOTE, INQUIRY, DENIAL]
    new = [LEAD, DENIAL.replace("vessel", "ferry"), BACKGROUND, WEATHER, QUOTE, INQUIRY]
    assert told(old, new) == [
        ("equal", (0,), (0,), False),
        ("replace", (5,), (1,), True),
        ("equal", (1,), (2,), False),
        ("equal", (2,), (3,), False),
        ("equal", (3,), (4,), False),
        ("equal", (4,), (5,), False),
    ]


def test_when_two_blocks_swap_the_smaller_moved() -> None:
    edits = align(
        [LEAD, BACKGROUND, WEATHER, QUOTE, DENIAL], [QUOTE, DENIAL, LEAD, BACKGROUND, WEATHER]
    )
    assert [edit.old for edit in edits if edit.moved] == [(3,), (4,)]
    [single] = [edit for edit in align([BACKGROUND, DENIAL], [DENIAL, BACKGROUND]) if edit.moved]
    assert single.old == (1,)


def test_repeated_short_lines_pair_in_order_and_never_move() -> None:
    old = [LEAD, "Advertisement", QUOTE, "Advertisement", "Read more", "Read more"]
    new = ["Advertisement", "Read more", LEAD, QUOTE, "Advertisement", INQUIRY, "Advertisement"]
    edits = align(old, new)
    assert not any(edit.moved for edit in edits)
    pairs = [(edit.old[0], edit.new[0]) for edit in edits if edit.op == "equal"]
    assert pairs == sorted(pairs)
    assert (0, 2) in pairs
    assert (2, 3) in pairs


def test_a_live_blog_grows_at_the_top_by_inserts() -> None:
    posts = [
        text for n in range(12) for text in (f"{n + 9}:15", f"Boat {n} was towed in.", "Share")
    ]
    new = ["21:40", "The harbour was closed for the night.", "Share", "21:30", "Fog came.", "Share"]
    edits = align(posts, new + posts)
    assert {edit.op for edit in edits} == {"insert", "equal"}
    assert sum(edit.op == "insert" for edit in edits) == len(new)
    assert not any(edit.moved for edit in edits)


def test_a_complete_rewrite_is_a_delete_and_an_insert() -> None:
    other = "Parliament passed the budget at midnight after a debate of eleven hours."
    assert told([LEAD], [other]) == [
        ("delete", (0,), (), False),
        ("insert", (), (0,), False),
    ]


def test_deletes_stand_where_the_paragraph_was() -> None:
    assert told([LEAD, DENIAL, BACKGROUND], [LEAD, INQUIRY, BACKGROUND]) == [
        ("equal", (0,), (0,), False),
        ("delete", (1,), (), False),
        ("insert", (), (1,), False),
        ("equal", (2,), (2,), False),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Die Fähre lief am Montag auf Grund.", "Die Fähre lief am Dienstag auf Grund."),
        ("قالت الشرطة إن العبارة جنحت يوم الاثنين.", "قالت الشرطة إن العبارة جنحت يوم الثلاثاء."),
        ("המעבורת עלתה על שרטון ביום שני בבוקר.", "המעבורת עלתה על שרטון ביום שלישי בבוקר."),
        ("नाव सोमवार को रेत पर फँस गई, पुलिस ने कहा।", "नाव मंगलवार को रेत पर फँस गई, पुलिस ने कहा।"),
        ("เรือเฟอร์รี่เกยตื้นเมื่อวันจันทร์", "เรือเฟอร์รี่เกยตื้นเมื่อวันอังคาร"),
        ("渡轮周一在沙洲搁浅，四小时后获救。", "渡轮周二在沙洲搁浅，四小时后获救。"),
        ("連絡船は月曜日に砂州に乗り上げた。", "連絡船は火曜日に砂州に乗り上げた。"),
        ("여객선이 월요일 모래톱에 걸렸다.", "여객선이 화요일 모래톱에 걸렸다."),
        ("Thanks 👩‍👩‍👧 for all the help today", "Thanks 👩‍👩‍👦 for all the help today"),
        ("Le cafe\u0301 du port reste ouvert", "Le cafe\u0301 du quai reste ouvert"),
        ("* * *", "* * * *"),
    ],
)  # fmt: skip
def test_edits_are_found_in_every_script(old: str, new: str) -> None:
    assert told([old, LEAD], [BACKGROUND, new, LEAD]) == [
        ("insert", (), (0,), False),
        ("replace", (0,), (1,), False),
        ("equal", (1,), (2,), False),
    ]


def test_paragraphs_that_hold_line_feeds_are_never_joined() -> None:
    edits = align([f"{BACKGROUND} {WEATHER}"], [BACKGROUND, f"\n{WEATHER}"])
    assert all(len(edit.old) <= 1 and len(edit.new) <= 1 for edit in edits)


def test_a_word_torn_by_a_missing_space_still_links_its_heading() -> None:
    whole = f"{BACKGROUND.removesuffix('.')}.Northern piers"
    assert told([whole, QUOTE], [BACKGROUND, "Northern piers", QUOTE])[0] == (
        "split", (0,), (0, 1), False,
    )  # fmt: skip


def test_the_heaviest_chain_counts_equal_paragraphs_before_all_others() -> None:
    links = [(0, 1, (0, 1, 500)), (1, 2, (0, 1, 500)), (2, 0, (1, 1, 3))]
    assert heaviest_chain(links) == {2}
    assert heaviest_chain([(i, j, (0, 1, size)) for i, j, (_, _, size) in links]) == {0, 1}
    assert heaviest_chain([(0, 1, (0, 1, 5)), (1, 0, (0, 1, 9))]) == {1}
    assert heaviest_chain([]) == set()


def test_a_link_that_no_reader_could_see_is_a_delete_and_an_insert() -> None:
    card = "Get a European Health Insurance Card."
    other = (
        "As the principality is not part of any union or economic area a European Health "
        "Insurance Card will not be accepted there, and cover must be bought beforehand."
    )
    assert told([LEAD, card], [LEAD, other]) == [
        ("equal", (0,), (0,), False),
        ("delete", (1,), (), False),
        ("insert", (), (1,), False),
    ]


def test_a_change_of_case_alone_stays_an_edit() -> None:
    assert told(["LATEST NEWS FROM THE BAY"], ["Latest news from the bay"]) == [
        ("replace", (0,), (0,), False)
    ]


LONGER = QUOTE.replace("a teacher", "a nurse")


def test_a_short_paragraph_carried_up_past_edited_ones_is_what_moved() -> None:
    new = [DENIAL, LEAD.replace("four hours", "five hours"), f"{WEATHER} {INQUIRY}"]
    assert told([LEAD, WEATHER, DENIAL], new) == [
        ("equal", (2,), (0,), True),
        ("replace", (0,), (1,), False),
        ("replace", (1,), (2,), False),
    ]


def test_the_trains_carried_up_past_a_lead_edited_and_schools_grown() -> None:
    lead = "The river Aller rose by two metres overnight, the town council said on Monday."
    schools = "Two schools in the lower town will stay closed until Wednesday."
    trains = "Trains between Oster and Weil run again since the early morning."
    hall = "About 200 people were brought to the sports hall during the night."
    new = [trains, lead.replace("two", "three"), f"{schools} {hall}"]
    assert told([lead, schools, trains], new) == [
        ("equal", (2,), (0,), True),
        ("replace", (0,), (1,), False),
        ("replace", (1,), (2,), False),
    ]


def test_a_short_paragraph_carried_down_past_edited_ones_is_what_moved() -> None:
    new = [LEAD.replace("four", "five"), f"{WEATHER} {INQUIRY}", LONGER, DENIAL]
    assert told([DENIAL, LEAD, WEATHER, QUOTE], new) == [
        ("replace", (1,), (0,), False),
        ("replace", (2,), (1,), False),
        ("replace", (3,), (2,), False),
        ("equal", (0,), (3,), True),
    ]


def test_edited_paragraphs_as_few_as_the_equal_ones_they_pass_let_these_stay() -> None:
    edits = align(
        [LEAD, WEATHER, DENIAL, QUOTE],
        [DENIAL, QUOTE, LEAD.replace("four", "five"), f"{WEATHER} {INQUIRY}"],
    )
    assert [(edit.op, edit.moved) for edit in edits if edit.old in ((2,), (3,))] == [
        ("equal", False),
        ("equal", False),
    ]


def test_edited_paragraphs_lighter_than_the_equal_ones_they_pass_moved_themselves() -> None:
    edited = [DENIAL.replace("vessel", "ferry"), WEATHER.replace("sixty", "seventy")]
    edits = align([LEAD, BACKGROUND, DENIAL, WEATHER], [*edited, LEAD, BACKGROUND])
    assert [edit.old for edit in edits if edit.moved] == [(2,), (3,)]


def test_a_repeated_line_passed_by_edited_paragraphs_is_not_said_to_have_moved() -> None:
    edited = [LEAD.replace("four", "five"), f"{WEATHER} {INQUIRY}"]
    edits = align(
        [LEAD, WEATHER, "Advertisement", QUOTE, "Advertisement"],
        ["Advertisement", *edited, QUOTE, "Advertisement"],
    )
    assert not any(edit.moved for edit in edits)
    assert {(0, 1), (1, 2)} <= {
        (edit.old[0], edit.new[0]) for edit in edits if edit.op == "replace"
    }


AD = "Advertisement"


@pytest.mark.parametrize(
    "lead",
    [
        LEAD.replace("four hours", "five hours"),
        f"Four hours after {LEAD[0].lower()}{LEAD[1:-1]}, its owner confirmed.",
    ],
)
def test_a_repeated_line_does_not_stand_in_the_way_of_an_edited_paragraph(lead: str) -> None:
    assert told([AD, LEAD, AD, QUOTE], [lead, AD, AD, QUOTE]) == [
        ("delete", (0,), (), False),
        ("replace", (1,), (0,), False),
        ("insert", (), (1,), False),
        ("equal", (2,), (2,), False),
        ("equal", (3,), (3,), False),
    ]


def test_repeated_lines_pair_in_order_between_paragraphs_that_stay() -> None:
    warning = WEATHER.replace("sixty", "seventy")
    edits = told([LEAD, AD, WEATHER, AD, QUOTE, AD, DENIAL], [LEAD, warning, AD, QUOTE, DENIAL])
    assert [edit for edit in edits if edit[0] != "equal"] == [
        ("delete", (1,), (), False),
        ("replace", (2,), (1,), False),
        ("delete", (5,), (), False),
    ]
    assert ("equal", (3,), (2,), False) in edits


def test_many_repeated_lines_outweigh_the_short_edited_one_they_pass() -> None:
    topics = [f"{n}. Rules for the quay and the piers" for n in range(6)]
    dated = ["Last updated on Monday, 3 May, at noon", *topics]
    rest = [QUOTE, *topics, DENIAL]
    edits = told([*topics, dated[0], *rest], [dated[0].replace("noon", "ten"), *topics, *rest])
    assert [(edit[1], edit[2]) for edit in edits if edit[0] == "equal"][:6] == [
        ((at,), (at + 1,)) for at in range(6)
    ]
