"""One form for what a page shows and for what its JSON-LD holds: no invented edit, none hidden."""

from __future__ import annotations

from dataclasses import replace

from watcher.core.compare import compare
from watcher.core.model import Extraction, Link, Notice, Paragraph, Post, Snapshot
from watcher.core.recast import in_one_form, recast

LEAD = "The reservoir above Tarn is full, and the gates will be opened tonight."
FIRST = "Three villages below the dam were told at noon to be ready to leave, the district said."
HEAD = "What the engineers say"
SECOND = "“The wall holds,” said the chief engineer, Ivo Brandt. “We want it to go on holding.”"
CAPTION = "Water at the crest of the dam on Monday. Picture: Tarn Gazette"
LAST = "The road along the river is closed from eight in the evening until further notice."

SHOWN = Snapshot(
    headline="Gates of Tarn dam open tonight",
    byline=None,
    published="2026-04-02T12:00:00Z",
    modified=None,
    paragraphs=(
        Paragraph("paragraph", LEAD),
        Paragraph("paragraph", FIRST),
        Paragraph("caption", CAPTION),
        Paragraph("heading", HEAD),
        Paragraph("paragraph", SECOND),
        Paragraph("paragraph", LAST),
    ),
    notices=(Notice("correction", "Correction: the road closes at eight, not nine."),),
)


def linked(*texts: str, headline: str = "Tarn dam: gates open") -> Snapshot:
    told = tuple(Paragraph("paragraph", text) for text in texts)
    return replace(SHOWN, headline=headline, paragraphs=told, notices=())


PLAIN_SECOND = SECOND.replace("“", '"').replace("”", '"')


def test_the_same_words_in_one_line_are_the_same_snapshot() -> None:
    one_line = linked(f"{FIRST} {PLAIN_SECOND} {LAST}")
    assert recast(one_line, SHOWN, same_headline=True) == SHOWN


def test_a_changed_word_is_the_only_edit() -> None:
    edited = linked(f"{FIRST} {PLAIN_SECOND} {LAST.replace('eight', 'seven')}")
    change = compare(SHOWN, recast(edited, SHOWN, same_headline=True))
    (edit,) = [edit for edit in change.edits if edit.op != "equal"]
    assert edit.op == "replace"
    assert edit.old == (5,)
    assert [word for word in edit.words if word[0]] == [(-1, "eight"), (1, "seven")]
    assert change.headline is None
    assert not change.notices


def test_marks_that_came_within_the_same_letters_are_an_edit() -> None:
    quoted = linked(FIRST, PLAIN_SECOND, LAST.replace("closed", '"closed"'))
    found = recast(quoted, SHOWN, same_headline=True)
    assert found.paragraphs[-1].text == LAST.replace("closed", '"closed"')
    cased = linked(FIRST, PLAIN_SECOND.replace("engineer", "Engineer"), LAST)
    assert "chief Engineer" in recast(cased, SHOWN, same_headline=True).paragraphs[4].text


def test_a_new_paragraph_stands_where_it_came() -> None:
    new = "A fourth village, Ost, was added to the list in the afternoon."
    found = recast(linked(FIRST, new, PLAIN_SECOND, LAST), SHOWN, same_headline=True)
    texts = [p.text for p in found.paragraphs]
    assert texts == [LEAD, FIRST, CAPTION, HEAD, new, SECOND, LAST]


def test_a_paragraph_that_went_is_gone() -> None:
    found = recast(linked(FIRST, PLAIN_SECOND), SHOWN, same_headline=True)
    assert [p.text for p in found.paragraphs] == [LEAD, FIRST, CAPTION, HEAD, SECOND]


def test_other_headings_in_the_data_take_the_place_of_those_that_went() -> None:
    help_us = Paragraph("heading", "How to help the villages")
    two = replace(SHOWN, paragraphs=(*SHOWN.paragraphs, help_us))
    found = recast(linked(FIRST, HEAD, PLAIN_SECOND, LAST), two, same_headline=True)
    assert help_us not in found.paragraphs
    assert Paragraph("heading", HEAD) in found.paragraphs


def test_a_page_that_goes_to_and_fro_makes_no_edit() -> None:
    shown = Extraction(SHOWN, None, linked_headline="Tarn dam: gates open")
    hidden = Extraction(linked(f"{FIRST} {PLAIN_SECOND} {LAST}"), None, is_linked=True,
                        linked_headline="Tarn dam: gates open")  # fmt: skip
    now, before = in_one_form(hidden, SHOWN, shown)
    assert now == before == SHOWN
    now, before = in_one_form(shown, hidden.snapshot, hidden)
    assert now == SHOWN
    assert before == SHOWN
    # a version that was stored in the form of the shown one
    assert in_one_form(hidden, SHOWN, hidden) == (SHOWN, SHOWN)
    assert in_one_form(shown, SHOWN, hidden) == (SHOWN, SHOWN)


def test_a_headline_that_changed_in_the_data_is_told() -> None:
    shown = Extraction(SHOWN, None, linked_headline="Tarn dam: gates open")
    hidden = Extraction(linked(FIRST, PLAIN_SECOND, LAST, headline="Tarn dam gives way"), None,
                        is_linked=True, linked_headline="Tarn dam gives way")  # fmt: skip
    assert in_one_form(hidden, SHOWN, shown)[0].headline == "Tarn dam gives way"


def blog(posts: list[tuple[str, str, str]], kind: str = "live-post") -> Snapshot:
    return replace(
        SHOWN,
        notices=(),
        paragraphs=tuple(Paragraph(kind, text) for _, _, text in posts),
        posts=tuple(Post(key, time, at, 1) for at, (key, time, _) in enumerate(posts)),
    )


def test_posts_keep_their_names_and_their_order() -> None:
    old = [
        ("p3", "2026-04-02T15:00:00Z", LAST),
        ("p2", "2026-04-02T14:00:00Z", FIRST),
        ("p1", "2026-04-02T13:00:00Z", LEAD),
    ]
    told = [
        ("https://t.example/live#p2", "2026-04-02T14:00:00Z", FIRST.replace("noon", "one")),
        ("urn:9c1", "2026-04-02T15:00:00Z", LAST),
        ("urn:9c2", "2026-04-02T16:00:00Z", SECOND),
    ]
    found = recast(blog(told), blog(old), same_headline=True)
    assert [post.key for post in found.posts] == ["urn:9c2", "p3", "p2", "p1"]
    change = compare(blog(old), found)
    assert {edit.op for edit in change.edits} == {"insert", "equal", "replace"}
    assert change.summary["insert"] == change.summary["replace"] == 1


def test_links_are_those_of_what_is_shown_where_their_words_still_stand() -> None:
    links = (
        Link(1, 0, 14, "https://news.example/villages"),
        Link(4, 43, 53, "https://news.example/brandt"),
        Link(5, 4, 8, "https://news.example/map"),
    )
    shown = replace(SHOWN, links=links)
    edited = SECOND.replace("the chief engineer,", "the engineer,")
    same = recast(linked(LEAD, FIRST, SECOND, LAST), shown, same_headline=True)
    assert compare(shown, same).links == ()
    assert same.links == links
    other = recast(linked(LEAD, FIRST, edited, LAST), shown, same_headline=True)
    assert [other.paragraphs[n.paragraph].text[n.start : n.end] for n in other.links] == [
        "Three villages", "Ivo Brandt", "road",
    ]  # fmt: skip
    assert compare(shown, other).links == ()
