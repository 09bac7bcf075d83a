"""What stands in quotation marks: altered, added, removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz.distance import LCSseq

from watcher.core.findings.comparison import Comparison, Passage, Which
from watcher.core.findings.lexemes import lexemes
from watcher.core.findings.phrasing import shortened
from watcher.core.findings.reading import Reading, readings
from watcher.core.findings.rule import SimpleRule
from watcher.core.findings.speech import Quotation, quotations
from watcher.core.model import Finding

# Of the words of the longer of two quotations so many stand in the other, in order: then one is
# the other altered. Of words that stand in the same place fewer do.
_ALTERED = 0.4
_ALTERED_IN_PLACE = 0.25
_MOST = 30


@dataclass(frozen=True, slots=True)
class _Quoted:
    passage: Passage
    which: Which
    span: Quotation
    words: tuple[str, ...]

    def text(self) -> str:
        whole = self.passage.old_text if self.which == "old" else self.passage.new_text
        return whole[self.span.start : self.span.end]


def _look(about: Comparison) -> Iterator[Finding]:
    old = {id(r): _quoted(r, "old") for r in readings(about)}
    new = {id(r): _quoted(r, "new") for r in readings(about)}
    _cancel(list(chain(*old.values())), list(chain(*new.values())), old, new)
    if any(old.values()):
        _drop_known(old.values(), about.new_whole)
    if any(new.values()):
        _drop_known(new.values(), about.old_whole)
    for reading in readings(about):
        yield from _of_passage(about, reading, old[id(reading)], new[id(reading)])


def _quoted(reading: Reading, which: Which) -> list[_Quoted]:
    """The quotations that a change touches."""
    passage = reading.passage
    text = passage.old_text if which == "old" else passage.new_text
    found = []
    for span in quotations(text):
        if any(_overlaps(which, span, region) for region in passage.regions):
            words = _words(text, span)
            if words:
                found.append(_Quoted(passage, which, span, words))
    return found


def _overlaps(which: Which, span: Quotation, region: Sequence[int]) -> bool:
    start, end = region[:2] if which == "old" else region[2:]
    # the marks belong to it: they alone may have come or gone
    return start <= span.end + 1 and span.start - 1 <= end


def _words(text: str, span: Quotation) -> tuple[str, ...]:
    return tuple(
        each.folded
        for each in lexemes(text, span.start, span.end)
        if each.sort in ("word", "number")
    )


def _cancel(
    old: list[_Quoted],
    new: list[_Quoted],
    olds: dict[int, list[_Quoted]],
    news: dict[int, list[_Quoted]],
) -> None:
    """Takes out what is quoted on both sides, wherever it stands."""
    left: dict[tuple[str, ...], list[_Quoted]] = {}
    for one in old:
        left.setdefault(one.words, []).append(one)
    gone: set[int] = set()
    for other in new:
        same = left.get(other.words)
        if same:
            gone |= {id(same.pop(0)), id(other)}
    for side in (olds, news):
        for key, quoted in side.items():
            side[key] = [one for one in quoted if id(one) not in gone]


def _drop_known(lists: object, other_whole: str) -> None:
    """Takes out quotations that the whole of the other version holds as such."""
    known = {_words(other_whole, span) for span in quotations(other_whole)}
    for quoted in lists:  # type: ignore[attr-defined]
        quoted[:] = [one for one in quoted if one.words not in known]


def _of_passage(
    about: Comparison, reading: Reading, old: list[_Quoted], new: list[_Quoted]
) -> Iterator[Finding]:
    if [word for one in old for word in one.words] == [w for one in new for w in one.words]:
        return  # one quotation cut in two, or two in one
    scored = []
    for i, before in enumerate(old[:_MOST]):
        for j, after in enumerate(new[:_MOST]):
            same = _likeness(before.words, after.words)
            if same >= _ALTERED or (same >= _ALTERED_IN_PLACE and _is_in_place(before, after)):
                scored.append((-same, abs(i - j), i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in sorted(scored):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield _altered(about, old[i], new[j])
    whole_new = reading.passage.op == "insert"
    for side, quoted, known in ((0, old, about.new_whole), (1, new, about.old_whole)):
        for index, one in enumerate(quoted):
            if index not in used[side] and not (side == 1 and whole_new):
                yield _alone(about, one, known)


def _is_in_place(before: _Quoted, after: _Quoted) -> bool:
    """Whether nothing changed in a passage but its one quotation."""
    one, other = before.passage.old_text, after.passage.new_text
    start, end = before.span.start, before.span.end
    return one[:start] == other[: after.span.start] and one[end:] == other[after.span.end :]


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of the longer one's words that the other has in the same order. Of one word each:
    of letters, so that one ending is an alteration and another word is not."""
    if len(one) == len(other) == 1:
        one, other = one[0], other[0]
        return LCSseq.normalized_similarity(one, other) if len(one) > 3 or len(other) > 3 else 0.0
    same = float(LCSseq.normalized_similarity(one, other))
    # of two words or more, where one begins the other: it goes on, or was cut short
    continued = min(len(one), len(other)) > 1 and _begins(one, other)
    return max(same, _ALTERED) if continued else same


def _begins(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one is the beginning of the other."""
    return all(a == b for a, b in zip(one, other, strict=False))


def _altered(about: Comparison, before: _Quoted, after: _Quoted) -> Finding:
    spans = (
        *before.passage.spans("old", before.span.start, before.span.end),
        *after.passage.spans("new", after.span.start, after.span.end),
    )
    told = f"quotation altered: “{shortened(before.text())}” → “{shortened(after.text())}”"
    return about.state("quotation-altered", told, spans)


def _alone(about: Comparison, one: _Quoted, other_whole: str) -> Finding:
    spans = one.passage.spans(one.which, one.span.start, one.span.end)
    text = one.text()
    done = "removed" if one.which == "old" else "added"
    if text.strip(" ,.") in other_whole:
        told = f"quotation marks {done}: “{shortened(text)}”"
    else:
        told = f"quotation {done}: “{shortened(text)}”"
    return about.state(f"quotation-{done}", told, spans)


RULE = SimpleRule(
    name="quotations",
    kinds=("quotation-altered", "quotation-added", "quotation-removed"),
    look=_look,
)
