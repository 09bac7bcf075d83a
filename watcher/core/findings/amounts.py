"""Numbers as prose has them: with qualifier, scale, currency, unit, or what they count."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from watcher.core.findings.counting import Counting
from watcher.core.findings.lexemes import Lexeme, Lookup, is_unspaced
from watcher.core.findings.numerals import decimal_of, is_dash, spelled
from watcher.core.findings.partitives import is_part, without_aside

Sort = Literal["number", "quantity", "money", "percentage", "age", "ordinal"]

_SIGNS = {
    "$": "$", "€": "EUR", "£": "GBP", "¥": "¥", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW",
    "₴": "UAH", "₪": "ILS", "₫": "VND", "₦": "NGN", "฿": "THB", "₱": "PHP", "￥": "¥", "＄": "$",
}  # fmt: skip
_PER = {"%": "%", "％": "%", "٪": "%", "‰": "‰"}
_ORDINAL_ENDINGS = frozenset(
    ["st", "nd", "rd", "th", "er", "ère", "re", "e", "º", "ª", "-й", "й", "ste", "de"]
)
_APART = frozenset([",", ";", "(", ")", ":", "—", "–", '"', "“", "”"])
# So far from a number stands what says of whom it counts: "the number of people killed has risen
# to 17". Words of grammar in between make it less likely.
_FAR = 8
_NEAR = 5
_GRAMMAR = 2
_RUN = 3
_OLDEST = 120
_LONGEST_SCORE = 7
_SIXTY = Decimal(60)
_IN_DIALLED = frozenset(["-", "(", ")", "/", "‑"])
_MOST_GROUPS = 12
_FEWEST_DIALLED, _MOST_DIALLED = 6, 20
_PARTS = 3


class Amount(NamedTuple):
    """One number of a text.

    `low` and `high` are its value, or the two numbers of a range or a score. `unit` is a
    currency, a unit, "%", or empty; `noun` what is counted; `toll` what became of those who are
    counted ("dead"); `bound` what the words before make of it ("at least"). `start` to `end` is
    the number with all of that save the noun; `at` is where the number itself begins.
    """

    sort: Sort
    low: Decimal
    high: Decimal
    unit: str
    noun: str
    toll: str
    bound: str
    start: int
    at: int
    end: int

    @property
    def value(self) -> tuple[Decimal, Decimal, str]:
        """What must agree for two amounts to say the same number."""
        return self.low, self.high, self.unit


def amounts(
    line: Sequence[Lexeme], words: Counting, taken: AbstractSet[int] = frozenset()
) -> list[Amount]:
    """The numbers in lexemes, in order. Those whose index is in `taken` are dates or times."""
    found: list[Amount] = []
    reader: _Reader | None = None
    figures = words.figures
    after = 0
    for at in [
        at for at, each in enumerate(line) if each.sort == "number" or each.folded in figures
    ]:
        if at < after or at in taken:
            continue
        if _is_compound(line, at, words):
            continue
        dialled = _dialled(line, at)
        if dialled is not None:
            amount, after = dialled
            found.append(amount)
            continue
        reader = reader or _Reader(line, words, _spans(line, words.bound), _spans(line, words.toll))
        read = reader.counted(at) if line[at].folded in words.articles else reader.read(at)
        if read is None:
            continue
        amount, after = read
        if found and _shares_unit(line, found[-1], amount, words):
            sort, unit = amount.sort, amount.unit
            found[-1] = found[-1]._replace(sort=sort, unit=unit)
        found.append(amount)
    return found


def _shares_unit(line: Sequence[Lexeme], one: Amount, other: Amount, words: Counting) -> bool:
    """Whether two figures share the unit of the second: "3 to 4 per cent", "five or six days"."""
    if one.sort != "number" or one.noun or not other.unit:
        return False
    between = [each for each in line if one.end <= each.start and each.end <= other.at]
    return len(between) == 1 and between[0].folded in words.grammar


def _is_compound(line: Sequence[Lexeme], at: int, words: Counting) -> bool:
    """Whether a part of something is part of a word: "half-time", "quarter-final"."""
    if not is_dash(line, at + 1) or at + 2 >= len(line) or line[at].end != line[at + 2].start - 1:
        return False
    behind = line[at + 2]
    part = 0 < words.numbers.get(line[at].folded, 1) < 1 and behind.sort == "word"
    counts = behind.folded in words.scales or behind.folded in words.numbers
    return part and not counts and words.unit.at(line, at + 2) is None


def is_plural(word: str) -> bool:
    """Whether a word ends as plurals do in several languages."""
    return len(word) > 2 and word[-1] == "s" and word[-2] != "s"


def _dialled(line: Sequence[Lexeme], at: int) -> tuple[Amount, int] | None:
    """A number to dial: digits in groups behind "+" or beginning with 0, or in many groups."""
    if line[at].sort != "number":
        return None
    plus = at > 0 and line[at - 1].text == "+" and line[at - 1].end == line[at].start
    last, groups = at, 1
    for index in range(at + 1, min(at + _MOST_GROUPS, len(line))):
        if line[index].sort == "number":
            last, groups = index, groups + 1
        elif line[index].text not in _IN_DIALLED:
            break
    digits = "".join(filter(str.isdecimal, "".join(one.text for one in line[at : last + 1])))
    zero = digits.startswith("0") and line[at].text.isdecimal()
    if not _FEWEST_DIALLED <= len(digits) <= _MOST_DIALLED or not (plus or zero or groups > 3):
        return None
    value = Decimal(digits)
    start = line[at - 1].start if plus else line[at].start
    end = line[last].end
    return Amount("number", value, value, "", "", "", "", start, line[at].start, end), last + 1


def _of_duration(text: str) -> Decimal | None:
    """The seconds of "2:04:17"."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 4 for part in parts):
        return None
    hours, minutes, seconds = map(Decimal, parts)
    return (hours * _SIXTY + minutes) * _SIXTY + seconds


