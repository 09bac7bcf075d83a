"""Articles that have been quiet for the configured time: they are settled. Pure.

Nobody polls them regularly any more. Only what says that one changed makes it live again: a listing
that gives a newer time, a person, or the look that is taken once in `LOOK_AGAIN`, or when another
article of its story changed, so that what is altered long after is not missed for good.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from watcher.core.decision import ArticleState, Decision
from watcher.core.model import EventType
from watcher.core.telling import state_event
from watcher.core.wording import counted

LOOK_AGAIN = timedelta(days=30)
"""After so long a settled article is looked at, and again."""

DAY = 86400.0


def settle(article: ArticleState, decision: Decision) -> Decision:
    """A decision with since when the article has been quiet, and whether that settles it.

    Whatever people are told of an article ends its quiet, and so does its first version; changes
    of the site do not. What was not seen is not quiet.
    """
    if not decision.outcome.is_content:
        return replace(decision, quiet_since=article.quiet_since)
    version = decision.version
    if decision.events or (version is not None and version.kind == "first"):
        return replace(decision, quiet_since=decision.at)
    since = article.quiet_since or decision.at
    decision = replace(decision, quiet_since=since)
    quiet = article.terms.quiet
    if quiet is None or (decision.at - since).total_seconds() < max(quiet, article.interval):
        return decision
    if article.health == "settled":
        events = decision.events
    else:
        told = f"The article is settled: no change for {_lasting(decision.at - since)}"
        events = (*decision.events, state_event(EventType.SETTLED, told))
    return replace(
        decision,
        health="settled",
        events=events,
        next_poll_at=decision.at + LOOK_AGAIN,
        pressure=None if decision.pressure is None else 0.0,
    )


def _lasting(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds >= DAY:
        return counted(int(seconds // DAY), "day")
    if seconds >= 3600:
        return counted(int(seconds // 3600), "hour")
    return counted(int(seconds // 60), "minute")
