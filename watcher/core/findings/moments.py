"""Dates and times of day in prose, in the forms that languages share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from watcher.core.findings.lexemes import Lexeme
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.numerals import is_dash
from watcher.core.findings.spokenclock import SpokenClock, spoken_clock

_DATE = re.compile(r"(\d{1,4})([./])(\d{1,2})\2(\d{2,4})")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)")
_ENDINGS = frozenset(["st", "nd", "rd", "th", "er", "º", "ª", "."])
_HALF_DAY = {"am": 0, "a.m": 0, "a.m.": 0, "pm": 12, "p.m": 12, "p.m.": 12}
# Words for "o'clock", set behind the hour; a number with "h" may have minutes behind it.
_CLOCK_WORDS = frozenset([
    "uhr", "h", "hrs", "hs", "o'clock", "часов", "uur", "heures", "godz", "時", "时", "点", "點",
    "시",
])  # fmt: skip
_HOUR_SIGNS = frozenset(["h", "時", "时", "点", "點", "시"])
_MINUTE_SIGNS = frozenset(["分", "분"])
_ZONES = frozenset([
    "GMT", "UTC", "BST", "IST", "EST", "EDT", "ET", "CST", "CDT", "CT", "MST", "MDT", "MT",
    "PST", "PDT", "PT", "AKST", "HST", "WET", "WEST", "CET", "CEST", "MEZ", "MESZ", "EET",
    "EEST", "MSK", "SAST", "CAT", "EAT", "WAT", "PKT", "WIB", "WITA", "WIT", "MYT", "SGT",
    "PHT", "HKT", "JST", "KST", "AWST", "ACST", "AEST", "AEDT", "NZST", "NZDT", "BRT", "CLT",
    "ART", "МСК",
])  # fmt: skip
_YEAR_SIGNS, _MONTH_SIGNS, _DAY_SIGNS = frozenset("年년"), frozenset("月월"), frozenset("日일号號")
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_JOINERS = frozenset([",", "of", "de", "del", "do", "di"])

Fields = tuple[int, int, int, int]


class Moment(NamedTuple):
    """A date or a time of day.

    `fields` of a date are year, month, day and weekday (Monday is 1), 0 where it has none; of a
    time hour, minute, half of the day (1 with "am" or "pm", so that the hour is certain) and 0.
    `last` is the last day of a range; `zone` a time's zone as written.
    """

    sort: Literal["date", "time"]
    fields: Fields
    last: int
    zone: str
    start: int
    end: int

    def conflicts(self, other: Moment) -> bool:
        """Whether both cannot be meant: something that both say differs."""
        if self.sort == "time":
            return self._clock_conflicts(other)
        pairs = zip(self.fields, other.fields, strict=True)
        differ = any(one and two and one != two for one, two in pairs)
        return differ or (self.last != other.last and bool(self.last and other.last))

    def _clock_conflicts(self, other: Moment) -> bool:
        if self.zone and other.zone and self.zone != other.zone:
            return True
        (hour, minute, sure, _), (hour2, minute2, sure2, _) = self.fields, other.fields
        if minute != minute2:
            return True
        return hour != hour2 and (sure == sure2 or (hour - hour2) % 12 != 0)

    def comparable(self, other: Moment) -> bool:
        """Whether both say something of the same: both a day, a month, a year."""
        if self.sort != other.sort:
            return False
        pairs = zip(self.fields, other.fields, strict=True)
        return self.sort == "time" or any(one and two for one, two in pairs)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Names of months, weekdays and hours ("noon") of one language."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    hours: Mapping[str, int]
    capital: bool
    spoken: SpokenClock
    names: AbstractSet[str]


_CAPITAL_MONTHS = frozenset(["en", "de", "id", "tr"])


@lru_cache(maxsize=64)
def calendar(lexicon: Lexicon) -> Calendar:
    """What a language's word lists say of days and months."""

    def numbers(table: str) -> dict[str, int]:
        found = lexicon.table(table).items()
        return {word: int(value) for word, value in found if not isinstance(value, str)}

    capital = lexicon.language in _CAPITAL_MONTHS
    months, weekdays, hours = map(numbers, ("months", "weekdays", "hours"))
    spoken = spoken_clock(lexicon)
    names = frozenset((*months, *weekdays, *hours)) | spoken.heads
    return Calendar(months, weekdays, hours, capital, spoken, names)


