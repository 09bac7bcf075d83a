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
# Two letters of these are a flag. The library goes back over all of a run from each of them.
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]{64,}")
# Format characters that show nothing: soft hyphens, zero-width spaces, joiners of words, marks of
# direction. Not ZWJ and ZWNJ, which change the shape of letters and emoji, nor the tags of flags.
_INVISIBLE = regex.compile(r"(?V1)[\p{DI}&&\p{Cf}--[\u200c\u200d\U000e0020-\U000e007f]]")

# What the boundaries of words would cut, though nobody reads it in parts: numbers with their sign
# ("-5"), times ("10:30"), thousands set off by spaces, ranges, scores and dates ("12–15", "2-1",
# "2025-01-11"); and letters with full stops, the last one too ("U.N.", "a.m.").
_NUMERAL = r"(?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*)"
_NUMBER = re.compile(rf"{_NUMERAL}(?:[-‐‑–−/]{_NUMERAL})*")
_SIGNS = frozenset("-−–+")
_BEFORE_A_SIGN = frozenset("([{“„‘'\"«")
_ABBREVIATION = re.compile(r"\.(?<=[^\W\d_]\.)(?<![\w.].\.)(?:[^\W\d_]\.)+(?:[^\W\d_](?!\w))?")

# Thai, Lao, Khmer and Myanmar are written without spaces, and \b would cut between any two
# letters. These stay together: a vowel written before its consonant (and one with the consonants
# ล ร ว after it), vowels written after it, the consonant that some vowels need to end in, a
# silenced letter, a letter put below another. After the character clusters of Theeramunkong et
# al., "Character cluster based Thai information retrieval" (2000), the rules that never cut a word.
_CLUSTER = regex.compile(
    r"[\u0e40-\u0e44\u0ec0-\u0ec4]?[\u0e01-\u0e2e\u0e81-\u0eae\u0edc-\u0edf]\p{M}*"
    r"(?:(?<=[\u0e40-\u0e44\u0ec0-\u0ec4]\X)[รลวຣລວ]\p{M}+)?"
    r"(?:(?<=[\u0e31\u0e37\u0e47\u0eb1\u0eb7\u0ebb]\p{M}*)[\u0e01-\u0e2e\u0e81-\u0eae]\p{M}*"
    r"|(?<=\u0e40.\u0e35\p{M}*)ย)?"
    r"[\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0eb0\u0eb2\u0eb3\u0ebd\u0ec6]*"
    r"(?:[\u0e01-\u0e2e]\p{M}*\u0e4c)*"
    r"|[\u1780-\u17a2]\p{M}*(?:(?<=\u17d2)[\u1780-\u17a2]\p{M}*)*"
    r"|[\u1000-\u102a\u103f]\p{M}*(?:(?<=\u1039)[\u1000-\u1021]\p{M}*)*"
    r"(?:[\u1000-\u1021]\u103a\p{M}*)*"
)
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")

# The same words in plain ASCII, lower case, five times faster; for likeness that is enough.
_ASCII_WORDS = re.compile(r"[a-z0-9_]+(?:(?:['.]|(?<=[0-9]),(?=[0-9]))[a-z0-9_]+)*")

# Quotation marks and dashes that typography swaps freely without changing what is said.
_TYPOGRAPHY = str.maketrans("‘’‚‛“”„‟«»‹›–—‑−\u00ad", "''''\"\"\"\"\"\"''----\u00ad", "\u00ad")


def tokens(text: str) -> list[str]:
    """The words, spaces and punctuation marks of a text; joined they are the text again.

    Scripts without spaces come out in single characters (Han, Hiragana) or clusters of them that
    are never parted (Thai, Lao, Khmer, Myanmar), always whole graphemes.
    """
    found: list[str] = []
    at = 0
    for run in _FLAGS.finditer(text):
        # The first flag may belong to what stands before, the last to what comes behind.
        start, stop = run.start() + 2, run.end() - 2 - (run.end() - run.start()) % 2
        found += _tokens(text[at:start])
        found += (text[flag : flag + 2] for flag in range(start, stop, 2))
        at = stop
    return [*found, *_tokens(text[at:])] if at else _tokens(text)


def _tokens(text: str) -> list[str]:
    parts = [part for part in _BOUNDARY.split(text) if part]
    inside: set[int] = set()
    if _UNSURE.search(text):
        # A word boundary may fall inside a grapheme (Thai SARA AM, some conjoined signs).
        inside = set(range(len(text))) - {match.start() for match in _GRAPHEME.finditer(text)}
        if _SPACELESS.search(text):
            for match in _CLUSTER.finditer(text):
                inside.update(range(match.start() + 1, match.end()))
    for found in _NUMBER.finditer(text):
        inside.update(range(found.start() + (not _has_sign(text, found.start())), found.end()))
    for found in _ABBREVIATION.finditer(text):
        inside.update(range(*found.span()))
    return _uncut(parts, inside) if inside else parts


def _has_sign(text: str, at: int) -> bool:
    """Whether the number that begins at `at` has a sign: not a hyphen or dash after a word."""
    if at == 0 or text[at - 1] not in _SIGNS:
        return False
    return at == 1 or text[at - 2].isspace() or text[at - 2] in _BEFORE_A_SIGN


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
    """The text without differences of white space, without invisible characters and in one
    Unicode form: what it says, to a sign."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", seen).strip()
