"""Two snapshots and the change between them, as the rules look at them: surveyed once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from watcher.core.findings.evidence import state
from watcher.core.findings.lexicon import Lexicon
from watcher.core.model import (
    Change,
    Finding,
    Op,
    Paragraph,
    Snapshot,
    Span,
    Weight,
    Word,
)
from watcher.core.words import words as word_diff

Which = Literal["old", "new"]
_Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a change beside its texts.

    It happened after `after` and not after `before` (aware UTC), None where nobody knows.
    `revert_of` is the number of the earlier version whose text it brought back. `noise` are the
    0-based indexes of old paragraphs in which nothing but a counter or relative time went on.
    """

    after: datetime | None = None
    before: datetime | None = None
    revert_of: int | None = None
    noise: frozenset[int] = frozenset()


NOTHING_KNOWN = Circumstances()


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a passage. `start` is its offset in the passage's text of that side."""

    place: str
    index: int
    kind: str
    text: str
    start: int


class Region(NamedTuple):
    """A stretch that changed: characters of the passage's old and new text, ends exclusive.

    One of the sides may be empty: its place is where words were put in or taken out.
    """

    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One step of the edit script that changed something, or the headline.

    Its text of a side is that side's texts joined by line feeds, as in Edit.words. `regions` are
    the changed stretches in order, without those that only reword a notice; where nothing is
    left of them, nothing but notices changed. `notices` are the characters of each side that are
    notices.
    """

    op: Op
    old: tuple[Text, ...]
    new: tuple[Text, ...]
    moved: bool
    words: tuple[Word, ...]
    old_text: str
    new_text: str
    regions: tuple[Region, ...]
    notices: tuple[_Places, _Places] = ((), ())

    @property
    def is_caption(self) -> bool:
        """True if all its texts are captions."""
        return all(text.kind == "caption" for text in (*self.old, *self.new))

    @property
    def is_headline(self) -> bool:
        """True if it is the headline."""
        return (self.old or self.new)[0].place == "headline"

    def spans(self, side: Which, start: int, end: int) -> tuple[Span, ...]:
        """The evidence for characters `start` to `end` of the text of a side.

        A span for each paragraph that they touch; none for an empty stretch.
        """
        found = []
        for text in self.old if side == "old" else self.new:
            first = max(start - text.start, 0)
            last = min(end - text.start, len(text.text))
            if first < last:
                found.append(Span(side, text.place, text.index, first, last))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a rule looks at. `change` has no findings yet; `language` is the first part of a tag.

    `passages` are the steps that changed something, the headline first, then in page order;
    those that hold nothing but notices are left out (Change.notices has them). `removed` and
    `added` are whole texts that stand on one side only, also at no other place of the other.
    `old_whole` and `new_whole` are headline and paragraphs of a side, joined by line feeds.
    `found` is empty for the rules of the first round; a rule of the second sees there what those
    found, in order. `memo` keeps what rules have worked out of the other fields, by name, so that
    one reads the texts for all.
    """

    old: Snapshot
    new: Snapshot
    change: Change
    language: str | None
    words: Lexicon
    circumstances: Circumstances
    passages: tuple[Passage, ...]
    removed: tuple[Text, ...]
    added: tuple[Text, ...]
    old_whole: str
    new_whole: str
    found: tuple[Finding, ...] = ()
    memo: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def state(
        self,
        kind: str,
        sentence: str,
        evidence: Iterable[Span],
        *,
        weight: Weight | None = None,
        score: float | None = None,
    ) -> Finding:
        """A finding, with the words that the evidence cuts out; see evidence.state()."""
        return state(kind, sentence, self.old, self.new, evidence, weight=weight, score=score)


def whole(place: str, old: str | None, new: str | None, index: int = 0) -> tuple[Span, ...]:
    """Spans of a whole place of both sides; none for a side that is empty or None."""
    sides: tuple[tuple[Which, str | None], ...] = (("old", old), ("new", new))
    return tuple(Span(side, place, index, 0, len(text)) for side, text in sides if text)


def survey(
    old: Snapshot,
    new: Snapshot,
    change: Change,
    *,
    language: str | None,
    words: Lexicon,
    circumstances: Circumstances = NOTHING_KNOWN,
) -> Comparison:
    """Looks over a change once, for all rules."""
    notices = (_notice_ranges(old), _notice_ranges(new))
    passages = [_headline(change)] if change.headline else []
    for edit in change.edits:
        if edit.op == "equal" and not edit.moved:
            continue
        if edit.op == "replace" and circumstances.noise.issuperset(edit.old):
            continue
        before, after = _texts(edit.old, old.paragraphs), _texts(edit.new, new.paragraphs)
        if edit.op == "replace" and _is_notice(before, notices[0]) != _is_notice(after, notices[1]):
            # an article does not become what it says of itself, however alike the words are
            parts = [_one_sided("delete", before, notices), _one_sided("insert", after, notices)]
        else:
            parts = [_passage(edit.op, before, after, edit.moved, edit.words, notices)]
        passages += (each for each in parts if each.regions or each.op == "equal")
    texts = {paragraph.text for paragraph in old.paragraphs}
    news = {paragraph.text for paragraph in new.paragraphs}
    return Comparison(
        old=old,
        new=new,
        change=change,
        language=language,
        words=words,
        circumstances=circumstances,
        passages=tuple(passages),
        removed=_alone((p.old for p in passages if p.op == "delete"), news),
        added=_alone((p.new for p in passages if p.op == "insert"), texts),
        old_whole="\n".join((old.headline, *(p.text for p in old.paragraphs))),
        new_whole="\n".join((new.headline, *(p.text for p in new.paragraphs))),
    )


