"""The heaviest increasing chain: which links keep their order, and so which ones moved."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

Weight = tuple[int, int, int]
"""Compared in this order: how many equal paragraphs, how many in all, how much text."""

_NONE: Weight = (0, 0, 0)

# An equal paragraph is surer than an edited one: it weighs this much more than its text.
_EQUAL = 1.5
# A single edited paragraph on another side of an equal one is likelier to have moved itself.
_PASSED = 2


def heaviest_chain(links: Sequence[tuple[int, int, Weight]]) -> set[int]:
    """The positions in `links` of a heaviest subset that increases strictly on both sides.

    Each link is (old, new, weight); old and new indexes stand in one link each. Of equally
    heavy chains it takes one by the order of the links alone, so the answer never varies.
    Algorithm: Fredman's longest increasing subsequence with weights in a Fenwick tree,
    O(n log n).
    """
    order = sorted(range(len(links)), key=lambda at: (links[at][0], -links[at][1]))
    if all(links[a][1] < links[b][1] for a, b in pairwise(order)):
        return set(order)
    columns = sorted(link[1] for link in links)
    # best[k] = (weight, last link) of the heaviest chain that ends in the first columns.
    best: list[tuple[Weight, int]] = [(_NONE, -1)] * (len(columns) + 1)
    before = [-1] * len(links)
    top: tuple[Weight, int] = (_NONE, -1)
    for at in order:
        _, new, weight = links[at]
        column = bisect_left(columns, new)
        reach, before[at] = _prefix(best, column)
        reach = (reach[0] + weight[0], reach[1] + weight[1], reach[2] + weight[2])
        _raise(best, column + 1, (reach, at))
        if reach > top[0]:
            top = (reach, at)
    chain: set[int] = set()
    at = top[1]
    while at >= 0:
        chain.add(at)
        at = before[at]
    return chain


def _prefix(best: list[tuple[Weight, int]], column: int) -> tuple[Weight, int]:
    found: tuple[Weight, int] = (_NONE, -1)
    while column > 0:
        if best[column][0] > found[0]:
            found = best[column]
        column -= column & -column
    return found


def _raise(best: list[tuple[Weight, int]], column: int, entry: tuple[Weight, int]) -> None:
    while column < len(best):
        if entry[0] > best[column][0]:
            best[column] = entry
        column += column & -column


def in_order(links: Sequence[tuple[int, int]]) -> bool:
    """Whether the links increase strictly on both sides, in some order."""
    return all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(sorted(links)))


def outweighed(
    old: Sequence[str],
    new: Sequence[str],
    exact: Sequence[tuple[int, int]],
    edited: Mapping[tuple[int, int], float],
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """The pairs of `exact` that edited pairs outweigh, each with the edited ones it crosses.

    `edited` holds how alike the texts of each pair are, from 0 to 1; an index stands in one pair
    of either at most. Text counts as much as it is alike.
    """
    if len(edited) < _PASSED or in_order([*exact, *edited]):
        return {}
    weights = _text(old, new, exact, edited)
    links = list(weights)
    heavy = heaviest_chain([(*link, (weights[link], 0, 0)) for link in links])
    stay = sorted(links[at] for at in heavy if at >= len(exact))
    crossed = {
        (i, j): [(a, b) for a, b in stay if (a < i) != (b < j)]
        for at, (i, j) in enumerate(exact)
        if at not in heavy
    }
    # Giving way must leave fewer moved, not only less text.
    crossing = Counter(pair for passed in crossed.values() for pair in passed)
    return {
        link: passed
        for link, passed in crossed.items()
        if len(passed) >= _PASSED and len(passed) > max(crossing[pair] for pair in passed)
    }


def passed_over(
    old: Sequence[str],
    new: Sequence[str],
    exact: Sequence[tuple[int, int]],
    edited: Mapping[tuple[int, int], float],
    light: Collection[str],
) -> set[tuple[int, int]]:
    """The pairs of `exact` with texts of `light` in the way of a heavier edited pair.

    It must keep its order with all others, and weigh more than all those in its way together.
    """
    slight = [(i, j) for i, j in exact if old[i] in light]
    if not slight or not edited or in_order([*exact, *edited]):
        return set()
    weights = _text(old, new, exact, edited)
    others = [link for link in weights if old[link[0]] not in light or link in edited]
    chain = heaviest_chain(
        [(*link, (int(link not in edited), 1, weights[link])) for link in others]
    )
    found: set[tuple[int, int]] = set()
    for i, j in (others[at] for at in chain if others[at] in edited):
        crossed = [(a, b) for a, b in slight if (a < i) != (b < j)]
        if sum(weights[link] for link in crossed) < weights[i, j]:
            found.update(crossed)
    return found


def _text(
    old: Sequence[str],
    new: Sequence[str],
    exact: Sequence[tuple[int, int]],
    edited: Mapping[tuple[int, int], float],
) -> dict[tuple[int, int], int]:
    """How much text each pair holds, by how alike it is; `exact` pairs come first."""
    shares = dict.fromkeys(exact, _EQUAL) | dict(edited)
    return {
        (i, j): round(100 * (len(old[i]) + len(new[j])) * share) for (i, j), share in shares.items()
    }
