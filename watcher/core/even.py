"""Pairs of edited paragraphs nearly as like as any other of either: there the order decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from watcher.core.exact import frame
from watcher.core.similarity import Overlap

# Rows of a table differ in a number or two, and which number agrees by chance decides nothing.
# Half of what two rows that share a name and not a count differ by.
_EVEN = 0.15
# Of two texts with the same frame so much must be shared for them to be rows of one kind.
_ROW = 0.3


def even_pairs(
    scored: Sequence[tuple[float, Overlap]],
    texts: tuple[Sequence[str], Sequence[str]],
    least: float,
) -> list[tuple[float, Overlap]]:
    """Of pairs with their likeness, those at least `least` alike and nearly as alike as the best
    of either text; and those of two `texts` that are the same but for their numbers.
    """
    frames = tuple([frame(text) for text in side] for side in texts)
    best: dict[tuple[int, int], float] = defaultdict(float)
    for score, pair in scored:
        for key in ((0, pair.old), (1, pair.new)):
            best[key] = max(best[key], score)
    return [
        (score, pair)
        for score, pair in scored
        if (score >= least and score >= max(best[0, pair.old], best[1, pair.new]) - _EVEN)
        or (score >= _ROW and frames[0][pair.old] == frames[1][pair.new])
    ]
