"""Which blocks of an article's part of the page are its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watcher.adapters.page.source.blocks import Block, Page
from watcher.adapters.page.source.boilerplate import (
    HIDDEN,
    SUMMARY,
    begins_with_label,
    is_call,
    is_label,
)
from watcher.adapters.page.source.readertalk import speaks_to_reader
from watcher.adapters.page.text.article import Layout
from watcher.adapters.page.text.datelines import is_named_date, is_stamp
from watcher.adapters.page.text.facts import is_fact
from watcher.adapters.page.text.headedlinks import is_linked, listed_elsewhere, with_linked_headings
from watcher.adapters.page.text.noise_words import shipped_noise_words
from watcher.adapters.page.text.prose import is_dateline, is_sentence, letters, prose_size
from watcher.adapters.page.text.repeats import is_byline, without_copies, without_repeats
from watcher.adapters.page.text.sideboxes import is_author_line, side_boxes
from watcher.core.model import Paragraph
from watcher.core.noise import is_counter
from watcher.core.patterns import fold

# Characters of a linked sentence; what is shorter is a title even with a full stop.
_LONG_LINK = 40
# Share of the letters that two readings of a page must have in common to be of one article. They
# differ by captions, boxes and calls; on the pages that we saw they shared 0.78 or more, or 0.6
# or less.
_AGREED = 0.7
# The same once the place is settled: by then only what was left out there can differ.
_ENOUGH = 0.4
# Blocks after the article's part in which its notices stand: tags, authors and shares come first.
_NEAR = 12
# Characters; corrections of a long list of errors are as long as this, articles begin there.
_LONGEST_NOTICE = 1500
# Last blocks of an article among which a line on its author is looked for.
_END = 3
# Texts before a line with its date: a standfirst, a caption.
_OPENING = 2
_COLONS = (":", "：")
_FIGURE = re.compile(r"\d")
_LISTS = frozenset(("ul", "ol", "dl"))
_IN_LISTS = _LISTS.union(("li", "dt", "dd", "blockquote", "table", "tbody", "tr"))
# Share of the prose in elements of text that makes bare text in a div something else than text.
_MARKED = 0.8
# Characters: shorter than any standfirst, longer than most labels.
_STANDFIRST = 30
_TEXT_TAGS = frozenset((
    "p", "li", "dt", "dd", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th",
    "pre", "figcaption", "summary",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an article beside its text.

    `description` is a sentence in which the page says what it is about; `is_notice` tells a text
    that is a notice.
    """

    headline: str
    description: str
    byline: str | None
    is_notice: Callable[[str], bool]


def article_paragraphs(
    page: Page, told: Told, second: Callable[[], list[Paragraph]]
) -> tuple[list[Paragraph], list[str]]:
    """The paragraphs of the article in reading order, without the headline, and the datelines
    beside them, which may say when the article was updated.

    `second` gives the article as another reader of the page sees it; it is asked for only where
    the page leaves room for doubt. Then it decides which part of the page is meant, and if the
    text of that part is not what it saw, it has the last word.
    """
    if not page.blocks:
        return [], []
    without_copies(page)
    layout = Layout(page, told.headline.casefold())
    container = layout.container()
    sieve = _Sieve(layout, container, told)
    found, beside = sieve.kept(), sieve.beside
    if not layout.is_doubtful(container):
        return found, beside
    other = [p for p in second() if not (is_label(p.text) or speaks_to_reader(p.text))]
    if layout.is_flash:
        other = [p for p in other if not layout.is_beside(p.text)]
    seen = letters("".join(paragraph.text for paragraph in other))
    if not seen or _agreement(found, seen) >= _AGREED:
        return found, beside
    layout = Layout(page, told.headline.casefold(), seen)
    sieve = _Sieve(layout, layout.container(), told)
    found, beside = sieve.kept(), sieve.beside
    return (found, beside) if _agreement(found, seen) >= _ENOUGH else (other, [])


def _agreement(found: Sequence[Paragraph], seen: str) -> float:
    own = [letters(paragraph.text) for paragraph in found if paragraph.kind != "caption"]
    shared = sum(len(text) for text in own if text in seen)
    return shared / max(1, len(seen), sum(map(len, own)))


