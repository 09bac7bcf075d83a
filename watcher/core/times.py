"""Times as text: ISO 8601, UTC, milliseconds, always the same width so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(when: datetime) -> str:
    """An aware time as `2026-01-31T08:05:00.000Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def from_text(text: str) -> datetime:
    """The aware UTC time that `to_text` wrote."""
    return datetime.fromisoformat(text)


def whole_milliseconds(when: datetime) -> datetime:
    """The time as storage keeps it; comparing against stored times needs the same precision."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)
