"""What became of links, and how it is told."""

from __future__ import annotations

import re

import pytest

from watcher.core.compare import compare, describe, differs
from watcher.core.model import Link, Paragraph, Snapshot
from watcher.core.text import content_digest, snapshot_digest

_LINK = re.compile(r"\[([^]]*)\]\(([^)]*)\)")


def snapshot(*texts: str) -> Snapshot:
    """Paragraphs in which "[words](path)" is a link."""
    paragraphs, links = [], []
    for at, text in enumerate(texts):
        shown = ""
        last = 0
        for found in _LINK.finditer(text):
            shown += text[last : found.start()]
            url = f"https://news.example/{found[2]}"
            links.append(Link(at, len(shown), len(shown) + len(found[1]), url))
            shown += found[1]
            last = found.end()
        paragraphs.append(Paragraph("paragraph", shown + text[last:]))
    return Snapshot("Dam", None, None, None, tuple(paragraphs), links=tuple(links))


def told(old: Snapshot, new: Snapshot) -> list[tuple[str, str | None, str | None]]:
    found = compare(old, new).links
    return [
        (each.words, *(url and url.removeprefix("https://news.example/") for url in each.urls))
        for each in found
    ]


SAID = "The council read [the report](a) and the [letter](b) on Monday evening."


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ([SAID], [SAID], []),
        ([SAID], [SAID.replace("(a)", "(c)")], [("the report", "a", "c")]),
        ([SAID], [SAID.replace("[letter](b)", "letter")], [("letter", "b", None)]),
        ([SAID], [SAID.replace("council", "[council](c)")], [("council", None, "c")]),
        ([SAID], [SAID.replace("(a)", "(x)").replace("(b)", "(a)").replace("(x)", "(b)")],
         [("the report", "a", "b"), ("letter", "b", "a")]),
        # other words, in a sentence that changed as well
        ([SAID], [SAID.replace("[the report](a)", "[the new study](c)")],
         [("the new study", "a", "c")]),
        ([SAID], [SAID.replace("[the report](a)", "[the new study](a)")], []),
        ([SAID], [SAID.replace("[the report](a)", "the [report](a)")], []),
        # with its paragraph, or from one to another
        ([SAID], [SAID, "A [source](c) said so on Tuesday."], []),
        ([SAID, "All of it was said before, in May."],
         ["All of it was said before, in May.", SAID], []),
        ([SAID, "All of it was said before, in May."],
         [SAID.replace("[letter](b)", "letter"), "All of it was said [before](b), in May."], []),
        ([SAID, "It was [said](c) before, in the month of May, they wrote."],
         [SAID, "It was [said](d) before, in the month of May, they wrote again."],
         [("said", "c", "d")]),
        # one text, other words and another order: it is told all the same
        (["[one](a) [two](b) three four"], ["one two [three](b) [four](a)"],
         [("three", "a", "b"), ("four", "b", "a")]),
    ],
)  # fmt: skip
def test_which_links_changed(
    old: list[str], new: list[str], changes: list[tuple[str, str | None, str | None]]
) -> None:
    assert told(snapshot(*old), snapshot(*new)) == changes


def test_other_queries_schemes_and_names_of_a_host_are_the_same_target() -> None:
    old, new = (
        Snapshot("Dam", None, None, None, (Paragraph("paragraph", "A report."),), links=(link,))
        for link in (
            Link(0, 2, 8, "http://www.ministry.example/a?sid=1"),
            Link(0, 2, 8, "https://ministry.example/a/?sid=2"),
        )
    )
    assert not differs(compare(old, new))
    assert snapshot_digest(old) == snapshot_digest(new)


def test_links_are_no_part_of_the_content_but_of_the_snapshot() -> None:
    old, new = snapshot(SAID), snapshot(SAID.replace("(a)", "(c)"))
    assert content_digest(old) == content_digest(new)
    assert snapshot_digest(old) != snapshot_digest(new)
    change = compare(old, new)
    assert differs(change)
    assert describe(change) == "1 link changed"


def test_links_are_told_behind_the_text() -> None:
    change = compare(
        snapshot(SAID, "It was said."),
        snapshot(SAID.replace("(a)", "(c)").replace("[letter](b)", "letter"), "It is said."),
    )
    assert describe(change) == "1 paragraph edited; 1 link changed, 1 removed"


def test_thousands_of_links_take_linear_time() -> None:
    many = " ".join(f"[w{n}](p{n})" for n in range(5000))
    found = compare(snapshot(many), snapshot(many.replace("(p", "(q"))).links
    assert len(found) == 5000
