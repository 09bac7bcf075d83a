"""How long a cache between us and the site goes on giving the same copy (RFC 9111, section 4.2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 7 * 24 * 3600.0
"""Seconds. Longer is never waited for a cache."""

_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,]*)))?', re.IGNORECASE)
_MOST_DIGITS = 9


def parse_fresh_for(headers: tuple[tuple[str, str], ...]) -> float:
    """Seconds for which the next answers will be the copy that this one is, within 0 and LONGEST.

    `headers` have lower-case names. Only an answer with an Age came from a cache (RFC 9111, 5.1):
    any other was made by the site itself, which may have a new one at once, however long it
    lets browsers keep this one. 0 if nothing is known, or what is said is not understood.
    """
    age = _seconds(_first(headers, "age"))
    if age is None:
        return 0.0
    said = ",".join(value for name, value in headers if name == "cache-control")
    directives = {name.lower(): quoted or plain for name, quoted, plain in _DIRECTIVE.findall(said)}
    if not directives.keys().isdisjoint(("no-cache", "no-store", "private")):
        return 0.0
    for name in ("s-maxage", "max-age"):
        if name in directives:
            lifetime = _seconds(directives[name])
            break
    else:
        lifetime = _until_expiry(headers)
    return min(max((lifetime or 0.0) - age, 0.0), LONGEST)


def _until_expiry(headers: tuple[tuple[str, str], ...]) -> float | None:
    expires, date = _date(_first(headers, "expires")), _date(_first(headers, "date"))
    return None if expires is None or date is None else (expires - date).total_seconds()


def _first(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return next((value for key, value in headers if key == name), "").strip()


def _seconds(text: str) -> float | None:
    if not (text.isascii() and text.isdigit()):
        return None
    return LONGEST if len(text) > _MOST_DIGITS else float(text)


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when
