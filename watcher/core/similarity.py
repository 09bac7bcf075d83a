"""How much one paragraph says of what another says: shared words by weight, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from rapidfuzz.distance import LCSseq

from watcher.core.tokens import words_of

_FIRST = 0xF0000
_KINDS = 0x10FFFF - _FIRST
_MOST = 10_000
# Of a word only so much counts, so that "driver" is like "drivers" and "possible" like
# "possibility". Six letters keep most different words apart; on revised sentences four told
# them apart worse and whole words lost one reworded link in twenty.
_STEM = 6


# A clause carried from one end of a sentence to the other ("…, the ministry said") is lost to a
# common subsequence. Words in any order say less than words in order, for all texts share some:
# from 0.8 on, revised sentences were linked to wrong ones; up to 0.7 none were.
_LOOSE = 0.7


@dataclass(frozen=True, slots=True)
class Features:
    """A paragraph as likeness sees it: its words as characters of a private alphabet."""

    code: str
    weights: tuple[float, ...]
    total: float
    bag: Counter[str]
    weight: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two paragraphs share, in order.

    By weight, `both` is the share of the two together (Dice; words out of order count some),
    `of_old` and `of_new` the share of each; `common` is the number of shared words, `run` of
    those in the longest run; `old_mask` and `new_mask` have a bit for each shared word, in runs
    of two or more.
    """

    old: int
    new: int
    both: float
    of_old: float
    of_new: float
    common: int
    run: int
    old_mask: int
    new_mask: int


def features(old: Iterable[str], new: Iterable[str]) -> tuple[list[Features], list[Features]]:
    """Features of two lists of texts over one common alphabet.

    A word weighs log(1 + N / n) where n of the N texts hold it, so that names which the whole
    story repeats count for little; and up to 2.7 times as much the longer it is, since short
    words are mostly grammar, in any language. Only the first 10,000 words of a text are looked
    at: comparing two texts takes a bit for each pair of words.
    """
    left, right = [_stems(text) for text in old], [_stems(text) for text in new]
    spread = Counter(word for said in (*left, *right) for word in set(said))
    texts = len(left) + len(right)
    codes: dict[str, str] = {}
    weight: dict[str, float] = {}
    for word, count in spread.items():
        code = chr(_FIRST + len(codes) % _KINDS)
        codes[word] = code
        weight[code] = log(1 + texts / count) * (0.4 + min(len(word), 8) / 8)

    def one(said: list[str]) -> Features:
        code = "".join(map(codes.__getitem__, said))
        weights = tuple(weight[each] for each in code)
        return Features(code, weights, sum(weights), Counter(code), weight)

    return [one(said) for said in left], [one(said) for said in right]


def _stems(text: str) -> list[str]:
    """Numbers stay whole: they have no endings."""
    return [word[:_STEM] if word.isalpha() else word for word in words_of(text)[:_MOST]]


def overlap(old: int, new: int, left: Features, right: Features, loose: float) -> Overlap:
    """What paragraph `old` with features `left` shares with `new` with `right`.

    `loose` is the weight of what they share in whatever order.
    """
    old_mask = new_mask = common = run = 0
    shared = 0.0
    for step in LCSseq.opcodes(left.code, right.code):
        if step.tag != "equal":
            continue
        i, j, size = step.src_start, step.dest_start, step.src_end - step.src_start
        shared += sum(left.weights[i : i + size])
        common += size
        run = max(run, size)
        if size > 1:
            bits = (1 << size) - 1
            old_mask |= bits << i
            new_mask |= bits << j
    whole = left.total + right.total
    return Overlap(
        old,
        new,
        2 * max(shared, _LOOSE * loose) / whole if whole else 0.0,
        shared / left.total if left.total else 0.0,
        shared / right.total if right.total else 0.0,
        common,
        run,
        old_mask,
        new_mask,
    )


def weight_of(mask: int, weights: Sequence[float]) -> float:
    """The weight of the words whose bits are set."""
    # Shifting a mask of ten thousand bits for each of them would take the square of that time.
    bits = bin(mask)[:1:-1]
    return sum(weight for bit, weight in zip(bits, weights, strict=False) if bit == "1")
