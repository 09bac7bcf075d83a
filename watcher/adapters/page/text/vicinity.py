"""What stands near the headline: the lines in which pages show times and authors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from lxml.html import HtmlElement

from watcher.adapters.page.times.month_names import PUBLISHED, UPDATED
from watcher.core.text import clean

_OUTSIDE = frozenset((
    "aside", "nav", "footer", "form", "script", "style", "svg", "button", "figure", "picture",
    "noscript", "template", "select", "video", "audio", "iframe", "li", "blockquote", "table",
    "h2", "h3",
))  # fmt: skip
# More than any header of an article that we saw; the walk ends there on any page.
_MOST_ELEMENTS = 150
_MOST_PIECES = 14
_LONGEST_LINE = 160
# Text of this length is the article's, which has begun.
_PROSE = 200
_BEFORE = 3
# Longer than names of authors, sections and places.
_LINKED_HEADLINE = 40
_PUBLISHED_MARKS = frozenset(("published", "dt-published", "datepublished", "pubdate"))
_UPDATED_MARKS = frozenset(("updated", "modified", "dt-updated", "datemodified", "dateupdated"))
_AUTHOR_MARKS = frozenset((
    "author", "authors", "byline", "bylines", "p-author", "author-name", "byline-name",
    "article-author", "article__author", "article-byline", "article__byline", "entry-author",
))  # fmt: skip
_UPDATED = re.compile("|".join(map(re.escape, UPDATED)))
LABEL = re.compile("|".join(map(re.escape, (*UPDATED, *PUBLISHED))))
"""What stands before a time, in casefolded text."""
_CLOCK = re.compile(r"T(\d\d:\d\d)")
_BETWEEN = re.compile(r"\s*[|•·;]\s*|\s[–—]\s")


# "styled" is a time that only its class calls one of modification.
_Kind = Literal["published", "updated", "styled"]


@dataclass(frozen=True, slots=True)
class Line:
    """A short block of text near the headline.

    `times` are the datetime values in it, each with what it is a time of; `authors` the texts
    that are marked as an author's name.
    """

    text: str
    times: tuple[tuple[str, _Kind], ...]
    authors: tuple[str, ...]


def lines_near(headline: HtmlElement) -> tuple[Line, ...]:
    """The lines around a headline in page order of nearness: what follows first.

    It ends where the article's text begins.
    """
    return tuple(islice(_lines(headline), _MOST_ELEMENTS))


def is_label(text: str) -> bool:
    """True if a text begins with a word that stands before a time."""
    return LABEL.match(text.casefold()) is not None


def is_update(text: str) -> bool:
    """True if a text says that it gives a time of modification."""
    return _UPDATED.search(text.casefold()) is not None


def parts_of(text: str) -> Iterator[str]:
    """A line in parts, as "Published …, updated …" often stand together: each label begins one."""
    for piece in _BETWEEN.split(text):
        folded = piece.casefold()
        # casefolding changes the length of a few texts; those are taken whole
        starts = [m.start() for m in LABEL.finditer(folded)] if len(folded) == len(piece) else []
        bounds = [0, *(start for start in starts if start), len(piece)]
        yield from (piece[a:b] for a, b in pairwise(bounds) if piece[a:b].strip())


def _lines(headline: HtmlElement) -> Iterator[Line]:
    budget = iter(range(_MOST_ELEMENTS))
    above: list[HtmlElement] = []
    node = headline
    for parent in headline.iterancestors():
        above.extend(islice(node.itersiblings(preceding=True), _BEFORE))
        for sibling in node.itersiblings():
            for element, text in _blocks(sibling, budget):
                if len(text) > _PROSE:
                    yield from _above(above, budget)
                    return
                if not _is_teaser(element):
                    yield _line(element, text)
        node = parent
        if parent.tag in ("body", "article", "main"):
            break
    yield from _above(above, budget)


def _above(blocks: list[HtmlElement], budget: Iterator[int]) -> Iterator[Line]:
    for block in blocks:
        for element, text in _blocks(block, budget):
            if len(text) <= _LONGEST_LINE and not _is_teaser(element):
                yield _line(element, text)


def _blocks(top: HtmlElement, budget: Iterator[int]) -> Iterator[tuple[HtmlElement, str]]:
    """The outermost elements with little text, and paragraphs of any length."""
    stack = [top]
    while stack:
        element = stack.pop()
        if next(budget, None) is None:
            return
        if not isinstance(element.tag, str) or element.tag in _OUTSIDE:
            continue
        if "caption" in (element.get("class") or "").lower() or _is_one_of_many(element):
            continue
        pieces = list(islice(element.itertext(), _MOST_PIECES + 1))
        text = clean(" ".join(pieces))
        if element.tag == "p" or (len(pieces) <= _MOST_PIECES and len(text) <= _LONGEST_LINE):
            if text or element.tag == "time":
                yield element, text
        else:
            if element.text and len(own := clean(element.text)) > 1:
                yield element, own
            stack.extend(reversed(element))


def _is_one_of_many(element: HtmlElement) -> bool:
    """True for an article beside others: a post of a live blog, or a teaser."""
    if element.tag != "article":
        return False
    before = element.itersiblings("article", preceding=True)
    return next(before, next(element.itersiblings("article"), None)) is not None


def _is_teaser(element: HtmlElement) -> bool:
    """True if it links a headline: what it says is said of another article."""
    links = islice(element.iter("a"), _MOST_PIECES)
    return any(len("".join(islice(a.itertext(), _MOST_PIECES))) > _LINKED_HEADLINE for a in links)


def _line(element: HtmlElement, text: str) -> Line:
    times: list[tuple[str, _Kind]] = []
    authors: list[str] = []
    for part in islice(element.iter(), _MOST_ELEMENTS):
        if part.tag in ("time", "abbr") and (value := _moment(part)):
            times.append((value, _kind(part, element, text)))
        marks = _marks(part)
        if part.tag != "time" and marks & _AUTHOR_MARKS and not _holds_author(part):
            authors.append(clean(" ".join(islice(part.itertext(), _MOST_ELEMENTS))))
    return Line(text, tuple(times), tuple(authors))


def _holds_author(element: HtmlElement) -> bool:
    """True if something in it is marked as an author: the innermost mark holds the name alone."""
    inner = islice(element.iterdescendants(), _MOST_ELEMENTS)
    return any(_marks(part) & _AUTHOR_MARKS for part in inner)


def _moment(element: HtmlElement) -> str:
    if element.tag == "time":
        return clean(element.get("datetime") or "")
    marks = _marks(element)
    marked = not marks.isdisjoint(_PUBLISHED_MARKS | _UPDATED_MARKS)
    return clean(element.get("title") or "") if marked else ""


def _marks(element: HtmlElement) -> set[str]:
    told = (
        f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''}"
    )
    return set(told.lower().split())


def _kind(time: HtmlElement, line: HtmlElement, text: str) -> _Kind:
    """What a time is of, by its marks or by the words before it."""
    marks = _marks(time)
    if marks & _PUBLISHED_MARKS:
        return "published"
    if "datemodified" in marks or _says_updated(time, line):
        return "updated"
    if marks & _UPDATED_MARKS:
        return "styled"
    alone = next(islice(line.iter("time"), 1, None), None) is None
    labels = [label[0] for label in LABEL.finditer(text.casefold())]
    if not alone or not labels or not all(map(is_update, labels)):
        return "published"
    return "published" if _has_own_time(time, text) else "updated"


def _has_own_time(time: HtmlElement, text: str) -> bool:
    """True if a label behind a time has a time of its own: "3 May, updated 14:05"."""
    said = clean(" ".join(islice(time.itertext(), 4)))
    after = text.partition(said)[2].casefold() if said else ""
    label = LABEL.search(after)
    return label is not None and any(map(str.isdigit, after[label.end() :]))


def _says_updated(time: HtmlElement, line: HtmlElement) -> bool:
    """By the last label before a time; else by the labels in it, and by where its clock stands."""
    if labels := LABEL.findall(_before(time, line).casefold()):
        return is_update(labels[-1])
    said = "".join(islice(time.itertext(), 4))
    told = [(is_update(part), part) for part in parts_of(said) if is_label(part)]
    if len({update for update, _ in told}) > 1:
        clock = _CLOCK.search(time.get("datetime") or "")
        spellings = (
            {clock[1], clock[1].replace(":", "."), clock[1].replace(":", "h")} if clock else ()
        )
        shown = {update for update, part in told if any(each in part for each in spellings)}
        return shown == {True}
    return any(update for update, _ in told) or is_update(said)


def _before(time: HtmlElement, line: HtmlElement) -> str:
    """The text of a line before a time, from the time before that on."""
    found, node = "", time
    while node is not line and (parent := node.getparent()) is not None:
        for sibling in islice(node.itersiblings(preceding=True), _BEFORE):
            found = f"{sibling.tail or ''} {found}"
            if sibling.tag == "time" or next(sibling.iter("time"), None) is not None:
                return found
            found = f"{' '.join(islice(sibling.itertext(), _BEFORE))} {found}"
        found = f"{parent.text or ''} {found}"
        node = parent
    return found
