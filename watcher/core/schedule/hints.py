"""What a hint does to the next poll. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SOONEST = timedelta(minutes=1)
"""A hint never brings a poll closer than this: many of them must not become a burst."""


def hastened(due: datetime, now: datetime, earliest: datetime) -> datetime:
    """The next poll after a hint that an update is likelier: half of the wait that is left.

    It is not before `earliest`; what is due within a minute stays as it is.
    """
    left = due - now
    if left <= SOONEST:
        return due
    return min(due, max(now + SOONEST, now + left / 2, earliest))
