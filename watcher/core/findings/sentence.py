"""One plain sentence for a change: the most important findings, as an editor would tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from watcher.core.compare import describe
from watcher.core.model import Change, Finding

_MOST = 3
"""Findings that are told one by one; the others are counted."""

_ALIKE = 2
"""More findings of one kind than this are told as a number."""

_FIRST = "reverted"
"""Told before all others: it says what they come to."""

_LAST = ("stealth-edit", "false-freshness")
"""Kinds that judge the whole change: told behind what they judge, in short."""

_SHORT = {
    "stealth-edit": "no correction note",
    "false-freshness": "modified time moved, nothing else changed",
}
_UNSAID = "no note says so"
"""In place of "no correction note" where there is a note, of something else."""

_UNTOLD = frozenset({"modified-changed"})
"""Kinds that say nothing to a reader where anything else is found."""

_PLURALS = {"quantity": "quantities", "money": "amounts of money", "detail": "additions"}


def compose(change: Change, counted: Change | None = None) -> str:
    """One sentence without a full stop, for example "Death toll 12 → 17; “reportedly” dropped; no
    correction note". Without findings it counts what changed, as describe() does: in `counted`,
    if that is given."""
    told = [each for each in change.findings if each.kind not in (*_LAST, *_UNTOLD)]
    if any(each.kind == "false-freshness" for each in change.findings):
        return _capital(_SHORT["false-freshness"])
    if not told:
        return _capital(describe(counted or change))
    told.sort(key=lambda each: each.kind != _FIRST)
    parts = _gathered(told)
    if len(told) == 1 and told[0].kind == _FIRST:
        parts.append(describe(counted or change))
    rest = len(parts) - _MOST
    if rest > 0:
        parts = [*parts[:_MOST], f"{rest} more"]
    judged = {each.kind for each in change.findings}
    fresh = any(each.new and each.kind != "developing" for each in change.notices)
    for kind in _LAST:
        if kind in judged:
            parts.append(_UNSAID if fresh and kind == "stealth-edit" else _SHORT[kind])
    return _capital("; ".join(parts))


def _gathered(findings: Sequence[Finding]) -> list[str]:
    """The sentences in order, once each; many of one kind as a number."""
    counts = Counter(each.kind for each in findings)
    parts: dict[str, None] = {}
    for each in findings:
        count = counts[each.kind]
        parts[each.sentence if count <= _ALIKE else _number(count, each.kind)] = None
    return list(parts)


def _number(count: int, kind: str) -> str:
    noun, _, done = kind.rpartition("-")
    noun = noun.replace("-", " ")
    return f"{count} {_PLURALS.get(noun, f'{noun}s')} {done}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
