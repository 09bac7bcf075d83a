"""The ticks of the daemon, by APScheduler, whatever is done to the clock meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from watcher.ports import Clock

LOOK = 1.0
"""Seconds between two looks at the clock: for so long ticks may stop when it is set back."""

NOTICED = 5.0
"""Seconds by which it must have been set back between two looks. What NTP slews is a thousandth of
that; ticks that stop for a few seconds disturb nobody."""

Tick = Callable[[], Awaitable[None]]


class Every(BaseTrigger):  # type: ignore[misc]
    """Fires so many seconds after it fired last.

    APScheduler's own interval goes through every time that was missed: after a year's jump, or
    a night's sleep, millions, one after the other.
    """

    def __init__(self, seconds: float) -> None:
        self._wait = timedelta(seconds=seconds)

    def get_next_fire_time(
        self,
        previous_fire_time: datetime | None,  # noqa: ARG002  # APScheduler passes it
        now: datetime,
    ) -> datetime | None:
        """The next time; for the first one, once the wait is over."""
        return now + self._wait


class Ticking:
    """Runs ticks until it is stopped. `set_back` hears by how many seconds the clock was."""

    def __init__(
        self,
        ticks: Sequence[tuple[Tick, float]],
        run: Callable[[Tick], Awaitable[None]],
        clock: Clock,
        set_back: Callable[[float], Awaitable[None]],
    ) -> None:
        # A tick that is still busy is simply not started twice: that is no news for a log.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for tick, seconds in ticks:
            self._scheduler.add_job(
                run, Every(seconds), args=[tick], max_instances=1, coalesce=True,
                misfire_grace_time=None,
            )  # fmt: skip
        self._clock, self._set_back = clock, set_back
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to tick."""
        self._scheduler.start()
        self._looking = asyncio.create_task(self._look())

    def pause(self) -> None:
        """Starts no further tick; those under way go on."""
        if self._looking is not None:
            self._looking.cancel()
        self._scheduler.pause()

    def stop(self) -> None:
        """Ends the scheduler; what is still under way would be cancelled."""
        self._scheduler.shutdown(wait=False)

    async def _look(self) -> None:
        """Compares the clock with one that nobody can set."""
        loop = asyncio.get_running_loop()
        moment, now = loop.time(), self._clock.now()
        while True:
            await asyncio.sleep(LOOK)
            then, before = moment, now
            moment, now = loop.time(), self._clock.now()
            jump = (now - before).total_seconds() - (moment - then)
            if jump < -NOTICED:
                # The scheduler would wait for the old time to come again.
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=now)
                await self._set_back(jump)
