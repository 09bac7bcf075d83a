"""Times that a person gives on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

from watcher.errors import UsageError


def moment(option: str, text: str, now: datetime) -> datetime:
    """An aware time: ISO 8601 (UTC without a zone), or a duration before `now`, such as 2d.

    Raises UsageError that names the option.
    """
    from config.quantities import duration

    try:
        if text[-1:].isalpha() and text[:1].isdigit() and "T" not in text:
            return now - duration(text)
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f'{option} "{text}" is no time: use one such as 2026-01-31 or 2026-01-31T08:00Z, or'
            " how long ago, such as 90m, 6h or 2d"
        ) from None
