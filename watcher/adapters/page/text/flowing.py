"""Boxes and paragraphs that only their names set apart from the text that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from watcher.adapters.page.source.blocks import Block, Page
from watcher.adapters.page.source.boilerplate import (
    CAPTION,
    CHROME,
    HIDDEN,
    IMAGE,
    SPOKEN,
    STRONG,
    is_call,
    is_label,
)
from watcher.adapters.page.source.readertalk import speaks_to_reader
from watcher.adapters.page.text.prose import is_sentence

# What holds no part of a text, whatever is in it.
_APART = frozenset(("nav", "footer", "figure", "aside", "form", "dialog"))
_ARTICLES = frozenset(("article", "main"))
# How many times as long as its link a box of facts must be, and the block that the link is in.
_TIMES, _TIMES_ITS_BLOCK = 6, 3


def is_plain(page: Page, block: Block) -> bool:
    """True for a paragraph with few links."""
    return page.nodes[block.node].tag == "p" and 5 * block.links < len(block.text)


def reads_as_text(page: Page, prose: Sequence[int], index: int) -> bool:
    """True for a node of paragraphs of prose with nothing to click on.

    `prose` has the length of each block that is prose, 0 for the others.
    """
    node = page.nodes[index]
    texts = [at for at in range(node.first, node.last) if prose[at]]
    return (
        bool(texts)
        and all(is_plain(page, page.blocks[at]) for at in texts)
        and is_sentence(page.blocks[node.last - 1].text)
        and not any(index <= at < node.stop for at in (*page.controls, *page.fields))
    )


def flowing(page: Page, prose: Sequence[int], indexes: Iterable[int]) -> frozenset[int]:
    """Of the nodes, those that are of the text around them, whatever they are named.

    A paragraph or box of prose between two paragraphs in one element with it, without a word of
    chrome in its names that is not given to text as well, and an aside of facts in the article.
    """
    return frozenset(
        index
        for index in indexes
        if (_tells_facts if page.nodes[index].tag == "aside" else _flows)(page, prose, index)
    )


def _flows(page: Page, prose: Sequence[int], index: int) -> bool:
    node, blocks, nodes = page.nodes[index], page.blocks, page.nodes
    if not node.marks & SPOKEN or node.marks & (HIDDEN | IMAGE | CAPTION) or node.tag in _APART:
        return False
    if not 0 < node.first < node.last < len(blocks):
        return False
    for at in (node.first - 1, node.last):
        around = nodes[blocks[at].node]
        if not prose[at] or around.tag != "p" or around.parent != node.parent:
            return False
        if around.marks & SPOKEN:
            return False
    return reads_as_text(page, prose, index) and not _speaks(blocks[node.first : node.last])


def _tells_facts(page: Page, prose: Sequence[int], index: int) -> bool:
    node = page.nodes[index]
    if node.marks & (STRONG | CHROME | HIDDEN) or not _is_in_article(page, index):
        return False
    if any(index <= at < node.stop for at in page.fields):
        return False
    # without any, it is a note
    if sum(index <= at < node.stop for at in page.controls) != 1:
        return False
    blocks = page.blocks[node.first : node.last]
    size, linked = sum(len(b.text) for b in blocks), sum(b.links for b in blocks)
    return (
        0 < _TIMES * linked <= size
        and any(prose[node.first + n] and not b.links for n, b in enumerate(blocks))
        and all(_TIMES_ITS_BLOCK * b.links <= len(b.text) for b in blocks)
        and is_sentence(blocks[-1].text)
        and not _speaks(blocks)
    )


def _speaks(blocks: Iterable[Block]) -> bool:
    """True if a block speaks to the reader, or is a label of what is no text."""
    return any(
        is_call(block.text) or is_label(block.text) or speaks_to_reader(block.text)
        for block in blocks
    )


def _is_in_article(page: Page, index: int) -> bool:
    at = page.nodes[index].parent
    while at >= 0:
        if page.nodes[at].tag in _ARTICLES:
            return True
        at = page.nodes[at].parent
    return False
