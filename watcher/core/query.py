"""What a search asks for: words, phrases and operators as people type them, and what they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from watcher.errors import BadQuery

NEAR = 10
"""Words that may stand between those of NEAR, if it names no number."""

_DEEPEST = 32
_LONGEST = 10_000
_QUOTES = {'"': '"', "“": "”", "„": "”“"}
_NEAR = re.compile(r"NEAR\s*\(")
_DISTANCE = re.compile(r"\s*,\s*([0-9]+)\s*\)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand in this order beside each other; one word alone is a phrase as well.

    Case, accents and the marks between words do not count. With `prefix` the last word may go on.
    """

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """All phrases, in any order, with at most `distance` words between the first and the last."""

    phrases: tuple[Phrase, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part stands in the text."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One part or more stands in the text."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The one stands in the text, the other does not."""

    wanted: Query
    unwanted: Query


Query = Phrase | Near | All | Any | Without


def parse_query(text: str) -> Query:
    """What a search asks for. Raises BadQuery with the position of what cannot be understood.

    Words stand for texts that hold all of them. `"…"` is a phrase, `word*` a beginning,
    `NEAR(a b, 5)` words at most five others apart; OR, NOT and AND are operators in capitals,
    parentheses group. A NOT takes away from all that stands before it, OR binds least. Any other
    sign is part of a word, and says no more than a space does: apostrophes, hyphens and URLs need
    no quotes.
    """
    if len(text) > _LONGEST:
        raise BadQuery(_LONGEST + 1, f"a search has at most {_LONGEST} characters")
    return _Parser(text).whole()


def says_something(text: str) -> bool:
    """True if a text holds a letter or digit: what a search can look for."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


@dataclass(slots=True)
class _Parser:
    text: str
    at: int = 0

    def whole(self) -> Query:
        found = self._either(0)
        if self.at < len(self.text):
            self._fail("this parenthesis closes nothing; put it in quotes to look for it")
        if found is None:
            self._fail("there is no letter or digit to look for", 0)
        return found

    def _either(self, depth: int) -> Query | None:
        parts = [self._chain(depth)]
        while (at := self._operator("OR")) is not None:
            if parts[-1] is None:
                self._fail('OR needs words before it; for the word itself write "OR"', at)
            parts.append(self._chain(depth))
            if parts[-1] is None:
                self._fail('OR needs words behind it; for the word itself write "OR"', at)
        kept = [part for part in parts if part is not None]
        if len(kept) < 2:
            return kept[0] if kept else None
        return Any(tuple(kept))

    def _chain(self, depth: int) -> Query | None:
        """Words that all must be there, less those behind NOT."""
        parts: list[Query] = []
        while True:
            name = "NOT"
            at = self._operator(name)
            if at is None:
                name = "AND"
                at = self._operator(name)
            if at is not None and not parts:
                self._fail(f'{name} needs words before it; for the word itself write "{name}"', at)
            is_there, part = self._unit(depth)
            if at is not None and part is None:
                self._fail(f'{name} needs words behind it; for the word itself write "{name}"', at)
            if not is_there:
                break
            if part is not None and at is not None and name == "NOT":
                parts = [Without(_all(parts), part)]
            elif part is not None:
                parts.append(part)
        return _all(parts) if parts else None

    def _unit(self, depth: int) -> tuple[bool, Query | None]:
        """Whether anything stands here, and what it asks for: punctuation asks for nothing."""
        self._skip_space()
        start = self.at
        if self._at_end() or self._here(")") or self._is_operator("OR"):
            return False, None
        near = _NEAR.match(self.text, self.at)
        if near is not None:
            self.at = near.end()
            return True, self._near(start)
        if self._here("("):
            if depth == _DEEPEST:
                self._fail(f"parentheses are nested deeper than {_DEEPEST}")
            self.at += 1
            found = self._either(depth + 1)
            if not self._here(")"):
                self._fail("this parenthesis is never closed", start)
            self.at += 1
            return True, found
        return True, self._phrase(lambda: False)

    def _near(self, start: int) -> Near:
        phrases: list[Phrase] = []
        distance = NEAR
        while True:
            number = _DISTANCE.match(self.text, self.at)
            if number is not None:
                if len(number[1]) > 4:
                    self._fail("NEAR takes a number of up to 4 digits", number.start(1))
                distance, self.at = int(number[1]), number.end()
                break
            self._skip_space()
            if self._at_end():
                self._fail("the parenthesis of this NEAR is never closed", start)
            if self._here(")"):
                self.at += 1
                break
            if self.text.startswith(",", self.at):
                self._fail("behind its comma NEAR takes a number, as in NEAR(a b, 5)")
            if self._here("("):
                self._fail("NEAR takes words and phrases, no parentheses")
            phrase = self._phrase(lambda: self.text.startswith(",", self.at))
            if phrase is not None:
                phrases.append(phrase)
        if len(phrases) < 2:
            self._fail("NEAR needs two words or more, as in NEAR(a b, 5)", start)
        return Near(tuple(phrases), distance)

    def _phrase(self, ends: Callable[[], bool]) -> Phrase | None:
        start = self.at
        closing = _QUOTES.get(self.text[self.at])
        if closing is not None:
            self.at += 1
            while not self._at_end() and self.text[self.at] not in closing:
                self.at += 1
            if self._at_end():
                self._fail("this quotation mark is never closed", start)
            said = self.text[start + 1 : self.at]
            self.at += 1
            prefix = self._here("*")
            self.at += prefix
        else:
            said = self._word(ends)
            prefix = said.endswith("*")
        if not says_something(said):
            if prefix:
                self._fail("a * needs the beginning of a word before it", start)
            return None
        return Phrase(said.rstrip("*") if closing is None else said, prefix)

    def _word(self, ends: Callable[[], bool]) -> str:
        """Up to a space, a quotation mark, or a parenthesis that the word did not open."""
        start, opened = self.at, 0
        while not self._at_end() and not self.text[self.at].isspace():
            char = self.text[self.at]
            if char in _QUOTES or (char == ")" and not opened) or (not opened and ends()):
                break
            opened += (char == "(") - (char == ")")
            self.at += 1
        if opened:
            # Opened and not closed: a group may begin behind a word.
            self.at = self.text.index("(", start, self.at)
        return self.text[start : self.at]

    def _operator(self, name: str) -> int | None:
        """The position of an operator that stands here, which is passed over; None if none does."""
        self._skip_space()
        start = self.at
        if not self._is_operator(name):
            return None
        self.at += len(name)
        return start

    def _is_operator(self, name: str) -> bool:
        end = self.at + len(name)
        after = self.text[end : end + 1]
        return self.text.startswith(name, self.at) and (
            not after or after.isspace() or after in "()" or after in _QUOTES
        )

    def _skip_space(self) -> None:
        while not self._at_end() and self.text[self.at].isspace():
            self.at += 1

    def _at_end(self) -> bool:
        return self.at >= len(self.text)

    def _here(self, char: str) -> bool:
        return self.text.startswith(char, self.at)

    def _fail(self, why: str, at: int | None = None) -> NoReturn:
        raise BadQuery((self.at if at is None else at) + 1, why)


def _all(parts: list[Query]) -> Query:
    return parts[0] if len(parts) == 1 else All(tuple(parts))
