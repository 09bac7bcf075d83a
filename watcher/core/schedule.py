"""When to poll next. Pure functions: now and jitter are arguments, durations are seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST_RETRY_AFTER = 24 * 3600.0
"""A host may ask for patience; more than a day would look like a lost article."""


def after_content(due: datetime, now: datetime, interval: float) -> datetime:
    """The next poll after the article was seen: a plain interval, kept exactly.

    It counts from the time the poll was due, not from when it ran, so that slow polls do not
    add up to drift. A grid point already in the past is skipped instead of made up for; a poll
    that ran early, by hand, leaves the grid as it is.
    """
    following = due if due > now else due + timedelta(seconds=interval)
    return following if following > now else now + timedelta(seconds=interval)


def after_failure(
    now: datetime,
    interval: float,
    failures: int,
    *,
    longest: float,
    retry_after: float | None,
    jitter: float,
) -> datetime:
    """The next poll after the `failures`-th poll in a row that did not see the article.

    The first two come at the plain interval: one failure is usually a hiccup, and a missing page
    must be confirmed soon. Then the wait doubles up to `longest` (never below the interval);
    `jitter` in [0, 1) takes up to a quarter off, so that articles which failed together do not
    return together. A server's Retry-After is a lower bound.
    """
    if failures <= 2:
        wait = interval
    else:
        ceiling = max(interval, longest)
        wait = min(interval * 2.0 ** min(failures - 2, 32), ceiling) * (1 - jitter / 4)
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
    return now + timedelta(seconds=wait)
