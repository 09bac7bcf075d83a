"""The lines by a headline, or at an article's end, that say when it was updated: "Updated 14:05".

They are found among the blocks that are no paragraphs; in the text, a paragraph says so itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from watcher.adapters.page.source.blocks import Block, Page
from watcher.adapters.page.source.boilerplate import HIDDEN, STRONG
from watcher.adapters.page.text.noise_words import shipped_noise_words
from watcher.adapters.page.text.prose import is_sentence
from watcher.adapters.page.text.vicinity import parts_of
from watcher.core.model import Notice
from watcher.core.patterns import fold

# Blocks before the headline and after it, and after the text: authors, shares and pictures stand
# there too.
_ABOVE, _BELOW, _AFTER = 3, 10, 6
# Characters of a line such as "By A. Writer | Published 3 May | Updated 4 May, 14:05".
_LONGEST = 150
# Paragraphs of the text after which no line of the headline's comes.
_MOST_TEXT = 3
# Characters of a link that may be another article's headline: what follows may be of that one.
_HEADLINE = 30
_BOXES = frozenset(("nav", "aside", "footer", "form", "dialog"))
_ARTICLES = frozenset(("article", "main"))
_Finder = Callable[[Sequence[tuple[str, str]]], tuple[Notice, ...]]


def update_lines(
    page: Page, kept: Collection[str], headline: int, last: int, find: _Finder
) -> Iterator[Notice]:
    """The update lines beside the text.

    `kept` are the paragraphs, `headline` and `last` the places of the headline's block and the
    last paragraph's, -1 for none. Lines that count the time since ("2 hours ago") are none: they
    go on by themselves.
    """
    seen: set[str] = set()
    for block in (*_by_headline(page, kept, headline), *_at_end(page, last)):
        for notice in _told(block.text, find) if block.text not in kept else ():
            if notice.text not in seen:
                seen.add(notice.text)
                yield notice


def _by_headline(page: Page, kept: Collection[str], at: int) -> Iterator[Block]:
    if at < 0:
        return
    wrappers = _path(page, page.blocks[at].node)
    tags = {n: page.nodes[n].tag for n in wrappers}
    own = max((n for n in wrappers if tags[n] in _ARTICLES), default=-1)
    if own < 0:
        own = min((n for n in wrappers if tags[n] == "header"), default=-1)
    for block in page.blocks[max(0, at - _ABOVE) : at]:
        # above the article there may be a ticker, the weather, the time of the whole page
        around = _path(page, block.node)
        if (own in around or own < 0) and not _is_others(page, around - wrappers):
            yield block
    texts = 0
    for block in page.blocks[at + 1 : at + 1 + _BELOW]:
        texts += block.text in kept
        if texts == _MOST_TEXT or _is_teaser(block):
            return
        if not _is_others(page, _path(page, block.node) - wrappers):
            yield block


def _at_end(page: Page, last: int) -> Iterator[Block]:
    if last < 0:
        return
    wrappers = _path(page, page.blocks[last].node)
    own = max((n for n in wrappers if page.nodes[n].tag in _ARTICLES), default=-1)
    for block in page.blocks[last + 1 : last + 1 + _AFTER] if own >= 0 else ():
        around = _path(page, block.node)
        if own not in around or _is_teaser(block):
            return
        if not _is_others(page, around - wrappers):
            yield block


def _told(text: str, find: _Finder) -> Iterator[Notice]:
    """The update lines in a line of text: itself, or a part of it."""
    if len(text) > _LONGEST or not (any(map(str.isdigit, text)) or is_sentence(text)):
        return
    for part in dict.fromkeys((text, *parts_of(text))):
        found = [n for n in find([("paragraph", part.strip(" ,|"))]) if n.kind == "update"]
        if found:
            if not shipped_noise_words().goes_on.search(fold(found[0].text)):
                yield Notice("update", found[0].text)
            return


def _is_teaser(block: Block) -> bool:
    return block.links >= _HEADLINE


def _is_others(page: Page, around: set[int]) -> bool:
    return any(
        page.nodes[n].tag in _BOXES or page.nodes[n].marks & (HIDDEN | STRONG) for n in around
    )


def _path(page: Page, node: int) -> set[int]:
    path = set()
    while node >= 0:
        path.add(node)
        node = page.nodes[node].parent
    return path
