"""Paragraphs that were rewritten so much that the alignment took them for two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from watcher.core.findings.amounts import amounts
from watcher.core.findings.comparison import Passage, as_one
from watcher.core.findings.counting import counting
from watcher.core.findings.gist import gist
from watcher.core.findings.lexemes import lexemes
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.rewritten import ENOUGH, kinship
from watcher.core.words import likeness
from watcher.core.words import words as word_diff

# So many of the words that carry the shorter one are the other's, and at least so many of them.
_SHARED = 0.6
_FEWEST = 2
# Captions are short, and one picture has one: so much of its letters makes it the same one.
_CAPTION = 0.35
_ONE_SIDED = ("delete", "insert")
# Where more paragraphs went and came in a row, the article was written anew.
_MOST_PAIRS = 64
# A longer paragraph says more than how many were hurt.
_LONGEST = 400


def rejoined(passages: Sequence[Passage], words: Lexicon) -> Iterator[Passage]:
    """The passages, a paragraph that went and its neighbour that came as one where they say much
    the same, count the same victims, or one is a newer account of the other: what differs changed,
    and neither was removed nor added."""
    at = 0
    while at < len(passages):
        stop = at + 1
        if passages[at].op in _ONE_SIDED:
            while stop < len(passages) and _are_neighbours(passages[stop - 1], passages[stop]):
                stop += 1
        yield from _paired(passages[at:stop], words)
        at = stop


def _paired(row: Sequence[Passage], words: Lexicon) -> Iterator[Passage]:
    """Paragraphs in a row that went or came: each with the first, in order, that it became."""
    gone = [each for each in row if each.op == "delete"]
    come = [each for each in row if each.op == "insert"]
    if not gone or not come or len(gone) * len(come) > _MOST_PAIRS:
        yield from row
        return
    became: dict[int, Passage] = {}
    first = 0
    for before in gone:
        for index in range(first, len(come)):
            if _say_the_same(before, come[index], words):
                became[id(before)] = come[index]
                first = index + 1
                break
    taken = {id(each) for each in became.values()}
    for each in row:
        if id(each) in became:
            yield as_one(each, became[id(each)])
        elif id(each) not in taken:
            yield each


def _are_neighbours(one: Passage, other: Passage) -> bool:
    """Whether two passages went or came in the same place."""
    if one.op not in _ONE_SIDED or other.op not in _ONE_SIDED:
        return False
    left, right = (one.old or one.new)[0], (other.old or other.new)[0]
    if left.place != right.place or left.kind != right.kind:
        return False
    return one.op != other.op or right.index == left.index + 1


def _say_the_same(gone: Passage, come: Passage, words: Lexicon) -> bool:
    if gone.is_caption and likeness(word_diff(gone.old_text, come.new_text)) >= _CAPTION:
        return True
    grammar = words.list("stop_words")
    old, new = gist(gone.old_text, grammar), gist(come.new_text, grammar)
    shared = len(old & new)
    if shared >= _FEWEST and shared >= _SHARED * min(len(old), len(new)):
        return True
    if _tolls(gone.old_text, words) & _tolls(come.new_text, words):
        return True
    return not gone.is_caption and kinship(gone.old_text, come.new_text, words) >= ENOUGH


def _tolls(text: str, words: Lexicon) -> frozenset[str]:
    """What became of those whom a short paragraph counts."""
    if len(text) > _LONGEST:
        return frozenset()
    return frozenset(one.toll for one in amounts(lexemes(text), counting(words)) if one.toll)
