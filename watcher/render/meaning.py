"""What a change means, as it stands above its text: weight, sentence, findings, coverage."""

from __future__ import annotations

from watcher.core.model import Change, Finding

MOST = 12
"""Findings that are shown one by one; an article that was written anew has hundreds."""

_TOLD_BESIDE = ("headline", "byline", "section", "published", "modified", "access")
"""Fields whose change stands above the text on a line of its own, as notices and links do."""

_NOTICES = ("correction", "clarification", "editors-note", "update-line", "retraction", "link")


def told_first(change: Change) -> str:
    """Weight and sentence, as "notable: Death toll 12 → 17"; "" if nobody looked for findings."""
    return f"{change.weight}: {change.sentence}" if change.sentence else ""


def shown(change: Change) -> tuple[Finding, ...]:
    """The findings to show, heaviest first: what neither the sentence says nor a line beside."""
    return _untold(change)[:MOST]


def rest(change: Change) -> str:
    """That there are more than are shown; "" if there are not."""
    more = len(_untold(change)) - MOST
    return f"and {more} more finding{'' if more == 1 else 's'}" if more > 0 else ""


def not_looked_for(change: Change) -> str:
    """What could not be looked for; "" if everything was."""
    return f"not looked for: {'; '.join(change.coverage)}" if change.coverage else ""


def _untold(change: Change) -> tuple[Finding, ...]:
    said = change.sentence.casefold()
    return tuple(
        each
        for each in change.findings
        if each.sentence.casefold() not in said
        and each.kind.rpartition("-")[0] not in (*_TOLD_BESIDE, *_NOTICES)
    )
