"""Cuts text into words after Unicode Standard Annex #29, never through a grapheme."""

from __future__ import annotations

import re
import unicodedata

import regex

# V1 and the w flag make \b the default Unicode word boundary instead of \w against \W, which
# would break Hindi vowel signs, decomposed accents and "can't".
_BOUNDARY = regex.compile(r"(?V1w)\b")
_GRAPHEME = regex.compile(r"\X")
# Letters and marks that begin a grapheme wherever they stand: only a text with others needs
# the slow check. Latin, Greek, Cyrillic, Hebrew and Arabic letters, punctuation, Chinese,
# Japanese and Korean without combining marks.
_UNSURE = regex.compile(
    r"[^\x00-\u02ff\u0370-\u0482\u048a-\u052f\u05d0-\u05ea\u0621-\u064a\u2010-\u2027\u2030-\u205e"
    r"\u20a0-\u20c0\u2190-\u21ff\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]"
)
_SPACE = re.compile(r"\s+")

# One number that the boundaries of words would cut: "10:30", and thousands set off by spaces.
_NUMBER = re.compile(
    r"(?<![\d.,:])(?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d{1,2}(?::\d{2})+)(?![\d:])"
)

# The same words in plain ASCII, lower case, five times faster; for likeness that is enough.
_ASCII_WORDS = re.compile(r"[a-z0-9_]+(?:(?:['.]|(?<=[0-9]),(?=[0-9]))[a-z0-9_]+)*")

# Quotation marks and dashes that typography swaps freely without changing what is said.
_TYPOGRAPHY = str.maketrans("‘’‚‛“”„‟«»‹›–—‑−\u00ad", "''''\"\"\"\"\"\"''----\u00ad", "\u00ad")


def tokens(text: str) -> list[str]:
    """The words, spaces and punctuation marks of a text; joined they are the text again.

    Scripts without spaces come out in single characters (Han, Hiragana, Thai), always whole
    graphemes.
    """
    parts = [part for part in _BOUNDARY.split(text) if part]
    inside: set[int] = set()
    if _UNSURE.search(text):
        # A word boundary may fall inside a grapheme (Thai SARA AM, some conjoined signs).
        inside = set(range(len(text))) - {match.start() for match in _GRAPHEME.finditer(text)}
    for match in _NUMBER.finditer(text):
        inside.update(range(match.start() + 1, match.end()))
    return _uncut(parts, inside) if inside else parts


def _uncut(parts: list[str], inside: set[int]) -> list[str]:
    """The parts, joined where a cut is at one of the offsets `inside`."""
    whole: list[str] = []
    at = 0
    for part in parts:
        if whole and at in inside:
            whole[-1] += part
        else:
            whole.append(part)
        at += len(part)
    return whole


def words_of(text: str) -> list[str]:
    """What a paragraph says, for likeness only: case-folded words without spaces and marks.

    A text without any letter or digit ("* * *", emoji) gives its marks instead, so that it is
    still like itself.
    """
    plain = text if text.isascii() else fold(text)
    if plain.isascii():
        said = _ASCII_WORDS.findall(plain.lower())
        return said or plain.split()
    every = [token for token in tokens(plain.casefold()) if not token.isspace()]
    return [token for token in every if any(map(str.isalnum, token))] or every


def fold(text: str) -> str:
    """The text without differences that are only typographic: white space, Unicode form,
    the shape of quotation marks and dashes."""
    if text.isascii():
        return " ".join(text.split())
    folded = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    return _SPACE.sub(" ", folded).strip()


def without_form(text: str) -> str:
    """The text without white space differences and in one Unicode form: what it says, to a sign."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
