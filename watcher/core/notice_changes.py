"""Which notices of an article were added, removed or reworded, and how to say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from watcher.core.model import Notice, NoticeChange, NoticeKind

_NAMES: dict[NoticeKind, str] = {
    "retraction": "retraction",
    "correction": "correction",
    "clarification": "clarification",
    "editors-note": "editor's note",
    "update": "update line",
    "developing": "developing line",
}
"""The kinds as they are told, those that matter most first."""


def compare_notices(old: Sequence[Notice], new: Sequence[Notice]) -> tuple[NoticeChange, ...]:
    """What became of the notices, the most serious kind first, each kind in page order.

    Notices of one kind and text are the same, wherever they stand. What is left of a kind on
    both sides is paired in order as reworded, the rest was added or removed.
    """
    changes: list[NoticeChange] = []
    for kind in _NAMES:
        before = [notice.text for notice in old if notice.kind == kind]
        after = [notice.text for notice in new if notice.kind == kind]
        gone, come = _without(before, after), _without(after, before)
        reworded = min(len(gone), len(come))
        changes += [NoticeChange(kind, a, b) for a, b in zip(gone, come, strict=False)]
        changes += [NoticeChange(kind, text, None) for text in gone[reworded:]]
        changes += [NoticeChange(kind, None, text) for text in come[reworded:]]
    return tuple(changes)


def _without(texts: Iterable[str], others: Iterable[str]) -> list[str]:
    """`texts` less those that stand in `others` too, each as often as it does there."""
    rest = list(others)
    left: list[str] = []
    for text in texts:
        if text in rest:
            rest.remove(text)
        else:
            left.append(text)
    return left


def describe_notices(changes: Iterable[NoticeChange]) -> str:
    """For example "correction added, update line changed"; empty if there is nothing to say."""
    told: dict[str, None] = {}
    for change in changes:
        told[f"{_NAMES[change.kind]} {_done(change)}"] = None
    return ", ".join(told)


def _done(change: NoticeChange) -> str:
    if change.old is None:
        return "added"
    return "removed" if change.new is None else "changed"
