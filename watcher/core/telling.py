"""What people are told: what a new version's change means, and the events of a poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from watcher.core.compare import compare, differs
from watcher.core.decision import EventDraft, Extracted, NewVersion
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.find import Rulebook
from watcher.core.findings.sentence import compose
from watcher.core.findings.state import finding_of
from watcher.core.model import Change, EventType


def understood(
    version: NewVersion, observed: Extracted, now: datetime, rulebook: Rulebook
) -> NewVersion:
    """The version with the findings of its change."""
    if version.change is None or observed.previous is None:
        return version
    seen_from = version.seen_from or now
    last_seen = observed.last_seen
    circumstances = Circumstances(
        # a clock that was set back must not make a window end before it begins
        after=None if last_seen is None else min(last_seen, seen_from),
        before=seen_from,
        revert_of=version.revert_of,
        noise=counters_that_went_on(observed),
    )
    change = rulebook.find(observed.previous, observed.snapshot, version.change, circumstances)
    if observed.still is not None:
        sentence = compose(change, without_counters(observed, version.change))
        change = replace(change, sentence=sentence)
    return replace(version, change=change)


def counters_that_went_on(observed: Extracted) -> frozenset[int]:
    """The old paragraphs in which nothing but a counter went on."""
    if observed.still is None or observed.previous is None:
        return frozenset()
    pairs = zip(observed.previous.paragraphs, observed.still.paragraphs, strict=True)
    return frozenset(at for at, (before, still) in enumerate(pairs) if before != still)


def without_counters(observed: Extracted, change: Change) -> Change:
    """The change without counters that went on beside it: the archive has them, no sentence
    need."""
    if observed.still is None:
        return change
    told = compare(observed.still, observed.snapshot)
    return told if differs(told) else change


def update_event(version: NewVersion) -> EventDraft:
    """The event of a new version: what changed, in the sentence of its findings."""
    change = version.change
    if change is None:
        return EventDraft(EventType.UPDATED, version.summary, about_version=True)
    remark = f" ({version.remark})" if version.remark else ""
    return EventDraft(
        EventType.UPDATED,
        f"{change.sentence}{remark}",
        about_version=True,
        weight=change.weight,
        score=change.score,
        findings=change.findings,
    )


def state_event(kind: EventType, summary: str) -> EventDraft:
    """An event that is about no version, with its finding."""
    finding = finding_of(kind, summary)
    return EventDraft(
        kind, summary, weight=finding.weight, score=finding.score, findings=(finding,)
    )
