"""The Retry-After header (RFC 9110, section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 7 * 24 * 3600.0
"""Seconds. A server may ask for patience, but not switch an article off for good."""

_MOST_DIGITS = 9


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` (aware), within 0 and LONGEST; None if absent or not understood."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        seconds = LONGEST if len(text) > _MOST_DIGITS else float(text)
    else:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        if when.tzinfo is None:  # the obsolete asctime form names no zone and means GMT
            when = when.replace(tzinfo=UTC)
        seconds = (when - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST)
