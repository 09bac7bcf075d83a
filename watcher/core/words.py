"""Word by word: what was struck out and what was written in, as an editor would mark it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]
from rapidfuzz.distance import Indel

from watcher.core.model import Word
from watcher.core.tokens import tokens

# diff-match-patch needs time with the square of the number of differing tokens: 150 take about
# 5 ms. Beyond, a longest common subsequence comes from rapidfuzz, of words glued to the space
# after them, lest two strange texts agree in nothing but a thousand spaces. It needs one bit for
# each pair of words; 10**8 of them are 12 MB. Beyond that the middle is replaced whole.
_MOST_DIFFERENCES = 150
_MOST_PAIRS = 10**8

# Tokens become characters of the private planes, which no library takes for letters or spaces.
_FIRST = 0xF0000
_MOST_KINDS = 0x10FFFF - _FIRST + 1

_Step = tuple[int, list[str]]


def words(old: str, new: str) -> tuple[Word, ...]:
    """The word diff of two texts in diff-match-patch's form: -1 gone, 0 same, 1 new.

    Pieces with op <= 0 joined are `old`, those with op >= 0 are `new`; no piece is empty, none
    cuts a word or a grapheme, and between two equal pieces stands at most one of each other
    kind, gone before new. words(new, old) is the mirror image. Algorithm: Myers' difference
    over tokens of UAX #29 with the semantic cleanup of diff-match-patch; the result does not
    depend on time or load.
    """
    if old == new:
        return ((0, old),) if old else ()
    if not old or not new:
        return ((-1, old),) if old else ((1, new),)
    # One of the two directions is computed, the other mirrored: they can then never disagree.
    if old > new:
        return _ordered([(-op, text) for op, text in words(new, old)])
    steps = _differences(tokens(old), tokens(new))
    return _ordered([(op, "".join(part)) for op, part in _polish(steps)])


def side(steps: Sequence[Word], which: int) -> str:
    """One side of a word diff: -1 the old text, 1 the new."""
    return "".join(text for op, text in steps if op in (0, which))


def likeness(steps: Sequence[Word]) -> float:
    """How much of both texts is the same, by characters: 0.0 nothing … 1.0 all, in 1/10000."""
    same = sum(len(text) for op, text in steps if op == 0)
    whole = sum(len(text) for op, text in steps) + same
    if same * 2 >= whole:
        return 1.0
    return min(0.9999, round(2 * same / whole, 4))


def _differences(old: list[str], new: list[str]) -> list[_Step]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    steps = [(0, old[:head]), *_middle(left, right), (0, old[len(old) - tail :])]
    return [step for step in steps if step[1]]


def _common(left: list[str], right: list[str]) -> int:
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return at
    return min(len(left), len(right))


def _middle(old: list[str], new: list[str]) -> list[_Step]:
    whole = [(op, part) for op, part in ((-1, old), (1, new)) if part]
    if len(whole) < 2 or len({*old, *new}) > _MOST_KINDS:
        return whole
    raw, kinds = _few_differences(old, new)
    if not raw:
        glued_old, glued_new = _glue(old), _glue(new)
        size = len(glued_old) * len(glued_new)
        if size > _MOST_PAIRS or len({*glued_old, *glued_new}) > _MOST_KINDS:
            return whole
        raw, kinds = _many_differences(glued_old, glued_new)
    _matcher().diff_cleanupSemantic(raw)
    return _only_marks(_without_crumbs(_decode(raw, kinds)))


def _without_crumbs(steps: list[_Step]) -> list[_Step]:
    """Strikes out what is left between two changes if it is no more than marks or one letter.

    A comma, a bracket or a dash with its space is kept: it parts what it stands between.
    """
    out: list[_Step] = []
    for at, (op, part) in enumerate(steps):
        if op == 0 and 0 < at < len(steps) - 1 and _is_crumb(part):
            out += [(-1, part), (1, part)]
        else:
            out.append((op, part))
    gathered: list[_Step] = []
    for run, each in groupby(out, key=lambda step: step[0] == 0):
        if run:
            gathered += each
            continue
        changed = list(each)
        for side in (-1, 1):
            text = [token for op, part in changed if op == side for token in part]
            gathered += [(side, text)] if text else []
    return gathered


def _is_crumb(part: list[str]) -> bool:
    text = "".join(part).strip()
    return (
        len(text) == 1
        and (text.isascii() or text.isspace())
        and (text.isalpha() or (len(part) == 1 and text in "-'’/."))
    )


def _only_marks(steps: list[_Step]) -> list[_Step]:
    """Where both sides of a replacement say the same words, the marks alone are what changed."""
    out: list[_Step] = []
    for op, part in steps:
        if op > 0 and out and out[-1][0] < 0:
            before, after = _spoken(out[-1][1]), _spoken(part)
            raw, kinds = _few_differences(out[-1][1], part) if before == after else ([], {})
            if before and raw:
                out.pop()
                out += _decode(raw, kinds)
                continue
        out.append((op, part))
    return out


def _spoken(part: list[str]) -> list[str]:
    return [token for token in part if any(map(str.isalnum, token))]


_Kinds = dict[str, tuple[str, ...]]
_Coded = tuple[list[tuple[int, str]], _Kinds]


def _decode(raw: list[tuple[int, str]], kinds: _Kinds) -> list[_Step]:
    return [(op, [token for code in part for token in kinds[code]]) for op, part in raw]


def _few_differences(old: list[str], new: list[str]) -> _Coded:
    one, other, kinds = _encode([(token,) for token in old], [(token,) for token in new])
    if Indel.distance(one, other, score_cutoff=_MOST_DIFFERENCES) > _MOST_DIFFERENCES:
        return [], kinds
    return _matcher().diff_main(one, other, False), kinds


def _many_differences(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> _Coded:
    one, other, kinds = _encode(old, new)
    steps: list[tuple[int, str]] = []
    for step in Indel.opcodes(one, other):
        gone, come = one[step.src_start : step.src_end], other[step.dest_start : step.dest_end]
        if step.tag == "equal":
            steps.append((0, gone))
        else:
            steps += [(op, part) for op, part in ((-1, gone), (1, come)) if part]
    return steps, kinds


def _encode(
    old: list[tuple[str, ...]], new: list[tuple[str, ...]]
) -> tuple[str, str, dict[str, tuple[str, ...]]]:
    codes: dict[tuple[str, ...], str] = {}
    for item in (*old, *new):
        if item not in codes:
            codes[item] = chr(_FIRST + len(codes))
    kinds = {code: item for item, code in codes.items()}
    return "".join(map(codes.__getitem__, old)), "".join(map(codes.__getitem__, new)), kinds


def _glue(line: list[str]) -> list[tuple[str, ...]]:
    glued: list[tuple[str, ...]] = []
    for token in line:
        if token.isspace() and glued:
            glued[-1] += (token,)
        else:
            glued.append((token,))
    return glued


def _matcher() -> diff_match_patch:
    matcher = diff_match_patch()
    matcher.Diff_Timeout = 0  # the default gives up after a second: results would hang on load
    # Shifts are decided below, on the words themselves: characters of the private planes tell
    # diff-match-patch nothing about where a word or a sentence ends.
    matcher.diff_cleanupSemanticLossless = list
    return matcher


def _polish(steps: list[_Step]) -> list[_Step]:
    """Slides lone insertions and deletions to where a reader sees them whole, then merges."""
    padded: list[_Step] = [(0, []), *steps, (0, [])]
    for at in range(1, len(padded) - 1):
        op, part = padded[at]
        before, after = padded[at - 1], padded[at + 1]
        if op and before[0] == after[0] == 0:
            head, body, rest = _slide(before[1], part, after[1])
            padded[at - 1 : at + 2] = [(0, head), (op, body), (0, rest)]
    return [step for step in padded if step[1]]


def _slide(
    before: list[str], part: list[str], after: list[str]
) -> tuple[list[str], list[str], list[str]]:
    line = before + part + after
    start, size = len(before), len(part)
    low = start
    while low > 0 and line[low - 1] == line[low + size - 1]:
        low -= 1
    high = start
    while high + size < len(line) and line[high] == line[high + size]:
        high += 1
    if low == high:
        return before, part, after
    best = max(
        range(low, high + 1),
        key=lambda at: (_seam(line, at) + _seam(line, at + size), -abs(at - start)),
    )
    return line[:best], line[best : best + size], line[best + size :]


def _seam(line: list[str], at: int) -> int:
    """How natural a cut before line[at] is: a line's or sentence's end over a space over none."""
    if at in (0, len(line)):
        return 6
    before, after = line[at - 1], line[at]
    if "\n" in before or "\n" in after:
        return 5
    if before.isspace():
        ended = at > 1 and not line[at - 2][-1].isalnum()
        return 4 if ended else 3
    if after.isspace():
        return 2
    return 0 if before[-1].isalnum() and after[0].isalnum() else 1


def _ordered(steps: list[Word]) -> tuple[Word, ...]:
    """Joins neighbours of a kind and puts what is gone before what is new."""
    out: list[Word] = []
    gone: list[str] = []
    fresh: list[str] = []
    for op, text in (*steps, (0, "")):
        if op:
            (gone if op < 0 else fresh).append(text)
            continue
        out += [(kind, "".join(part)) for kind, part in ((-1, gone), (1, fresh)) if part]
        if (gone or fresh) or not out:
            out += [(0, text)] if text else []
        elif text:
            out[-1] = (0, out[-1][1] + text)
        gone, fresh = [], []
    return tuple(out)
