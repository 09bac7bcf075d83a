"""What a change means, as it stands above its text: weight, sentence, findings, coverage."""

from __future__ import annotations

from watcher.core.model import Change, Finding

MOST = 12
"""Findings that are shown one by one; an article that was written anew has hundreds."""


def told_first(change: Change) -> str:
    """Weight and sentence, as "notable: Death toll 12 → 17"; "" if nobody looked for findings."""
    return f"{change.weight}: {change.sentence}" if change.sentence else ""


def shown(change: Change) -> tuple[Finding, ...]:
    """The findings to show, heaviest first: all that a single sentence does not say already."""
    if len(change.findings) == 1 and change.findings[0].sentence.casefold() == (
        change.sentence.casefold()
    ):
        return ()
    return change.findings[:MOST]


def rest(change: Change) -> str:
    """That there are more than are shown; "" if there are not."""
    more = len(change.findings) - MOST
    return f"and {more} more finding{'' if more == 1 else 's'}" if more > 0 else ""


def not_looked_for(change: Change) -> str:
    """What could not be looked for; "" if everything was."""
    return f"not looked for: {'; '.join(change.coverage)}" if change.coverage else ""
