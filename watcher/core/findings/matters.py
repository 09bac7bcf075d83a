"""How matters stand that a text tells of: who is held or free, what is open or shut, won or lost.

A list of states has them by matter ("custody: held"). Two states of one matter exclude each other;
a word that tells the matter and not how it stands has no state ("custody").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from watcher.core.findings.lexemes import Lexeme, Lookup, first_from, lexemes
from watcher.core.findings.lexicon import Lexicon

# A negation so few words before a state denies it: "was not, he said, released".
_DENIED = 4


class Standing(NamedTuple):
    """A word that tells how a matter stands: "held" of "custody"; no state if it only names it."""

    matter: str
    state: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Words:
    states: Lookup
    meanings: dict[str, tuple[str, str]]
    negations: Lookup


@lru_cache(maxsize=64)
def _words(lexicon: Lexicon) -> _Words:
    meanings = {}
    for word, told in lexicon.table("states").items():
        matter, _, state = str(told).partition(":")
        said = " ".join(each.folded for each in lexemes(word))
        meanings[said] = meanings[word] = (matter.strip(), state.strip())
    return _Words(Lookup(lexicon.table("states")), meanings, Lookup(lexicon.list("negations")))


def standings(line: Sequence[Lexeme], lexicon: Lexicon) -> list[Standing]:
    """What lexemes say of how matters stand, in order."""
    words = _words(lexicon)
    found: list[Standing] = []
    for start, end, said in words.states.spans(line):
        # Arabic writes "and" as a letter of the word behind it
        told = words.meanings.get(said) or words.meanings.get(said[1:])
        if told is not None:
            found.append(Standing(*told, start, end))
    return found


def is_denied(line: Sequence[Lexeme], one: Standing, lexicon: Lexicon) -> bool:
    """Whether a negation stands before a state: what it comes to then is not known."""
    negations = _words(lexicon).negations
    at = first_from(line, one.start)
    return one.state != "" and any(
        line[index].folded in negations.heads and negations.at(line, index) is not None
        for index in range(max(0, at - _DENIED), at)
    )
