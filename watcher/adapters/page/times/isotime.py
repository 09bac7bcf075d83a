"""The times that pages write for machines, as precise as they wrote them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:(?:[T ]\s*|\s+at\s+)(\d\d|\d(?=[:.]))[:.]?(\d\d)(?:[:.]?(\d\d)(?:[.,:]\d+)?)?"
    r"\s*(Z|UTC|GMT|(?:UTC|GMT)?\s?[+-]\d\d(?::?\d\d)?(?::?00)?)?(?:\[[\w/+-]{1,40}\])?)?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?=\D|$)")
_SHORT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=\D|$)")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_RFC_2822 = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?"
    r"(?:\s*(?:[A-Z]{1,4}|[+-]\d{4}))?"
)
# What a Date becomes as text in JavaScript and Java, and in C's asctime.
_DATE_OBJECT = re.compile(
    r"[A-Za-z]{3} ([A-Za-z]{3})\s{1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d:\d\d:\d\d)"
    r"(?: ?(?:GMT|UTC)?([+-]\d\d:?\d\d))?(?: ([A-Z]{3,4}))?(?: \([^()]{1,60}\))?(?: (\d{4}))?"
)
# Abbreviations that mean one zone only, as far as the news web goes: those of RFC 2822 section
# 4.3, and others that no second region uses. Not here: BST, IST, AST, CST elsewhere than in RFC.
ZONES = {
    "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "msk": 3, "мск": 3, "jst": 9,
    "kst": 9, "wib": 7, "wita": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "sast": 2,
}  # fmt: skip
"""Hours from UTC by the abbreviation of a zone, casefolded, where it has one meaning."""
_OLDEST_YEAR = 1600
# What content systems give for a time that is not set.
_UNSET = datetime(1970, 1, 1)  # noqa: DTZ001 - told with a zone and without


def iso_time(text: str | None) -> str | None:
    """`text` as ISO 8601, or None if it is no time that can be understood without guessing.

    With a zone: UTC to the second, `2026-11-20T09:30:00Z`. Without one: the local time as
    precise as given, `2026-11-20T09:30` or with seconds, or the date alone. Understood are ISO
    8601 in its usual spellings, RFC 2822, what programs print by default, and seconds or
    milliseconds since 1970. Years before 1600 and the first moment of 1970 are placeholders of
    content systems: None.
    """
    text = (text or "").strip()
    if not text or len(text) > 80:
        return None
    try:
        return _numeric(text) or _rfc2822(text) or _date_object(text)
    except (ValueError, OverflowError, OSError):
        return None


def iso_of(moment: date | datetime, *, seconds: bool = False) -> str | None:
    """A date, a local time or an aware time in the form of `iso_time`; None if too old."""
    if moment.year < _OLDEST_YEAR:
        return None
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if moment.replace(tzinfo=None) == _UNSET:
        return None
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds" if seconds else "minutes")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _numeric(text: str) -> str | None:
    text = _SLASHED.sub(r"\1-\2-\3", text)
    if match := _SHORT.match(text):
        year, month, day = match.groups()
        text = f"{year}-{month:>02}-{day:>02}{text[match.end() :]}"
    if match := _ISO.fullmatch(text):
        return _iso(match)
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
        return iso_of(datetime.fromtimestamp(seconds, UTC))
    return None


def _iso(match: re.Match[str]) -> str | None:
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is None:
        return iso_of(date(int(year), int(month), int(day)))
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001 - the page gave no zone
    if zone is None:
        return iso_of(local, seconds=second is not None)
    offset = zone.upper().removeprefix("UTC").removeprefix("GMT").strip()
    if offset in ("", "Z"):
        return iso_of(local.replace(tzinfo=UTC))
    offset = f"{offset[:3]}:{offset[3:].lstrip(':')[:2] or '00'}"
    return iso_of(datetime.fromisoformat(f"{local.isoformat()}{offset}"))


def _rfc2822(text: str) -> str | None:
    if not _RFC_2822.fullmatch(text):
        return None
    moment = parsedate_to_datetime(text)
    hours = ZONES.get(text.rpartition(" ")[2].casefold())
    if moment.tzinfo is None and hours is not None:  # RFC 2822 knows few zones by name
        moment = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    return iso_of(moment, seconds=text.count(":") > 1)


def _date_object(text: str) -> str | None:
    match = _DATE_OBJECT.fullmatch(text)
    if match is None:
        return None
    month, day, year, clock, offset, zone, last_year = match.groups()
    zone = (offset or zone or "").replace(":", "")
    return _rfc2822(f"{day} {month} {year or last_year} {clock} {zone}".strip())