class _Sieve:
    def __init__(self, layout: Layout, container: int, told: Told) -> None:
        self.beside: list[str] = []
        self._told = told
        self._known = told.headline.casefold()
        self._description = told.description.casefold()
        self._layout = layout
        self._page = page = layout.page
        self._inside = layout.inside((container,))
        prose = [i for i, b in enumerate(page.blocks) if self._inside[b.node] and layout.prose[i]]
        self._first, self._last_prose = (prose[0], prose[-1]) if prose else (0, 0)
        self._last = max((i for i, b in enumerate(page.blocks) if self._inside[b.node]), default=0)
        marked = [i for i in prose if page.nodes[page.blocks[i].node].tag in _TEXT_TAGS]
        self._by_paragraphs = sum(layout.prose[i] for i in marked) >= _MARKED * sum(
            layout.prose[i] for i in prose
        )
        labelled, others = side_boxes(layout, container, told.byline)
        self._labelled = layout.inside(sorted(labelled))
        self._boxes = layout.inside(sorted(labelled | others))
        self._apart = layout.inside(
            i for i, n in enumerate(page.nodes) if n.tag == "aside" or "quote" in n.names.lower()
        )
        self._hidden = layout.inside(
            i for i, n in enumerate(page.nodes) if n.marks & HIDDEN and not i <= container < n.stop
        )
        self._elsewhere = listed_elsewhere(
            page.blocks,
            [
                i
                for i, b in enumerate(page.blocks)
                if self._inside[b.node] and not layout.chrome[b.node] and not self._boxes[b.node]
            ],
        )
        self._announced: set[int] = set()
        self._parents = {page.nodes[page.blocks[i].node].parent for i in marked}

    def kept(self) -> list[Paragraph]:
        """The article's paragraphs."""
        kept: list[int] = []
        for index, block in enumerate(self._page.blocks):
            if self._is_kept(index, block, kept):
                kept.append(index)
        kept = with_linked_headings(
            self._page.blocks,
            kept,
            self._around,
            self._may_head,
            lambda index: self._layout.prose[index] > 0,
        )
        kept = self._without_counters(self._with_text(kept))
        blocks = [self._page.blocks[index] for index in kept]
        end = max(1, len(blocks) - _END)
        blocks[end:] = [b for b in blocks[end:] if not is_author_line(b.text, self._told.byline)]
        return [
            Paragraph(block.kind, block.text)
            for block in without_repeats(blocks, self._is_set_apart)
        ]

    def _around(self, index: int) -> int:
        """The element around a block's; around a list, for one of its items."""
        nodes, block = self._page.nodes, self._page.blocks[index]
        at = nodes[block.node].parent
        while block.kind != "heading" and nodes[at].tag in _IN_LISTS:
            at = nodes[at].parent
        return at

    def _may_head(self, index: int) -> bool:
        node = self._page.blocks[index].node
        return (
            index != self._layout.headline
            and index not in self._elsewhere
            and self._inside[node]
            and not self._boxes[node]
            and not self._layout.chrome[node]
        )

    def _is_set_apart(self, block: Block) -> bool:
        return self._apart[block.node]

    def _without_counters(self, kept: Sequence[int]) -> list[int]:
        """The places without counters of views and comments before the text and behind it.

        Amid it, in a list, or announced by what stands before, a count may be one of the facts.
        """
        blocks, prose = self._page.blocks, self._layout.prose
        told = [index for index in kept if prose[index]]
        if not told:
            return list(kept)
        words = shipped_noise_words()
        return [
            index
            for at, index in enumerate(kept)
            if told[0] < index < told[-1]
            or blocks[index].kind != "paragraph"
            or not is_counter(blocks[index].text, words)
            or (at > 0 and _announces(blocks[kept[at - 1]]))
        ]

    def _with_text(self, kept: Sequence[int]) -> list[int]:
        """The places without those of headings under which nothing stood but links left out."""
        blocks = self._page.blocks
        found: list[int] = []
        is_empty, after = True, self._last + 1
        for index in reversed(kept):
            if blocks[index].kind != "heading":
                is_empty = False
            elif is_empty and self._leads_away(range(index + 1, after)):
                continue
            else:
                is_empty = True
            found.append(index)
            after = index
        return found[::-1]

    def _leads_away(self, places: range) -> bool:
        blocks = [self._page.blocks[i] for i in places]
        return any(
            (is_linked(block) or is_label(block.text))
            and self._inside[block.node]
            and not self._labelled[block.node]
            and not self._layout.chrome[block.node]
            for block in blocks
        )

    def _is_kept(self, index: int, block: Block, kept: Sequence[int]) -> bool:
        if index == self._layout.headline or self._boxes[block.node] or self._is_far(index, block):
            return False
        if index in self._elsewhere:
            return False
        if index <= self._first and block.said == self._known:
            return False
        if not kept and is_named_date(block, self._page.nodes[block.node].names):
            self._put_beside(block)
            return False
        if self._is_chatter(block):
            if is_dateline(block) and self._is_near(index, block):
                self._put_beside(block)
            return False
        if len(kept) <= _OPENING and index > self._layout.headline and is_stamp(block.text):
            return False
        return self._is_text(index, block, kept)

    def _put_beside(self, block: Block) -> None:
        """Keeps a dateline, unless it counts the time since: that goes on by itself."""
        if not shipped_noise_words().goes_on.search(fold(block.text)):
            self.beside.append(block.text)

    def _is_far(self, index: int, block: Block) -> bool:
        """True for what is outside of the article's part, and too far from it for a notice."""
        if self._inside[block.node]:
            return False
        if index > self._last + _NEAR:
            return True
        # above the headline nothing is looked for but the page's description of itself
        return index < self._layout.headline and 2 * len(block.text) < len(self._description)

    def _is_text(self, index: int, block: Block, kept: Sequence[int]) -> bool:
        layout, at = self._layout, block.node
        if index < self._first and not self._opens(index, block):
            return self._leads(index, block) or self._announces(index, block)
        if not self._inside[at] or layout.chrome[at]:
            return self._announces(index, block)
        if layout.images[at] and block.kind in ("paragraph", "list-item"):
            block.kind = "caption"
        return (
            self._belongs(index, block)
            or (is_linked(block) and self._is_listed(index, block, kept))
            or self._told.is_notice(block.text)
        )

    def _is_listed(self, index: int, block: Block, kept: Sequence[int]) -> bool:
        """A link that the text announces, or in a list that has a text of its own."""
        page = self._page
        before = page.blocks[kept[-1]] if kept and kept[-1] == index - 1 else None
        if before is not None and block.kind in ("paragraph", "list-item"):
            if _announces(before):
                self._announced.add(index)
                return True
            if index - 1 in self._announced and before.kind == block.kind:
                self._announced.add(index)
                return True
        if block.kind != "list-item":
            return False
        at = block.node
        while at >= 0 and page.nodes[at].tag not in _LISTS:
            at = page.nodes[at].parent
        around = page.nodes[at]
        items = page.blocks[around.first : around.last]
        own = [b for b in items if b.kind == "list-item" and not self._layout.chrome[b.node]]
        if at < 0:
            return False
        if len(own) == 1:
            return self._is_amid_prose(index) and _tells_figure(block.text)
        return 2 * sum(map(is_linked, own)) <= len(own)

    def _is_amid_prose(self, index: int) -> bool:
        """True right behind a paragraph of the text."""
        return (
            index > 0
            and self._layout.prose[index - 1] > 0
            and self._inside[self._page.blocks[index - 1].node]
        )

    def _opens(self, index: int, block: Block) -> bool:
        """Before the first long paragraph, but in the body and marked as text: a short opening."""
        tag = self._page.nodes[block.node].tag
        return self._layout.headline < index and self._inside[block.node] and tag in _TEXT_TAGS

    def _is_chatter(self, block: Block) -> bool:
        text = block.text
        return (
            is_dateline(block)
            or is_label(text)
            or (is_call(text) and _is_addressed(block))
            or speaks_to_reader(text)
            or is_byline(text, self._told.byline)
        )

    def _leads(self, index: int, block: Block) -> bool:
        """Before the first prose of the body: a standfirst."""
        if 2 * block.links > len(block.text):
            return False
        if block.said == self._description:
            return True
        node = self._page.nodes[block.node]
        if self._layout.chrome[block.node] and not (
            node.marks & SUMMARY and node.parent >= 0 and not self._layout.chrome[node.parent]
        ):
            return False
        if not self._inside[block.node] and not 0 <= self._layout.headline < index:
            return False
        if block.kind == "caption":
            return True
        if self._layout.images[block.node]:
            is_told = is_sentence(block.text) and prose_size(block) > 0
            if is_told and self._layout.is_caption(block.node):
                block.kind = "caption"
            return is_told
        return bool((node.marks & SUMMARY and len(block.text) > _STANDFIRST) or prose_size(block))

    def _announces(self, index: int, block: Block) -> bool:
        """A notice close to the body."""
        if not self._is_near(index, block) or self._hidden[block.node]:
            return False
        if 2 * block.links > len(block.text) or len(block.text) > _LONGEST_NOTICE:
            return False
        return self._told.is_notice(block.text)

    def _is_near(self, index: int, block: Block) -> bool:
        strong = self._layout.strong[block.node]
        return not strong and self._layout.headline < index <= self._last + _NEAR

    def _belongs(self, index: int, block: Block) -> bool:
        tag = self._page.nodes[block.node].tag
        if self._by_paragraphs and tag not in _TEXT_TAGS and block.kind == "paragraph":
            near = {block.node, self._page.nodes[block.node].parent}
            is_text = near & self._parents and (prose_size(block) or is_sentence(block.text))
            amid = self._first < index < self._last_prose
            if not (is_text or (amid and is_fact(self._page, self._layout.sums, index))):
                return False
        if not is_linked(block):
            return True
        if block.kind != "paragraph" or begins_with_label(block.text) or block.text.isupper():
            return False
        return is_sentence(block.text) and len(block.text) > _LONG_LINK


def _tells_figure(text: str) -> bool:
    """True for a text with a figure that is no counter, date of a page or label."""
    if not _FIGURE.search(text) or begins_with_label(text):
        return False
    return shipped_noise_words().goes_on.fullmatch(fold(text)) is None


def _announces(block: Block) -> bool:
    """True for a text of the article that ends with a colon."""
    return (
        block.kind == "paragraph"
        and block.text.endswith(_COLONS)
        and not is_linked(block)
        and not begins_with_label(block.text)
    )


def _is_addressed(block: Block) -> bool:
    """Whether a call leads anywhere, or is no sentence: news may begin with the same words."""
    text = block.text
    return block.links > 0 or "@" in text or "©" in text or not is_sentence(text)
