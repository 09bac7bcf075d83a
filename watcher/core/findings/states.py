"""How a matter stands that stood otherwise: shut that was opened, rejected that was upheld."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.findings.comparison import Comparison, Which
from watcher.core.findings.matters import Standing, is_denied, standings
from watcher.core.findings.negation import denials
from watcher.core.findings.reading import Counterparts, Side, counterparts
from watcher.core.findings.rule import SimpleRule
from watcher.core.findings.spoken import places, touch
from watcher.core.model import Finding, Span


def _look(about: Comparison) -> Iterator[Finding]:
    told = places(about.found)
    for each in counterparts(about):
        old = standings(each.old.line, about.words)
        new = standings(each.new.line, about.words) if old else []
        both = {one.matter for one in new}
        for matter in dict.fromkeys(one.matter for one in old if one.matter in both):
            olds, news = ([one for one in side if one.matter == matter] for side in (old, new))
            before, after = _changed(each, "old", olds), _changed(each, "new", news)
            if not before or not after or _meet(each, olds, news):
                continue
            spans = _spans(each, before[0], after[0])
            # "guilty" and "not guilty" are yes and no, "is expected to land" a doubt
            if not _denies(each, before, after) and not touch(told, spans):
                yield about.state("state-changed", _told(each, before[0], after[0]), spans)


def _changed(each: Counterparts, which: Which, found: list[Standing]) -> list[Standing]:
    """Those with a state, in a stretch that changed."""
    ranges = [r[:2] if which == "old" else r[2:] for r in each.regions()]
    return [
        one
        for one in found
        if one.state and any(start < one.end and one.start < end for start, end in ranges)
    ]


def _meet(each: Counterparts, old: list[Standing], new: list[Standing]) -> bool:
    """Whether a state stands on both sides, or something is denied: yes and no in other words."""
    if not {one.state for one in old if one.state}.isdisjoint(one.state for one in new):
        return True
    return any(
        is_denied(side.line, one, side.words)
        for side, told in ((each.old, old), (each.new, new))
        for one in told
    )


def _denies(each: Counterparts, before: list[Standing], after: list[Standing]) -> bool:
    """Whether a negation came or went beside the states: "all are not", "none are"."""
    ranges = [(r[:2], r[2:]) for r in each.regions()]
    for at, (side, told) in enumerate(((each.old, before), (each.new, after))):
        for hit in denials(side):
            if any(one.start <= hit[0] < one.end for one in told):
                continue
            if any(pair[at][0] < hit[1] and hit[0] < pair[at][1] for pair in ranges):
                return True
    return False


def _spans(each: Counterparts, before: Standing, after: Standing) -> tuple[Span, ...]:
    return (
        *each.passage.spans("old", before.start, before.end),
        *each.passage.spans("new", after.start, after.end),
    )


def _told(each: Counterparts, before: Standing, after: Standing) -> str:
    return f"“{_said(each.old, before)}” → “{_said(each.new, after)}”"


def _said(side: Side, one: Standing) -> str:
    said = side.text[one.start : one.end]
    return said[0].lower() + said[1:] if said[1:2].islower() else said


RULE = SimpleRule(name="states", kinds=("state-changed",), look=_look, needs=("states",))
