"""Changes between snapshots, their sentence, and their stored form."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tests.core.test_align_properties import pairs
from watcher.core.align import align
from watcher.core.compare import (
    compact,
    compare,
    describe,
    differs,
    expand,
    full,
    is_typographic,
)
from watcher.core.model import KindChange, Notice, Paragraph, Snapshot

SNAPSHOT = Snapshot(
    headline="Bridge closed after crack is found",
    byline="A. Reporter",
    published="2026-05-01T08:00:00Z",
    modified="2026-05-01T09:00:00Z",
    paragraphs=(
        Paragraph("paragraph", "The old bridge was closed on Friday after a crack was found."),
        Paragraph("paragraph", "Engineers will inspect its northern pillars next week."),
    ),
    url="https://news.example/bridge",
)


def with_texts(*texts: str) -> Snapshot:
    return replace(SNAPSHOT, paragraphs=tuple(Paragraph("paragraph", text) for text in texts))


def test_nothing_changed() -> None:
    change = compare(SNAPSHOT, replace(SNAPSHOT, url="https://news.example/other"))
    assert change.headline is None
    assert change.metadata == {}
    assert [edit.op for edit in change.edits] == ["equal", "equal"]
    assert change.summary == {
        "equal": 2, "insert": 0, "delete": 0, "replace": 0, "split": 0, "merge": 0, "moved": 0,
    }  # fmt: skip
    assert describe(change) == "nothing changed in text, headline, notices or metadata"


def test_headline_and_metadata_that_differ_are_told() -> None:
    new = replace(SNAPSHOT, headline="Bridge stays closed", byline=None, modified="2026-05-02")
    change = compare(SNAPSHOT, new)
    assert change.headline == ("Bridge closed after crack is found", "Bridge stays closed")
    assert change.metadata == {
        "byline": ("A. Reporter", None),
        "modified": ("2026-05-01T09:00:00Z", "2026-05-02"),
    }
    assert describe(change) == "only the headline, byline and modified time changed"


def test_a_paragraph_that_only_changes_its_kind_is_equal_and_the_change_is_told() -> None:
    new = replace(
        SNAPSHOT,
        paragraphs=(Paragraph("heading", SNAPSHOT.paragraphs[0].text), SNAPSHOT.paragraphs[1]),
    )
    change = compare(SNAPSHOT, new)
    assert [edit.op for edit in change.edits] == ["equal", "equal"]
    assert change.kinds == (KindChange(0, 0, "paragraph", "heading"),)
    assert describe(change) == "only the kind of 1 paragraph changed"
    assert differs(change)
    later = compare(SNAPSHOT, replace(new, modified="2026-05-02"))
    assert describe(later) == "only the modified time and kind of 1 paragraph changed"


def test_the_kind_of_an_edited_paragraph_is_told_beside_the_edit() -> None:
    first, second = (paragraph.text for paragraph in SNAPSHOT.paragraphs)
    new = replace(
        SNAPSHOT,
        paragraphs=(
            Paragraph("paragraph", "A ferry carries commuters from Monday."),
            Paragraph("quote", first.replace("Friday", "Saturday")),
            Paragraph("list-item", second),
        ),
    )
    change = compare(SNAPSHOT, new)
    assert change.kinds == (
        KindChange(0, 1, "paragraph", "quote"), KindChange(1, 2, "paragraph", "list-item"),
    )  # fmt: skip
    assert describe(change) == "kind of 2 paragraphs changed; 1 paragraph added, 1 edited"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (SNAPSHOT, False),
        (replace(SNAPSHOT, url="https://news.example/other"), False),
        (replace(SNAPSHOT, byline="B. Reporter"), True),
        (replace(SNAPSHOT, headline="Bridge"), True),
        (replace(SNAPSHOT, notices=(Notice("developing", "More soon."),)), True),
        (replace(SNAPSHOT, paragraphs=SNAPSHOT.paragraphs[::-1]), True),
        (replace(SNAPSHOT, paragraphs=SNAPSHOT.paragraphs[:1]), True),
    ],
)
def test_a_change_of_anything_differs(new: Snapshot, expected: bool) -> None:
    assert differs(compare(SNAPSHOT, new)) is expected


def test_the_sentence_counts_changes_of_form_apart() -> None:
    alone = "white space, invisible characters or Unicode form alone"
    one = compare(with_texts("Some 12 km away."), with_texts("Some 12\u00a0km away."))
    assert describe(one) == f"1 paragraph changed in {alone}"
    assert one.summary["replace"] == 1
    both = compare(
        with_texts("Caf\u00e9 Nord opened.", "He came on Monday, they said."),
        with_texts("Cafe\u0301 Nord opened.", "He came on Friday, they said."),
    )
    assert describe(both) == f"1 paragraph edited, 1 changed in {alone}"


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (replace(SNAPSHOT, modified="2026-05-02"), "only the modified time changed"),
        (replace(SNAPSHOT, published=None), "only the publication time changed"),
        (replace(SNAPSHOT, headline="Closed"), "only the headline changed"),
        (
            replace(SNAPSHOT, headline="Closed", modified="2026-05-02", paragraphs=()),
            "headline changed; 2 paragraphs removed",
        ),
        (with_texts(SNAPSHOT.paragraphs[0].text), "1 paragraph removed"),
        (
            with_texts(
                "A ferry will carry commuters from Monday.",
                "Trams turn round at the market.",
                "The old bridge was closed on Friday after two cracks were found.",
                SNAPSHOT.paragraphs[1].text,
            ),
            "2 paragraphs added, 1 edited",
        ),
        (
            with_texts(SNAPSHOT.paragraphs[1].text, SNAPSHOT.paragraphs[0].text),
            "1 paragraph moved",
        ),
        (
            with_texts(" ".join(each.text for each in SNAPSHOT.paragraphs)),
            "1 paragraph merged",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_changed(new: Snapshot, sentence: str) -> None:
    assert describe(compare(SNAPSHOT, new)) == sentence


@given(pairs)
def test_the_stored_form_is_exact(pair: tuple[list[str], list[str]]) -> None:
    old, new = pair
    edits = align(old, new)
    assert expand(json.loads(json.dumps(compact(edits))), old, new) == edits
    assert expand(json.loads(json.dumps(full(edits))), (), ()) == edits


def test_the_stored_form_is_small() -> None:
    old = [f"Paragraph number {n} tells of day {n}." for n in range(40)]
    new = [*old[:20], "Something wholly fresh was written here.", *old[20:30], *old[31:]]
    assert compact(align(old, new)) == [
        ["=", 0, 0, 20], ["+", 20, 1], ["=", 20, 21, 10], ["-", 30, 1], ["=", 31, 31, 9],
    ]  # fmt: skip
    edited = align(["He came on Monday."], ["He came on Tuesday."])
    assert compact(edited) == [["r", [0], [0], 0, 0.6486, [0, 11, -1, 6, 1, 7, 0, 1]]]


def test_a_stored_script_of_other_versions_is_refused() -> None:
    old, new = ["Same line.", "He came on Monday."], ["Same line.", "He came on Tuesday."]
    data = compact(align(old, new))
    for other_old, other_new in (
        (["Same line."], new),
        (["Other line.", "He came on Monday."], new),
        (["Same line.", "He came"], new),
        (["Same line.", "She came on Monday"], new),
        (old, ["Same line.", "He came on Tuesday. He left."]),
    ):
        with pytest.raises(ValueError, match="version"):
            expand(data, other_old, other_new)
    with pytest.raises(ValueError, match="version"):
        expand([["?", [0], [0], 0, 1.0, []]], old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("He said  so.", "He said so.", True),
        ("Cafe\u0301 Nord opens.", "Café Nord opens.", True),
        ("He said so.", "He said\u00a0so.", True),
        ("قال \u200fنعم.", "قال نعم.", True),
        ("Zu\u00adsam\u00admen kam er.", "Zusammen kam er.", True),
        ("He said the rock star came.", "He said the rockstar came.", False),
        ("او امروز به خانه می\u200cرود.", "او امروز به خانه میرود.", False),
        ('He said "so".', "He said “so”.", False),
        ("Some 12 came.", "Some 13 came.", False),
    ],
)
def test_changes_of_white_space_and_unicode_form_are_told_apart(
    old: str, new: str, expected: bool
) -> None:
    [edit] = align([old], [new])
    assert edit.op == "replace"
    assert is_typographic(edit) is expected
