"""The times that pages write for people: "20. November 2026, 9.30 Uhr", "2026年11月20日"."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from watcher.adapters.page.times.isotime import ZONES, iso_of, iso_time
from watcher.adapters.page.times.month_names import MONTHS

_MONTH_FIRST = re.compile(r"([^\W\d_]{3,14})\.? (\d{1,2})(?:st|nd|rd|th)?\.?,? (\d{4})(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|ª)?[. -]{1,2}(?:de |d')?"
    r"([^\W\d_]{2,14})\W?[., -]{0,2}(?:de |del )?(\d{4})(?!\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})(?:\s?[年년]\s?|[-./]\s?)(\d{1,2})(?:\s?[月월]\s?|[-./]\s?)(\d{1,2})(?!\d)[日일.]?"
)
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})(?!\d)")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:\s?[:h時시]\s?|\.)(\d\d)(?:[:.](\d\d))?[分분]?分?(?![\d%])"
    r"(?:\s?(?:uhr|hrs?|h)\b)?\s?([ap]\.?\s?m\b\.?)?\s*\(?((?:utc|gmt)?\s?[+-]\d{1,2}(?::?\d\d)?(?!\d)|[^\W\d_]{3,4}\b)?",
    re.IGNORECASE,
)
_NEAR = 24
_LONGEST = 160


def written_time(text: str, language: str | None = None) -> str | None:
    """The one time that a short text names, in the form of `iso_time`; None without certainty.

    None as well if it names two different dates. A date in figures with the year last is read
    only where its order is certain: with dots it is day first; with strokes if one of the two
    is above 12, or `language` (a BCP 47 tag) tells, as English without a region does not. A
    clock time counts if it stands by the date; its zone only if it is an offset or an
    abbreviation without a second meaning.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if (machine := iso_time(text)) is not None:
        return machine
    found = list(_dates(text.casefold(), language))
    if len({day for day, _, _ in found}) != 1:
        return None
    day, start, end = found[0]
    return _with_clock(day, text.casefold(), start, end)


def written_clock(text: str) -> tuple[str | None, str]:
    """The first clock time of a text as HH:MM, and the zone behind it as it is written there.

    None and an empty text where there is none.
    """
    match = _CLOCK.search(text.casefold())
    clock = _clock(match) if match else None
    if match is None or clock is None:
        return None, ""
    zone = (match[5] or "").strip()
    return f"{clock[0]:02}:{clock[1]:02}", zone if _zone(zone) else ""


def _dates(text: str, language: str | None) -> list[tuple[date, int, int]]:
    found: list[tuple[date, int, int]] = []
    for pattern, order in (
        (_YEAR_FIRST, "ymd"), (_MONTH_FIRST, "mdy"), (_DAY_FIRST, "dmy"), (_DOTTED, "dmy"),
        (_SLASHED, "?"),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            day = _date(match.groups(), order, language)
            if day is not None:
                found.append((day, *match.span()))
    return sorted(found, key=lambda item: item[1])


def _date(parts: tuple[str, ...], order: str, language: str | None) -> date | None:
    if order == "?":
        order = _order(int(parts[0]), int(parts[1]), language)
    named = dict(zip(order, parts, strict=True)) if order else {}
    if not named:
        return None
    name = named["m"].strip(" .,-")
    month = int(name) if name.isdecimal() else MONTHS.get(name, 0)
    try:
        return date(int(named["y"]), month, int(named["d"]))
    except ValueError:
        return None


def _order(first: int, second: int, language: str | None) -> str:
    if first > 12 or first == second:
        return "dmy"
    if second > 12:
        return "mdy"
    tag = (language or "").lower()
    if tag and (not tag.startswith("en") or tag in ("en-gb", "en-ie", "en-au", "en-nz", "en-in")):
        return "dmy"
    return "mdy" if tag == "en-us" else ""


def _with_clock(day: date, text: str, start: int, end: int) -> str | None:
    after = _CLOCK.search(text, end)
    before = next(
        (m for m in _CLOCK.finditer(text, max(0, start - _NEAR), start) if m.end() <= start), None
    )
    match = after if after and after.start() - end <= _NEAR else before
    clock = _clock(match) if match else None
    if match is None or clock is None:
        return iso_of(day)
    hour, minute, second = clock
    local = datetime(day.year, day.month, day.day, hour, minute, second or 0)  # noqa: DTZ001 - the zone may be unknown
    zone = _zone(match[5] or "")
    return iso_of(local.replace(tzinfo=zone) if zone else local, seconds=second is not None)


def _clock(match: re.Match[str]) -> tuple[int, int, int | None] | None:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3]) if match[3] else None
    half = (match[4] or "")[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return hour, minute, second


def _zone(text: str) -> timezone | None:
    text = text.strip()
    if text in ZONES:
        return timezone(timedelta(hours=ZONES[text]))
    offset = text.removeprefix("utc").removeprefix("gmt").strip()
    if not offset.startswith(("+", "-")):
        return None
    hours, _, minutes = offset[1:].partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if size > timedelta(hours=14):
        return None
    return timezone(size if offset[0] == "+" else -size)
