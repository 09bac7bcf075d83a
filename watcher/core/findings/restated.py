"""What stands on one side alone: paragraphs, sentences and clauses that no paragraph of the other
side restates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from watcher.core.findings.comparison import Comparison, Which
from watcher.core.findings.gist import Index, gist, index
from watcher.core.findings.lexemes import is_unspaced
from watcher.core.findings.reading import Counterparts, Lone, Reading, Side, readings
from watcher.core.findings.sentences import Stretch
from watcher.core.model import Snapshot, Span

# A sentence is said elsewhere if one paragraph has this much of its words, by weight.
_RESTATED = 0.65
# Fewer words say nothing one could claim ("imprisonment"); without a mark that ends a sentence a
# text must say more ("Read more about the flood"), in a list a little more.
_FEWEST = 2
_IN_LIST = 3
_LONG = 7
# A clause that came or went from a sentence: so many words, beside who said it and how surely,
# while next to nothing stands in its place.
_CLAUSE = 3
_SHORTEST_CLAUSE = 14
_RELATIVE = re.compile(r",? ?\b(?:who|whose|which|qui|quien|quienes|che|który|która)\b")
_IN_PLACE = 3
_PROSE = frozenset({"paragraph", "quote", "list-item", "live-post", "table-row"})
_OPENING = "“„«‘"
_ENDS = '.!?…。！？।؟"”’»)'


@dataclass(frozen=True, slots=True)
class Unmatched:
    """What stands on one side only, of one passage or of several in a row.

    `words` is how many words carry what it claims, passage by passage; `claims` whether any of its
    sentences claims something, `light` whether it is no more than a clause or items of a list.
    """

    spans: tuple[Span, ...]
    said: str
    words: tuple[int, ...]
    paragraphs: int
    claims: bool
    light: bool


@dataclass(slots=True)
class _Run:
    sentences: list[Lone]
    words: int = 0
    parts: tuple[int, ...] = ()
    claims: bool = False
    light: bool = True
    paragraphs: int = 0
    last: int = -2

    def add(self, other: _Run, place: int | None) -> None:
        """Takes over what stands beside it."""
        self.sentences += other.sentences
        self.parts += (other.words,)
        self.claims = self.claims or other.claims
        self.light = self.light and other.light
        self.paragraphs += 1 if place is not None else 0
        self.last = place if place is not None else -2


def unmatched(about: Comparison, which: Which) -> Iterator[Unmatched]:
    """What the paragraphs of the other side do not restate, passage by passage; paragraphs that
    came or went whole and in a row together."""
    run = _Run([])
    for reading in readings(about):
        found = _of_passage(about, reading, which)
        if found is None:
            continue
        place = _place(reading, which)
        if run.sentences and (place is None or place != run.last + 1):
            yield _as_one(run)
            run = _Run([])
        run.add(found, place)
    if run.sentences:
        yield _as_one(run)


def _place(reading: Reading, which: Which) -> int | None:
    """The index of a paragraph that came or went whole."""
    passage = reading.passage
    if passage.op != ("delete" if which == "old" else "insert"):
        return None
    texts = passage.old if which == "old" else passage.new
    return texts[0].index if texts[0].place == "paragraph" else None


def _of_passage(about: Comparison, reading: Reading, which: Which) -> _Run | None:
    texts = reading.passage.old if which == "old" else reading.passage.new
    kinds = {text.kind for text in texts}
    if kinds <= {"caption", "headline"}:
        return None
    lone = reading.gone if which == "old" else reading.come
    grammar = about.words.list("stop_words")
    run = _Run([])
    for each in lone:
        text = each.said()
        said = gist(text, grammar)
        if said and _is_news(about, which, said):
            run.sentences.append(each)
            claims = bool(kinds & _PROSE) and _is_claim(text, said, kinds)
            run.words += len(said) if claims else 0
            run.claims = run.claims or claims
            run.light = run.light and kinds == {"list-item"}
    for pair in reading.counterparts:
        for clause, words in _clauses(about, pair, which):
            run.sentences.append(clause)
            run.words += words
            run.claims = True
    return run if run.sentences else None


def _is_news(about: Comparison, which: Which, said: frozenset[str]) -> bool:
    return (
        _index(about, about.new if which == "old" else about.old, which).restates(said) < _RESTATED
    )


def _clauses(about: Comparison, pair: Counterparts, which: Which) -> Iterator[tuple[Lone, int]]:
    """Clauses that came or went from a sentence that stayed, and how many words carry each."""
    side = pair.old if which == "old" else pair.new
    grammar = about.words.list("stop_words")
    for region in pair.regions():
        old, new = region[:2], region[2:]
        (start, end), rest = (old, new) if which == "old" else (new, old)
        if end - start < _SHORTEST_CLAUSE or rest[1] - rest[0] > _IN_PLACE:
            continue
        other = pair.new if which == "old" else pair.old
        said = gist(_unattributed(side, other, start, end), grammar)
        least = 4 * _CLAUSE if is_unspaced(side.text[start:end]) else _CLAUSE
        if _RELATIVE.match(side.text, start, end):
            least -= 1  # it has a verb, and is a sentence of its own
        if len(said) >= least and not said <= grammar and _is_news(about, which, said):
            yield Lone(pair.passage, which, side, _trimmed(side.text, start, end)), len(said)


def _unattributed(side: Side, other: Side, start: int, end: int) -> str:
    """A stretch without sources, hedges, quotations, and figures that the other side has."""
    denials = side.words.list("negations")
    spans = [(one.start, one.end) for one in side.attributions if one.said not in denials]
    spans += [(hit[0], hit[1]) for hit in side.hedges]
    spans += [(one.start, one.end) for one in side.quotations]
    # figures may be written otherwise, or have changed
    known = {one.value for one in other.amounts}
    tolls = {one.toll for one in other.amounts} - {""}
    spans += [(a.start, a.end) for a in side.amounts if a.value in known or a.toll in tolls]
    kept = []
    for first, last in sorted(spans):
        if first >= end:
            break
        kept.append(side.text[start : max(first, start)])
        start = max(start, last)
    return " ".join((*kept, side.text[start:end]))


def _trimmed(text: str, start: int, end: int) -> Stretch:
    """A stretch without the marks and spaces at its beginning, save what opens a quotation, and
    without spaces at its end."""
    while start < end and not text[start].isalnum():
        if text[start] in _OPENING and text[start + 1 : start + 2].isalnum():
            break
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Stretch(start, end)


def _as_one(run: _Run) -> Unmatched:
    spans = tuple(span for each in run.sentences for span in each.spans())
    said = " ".join(each.said() for each in run.sentences)
    return Unmatched(spans, said, run.parts, run.paragraphs, run.claims, run.light)


def _is_claim(text: str, said: frozenset[str], kinds: set[str]) -> bool:
    words = len(said)
    if is_unspaced(text):
        return words >= 4 * _FEWEST
    if kinds == {"list-item"} and words >= _IN_LIST:
        return True
    return words >= _LONG or (words >= _FEWEST and text[-1] in _ENDS)


def _index(about: Comparison, snapshot: Snapshot, which: Which) -> Index:
    key = f"index of what is not {which}"
    if key not in about.memo:
        texts = (snapshot.headline, *(p.text for p in snapshot.paragraphs))
        about.memo[key] = index(texts, about.words.list("stop_words"))
    return cast(Index, about.memo[key])
