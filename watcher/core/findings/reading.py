"""A passage read sentence by sentence: which became which, which are gone, which are new."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import cast

from watcher.core.findings.amounts import Amount, amounts
from watcher.core.findings.comparison import Comparison, Passage, Region, Which
from watcher.core.findings.counting import counting
from watcher.core.findings.gist import gist
from watcher.core.findings.lexemes import Lexeme, lexemes
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.moments import Moment, calendar, moments
from watcher.core.findings.naming import Name, names, naming
from watcher.core.findings.rejoined import rejoined
from watcher.core.findings.rewritten import ENOUGH, kinship
from watcher.core.findings.sentences import Stretch, sentences
from watcher.core.findings.sources import Attribution, attributing, attributions
from watcher.core.findings.speech import Quotation, quotations
from watcher.core.model import Span

_MEMO = "readings"
# Two sentences are versions of each other if this much of the shorter one is the same, letter by
# letter in order; or, where clauses were turned round, this much of its words in any order.
_SAME = 0.3
_ALIKE = 0.6
_WORDS = 0.5
_ENOUGH = 3
# Beyond this many sentences on a side, only the order of what stayed tells which became which.
_MOST_LOOSE = 24


@dataclass(slots=True)
class Side:
    """One side of some sentences: the passage's text, the sentences, and what is read in them."""

    text: str
    stretches: tuple[Stretch, ...]
    words: Lexicon
    _line: list[Lexeme] | None = None
    _figures: tuple[list[Amount], list[Moment], frozenset[int]] | None = None
    _names: list[Name] | None = None
    _quotations: list[Quotation] | None = None
    _attributions: list[Attribution] | None = None
    _hedges: list[tuple[int, int, str]] | None = None

    @property
    def line(self) -> list[Lexeme]:
        """The lexemes of the sentences."""
        if self._line is None:
            self._line = [
                each for one in self.stretches for each in lexemes(self.text, one.start, one.end)
            ]
        return self._line

    @property
    def amounts(self) -> list[Amount]:
        """Their numbers that are no dates or times."""
        return self._read_figures()[0]

    @property
    def moments(self) -> list[Moment]:
        """Their dates and times."""
        return self._read_figures()[1]

    @property
    def dated(self) -> frozenset[int]:
        """Indexes of the lexemes that are dates or times."""
        return self._read_figures()[2]

    @property
    def names(self) -> list[Name]:
        """Their proper names."""
        if self._names is None:
            self._names = names(self.line, naming(self.words))
        return self._names

    @property
    def quotations(self) -> list[Quotation]:
        """The quotations that touch them; read in the whole text, for they span sentences."""
        if self._quotations is None:
            self._quotations = [
                each
                for each in quotations(self.text)
                if any(each.start < one.end and one.start < each.end for one in self.stretches)
            ]
        return self._quotations

    @property
    def attributions(self) -> list[Attribution]:
        """Who is said to have said what."""
        if self._attributions is None:
            self._attributions = attributions(self.line, attributing(self.words))
        return self._attributions

    @property
    def hedges(self) -> list[tuple[int, int, str]]:
        """Start, end and folded text of their hedges."""
        if self._hedges is None:
            lists = attributing(self.words)
            found = lists.hedging.spans(self.line)
            self._hedges = [hit for hit in found if hit[2] not in lists.no_hedges]
        return self._hedges

    def _read_figures(self) -> tuple[list[Amount], list[Moment], frozenset[int]]:
        if self._figures is None:
            found, taken = moments(self.line, calendar(self.words))
            self._figures = amounts(self.line, counting(self.words), taken), found, taken
        return self._figures

    def said(self) -> str:
        """The sentences, a space between them."""
        return " ".join(self.text[one.start : one.end] for one in self.stretches)


@dataclass(slots=True)
class Counterparts:
    """Sentences of a passage and what became of them; both sides have at least one."""

    passage: Passage
    old: Side
    new: Side
    _regions: tuple[Region, ...] | None = None

    def regions(self) -> tuple[Region, ...]:
        """The changed stretches of the passage that touch these sentences."""
        if self._regions is None:
            self._regions = tuple(
                region
                for region in self.passage.regions
                if _touches(self.old.stretches, region.old_start, region.old_end)
                and _touches(self.new.stretches, region.new_start, region.new_end)
            )
        return self._regions


@dataclass(slots=True)
class Lone:
    """A sentence that stands on one side only."""

    passage: Passage
    which: Which
    side: Side
    stretch: Stretch

    def spans(self) -> tuple[Span, ...]:
        """The evidence: all of the sentence."""
        return self.passage.spans(self.which, self.stretch.start, self.stretch.end)

    def said(self) -> str:
        """The words of the sentence."""
        return self.side.text[self.stretch.start : self.stretch.end]


