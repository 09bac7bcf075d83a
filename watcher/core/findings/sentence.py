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

_LONGEST = 120
"""Characters of one statement."""

_FIRST = ("reverted", "retraction-added")
"""Told before all others: they say what these come to."""

_JUDGING = ("stealth-edit", "false-freshness")
"""Kinds that judge the whole change: told behind what they judge, in short."""

_SHORT = {
    "stealth-edit": "no correction note",
    "false-freshness": "modified time moved, nothing else changed",
}
_UNSAID = "no note says so"
"""In place of "no correction note" where there is a note, of something else."""

_NOTICES = {
    "retraction": "retraction",
    "correction": "correction",
    "clarification": "clarification",
    "editors-note": "editor's note",
    "update-line": "update line",
}
"""Told last, and without their text: what they are about stands before."""

_BESIDE = frozenset({"modified-changed", "update-line-added", "update-line-edited"})
"""Kinds that say nothing to a reader where anything else is found."""

_PLURALS = {"quantity": "quantities", "money": "amounts of money", "detail": "additions"}


def compose(change: Change, counted: Change | None = None) -> str:
    """One sentence without a full stop, for example "Death toll 12 → 17; “reportedly” dropped; no
    correction note". Without findings it counts what changed, as describe() does: in `counted`,
    if that is given."""
    kinds = {each.kind for each in change.findings}
    if "false-freshness" in kinds:
        return _capital(_SHORT["false-freshness"])
    told = [each for each in change.findings if each.kind not in _JUDGING]
    told = [each for each in told if each.kind not in _BESIDE] or [
        each for each in told if each.kind != "modified-changed"
    ]
    if not told:
        return _capital(describe(counted or change))
    firsts = [each for each in told if each.kind in _FIRST]
    notices = [each for each in told if _notice(each) and each.kind not in _FIRST]
    others = [each for each in told if each not in firsts and each not in notices]
    parts = _gathered(others)
    if len(parts) > _MOST:
        parts = [*parts[:_MOST], f"{len(parts) - _MOST} more"]
    if kinds == {"reverted"}:
        parts.append(describe(counted or change))
    parts = [*(_notice(each) or each.sentence for each in firsts), *parts]
    parts += dict.fromkeys(_notice(each) for each in notices)
    if "stealth-edit" in kinds:
        fresh = any(each.new and each.kind != "developing" for each in change.notices)
        parts.append(_UNSAID if fresh else _SHORT["stealth-edit"])
    return _capital("; ".join(parts))


def _notice(finding: Finding) -> str:
    """A finding of a notice without its text, as "correction added"; "" for any other."""
    name, _, done = finding.kind.rpartition("-")
    return f"{_NOTICES[name]} {done}" if name in _NOTICES else ""


def _gathered(findings: Sequence[Finding]) -> list[str]:
    """The sentences in order, once each; many of one kind as a number."""
    counts = Counter(each.kind for each in findings)
    parts: dict[str, None] = {}
    for each in findings:
        count = counts[each.kind]
        said = _shortened(each.sentence) if count <= _ALIKE else _number(count, each.kind)
        parts[said] = None
    return list(parts)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def _number(count: int, kind: str) -> str:
    noun, _, done = kind.rpartition("-")
    noun = noun.replace("-", " ")
    return f"{count} {_PLURALS.get(noun, f'{noun}s')} {done}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
