"""What stands near the headline: the lines in which pages show times and authors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from lxml.html import HtmlElement

from watcher.adapters.month_names import BY, MONTHS, PUBLISHED, UPDATED
from watcher.adapters.written_time import written_time
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
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BETWEEN = re.compile(r"\s*[|•·;]\s*|\s[–—]\s")
# Longer ones are sentences that may speak of another day.
_LONGEST_DATE = 80
# Enough for a day of the week, "o'clock", a zone and the place.
_FEW_LETTERS = 20
_WORD = re.compile(r"[^\W\d_]+")
_BY = re.compile(rf"(?:{'|'.join(map(re.escape, BY))})\s*[:：]?\s*(?=\S)", re.IGNORECASE)
_UPDATED = re.compile("|".join(map(re.escape, UPDATED)))
_LABEL = re.compile("|".join(map(re.escape, (*UPDATED, *PUBLISHED))))


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
    return _LABEL.match(text.casefold()) is not None


def is_update(text: str) -> bool:
    """True if a text says that it gives a time of modification."""
    return _UPDATED.search(text.casefold()) is not None


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
        if "caption" in (element.get("class") or "").lower():
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
    if "datemodified" in marks or is_update(_label(time, line)):
        return "updated"
    if marks & _UPDATED_MARKS:
        return "styled"
    alone = next(islice(line.iter("time"), 1, None), None) is None
    return "updated" if alone and is_update(text) else "published"


def _label(time: HtmlElement, line: HtmlElement) -> str:
    before, parent = time.getprevious(), time.getparent()
    if before is not None:
        label = (before.tail or "").strip() or "".join(islice(before.itertext(), 4))
    else:
        label = (parent.text or "") if parent is not None and time is not line else ""
    return f"{label} {''.join(islice(time.itertext(), 4))}"


def times_in(lines: tuple[Line, ...], *, updates: bool) -> Iterator[str]:
    """The datetime values near the headline that tell of publication, or of modification.

    The hAtom format asks for a class "updated" on every entry, so one that stands alone is
    the time of publication.
    """
    times = [(value, kind) for line in lines for value, kind in line.times]
    first = next((value for value, kind in times if kind == "published"), None)
    for value, kind in times:
        is_update = kind == "updated" or (kind == "styled" and first not in (None, value))
        if is_update == updates:
            yield value


def written_in(lines: tuple[Line, ...], language: str | None, *, updates: bool) -> tuple[str, ...]:
    """The text near the headline that is written as the time of publication, or of modification.

    None or one: where several dates could be meant, none is. A line is taken in parts, as
    "Published … | Updated …" often stand together.
    """
    found: dict[str, str] = {}
    for line in lines:
        if line.times or not _YEAR.search(line.text):
            continue
        for part in _parts(line.text):
            if is_update(part) == updates and _is_dateline(part, line):
                value = written_time(part, language)
                if value is not None:
                    found.setdefault(value[:10], part)
    return tuple(found.values()) if len(found) == 1 else ()


def _parts(text: str) -> Iterator[str]:
    for piece in _BETWEEN.split(text):
        labelled = _LABEL.search(piece.casefold())
        # casefolding changes the length of a few texts; those are taken whole
        if labelled and labelled.start() and len(piece.casefold()) == len(piece):
            yield piece[: labelled.start()]
            yield piece[labelled.start() :]
        else:
            yield piece


def _is_dateline(text: str, line: Line) -> bool:
    """True if a short text is there to give a date, and does not merely name one.

    It begins with a label or with "by" and a name, stands in a line marked as the authors', or
    holds next to nothing but the date. A caption or a standfirst does none of these.
    """
    if len(text) > _LONGEST_DATE:
        return False
    told = text.strip()
    if line.authors or _LABEL.match(told.casefold()):
        return True
    if (by := _BY.match(told)) and told[by.end()].isupper():
        return True
    words = (word for word in _WORD.findall(told.casefold()) if word not in MONTHS)
    return sum(map(len, words)) <= _FEW_LETTERS