@dataclass(slots=True)
class Reading:
    """What became of the sentences of one passage."""

    passage: Passage
    counterparts: list[Counterparts] = field(default_factory=list)
    gone: list[Lone] = field(default_factory=list)
    come: list[Lone] = field(default_factory=list)


def readings(about: Comparison) -> list[Reading]:
    """Every passage that changed, read once for all rules."""
    if _MEMO not in about.memo:
        changed = [passage for passage in about.passages if passage.regions]
        passages = rejoined(changed, about.words)
        about.memo[_MEMO] = [_read(passage, about.words) for passage in passages]
    return cast(list[Reading], about.memo[_MEMO])


def counterparts(about: Comparison) -> list[Counterparts]:
    """The sentences of all passages that became other ones."""
    return [each for reading in readings(about) for each in reading.counterparts]


def _read(passage: Passage, words: Lexicon) -> Reading:
    reading = Reading(passage)
    regions = passage.regions
    told = passage.notices
    olds = _touched(passage.old_text, [(r.old_start, r.old_end) for r in regions], told[0])
    news = _touched(passage.new_text, [(r.new_start, r.new_end) for r in regions], told[1])
    groups = _groups(passage, olds, news, words)
    paired_old = {i for group in groups for i in group[0]}
    paired_new = {j for group in groups for j in group[1]}
    for left, right in groups:
        reading.counterparts.append(
            Counterparts(
                passage,
                Side(passage.old_text, tuple(olds[i] for i in left), words),
                Side(passage.new_text, tuple(news[j] for j in right), words),
            )
        )
    for which, stretches, paired, text, found in (
        ("old", olds, paired_old, passage.old_text, reading.gone),
        ("new", news, paired_new, passage.new_text, reading.come),
    ):
        found.extend(
            Lone(passage, cast(Which, which), Side(text, (one,), words), one)
            for index, one in enumerate(stretches)
            if index not in paired
        )
    return reading


def _touched(
    text: str, ranges: list[tuple[int, int]], notices: Sequence[tuple[int, int]]
) -> list[Stretch]:
    """The sentences that a changed stretch touches, without those that are notices."""
    if not text:
        return []
    found: list[Stretch] = []
    at = 0
    for one in sentences(text):
        while at < len(ranges) and ranges[at][1] < one.start:
            at += 1
        if at < len(ranges) and ranges[at][0] <= one.end and not _is_told(one, notices):
            found.append(one)
    return found


def _is_told(one: Stretch, notices: Sequence[tuple[int, int]]) -> bool:
    """Whether a sentence stands in a notice."""
    return any(start <= one.start and one.end <= end for start, end in notices)


def _touches(stretches: Sequence[Stretch], start: int, end: int) -> bool:
    return any(start <= one.end and one.start <= end for one in stretches)


_Group = tuple[list[int], list[int]]


def _groups(
    passage: Passage, olds: list[Stretch], news: list[Stretch], words: Lexicon
) -> list[_Group]:
    """Which old sentences became which new ones: those that share enough, in groups."""
    if not olds or not news:
        return []
    if len(olds) == len(news) == 1 and (passage.is_headline or _is_edit(passage, olds[0], news[0])):
        return [([0], [0])]
    shared = _shared(passage, olds, news)
    links = {
        (i, j)
        for (i, j), size in shared.items()
        if size >= _SAME * min(olds[i].end - olds[i].start, news[j].end - news[j].start)
        and _is_akin(passage, olds[i], news[j], size, words)
    }
    loose_old = [i for i in range(len(olds)) if all(i != link[0] for link in links)]
    loose_new = [j for j in range(len(news)) if all(j != link[1] for link in links)]
    if len(loose_old) <= _MOST_LOOSE and len(loose_new) <= _MOST_LOOSE:
        grammar = words.list("stop_words")
        links |= _turned(passage, olds, news, (loose_old, loose_new), grammar)
        links |= _rewritten(passage, olds, news, links, words)
    return _joined(links)


def _is_akin(passage: Passage, old: Stretch, new: Stretch, size: int, words: Lexicon) -> bool:
    """Whether two sentences that have little in common share a word that carries them: the spaces
    and articles of any two are alike."""
    if size >= _ALIKE * min(old.end - old.start, new.end - new.start):
        return True
    grammar = words.list("stop_words")
    left = gist(passage.old_text[old.start : old.end], grammar)
    return bool(left & gist(passage.new_text[new.start : new.end], grammar))


