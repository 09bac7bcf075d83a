"""Rest while the archive cannot be written: what was seen or sent could not be put on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REST = timedelta(minutes=1)
"""Until the next try. Publishers and receivers must not be asked for what would be lost again."""


@dataclass(slots=True)
class Pause:
    """Work rests until a time, then one piece of it is tried."""

    until: datetime | None = None

    def begin(self, now: datetime) -> bool:
        """Begins, or goes on after a try that failed; True if it had not begun."""
        news = self.until is None
        self.until = now + REST
        return news

    def rests(self, now: datetime) -> bool:
        """Whether nothing may be tried yet. A clock that was set back does not prolong it."""
        return self.until is not None and timedelta(0) < self.until - now <= REST

    def places(self, now: datetime, free: int, under_way: int) -> int:
        """How many pieces of work may begin now, with so many free places and under way.

        Once the rest is over one is tried, while nothing else is: if it fails as well, no
        publisher or receiver but its own was asked in vain.
        """
        if self.until is None:
            return free
        return 0 if under_way or self.rests(now) else min(free, 1)

    def end(self) -> bool:
        """Something was put on record; True if it had begun."""
        ended, self.until = self.until is not None, None
        return ended


OUTAGE = timedelta(minutes=1)
"""After so long without a look at what is due, too much may be due at once."""


@dataclass(slots=True)
class Lookout:
    """Notices that nobody looked at what is due: before a start, in a pause, while asleep."""

    last: datetime | None = None

    def looked(self, now: datetime) -> bool:
        """Somebody looks now; True if nobody did for too long, so that overdue work must spread."""
        long_ago = self.last is None or now - self.last > OUTAGE
        self.last = now
        return long_ago

    def forget(self) -> None:
        """Much may have become due at once: as if nobody had looked yet."""
        self.last = None