def _of_score(text: str) -> str:
    """The first number of a score ("3:1"), any other text as it is."""
    one, colon, other = text.partition(":")
    is_score = colon and one.isdecimal() and other.isdecimal() and len(text) <= _LONGEST_SCORE
    return one if is_score else text


def _spans(line: Sequence[Lexeme], lookup: Lookup) -> list[tuple[int, int, str]]:
    """First and last index and phrase of all that a lookup finds."""
    found = []
    after = 0
    for at in lookup.begins(line):
        hit = lookup.at(line, at) if at >= after else None
        if hit is not None:
            after = at + hit[0]
            found.append((at, after - 1, hit[1]))
    return found


@dataclass(slots=True)
class _Reader:
    line: Sequence[Lexeme]
    words: Counting
    bounds: list[tuple[int, int, str]]
    tolls: list[tuple[int, int, str]]

    def read(self, at: int) -> tuple[Amount, int] | None:
        """The amount that begins with lexeme `at`, and the index behind it."""
        line, words = self.line, self.words
        value, after = self.number(at)
        if value is None:
            return None
        low = high = value
        if line[at].text.count(":") == 1:
            low, high = (Decimal(part) for part in line[at].text.split(":"))
        if is_dash(line, after) and after + 1 < len(line) and line[after + 1].sort == "number":
            second, behind = self.number(after + 1)
            if second is not None and line[after - 1].end + 3 >= line[after + 1].start:
                high, after = second, behind
                if line[after - 1].folded in words.scales:
                    low *= words.scales[line[after - 1].folded]
        sort, unit, last = self.unit(at, after)
        end = line[last - 1].end
        if last == after:
            value, sort, unit, end = self.glued(after, value, sort, unit, end)
            low, high = (value, value) if low == high else (low, high)
        first = at
        if self.sign(at - 1):
            first = self.sign_start(at - 1)
            sort, unit = "money", self.sign(at - 1)
        bound, first = self.bound(first)
        start = line[first].start
        if sort == "number" and last == after and self.is_age(at, after, low):
            sort = "age"
        noun = self.noun(last) if sort == "number" else ""
        toll = "" if unit or low < 1 else self.toll(first, after)
        if sort == "number" and noun:
            sort = "quantity"
        if bound == "age":
            sort, bound = "age", ""
        return Amount(sort, low, high, unit, noun, toll, bound, start, line[at].start, end), last

    def counted(self, at: int) -> tuple[Amount, int] | None:
        """One of those whom harm befell, of whom an article tells: "un mort", "ein Toter"."""
        hit = self.words.toll.at(self.line, at + 1) if at + 1 < len(self.line) else None
        if hit is None:
            return None
        bound, first = self.bound(at)
        start, one = self.line[first].start, Decimal(1)
        each = self.line[at]
        toll = self.words.tolls[hit[1]]
        return Amount("number", one, one, "", "", toll, bound, start, each.start, each.end), at + 1

    def number(self, at: int) -> tuple[Decimal | None, int]:
        """The value that begins at a lexeme, with its scale words, and the index behind it."""
        line, words = self.line, self.words
        each = line[at]
        if each.sort == "number":
            value = _of_duration(each.text)
            if value is None:
                value = decimal_of(_of_score(each.text), words.comma_decimal)
            if value is None:
                return None, at + 1
            after = at + 1
        else:
            value, after = spelled(line, at, words.numbers, words.scales, words.grammar)
            if value is None:
                return None, at + 1
            if after < len(line) and (part := self.parts(line[after].folded)):
                return value * part, after + 1
        while after < len(line):
            scale = words.scales.get(line[after].folded)
            # "m" and "k" are scales of money; elsewhere they may be metres and kelvins
            if scale is None or (len(line[after].text) == 1 and not self.is_scale(at, after)):
                break
            value *= scale
            after += 1
        return value, after

    def parts(self, word: str) -> Decimal | None:
        """The value of one part in a fraction: "thirds", "quarters"."""
        value = self.words.numbers.get(word[:-1]) if word[-1] == "s" else None
        if value is None or 1 <= value < _PARTS:
            return None
        return value if value < 1 else 1 / value

    def is_scale(self, at: int, after: int) -> bool:
        """Whether a single letter is a scale: of money, or of a unit or things behind it."""
        if self.sign(at - 1):
            return True
        behind = after + 1
        if behind >= len(self.line) or self.line[behind].sort != "word":
            return False
        many = is_plural(self.line[behind].folded) and not self.grammatical(behind)
        return many or self.words.unit.at(self.line, behind) is not None

    def grammatical(self, at: int) -> bool:
        """Whether the lexeme at an index is a word of grammar."""
        return self.line[at].folded in self.words.grammar

    def sign(self, at: int) -> str:
        """The currency whose sign or name stands at an index before a number."""
        if at < 0:
            return ""
        each = self.line[at]
        if each.text in _SIGNS:
            return _SIGNS[each.text]
        name = self.words.currencies.get(each.folded, "")
        return name if name and each.text.isupper() else ""

    def sign_start(self, at: int) -> int:
        """The index where a currency's sign begins: "US$" is a word and a sign."""
        before = self.line[at - 1] if at > 0 else None
        glued = before is not None and before.sort == "word" and before.end == self.line[at].start
        return at - 1 if glued and self.line[at].text in _SIGNS else at

    def glued(
        self, after: int, value: Decimal, sort: Sort, unit: str, end: int
    ) -> tuple[Decimal, Sort, str, int]:
        """Scale and unit at the beginning of a run of letters without spaces ("3億円かかる")."""
        each = self.line[after] if after < len(self.line) else None
        if each is None or each.start != end or not is_unspaced(each.text[:1]):
            return value, sort, unit, end
        at = 0
        while hit := self.words.scale_prefix.match(each.folded, at):
            value *= self.words.scales[hit.group()]
            at = hit.end()
        if hit := self.words.currency_prefix.match(each.folded, at):
            return value, "money", self.words.currencies[hit.group()], each.start + hit.end()
        if hit := self.words.unit_prefix.match(each.folded, at):
            name = self.words.units[hit.group()]
            found: Sort = {"%": "percentage", "age": "age"}.get(name, "quantity")  # type: ignore[assignment]
            return value, found, "" if name == "age" else name, each.start + hit.end()
        return value, sort, unit, each.start + at if at else end

    def unit(self, at: int, after: int) -> tuple[Sort, str, int]:
        """Sort, unit and the index behind the unit."""
        line, words = self.line, self.words
        if after >= len(line):
            return "number", "", after
        each = line[after]
        glued = each.start == line[after - 1].end
        if each.text in _PER:
            return "percentage", _PER[each.text], after + 1
        if each.text in _SIGNS:
            return "money", _SIGNS[each.text], after + 1
        if glued and each.folded in _ORDINAL_ENDINGS and line[at].sort == "number":
            return "ordinal", "", after + 1
        start = after + 1 if is_dash(line, after) and after + 1 < len(line) else after
        hit = words.currency.at(line, start)
        if hit:
            return "money", words.currencies[hit[1]], start + hit[0]
        hit = words.unit.at(line, start)
        if hit:
            unit = words.units[hit[1]]
            if unit == "age":
                return "age", "", start + hit[0]
            return ("percentage" if unit == "%" else "quantity"), unit, start + hit[0]
        if each.text == "+" and glued:
            return "number", "", after + 1
        return "number", "", after

    def bound(self, first: int) -> tuple[str, int]:
        """What qualifies the number that begins at index `first`, and the index it begins at."""
        for start, last, phrase in self.bounds:
            if last == first - 1 or (
                last == first - 2 and self.line[first - 1].folded in ("a", "an")
            ):
                # Not behind "the": "about the two men" speaks of them, and counts nothing anew.
                return self.words.bounds[phrase], start
        return "", first

    def is_age(self, at: int, after: int, value: Decimal) -> bool:
        """Whether a bare number stands like an age: "Ann Lee, 43, said" or "Ann (43)"."""
        line = self.line
        if not (at > 1 and after < len(line) and 0 < value <= _OLDEST and line[at].text.isdigit()):
            return False
        before, name, behind = line[at - 1].text, line[at - 2], line[after].text
        if (before, behind) not in ((",", ","), ("(", ")"), (",", "."), ("（", "）")):
            return False
        named = name.sort == "word" and name.text[:1].isupper() and not name.text.isupper()
        return named and name.folded not in self.words.days

    def noun(self, after: int) -> str:
        """What is counted: of the words behind the number the first plural, or the first."""
        run: list[str] = []
        for each in self.line[after : after + _RUN]:
            if each.sort != "word" or each.folded in self.words.grammar:
                break
            run.append(each.folded)
        for word in run:
            if word in self.words.tolls:
                break
            if is_plural(word):
                return word
        return run[0] if run and run[0] not in self.words.tolls else ""

    def toll(self, at: int, after: int) -> str:
        """What became of those who are counted, by the nearest word that says so."""
        best: tuple[int, str] | None = None
        part = is_part(self.line, at, after)
        for start, last, phrase in self.tolls:
            if start >= after:
                between, behind = without_aside(self.line, after, start), 1
                if len(between) >= _NEAR:
                    break
            elif last < at:
                between, behind = range(last + 1, at), 2
                if at - last > _FAR:
                    continue
            else:
                continue
            if part and (last < at or any(self.line[i].text in _APART for i in between)):
                continue
            cost = behind
            for index in between:
                each = self.line[index]
                if each.sort in ("number", "line") or each.text in (".", "!", "?", ";"):
                    break
                cost += 1
                if each.folded in self.words.grammar or each.text in _APART:
                    cost += _GRAMMAR
            else:
                if best is None or cost < best[0]:
                    best = cost, self.words.tolls[phrase]
        return best[1] if best else ""
