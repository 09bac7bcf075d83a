"""The clock is set back, set forward, or stands still while a laptop sleeps."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import apscheduler.schedulers.base
import pytest

from storage.articles import WatchedArticle
from tests.service.rig import INTERVAL, World, html, page
from tests.service.test_daemon import Lines, finish, made
from tests.site import Answer
from watcher.adapters.clock import SystemClock
from watcher.core.model import Outcome
from watcher.dispatch import deliver_due
from watcher.ticking import Every, Ticking

EDITIONS = [page(f"River, edition {number}") for number in range(9)]


async def set_clock(here: World, seconds: float, *, told: bool = True) -> None:
    """Moves the clock; `told`: the daemon was running and saw it."""
    here.clock.advance(seconds)
    if told and seconds < 0:
        await here.store.shift_times(seconds, here.clock.now())


@pytest.mark.parametrize("told", [True, False])
async def test_a_clock_set_back_loses_no_article(here: World, told: bool) -> None:
    here.site.on("/flood", html(EDITIONS[0]), html(EDITIONS[1]))
    await here.watch("/flood")
    await here.poll(after=0)
    await set_clock(here, -30 * 86400.0, told=told)
    await here.watch("/flood")  # as every start does
    assert await here.due() == []  # no storm either
    here.clock.advance(INTERVAL)
    assert await here.due() == [1]


async def test_many_articles_do_not_return_at_once(here: World) -> None:
    paths = [f"/flood/{number}" for number in range(40)]
    for path in paths:
        here.site.on(path, html(EDITIONS[0]))
    await here.watch(*paths)
    for article in range(1, 41):
        await here.poll(article, after=0)
    await set_clock(here, -86400.0, told=False)
    await here.watch(*paths)
    due = []
    for _ in range(10):
        here.clock.advance(INTERVAL / 10)
        due.append(len(await here.due()))
    assert sum(due) == 40
    assert max(due) <= 6


async def test_failures_and_leases_and_deliveries_come_back_too(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=503))
    here.site.on("/flood", html(EDITIONS[0]), html(EDITIONS[1]), Answer(status=500))
    await here.watch("/flood")
    for _ in range(6):
        await here.poll()
    await deliver_due(here.dispatcher)
    await here.lease()
    here.clock.advance(-400 * 86400.0)
    await here.watch("/flood")
    here.site.on("/desk", Answer(status=204))
    assert [done.delivered for done in await deliver_due(here.dispatcher)] == [True]
    here.clock.advance(86400.0)
    assert await here.due() == [1]


async def test_ordinary_waits_are_left_alone(here: World) -> None:
    here.site.on("/flood", Answer(status=503, headers={"Retry-After": "80000"}))
    here.site.on("/storm", html(EDITIONS[0]))
    await here.watch("/flood", "/storm")
    for _ in range(3):
        await here.poll(1)
    await here.poll(2)

    def due() -> list[datetime]:
        with here.archive() as archive:
            return [article.next_poll_at for article in archive.articles()]

    before = due()
    await here.watch("/flood", "/storm")
    assert due() == before


async def test_windows_are_never_negative(here: World) -> None:
    """Back and forth between every two polls."""
    here.site.on("/flood", *map(html, EDITIONS))
    await here.watch("/flood")
    for jump in (0, -7200, 90_000, -86400, 60, -3600, 1, -1, 400):
        here.clock.advance(jump)
        assert (await here.poll(after=1)).decision.outcome is Outcome.NEW_VERSION
    with here.archive() as archive:
        versions = archive.versions(1)
        assert len(versions) == len(EDITIONS)
        assert all(version.seen_from <= version.seen_until for version in versions)
        assert all(run.first_at <= run.last_at for run in archive.runs(1))
    with closing(sqlite3.connect(here.database)) as other:
        windows = other.execute("SELECT window_after, window_before FROM timeline").fetchall()
    assert all(after is None or after <= before for after, before in windows)


async def test_after_a_long_sleep_every_article_is_polled_once(here: World) -> None:
    here.site.on("/flood", html(EDITIONS[0], '"1"'))
    await here.watch("/flood")
    await here.poll()
    here.clock.advance(90 * 86400.0)
    assert await here.due() == [1]
    await here.store.release([1])
    await here.poll(after=0)
    assert await here.due() == []
    here.clock.advance(INTERVAL)
    assert await here.due() == [1]
    assert len(here.site.asked("/flood")) == 2


async def test_a_poll_whose_lease_ran_out_amid_it_is_not_made_twice(here: World) -> None:
    held = asyncio.Event()
    here.site.on("/flood", replace(html(EDITIONS[0]), held=held))
    await here.watch("/flood")
    daemon = made(here, Lines())
    await daemon.poll_tick()
    here.clock.advance(86400.0)
    await daemon.poll_tick()
    assert len(daemon.polls) == 1
    held.set()
    await finish(daemon)
    assert len(here.site.asked("/flood")) == 1
    assert len(here.texts()) == 1


async def test_a_message_whose_lease_ran_out_amid_it_is_not_sent_twice(here: World) -> None:
    held = asyncio.Event()
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=204, held=held))
    here.site.on("/flood", html(EDITIONS[0]), html(EDITIONS[1]))
    await here.watch("/flood")
    for _ in range(2):
        await here.poll()
    log = Lines()
    daemon = made(here, log)
    await daemon.delivery_tick()
    here.clock.advance(3600.0)
    await daemon.delivery_tick()
    assert len(daemon.deliveries) == 1
    held.set()
    await log.until("delivered")
    assert len(here.received("desk")) == 1


async def test_the_daemon_moves_due_times_along(here: World) -> None:
    here.site.on("/flood", html(EDITIONS[0]))
    await here.watch("/flood")
    await here.poll()
    log = Lines()
    daemon = made(here, log)
    await here.store.start_daemon(1, here.clock.now())
    here.clock.advance(-86400.0)
    await daemon._clock_set_back(-86400.0)
    await daemon.housekeeping_tick()
    [line] = log.all("clock-set-back")
    assert line["seconds"] == 86400.0
    with here.archive() as archive:
        wait = archive.articles()[0].next_poll_at - here.clock.now()
    assert wait == timedelta(seconds=INTERVAL)
    await daemon.housekeeping_tick()
    with here.archive() as archive:
        assert archive.articles()[0].next_poll_at - here.clock.now() == wait


def test_a_year_ahead_is_one_tick_not_a_hundred_million() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    trigger = Every(0.25)
    assert trigger.get_next_fire_time(now - timedelta(days=365), now) == now + timedelta(
        seconds=0.25
    )


async def test_ticks_go_on_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler itself would wait for the old time to come again."""
    monkeypatch.setattr("watcher.ticking.LOOK", 0.01)
    shift = timedelta(0)
    real = datetime

    class Shifted(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return real.now(tz) + shift

    class Clock:
        def now(self) -> datetime:
            return Shifted.now(UTC)

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Shifted)
    ticked, told, heard = asyncio.Event(), list[float](), asyncio.Event()

    async def tick() -> None:
        ticked.set()

    async def run(what: object) -> None:
        await tick()

    async def set_back(seconds: float) -> None:
        told.append(seconds)
        if len(told) == 2:
            heard.set()

    ticking = Ticking([(tick, 0.01)], run, Clock(), set_back)
    ticking.start()
    try:
        for days in (0, -30, 400, -1):
            shift += timedelta(days=days)
            for _ in range(3):
                ticked.clear()
                async with asyncio.timeout(10):
                    await ticked.wait()
        async with asyncio.timeout(10):
            await heard.wait()
    finally:
        ticking.pause()
        ticking.stop()
    assert [round(seconds / 86400) for seconds in told] == [-30, -1]


@pytest.fixture
def local_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """A zone in which an hour is about to be skipped or to come twice."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("local_time")
@pytest.mark.parametrize("start", ["2026-03-29T00:30:00+00:00", "2026-10-25T00:30:00+00:00"])
async def test_summer_time_is_nothing_to_us(here: World, start: str) -> None:
    assert SystemClock().now().tzinfo is UTC
    here.clock._now = datetime.fromisoformat(start)
    here.site.on("/flood", html(EDITIONS[0], '"1"'))
    await here.store.sync_articles(
        [WatchedArticle(here.site.url("/flood"), "flood", INTERVAL)], here.clock.now()
    )
    polls = 0
    for _ in range(12):
        polls += len(due := await here.due())
        if due:
            await here.store.release([1])
            await here.poll(after=0)
        here.clock.advance(INTERVAL)
    assert polls == 12