def _rewritten(
    passage: Passage,
    olds: list[Stretch],
    news: list[Stretch],
    links: set[tuple[int, int]],
    words: Lexicon,
) -> set[tuple[int, int]]:
    """Links of sentences that have none to those that stand in their place and tell of the same
    in other words, in order."""
    found: set[tuple[int, int]] = set()
    paired = {i for i, _ in links}, {j for _, j in links}
    for i in (i for i in range(len(olds)) if i not in paired[0]):
        for j in (j for j in range(len(news)) if j not in paired[1]):
            if any((a - i) * (b - j) <= 0 for a, b in links | found):
                continue
            old = passage.old_text[olds[i].start : olds[i].end]
            new = passage.new_text[news[j].start : news[j].end]
            if kinship(old, new, words) >= ENOUGH:
                found.add((i, j))
                break
    return found


def _is_edit(passage: Passage, old: Stretch, new: Stretch) -> bool:
    """Whether nothing but these two sentences stands in the passage."""
    whole = (0, len(passage.old_text)), (0, len(passage.new_text))
    return passage.op == "replace" and (tuple(old), tuple(new)) == whole


def _shared(
    passage: Passage, olds: list[Stretch], news: list[Stretch]
) -> dict[tuple[int, int], int]:
    """How many characters each two sentences have in common, by the word diff."""
    shared: dict[tuple[int, int], int] = {}
    i = j = first_old = first_new = 0
    for op, text in passage.words:
        size = len(text)
        if op == 0:
            while first_old < len(olds) and olds[first_old].end <= i:
                first_old += 1
            while first_new < len(news) and news[first_new].end <= j:
                first_new += 1
            one, other = first_old, first_new
            while one < len(olds) and other < len(news):
                start = max(olds[one].start - i, news[other].start - j, 0)
                end = min(olds[one].end - i, news[other].end - j, size)
                if start < end:
                    shared[one, other] = shared.get((one, other), 0) + end - start
                if min(olds[one].end - i, news[other].end - j) >= size:
                    break
                if olds[one].end - i <= news[other].end - j:
                    one += 1
                else:
                    other += 1
        i += size if op <= 0 else 0
        j += size if op >= 0 else 0
    return shared


def _turned(
    passage: Passage,
    olds: list[Stretch],
    news: list[Stretch],
    loose: tuple[list[int], list[int]],
    grammar: AbstractSet[str],
) -> set[tuple[int, int]]:
    """Links of sentences that have none, by words in any order."""
    if not (loose[0] or loose[1]):
        return set()
    left = {i: _bag(passage.old_text, olds[i], grammar) for i in range(len(olds))}
    right = {j: _bag(passage.new_text, news[j], grammar) for j in range(len(news))}
    found: set[tuple[int, int]] = set()
    for i in loose[0]:
        best = max(range(len(news)), key=lambda j: _common(left[i], right[j]), default=None)
        if best is not None and _common(left[i], right[best]) >= _WORDS:
            found.add((i, best))
    for j in loose[1]:
        best = max(range(len(olds)), key=lambda i: _common(left[i], right[j]), default=None)
        if best is not None and _common(left[best], right[j]) >= _WORDS:
            found.add((best, j))
    return found


def _bag(text: str, one: Stretch, grammar: AbstractSet[str]) -> frozenset[str]:
    """The words of a sentence: those that carry it, if they are enough to know it by."""
    every = frozenset(
        each.folded for each in lexemes(text, one.start, one.end) if each.sort in ("word", "number")
    )
    carrying = every - grammar
    return carrying if len(carrying) >= _ENOUGH else every


def _common(left: frozenset[str], right: frozenset[str]) -> float:
    least = min(len(left), len(right))
    return len(left & right) / least if least > 1 else 0.0


def _joined(links: set[tuple[int, int]]) -> list[_Group]:
    """Links that share a sentence, gathered into groups in order."""
    group_of: dict[tuple[int, int], int] = {}
    groups: dict[int, set[tuple[int, int]]] = {}
    for number, (i, j) in enumerate(sorted(links)):
        merged: set[tuple[int, int]] = {(0, i), (1, j)}
        for key in ((0, i), (1, j)):
            known = group_of.get(key)
            if known is not None and known in groups:
                merged |= groups.pop(known)
        groups[number] = merged
        for key in merged:
            group_of[key] = number
    found = []
    for members in groups.values():
        left = sorted(index for side, index in members if side == 0)
        right = sorted(index for side, index in members if side == 1)
        found.append((left, right))
    return sorted(found)
