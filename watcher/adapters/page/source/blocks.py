"""A page's tree to blocks of text in reading order, with the elements they stand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.page.source.anchors import Anchors, joined, pieces_of, row_anchors
from watcher.adapters.page.source.boilerplate import CHROME, HIDDEN, is_chrome_label, judge
from watcher.adapters.page.source.inlines import (
    UNSEEN,
    at_height,
    is_parted,
    is_permalink,
    is_unseen,
)
from watcher.core.model import ParagraphKind
from watcher.core.text import as_shown, clean

INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "math", "mi", "mn", "mo", "mrow", "ms", "mtext", "nobr",
    "output", "q", "rb", "rp", "rt", "ruby", "samp", "small", "span", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
))  # fmt: skip
"""Elements that end no paragraph."""
INERT = (
    "head", "nav", "script", "style", "noscript", "template", "svg", "iframe", "button", "select",
    "picture", "object", "canvas", "video", "audio", "embed", "map", "textarea", "del", "s",
    "strike",
)  # fmt: skip
"""Elements whose text no reader sees, or not as a part of any text."""
_SKIPPED = frozenset((*INERT, "img", "input", "source"))
_FIELDS = frozenset(("input", "textarea", "select"))
# Where these stand says what a box is for, so they are looked at, but never into.
_STRIPPED = tuple(tag for tag in INERT if tag not in ("button", "select", "textarea"))
# Fields in which a reader writes nothing of his own.
_WORDLESS = frozenset(("hidden", "checkbox", "radio", "range", "image"))
# Inline elements that are more than their text.
_SPECIAL = frozenset(("a", "time", "sup", "sub", "rt", "span"))
# Ways to look at an element: its inside is passed over; it is a link, or a node.
_CLOSED, _LINK, _NODE = 1, 2, 4
# What an element is by its tag; of most pages' elements, a third each is nothing more than inline
# and than a node.
_PLAIN, _MORE, _BREAK, _PASSED = range(4)
_BY_TAG = {
    **dict.fromkeys(INLINE - _SPECIAL, _PLAIN),
    **dict.fromkeys(_SPECIAL, _MORE),
    "br": _BREAK,
    **dict.fromkeys(_SKIPPED, _PASSED),
}
_KINDS: dict[str, ParagraphKind] = {
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading", "summary": "heading", "li": "list-item", "dt": "list-item", "dd": "list-item",
    "blockquote": "quote", "figcaption": "caption", "caption": "caption",
}  # fmt: skip
# Nothing stands inside them but one paragraph's text: what is unknown there is inline.
_LEAVES = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))
_NAMES = frozenset(("class", "id", "role", "data-component", "data-testid", "itemprop"))
# Attributes of most elements: those that say nothing but names, and those that say nothing.
_BARE_NAMES, _IDLE = frozenset(("class", "id")), frozenset(("href", "src", "dir", "lang"))
UNFOLDING = frozenset(("h2", "h3", "h4", "h5", "h6"))
"""Headings in which a button is the text."""
_NOTES = ("aside", "footer")
# Attributes by which advertisers' scripts find the place of an advertisement.
_SLOTS = frozenset((
    "data-ad", "data-ad-client", "data-ad-slot", "data-ad-unit", "data-adunit", "data-ad-id",
    "data-ad-name", "data-google-query-id", "data-freestar-ad",
))  # fmt: skip
# Characters of a label on a line of its own, and the texts that it is put together from.
_LABEL, _FEW_PARTS = 60, 8


@dataclass(slots=True)
class Node:
    """An element that is no inline one. `parent` is the index of the one around it, -1 at the top.

    `marks` is what the names given to it say (see boilerplate.judge). `is_note` is true for a box
    inside an article that holds nothing to click on: facts, a notice, a correction. `is_body` is
    true for what the page marks as the article's body, `is_post` for what it marks as one post of
    a live blog. The nodes inside of it are those up to
    `stop`, its blocks those from `first` up to `last`, exclusive.
    """

    parent: int
    tag: str
    kind: ParagraphKind
    marks: int = 0
    names: str = ""
    is_note: bool = False
    is_body: bool = False
    stop: int = 0
    first: int = 0
    last: int = 0
    is_post: bool = False


@dataclass(slots=True)
class Block:
    """A run of text that no block border divides.

    `links` counts its characters in links, `times` those in elements of time; `anchors` are the
    links themselves.
    """

    kind: ParagraphKind
    text: str
    links: int
    node: int
    times: int = 0
    anchors: Anchors | None = None

    @property
    def said(self) -> str:
        """The text without differences of case, spaces and form, to compare it with another."""
        return clean(self.text).casefold()


@dataclass(slots=True)
class Page:
    """Nodes with parents before children, and blocks in reading order.

    `fields` are the nodes in which a reader may write, `controls` those with a button or a link,
    `paid` those with a link that the page says is paid for.
    """

    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)
    controls: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)


def read_blocks(tree: HtmlElement, is_label: Callable[[str], bool] = lambda _: False) -> Page:
    """All texts of a page but what no reader sees or what is struck out.

    Two line breaks running end a block, a single one is a space, unless it ends a first line for
    which `is_label` says that it announces what follows. A row of a table of data is one
    block, its filled cells joined by " | ". Raised and lowered numbers keep their height. Takes
    time in proportion to the size of the page, however deep it is.
    """
    etree.strip_elements(tree, *_STRIPPED, with_tail=False)
    walk = _Walk(is_label)
    walk.run(tree)
    return walk.page


class _Walk:
    def __init__(self, is_label: Callable[[str], bool]) -> None:
        self.page = Page()
        self._is_label = is_label
        self._open: list[int] = []
        self._parts: list[str] = []
        self._links = 0
        self._times = 0
        # the links that are open: where in the parts they began, and where they lead
        self._inside: list[tuple[int, str]] = []
        self._spans: list[tuple[int, int, str]] = []
        self._after_line = False
        self._is_filled = False

    def run(self, tree: HtmlElement) -> None:
        nodes, blocks, opened = self.page.nodes, self.page.blocks, self._open
        closing: list[int] = []
        events = etree.iterwalk(tree, events=("start", "end"))
        for event, element in events:
            if event == "start":
                way = self._start(element)
                closing.append(way)
                if way & _CLOSED:
                    events.skip_subtree()
                elif text := element.text:
                    self._parts.append(text)
                    if not text.isspace():
                        self._fill(text)
                continue
            way = closing.pop()
            if way & _NODE:
                if self._parts or self._is_filled:
                    self._flush()
                node = nodes[opened.pop()]
                node.stop, node.last = len(nodes), len(blocks)
            elif way & _LINK:
                self._end_link()
            if text := element.tail:
                self._parts.append(text)
                if not text.isspace():
                    self._fill(text)
        self._flush()

    def _start(self, element: HtmlElement) -> int:
        """What the element is: one of the ways to look at it, below."""
        tag = element.tag
        form = _BY_TAG.get(tag)
        if form == _PLAIN:
            return 0
        if form == _MORE:
            return self._inline(element, tag)
        if form == _BREAK:
            self._line()
            return _CLOSED
        if form == _PASSED or not isinstance(tag, str):
            self._control(element, tag)
            return 0 if tag == "button" and self._is_read(element) else _CLOSED
        if "-" in tag and self._open and self.page.nodes[self._open[-1]].tag in _LEAVES:
            return 0
        if self._parts or self._is_filled:
            self._flush()
        self._open_node(element, tag)
        if tag == "tr" and is_data_row(element):
            self._row(element)
            return _NODE | _CLOSED
        if tag == "figcaption":
            self._caption(element)
            return _NODE | _CLOSED
        return _NODE

    def _is_read(self, button: HtmlElement) -> bool:
        """True for a button in a sentence, a word that is explained on demand, and for a heading
        that unfolds what is under it."""
        around = button.getparent()
        if around is not None and around.tag in UNFOLDING and not self._is_filled:
            return True
        is_in_leaf = bool(self._open) and self.page.nodes[self._open[-1]].tag in _LEAVES
        return is_in_leaf and self._is_filled and any(map(str.isalnum, button.tail or ""))

    def _inline(self, element: HtmlElement, tag: str) -> int:
        if tag == "a":
            if is_permalink(element):
                return _CLOSED
            self._inside.append((len(self._parts), element.get("href") or ""))
            if self._open:
                self.page.controls.append(self._open[-1])
                if "sponsored" in (element.get("rel") or ""):
                    self.page.paid.append(self._open[-1])
            return _LINK
        if tag == "time":
            self._times += len("".join(element.itertext()))
        elif tag == "rt":
            self._reading(element)
            return _CLOSED
        elif tag == "span":
            if is_unseen(element):
                return _CLOSED
            text = element.text
            if text and self._is_filled and is_parted(self._parts[-1], element, text):
                self._parts.append(" ")
        elif (figures := at_height(element, tag)) is not None:
            self._script(element, figures)
            return _CLOSED
        return 0

    def _end_link(self) -> None:
        start, href = self._inside.pop()
        if href and start < len(self._parts):
            self._spans.append((start, len(self._parts), href))

    def _caption(self, element: HtmlElement) -> None:
        self._add(" ".join(element.itertext()))
        if next(element.iter("a"), None) is not None:
            anchors = joined(pieces_of(element), " ")
            self._parts, self._spans = anchors.pieces, anchors.spans

    def _control(self, element: HtmlElement, tag: object) -> None:
        if not self._open:
            return
        if tag == "button":
            self.page.controls.append(self._open[-1])
        elif tag in _FIELDS and not (
            element.get("type") in _WORDLESS or "readonly" in element.attrib
        ):
            self.page.fields.append(self._open[-1])

    def _open_node(self, element: HtmlElement, tag: str) -> None:
        nodes = self.page.nodes
        parent = self._open[-1] if self._open else -1
        around = nodes[parent].kind if self._open else "paragraph"
        kind = "caption" if around == "caption" else _KINDS.get(tag, around)
        node = Node(parent, tag, kind, 0, "", False, False, 0, len(self.page.blocks))
        names: list[str] = []
        marks = 0
        for key, value in element.items():
            if key in _BARE_NAMES:
                names.append(value)
            elif key not in _IDLE:
                if key in _NAMES:
                    names.append(value)
                marks |= self._marks(node, key, value)
        if names and (told := " ".join(names)):
            node.names, marks = told, marks | judge(told)
        node.marks = marks
        if tag in _NOTES or "complementary" in node.names:
            node.is_note = _is_note(element)
        self._open.append(len(nodes))
        nodes.append(node)

    def _marks(self, node: Node, key: str, value: str) -> int:
        """What an attribute says of a node beside its names."""
        if key == "hidden" or (key == "style" and UNSEEN.search(value)):
            return HIDDEN
        if key in _SLOTS or (key == "aria-label" and is_chrome_label(value)):
            return CHROME
        if key == "itemprop" and "articleBody" in value:
            node.is_body = True
        if key == "itemprop" and "liveBlogUpdate" in value:
            node.is_post = True
        return 0

    def _add(self, text: str) -> None:
        self._parts.append(text)
        if not text.isspace():
            self._fill(text)

    def _fill(self, text: str) -> None:
        """What a part that is more than white space, which was added, changes."""
        self._is_filled = True
        self._after_line = False
        if self._inside:
            self._links += len(text.strip())

    def _line(self) -> None:
        if self._after_line or self._ends_label():
            self._flush()
        self._parts.append(" ")
        self._after_line = True

    def _ends_label(self) -> bool:
        text = as_shown("".join(self._parts)) if len(self._parts) <= _FEW_PARTS else ""
        return 0 < len(text) <= _LABEL and self._is_label(text)

    def _script(self, element: HtmlElement, figures: str) -> None:
        self._add(figures)
        link = next(element.iter("a"), None)
        if link is not None and (href := link.get("href")):
            self._links += len(figures)
            self._spans.append((len(self._parts) - 1, len(self._parts), href))

    def _reading(self, element: HtmlElement) -> None:
        """A reading aid over characters, in brackets as where no ruby can be shown."""
        text = clean("".join(element.itertext()))
        before = element.getprevious()
        bracketed = before is not None and before.tag == "rp"
        self._add(text if bracketed or not text else f"({text})")

    def _row(self, row: HtmlElement) -> None:
        cells = (as_shown(" ".join(cell.itertext())) for cell in row)
        text = " | ".join(cell for cell in cells if cell)
        if text:
            linked = sum(len("".join(link.itertext())) for link in row.iter("a"))
            node = self._open[-1]
            anchors = row_anchors(row) if linked else None
            self.page.blocks.append(Block("table-row", text, linked, node, 0, anchors))

    def _flush(self) -> None:
        if self._is_filled:
            text = as_shown("".join(self._parts))
            if text and self._open:
                node = self._open[-1]
                kind = self.page.nodes[node].kind
                anchors = self._anchors() if self._spans or self._inside else None
                self.page.blocks.append(Block(kind, text, self._links, node, self._times, anchors))
            # those of the block belong to its anchors now
            self._parts, self._spans = [], []
        elif not self._parts:
            return
        else:
            self._parts.clear()
            self._spans.clear()
        if self._inside:
            self._inside = [(0, href) for _, href in self._inside]
        self._links = self._times = 0
        self._is_filled = self._after_line = False

    def _anchors(self) -> Anchors | None:
        size = len(self._parts)
        going_on = [(start, size, href) for start, href in self._inside if href and start < size]
        spans = [*self._spans, *going_on]
        return Anchors(self._parts, spans) if spans else None


def is_data_row(row: HtmlElement) -> bool:
    """True for a row of a table of data, which is read as one block."""
    return not any(
        cell.find(".//table") is not None or sum(1 for _ in cell.iter("p", "h1", "h2")) > 1
        for cell in row
    )


def _is_note(element: HtmlElement) -> bool:
    return (
        next(element.iterancestors("article", "main"), None) is not None
        and next(element.iter("a", "form", "button", "input"), None) is None
    )
