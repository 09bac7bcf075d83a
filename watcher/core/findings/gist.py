"""Whether a version says somewhere what a sentence of the other says: by the words it shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from watcher.core.findings.lexemes import is_unspaced, words_in

# Of a word only so much counts, as for likeness: "driver" is like "drivers".
_STEM = 6
_ENDING = re.compile("(?:'s|ings?|ie[sd]|e[sd]|ly|[sey])$")
_SHORTEST = 3
_MOST_WORDS = 600
_ADDRESS = re.compile(r"https?://\S++")


def gist(text: str, grammar: AbstractSet[str]) -> frozenset[str]:
    """The words that carry what a text says, as stems; numbers whole. Scripts without spaces
    give pairs of letters. Without any other word, those of grammar count."""
    found: set[str] = set()
    rest: set[str] = set()
    if "://" in text:
        text = _ADDRESS.sub(" ", text)
    plain = text.isascii()
    for word in words_in(text)[:_MOST_WORDS]:
        if word in grammar:
            rest.add(word)
        elif word[0].isdigit():
            found.add(word)
        elif len(word) < _SHORTEST:
            rest.add(word)
        elif plain or word.isascii() or not is_unspaced(word):
            found.add(_stem(word))
        else:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(found or rest)


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    found = _ENDING.search(word, 3)
    return word[: min(found.start(), _STEM)] if found else word[:_STEM]


@dataclass(frozen=True, slots=True)
class Index:
    """The gists of a version's paragraphs, and in how many each word stands."""

    gists: Sequence[frozenset[str]]
    spread: Mapping[str, int]

    def weight(self, words: Iterable[str]) -> float:
        """What the words say together: those that stand everywhere say little."""
        every = len(self.gists) + 1
        return sum(log(1 + every / (1 + self.spread.get(word, 0))) for word in words)

    def restates(self, said: frozenset[str]) -> float:
        """The greatest share of what is said that one paragraph, or two neighbours, say."""
        whole = self.weight(said)
        if not whole:
            return 1.0
        shared = [said & each for each in self.gists]
        best = max((self.weight(each) for each in shared if each), default=0.0)
        for one, other in pairwise(shared):
            if one and other:
                best = max(best, self.weight(one | other))
        return best / whole


def index(texts: Iterable[str], grammar: AbstractSet[str]) -> Index:
    """The index of a version's headline and paragraphs."""
    gists = [gist(text, grammar) for text in texts]
    spread: dict[str, int] = {}
    for each in gists:
        for word in each:
            spread[word] = spread.get(word, 0) + 1
    return Index(gists, spread)
