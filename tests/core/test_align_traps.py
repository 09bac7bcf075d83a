"""Where alignments go astray: stamps that anchor, rows that swap, sentences that cross over."""

from __future__ import annotations

import time

import pytest

from watcher.core.align import align
from watcher.core.model import Edit

POSTS = [
    "Trams are held at the depot until further notice.",
    "The roof of the hall has fallen in, the fire chief says.",
    "The mayor is on her way to the quay.",
    "A second crew has come from the airport.",
    "Smoke can be seen from the far bank.",
    "The school on Mill Lane is being cleared.",
    "Nobody was inside, the owner of the hall says.",
    "The ring road is closed in both directions.",
]
LEAD = (
    "HARBOUR TOWN — A ferry with ninety passengers ran aground on a sandbank on Monday and was "
    "pulled free four hours later, the coast guard said."
)
SHORE = "Winds of up to sixty kilometres an hour had been forecast for the afternoon."
QUOTE = "“We heard a long scrape and then nothing,” said Ilse Brandt, a teacher on her way to work."
PROBE = "Investigators took the logbook and will question the captain later this week."
BUILT = "The vessel was built in 1988 and had been fitted with new engines only two years ago."
UNION = "Crews have complained for years that the charts of the inner bay are out of date."
STORY = [LEAD, SHORE, QUOTE, PROBE, BUILT, UNION]


def links(edits: tuple[Edit, ...]) -> set[tuple[int, int]]:
    return {(i, j) for edit in edits for i in edit.old for j in edit.new}


def blog(first: int, *labels: str) -> list[str]:
    """The posts from one on, each below its labels, which count from the top of the page."""
    return [
        line
        for place, post in enumerate(POSTS[first:], start=1)
        for line in (*(label.format(place, 5 * place) for label in labels), post)
    ]


@pytest.mark.parametrize(
    "labels",
    [("{1} minutes ago",), ("{0}.",), ("Update {0}", "{1} minutes ago"), ("vor {1} Minuten",)],
)
def test_labels_that_count_from_the_top_hold_nothing_in_place(labels: tuple[str, ...]) -> None:
    old, new = blog(3, *labels), blog(0, *labels)
    edits = align(old, new)
    assert not any(edit.moved for edit in edits)
    assert {edit.op for edit in edits if edit.new and new[edit.new[0]] in POSTS[:3]} == {"insert"}
    equal = {old[edit.old[0]] for edit in edits if edit.op == "equal"}
    assert equal >= set(POSTS[3:])


def test_short_lines_do_not_outvote_the_paragraphs_they_pass() -> None:
    names = ["Anna Holt", "Ben Ruiz", "Cem Aydin"]
    old = [line for pair in zip(STORY[:3], names, strict=True) for line in pair]
    new = [STORY[2], names[0], STORY[0], names[1], STORY[1], names[2]]
    moved = [edit for edit in align(old, new) if edit.moved]
    assert STORY[0] not in {old[edit.old[0]] for edit in moved}
    assert STORY[1] not in {old[edit.old[0]] for edit in moved}


@pytest.mark.parametrize(
    "row",
    [
        "District {0} | {1} of 20 polling stations counted",
        "In town {0}, {1} people were hurt when roofs gave way.",
        "Ward {0}: {1} votes counted so far",
    ],
)
@pytest.mark.parametrize("count", [12, 40, 300])
def test_rows_whose_counts_change_are_edited_in_place(row: str, count: int) -> None:
    old = [row.format(n, n * 7 % 19 + 1) for n in range(count)]
    new = [row.format(n, (n * 11 + 3) % 19 + 1) for n in range(count)]
    edits = align(old, new)
    assert not any(edit.moved for edit in edits)
    assert {(n, n) for n in range(count)} == links(edits)


def test_a_row_that_went_is_not_the_row_that_came_elsewhere() -> None:
    rows = [f"Student visa for nationals of country {n}: not required, {n} days" for n in range(9)]
    new = [*rows[:1], *rows[2:6], "Student visa for nationals of country 77: not required, 1 days",
           *rows[6:]]  # fmt: skip
    edits = align(rows, new)
    assert not any(edit.moved for edit in edits)
    assert [edit.op for edit in edits if edit.old == (1,)] == ["delete"]


S1 = "Rescue boats reached the ship within an hour and took off all the passengers."
S2 = "None of the ninety people on board was hurt, though two sailors were treated for cold."
S3 = "The line was opened in 1954 and has had two accidents in fog in all those years."
S4 = "Its sister ship was laid up last winter after a fire in the engine room."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([f"{S1} {S2}", f"{S3} {S4}"], [S1, f"{S2} {S3} {S4}"]),
        ([f"{S1} {S2}", f"{S3} {S4}"], [f"{S1} {S2} {S3}", S4]),
        ([f"{S1} {S2}", f"{S3} {S4}"], [S1, f"{S2} {S3}", S4]),
    ],
)
def test_a_sentence_carried_over_a_border_is_not_struck(old: list[str], new: list[str]) -> None:
    for before, after in ((old, new), (new, old)):
        [group] = [edit for edit in align([LEAD, *before], [LEAD, *after]) if edit.op != "equal"]
        assert group.op == "replace"
        assert group.old == tuple(range(1, len(before) + 1))
        assert group.new == tuple(range(1, len(after) + 1))
        assert all(text.isspace() for op, text in group.words if op)


def test_sentences_that_stay_in_their_paragraphs_join_none() -> None:
    old = [LEAD, f"{S1} {S2}", f"{S3} {S4}"]
    new = [LEAD, f"{S1} {S2.replace('two', 'three')}", f"{S3.replace('fog', 'haze')} {S4}"]
    assert [(edit.old, edit.new) for edit in align(old, new)] == [((n,), (n,)) for n in range(3)]


