"""The value of a number written in digits or spelled out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from watcher.core.findings.lexemes import Lexeme

_DASHES = frozenset("-–—‐‑−~〜～")
_SPACING = re.compile(r"['’٬ \u00a0\u2009\u202f]")
# Nobody reads more digits than this as a number.
_MOST_DIGITS = 30
_HUNDRED = Decimal(100)
PRONOUN = 4
"""Letters of the longest word for one that is an article or pronoun too ("one", "eine")."""


def is_dash(line: Sequence[Lexeme], at: int) -> bool:
    """Whether the lexeme at an index is a hyphen or dash."""
    return at < len(line) and line[at].text in _DASHES


def decimal_of(text: str, comma_decimal: bool | None) -> Decimal | None:
    """The value of digits with separators; None if they are no number ("1.2.3", "10:30").

    `comma_decimal` says whether the language sets decimals off by a comma; where that is not
    known, a single separator before three digits parts thousands.
    """
    if text.isdecimal():
        return Decimal(text) if len(text) <= _MOST_DIGITS else None
    if ":" in text or len(text) > 2 * _MOST_DIGITS:
        return None
    plain = _SPACING.sub("", text).replace("٫", ".")
    commas, stops = plain.count(","), plain.count(".")
    if commas and stops:
        mark = "," if plain.rindex(",") > plain.rindex(".") else "."
        if plain.count(mark) > 1:
            return None
        plain = plain.replace("." if mark == "," else ",", "").replace(mark, ".")
    elif commas or stops:
        mark = "," if commas else "."
        head, *groups = plain.split(mark)
        grouped = len(head) <= 3 and len(groups[-1]) == 3 and all(len(g) in (2, 3) for g in groups)
        if len(groups) > 1:
            if not grouped:
                return None
            plain = plain.replace(mark, "")
        elif grouped and head.strip("0") and comma_decimal is not (mark == ","):
            plain = plain.replace(mark, "")
        else:
            plain = plain.replace(mark, ".")
    if len(plain) > _MOST_DIGITS:
        return None
    return Decimal(plain)


def _and_half(
    line: Sequence[Lexeme], at: int, numbers: Mapping[str, Decimal], grammar: AbstractSet[str]
) -> int:
    """The index of "half" in "and a half", 0 if that does not stand at an index."""
    words = [each.folded for each in line[at : at + 3]]
    if len(words) == 3 and {*words[:2]} <= grammar and 0 < numbers.get(words[2], 1) < 1:
        return at + 2
    return 0


def spelled(
    line: Sequence[Lexeme],
    at: int,
    numbers: Mapping[str, Decimal],
    scales: Mapping[str, Decimal],
    grammar: AbstractSet[str],
) -> tuple[Decimal | None, int]:
    """The value of number words from an index on, and the index behind them.

    "one hundred and twelve", "twenty-five", "two dozen", "half a million", "hundred". Scale words
    behind it are left to the caller. A lone "one" before a word of grammar is no number.
    """
    total = numbers.get(line[at].folded)
    if total is None:
        return (scales[line[at].folded], at + 1) if line[at].folded in scales else (None, at + 1)
    after = at + 1
    last = total
    while after < len(line):
        step = after + 1 if is_dash(line, after) else after
        if total >= 1 and (half := _and_half(line, after, numbers, grammar)):
            return total + numbers[line[half].folded], half + 1
        if step < len(line) and line[step].folded in grammar and step == after:
            # "hundred and five", "half a million": one word of grammar, only inside of a number
            beyond = step + 1
            if total < 1 and beyond + 1 < len(line) and line[beyond].folded in grammar:
                beyond += 1  # "a quarter of a million"
            word = line[beyond].folded if beyond < len(line) else ""
            joins = word in numbers and numbers[word] < last and total >= _HUNDRED
            if not joins and not (word in scales and total < 1):
                break
            step = beyond
        if step >= len(line):
            break
        word = line[step].folded
        value = numbers.get(word)
        if value is None:
            scale = scales.get(word)
            if scale is None or scale > _HUNDRED or not (step == after or total < 1):
                if scale is not None and total < 1:
                    return total, step
                break
            total, last = total * scale, scale
        elif value < last and last >= 10 and (last % 10 == 0 or last >= _HUNDRED):
            total, last = total + value, value
        elif value == _HUNDRED and total < _HUNDRED:
            total, last = total * value, value
        else:
            break
        after = step + 1
    if total == 1 and after == at + 1 and len(line[at].text) <= PRONOUN:
        following = line[after] if after < len(line) else None
        if following is None or following.sort != "word" or following.folded in grammar:
            return None, after
    return total, after
