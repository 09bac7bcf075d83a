"""Which paragraphs are the same word for word, repeated ones paired in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from rapidfuzz.distance import LCSseq

from watcher.core.chain import heaviest_chain

Link = tuple[int, int]

# A text of at least this many characters that stands in one version twice is still told apart
# from furniture ("Advertisement", "Read more") and may be paired out of order.
FURNITURE = 60
_DIGITS = re.compile(r"\d+")


def furniture(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The short texts that both versions hold and one of them more than once, numbers apart.

    "15 minutes ago" and "20 minutes ago", "1." and "2.", "Update 2" and "Update 3" are one text
    that counts: which of them stands where says nothing about what stands below.
    """
    short = set(old).intersection(new)
    short = {text for text in short if len(text) < FURNITURE}
    if not short:
        return frozenset()
    frames = [
        Counter(frame(text) for text in texts if len(text) < FURNITURE) for texts in (old, new)
    ]
    return frozenset(text for text in short if any(counts[frame(text)] > 1 for counts in frames))


def frame(text: str) -> str:
    """The text with all numbers alike."""
    return text if text.isalpha() else _DIGITS.sub("0", text)


def anchorage(text: str, light: Collection[str]) -> int:
    """How much a paragraph that is the same in both versions holds its place against others.

    All longer ones do as much, so that the fewest move; short ones by their length, and
    furniture half of it, for it is paired anew in order if it does not.
    """
    held = 2 * min(len(text), FURNITURE) or 1
    return held // 2 if text in light else held


def exact_links(
    old: Sequence[str], new: Sequence[str], light: Collection[str] = frozenset()
) -> list[Link]:
    """Pairs of equal texts, each index in at most one.

    Texts that stand once on each side are paired wherever they are. Repeated ones and those of
    `light` are paired in order between those that keep their order; across them only if they
    are long.
    """
    head, tail = common_ends(old, new)
    links = [(at, at) for at in range(head)]
    links += [(len(old) - 1 - at, len(new) - 1 - at) for at in range(tail)]
    return sorted(links + _between(old, new, (head, tail), light))


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


def _between(
    old: Sequence[str], new: Sequence[str], ends: tuple[int, int], light: Collection[str]
) -> list[Link]:
    head, tail = ends
    olds, news = range(head, len(old) - tail), range(head, len(new) - tail)
    if not olds or not news:
        return []
    once_old, once_new = _single(old, olds), _single(new, news)
    anchors = [
        (at, once_new[text])
        for text, at in once_old.items()
        if text in once_new and text not in light
    ]
    chain = heaviest_chain([(i, j, (anchorage(old[i], light), 1, len(old[i]))) for i, j in anchors])
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
