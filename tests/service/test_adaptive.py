"""Adaptive polling in the service: what polls see decides when the next ones are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from storage.articles import WatchedArticle
from tests.service.rig import World, html, page
from tests.service.test_daemon import Lines, finish
from tests.site import Answer
from watcher.core.decide import Policy
from watcher.core.model import Outcome
from watcher.core.schedule.adaptive import Bounds
from watcher.core.schedule.budget import Budget
from watcher.core.schedule.fitted import FITTED
from watcher.core.schedule.following import Adaptive
from watcher.daemon import Daemon, Setup
from watcher.spending import AS_AT_INTERVALS, keep_purse, open_purse

BOUNDS = Bounds(first=600.0, shortest=60.0, longest=6 * 3600.0)
MANY = 80
ADAPTIVE = Policy(adaptive=Adaptive(FITTED))


def text(number: int) -> bytes:
    return page("The river rose by two metres.", f"About {number} people were brought to safety.")


@pytest.fixture
def adaptive(here: World) -> World:
    here.poller = replace(here.poller, policy=ADAPTIVE)
    return here


async def waits(here: World, *, changing: bool, polls: int = 8) -> list[float]:
    """The waits that polls led to, each made when it was due."""
    found, after = [], 0.0
    for number in range(polls):
        if changing or number == 0:
            here.site.on("/flood", html(text(number)))
        polled = await here.poll(after=after)
        due = polled.decision.next_poll_at
        after = (due - here.clock.now()).total_seconds()
        found.append(after)
    return found


async def test_a_quiet_article_is_polled_less_and_a_busy_one_more(adaptive: World) -> None:
    await adaptive.watch("/flood")
    quiet = await waits(adaptive, changing=False)
    assert quiet[0] == 600.0
    assert quiet[1:] == sorted(quiet[1:])
    busy = await waits(adaptive, changing=True)
    assert busy[-1] < busy[0] / 2
    assert all(BOUNDS.shortest <= wait <= BOUNDS.longest for wait in quiet + busy)


async def test_what_was_learned_outlives_the_process(adaptive: World) -> None:
    adaptive.site.on("/flood", html(text(0)))
    adaptive.site.on("/storm", html(text(1)))
    await adaptive.watch("/flood", "/storm")
    before = await adaptive.poll(1)
    polled = await adaptive.poll(1)
    assert polled.decision.following is not None
    state = await adaptive.store.state(1)
    assert state.followed.state == polled.decision.following.state
    assert state.followed.pressure == polled.decision.following.plan.pressure
    assert state.followed.host == polled.decision.following.learned
    assert (await adaptive.store.state(2)).followed.host == state.followed.host
    assert before.decision.following is not None
    assert (await adaptive.store.asked()).pressure == pytest.approx(state.followed.pressure)


async def test_an_update_is_a_hint_for_the_other_articles_of_the_story(adaptive: World) -> None:
    for path in ("/flood", "/storm"):
        adaptive.site.on(path, html(text(0)))
    await adaptive.watch("/flood", "/storm")
    await adaptive.poll(1, after=0)
    quiet = (await adaptive.poll(2, after=0)).decision.next_poll_at
    adaptive.site.on("/flood", html(text(0)), html(text(9)))
    await adaptive.poll(1, after=100)
    assert (await adaptive.store.state(2)).due == quiet  # nothing was seen: no hint
    updated = await adaptive.poll(1, after=100)
    assert [event.type for event in updated.decision.events] == ["article.updated"]
    assert (await adaptive.store.state(2)).due == adaptive.clock.now() + (
        quiet - adaptive.clock.now()
    ) / 2
    adaptive.poller = replace(adaptive.poller, policy=replace(ADAPTIVE, adaptive=None))
    before = (await adaptive.store.state(2)).due
    adaptive.site.on("/flood", html(text(10)))
    assert (await adaptive.poll(1, after=10)).decision.version is not None
    assert (await adaptive.store.state(2)).due == before  # fixed intervals are kept exactly


async def test_an_update_does_not_hasten_what_cannot_be_seen(adaptive: World) -> None:
    adaptive.site.on("/flood", html(text(0)), html(text(9)))
    adaptive.site.on("/storm", html(text(0)), Answer(status=500))
    await adaptive.watch("/flood", "/storm")
    await adaptive.poll(1, after=0)
    await adaptive.poll(2, after=0)
    waits = (await adaptive.poll(2, after=600)).decision.next_poll_at
    assert (await adaptive.poll(1, after=1)).decision.events
    assert (await adaptive.store.state(2)).due == waits


async def test_a_failed_poll_teaches_nothing(adaptive: World) -> None:
    adaptive.site.on("/flood", html(text(0)))
    await adaptive.watch("/flood")
    await adaptive.poll(1)
    known = (await adaptive.store.state(1)).followed
    adaptive.site.on("/flood", Answer(status=500))
    polled = await adaptive.poll(1)
    assert polled.decision.outcome is Outcome.SERVER_ERROR
    assert (await adaptive.store.state(1)).followed == known


def made(here: World, budget: Budget | None, count: int) -> Daemon:
    async def unchanged(forced: bool) -> Setup | None:
        return None

    urls = [here.site.url(f"/flood/{number}") for number in range(count)]
    articles = tuple(WatchedArticle(url, "flood", 600.0) for url in urls)
    setup = Setup(articles, here.poller, here.dispatcher, per_host=50, budget=budget)
    return Daemon(setup, unchanged, here.database, Lines())


async def test_the_daemon_makes_no_more_polls_than_the_hour_may_see(adaptive: World) -> None:
    budget = Budget(60.0, peak=1.5, opening=1.5)
    daemon = made(adaptive, budget, 20)
    for number in range(20):
        adaptive.site.on(f"/flood/{number}", html(text(number)))
    await adaptive.watch(*(f"/flood/{number}" for number in range(20)))
    daemon._purse = await open_purse(adaptive.store, budget, adaptive.clock.now())
    asked = []
    for _ in range(120):
        adaptive.clock.advance(15)
        await daemon.poll_tick()
        await finish(daemon)
        asked.append(len(adaptive.site.requests))
    assert asked[0] < 20
    assert 30 < asked[-1] <= 45
    await keep_purse(adaptive.store, daemon._purse, adaptive.clock.now())
    again = await open_purse(adaptive.store, budget, adaptive.clock.now())
    assert again is not None
    assert daemon._purse is not None
    assert again.account.owed == pytest.approx(daemon._purse.account.owed)
    assert again.pressure == pytest.approx(daemon._purse.pressure)


async def test_a_reload_forgets_nothing_that_was_spent(adaptive: World) -> None:
    budget = Budget(60.0)
    daemon = made(adaptive, budget, 0)
    daemon._purse = await open_purse(adaptive.store, budget, adaptive.clock.now())
    assert daemon._purse is not None
    daemon._purse.spend(adaptive.clock.now(), 7)
    daemon._untaken = daemon.setup
    await daemon.housekeeping_tick()
    assert daemon._purse.account.owed == 7.0
    assert daemon._untaken is None


async def test_who_must_wait_for_the_budget_was_looked_after_all_the_same(adaptive: World) -> None:
    daemon = made(adaptive, Budget(1.0), MANY)
    await adaptive.watch(*(f"/flood/{number}" for number in range(MANY)))
    daemon._purse = await open_purse(adaptive.store, daemon.setup.budget, adaptive.clock.now())
    assert daemon._purse is not None
    daemon._purse.spend(adaptive.clock.now(), 1)
    await daemon.poll_tick()
    spread = [(await adaptive.store.state(number + 1)).due for number in range(MANY)]
    for _ in range(11):  # the five minutes until a place is free are no outage
        adaptive.clock.advance(30)
        await daemon.poll_tick()
        await finish(daemon)
    assert {request.path for request in adaptive.site.requests} == {"/flood/0"}
    later = [(await adaptive.store.state(number + 1)).due for number in range(MANY)]
    assert later[1:] == spread[1:]


async def test_a_clock_set_back_stops_no_spending(adaptive: World) -> None:
    purse = await open_purse(adaptive.store, Budget(3600.0), adaptive.clock.now())
    assert purse is not None
    purse.spend(adaptive.clock.now(), 5)
    earlier = adaptive.clock.now() - timedelta(days=1)
    assert purse.places(earlier) == 0
    assert purse.places(earlier + timedelta(seconds=60)) > 0


async def test_without_a_budget_there_is_no_purse(here: World) -> None:
    assert await open_purse(here.store, None, here.clock.now()) is None


async def test_no_poll_is_wasted_on_a_copy_in_a_cache(adaptive: World) -> None:
    cached = {"Age": "40", "Cache-Control": "max-age=340"}
    await adaptive.watch("/flood")
    adaptive.poller = replace(adaptive.poller, price=lambda _: 1e-6)  # polls cost nothing
    adaptive.site.on("/flood", html(text(0)))
    await adaptive.poll()
    assert await waited(adaptive) == BOUNDS.shortest
    adaptive.site.on("/flood", html(text(0), **cached))
    assert await waited(adaptive) == 300.0
    assert (await adaptive.store.state(1)).fresh == 300.0
    cached["Cache-Control"] = "max-age=90000"
    adaptive.site.on("/flood", html(text(1), **cached))
    assert await waited(adaptive) == BOUNDS.first  # publishers empty caches early
    adaptive.poller = replace(adaptive.poller, policy=Policy())
    due = (await adaptive.store.state(1)).due
    polled = await adaptive.poll(after=(due - adaptive.clock.now()).total_seconds())
    assert polled.decision.next_poll_at == due + timedelta(seconds=600)  # fixed: exactly kept


async def waited(here: World) -> float:
    polled = await here.poll(after=600)
    return (polled.decision.next_poll_at - here.clock.now()).total_seconds()


async def test_few_articles_do_not_use_a_large_budget_up(adaptive: World) -> None:
    budget = Budget(3600.0)
    daemon = made(adaptive, budget, 3)
    for number in range(3):
        adaptive.site.on(f"/flood/{number}", html(text(number)))
    await adaptive.watch(*(f"/flood/{number}" for number in range(3)))
    daemon._purse = await open_purse(adaptive.store, budget, adaptive.clock.now())
    for _ in range(240):
        adaptive.clock.advance(15)
        await daemon.poll_tick()
        await finish(daemon)
    asked = len(adaptive.site.requests)
    assert 3 * 30 < asked <= 3 * 61  # an hour: never sooner than min_interval, a minute
    await keep_purse(adaptive.store, daemon._purse, adaptive.clock.now())
    with adaptive.archive() as archive:
        use = archive.budget()
    assert use is not None
    assert use.told() == (
        "3,600 requests an hour allowed, 180 planned: min_interval keeps the articles from more"
    )


async def test_without_a_number_the_budget_is_that_of_the_intervals(adaptive: World) -> None:
    for number in range(3):
        adaptive.site.on(f"/flood/{number}", html(text(number)))
    await adaptive.watch(*(f"/flood/{number}" for number in range(3)))
    purse = await open_purse(adaptive.store, AS_AT_INTERVALS, adaptive.clock.now())
    assert purse is not None
    assert purse.budget.per_hour == 18
    daemon = made(adaptive, None, 3)
    daemon._purse = purse
    await daemon.poll_tick()
    await finish(daemon)
    assert len(adaptive.site.requests) == 3  # nobody waits for the first poll of an article
    asked = []
    for _ in range(6):
        for _ in range(60):
            adaptive.clock.advance(60)
            await daemon.poll_tick()
            await finish(daemon)
        asked.append(len(adaptive.site.requests))
    hours = [later - earlier for earlier, later in pairwise(asked)]
    assert asked[0] <= 3 + 1.5 * 18
    assert all(made <= 1.5 * 18 for made in hours)
    await adaptive.watch("/flood/0")
    adaptive.clock.advance(60)
    await keep_purse(adaptive.store, purse, adaptive.clock.now())
    assert purse.budget.per_hour == 6  # it follows the articles
