"""When to poll next. Pure functions: now and jitter are arguments, durations are seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

BACKS_OFF_AFTER = 2
"""Failures in a row that change nothing: one is usually a hiccup, and a missing page must be
confirmed soon."""

LONGEST_RETRY_AFTER = 24 * 3600.0
"""A host may ask for patience; more than a day would look like a lost article."""


def after_content(due: datetime, now: datetime, interval: float) -> datetime:
    """The next poll after the article was seen: the first point of its grid after `now`.

    The grid is `due` and every `interval` after it, so that slow polls do not add up to drift
    and articles stay spread after an outage. Points that passed unused are skipped, not made up
    for; a poll that ran early, by hand, leaves the grid as it is.
    """
    if due > now:
        return due
    step = timedelta(seconds=interval)
    return due + step * ((now - due) // step + 1)


def longest_wait(interval: float, failures: int, longest: float) -> float:
    """The wait after the `failures`-th failure in a row, before jitter and Retry-After."""
    if failures <= BACKS_OFF_AFTER:
        return interval
    return min(interval * 2.0 ** min(failures - BACKS_OFF_AFTER, 32), max(interval, longest))


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

    The first two come at the plain interval. Then a window doubles up to `longest`, and `jitter`
    in [0, 1) says where in it the next poll is: exponential backoff with full jitter (Brooker
    2015, "Exponential backoff and jitter"), so that articles which failed together do not return
    together. No wait is shorter than the interval, so that no retry is immediate; a server's
    Retry-After is a lower bound too.
    """
    window = longest_wait(interval, failures, longest)
    wait = interval + (window - interval) * jitter
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
    return now + timedelta(seconds=wait)
