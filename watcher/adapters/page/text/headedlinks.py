"""Links and headings: those under which other articles are listed, and those of a round-up.

"More stories" heads links that lead elsewhere. A heading that is a link itself is the article's if
its own text follows: each piece of a round-up leads to the full story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from watcher.adapters.page.source.blocks import Block
from watcher.adapters.page.source.readertalk import heads_links, speaks_to_reader

# Lines between a heading and its text: a date, a place.
_BETWEEN = 2
# Headings of pieces too short to be prose.
_SEVERAL = 2


def is_linked(block: Block) -> bool:
    """True for a text of which the greater part is links."""
    return 2 * block.links > len(block.text)


def listed_elsewhere(blocks: Sequence[Block], places: Sequence[int]) -> frozenset[int]:
    """Of those places, the ones of headings over links to other articles, and of these links."""
    return frozenset(_listed(blocks, places))


def _listed(blocks: Sequence[Block], places: Sequence[int]) -> Iterator[int]:
    for at, index in enumerate(places[:-1]):
        if not _leads(blocks[places[at + 1]]) or not heads_links(blocks[index].text):
            continue
        end = at + 2
        while end < len(places) and _leads(blocks[places[end]]):
            end += 1
        # a list is one or it is none: with an item of its own it tells something
        goes_on = end < len(places) and blocks[places[end]].kind == "list-item"
        if not (goes_on and blocks[places[end - 1]].kind == "list-item"):
            yield from places[at:end]


def _leads(block: Block) -> bool:
    return is_linked(block) or (block.kind == "list-item" and block.links > 0)


def with_linked_headings(
    blocks: Sequence[Block],
    kept: Sequence[int],
    around: Callable[[int], int],
    may_be: Callable[[int], bool],
    is_prose: Callable[[int], bool],
) -> list[int]:
    """The places kept and those of linked headings right before a text that is kept.

    `around` gives the element around a heading, and around a text with its list, which must be the
    same: a teaser has a box of its own. `may_be` tells whether a place is one of the article's
    part, `is_prose` whether its text is one; before less, there must be several such headings.
    """
    if not any(b.links and b.kind == "heading" for b in blocks):
        return list(kept)
    heads: list[tuple[int, int, bool]] = []
    last = -1
    for index in kept:
        before = range(max(last + 1, index - 1 - _BETWEEN), index)
        if len(before) and blocks[index].kind != "heading":
            at = around(index)
            heads += (
                (place, at, is_prose(index))
                for place in _heading(blocks, before, may_be)
                if around(place) == at
            )
        last = index
    alike = Counter(at for _, at, _ in heads)
    found = {place for place, at, is_sure in heads if is_sure or alike[at] >= _SEVERAL}
    return sorted(found.union(kept))


def _heading(
    blocks: Sequence[Block], places: range, may_be: Callable[[int], bool]
) -> Iterator[int]:
    for place in reversed(places):
        block = blocks[place]
        if block.kind != "heading":
            continue
        if is_linked(block) and may_be(place) and not speaks_to_reader(block.text):
            yield place
        return
