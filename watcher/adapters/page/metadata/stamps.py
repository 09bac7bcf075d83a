"""The times that lines near a headline give: when it was published, when it was updated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from watcher.adapters.page.text.vicinity import LABEL, Line, is_label, is_update, parts_of
from watcher.adapters.page.times.month_names import BY, MONTHS
from watcher.adapters.page.times.written_time import written_clock, written_time

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Longer ones are sentences that may speak of another day.
_LONGEST_DATE = 80
# Enough for a day of the week, "o'clock", a zone and the place.
_FEW_LETTERS = 20
_WORD = re.compile(r"[^\W\d_]+")
_BY = re.compile(rf"(?:{'|'.join(map(re.escape, BY))})\s*[:：]?\s*(?=\S)", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?")


class Stamp(NamedTuple):
    """A text that tells a time, and the text of the page that it was made from."""

    text: str
    source: str


def times_in(lines: tuple[Line, ...], *, updates: bool) -> Iterator[str]:
    """The datetime values near the headline that tell of publication, or of modification.

    The hAtom format asks for a class "updated" on every entry, so one that stands alone is
    the time of publication.
    """
    times = [(value, kind) for line in lines for value, kind in line.times]
    first = next((value for value, kind in times if kind == "published"), None)
    for value, kind in times:
        is_update = kind == "updated" or (kind == "styled" and first not in (None, value))
        if is_update == updates:
            yield value


def written_in(
    lines: tuple[Line, ...], language: str | None, *, updates: bool
) -> tuple[Stamp, ...]:
    """What is written near the headline as the time of publication, or of modification.

    None or one: where several dates could be meant, none is. A line is taken in parts, as
    "Published … | Updated …" often stand together; a clock time in one of them is of the day that
    the other one names, if it is the later of the two.
    """
    found: dict[str, Stamp] = {}
    for line in lines:
        if line.times and (updates == any(kind != "published" for _, kind in line.times)):
            continue
        parts = list(parts_of(line.text))
        for part in parts:
            if is_update(part) != updates or not _is_dateline(part, line):
                continue
            if line.times and not is_label(part.strip()):
                continue
            text = part if _YEAR.search(part) else _on_the_same_day(part, parts, line, language)
            value = None if text is None else written_time(text, language)
            if text is not None and value is not None:
                found.setdefault(value[:10], Stamp(text, part))
    return tuple(found.values()) if len(found) == 1 else ()


def _on_the_same_day(part: str, parts: list[str], line: Line, language: str | None) -> str | None:
    """A clock time with the date that the line has beside it, in its datetime or in words."""
    clock, zone = written_clock(part)
    if clock is None or not LABEL.match(part.strip().casefold()):
        return None
    others = [other for other in parts if other is not part]
    clocks = {written_clock(other)[0] for other in others} - {None}
    for value, _ in line.times:
        moment = _MOMENT.fullmatch(value.strip())
        # its date and zone are those that are shown only if its clock is
        if moment and clocks == {moment[2]} and clock >= moment[2]:
            return f"{moment[1]}T{clock}{moment[3] or ''}"
    days = {day[:10] for other in others if (day := written_time(other, language)) is not None}
    if line.times or len(days) != 1 or len(clocks) > 1:
        return None
    if any(clock < other for other in clocks if other):
        return None
    zones = {written_clock(other)[1] for other in others} - {""}
    shown = zone or (zones.pop() if len(zones) == 1 else "")
    return f"{days.pop()} {clock} {shown}".strip()


def _is_dateline(text: str, line: Line) -> bool:
    """True if a short text is there to give a date, and does not merely name one.

    It begins with a label or with "by" and a name, stands in a line marked as the authors', or
    holds next to nothing but the date. A caption or a standfirst does none of these.
    """
    if len(text) > _LONGEST_DATE:
        return False
    told = text.strip()
    if line.authors or LABEL.match(told.casefold()):
        return True
    if (by := _BY.match(told)) and told[by.end()].isupper():
        return True
    words = (word for word in _WORD.findall(told.casefold()) if word not in MONTHS)
    return sum(map(len, words)) <= _FEW_LETTERS
