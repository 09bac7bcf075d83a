"""Blocks that only repeat what an article says elsewhere: pulled quotes, captions shown twice, a
second copy of the whole text, the authors' names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from watcher.adapters.page.source.blocks import Block, Page
from watcher.adapters.page.text.prose import letters

# Letters: what a page pulls out of its text is a sentence or most of one. A subhead of a few words
# may well stand in a paragraph too.
_TELLING = 20
_TELLING_HEADING = 45
# Shorter captions are names of agencies as often.
_TELLING_CAPTION = 30
# Each is looked for in all the text; no article that we saw has half as many.
_MOST = 200
# Characters; four names with their offices.
_LONGEST_BYLINE = 120
# "By", "Von unserer Korrespondentin", a place: the letters around the names.
_BESIDE_NAMES = 14
# A copy of the text: its characters, the paragraphs that it holds, and their share of its letters.
_LONG_COPY, _COPIED, _MOST_COPIED = 1000, 3, 0.5
_LINES = frozenset(("p", "li", "td", "blockquote", "pre", "article"))
_SAYS = ("paragraph", "quote")
_QUOTED = re.compile("^[\"“”„«»‘'‚]+(.+?)[\"“”«»’']+(?:\\W|$)")


def without_repeats(blocks: Sequence[Block], is_set_apart: Callable[[Block], bool]) -> list[Block]:
    """The blocks without captions that stood before, and without quotes and headings whose words
    stand in another paragraph.

    `is_set_apart` tells a block in a box beside the text. Such go first: what they repeat may be a
    quote itself. What follows the closing mark of such a quote names who said it.
    """
    once = _captions_once(blocks)
    rest = _without_repeats(once, [b for b in once if b.kind in _SAYS and is_set_apart(b)])
    return _without_repeats(rest, [b for b in rest if b.kind in ("quote", "heading")])


def _captions_once(blocks: Sequence[Block]) -> list[Block]:
    """A gallery shows one caption small and large; a credit may stand under each picture."""
    seen: set[str] = set()
    found = []
    for block in blocks:
        if block.kind == "caption" and len(told := letters(block.text)) >= _TELLING_CAPTION:
            if told in seen:
                continue
            seen.add(told)
        found.append(block)
    return found


def without_copies(page: Page) -> None:
    """Empty the blocks that hold a page's text once more, as one long line for machines."""
    for at, block in enumerate(page.blocks):
        if len(block.text) < _LONG_COPY or block.links or page.nodes[block.node].tag in _LINES:
            continue
        whole = letters(block.text)
        others = (letters(b.text) for i, b in enumerate(page.blocks) if i != at)
        copied = [text for text in others if len(text) >= _TELLING_HEADING and text in whole]
        if len(copied) >= _COPIED and sum(map(len, copied)) >= _MOST_COPIED * len(whole):
            block.text = ""


def _without_repeats(blocks: Sequence[Block], doubtful: Sequence[Block]) -> list[Block]:
    if not 0 < len(doubtful) <= _MOST:
        return list(blocks)
    known = {id(block) for block in doubtful}
    text = "\n".join(letters(b.text) for b in blocks if id(b) not in known and b.kind != "caption")
    pulled = {id(block) for block in doubtful if _stands_in(block, text)}
    return [block for block in blocks if id(block) not in pulled]


def _stands_in(block: Block, text: str) -> bool:
    quoted = _QUOTED.match(block.text)
    own = letters(quoted[1] if quoted else block.text)
    return len(own) >= (_TELLING_HEADING if block.kind == "heading" else _TELLING) and own in text


def is_byline(text: str, byline: str | None) -> bool:
    """True if a short block names the article's authors and says next to nothing else."""
    if not byline or len(text) > _LONGEST_BYLINE:
        return False
    rest = letters(text).casefold()
    for name in byline.split(", "):
        if (own := letters(name).casefold()) not in rest:
            return False
        rest = rest.replace(own, "", 1)
    return len(rest) <= _BESIDE_NAMES