def moments(line: Sequence[Lexeme], words: Calendar) -> tuple[list[Moment], frozenset[int]]:
    """The dates and times in lexemes, in order, and the indexes of the lexemes they take."""
    found: list[Moment] = []
    taken: set[int] = set()
    after = 0
    for at in [
        at for at, one in enumerate(line) if one.sort == "number" or one.folded in words.names
    ]:
        if at < after:
            continue
        each = line[at]
        read: tuple[Moment, int] | None = None
        if each.sort == "number":
            read = (
                _numeric(line, at)
                or _clock(line, at)
                or _day_first(line, at, words)
                or _year(line, at)
            )
        elif each.sort == "word":
            if each.folded in words.hours:
                read = _named_hour(line, at, words)
            elif each.folded in words.weekdays and _capital(each, words):
                read = _weekday(line, at, words)
            elif each.folded in words.months:
                read = _month_first(line, at, words)
            else:
                read = _spoken(line, at, words)
        if read is not None:
            found.append(read[0])
            after = read[1]
            taken.update(range(at, after))
    return found, frozenset(taken)


def _capital(each: Lexeme, words: Calendar) -> bool:
    return not words.capital or not each.text[0].islower()


def _date(
    line: Sequence[Lexeme], at: int, after: int, fields: Fields, last: int = 0
) -> tuple[Moment, int]:
    return Moment("date", fields, last, "", line[at].start, line[after - 1].end), after


def _digits(line: Sequence[Lexeme], at: int, most: int, length: int = 2) -> int:
    """The number at an index if it is plain digits from 1 to `most`, else 0."""
    if at >= len(line) or not line[at].text.isdecimal() or len(line[at].text) > length:
        return 0
    value = int(line[at].text)
    return value if value <= most else 0


def _a_year(line: Sequence[Lexeme], at: int) -> int:
    """A year of four digits at an index, else 0."""
    if at >= len(line) or len(line[at].text) != 4:
        return 0
    value = _digits(line, at, _LAST_YEAR, 4)
    return value if value >= _FIRST_YEAR else 0


def _numeric(line: Sequence[Lexeme], at: int) -> tuple[Moment, int] | None:
    """2025-01-11, 11.01.2025, 1/11/2025, 2025年1月11日, 1月11日."""
    text = line[at].text
    match = _DATE.fullmatch(text)
    if match:
        one, _, two, three = match.groups()
        return _written(line, at, at + 1, int(one), int(two), int(three))
    if at + 4 < len(line) and line[at + 1].text == line[at + 3].text and line[at + 1].text in "-/":
        numbers = [line[at + step].text for step in (0, 2, 4)]
        together = line[at + 4].end - line[at].start == sum(map(len, numbers)) + 2
        if together and all(n.isdecimal() and len(n) <= 4 for n in numbers):
            return _written(line, at, at + 5, *map(int, numbers))
    return _signed(line, at)


def _written(
    line: Sequence[Lexeme], at: int, after: int, one: int, two: int, three: int
) -> tuple[Moment, int] | None:
    """A date of three numbers. Which is the day and which the month may be open: both orders
    differ wherever one of the numbers does."""
    if one >= _FIRST_YEAR:
        year, month, day = one, two, three
    else:
        year, month, day = three, two, one
        if month > 12 >= day:
            month, day = day, month
    if not (
        1 <= month <= 12 and 1 <= day <= 31 and (year < 100 or _FIRST_YEAR <= year <= _LAST_YEAR)
    ):
        return None
    return _date(line, at, after, (year if year >= 100 else year + 2000, month, day, 0))


