"""Whether a version says somewhere what a sentence of the other says: by the words it shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from math import log

from watcher.core.findings.lexemes import is_unspaced, lexemes

# Of a word only so much counts, as for likeness: "driver" is like "drivers".
_STEM = 6
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y")
_SHORTEST = 3
_MOST_WORDS = 600
_ADDRESS = re.compile(r"https?://\S++")


def gist(text: str, grammar: AbstractSet[str]) -> frozenset[str]:
    """The words that carry what a text says, as stems; numbers whole. Scripts without spaces
    give pairs of letters. Without any other word, those of grammar count."""
    found: set[str] = set()
    rest: set[str] = set()
    for each in lexemes(_ADDRESS.sub(" ", text))[:_MOST_WORDS]:
        if each.sort == "number":
            found.add(each.folded)
        elif each.sort == "word":
            if not each.text.isascii() and is_unspaced(each.text):
                found.update(each.folded[at : at + 2] for at in range(len(each.folded) - 1))
            elif each.folded in grammar or len(each.folded) < _SHORTEST:
                rest.add(each.folded)
            else:
                found.add(_stem(each.folded))
    return frozenset(found or rest)


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    if word.isascii():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) > len(ending) + 2:
                word = word.removesuffix(ending)
                break
    return word[:_STEM]


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
