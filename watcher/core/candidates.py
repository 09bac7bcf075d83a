"""Which pairs of paragraphs are worth a close look, without comparing all with all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from watcher.core.similarity import Features, Overlap, overlap

# What a pair must share of either paragraph to be looked at. In human alignments of revised
# texts one true link in a hundred is below, and nine of ten chance pairs are.
_FLOOR = 0.2
# A paragraph has few true counterparts; more looks than this cost time and find nothing.
_LOOKS = 8
# Postings of the commonest words are skipped when they would take more steps than this: words
# that stand in thousands of pairs tell nothing apart. About a third of a second.
_STEPS = 1_000_000
# Where less of a text was looked at, one word in common is no promise.
_SEEN = 0.3


def candidates(
    left: Sequence[Features], right: Sequence[Features], always: Sequence[tuple[int, int]] = ()
) -> list[Overlap]:
    """Overlaps of the promising pairs, and of those of `always`, however little they share.

    `old` and `new`, and the pairs of `always`, are positions in `left` and `right`.
    """
    shared, skipped = _shared_weight(left, right)
    # Only the words looked at count, lest texts of common words alone find no partner.
    olds = [
        max(text.total - less, _SEEN * text.total)
        for text, less in zip(left, skipped[0], strict=True)
    ]
    news = [
        max(text.total - less, _SEEN * text.total)
        for text, less in zip(right, skipped[1], strict=True)
    ]
    by_old: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    by_new: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for (i, j), weight in shared.items():
        small = min(olds[i], news[j])
        if weight < _FLOOR * small:
            continue
        rank = weight / small + 2 * weight / (olds[i] + news[j])
        by_old[i].append((-rank, i, j))
        by_new[j].append((-rank, i, j))
    chosen = {
        (i, j)
        for ranked in (*by_old.values(), *by_new.values())
        for _, i, j in sorted(ranked)[:_LOOKS]
    }
    for i, j in always:
        shared[i, j] = _loose(left[i], right[j])
    return [overlap(i, j, left[i], right[j], shared[i, j]) for i, j in sorted(chosen.union(always))]


def _loose(one: Features, other: Features) -> float:
    return sum(one.weight[word] * count for word, count in (one.bag & other.bag).items())


def _shared_weight(
    left: Sequence[Features], right: Sequence[Features]
) -> tuple[dict[tuple[int, int], float], tuple[list[float], list[float]]]:
    """The weight of words in common regardless of order; and of the words of each text that were
    not looked at for want of time."""
    lefts, rights = _postings(left), _postings(right)
    words = sorted(
        lefts.keys() & rights.keys(), key=lambda word: (len(lefts[word]) * len(rights[word]), word)
    )
    shared: dict[tuple[int, int], float] = defaultdict(float)
    skipped = [0.0] * len(left), [0.0] * len(right)
    steps = 0
    for word in words:
        steps += len(lefts[word]) * len(rights[word])
        if steps > _STEPS:
            for less, places in ((skipped[0], lefts[word]), (skipped[1], rights[word])):
                for at, weight in places:
                    less[at] += weight
            continue
        for i, weight_i in lefts[word]:
            for j, weight_j in rights[word]:
                shared[i, j] += weight_i if weight_i < weight_j else weight_j
    return shared, skipped


def _postings(texts: Sequence[Features]) -> dict[str, list[tuple[int, float]]]:
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, text in enumerate(texts):
        for word, count in text.bag.items():
            postings[word].append((at, count * text.weight[word]))
    return postings
