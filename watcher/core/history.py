"""An article's history out of its versions' texts alone: what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from watcher.core.compare import compare, describe, says_otherwise
from watcher.core.model import Change, Snapshot
from watcher.core.text import content_digest, snapshot_digest


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from a version's text and those before it; the fields as of a version."""

    snapshot: Snapshot
    kind: Literal["first", "text", "metadata"]
    content_digest: str
    snapshot_digest: str
    change: Change | None
    summary: str
    revert_of: int | None


def derive(snapshots: Sequence[Snapshot]) -> tuple[Derived, ...]:
    """All that follows from the texts of versions 1, 2, 3 …, as decide() would have found it.

    Two neighbours may have become equal: they stay versions, with a change in which nothing
    changes.
    """
    derived: list[Derived] = []
    numbers: dict[str, int] = {}
    before: Snapshot | None = None
    for number, snapshot in enumerate(snapshots, 1):
        content = content_digest(snapshot)
        found = _derived(before, snapshot, content, numbers.get(content))
        derived.append(found)
        numbers[content] = number
        before = snapshot
    return tuple(derived)


def _derived(
    before: Snapshot | None, snapshot: Snapshot, content: str, same: int | None
) -> Derived:
    whole = snapshot_digest(snapshot)
    if before is None:
        return Derived(snapshot, "first", content, whole, None, "first version", None)
    change = compare(before, snapshot)
    summary = describe(change)
    if snapshot_digest(before) == whole:
        summary = "reads the same as the version before"
    if not says_otherwise(before, snapshot):
        return Derived(snapshot, "metadata", content, whole, change, summary, None)
    if same is not None:
        summary = f"back to the text of version {same}; {summary}"
    return Derived(snapshot, "text", content, whole, change, summary, same)
