"""A host that asks for patience gets it, for all its articles; and nothing comes in bursts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import START
from tests.service.rig import World
from tests.service.test_daemon import Lines, finish, made
from tests.site import Answer
from watcher.app import poll_all

MANY = 300


@pytest.fixture
def log() -> Lines:
    return Lines()


@pytest.mark.parametrize("status", [429, 503])
async def test_a_refusal_is_of_the_whole_host(here: World, status: int) -> None:
    here.site.on("/one", Answer(status=status))
    await here.watch("/one", "/two", "http://elsewhere.test/three")
    here.poller = replace(here.poller, jitter=lambda: 0.5)
    await here.poll(1, after=0)
    assert await here.due() == [3]
    here.clock.advance(34.9)
    assert await here.due() == []
    here.clock.advance(0.1)
    assert await here.due() == [2]


@pytest.mark.parametrize("asked", ["900", "Mon, 12 Jan 2026 06:15:00 GMT"])
async def test_the_host_says_for_how_long(here: World, asked: str) -> None:
    here.site.on("/one", Answer(status=503, headers={"Retry-After": asked}))
    await here.watch("/one", "/two")
    await here.poll(1, after=0)
    here.clock.advance(899)
    assert await here.due() == []
    here.clock.advance(1)
    assert sorted(await here.due()) == [1, 2]
    with here.archive() as archive:
        assert archive.resting_hosts(START)["127.0.0.1"].until == START + timedelta(minutes=15)
        assert archive.resting_hosts(here.clock.now()) == {}


async def test_further_refusals_make_it_longer_and_an_answer_ends_it(here: World) -> None:
    here.site.on("/one", Answer(status=503))
    here.poller = replace(here.poller, jitter=lambda: 0.5)
    await here.watch("/one", "/two")

    async def refusals() -> int:
        with here.archive() as archive:
            rest = archive.resting_hosts(here.clock.now()).get("127.0.0.1")
            return 0 if rest is None else rest.refusals

    await here.poll(1, after=0)
    await here.poll(1, after=1)  # during the rest: one that was on its way
    assert await refusals() == 1
    await here.poll(1, after=60)
    assert await refusals() == 2
    here.site.on("/two", Answer(status=404))
    await here.poll(2, after=1)
    assert await refusals() == 0


async def test_other_failures_are_the_articles_own(here: World) -> None:
    here.site.on("/one", Answer(status=500))
    await here.watch("/one", "/two")
    await here.poll(1, after=0)
    assert await here.due() == [2]


async def test_a_host_set_back_in_time_rests_no_longer(here: World) -> None:
    here.site.on("/one", Answer(status=503, headers={"Retry-After": "900"}))
    await here.watch("/one", "/two")
    await here.poll(1, after=0)
    await here.store.shift_times(-3600.0, here.clock.now() - timedelta(hours=1))
    here.clock.advance(-2700)
    assert sorted(await here.due()) == [1, 2]


async def test_a_round_by_hand_stops_asking_a_host_that_refuses(here: World) -> None:
    here.site.on("/one", Answer(status=429))
    await here.watch("/one", "/two", "/three")
    leased = await here.store.lease_these([1, 2, 3], here.clock.now(), START + timedelta(hours=1))
    polled = await poll_all(leased, here.poller, lambda _: None, per_host=1)
    assert [each.article.id for each in polled] == [1]
    assert [asked.path for asked in here.site.requests] == ["/one"]
    here.clock.advance(60)
    assert sorted(await here.due()) == [2, 3]


async def test_a_slow_host_delays_no_other(here: World, log: Lines) -> None:
    held = asyncio.Event()
    slow = [f"/slow{n}" for n in range(80)]
    for path in slow:
        here.site.on(path, Answer(body=b"", held=held))
    await here.watch(*slow, "http://nowhere.test/quick")
    leased = await here.store.lease_these(None, here.clock.now(), START + timedelta(hours=1))
    told = asyncio.Event()
    round_ = asyncio.create_task(
        poll_all(leased, here.poller, lambda each: told.set() if each.article.id == 81 else None)
    )
    await told.wait()
    while len(here.site.requests) < 2:  # they may still be on their way
        here.site.arrived.clear()
        await here.site.arrived.wait()
    assert len(here.site.requests) == 2
    held.set()
    await round_


async def test_after_an_outage_overdue_articles_are_spread(here: World) -> None:
    await here.watch(*(f"/{n}" for n in range(MANY)))
    here.clock.advance(86_400)
    assert await here.store.spread_overdue(here.clock.now()) == MANY - 64
    assert await here.store.spread_overdue(here.clock.now()) == 0
    due = []
    for _ in range(10):
        leased = await here.store.lease_due(
            here.clock.now(), START + timedelta(days=9), limit=MANY, per_host=MANY, busy={}
        )
        due.append(len(leased))
        here.clock.advance(60)
    assert due[0] <= 64 + 1
    assert all(20 <= count <= 27 for count in due[1:])
    assert MANY - sum(due) <= 24  # the last tenth of the interval


async def test_the_daemon_spreads_when_it_starts_and_after_a_pause(here: World, log: Lines) -> None:
    await here.watch(*(f"/{n}" for n in range(MANY)))
    for n in range(MANY):
        here.site.on(f"/{n}", Answer(status=404))
    daemon = made(here, log)
    daemon.setup = replace(daemon.setup, per_host=MANY)

    async def polled_by_one_tick() -> int:
        before = len(here.site.requests)
        await daemon.poll_tick()
        while daemon.polls:
            await asyncio.wait(daemon.polls)
        return len(here.site.requests) - before

    assert await polled_by_one_tick() <= 64 + 1
    here.clock.advance(30)
    assert await polled_by_one_tick() <= 20
    here.clock.advance(86_400)  # the machine slept
    assert await polled_by_one_tick() <= 64 + 1
    await finish(daemon)
