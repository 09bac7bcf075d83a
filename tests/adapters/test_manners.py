"""Turns per host: how many at once, how far apart, in which order."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeTimers, settle
from watcher.adapters.net.manners import HostManners


class Visitors:
    """Tasks that take a turn, note when, and stay until they are let go."""

    def __init__(self, manners: HostManners, timers: FakeTimers) -> None:
        self.manners = manners
        self.timers = timers
        self.started: list[tuple[str, float]] = []
        self.inside: set[str] = set()
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._leave: dict[str, asyncio.Event] = {}

    async def come(self, *names: str, host: str = "a.test") -> None:
        for name in names:
            self._leave[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._visit(name, host))
        await settle()

    async def leave(self, *names: str) -> None:
        for name in names:
            self._leave[name].set()
        await settle()

    async def _visit(self, name: str, host: str) -> None:
        async with self.manners.turn(host):
            self.started.append((name, self.timers.time()))
            self.inside.add(name)
            try:
                await self._leave[name].wait()
            finally:
                self.inside.discard(name)


def setting(concurrency: int, delay: float) -> Visitors:
    timers = FakeTimers()
    return Visitors(HostManners(concurrency, delay, timers=timers), timers)


async def test_no_more_than_the_limit_hold_a_turn_and_the_first_to_come_is_next() -> None:
    visitors = setting(2, 0)
    await visitors.come("1", "2", "3", "4")
    assert visitors.inside == {"1", "2"}
    await visitors.leave("2")
    assert visitors.inside == {"1", "3"}
    await visitors.leave("1")
    assert visitors.inside == {"3", "4"}
    await visitors.leave("3", "4")
    assert visitors.manners.known_hosts() == 0


async def test_hosts_do_not_wait_for_each_other() -> None:
    visitors = setting(1, 60)
    await visitors.come("1", host="a.test")
    await visitors.come("2", host="b.test")
    assert visitors.inside == {"1", "2"}
    await visitors.leave("1", "2")


async def test_turns_start_the_delay_apart() -> None:
    visitors = setting(5, 2.0)
    await visitors.come("1", "2", "3")
    assert visitors.inside == {"1"}
    await visitors.timers.advance(1.9)
    assert visitors.inside == {"1"}
    await visitors.timers.advance(10)
    assert visitors.started == [("1", 100.0), ("2", 102.0), ("3", 104.0)]
    await visitors.leave("1", "2", "3")


async def test_a_turn_that_took_longer_than_the_delay_is_followed_at_once() -> None:
    visitors = setting(1, 2.0)
    await visitors.come("1", "2")
    await visitors.timers.advance(7)
    await visitors.leave("1")
    assert visitors.started == [("1", 100.0), ("2", 107.0)]
    await visitors.leave("2")


async def test_a_host_rests_after_its_last_turn_and_is_then_forgotten() -> None:
    visitors = setting(1, 2.0)
    await visitors.come("1")
    await visitors.leave("1")
    await visitors.come("2")
    assert visitors.inside == set()
    await visitors.timers.advance(2)
    assert visitors.inside == {"2"}
    await visitors.leave("2")
    assert visitors.manners.known_hosts() == 1
    await visitors.timers.advance(2)
    assert visitors.manners.known_hosts() == 0
    assert visitors.timers.pending() == 0


async def test_one_who_gives_up_waiting_is_passed_over() -> None:
    visitors = setting(1, 0)
    await visitors.come("1", "2", "3")
    visitors.tasks["2"].cancel()
    await settle()
    await visitors.leave("1")
    assert visitors.inside == {"3"}
    await visitors.leave("3")
    assert visitors.manners.known_hosts() == 0


async def test_one_who_gives_up_as_the_turn_comes_passes_it_on() -> None:
    visitors = setting(1, 0)
    await visitors.come("1", "2", "3")
    visitors._leave["1"].set()
    await asyncio.sleep(0)
    assert visitors.inside == set(), "the turn is given by now, but its holder has not run yet"
    visitors.tasks["2"].cancel()
    await settle()
    assert visitors.inside == {"3"}
    await visitors.leave("3")
    assert visitors.manners.known_hosts() == 0


async def test_one_who_gives_up_in_the_step_before_the_turn_comes_is_passed_over() -> None:
    visitors = setting(1, 0)
    await visitors.come("1", "2", "3")
    visitors.tasks["2"].cancel()
    visitors._leave["1"].set()
    await settle()
    assert visitors.inside == {"3"}
    await visitors.leave("3")
    assert visitors.manners.known_hosts() == 0


async def test_the_last_one_giving_up_leaves_nothing_behind() -> None:
    visitors = setting(1, 5.0)
    await visitors.come("1", "2")
    await visitors.leave("1")
    visitors.tasks["2"].cancel()
    await settle()
    await visitors.timers.advance(5)
    assert visitors.manners.known_hosts() == 0
    assert visitors.timers.pending() == 0


async def test_other_limits_apply_to_those_who_wait() -> None:
    visitors = setting(1, 3600.0)
    await visitors.come("1", "2", "3")
    visitors.manners.reconfigure(2, 3600.0)
    await settle()
    assert visitors.inside == {"1"}
    visitors.manners.reconfigure(2, 0.0)
    await settle()
    assert visitors.inside == {"1", "2"}
    visitors.manners.reconfigure(3, 0.0)
    await settle()
    assert visitors.inside == {"1", "2", "3"}
    await visitors.leave("1", "2", "3")
    assert visitors.manners.known_hosts() == 0
    assert visitors.timers.pending() == 0


async def test_an_error_during_a_turn_gives_it_back() -> None:
    manners = HostManners(1, 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with manners.turn("a.test"):
                raise ZeroDivisionError
    assert manners.known_hosts() == 0


@given(
    concurrency=st.integers(1, 3),
    delay=st.sampled_from([0.0, 1.0]),
    steps=st.lists(
        st.tuples(st.sampled_from(["come", "leave", "cancel", "advance"]), st.integers(0, 9)),
        max_size=30,
    ),
)
def test_whatever_happens_the_limits_hold_and_everyone_gets_a_turn(
    concurrency: int, delay: float, steps: list[tuple[str, int]]
) -> None:
    async def play() -> None:
        visitors = setting(concurrency, delay)
        for number, (step, which) in enumerate(steps):
            names = list(visitors.tasks)
            if step == "come":
                await visitors.come(str(number))
            elif step == "advance":
                await visitors.timers.advance(which / 4)
            elif names and step == "leave":
                await visitors.leave(names[which % len(names)])
            elif names:
                visitors.tasks[names[which % len(names)]].cancel()
            assert len(visitors.inside) <= concurrency
        await visitors.leave(*visitors.tasks)
        await visitors.timers.advance(delay * (len(steps) + 2))
        ended = await asyncio.gather(*visitors.tasks.values(), return_exceptions=True)
        cancelled = sum(isinstance(each, asyncio.CancelledError) for each in ended)
        starts = [moment for _, moment in visitors.started]
        assert all(later - one >= delay for one, later in pairwise(starts))
        assert len(starts) + cancelled >= len(visitors.tasks)
        order = [int(name) for name, _ in visitors.started]
        assert order == sorted(order)
        assert visitors.manners.known_hosts() == 0
        assert visitors.timers.pending() == 0

    asyncio.run(play())
