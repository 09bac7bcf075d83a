"""A quick cut of text into numbers, words and marks with their places, for the rules of findings.

tokens.py cuts by the letter of Unicode's annex, so that a word diff breaks nothing a reader sees.
Rules ask what words stand near a change: a plain cut is enough for that, and ten times faster.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Sort = Literal["number", "word", "mark", "line"]

# Signs that combine with letters in Greek, Hebrew, Arabic and Indic scripts, Thai and Burmese:
# \w leaves them out, and would cut words at them.
_JOINED = (
    "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0903\u093a-\u093c\u093e-\u094f"
    "\u0951-\u0957\u0981-\u0983\u09bc\u09be-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd\u0b3c-\u0b4d"
    "\u0bbe-\u0bcd\u0c3e-\u0c4d\u0cbc-\u0ccd\u0d3e-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u102b-\u103e"
)
# Arabic writes "and" and "so" as a letter of the next word.
_PROCLITICS = frozenset("وف")
_LETTERS = rf"[^\W\d_]++(?:[{_JOINED}\u200c\u200d]++[^\W\d_]*+)*+"
_LEXEME = re.compile(
    # thousands set off by spaces or apostrophes; else digits with separators inside
    r"(?P<number>\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}(?!\d))++(?:[.,]\d++)?+"
    r"|\d++(?:[.,:٫٬'’]\d++)*+)"
    rf"|(?P<word>[^\W\d_](?:\.[^\W\d_])++\.?+(?!\w)|{_LETTERS}(?:['’ʼ]{_LETTERS})*+)"
    r"|(?P<line>\n)|(?P<mark>\S)"
)


_WORD = re.compile(
    r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}(?!\d))++(?:[.,]\d++)?+|\d++(?:[.,:٫٬'’]\d++)*+"
    rf"|[^\W\d_](?:\.[^\W\d_])++\.?+(?!\w)|{_LETTERS}(?:['’ʼ]{_LETTERS})*+"
)


class Lexeme(NamedTuple):
    """A number, word or mark; `folded` is its text as word lists have it (lexicon.plain). A line
    feed is one of its own."""

    sort: Sort
    start: int
    end: int
    text: str
    folded: str


def lexemes(text: str, start: int = 0, end: int | None = None) -> list[Lexeme]:
    """The lexemes of `text[start:end]`, with their places in `text`."""
    stop = len(text) if end is None else end
    found: list[Lexeme] = []
    add, make = found.append, tuple.__new__  # a third of the time of Lexeme(…)
    for match in _LEXEME.finditer(text, start, stop):
        said = match.group()
        folded = said.casefold()
        if not said.isascii():
            folded = folded.replace("’", "'")
        begin, after = match.span()
        add(make(Lexeme, (match.lastgroup, begin, after, said, folded)))
    return found


def words_in(text: str) -> list[str]:
    """The numbers and words of a text, folded: what lexemes() has of them, without places."""
    if not text.isascii():
        text = text.replace("’", "'")
    return _WORD.findall(text.casefold())


def first_from(line: Sequence[Lexeme], place: int) -> int:
    """The index of the first lexeme that ends behind `place`."""
    return bisect_left(line, place + 1, key=lambda each: each.end)


class Lookup:
    """Phrases of one or more words found in lexemes, the longest first."""

    __slots__ = ("_alone", "_ascii", "_longer", "_unspaced", "heads")

    def __init__(self, phrases: Iterable[str]) -> None:
        alone: dict[str, str] = {}
        longer: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
        unspaced: list[str] = []
        for phrase in phrases:
            parts = tuple(each.folded for each in lexemes(phrase))
            if not parts:
                continue
            if is_unspaced(phrase):
                unspaced.append(phrase.casefold())
            if len(parts) == 1:
                alone.setdefault(parts[0], phrase)
            else:
                by_second = longer.setdefault(parts[0], {})
                by_second.setdefault(parts[1], []).append((parts[2:], phrase))
        for by_second in longer.values():
            for found in by_second.values():
                found.sort(key=lambda each: -len(each[0]))
        # Many phrases begin alike ("was held", "was lifted"): two words leave few to compare.
        self._alone, self._longer = alone, longer
        self.heads = frozenset(alone) | frozenset(longer)
        """The first words of the phrases."""
        # Only phrases of other letters can stand behind a proclitic, or within a run of letters.
        self._ascii = all(map(str.isascii, self.heads))
        # Scripts without spaces: a phrase stands anywhere within a run of letters.
        longest = sorted(unspaced, key=lambda each: (-len(each), each))
        self._unspaced = re.compile("|".join(map(re.escape, longest))) if longest else None

    def at(self, line: Sequence[Lexeme], index: int) -> tuple[int, str] | None:
        """How many lexemes from `index` on are a phrase, and which; None if none begins here."""
        folded = line[index].folded
        if folded not in self.heads and folded[0] in _PROCLITICS and len(folded) > 3:
            folded = folded[1:]
        by_second = self._longer.get(folded)
        if by_second is not None and index + 1 < len(line):
            for rest, phrase in by_second.get(line[index + 1].folded, ()):
                size = len(rest) + 2
                if not rest or rest == tuple(
                    [each.folded for each in line[index + 2 : index + size]]
                ):
                    return size, phrase
        phrase = self._alone.get(folded, "")
        return (1, phrase) if phrase else None

    def begins(self, line: Sequence[Lexeme]) -> list[int]:
        """The indexes at which a phrase may begin."""
        heads, alone, longer = self.heads, self._alone, self._longer
        if not self._ascii:
            return [
                at for at, one in enumerate(line) if one.folded in heads or not one.text.isascii()
            ]
        last = len(line) - 1
        return [
            at
            for at, one in enumerate(line)
            if one.folded in heads
            and (one.folded in alone or (at < last and line[at + 1].folded in longer[one.folded]))
        ]

    def spans(self, line: Sequence[Lexeme]) -> list[tuple[int, int, str]]:
        """Start, end and folded text of every phrase in the lexemes; none overlaps another."""
        found: list[tuple[int, int, str]] = []
        after = 0
        for index in self.begins(line):
            if index < after:
                continue
            one = line[index]
            hit = self.at(line, index)
            if hit:
                after = index + hit[0]
                said = " ".join([each.folded for each in line[index:after]])
                found.append((one.start, line[after - 1].end, said))
            elif self._unspaced and one.sort == "word" and not one.text.isascii():
                found += (
                    (one.start + hit.start(), one.start + hit.end(), hit.group())
                    for hit in self._unspaced.finditer(one.folded)
                )
        return found

    def __contains__(self, folded: object) -> bool:
        return folded in self._alone


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]")


def is_unspaced(text: str) -> bool:
    """Whether the text is of a script that sets no spaces between words."""
    return _UNSPACED.search(text) is not None
