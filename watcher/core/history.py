"""An article's history out of its versions' texts alone: what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from watcher.core.compare import compare, describe, says_otherwise
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.find import Rulebook
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


Window = tuple[datetime | None, datetime | None]
"""After and before which a version came."""


def derive(
    snapshots: Sequence[Snapshot], windows: Sequence[Window] = (), rulebook: Rulebook | None = None
) -> tuple[Derived, ...]:
    """All that follows from the texts of versions 1, 2, 3 …, as decide() would have found it.

    `windows` are those of the versions, where they are known. Two neighbours may have become
    equal: they stay versions, with a change in which nothing changes.
    """
    rulebook = rulebook or Rulebook()
    derived: list[Derived] = []
    numbers: dict[str, int] = {}
    before: Snapshot | None = None
    for number, snapshot in enumerate(snapshots, 1):
        content = content_digest(snapshot)
        found = _derived(before, snapshot, content, numbers.get(content))
        if before is not None and found.change is not None:
            after, by = windows[number - 1] if windows else (None, None)
            about = Circumstances(after, by, found.revert_of)
            change = rulebook.find(before, snapshot, found.change, about)
            found = replace(found, change=change)
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


@dataclass(frozen=True, slots=True)
class Came:
    """When a version came (aware UTC), and the version whose text it brought back."""

    after: datetime | None
    before: datetime
    revert_of: int | None


def renewed(old: Snapshot, new: Snapshot, change: Change, came: Came, rulebook: Rulebook) -> Change:
    """A stored change with the findings that it has by today's rules and word lists.

    Without any, before and now, its sentence stays: it may leave out counters.
    """
    about = Circumstances(came.after, came.before, came.revert_of, frozenset(change.noise))
    found = rulebook.find(old, new, change, about)
    if not found.findings and not change.findings:
        found = replace(found, sentence=change.sentence)
    return found
