"""Settled articles are left in peace, until a hint or a person takes them up again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.articles import WatchedArticle
from tests.service.rig import World, html, page
from tests.service.test_sources import Desk, rss
from watcher.core.model import EventType
from watcher.core.schedule.terms import Terms
from watcher.core.settling import LOOK_AGAIN
from watcher.poll import Polled

DAY = 86400.0
WEEK = Terms(quiet=7 * DAY)


async def follow(here: World, *paths: str, terms: Terms = WEEK) -> None:
    wanted = [WatchedArticle(here.site.url(path), "flood", 600.0, terms) for path in paths]
    await here.store.sync_articles(wanted, here.clock.now())


@pytest.fixture
async def settled(here: World) -> World:
    """A world whose first article is settled."""
    here.site.on("/flood", html(page()))
    await follow(here, "/flood")
    await here.poll()
    assert types(await here.poll(after=8 * DAY)) == [EventType.SETTLED]
    return here


def types(polled: Polled) -> list[EventType]:
    return [event.type for event in polled.decision.events]


async def test_nobody_polls_it_for_a_month(settled: World) -> None:
    settled.clock.advance(29 * DAY)
    assert await settled.due() == []
    assert (await settled.store.state(1)).health == "settled"
    settled.clock.advance(DAY)
    assert await settled.due() == [1]


async def test_a_look_that_finds_nothing_leaves_it_settled(settled: World) -> None:
    polled = await settled.poll(after=30 * DAY)
    assert types(polled) == []
    assert polled.decision.next_poll_at == settled.clock.now() + LOOK_AGAIN


async def test_a_change_makes_it_live(settled: World) -> None:
    settled.site.on("/flood", html(page("Something else came to light.")))
    polled = await settled.poll(after=30 * DAY)
    assert types(polled) == [EventType.UPDATED]
    state = await settled.store.state(1)
    assert (state.health, state.quiet_since) == ("live", settled.clock.now())
    assert state.due <= settled.clock.now() + timedelta(seconds=600)


async def test_a_feed_that_lists_a_newer_time_revives_it(here: World) -> None:
    desk = Desk(here)
    here.site.on("/flood", html(page()))
    found = [desk.wanted.source]
    article = WatchedArticle(here.site.url("/flood"), "flood", 600.0, WEEK)
    await here.store.sync_articles([article], here.clock.now(), found)
    await here.poll()
    here.site.on("/feed", html(rss(here, ("/flood", "Flood", here.clock.now()))))
    await desk.look()
    assert types(await here.poll(after=8 * DAY)) == [EventType.SETTLED]
    here.site.on("/feed", html(rss(here, ("/flood", "Flood", here.clock.now()))))
    assert (await desk.look(after=DAY)).found.hinted == 1
    state = await here.store.state(1)
    assert (state.health, state.quiet_since) == ("live", here.clock.now())
    assert await here.due() == [1]


async def test_an_update_of_its_story_is_worth_a_look_a_day(settled: World) -> None:
    from dataclasses import replace

    from watcher.core.decide import Policy
    from watcher.core.schedule.fitted import FITTED
    from watcher.core.schedule.following import Adaptive

    settled.poller = replace(settled.poller, policy=Policy(adaptive=Adaptive(FITTED)))
    await follow(settled, "/flood", "/storm")
    settled.site.on("/storm", html(page("One.")), html(page("Two.")), html(page("Three.")))
    for after in (0, 600, 600):
        await settled.poll(2, after=after)
    state = await settled.store.state(1)
    assert state.health == "settled"
    assert state.due == settled.clock.now() + timedelta(days=1, seconds=-1200)


async def test_whoever_names_it_wants_it_followed(settled: World) -> None:
    now = settled.clock.now()
    (state,) = await settled.store.lease_these([1], now, now + LOOK_AGAIN, revive=True)
    assert (state.health, state.due, state.quiet_since) == ("live", now, now)
    await settled.store.release([1])
    assert await settled.store.revive([1], now) == 0  # it is live already
    polled = await settled.poll(after=600)
    assert polled.decision.next_poll_at <= settled.clock.now() + timedelta(seconds=600)


async def test_a_longer_quiet_in_the_configuration_makes_it_live(settled: World) -> None:
    await follow(settled, "/flood", terms=Terms(quiet=3 * DAY))
    assert (await settled.store.state(1)).health == "settled"
    await follow(settled, "/flood", terms=Terms(quiet=30 * DAY))
    state = await settled.store.state(1)
    assert (state.health, state.due) == ("live", settled.clock.now())
    assert types(await settled.poll()) == []


async def test_terms_are_those_of_the_configuration_today(here: World) -> None:
    await follow(here, "/flood")
    own = Terms(shortest=30.0, longest=7200.0, weight=3.0, quiet=DAY)
    await follow(here, "/flood", terms=own)
    assert (await here.store.state(1)).terms == own
