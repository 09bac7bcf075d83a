"""The times that pages write, as precise as they wrote them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:(?:[T ]\s*|\s+at\s+)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?=\D|$)")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?"
    r"(?:\s*(?:[A-Z]{1,4}|[+-]\d{4}))?"
)
_MONTHS = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
]  # fmt: skip
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]{3,9})\.?,? (\d{4})")
_OLDEST_YEAR = 1600


def iso_time(text: str | None) -> str | None:
    """`text` as ISO 8601, or None if it is no time that can be understood without guessing.

    With a zone: UTC to the second, `2026-11-20T09:30:00Z`. Without one: the local time as
    precise as given, `2026-11-20T09:30` or with seconds, or the date alone. Understood are ISO
    8601 in its usual spellings, RFC 2822, seconds or milliseconds since 1970, and English
    dates with the month's name. Years before 1600 are placeholders of content systems: None.
    """
    text = (text or "").strip()
    if not text or len(text) > 80:
        return None
    try:
        return _numeric(text) or _rfc2822(text) or _english(text)
    except (ValueError, OverflowError, OSError):
        return None


def _numeric(text: str) -> str | None:
    text = _SLASHED.sub(r"\1-\2-\3", text)
    if match := _ISO.fullmatch(text):
        return _iso(match)
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
        return _utc(datetime.fromtimestamp(seconds, UTC))
    return None


def _iso(match: re.Match[str]) -> str | None:
    year, month, day, hour, minute, second, zone = match.groups()
    if int(year) < _OLDEST_YEAR:
        return None
    if hour is None:
        return date(int(year), int(month), int(day)).isoformat()
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001 - the page gave no zone
    if zone is None:
        return local.isoformat(timespec="seconds" if second else "minutes")
    if zone.upper() in ("Z", "UTC", "GMT"):
        return _utc(local.replace(tzinfo=UTC))
    offset = zone if ":" in zone else f"{zone[:3]}:{zone[3:] or '00'}"
    return _utc(datetime.fromisoformat(f"{local.isoformat()}{offset}"))


def _rfc2822(text: str) -> str | None:
    if not _RFC_2822.fullmatch(text):
        return None
    moment = parsedate_to_datetime(text)
    if moment.year < _OLDEST_YEAR:
        return None
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds" if text.count(":") > 1 else "minutes")
    return _utc(moment)


def _english(text: str) -> str | None:
    if match := _MONTH_DAY.fullmatch(text):
        name, day, year = match.groups()
    elif match := _DAY_MONTH.fullmatch(text):
        day, name, year = match.groups()
    else:
        return None
    month = _MONTHS.index(name[:3].lower()) + 1
    return date(int(year), month, int(day)).isoformat()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
