"""The configuration's rules for a site, applied to a page: what is never read, what always is.

Selectors work on the tree. What they drop goes before anything is read. Around what they keep
two marks are set, so that it is found again among the blocks of the page: its text is read apart
from the page, and put where it stands, whatever the extraction makes of its place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.page.source.blocks import INERT, INLINE, Block, is_data_row, read_blocks
from watcher.core.model import Paragraph
from watcher.core.selectors import xpath_of
from watcher.core.sites import SiteRules
from watcher.core.text import as_shown
from watcher.errors import ExtractionFailed

# Of a private use area that no font of the web uses; a page that did would only spoil its own text.
_START, _END, _STOP = "\U000fdfd6", "\U000fdfd7", "\U000fdfd8"
_MARKS = re.compile(f"[{_START}{_END}]\\d+{_STOP}")
_WHOLE = ("html", "head", "body")
# A part of one of these is no paragraph: all of it is kept.
_LEAVES = ("p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "pre")
_WITH_KIND = frozenset((*_LEAVES, "tr", "blockquote", "ul", "ol", "dl", "table", "tbody", "figure"))
_PARTS = frozenset((*INLINE, "td", "th"))


@dataclass(frozen=True, slots=True)
class KeptPart:
    """An element that is kept: its number on the page, and what it says."""

    number: int
    blocks: tuple[Block, ...]

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """What it says, as paragraphs."""
        return tuple(Paragraph(block.kind, block.text) for block in self.blocks)


def drop_elements(tree: HtmlElement, rules: SiteRules) -> None:
    """Takes what the rules drop out of a page's tree; text behind an element stays.

    What is kept inside of it stays too, and a whole page is never dropped. Raises
    ExtractionFailed for a selector that cannot be looked for.
    """
    if not rules.drop:
        return
    kept = set(_chosen(tree, rules.keep))
    dropped = [element for element in _chosen(tree, rules.drop) if element not in kept]
    for element in reversed(dropped):
        outermost = _outermost([each for each in element.iterdescendants() if each in kept])
        if not outermost:
            element.drop_tree()
            continue
        tail = element.tail
        for each in outermost:
            each.tail = None
        element[:] = outermost
        element.text, element.tail, element.tag = None, tail, "div"


def keep_elements(tree: HtmlElement, rules: SiteRules) -> tuple[KeptPart, ...]:
    """Reads what the rules keep, in reading order, and marks its places in the tree."""
    if not rules.keep:
        return ()
    chosen = dict.fromkeys(map(_paragraph_of, _chosen(tree, rules.keep)))
    parts = []
    for number, element in enumerate(_outermost(chosen)):
        blocks = tuple(read_blocks(_apart(element)).blocks)
        if blocks:
            parts.append(KeptPart(number, blocks))
            _mark(element, number)
    return tuple(parts)


def obeyed(
    found: Sequence[Paragraph],
    headline: str,
    blocks: Sequence[Block],
    parts: Sequence[KeptPart],
    rules: SiteRules,
) -> list[Paragraph]:
    """The paragraphs of an article as the rules want them.

    `found` are those that the extraction took from the page's `blocks`, in whose order they
    stand; `parts` is what keep_elements gave.
    """
    if rules.is_empty:
        return list(found)
    texts = [block.text for block in blocks]
    spans = {part.number: _span(texts, part.number) for part in parts}
    inside = {at for span in spans.values() for at in span}
    placed = [
        (at, 0, paragraph)
        for at, paragraph in _placed(found, texts)
        if at not in inside and not rules.drops(paragraph.text)
    ]
    taken = {at for at, _, _ in placed}
    placed += [
        (at, 0, Paragraph(block.kind, block.text))
        for at, block in enumerate(blocks)
        if at not in taken and at not in inside and rules.keeps(block.text)
    ]
    for part in parts:
        start = spans[part.number].start
        placed += [
            (start, order, paragraph)
            for order, paragraph in enumerate(part.paragraphs)
            if paragraph != Paragraph("heading", headline)
        ]
    placed.sort(key=lambda each: each[:2])
    told = (Paragraph(each.kind, as_shown(_MARKS.sub("", each.text))) for _, _, each in placed)
    return [paragraph for paragraph in told if paragraph.text]


def _chosen(tree: HtmlElement, selectors: Sequence[str]) -> list[HtmlElement]:
    """The elements that any of the selectors means, in the order of the page."""
    found: set[HtmlElement] = set()
    for selector in selectors:
        try:
            chosen = _compiled(selector)(tree)
        except (etree.XPathError, ValueError) as error:
            raise ExtractionFailed(
                f'the selector "{selector}" of [[site]] cannot be used on this page ({error})'
            ) from error
        if isinstance(chosen, list):
            found.update(each for each in chosen if isinstance(each, HtmlElement))
    return [element for element in tree.iter() if element in found and element.tag not in _WHOLE]


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(xpath_of(selector))


def _outermost(elements: Collection[HtmlElement]) -> list[HtmlElement]:
    """Those that stand in none of the others."""
    known = set(elements)
    return [e for e in elements if not any(around in known for around in e.iterancestors())]


def _paragraph_of(element: HtmlElement) -> HtmlElement:
    """The element, or the paragraph that it is only a part of."""
    whole = [each for each in (element, *element.iterancestors()) if _is_one(each)]
    if whole:
        return whole[-1]
    if element.tag in _PARTS:
        return next(element.iterancestors(*_LEAVES), element)
    return element


def _is_one(element: HtmlElement) -> bool:
    """True for what is read as one text, whatever stands in it."""
    return element.tag == "figcaption" or (element.tag == "tr" and is_data_row(element))


def _apart(element: HtmlElement) -> HtmlElement:
    """A copy of an element in a page of its own, where nothing but its text decides."""
    copy = deepcopy(element)
    copy.tail = None
    if copy.tag not in _WITH_KIND:
        copy.tag = "div"
    page: HtmlElement = HtmlElement()
    page.tag = "div"
    page.append(copy)
    return page


def _mark(element: HtmlElement, number: int) -> None:
    # What is not read, or as one text whatever stands in it, would not show the marks.
    whole = [e for e in (element, *element.iterancestors()) if e.tag in INERT or _is_one(e)]
    place = whole[-1] if whole else element
    place.addprevious(_paragraph(f"{_START}{number}{_STOP}"))
    tail, place.tail = place.tail, None
    end = _paragraph(f"{_END}{number}{_STOP}")
    place.addnext(end)
    end.tail = tail


def _paragraph(text: str) -> HtmlElement:
    made: HtmlElement = HtmlElement(text)
    made.tag = "p"
    return made


def _span(texts: Sequence[str], number: int) -> range:
    """The places from one mark of a part to the other: what stands there belongs to it.

    Empty, at the end of the page, for a part whose place is not read at all.
    """
    start = next((at for at, text in enumerate(texts) if f"{_START}{number}{_STOP}" in text), None)
    if start is None:
        return range(len(texts), len(texts))
    end = f"{_END}{number}{_STOP}"
    return range(
        start, next((at for at in range(start, len(texts)) if end in texts[at]), start) + 1
    )


def _placed(found: Sequence[Paragraph], texts: Sequence[str]) -> Iterator[tuple[int, Paragraph]]:
    """The paragraphs with the places of their blocks.

    One that is no block of the page, as another reader may see it, stands behind the one before.
    """
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        places.setdefault(text, []).append(at)
    last = -1
    for paragraph in found:
        known = places.get(paragraph.text, ())
        last = next((at for at in known if at > last), last)
        yield last, paragraph
