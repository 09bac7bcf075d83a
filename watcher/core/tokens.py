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
    return _whole_graphemes(text, parts) if _UNSURE.search(text) else parts


def _whole_graphemes(text: str, parts: list[str]) -> list[str]:
    # A word boundary may fall inside a grapheme (Thai SARA AM, some conjoined signs).
    starts = {match.start() for match in _GRAPHEME.finditer(text)}
    whole: list[str] = []
    at = 0
    for part in parts:
        if at in starts or not whole:
            whole.append(part)
        else:
            whole[-1] += part
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
