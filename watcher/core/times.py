"""Times as text: ISO 8601, UTC, milliseconds; of one width, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(when: datetime) -> str:
    """An aware time as `2026-01-31T08:05:00.000Z`. Raises ValueError for a time without a zone."""
    if when.tzinfo is None:
        raise ValueError("a time without a zone could be any time")
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def from_text(text: str) -> datetime:
    """The aware UTC time that `to_text` wrote."""
    return datetime.fromisoformat(text)


def whole_milliseconds(when: datetime) -> datetime:
    """The time as storage keeps it; comparing against stored times needs the same precision."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)