def _signed(line: Sequence[Lexeme], at: int) -> tuple[Moment, int] | None:
    """Numbers with the signs for year, month and day behind them."""
    year = month = day = 0
    after = at
    while after + 1 < len(line) and line[after].text.isdecimal() and len(line[after].text) <= 4:
        sign, value = line[after + 1].text[:1], int(line[after].text)
        if sign in _YEAR_SIGNS and not year and _FIRST_YEAR <= value <= _LAST_YEAR:
            year = value
        elif sign in _MONTH_SIGNS and not month and 1 <= value <= 12:
            month = value
        elif (
            sign in _DAY_SIGNS
            and not day
            and 1 <= value <= 31
            and (month or line[after + 1].text == sign)
        ):
            day = value
        else:
            break
        after += 2
    return _date(line, at, after, (year, month, day, 0)) if after > at else None


def _day_first(line: Sequence[Lexeme], at: int, words: Calendar) -> tuple[Moment, int] | None:
    """12 May 2024, 12th of May, 12. Mai, 12–15 May, 12 de mayo de 2024."""
    day = _digits(line, at, 31)
    if not day:
        return None
    after, last = _past(line, at + 1, _ENDINGS), 0
    if is_dash(line, after):
        last = _digits(line, after + 1, 31)
        after = _past(line, after + 2, _ENDINGS) if last else after
    after = _past(line, after, _JOINERS)
    if after >= len(line) or line[after].folded not in words.months:
        return None
    if not _capital(line[after], words):
        return None  # "aged 5 to 11 may"
    month = words.months[line[after].folded]
    after += 1
    year, after = _year_behind(line, _past(line, after, frozenset(["."])), after)
    return _date(line, at, after, (year, month, day, 0), last)


def _month_first(line: Sequence[Lexeme], at: int, words: Calendar) -> tuple[Moment, int] | None:
    """May 12, 2024; Sept. 4; May 2024; May."""
    month = words.months[line[at].folded]
    after = at + 1
    behind = _past(line, after, frozenset(["."]))
    day, last = _digits(line, behind, 31), 0
    if day and _capital(line[at], words):
        after = _past(line, behind + 1, _ENDINGS - {"."})
        if is_dash(line, after) and _digits(line, after + 1, 31):
            last, after = _digits(line, after + 1, 31), after + 2
        year, after = _year_behind(line, after, after)
        return _date(line, at, after, (year, month, day, 0), last)
    year, then = _year_behind(line, behind, behind)
    if year:
        return _date(line, at, then, (year, month, 0, 0))
    # "may", "march", "mars" are words as well: alone a month has a capital, not at the start
    each = line[at]
    inside = at > 0 and line[at - 1].sort == "word"
    sure = each.text[0].isupper() and inside if words.capital else len(each.text) > 4
    if sure and _capital(each, words):
        return _date(line, at, at + 1, (0, month, 0, 0))
    return None


def _weekday(line: Sequence[Lexeme], at: int, words: Calendar) -> tuple[Moment, int] | None:
    """Monday; Monday, 12 May; Monday (May 12)."""
    weekday = words.weekdays[line[at].folded]
    after = at + 1
    behind = after
    while (
        behind < len(line)
        and behind < after + 2
        and line[behind].text in (",", ".", "(", "the", "den")
    ):
        behind += 1
    if behind < len(line):
        date = _day_first(line, behind, words)
        if date is None and line[behind].folded in words.months:
            date = _month_first(line, behind, words)
        if date is not None and date[0].fields[2]:
            year, month, day, _ = date[0].fields
            return _date(line, at, date[1], (year, month, day, weekday), date[0].last)
    return _date(line, at, after, (0, 0, 0, weekday))


def _year_behind(line: Sequence[Lexeme], at: int, after: int) -> tuple[int, int]:
    """The year that stands at an index, perhaps behind a comma, and the index behind the date."""
    start = _past(line, at, _JOINERS)
    year = _a_year(line, start)
    return (year, start + 1) if year else (0, after)


