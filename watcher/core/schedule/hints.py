"""What a hint does to the next poll. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SOONEST = timedelta(minutes=1)
"""A hint of a mere likelihood never brings a poll closer than this: many must not be a burst."""


def hastened(
    due: datetime, now: datetime, last: datetime | None, shortest: float, *, sure: bool
) -> datetime:
    """The next poll after a hint: at once if it says that the article changed (`sure`).

    If an update is only likelier than before, half of the wait that is left; what is due within a
    minute stays then. It is never later than it was `due`, nor within `shortest` seconds after the
    `last` poll.
    """
    left = due - now
    if left <= (timedelta(0) if sure else SOONEST):
        return due
    wanted = now if sure else max(now + SOONEST, now + left / 2)
    earliest = now if last is None else last + timedelta(seconds=shortest)
    return min(due, max(wanted, earliest))
