"""What became of an article as a whole: the findings of events that are about no version."""

from __future__ import annotations

from watcher.core.findings.kinds import KINDS
from watcher.core.model import EventType, Finding

_KINDS = {
    EventType.UNPUBLISHED: "unpublished",
    EventType.RESTORED: "restored",
    EventType.MOVED: "moved",
    EventType.UNREACHABLE: "unreachable",
    EventType.SETTLED: "settled",
}


def finding_of(event: EventType, summary: str) -> Finding:
    """The finding of an event. `summary` is a sentence, with or without its full stop.

    It has no evidence in a text: what proves it is the log of observations. Raises KeyError for
    an update, whose findings are those of its change.
    """
    kind = _KINDS[event]
    weight, score = KINDS[kind]
    return Finding(kind, summary.removesuffix("."), None, None, (), weight, score)
