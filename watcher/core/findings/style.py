"""How a thing is said: typography, spelling, other words. What no other rule has spoken for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from watcher.core.findings.comparison import Comparison, Region
from watcher.core.findings.evidence import text_at
from watcher.core.findings.gist import gist
from watcher.core.findings.phrasing import LONGEST, quoted
from watcher.core.findings.reading import Counterparts, Side, counterparts
from watcher.core.findings.rule import SimpleRule
from watcher.core.findings.spelling import same_word
from watcher.core.findings.spoken import Places, beside, places, touch
from watcher.core.model import Finding, Span, Weight

Sort = Literal["typography", "spelling", "wording"]
_SORTS: tuple[Sort, ...] = ("wording", "spelling", "typography")
# So many words with a meaning of their own may come and go in a sentence before it says more, or
# less, than in other words. Of real updates (bench/README.md), one word fewer would raise 151 more
# editorial changes for 12 substantive ones; three words more would miss 19 for 4.
_SAME_SENSE = 2

# So many words with a meaning of their own that went and came beside what other findings tell are
# something else that changed.
_UNTOLD = 2

# What other words add to the score, by how many of them there are.
_LEAST, _WORD, _MOST = 0.01, 0.01, 0.5


def _look(about: Comparison) -> Iterator[Finding]:
    told = places(about.found)
    for each in counterparts(about):
        left: dict[Sort, list[Region]] = {}
        for region in each.regions():
            if (
                _is_within(each, region)
                and not _is_seam(each, region)
                and not _is_told(about, _spans(each, [region]), told)
            ):
                left.setdefault(_sort(each, region, about), []).append(region)
        for sort in _SORTS:
            if sort in left:
                yield _state(about, each, sort, left[sort])


def _is_told(about: Comparison, spans: tuple[Span, ...], told: Places) -> bool:
    """Whether other findings touch a stretch, and leave little of it that they do not tell: of a
    sentence that became another one at once, a date is not all that changed."""
    if not touch(told, spans):
        return False
    grammar = about.words.list("stop_words")
    left: dict[str, list[str]] = {"old": [], "new": []}
    for span in spans:
        text = text_at(about.old if span.side == "old" else about.new, span.place, span.index)
        left[span.side] += beside(text, span, told)
    old, new = (gist(" ".join(left[side]), grammar) - grammar for side in ("old", "new"))
    return min(len(old - new), len(new - old)) < _UNTOLD


def _is_within(each: Counterparts, region: Region) -> bool:
    """Whether a changed stretch has anything of these sentences: whole sentences that came or went
    beside them, as they stand elsewhere too, are no other way to say these."""
    sides = (
        (each.old, region.old_start, region.old_end),
        (each.new, region.new_start, region.new_end),
    )
    return any(
        max(start, one.start) < min(end, one.end)
        for side, start, end in sides
        for one in side.stretches
    )


def _is_seam(each: Counterparts, region: Region) -> bool:
    """Whether nothing but the end of a paragraph came or went: the text was split or merged."""
    old = each.old.text[region.old_start : region.old_end]
    new = each.new.text[region.new_start : region.new_end]
    return "\n" in old + new and not (old + new).strip()


def _spans(each: Counterparts, regions: list[Region]) -> tuple[Span, ...]:
    return (
        *(s for r in regions for s in each.passage.spans("old", r.old_start, r.old_end)),
        *(s for r in regions for s in each.passage.spans("new", r.new_start, r.new_end)),
    )


def _sort(each: Counterparts, region: Region, about: Comparison) -> Sort:
    spelled = [
        [lexeme.folded for lexeme in side.line if start < lexeme.end and lexeme.start < end]
        for side, start, end in (
            (each.old, region.old_start, region.old_end),
            (each.new, region.new_start, region.new_end),
        )
    ]
    if spelled[0] != spelled[1] and _are_spellings(spelled[0], spelled[1], about):
        return "spelling"
    if _qualify_otherwise(spelled, about):
        return "wording"
    old = _words(each.old, region.old_start, region.old_end)
    new = _words(each.new, region.new_start, region.new_end)
    if "".join(old).replace("'", "") == "".join(new).replace("'", ""):
        return "typography"
    if old and sorted(old) == sorted(new) and "0" in old:
        return "typography"  # a figure is written otherwise
    return "spelling" if _are_spellings(old, new, about) else "wording"


def _qualify_otherwise(spelled: list[list[str]], about: Comparison) -> bool:
    """Whether other words say how exactly a figure is meant ("about", "some")."""
    qualifiers = about.words.table("quantity_qualifiers")
    old, new = ([word for word in line if word in qualifiers] for line in spelled)
    return old != new


def _are_spellings(old: list[str], new: list[str], about: Comparison) -> bool:
    return len(old) == len(new) and all(
        same_word(a, b, about.words) for a, b in zip(old, new, strict=True)
    )


def _words(side: Side, start: int, end: int) -> list[str]:
    """The words of a stretch; a figure is one, however it is written: whether it says something
    else is for the rule of numbers."""
    figures = [(each.start, each.end) for each in side.amounts]
    figures += [(each.start, each.end) for each in side.moments]
    figures = [(s, e) for s, e in figures if s < end and start < e]
    found = ["0" for _ in figures]
    for each in side.line:
        if each.start >= end or each.end <= start:
            continue
        inside = any(s <= each.start < e for s, e in figures)
        if each.sort in ("word", "number") and not inside:
            found.append(each.text.lower().replace("’", "'"))
    return found


def _state(about: Comparison, each: Counterparts, sort: Sort, regions: list[Region]) -> Finding:
    spans = _spans(each, regions)
    weight: Weight | None = None
    score: float | None = None
    if sort == "wording":
        extent = _extent(about, each)
        if extent > _SAME_SENSE:
            weight = "routine"
        score = round(min(_MOST, _LEAST + _WORD * extent), 2)
    return about.state(
        f"{sort}-changed", _told(each, sort, regions), spans, weight=weight, score=score
    )


def _extent(about: Comparison, each: Counterparts) -> int:
    """How many words with a meaning came or went, other than to another place in the sentences."""
    grammar = about.words.list("stop_words")
    old, new = gist(each.old.said(), grammar), gist(each.new.said(), grammar)
    return max(len(old - new), len(new - old))


def _told(each: Counterparts, sort: Sort, regions: list[Region]) -> str:
    if sort == "typography":
        return "typography changed"
    old, new, rest = _shown(each, regions)
    more = f", and {rest} more" if rest else ""
    if not (old or new):
        return f"{sort} changed"
    if not new:
        return f"{sort}: {quoted(old)} taken out{more}"
    if not old:
        return f"{sort}: {quoted(new)} put in{more}"
    return f"{sort}: {quoted(old)} → {quoted(new)}{more}"


def _shown(each: Counterparts, regions: list[Region]) -> tuple[str, str, int]:
    """What stood and what stands there: from the first changed stretch to the last if that is
    short, or else in the one with most words, with how many are not shown."""
    first, last = regions[0], regions[-1]
    old, new = _texts(each, first.old_start, last.old_end, first.new_start, last.new_end)
    if max(len(old), len(new)) <= LONGEST:
        return old, new, 0
    pairs = [_texts(each, r.old_start, r.old_end, r.new_start, r.new_end) for r in regions]
    old, new = max(pairs, key=lambda pair: len(pair[0]) + len(pair[1]))
    return old, new, len(pairs) - 1


def _texts(each: Counterparts, *bounds: int) -> tuple[str, str]:
    old_start, old_end, new_start, new_end = bounds
    return each.old.text[old_start:old_end].strip(), each.new.text[new_start:new_end].strip()


RULE = SimpleRule(
    name="style",
    kinds=("spelling-changed", "typography-changed", "wording-changed"),
    look=_look,
    uses=("stop_words", "quantity_qualifiers"),
)
