"""Times as text: ISO 8601, UTC, milliseconds; of one width, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_text(when: datetime) -> str:
    """An aware time as `2026-01-31T08:05:00.000Z`. Raises ValueError for a time without a zone."""
    if when.tzinfo is None:
        raise ValueError("a time without a zone could be any time")
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def from_text(text: str) -> datetime:
    """The aware UTC time that `to_text` wrote."""
    return datetime.fromisoformat(text)


def to_milliseconds(when: datetime) -> int:
    """An aware time as milliseconds since the beginning of 1970, UTC."""
    return (when - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(count: int) -> datetime:
    """The aware UTC time of so many milliseconds since the beginning of 1970."""
    return _EPOCH + timedelta(milliseconds=count)


def whole_milliseconds(when: datetime) -> datetime:
    """The time as storage keeps it; comparing against stored times needs the same precision."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)
