"""Boxes amid an article's text that have no name, and are none of it for what they hold.

Advertisements, forms to sign up with, lines on the author. A box is one only if it is small, and
none of them goes if together they would be a large part of the text: then they are the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from watcher.adapters.page.source.blocks import INLINE, Block, Node
from watcher.adapters.page.source.boilerplate import (
    BODY,
    is_bio,
    is_call,
    is_chrome_label,
    is_label,
)
from watcher.adapters.page.source.readertalk import is_action
from watcher.adapters.page.text.article import Layout
from watcher.adapters.page.text.prose import is_sentence
from watcher.adapters.page.text.repeats import is_byline

# Share of the article's prose that a box holds at most, and what it may hold in a short article.
_SMALL = 0.1
_SMALL_TEXT = 300
_SMALL_IN_SHORT = 0.3
# Share of the prose that all of them hold at most.
_MOST = 0.3
# Boxes of one name: more are posts or parts of the text.
_SEVERAL = 3
# How far around a field its box is sought.
_LEVELS = 4
# Lines of a box with a link to sign up by.
_FEW = 5
# Lines under a card's heading that are no links: a teaser and its date.
_UNDER = 2
_NO_BOXES = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "ul", "ol", "dl", "li", "dt", "dd",
    "table", "thead", "tbody", "tr", "td", "th", "blockquote", "figure", "figcaption", "pre",
    "details", *INLINE,
))  # fmt: skip


def side_boxes(
    layout: Layout, container: int, byline: str | None
) -> tuple[frozenset[int], frozenset[int]]:
    """The indexes of the nodes that are boxes beside the text of the part `container`: those
    with a label of their own, and others."""
    return _Boxes(layout, container, byline).found()


class _Boxes:
    def __init__(self, layout: Layout, container: int, byline: str | None) -> None:
        self._layout = layout
        self._page = layout.page
        self._container = container
        self._authors = [name for name in (byline or "").split(", ") if " " in name]
        self._all = layout.sums[container]
        self._most = max(_SMALL * self._all, min(_SMALL_TEXT, _SMALL_IN_SHORT * self._all))

    def found(self) -> tuple[frozenset[int], frozenset[int]]:
        labelled = frozenset(self._labelled())
        told = set(self._told())
        alike = Counter((self._page.nodes[i].tag, self._page.nodes[i].names) for i in told)
        told = {
            i
            for i in told
            if not (names := self._page.nodes[i].names)
            or alike[self._page.nodes[i].tag, names] < _SEVERAL
        }
        if sum(self._layout.sums[i] for i in told) > _MOST * self._all:
            told = set()
        return labelled, frozenset(told)

    def _blocks(self) -> Iterator[tuple[int, Block]]:
        """The blocks of the part, with their places."""
        node = self._page.nodes[self._container]
        for index in range(node.first, node.last):
            if not self._layout.chrome[self._page.blocks[index].node]:
                yield index, self._page.blocks[index]

    def _labelled(self) -> Iterator[int]:
        """Boxes under a heading like "Related", or that begin with "Advertisement".

        A label in an element of its own is believed only of what is no prose.
        """
        nodes, sums = self._page.nodes, self._layout.sums
        for index, block in self._blocks():
            if not is_label(block.text):
                continue
            own, box = block.node, nodes[block.node].parent
            if block.kind == "heading":
                if box != self._container and sums[box] <= _SMALL * self._all:
                    yield box
            elif nodes[own].first == index and nodes[own].tag not in _NO_BOXES:
                if nodes[own].last > index + 1:
                    if self._is_small(own):
                        yield own
                elif box > self._container and nodes[box].first == index:
                    linked = not sums[box] and self._is_linked(nodes[box].first, nodes[box].last)
                    advert = not self._layout.plain(box) and is_chrome_label(block.text)
                    if linked or (advert and self._is_small(box)):
                        yield box

    def _told(self) -> Iterator[int]:
        """Boxes with a form, a paid link or one to sign up by, a call or the author's life, or of
        links alone."""
        page = self._page
        paid = set(page.paid)
        for field in page.fields:
            if (box := self._around(field, _LEVELS)) is not None:
                yield box
        for index, block in self._blocks():
            is_linked = 2 * block.links > len(block.text)
            if (
                (is_linked and (block.node in paid or self._asks(block)))
                or (self._authors and self._tells_of_author(index, block))
                or self._calls(index, block)
            ) and (box := self._around(block.node, 1)) is not None:
                yield box
        yield from self._of_links()
        yield from self._of_cards()

    def _around(self, node: int, levels: int) -> int | None:
        """The outermost small box around a node, of those that near."""
        nodes = self._page.nodes
        found = None
        while levels and self._container < node < nodes[self._container].stop:
            if nodes[node].tag not in _NO_BOXES:
                if not self._is_small(node):
                    break
                found, levels = node, levels - 1
            node = nodes[node].parent
        return found

    def _is_small(self, box: int) -> bool:
        return (
            not self._page.nodes[box].marks & BODY
            and self._layout.plain(box) <= 1
            and self._layout.sums[box] <= self._most
        )

    def _tells_of_author(self, index: int, block: Block) -> bool:
        """A line on an author, or a box under an author's name after the text has begun."""
        if is_bio(block.text, self._authors):
            return True
        box = self._page.nodes[block.node].parent
        node = self._page.nodes[box]
        return (
            node.first == index
            and node.last > index + 1
            and is_byline(block.text, ", ".join(self._authors))
            and any(self._layout.prose[self._page.nodes[self._container].first : index])
        )

    def _asks(self, block: Block) -> bool:
        """A link to sign up by, in a box of a few lines behind the beginning of the text."""
        nodes = self._page.nodes
        box = nodes[block.node].parent if nodes[block.node].tag in _NO_BOXES else block.node
        node = nodes[box]
        return (
            is_action(block.text)
            and node.last - node.first <= _FEW
            and any(self._layout.prose[nodes[self._container].first : node.first])
        )

    def _calls(self, index: int, block: Block) -> bool:
        """A box that begins with a call to the reader and holds what to click on."""
        nodes = self._page.nodes
        box = nodes[block.node].parent if nodes[block.node].tag in _NO_BOXES else block.node
        node = nodes[box]
        if node.first != index or node.last < index + 2 or is_sentence(block.text):
            return False
        return is_call(block.text) and any(
            box <= at < node.stop for at in (*self._page.controls, *self._page.fields)
        )

    def _of_links(self) -> Iterator[int]:
        """Boxes without prose, of which the greater part is links: cards, with their dates."""
        nodes, blocks, layout = self._page.nodes, self._page.blocks, self._layout
        for index in range(self._container + 1, nodes[self._container].stop):
            node = nodes[index]
            if node.last < node.first + 2 or layout.sums[index] or node.tag in _NO_BOXES:
                continue
            if layout.chrome[index] or layout.images[index]:
                continue
            if self._is_linked(node.first, node.last) and not any(
                is_sentence(block.text) and 2 * block.links <= len(block.text)
                for block in blocks[node.first : node.last]
            ):
                yield index

    def _of_cards(self) -> Iterator[int]:
        """Small boxes of nothing but cards: a heading that is a link, a line or two under it."""
        nodes = self._page.nodes
        index = self._container + 1
        while index < nodes[self._container].stop:
            node = nodes[index]
            is_box = node.tag not in _NO_BOXES and not node.marks & BODY
            if is_box and self._layout.sums[index] <= self._most and self._holds_cards(node):
                yield index
                index = node.stop
            else:
                index += 1

    def _holds_cards(self, node: Node) -> bool:
        under = None
        for at, block in enumerate(self._page.blocks[node.first : node.last]):
            linked = 2 * block.links > len(block.text)
            if block.kind == "heading":
                if not linked and (at or node.last == node.first + 1):
                    return False
                under = _UNDER if linked else None
            elif not linked:
                if not under:
                    return False
                under -= 1
        return under is not None

    def _is_linked(self, first: int, last: int) -> bool:
        own = self._page.blocks[first:last]
        return 2 * sum(block.links for block in own) > sum(len(block.text) for block in own)


def is_author_line(text: str, byline: str | None) -> bool:
    """True if a text tells of one of the article's authors."""
    return is_bio(text, [name for name in (byline or "").split(", ") if " " in name])
