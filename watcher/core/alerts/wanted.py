"""Words and patterns that an alert looks for in what a change added or removed. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Literal

from watcher.core.model import Change
from watcher.core.patterns import fold
from watcher.core.words import side, words

MOST_REPEATS = 2
"""Repeats of open length in a pattern: with one more, a page could cost it seconds."""

_WINDOW = 300
_STEP = 200
_AROUND = _WINDOW - _STEP
"""A pattern is looked for in pieces of so many characters, lest its time grow with a power of the
text's length. They overlap, so that a match of up to _AROUND characters is found wherever it is."""

_MOST_TEXT = 20_000
"""Characters of a change, on one side, in which patterns are looked for."""

# Scripts without spaces have no words that could go on.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffef"
_GOES_ON = r"[\w\u0300-\u036f\u0900-\u0dff]"

Which = Literal[-1, 1]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text on one side of a change, and the ranges of it that stand on that side alone, in
    order."""

    text: str
    fresh: tuple[Range, ...]

    def touches(self, start: int, end: int) -> bool:
        """Whether any of these characters is fresh."""
        at = bisect_right(self.fresh, start, key=itemgetter(1))
        return at < len(self.fresh) and self.fresh[at][0] < end


def passages(change: Change, which: Which) -> tuple[Passage, ...]:
    """What a change added (1) or removed (-1), with the words around it that stayed.

    Paragraphs, headline and notices; a paragraph that only moved is none.
    """
    texts = [edit.words for edit in change.edits if edit.op != "equal"]
    if change.headline is not None:
        texts.append(words(*change.headline))
    texts += [words(notice.old or "", notice.new or "") for notice in change.notices]
    found = (Passage(side(steps, which), _fresh(steps, which)) for steps in texts)
    return tuple(passage for passage in found if passage.fresh)


def _fresh(steps: Iterable[tuple[int, str]], which: Which) -> tuple[Range, ...]:
    ranges, at = [], 0
    for op, text in steps:
        if op == which and text.strip():
            ranges.append((at, at + len(text)))
        if op in (0, which):
            at += len(text)
    return tuple(ranges)


def found_in(wanted: str, where: Iterable[Passage]) -> str | None:
    """The words found, as they stand there; None if they are not.

    `wanted` is /a pattern/, or words: then all of them must stand in one passage, in any order. At
    least one character of what is found must be fresh. Case counts nowhere, nor do accents and
    kinds of quotation marks in words.
    """
    if is_pattern(wanted):
        return _pattern_in(wanted, where)
    return next((found for each in where if (found := _words_in(wanted, each)) is not None), None)


def shown(wanted: str) -> str:
    """As people read it: words in quotation marks, a pattern as it is."""
    return wanted if is_pattern(wanted) else f'"{wanted}"'


def is_pattern(wanted: str) -> bool:
    """Whether it is written as a pattern."""
    return len(wanted) > 2 and wanted[0] == wanted[-1] == "/"


def _words_in(wanted: str, passage: Passage) -> str | None:
    folded, fresh, shown = fold(passage.text), False, []
    for expression in _expressions(wanted):
        first = None
        for match in expression.finditer(folded):
            touched = passage.touches(*match.span())
            if first is None or touched:
                first = match.span()
            if touched:
                fresh = True
                break
        if first is None:
            return None
        shown.append(passage.text[slice(*first)])
    return " ".join(shown) if fresh and shown else None


@lru_cache(1024)
def _expressions(wanted: str) -> tuple[re.Pattern[str], ...]:
    """One for each word; each linear in the text."""
    return tuple(
        re.compile(
            ("" if re.match(f"[{_UNSPACED}]", word) else rf"(?<!{_GOES_ON})")
            + re.escape(word)
            + ("" if re.search(f"[{_UNSPACED}]$", word) else rf"(?!{_GOES_ON})")
        )
        for word in fold(wanted).split()
    )


def _pattern_in(wanted: str, where: Iterable[Passage]) -> str | None:
    expression, left = _compiled(wanted), _MOST_TEXT
    for passage in where:
        for start, end in _pieces(passage):
            if left <= 0:
                return None
            left -= end - start
            for match in expression.finditer(passage.text, start, end):
                if (
                    match[0]
                    and passage.touches(*match.span())
                    and (match.end() < end or _goes_on(expression, passage.text, *match.span()))
                ):
                    return match[0]
    return None


def _goes_on(expression: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether a match that ends where its piece does is one as well where the text goes on.

    "car" is found at the end of a piece that cuts "caravan", by a pattern that wants a whole word:
    that is none. A pattern such as "hospital.*" ends there wherever the text is cut. Looked at are
    two ends, lest one of them happens to be what a pattern wants at the end of a text.
    """
    ends = {min(len(text), end + more) for more in (_AROUND - 1, _AROUND)}
    return all((found := expression.match(text, start, each)) and found[0] for each in ends)


@lru_cache(1024)
def _compiled(wanted: str) -> re.Pattern[str]:
    return re.compile(wanted[1:-1], re.IGNORECASE)


def _pieces(passage: Passage) -> Iterator[Range]:
    """Overlapping pieces of the text around what is fresh, each once."""
    whole, at = len(passage.text), 0
    for first, last in passage.fresh:
        at, stop = max(at, first - _AROUND), min(whole, last + _AROUND)
        while at < stop:
            end = min(whole, at + _WINDOW)
            yield at, end
            if end == whole:
                return
            at += _STEP
