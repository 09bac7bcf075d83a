"""Stand-ins for what the service needs from the world."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
