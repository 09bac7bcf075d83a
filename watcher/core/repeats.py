"""What keeps failing is said at once, then at growing intervals: no failure may fill a disk."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""The shortest times between two lines on one thing, one after the other; the last one stays."""

CALM = timedelta(hours=1)
"""After so long without a failure, or the present wait if that is longer, the next one is news."""

MOST_REASONS = 4
"""Other reasons for the same failure are said at once; so many within one wait."""

MOST_THINGS = 200_000
"""Things that fail at a time; beyond that the oldest is forgotten, and would be said again."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """How often something failed since that was last said, and since when it fails.

    `is_news`: it had not failed before, or has been calm for long.
    """

    count: int
    since: datetime
    is_news: bool = False


@dataclass(slots=True)
class _Failing:
    since: datetime
    last_at: datetime
    said_at: datetime
    count: int = 0
    level: int = 0
    fails: bool = True
    told: bool = True
    reasons: set[str] = field(default_factory=set)

    def is_calm(self, now: datetime) -> bool:
        return now - self.last_at >= max(CALM, WAITS[self.level])


class Repeats:
    """Decides what is said of things that fail: at most a few lines for each in every wait."""

    def __init__(self) -> None:
        self._things: dict[Hashable, _Failing] = {}

    def failed(self, thing: Hashable, reason: str, now: datetime) -> Repeated | None:
        """Something failed: what to say of it; None if it was said not long ago."""
        known = self._things.get(thing)
        if known is None or (not known.fails and known.is_calm(now)):
            self._forget_some()
            self._things[thing] = _Failing(now, now, now, reasons={reason})
            return Repeated(1, now, is_news=True)
        if not known.fails:
            known.since, known.fails = now, True
        known.last_at = now
        known.count += 1
        waited = now - known.said_at
        if timedelta(0) <= waited < WAITS[known.level]:
            if reason in known.reasons or len(known.reasons) >= MOST_REASONS:
                return None
        else:
            known.said_at = now
            known.level = min(known.level + 1, len(WAITS) - 1)
            known.reasons.clear()
        known.reasons.add(reason)
        said = Repeated(known.count, known.since)
        known.count, known.told = 0, True
        return said

    def succeeded(self, thing: Hashable, now: datetime) -> Repeated | None:
        """Something worked: the end of a failure that was said, with what was not said of it.

        None if nothing was wrong, or nobody heard of it.
        """
        known = self._things.get(thing)
        if known is None:
            return None
        if not known.fails:
            if known.is_calm(now):
                del self._things[thing]
            return None
        known.fails = False
        if not known.told:
            return None
        told = Repeated(known.count, known.since)
        known.count, known.told = 0, False
        return told

    def _forget_some(self) -> None:
        while len(self._things) >= MOST_THINGS:
            del self._things[next(iter(self._things))]
