"""One place for another where all nouns have capitals: "in Köln", "in Bonn"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from watcher.core.findings.lexemes import Lexeme, Lookup, first_from
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.reading import Counterparts, Side

# Prepositions behind which a noun without an article is rather a place.
_OF_PLACES = frozenset(["in", "bei", "nahe", "unweit", "nördlich von", "südlich von",
                        "östlich von", "westlich von", "unweit von"])  # fmt: skip
# Endings of nouns that are made of other words; no places end so.
_DERIVED = ("ung", "ungen", "heit", "keit", "schaft", "tion", "tät", "nis", "icht", "kraft")
_SHORTEST = 3


def exchanged(each: Counterparts, words: Lexicon) -> Iterator[tuple[Lexeme, Lexeme]]:
    """Words that stand for each other behind the same preposition, each alone in its stretch."""
    for region in each.regions():
        before = _place(each.old, region.old_start, region.old_end, words)
        after = _place(each.new, region.new_start, region.new_end, words)
        if before and after and before[1] == after[1]:
            yield before[0], after[0]


def _place(side: Side, start: int, end: int, words: Lexicon) -> tuple[Lexeme, str] | None:
    """The only word of a stretch with the preposition before it, if it may be a place."""
    line = side.line
    at = first_from(line, start)
    if at >= len(line) or line[at].end < end or not _may_be(line, at, words):
        return None
    preposition = preposition_at(line, at, prepositions(words))
    return (line[at], preposition) if preposition in _OF_PLACES else None


def _may_be(line: Sequence[Lexeme], at: int, words: Lexicon) -> bool:
    each = line[at]
    behind = line[at + 1] if at + 1 < len(line) else None
    return (
        each.sort == "word"
        and each.text.istitle()
        and len(each.text) >= _SHORTEST
        and not each.folded.endswith(_DERIVED)
        and each.folded not in words.list("no_places")
        and each.folded not in words.table("months")
        # "in Haft Genommene", "in Tarsk-Nord": part of something longer
        and not (behind is not None and (behind.text in "-‑" or behind.text[0].isupper()))
    )


@lru_cache(maxsize=64)
def prepositions(words: Lexicon) -> Lookup:
    """The prepositions of place of a language."""
    return Lookup(words.list("place_prepositions"))


def preposition_at(line: Sequence[Lexeme], first: int, lookup: Lookup) -> str:
    """The preposition right before an index."""
    for length in (2, 1):
        at = first - length
        hit = lookup.at(line, at) if at >= 0 else None
        if hit and hit[0] == length:
            return hit[1]
    return ""
