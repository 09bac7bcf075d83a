"""Paragraphs that were rewritten so much that the alignment took them for two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from watcher.core.findings.amounts import amounts
from watcher.core.findings.comparison import Passage, as_one
from watcher.core.findings.counting import counting
from watcher.core.findings.gist import gist
from watcher.core.findings.lexemes import lexemes
from watcher.core.findings.lexicon import Lexicon
from watcher.core.words import likeness
from watcher.core.words import words as word_diff

# So many of the words that carry the shorter one are the other's, and at least so many of them.
_SHARED = 0.6
_FEWEST = 2
# Captions are short, and one picture has one: so much of its letters makes it the same one.
_CAPTION = 0.35
# A longer paragraph says more than how many were hurt.
_LONGEST = 400


def rejoined(passages: Sequence[Passage], words: Lexicon) -> Iterator[Passage]:
    """The passages, a paragraph that went and its neighbour that came as one where they say much
    the same, or count the same victims: what differs changed, and neither was removed nor added."""
    at = 0
    while at < len(passages):
        one = passages[at]
        other = passages[at + 1] if at + 1 < len(passages) else None
        if other is not None and {one.op, other.op} == {"delete", "insert"}:
            gone, come = (one, other) if one.op == "delete" else (other, one)
            if _are_neighbours(gone, come) and _say_the_same(gone, come, words):
                yield as_one(gone, come)
                at += 2
                continue
        yield one
        at += 1


def _are_neighbours(gone: Passage, come: Passage) -> bool:
    return gone.old[0].place == come.new[0].place and gone.old[0].kind == come.new[0].kind


def _say_the_same(gone: Passage, come: Passage, words: Lexicon) -> bool:
    if gone.is_caption and likeness(word_diff(gone.old_text, come.new_text)) >= _CAPTION:
        return True
    grammar = words.list("stop_words")
    old, new = gist(gone.old_text, grammar), gist(come.new_text, grammar)
    shared = len(old & new)
    if shared >= _FEWEST and shared >= _SHARED * min(len(old), len(new)):
        return True
    return bool(_tolls(gone.old_text, words) & _tolls(come.new_text, words))


def _tolls(text: str, words: Lexicon) -> frozenset[str]:
    """What became of those whom a short paragraph counts."""
    if len(text) > _LONGEST:
        return frozenset()
    return frozenset(one.toll for one in amounts(lexemes(text), counting(words)) if one.toll)
