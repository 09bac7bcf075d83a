"""Which paragraphs are the same word for word, repeated ones paired in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from watcher.core.chain import heaviest_chain

Link = tuple[int, int]

# A text of at least this many characters that stands in one version twice is still told apart
# from furniture ("Advertisement", "Read more") and may be paired out of order.
FURNITURE = 60


def furniture(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The short texts that both versions hold and one of them more than once."""
    counts = Counter(old), Counter(new)
    return frozenset(
        text
        for text in counts[0].keys() & counts[1].keys()
        if len(text) < FURNITURE and (counts[0][text] > 1 or counts[1][text] > 1)
    )


def exact_links(old: Sequence[str], new: Sequence[str]) -> list[Link]:
    """Pairs of equal texts, each index in at most one.

    Texts that stand once on each side are paired wherever they are. Repeated ones are paired
    in order between those that keep their order; across them only if they are long.
    """
    head, tail = common_ends(old, new)
    links = [(at, at) for at in range(head)]
    links += [(len(old) - 1 - at, len(new) - 1 - at) for at in range(tail)]
    return sorted(links + _between(old, new, head, tail))


def common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many texts are equal at the beginning, and of the rest at the end."""
    least = min(len(old), len(new))
    head = 0
    while head < least and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < least - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _between(old: Sequence[str], new: Sequence[str], head: int, tail: int) -> list[Link]:
    olds, news = range(head, len(old) - tail), range(head, len(new) - tail)
    if not olds or not news:
        return []
    once_old, once_new = _single(old, olds), _single(new, news)
    anchors = [(at, once_new[text]) for text, at in once_old.items() if text in once_new]
    chain = heaviest_chain([(i, j, (1, 1, len(old[i]))) for i, j in anchors])
    ordered = sorted(anchors[at] for at in chain)
    links = anchors + in_gaps(old, new, ordered, anchors, (olds, news))
    return links + _strays(old, new, links, (olds, news))


def _single(texts: Sequence[str], span: range) -> dict[str, int]:
    counts = Counter(texts[at] for at in span)
    return {texts[at]: at for at in span if counts[texts[at]] == 1}


def in_gaps(
    old: Sequence[str],
    new: Sequence[str],
    ordered: Sequence[Link],
    taken: Sequence[Link],
    spans: tuple[range, range],
) -> list[Link]:
    """Pairs of equal texts that no link of `taken` holds, in order.

    By a longest common subsequence in each gap between the links of `ordered`.
    """
    gone = {i for i, _ in taken}
    come = {j for _, j in taken}
    links: list[Link] = []
    if {old[at] for at in spans[0] if at not in gone}.isdisjoint(
        new[at] for at in spans[1] if at not in come
    ):
        return links
    i, j = spans[0].start, spans[1].start
    for next_i, next_j in (*ordered, (spans[0].stop, spans[1].stop)):
        left = [at for at in range(i, next_i) if at not in gone]
        right = [at for at in range(j, next_j) if at not in come]
        shared = {old[at] for at in left} & {new[at] for at in right}
        if shared:
            left = [at for at in left if old[at] in shared]
            right = [at for at in right if new[at] in shared]
            pairs = LCSseq.opcodes([old[at] for at in left], [new[at] for at in right])
            for step in pairs:
                if step.tag == "equal":
                    links += zip(
                        left[step.src_start : step.src_end],
                        right[step.dest_start : step.dest_end],
                        strict=True,
                    )
        i, j = next_i + 1, next_j + 1
    return links


def _strays(
    old: Sequence[str], new: Sequence[str], links: list[Link], spans: tuple[range, range]
) -> list[Link]:
    gone, come = {i for i, _ in links}, {j for _, j in links}
    free: dict[str, list[int]] = {}
    for at in spans[1]:
        if at not in come and len(new[at]) >= FURNITURE:
            free.setdefault(new[at], []).append(at)
    pairs: list[Link] = []
    for at in spans[0]:
        if at not in gone and free.get(old[at]):
            pairs.append((at, free[old[at]].pop(0)))
    return pairs
