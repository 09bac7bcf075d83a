"""Times and numbers in words, the same wherever people read them."""

from __future__ import annotations

from datetime import UTC, datetime


def when(time: datetime) -> str:
    """A time for people: UTC, to the second."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def span(start: datetime, end: datetime) -> str:
    """Two times for people; the day is said once if it is the same."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if f"{start:%F %T}" == f"{end:%F %T}":
        return when(start)
    if start.date() == end.date():
        return f"{start:%Y-%m-%d %H:%M:%S}–{end:%H:%M:%S} UTC"
    return f"{start:%Y-%m-%d %H:%M:%S} – {when(end)}"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """`1 poll`, `2 polls`."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


def bytes_in_words(count: int) -> str:
    """A number of bytes as the configuration writes sizes, to three digits: `1.26GB`."""
    size, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 999.5:
            break
        size, unit = size / 1000, larger
    return f"{size:.3g}{unit}"
