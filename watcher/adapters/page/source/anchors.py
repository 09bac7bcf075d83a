"""The links of an article's paragraphs: what is linked, and where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lxml import etree
from lxml.html import HtmlElement

from watcher.core.model import Link, Paragraph
from watcher.core.text import as_shown, folded
from watcher.core.urls import link_form, link_target


@dataclass(slots=True)
class Anchors:
    """The text of a block in pieces as they stand in the page, and which of them are links:
    the first piece, the one after the last, and the address as it is written."""

    pieces: list[str]
    spans: list[tuple[int, int, str]]


def pieces_of(element: HtmlElement) -> Iterator[tuple[str, str | None]]:
    """All texts of an element as `itertext` gives them, each with the link that it stands in."""
    inside: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if node.tag == "a":
                inside.append(node.get("href") or "")
            if node.text:
                yield node.text, inside[-1] if inside else None
            continue
        if node.tag == "a":
            inside.pop()
        if node.tail and node is not element:
            yield node.tail, inside[-1] if inside else None


def joined(pieces: Iterable[tuple[str, str | None]], between: str) -> Anchors:
    """Pieces with a text between each two; neighbours in one link are one link."""
    made = Anchors([], [])
    last: str | None = None
    for text, href in pieces:
        if made.pieces:
            made.pieces.append(between)
        at = len(made.pieces)
        made.pieces.append(text)
        if href and href == last:
            start, _, _ = made.spans.pop()
            made.spans.append((start, at + 1, href))
        elif href:
            made.spans.append((at, at + 1, href))
        last = href
    return made


def _shown(anchors: Anchors, text: str) -> Iterator[tuple[int, int, str]]:
    """Where the links stand in the text that is made of the pieces. Linear in their size."""
    ends: list[int] = []
    starts: list[int] = []
    size, is_apart = 0, False
    whole: list[str] = []
    for piece in map(folded, anchors.pieces):
        core = piece.strip(" ")
        if not core:
            starts.append(size)
            ends.append(size)
            is_apart = is_apart or bool(piece)
            continue
        if size and (is_apart or piece.startswith(" ")):
            size += 1
            whole.append(" ")
        starts.append(size)
        size += len(core)
        ends.append(size)
        whole.append(core)
        is_apart = piece.endswith(" ")
    made = "".join(whole)
    if made.strip() != text:
        return
    before = len(made) - len(made.lstrip())
    for first, last, href in anchors.spans:
        filled = [n for n in range(first, last) if ends[n] > starts[n]]
        if filled:
            start = max(starts[filled[0]] - before, 0)
            end = min(ends[filled[-1]] - before, len(text))
            if start < end:
                yield start, end, href


class Linked(Protocol):
    """A text of a page with its links, if it has any."""

    text: str
    anchors: Anchors | None


class PageLinks:
    """The links of a page's texts, for whatever paragraphs are made of them.

    `base` is what addresses of the page are relative to, `url` the page's own.
    """

    def __init__(self, tree: HtmlElement, url: str) -> None:
        self._url = link_form(url)
        self.base = url
        for element in tree.iter("base"):
            if href := element.get("href"):
                self.base = link_target(href, url) or url
                break

    def of(
        self,
        found: Sequence[Paragraph],
        texts: Iterable[Linked],
        told: Sequence[Paragraph],
    ) -> tuple[tuple[Link, ...], frozenset[str]]:
        """The links of the paragraphs `told`, and their forms as they are written.

        `found` are the same paragraphs in the order of the page's `texts`, each of which is one
        of those; one that is none, as another reader of the page may see it, has no links.
        """
        known: dict[str, list[tuple[int, Anchors | None]]] = {p.text: [] for p in found}
        for at, each in enumerate(texts):
            if each.text in known:
                known[each.text].append((at, each.anchors))
        linked: dict[str, list[Anchors | None]] = {}
        last = -1
        for paragraph in found:
            places = known[paragraph.text]
            last, anchors = next((p for p in places if p[0] > last), (last, None))
            if anchors is None and places and last < places[0][0]:
                last, anchors = places[0]
            linked.setdefault(paragraph.text, []).append(anchors)
        links: list[Link] = []
        forms: set[str] = set()
        for index, paragraph in enumerate(told):
            waiting = linked.get(paragraph.text)
            anchors = waiting.pop(0) if waiting else None
            if anchors is None:
                continue
            for start, end, href in _shown(anchors, paragraph.text):
                target = link_target(href, self.base)
                if target is not None and link_form(target) != self._url:
                    links.append(Link(index, start, end, target))
                    forms.add(link_form(href))
        return tuple(links), frozenset(forms)


def row_anchors(row: HtmlElement) -> Anchors | None:
    """The cells of a row of a table of data, as they are read into one text."""
    made = Anchors([], [])
    for cell in row:
        own = joined(pieces_of(cell), " ")
        if not as_shown("".join(own.pieces)):
            continue
        if made.pieces:
            made.pieces.append(" | ")
        at = len(made.pieces)
        made.pieces += own.pieces
        made.spans += [(at + first, at + last, href) for first, last, href in own.spans]
    return made if made.spans else None
