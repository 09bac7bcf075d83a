"""A page's source, and where in it the texts stand that people see."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"<!--.*?-->"
    r"|<(script|style|noscript|template|svg|iframe|textarea|title|select|button)\b[^>]*>"
    r".*?</\1\s*>"
    r"|<[a-zA-Z/!?](?:\"[^\"]*\"|'[^']*'|[^\"'>])*>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
_HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1\s*>", re.DOTALL | re.IGNORECASE)
_SHORTEST = 8


@dataclass(frozen=True)
class Span:
    """Where one text stands: from `start` to `end` in the source. `spots` are the places of its
    letters and digits that stand there as such, not as character references."""

    start: int
    end: int
    spots: tuple[int, ...]


@dataclass
class Source:
    """A decoded page with its visible letters and where they come from."""

    html: str
    letters: str = ""
    places: list[int] = field(default_factory=list)
    segments: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        at = 0
        for token in _TOKEN.finditer(self.html):
            if token.start() > at:
                self.segments.append((at, token.start()))
            at = token.end()
        if at < len(self.html):
            self.segments.append((at, len(self.html)))
        body = re.search("<body", self.html, re.IGNORECASE)
        first = body.start() if body else 0
        self.segments = [(a, b) for a, b in self.segments if a >= first]
        pieces: list[str] = []
        for start, end in self.segments:
            self._add(start, end, pieces)
        self.letters = "".join(pieces)
        # a reference is one letter at the place of its "&"
        self._plain = [self.html[place] != "&" for place in self.places]

    def _add(self, start: int, end: int, pieces: list[str]) -> None:
        at = start
        for entity in (*_ENTITY.finditer(self.html, start, end), None):
            stop = entity.start() if entity else end
            for place in range(at, stop):
                for letter in letters_of(self.html[place]):
                    pieces.append(letter)
                    self.places.append(place)
            if entity:
                for letter in letters_of(html.unescape(entity[0])):
                    pieces.append(letter)
                    self.places.append(entity.start())
                at = entity.end()

    def find(self, text: str, after: int = 0, before: int | None = None) -> Span | None:
        """The first place of a text at or after an offset of the source."""
        wanted = letters_of(text)
        if len(wanted) < _SHORTEST:
            return None
        first = bisect_left(self.places, after)
        last = len(self.places) if before is None else bisect_right(self.places, before)
        at = self.letters.find(wanted, first, last)
        if at < 0:
            return None
        inside = range(at, at + len(wanted))
        spots = tuple(dict.fromkeys(self.places[i] for i in inside if self._plain[i]))
        return Span(self.places[at], self.places[inside[-1]] + 1, spots)

    def text(self, span: Span) -> str:
        """The text of a span, without what is no text."""
        at = [bisect_left(self.places, place) for place in (span.start, span.end)]
        return self.letters[at[0] : at[1]]

    def headlines(self, text: str) -> list[Span]:
        """Everywhere the headline stands, if it does in an h1: some pages show it twice or more,
        in a heading, in a trail of links, hidden for small screens."""
        spans: list[Span] = []
        at = 0
        while (span := self.find(text, at)) is not None:
            spans.append(span)
            at = span.end
        tops = [heading.span() for heading in _HEADING.finditer(self.html)]
        return spans if any(a < span.start < b for span in spans for a, b in tops) else []

    def paragraphs(self, texts: list[str]) -> list[Span]:
        """Where these texts stand, without those that `why_not` gives a reason for."""
        spans: list[Span] = []
        at = 0
        for text in texts:
            if self.why_not(text):
                continue
            span = self.find(text, at) or self.find(text)
            if span is not None:
                spans.append(span)
                at = max(at, span.end)
        return spans

    def why_not(self, text: str) -> str:
        """Why a text cannot be mutated, empty if it can."""
        wanted = letters_of(text)
        if len(wanted) < _SHORTEST:
            return f"shorter than {_SHORTEST} letters"
        count = self.letters.count(wanted)
        if count != 1:
            return "in several places of the source" if count else "not in the source's text"
        span = self.find(text)
        return "" if span is not None and span.spots else "character references alone"


def letters_of(text: str) -> str:
    """Letters and digits alone, compatibility forms undone, case folded."""
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded))