def _alone(texts: Iterable[tuple[Text, ...]], others: set[str]) -> tuple[Text, ...]:
    return tuple(text for each in texts for text in each if text.text not in others)


def _texts(indexes: Sequence[int], paragraphs: Sequence[Paragraph]) -> tuple[Text, ...]:
    found, start = [], 0
    for index in indexes:
        kind, text = paragraphs[index]
        found.append(Text("paragraph", index, kind, text, start))
        start += len(text) + 1
    return tuple(found)


def _headline(change: Change) -> Passage:
    before, after = change.headline or ("", "")
    op: Op = "replace" if before and after else "delete" if before else "insert"
    old = (Text("headline", 0, "headline", before, 0),) if before else ()
    new = (Text("headline", 0, "headline", after, 0),) if after else ()
    return _passage(op, old, new, False, word_diff(before, after), ({}, {}))


_ENDS = frozenset(".!?…。！？\"'”’»")
"""What can be the end of the sentence before a notice."""

_Ranges = dict[int, list[tuple[int, int]]]
"""By paragraph: the characters that are a notice."""


def _notice_ranges(snapshot: Snapshot) -> _Ranges:
    ranges: _Ranges = {}
    for notice in snapshot.notices:
        if notice.place is None or not 0 <= notice.place < len(snapshot.paragraphs):
            continue
        text = snapshot.paragraphs[notice.place].text
        at = text.find(notice.text)
        # A notice that is told in other words than its paragraph is the whole of it.
        span = _with_brackets(text, at, at + len(notice.text)) if at >= 0 else (0, len(text))
        ranges.setdefault(notice.place, []).append(span)
    return ranges


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """The notice with the brackets, marks and spaces that set it off from what it stands behind."""
    while start > 0 and not text[start - 1].isalnum() and text[start - 1] not in _ENDS:
        start -= 1
    while end < len(text) and not text[end].isalnum():
        end += 1
    return start, end


def _passage(
    op: Op,
    old: tuple[Text, ...],
    new: tuple[Text, ...],
    moved: bool,
    words: tuple[Word, ...],
    notices: tuple[_Ranges, _Ranges],
) -> Passage:
    within = (_offsets(old, notices[0]), _offsets(new, notices[1]))
    return _made(op, old, new, moved, words, within)


def _made(
    op: Op,
    old: tuple[Text, ...],
    new: tuple[Text, ...],
    moved: bool,
    words: tuple[Word, ...],
    within: tuple[_Places, _Places],
) -> Passage:
    regions = [
        region
        for region in _regions(words)
        if not (
            any(within)
            and _inside(region.old_start, region.old_end, within[0])
            and _inside(region.new_start, region.new_end, within[1])
        )
    ]
    return Passage(
        op=op,
        old=old,
        new=new,
        moved=moved,
        words=words,
        old_text="\n".join(text.text for text in old),
        new_text="\n".join(text.text for text in new),
        regions=tuple(regions),
        notices=within,
    )


def _one_sided(op: Op, texts: tuple[Text, ...], notices: tuple[_Ranges, _Ranges]) -> Passage:
    """Texts that went or came, as a passage."""
    said = "\n".join(text.text for text in texts)
    if op == "delete":
        return _passage(op, texts, (), False, ((-1, said),), notices)
    return _passage(op, (), texts, False, ((1, said),), notices)


def _is_notice(texts: tuple[Text, ...], ranges: _Ranges) -> bool:
    """Whether the texts are notices from end to end."""
    return bool(texts) and all(
        any(start == 0 and end >= len(text.text) for start, end in ranges.get(text.index, ()))
        for text in texts
    )


def as_one(gone: Passage, come: Passage) -> Passage:
    """A passage that went and one that came, as one that was edited."""
    words = word_diff(gone.old_text, come.new_text)
    within = (gone.notices[0], come.notices[1])
    return _made("replace", gone.old, come.new, False, words, within)


def _offsets(texts: tuple[Text, ...], ranges: _Ranges) -> _Places:
    return tuple(
        (text.start + start, text.start + end)
        for text in texts
        for start, end in ranges.get(text.index, ())
    )


def _inside(start: int, end: int, ranges: _Places) -> bool:
    return start == end or any(low <= start and end <= high for low, high in ranges)


def _regions(words: tuple[Word, ...]) -> list[Region]:
    found: list[Region] = []
    i = j = 0
    begun: tuple[int, int] | None = None
    for op, text in (*words, (0, "")):
        if op == 0 and begun is not None:
            found.append(Region(begun[0], i, begun[1], j))
            begun = None
        elif op != 0 and begun is None:
            begun = (i, j)
        i += len(text) if op <= 0 else 0
        j += len(text) if op >= 0 else 0
    return found
