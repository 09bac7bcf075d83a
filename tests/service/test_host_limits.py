"""Single hosts may have fewer polls in an hour, fewer requests at once, longer pauses."""

from __future__ import annotations

from datetime import timedelta

from storage.articles import WatchedArticle
from tests.service.rig import World, html, page
from watcher.adapters.net.manners import HostManners
from watcher.core.hostlimits import HostLimit, limit_of

TWELVE = (HostLimit("news.example", per_hour=12),)
URLS = [f"https://{host}/{n}" for host in ("news.example", "other.example") for n in range(3)]


async def leased(here: World, limits: tuple[HostLimit, ...], per_host: int = 50) -> list[str]:
    now = here.clock.now()
    until = now + timedelta(minutes=10)
    found = await here.store.lease_due(
        now, until, limit=100, per_host=per_host, busy={}, limits=limits
    )
    return sorted(article.url for article in found)


async def test_polls_of_a_limited_host_are_spaced_and_others_go_on(here: World) -> None:
    wanted = [WatchedArticle(url, "flood", 600.0) for url in URLS]
    await here.store.sync_articles(wanted, here.clock.now())
    assert len(await leased(here, TWELVE)) == 1 + 3
    assert await leased(here, TWELVE) == []
    here.clock.advance(299)
    assert await leased(here, TWELVE) == []
    here.clock.advance(1)
    assert len(await leased(here, TWELVE)) == 1
    assert len(await leased(here, ())) == 1  # the configuration took the limit away


async def test_polls_that_a_person_asks_for_count_for_their_host(here: World) -> None:
    wanted = [WatchedArticle(url, "flood", 600.0) for url in URLS]
    await here.store.sync_articles(wanted, here.clock.now())
    now = here.clock.now()
    asked = await here.store.lease_these([1, 2], now, now + timedelta(minutes=1), limits=TWELVE)
    assert len(asked) == 2
    assert await leased(here, TWELVE) == URLS[3:]
    here.clock.advance(599)
    assert await leased(here, TWELVE) == []
    here.clock.advance(1)
    assert len(await leased(here, TWELVE)) > 0


async def test_many_polls_by_hand_hold_a_host_up_for_an_hour_at_most(here: World) -> None:
    wanted = [WatchedArticle(url, "flood", 600.0) for url in URLS]
    await here.store.sync_articles(wanted, here.clock.now())
    slow, now = (HostLimit("news.example", per_hour=1),), here.clock.now()
    await here.store.lease_these([1, 2], now, now + timedelta(minutes=1), limits=slow)
    here.clock.advance(3599)
    assert await leased(here, slow) == URLS[3:]
    here.clock.advance(1)
    assert len(await leased(here, slow)) == 1


async def test_a_host_has_its_own_number_of_places(here: World) -> None:
    wanted = [WatchedArticle(url, "flood", 600.0) for url in URLS]
    await here.store.sync_articles(wanted, here.clock.now())
    wide = (HostLimit("news.example", concurrency=2),)
    assert len(await leased(here, wide, per_host=1)) == 2 + 1


async def test_a_clock_set_back_stops_no_host_for_long(here: World) -> None:
    here.site.on("/flood", html(page()))
    await here.watch("/flood")
    slow = (HostLimit("127.0.0.1", per_hour=1),)
    assert len(await leased(here, slow)) == 1
    await here.store.release([1])
    here.clock.advance(-5 * 3600)
    await here.store.release([1], here.clock.now())
    assert len(await leased(here, slow)) == 1


def test_the_nearest_host_decides_each_value() -> None:
    limits = (HostLimit("a.example", 60, 3, 2.0), HostLimit("live.a.example", 6))
    assert limit_of(limits, "live.a.example") == HostLimit("live.a.example", 6, 3, 2.0)
    assert limit_of(limits, "www2.a.example") == HostLimit("www2.a.example", 60, 3, 2.0)
    assert limit_of(limits, "ba.example") == HostLimit("ba.example")


class Timers:
    """A clock that nobody waits for."""

    def time(self) -> float:
        return 0.0

    def call_later(self, delay: float, callback: object, /) -> Timers:
        return self

    def cancel(self) -> None:
        """Nothing is set."""


async def test_turns_keep_to_the_limits_of_their_host() -> None:
    manners = HostManners(1, 0.0, (HostLimit("slow.example", delay=5.0),), timers=Timers())
    async with manners.turn("quick.example"):
        pass
    assert manners.known_hosts() == 0
    async with manners.turn("slow.example"):
        pass
    assert manners.known_hosts() == 1  # it rests
    manners.reconfigure(1, 0.0)
    assert manners.known_hosts() == 0
