"""Whether the fast parse saw all that an extraction took from a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from watcher.core.text import clean, letters_and_digits
from watcher.core.urls import link_form

_MAX_PIECES = 6
# What an extraction leaves out inside a paragraph is a button or a line, no more.
_MAX_GAP = 400
_SHORTEST_PIECE = 12


@dataclass(frozen=True, slots=True)
class PageText:
    """What the fast parse saw: the fingerprint, the pieces of the text as they stand in the page,
    the metadata's values, where links lead."""

    fingerprint: str
    pieces: tuple[str, ...]
    values: frozenset[str]
    links: tuple[str, ...] = ()

    def covers(
        self, texts: Iterable[str], sources: Iterable[str], links: frozenset[str] = frozenset()
    ) -> bool:
        """True if every text, metadata source and link (by its form) stands in what was
        fingerprinted.

        Compared are letters and digits in order. A text may be found in a few pieces, since an
        extraction may leave out something that stands inside a paragraph.
        """
        if not all(_leads(self.links, form) for form in links):
            return False
        # most are a piece of their own, which is told before anything is cleaned
        pieces = frozenset(self.pieces)
        missing = [cleaned for cleaned in map(clean, texts) if cleaned not in pieces]
        missing.extend(s for s in sources if s not in self.values and s not in pieces)
        text = " ".join(self.pieces)
        missing = [sought for sought in missing if sought not in text]
        if not missing:
            return True
        text = clean(text)
        missing = [sought for sought in missing if sought not in text]
        if not missing:
            return True
        letters = _letters(text)
        backwards = letters[::-1]
        # backwards too, as the first piece may be a word or two, which stand in many places
        return all(
            _found(sought, letters) or _found(sought[::-1], backwards)
            for sought in map(_letters, missing)
        )


def _leads(hrefs: Iterable[str], form: str) -> bool:
    # the end of a path stands in all forms of a link, and in few other links
    end = form.partition("?")[0].rpartition("/")[2]
    return any(link_form(href) == form for href in hrefs if end in href)


def _letters(text: str) -> str:
    # an extraction may have raised or lowered figures that the page marks so
    return letters_and_digits(text if text.isascii() else normalize("NFKC", text)).casefold()


def _found(text: str, seen: str) -> bool:
    """True if `text` stands in `seen` in at most a few pieces, in order and near each other."""
    rest, start, end = text, 0, len(seen)
    for _ in range(_MAX_PIECES):
        at = seen.find(rest, start, end)
        if at >= 0:
            return True
        length = _longest_prefix(rest, seen, start, end)
        if length < min(_SHORTEST_PIECE, len(rest)):
            return False
        start = seen.find(rest[:length], start, end) + length
        rest = rest[length:]
        end = start + _MAX_GAP + len(rest)
    return False


def _longest_prefix(text: str, seen: str, start: int, end: int) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if seen.find(text[:middle], start, end) >= 0:
            low = middle
        else:
            high = middle - 1
    return low
