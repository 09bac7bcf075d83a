"""Short pieces cut off a paragraph or glued to one: headings run in, last lines split off.

A piece of two or three words has no likeness to speak of with its whole. What tells is that it
stands there letter for letter, right beside the piece that is already linked, on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence

from watcher.core.exact import Link

# So many letters beside the seam must agree for a linked neighbour to fix the place.
_SEAM = 12


def touching(
    old: Sequence[str], new: Sequence[str], links: Sequence[Link], loose: tuple[set[int], set[int]]
) -> list[Link]:
    """Links from wholes to paragraphs without any (`loose`: old, new) beside their linked parts."""
    splits = _grow(old, new, links, loose[1])
    back = _grow(new, old, [(j, i) for i, j in links], loose[0])
    return splits + [(i, j) for j, i in back]


def _grow(
    wholes: Sequence[str], pieces: Sequence[str], links: Sequence[Link], loose: set[int]
) -> list[Link]:
    """Takes loose pieces next to linked ones, and pieces next to those; empties `loose`."""
    found: list[Link] = []
    waiting = sorted(links) if loose else []
    # of one whole thousands of pieces may be asked for
    said: dict[int, str] = {}
    while waiting:
        whole, piece = waiting.pop()
        for step in (-1, 1):
            near = piece + step
            if near not in loose:
                continue
            if whole not in said:
                said[whole] = letters(wholes[whole])
            if _beside(said[whole], letters(pieces[piece]), letters(pieces[near]), step):
                loose.discard(near)
                found.append((whole, near))
                waiting.append((whole, near))
    return found


def letters(text: str) -> str:
    """The text without spaces, marks and case, so that only what is said is compared."""
    return "".join(filter(str.isalnum, text.casefold()))


def _beside(whole: str, known: str, piece: str, step: int) -> bool:
    """Whether `piece` stands in `whole` right before (-1) or after (1) where `known` does."""
    if not piece or not known:
        return False
    if step > 0:
        seam = known[-_SEAM:]
        return seam + piece in whole
    seam = known[:_SEAM]
    return piece + seam in whole
