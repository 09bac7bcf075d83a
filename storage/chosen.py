"""Which version a number or a time means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from storage.versions import VersionRecord
from watcher.core.times import to_text
from watcher.errors import UsageError


def by_number(found: Sequence[VersionRecord], number: int) -> VersionRecord:
    """The version with a number, of an article's versions. Raises UsageError for another."""
    if not 1 <= number <= len(found):
        raise UsageError(f"there is no version {number}: the article has 1 to {len(found)}")
    return found[number - 1]


def by_time(found: Sequence[VersionRecord], text: str) -> VersionRecord:
    """The version that was live at a time. Raises UsageError if the text is none, or too early."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f'"{text}" is no version: use a number, "first", "latest" or a time such as'
            " 2026-01-31T08:00Z"
        ) from None
    # Without a zone it is UTC, like every time we print.
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    live = [v for v in found if v.seen_from <= when]
    if not live:
        raise UsageError(
            f"no version was seen by {text}: the first one was seen"
            f" at {to_text(found[0].seen_from)}"
        )
    return live[-1]
