"""No page is asked for before robots.txt allows it: real connections, copies in the archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.store import Store
from tests.fakes import FakeClock, FakeTimers, settle
from tests.site import LOOPBACK, Answer, Asked, Names, Site
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import FetchPolicy, HttpFetcher
from watcher.core.model import Outcome
from watcher.core.robots import MOST_BYTES
from watcher.errors import FetchFailed

POLICY = FetchPolicy("storywatcher/0.1 (+mailto:desk@news.example)", timeout=5, per_host_delay=0)
PAGE = Answer(body=b"<p>The river rose.</p>")
NOTHING = Answer(body=b"User-agent: *\nDisallow: /", headers={"ETag": '"1"'})
PART = Answer(body=b"User-agent: *\nDisallow: /live")
SLOW = Answer(body=PART.body + b"\nCrawl-delay: 7")
DAY = 24 * 3600.0


class Desk:
    """A fetcher with an archive for its manners."""

    def __init__(self, site: Site, store: Store, client: GuardedClient) -> None:
        self.site, self.store, self.client = site, store, client
        self.clock = FakeClock()
        self.fetcher = self.another()

    def another(self, timers: FakeTimers | None = None) -> HttpFetcher:
        """A fetcher as another process would have it."""
        return HttpFetcher(self.client, POLICY, self.clock, robots=self.store, timers=timers)

    async def outcome(self, path: str, host: str = "127.0.0.1") -> Outcome | int:
        try:
            return (await self.fetcher.fetch(self.site.url(path, host), None)).status
        except FetchFailed as error:
            self.failed = error
            return error.outcome

    def asked(self) -> list[str]:
        return [each.path for each in self.site.requests]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = Store(tmp_path / "stories.db")
    client = GuardedClient(LOOPBACK, resolver=Names(other_test="127.0.0.1"))
    try:
        async with Site() as site:
            site.on("/a", PAGE)
            yield Desk(site, store, client)
    finally:
        await client.aclose()
        store.close()


async def test_the_file_is_asked_first_and_once_a_day(desk: Desk) -> None:
    desk.site.on("/robots.txt", PART)
    assert [await desk.outcome("/a") for _ in range(2)] == [200, 200]
    assert await desk.outcome("/live/1") is Outcome.ROBOTS
    assert desk.asked() == ["/robots.txt", "/a", "/a"]
    assert desk.failed.retry_after == DAY
    assert "robots.txt of 127.0.0.1 does not allow" in desk.failed.detail
    desk.clock.advance(DAY)
    assert await desk.outcome("/live/1") is Outcome.ROBOTS
    assert desk.asked()[3:] == ["/robots.txt"]


async def test_it_is_asked_for_honestly_and_conditionally(desk: Desk) -> None:
    desk.site.on("/robots.txt", NOTHING)
    await desk.outcome("/a")
    desk.clock.advance(DAY)
    desk.fetcher = desk.another()
    await desk.outcome("/a")
    first, second = desk.site.asked("/robots.txt")
    assert first.headers["user-agent"] == POLICY.user_agent
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"1"'
    desk.clock.advance(DAY - 1)
    assert await desk.outcome("/a") is Outcome.ROBOTS  # what a 304 confirmed holds on
    assert len(desk.site.requests) == 2


async def test_another_process_uses_the_same_copy(desk: Desk) -> None:
    desk.site.on("/robots.txt", NOTHING)
    await desk.outcome("/a")
    desk.fetcher = desk.another()
    assert await desk.outcome("/a") is Outcome.ROBOTS
    assert desk.asked() == ["/robots.txt"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_site_without_the_file_allows_all(desk: Desk, status: int) -> None:
    desk.site.on("/robots.txt", Answer(status=status))
    assert [await desk.outcome("/a"), await desk.outcome("/a")] == [200, 200]
    assert desk.asked() == ["/robots.txt", "/a", "/a"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(500, Outcome.SERVER_ERROR), (503, Outcome.SERVER_ERROR), (429, Outcome.BLOCKED)],
)
async def test_nothing_is_fetched_while_nobody_knows(
    desk: Desk, status: int, outcome: Outcome
) -> None:
    wait = Answer(status=status, headers={"Retry-After": "90"})
    desk.site.on("/robots.txt", wait, wait, Answer(status=404))
    assert [await desk.outcome("/a"), await desk.outcome("/a")] == [outcome, outcome]
    assert (desk.failed.status, desk.failed.retry_after) == (status, 90.0)
    assert "robots.txt" in desk.failed.detail
    assert await desk.outcome("/a") == 200


async def test_what_keeps_the_file_from_us_is_told_as_that(desk: Desk) -> None:
    desk.site.on("/robots.txt", Answer(raw=b"", ending="reset"))
    assert await desk.outcome("/a") is Outcome.CONNECTION
    assert "robots.txt" in desk.failed.detail
    assert await desk.outcome("/a", "nowhere.test") is Outcome.DNS


async def test_an_old_copy_holds_while_the_file_is_out_of_reach(desk: Desk) -> None:
    desk.site.on("/robots.txt", PART, Answer(status=500))
    await desk.outcome("/a")
    desk.clock.advance(DAY)
    assert [await desk.outcome("/a"), await desk.outcome("/live/1")] == [200, Outcome.ROBOTS]
    assert desk.asked() == ["/robots.txt", "/a", "/robots.txt", "/a"]
    desk.clock.advance(3600)
    await desk.outcome("/a")
    assert desk.asked()[4:] == ["/robots.txt", "/a"]


async def test_after_a_month_out_of_reach_pages_are_fetched(desk: Desk) -> None:
    desk.site.on("/robots.txt", Answer(status=500))
    assert await desk.outcome("/a") is Outcome.SERVER_ERROR
    desk.clock.advance(31 * DAY)
    assert await desk.outcome("/a") == 200


async def test_redirects_of_the_file_are_followed(desk: Desk) -> None:
    desk.site.on("/robots.txt", Answer(status=301, headers={"Location": "/elsewhere"}))
    desk.site.on("/elsewhere", NOTHING)
    assert await desk.outcome("/a") is Outcome.ROBOTS


async def test_a_file_that_only_redirects_counts_as_absent(desk: Desk) -> None:
    desk.site.on("/robots.txt", Answer(status=302, headers={"Location": "/robots.txt"}))
    assert await desk.outcome("/a") == 200


async def test_every_address_on_the_way_must_be_allowed(desk: Desk) -> None:
    onward = desk.site.url("/live/1", "other.test")
    desk.site.on("/robots.txt", Answer(status=404), PART)
    desk.site.on("/a", Answer(status=302, headers={"Location": onward}))
    assert await desk.outcome("/a") is Outcome.ROBOTS
    assert "other.test" in desk.failed.detail
    assert desk.asked() == ["/robots.txt", "/a", "/robots.txt"]


async def test_many_polls_at_once_ask_once(desk: Desk) -> None:
    desk.site.on("/robots.txt", PART)
    for path in ("/b", "/c", "/d"):
        desk.site.on(path, PAGE)
    desk.fetcher.reconfigure(replace(POLICY, per_host_concurrency=4))
    await asyncio.gather(*(desk.outcome(path) for path in ("/live/1", "/live/2", "/live/3")))
    assert desk.asked() == ["/robots.txt"]


async def test_a_longer_delay_of_the_site_holds(desk: Desk) -> None:
    desk.site.on("/robots.txt", SLOW)
    await desk.outcome("/a")
    timers = FakeTimers()
    fetcher = desk.another(timers)
    await fetcher.fetch(desk.site.url("/a"), None)
    second = asyncio.create_task(fetcher.fetch(desk.site.url("/a"), None))
    await timers.awaited.wait()
    await timers.advance(6.9)
    assert not second.done()
    await timers.advance(0.2)
    assert (await second).status == 200


async def test_an_endless_file_is_read_to_its_bound(desk: Desk) -> None:
    filler = b"# nothing\n" * (MOST_BYTES // 5)
    desk.site.on("/robots.txt", Answer(body=b"User-agent: *\nDisallow: /live\n" + filler))
    assert [await desk.outcome("/a"), await desk.outcome("/live/1")] == [200, Outcome.ROBOTS]
    copy = await desk.store.robots(desk.site.url("", "127.0.0.1"))
    assert copy is not None
    assert len(copy.body or b"") == MOST_BYTES


async def test_who_does_not_respect_the_file_does_not_ask_for_it(desk: Desk) -> None:
    desk.site.on("/robots.txt", NOTHING)
    desk.fetcher.reconfigure(replace(POLICY, respect_robots=False))
    assert await desk.outcome("/a") == 200
    assert desk.asked() == ["/a"]


async def test_a_clock_set_back_makes_no_copy_hold_for_longer(desk: Desk) -> None:
    desk.site.on("/robots.txt", NOTHING, Answer(status=404))
    desk.clock.advance(timedelta(days=400).total_seconds())
    await desk.outcome("/a")
    desk.clock.advance(-timedelta(days=400).total_seconds())
    assert await desk.outcome("/a") == 200
    await settle()


async def test_nothing_is_asked_for_any_more_once_it_is_closed(desk: Desk) -> None:
    asked = asyncio.Event()

    def never(_: Asked) -> Answer:
        asked.set()
        return Answer(body=b"", held=asyncio.Event())

    desk.site.script("/robots.txt", never)
    before = asyncio.all_tasks()
    poll = asyncio.create_task(desk.outcome("/a"))
    await asked.wait()
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    (asking,) = [task for task in asyncio.all_tasks() - before if "_ask" in repr(task)]
    await desk.fetcher.aclose()
    assert asking.cancelled()
    await desk.fetcher.aclose()  # with nothing under way