def _year(line: Sequence[Lexeme], at: int) -> tuple[Moment, int] | None:
    """A year alone: four digits behind a word, and nothing that they could count behind them."""
    year = _a_year(line, at)
    if year < 1900 or at == 0:
        return None
    before, behind = line[at - 1], line[at + 1] if at + 1 < len(line) else None
    if before.sort != "word" and before.text not in ("(", ",", "–", "-"):
        return None
    if behind is not None and behind.start == line[at].end and behind.sort == "word":
        return _date(line, at, at + 2, (year, 0, 0, 0)) if behind.folded == "s" else None
    if behind is not None and behind.sort == "word" and before.folded not in _BEFORE_YEARS:
        return None
    return _date(line, at, at + 1, (year, 0, 0, 0))


_BEFORE_YEARS = frozenset([
    "in", "since", "by", "until", "from", "of", "the", "en", "de", "desde", "depuis", "seit",
    "im", "jahr", "em", "nel", "dal", "w", "od", "в", "с", "sejak", "pada", "tahun", "sinds",
])  # fmt: skip


def _named_hour(line: Sequence[Lexeme], at: int, words: Calendar) -> tuple[Moment, int]:
    """noon, midnight."""
    hour = words.hours[line[at].folded]
    return Moment("time", (hour, 0, 1, 0), 0, "", line[at].start, line[at].end), at + 1


def _spoken(line: Sequence[Lexeme], at: int, words: Calendar) -> tuple[Moment, int] | None:
    """half past nine, halb zehn."""
    told = words.spoken.at(line, at)
    if told is None:
        return None
    start, end = line[told.first].start, line[told.after - 1].end
    return Moment("time", (told.hour, told.minute, 0, 0), 0, "", start, end), told.after


def _past(line: Sequence[Lexeme], at: int, skipped: frozenset[str]) -> int:
    """The index behind one lexeme that may be skipped."""
    return at + 1 if at < len(line) and line[at].folded in skipped else at


def _clock(line: Sequence[Lexeme], at: int) -> tuple[Moment, int] | None:
    """10:30, 10.30am, 10 p.m., 10 Uhr, 10h30, 1030 GMT, 15時30分."""
    each = line[at]
    match = _CLOCK.fullmatch(each.text)
    after = at + 1
    if match:
        hour, minute = int(match[1]), int(match[2])
    elif each.text.isdecimal() and len(each.text) <= 2 and int(each.text) <= 24:
        hour, minute = int(each.text), -1
    elif (
        each.text.isdecimal() and len(each.text) == 4 and _zone(line, after) and each.text <= "2400"
    ):
        hour, minute = int(each.text[:2]), int(each.text[2:])
        if minute > 59:
            return None
    else:
        return None
    certain = 1 if hour > 12 or each.text.startswith("0") else 0
    marked = len(each.text) == 4 and each.text.isdecimal()
    word = line[after].folded if after < len(line) else ""
    if word in _HALF_DAY and hour <= 12:
        hour = hour % 12 + _HALF_DAY[word]
        marked, certain, after = True, 1, after + 1
    elif word[:1] in _HOUR_SIGNS and (word in _HOUR_SIGNS or not word.isascii()):
        marked, after = minute >= 0 or word != "h", after + 1
        minutes = _digits(line, after, 59)
        if minute < 0 and (minutes or (after < len(line) and line[after].text == "00")):
            minute, marked, after = minutes, True, after + 1
            after = _past(line, after, _MINUTE_SIGNS)
        elif word == "h" and minute < 0:
            return None
        certain = 1
    elif word in _CLOCK_WORDS:
        marked, certain, after = True, 1, after + 1
    zone, after = _zone_at(line, after)
    if not marked and not (match and ":" in each.text) and not (match and zone):
        return None
    return Moment(
        "time", (hour, max(minute, 0), certain, 0), 0, zone, each.start, line[after - 1].end
    ), after


def _zone(line: Sequence[Lexeme], at: int) -> str:
    return line[at].text if at < len(line) and line[at].text in _ZONES else ""


def _zone_at(line: Sequence[Lexeme], at: int) -> tuple[str, int]:
    if at < len(line) and line[at].text == "(" and _zone(line, at + 1):
        return line[at + 1].text, min(at + 3, len(line))
    return (line[at].text, at + 1) if _zone(line, at) else ("", at)
