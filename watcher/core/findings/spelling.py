"""Whether two words are one word spelled in two ways."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from watcher.core.findings.lexicon import Lexicon

# A slip of the pen in a shorter word makes another word too often.
_SLIP = 6
_SWAP = 4


@lru_cache(maxsize=64)
def _rules(words: Lexicon) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Whole words, and endings with the longest first."""
    table = {word: str(plain) for word, plain in words.table("spellings").items()}
    endings = [(word[1:], plain[1:]) for word, plain in table.items() if word.startswith("~")]
    return table, tuple(sorted(endings, key=lambda each: (-len(each[0]), each)))


def same_word(one: str, other: str, words: Lexicon) -> bool:
    """Whether two folded words are the same but for spelling: a variant that the lists know, an
    accent, or a slip of one letter or two exchanged ones in a longer word.

    A changed ending ("minimise", "minimises") is grammar, not spelling.
    """
    one, other = one.removesuffix("'s"), other.removesuffix("'s")
    if one == other:
        return True
    if _standard(one, words) == _standard(other, words) or _bare(one) == _bare(other):
        return True
    if not (one.isalpha() and other.isalpha()):
        return False
    if len(one) == len(other) > _SWAP and sorted(one) == sorted(other):
        return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1
    if min(len(one), len(other)) < _SLIP:
        return False
    if (
        one[0] != other[0]
        or one[:-1] == other[:-1]
        or one.startswith(other)
        or other.startswith(one)
    ):
        return False
    return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _standard(word: str, words: Lexicon) -> str:
    table, endings = _rules(words)
    if word in table:
        return table[word]
    for ending, plain in endings:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + plain
    return word


def _bare(word: str) -> str:
    """Without accents; German "ß" is "ss"."""
    word = word.replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
