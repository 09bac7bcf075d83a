"""Lines that are notices, lines that are prose, in every language of the shipped table."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.phrases import shipped_phrases
from tests.core.notice_lines import NOTICES, PROSE
from watcher.core.model import Notice
from watcher.core.notices import find_notices
from watcher.core.patterns import fold
from watcher.core.phrases import Phrases, read_phrases

BEFORE = ("paragraph", "The ferry left the old harbour at dawn with forty people on board.")
AFTER = ("paragraph", "Boats from three villages joined the search in the afternoon.")


def notices(*texts: str, language: str | None = "en", kind: str = "paragraph") -> list[Notice]:
    return list(find_notices([(kind, text) for text in texts], language, shipped_phrases()))


def kinds(*texts: str, language: str | None = "en", kind: str = "paragraph") -> list[str]:
    return [notice.kind for notice in notices(*texts, language=language, kind=kind)]


@pytest.mark.parametrize(("language", "kind", "line"), NOTICES)
def test_a_notice_is_found_wherever_its_paragraph_stands(
    language: str, kind: str, line: str
) -> None:
    own = [("paragraph", line)]
    for at, paragraphs in enumerate(([*own, BEFORE], [BEFORE, *own], [BEFORE, AFTER, *own, AFTER])):
        found = find_notices(paragraphs, language, shipped_phrases())
        assert [(n.kind, n.place) for n in found] == [(kind, at)]
        assert found[0].text in line


@pytest.mark.parametrize(("language", "kind", "line"), NOTICES)
def test_it_is_found_in_other_spellings_and_without_knowing_the_language(
    language: str, kind: str, line: str
) -> None:
    for spelling in (
        line.replace("'", "’"),
        line.replace(": ", " : "),
        line.replace(":", "："),
        f"– {line}",
        f"*{line}*",
        f"({line})" if line[0].isalnum() else line,
    ):
        assert kinds(spelling, language=language) == [kind], spelling
    if language != "tr":  # whose capitals are others
        assert kinds(line.upper(), language=f"{language}-XX") == [kind]
    assert kinds(line, language=None) == [kind]
    assert kinds(line, language="qq") == [kind]


@pytest.mark.parametrize(("language", "line"), PROSE)
@pytest.mark.parametrize("any_language", [False, True])
def test_prose_is_no_notice(language: str, line: str, any_language: bool) -> None:
    told = None if any_language else language
    assert notices(line, language=told) == []
    assert notices(BEFORE[1], line, AFTER[1], language=told) == []
    assert notices(f"{BEFORE[1]} {line} {AFTER[1]}", language=told) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Police closed the bridge at noon. This is a developing story. Check back for updates.",
            [("developing", "This is a developing story. Check back for updates.")],
        ),
        (
            "The mayor will speak at six. (This story has been updated with the mayor's plans.)",
            [("update", "(This story has been updated with the mayor's plans.)")],
        ),
        (
            "The fund lost a tenth of its worth. [Correction: a fund was named wrongly.]",
            [("correction", "[Correction: a fund was named wrongly.]")],
        ),
        (
            "An earlier version of this article misstated the depth of the lake. It is 40 metres.",
            [
                (
                    "correction",
                    "An earlier version of this article misstated the depth of the lake."
                    " It is 40 metres.",
                )
            ],
        ),
        (
            "Correction: The ship is 90 metres long. This is a developing story.",
            [
                ("correction", "Correction: The ship is 90 metres long."),
                ("developing", "This is a developing story."),
            ],
        ),
        (
            "Editor's note: This is a breaking story and will be updated.",
            [
                ("editors-note", "Editor's note: This is a breaking story and will be updated."),
                ("developing", "This is a breaking story and will be updated."),
            ],
        ),
        (
            "Update, 4 May: An earlier version of this story gave a wrong age.",
            [
                ("update", "Update, 4 May: An earlier version of this story gave a wrong age."),
                ("correction", "An earlier version of this story gave a wrong age."),
            ],
        ),
        (
            "This is a developing story. Three people were taken to hospital.",
            [("developing", "This is a developing story.")],
        ),
        (
            "Two roads are shut. An earlier version of this report said three were. We are sorry.",
            [
                (
                    "correction",
                    "An earlier version of this report said three were. We are sorry.",
                )
            ],
        ),
        (
            "By A. Writer | Published 3 May 2024 | Updated 4 May 2024, 14:05",
            [("update", "Published 3 May 2024 | Updated 4 May 2024, 14:05")],
        ),
        (
            "Springfield, Court Desk | Updated : 4 May 2024, 09:01 AM",
            [("update", "Updated : 4 May 2024, 09:01 AM")],
        ),
        (
            "4 May 2024 at 2:26 PM HST - Updated 4 May at 4:46 PM",
            [("update", "Updated 4 May at 4:46 PM")],
        ),
        ("毎日の橋 2025/1/14 21:17（最終更新 1/14 21:17）", [("update", "最終更新 1/14 21:17")]),
        ("[Update] The bridge is open.", [("update", "[Update] The bridge is open.")]),
        (
            "(Correction: the bridge is in Leeds.) The mayor spoke at six.",
            [("correction", "(Correction: the bridge is in Leeds.)")],
        ),
        ("(UPDATED 3:15 p.m.) Police closed the bridge.", [("update", "(UPDATED 3:15 p.m.)")]),
        ("閉鎖。この記事は随時更新されます。", [("developing", "この記事は随時更新されます。")]),
        (
            "【訂正】名前に誤りがありました。おわびして訂正します。",
            [("correction", "【訂正】名前に誤りがありました。おわびして訂正します。")],
        ),
    ],
)  # fmt: skip
def test_a_part_of_a_paragraph(text: str, found: list[tuple[str, str]]) -> None:
    language = "en" if text.isascii() else "ja"
    assert [(n.kind, n.text) for n in notices(text, language=language)] == found


def test_a_label_alone_announces_the_next_paragraph() -> None:
    text = "The dam was built in 1931, not in 1913."
    assert notices(BEFORE[1], "Correction", text) == [Notice("correction", text, 2)]
    assert notices("Editor’s note:", text, *[BEFORE[1]] * 9) == [Notice("editors-note", text, 1)]
    assert notices(BEFORE[1], "Correction") == []
    own = "An earlier version of this article gave a wrong year."
    assert notices("Correction", own) == [Notice("correction", own, 1)]


def test_a_heading_that_reads_like_a_label_announces_nothing_amid_the_text() -> None:
    paragraphs = [BEFORE, AFTER, ("heading", "Correction"), AFTER, *[BEFORE] * 9]
    assert find_notices(paragraphs, "en", shipped_phrases()) == ()
    assert kinds("Update: what we know so far", kind="heading") == []
    assert kinds("Update, 3:15 p.m.: bridge open again", kind="heading") == []
    assert kinds("Updated 4 May 2024", kind="heading") == ["update"]


@pytest.mark.parametrize("kind", ["list-item", "quote", "paragraph"])
def test_kinds_of_paragraphs_that_hold_notices(kind: str) -> None:
    assert kinds("Correction: it was a Tuesday.", kind=kind) == ["correction"]
    assert kinds("This is a developing story.", kind=kind) == ["developing"]


def test_what_belongs_to_a_picture_a_post_or_a_table_is_not_the_articles() -> None:
    assert kinds("Updated 14:05", kind="live-post") == []
    assert kinds("More to follow.", kind="live-post") == []
    assert kinds("Correction: it was a Tuesday.", kind="live-post") == ["correction"]
    assert kinds("Updated 4 May 2019", kind="caption") == []
    assert kinds("Correction: the woman is Ms Obi.", kind="caption") == ["correction"]
    assert kinds("Last updated | 4 May 2019", kind="table-row") == []
    assert kinds("Correction: | 12", kind="table-row") == []


def test_the_text_of_a_notice_is_cut_out_of_its_paragraph() -> None:
    text = "  •  CORRECTION — The bridge’s length…  "
    assert notices(text) == [Notice("correction", text.strip(), 0)]


def test_an_article_without_paragraphs_has_no_notices() -> None:
    assert notices() == []
    assert notices("", " ", "(", "[]", "***", ":") == []


def test_a_language_is_used_without_its_region() -> None:
    assert kinds("Zuletzt aktualisiert: 4. Mai 2024, 14:05 Uhr", language="de_AT") == ["update"]
    assert kinds("Zuletzt aktualisiert: 4. Mai 2024, 14:05 Uhr", language="fr") == []
    assert kinds("Update: die Brücke ist offen.", language="fr") == ["update"]


@pytest.mark.parametrize(
    ("at", "found"), [(0, True), (1, True), (2, False), (6, False), (7, True), (9, True)]
)
def test_a_bare_label_as_heading_announces_near_an_end_of_the_article(at: int, found: bool) -> None:
    texts = [("paragraph", f"The bridge is {n} metres long.") for n in range(10)]
    told = find_notices(
        [*texts[:at], ("heading", "Correction"), *texts[at:]], "en", shipped_phrases()
    )
    expected = [("correction", f"The bridge is {at} metres long.")] if found else []
    assert [(each.kind, each.text) for each in told] == expected


def test_behind_a_bar_stands_when_it_was_updated_and_nothing_else() -> None:
    assert kinds("By A. Writer | Updated at 14:05") == ["update"]
    assert kinds("Lake Sarn | This story has been updated with new details") == []
    assert kinds("By A. Writer | This is a developing story") == []


def test_a_users_phrases_are_added_and_shipped_ones_dropped() -> None:
    data = {
        "en": {
            "words": {"desk": ["the night desk", "the desk"]},
            "update": {
                "sentences": ["{desk} has looked at this again"],
                "drop": ["[last] updated"],
            },
        },
        "sv": {"correction": {"labels": ["rättelse"]}},
    }
    phrases, faults = read_phrases(data, shipped_phrases())
    assert faults == ()

    def found(text: str, language: str) -> list[str]:
        return [n.kind for n in find_notices([("paragraph", text)], language, phrases)]

    assert found("The night desk has looked at this again.", "en") == ["update"]
    assert found("RATTELSE: Bron är 90 meter lång.", "sv-SE") == ["correction"]
    assert found("Updated: the bridge is open.", "en") == []
    assert kinds("Updated: the bridge is open.") == ["update"]


@pytest.mark.parametrize(
    ("data", "path", "text"),
    [
        ({"english": {}}, ("english",), '"english" is no language'),
        ({"en": 3}, ("en",), '"en" must be a table'),
        ({"en": {"corection": {}}}, ("en", "corection"), 'unknown key "corection" in [en]; known:'),
        ({"en": {"correction": ["x"]}}, ("en", "correction"), "unknown key"),
        ({"en": {"update": {"label": []}}}, ("en", "update", "label"), "known: labels, sentences"),
        ({"en": {"update": {"lines": "x"}}}, ("en", "update", "lines"), "must be a list of texts"),
        ({"en": {"update": {"lines": ["x", " "]}}}, ("en", "update", "lines", 1), "entry 2 of"),
        ({"en": {"calendar": [4]}}, ("en", "calendar", 0), "entry 1 of"),
        ({"en": {"update": {"lines": ["a (b"]}}}, ("en", "update", "lines", 0), 'add its ")"'),
        ({"en": {"update": {"lines": ["a [b"]}}}, ("en", "update", "lines", 0), 'add its "]"'),
        ({"en": {"update": {"lines": ["a {b"]}}}, ("en", "update", "lines", 0), 'add its "}"'),
        ({"en": {"update": {"lines": ["a b)"]}}}, ("en", "update", "lines", 0), "remove it"),
        ({"en": {"update": {"lines": ["a|b"]}}}, ("en", "update", "lines", 0), "outside of brack"),
        ({"en": {"update": {"lines": ["a (b|)"]}}}, ("en", "update", "lines", 0), "empty choice"),
        ({"en": {"update": {"lines": ["a {b}"]}}}, ("en", "update", "lines", 0), "unknown list"),
        ({"en": {"update": {"lines": ["... a"]}}}, ("en", "update", "lines", 0), "match anything"),
        ({"en": {"update": {"lines": ["[a]"]}}}, ("en", "update", "lines", 0), "match anything"),
        (
            {"en": {"words": {"x": ["a", "{x} b"]}, "update": {"lines": ["{x}"]}}},
            ("en", "update", "lines", 0),
            "contains itself",
        ),
        ({"en": {"update": {"drop": ["x"]}}}, ("en", "update", "drop", 0), "no phrase of"),
    ],
)  # fmt: skip
def test_a_fault_of_a_table_names_its_place_and_the_remedy(
    data: dict[str, object], path: tuple[str | int, ...], text: str
) -> None:
    _, faults = read_phrases(data)
    assert [fault.path for fault in faults] == [path]
    assert text in faults[0].text


def test_every_shipped_language_has_every_kind() -> None:
    languages = {
        code: table for code, table in shipped_phrases().languages.items() if code != "und"
    }
    assert len(languages) >= 15
    for code, table in languages.items():
        had = {kind for kind, _ in table.phrases}
        assert len(had) == 6, code
        assert table.calendar, code


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.lists(st.sampled_from(
    ["Correction", "Update", ":", " ", "(", ")", "[", "—", ".", "4 May", "3:15 p.m.", "This is",
     "a developing story", "this article", "has been updated", "更新", "…", "\"", "x", "。"]
)).map("".join))  # fmt: skip
def test_any_text_is_read_and_every_notice_is_a_piece_of_it(text: str) -> None:
    for language in ("en", None):
        for notice in find_notices([("paragraph", text)], language, shipped_phrases()):
            assert notice.text
            assert notice.text in text


@pytest.mark.parametrize(
    "text",
    [
        "updated " + "4 " * 4_000 + "x",
        "(" * 4_000,
        "this article, " + "a, " * 4_000,
        "an earlier version of this article " + "p. 4 " * 4_000,
        "correction " + "may " * 4_000,
        "this article on " + "p. 4, by " * 4_000,
        "this article was published on " + "p. 4 and it " * 4_000,
        "... " * 4_000,
        "* - " * 4_000,
        "stay with " * 4_000,
        "This is a developing story. " * 1_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    phrases = shipped_phrases()
    find_notices([("paragraph", text[:100])], None, phrases)  # compiles
    start = time.process_time()
    find_notices([("paragraph", text)], None, phrases)
    # a bound for the order of growth, not for the machine: quadratic would take minutes
    assert time.process_time() - start < 3


def test_tables_are_compared_by_identity() -> None:
    assert Phrases({}) != Phrases({})
