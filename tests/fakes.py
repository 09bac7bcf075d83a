"""Stand-ins for what the service needs from the world."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class FakeHandle:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class FakeTimers:
    """A clock that moves when told, and calls back what has become due.

    `awaited` is set once somebody waits for a timer.
    """

    def __init__(self) -> None:
        self.awaited = asyncio.Event()
        self.moment = 100.0
        self._order = count()
        self._queue: list[tuple[float, int, FakeHandle]] = []

    def time(self) -> float:
        return self.moment

    def call_later(self, delay: float, callback: Callable[[], None], /) -> FakeHandle:
        self.awaited.set()
        handle = FakeHandle(callback)
        heapq.heappush(self._queue, (self.moment + delay, next(self._order), handle))
        return handle

    def pending(self) -> int:
        return sum(handle.callback is not None for _, _, handle in self._queue)

    async def advance(self, seconds: float) -> None:
        until = self.moment + seconds
        while self._queue and self._queue[0][0] <= until:
            self.moment, _, handle = heapq.heappop(self._queue)
            if handle.callback is not None:
                handle.callback()
            await settle()
        self.moment = until


async def settle() -> None:
    """Lets every task run until it waits for something."""
    for _ in range(10):
        await asyncio.sleep(0)