def test_a_paragraph_kept_word_for_word_at_the_end_of_one_elsewhere_is_found() -> None:
    long = (
        "Dockers have asked for an inquiry into how the company keeps its older ships, of which "
        f"three lie idle for want of parts. {UNION}"
    )
    [moved] = [edit for edit in align(STORY, [LEAD, long, *STORY[1:5]]) if edit.moved]
    assert (moved.old, moved.new) == ((5,), (1,))


def test_a_paragraph_moved_with_a_clause_added_is_found() -> None:
    grown = UNION.replace(
        ".", ", and a petition signed by half of them has lain at the ministry since the spring."
    )
    [moved] = [edit for edit in align(STORY, [LEAD, grown, *STORY[1:5]]) if edit.moved]
    assert (moved.op, moved.old, moved.new) == ("replace", (5,), (1,))


FARM = (
    "The wind farm, planned since 2011 by a consortium of three utilities, would put 58 turbines "
    "on the ridge and bring power to 120,000 homes."
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            FARM,
            "The wind farm, which a consortium of three utilities has planned since 2011, would "
            "put 58 turbines on the ridge and bring power to 120,000 homes.",
        ),
        (
            FARM,
            "Planned since 2011 by a consortium of three utilities, the wind farm would put 62 "
            "turbines on the ridge and bring power to 130,000 homes, the company says.",
        ),
        (
            "The operator, Marlin Lines, did not immediately respond to a request for comment.",
            "Marlin Lines, the operator, did not immediately respond to a request for comment.",
        ),
    ],
)
def test_a_paragraph_moved_and_reworded_in_part_is_found(old: str, new: str) -> None:
    [moved] = [edit for edit in align([*STORY, old], [LEAD, new, *STORY[1:]]) if edit.moved]
    assert (moved.old, moved.new) == ((6,), (1,))


def test_another_fact_in_nearly_the_same_words_elsewhere_has_not_moved() -> None:
    old = "Travellers from Kirrin need a visa and must register with the police within a week."
    new = "Travellers from Osterfeld need a visa and must register with the police within a week."
    edits = align([LEAD, old, *STORY[1:]], [*STORY, new])
    assert not any(edit.moved for edit in edits)
    assert [edit.op for edit in edits if edit.old == (1,)] == ["delete"]


def test_the_middle_of_a_block_that_moved_may_be_reworded() -> None:
    old = "The town of nine thousand depends on the ferry for most of its food and fuel, and the shelves of its only shop were empty on Friday."  # noqa: E501
    new = "The town, home to nine thousand, needs the ferry for most of its food, and the shelves of its only market were empty by Friday night."  # noqa: E501
    edits = align([LEAD, S3, old, S4, *STORY[1:]], [*STORY, S3, new, S4])
    assert [(edit.old, edit.new) for edit in edits if edit.moved] == [
        ((1,), (6,)), ((2,), (7,)), ((3,), (8,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "Police in Kirrin arrested three men on Monday in connection with the theft of a bell, "
            "the prosecutor's office said.",
            "Police in Vessen arrested two women on Thursday in connection with the bank fraud, "
            "the interior ministry said.",
        ),
        (
            "The Northern Foreign Office said it was watching events and urged citizens to leave.",
            "The Southern State Department said it was watching events and urged both sides to "
            "show restraint.",
        ),
        (
            "The company's shares fell 4 percent in Osterfeld.",
            "The company's bonds rose 2 percent in Vessen.",
        ),
    ],
)
def test_one_frame_with_two_other_facts_is_a_delete_and_an_insert(old: str, new: str) -> None:
    assert links(align([LEAD, old, UNION], [LEAD, new, UNION])) == {(0, 0), (2, 2)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "This page was last brought up to date on September 19, 2022.",
            "This page was last brought up to date on April 18, 2023.",
        ),
        (
            "Police in Kirrin arrested three men on Monday over the theft of a bell.",
            "Police in Kirrin arrested four men on Tuesday over the theft of two bells.",
        ),
    ],
)
def test_figures_brought_up_to_date_are_an_edit(old: str, new: str) -> None:
    assert (1, 1) in links(align([LEAD, old, UNION], [LEAD, new, UNION]))


def test_furniture_does_not_decide_which_block_moved() -> None:
    ad = "Advertisement"
    old = [*STORY[:3], ad, STORY[3], ad, STORY[4]]
    edits = align(old, [ad, STORY[3], ad, STORY[4], *STORY[:3]])
    assert [old[edit.old[0]] for edit in edits if edit.moved] == STORY[3:5]


def test_many_paragraphs_of_common_words_find_their_edited_selves() -> None:
    state, words = 7, []
    for _ in range(90_000):
        state = (state * 1103515245 + 12345) % 2**31
        words.append(f"w{state // 65536 % 3000}x")
    old = [" ".join(words[at : at + 30]) for at in range(0, 90_000, 30)]
    edits = align(old, [f"{text} extra" for text in old])
    assert links(edits) == {(at, at) for at in range(3000)}


def test_thousands_of_paragraphs_run_into_one_take_no_square_of_the_time() -> None:
    """It took minutes for the longest article that is kept: the whole was read for each part."""
    state, words = 7, []
    for _ in range(40_000):
        state = (state * 1103515245 + 12345) % 2**31
        words.append(f"w{state // 65536 % 3000}x")
    old = [" ".join(words[at : at + 8]) for at in range(0, 40_000, 8)]
    start = time.process_time()
    (edit,) = align(old, [" ".join(old)])
    # 1.5 s, and 21 s when each part read the whole
    assert time.process_time() - start < 9
    assert (edit.op, len(edit.old)) == ("merge", len(old))
