"""Feeds and sitemaps find articles, hasten polls, and are looked at with manners."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.articles import WatchedArticle
from storage.sources import SourceRecord, WatchedSource
from tests.fakes import START
from tests.service.rig import INTERVAL, LEASE, World, html, page, to
from tests.service.test_daemon import Lines, finish, made
from tests.site import Answer
from watcher.adapters.net.listings import read_listing
from watcher.core.listing import Matcher, SourceKind
from watcher.core.model import Outcome
from watcher.core.times import to_text
from watcher.poll import poll_article
from watcher.sources import Finder, SourcePolled, Wanted, poll_source
from watcher.spending import AS_AT_INTERVALS, open_purse

WEEK = timedelta(days=7)
Entry = tuple[str, str, datetime | None]


def rss(here: World, *entries: Entry, guid: str = "") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>{here.site.url(path)}</link>"
        + (f"<pubDate>{to_text(when)}</pubDate>" if when else "")
        + (f'<guid isPermaLink="false">{guid}</guid>' if guid else "")
        + "</item>"
        for path, title, when in entries
    )
    return f"<rss><channel>{items}</channel></rss>".encode()


class Desk:
    """A world that looks at one source, and at the articles of the configuration."""

    def __init__(self, here: World, kind: SourceKind = "feed", words: str = "flood") -> None:
        self.here = here
        source = WatchedSource(kind, here.site.url("/feed"), "flood", 300.0, INTERVAL, words)
        self.wanted = Wanted(source, Matcher((words,)), WEEK)
        self.configured: Sequence[WatchedArticle] = ()

    async def sync(self, *paths: str, sources: bool = True) -> None:
        here = self.here
        self.configured = [WatchedArticle(here.site.url(p), "flood", INTERVAL) for p in paths]
        found_by = [self.wanted.source] if sources else []
        await here.store.sync_articles(self.configured, here.clock.now(), found_by)

    def finder(self) -> Finder:
        here, wanted = self.here, self.wanted
        key = (wanted.source.url, wanted.source.story)
        return Finder(
            here.store, here.fetcher, read_listing, here.clock, lambda: 0.0, 200_000, {key: wanted}
        )

    async def look(self, after: float = 300.0) -> SourcePolled:
        self.here.clock.advance(after)
        now = self.here.clock.now()
        (source,) = await self.here.store.lease_sources(now, now + LEASE)
        return await poll_source(source, self.finder())

    def state(self) -> SourceRecord:
        with self.here.archive() as archive:
            (found,) = archive.sources()
        return found

    def watched(self) -> list[str]:
        with self.here.archive() as archive:
            found = archive.articles(removed=False)
        return [each.url.removeprefix(self.here.site.url("")) for each in found]


@pytest.fixture
async def desk(here: World) -> Desk:
    found = Desk(here)
    await found.sync()
    return found


async def test_what_matches_becomes_an_article_of_the_story(desk: Desk) -> None:
    here = desk.here
    here.site.on(
        "/feed", html(rss(here, ("/a", "Flood at the mill", START), ("/b", "Chess", None)))
    )
    here.site.on("/a", html(page()))
    polled = await desk.look(0)
    assert (polled.decision.outcome, polled.found.added) == ("read", (1,))
    assert (desk.state().listed, desk.state().matched, desk.state().following) == (2, 1, 1)
    assert await here.due() == [1]
    with here.archive() as archive:
        assert archive.articles()[0].story == "flood"
        assert archive.found_by() == {1: (here.site.url("/feed"), START + WEEK)}


async def test_an_article_that_is_known_is_not_found_again(desk: Desk) -> None:
    here = desk.here
    await desk.sync("/a")
    here.site.on("/feed", html(rss(here, ("/a?utm_source=rss", "Flood", START))))
    assert (await desk.look()).found.added == ()
    assert desk.watched() == ["/a"]


async def test_found_articles_stay_when_the_configuration_is_read_again(desk: Desk) -> None:
    here = desk.here
    here.site.on("/feed", html(rss(here, ("/a", "Flood", START))))
    await desk.look()
    await desk.sync("/other")
    assert desk.watched() == ["/a", "/other"]
    await desk.sync("/other", sources=False)
    assert desk.watched() == ["/other"]
    await desk.sync("/other")
    assert desk.watched() == ["/other"]  # as it is known, it is not found again


async def test_an_article_is_followed_for_its_time_after_it_was_listed_as_changed(
    desk: Desk,
) -> None:
    here = desk.here
    later = START + timedelta(days=3)
    here.site.on(
        "/feed",
        html(rss(here, ("/a", "Flood", START))),
        html(rss(here, ("/a", "Flood", later))),
    )
    await desk.look(0)
    await desk.look(3 * 86_400)
    here.clock.advance(7 * 86_400 - 1)
    now = here.clock.now()
    await here.store.lease_sources(now, now)
    assert desk.watched() == ["/a"]
    here.clock.advance(1)
    await here.store.lease_sources(here.clock.now(), now)
    assert desk.watched() == []


async def test_what_was_removed_by_hand_does_not_come_back(desk: Desk) -> None:
    here = desk.here
    here.site.on("/feed", html(rss(here, ("/a", "Flood", START))))
    await desk.look()
    assert await here.store.unfollow(1, here.clock.now())
    assert not await here.store.unfollow(1, here.clock.now())
    here.site.on("/feed", html(rss(here, ("/a", "Flood again", here.clock.now()))))
    assert (await desk.look()).found.added == ()
    await desk.sync()
    assert desk.watched() == []


@pytest.mark.parametrize(
    ("answer", "followed"),
    [(to("http://10.0.0.1/a"), ["/b"]), (Answer(status=403), ["/a", "/b"])],
)
async def test_an_address_that_must_not_be_fetched_is_let_go_once_it_is_listed_no_more(
    desk: Desk, answer: Answer, followed: list[str]
) -> None:
    here = desk.here
    both = [("/a", "Flood", START), ("/b", "Flood", START)]
    here.site.on("/a", answer)
    here.site.on("/b", html(page()))
    here.site.on("/feed", html(rss(here, *both)))
    await desk.look(0)
    for _ in range(5):
        await here.poll(1, after=86_400)
    assert (await here.store.state(1)).health == "unreachable"
    here.site.on("/feed", html(rss(here, *both, ("/c", "Chess", START))))
    await desk.look(0)
    assert desk.watched() == ["/a", "/b"]
    here.site.on("/feed", html(rss(here, *both[1:])))
    await desk.look()
    assert desk.watched() == followed


async def test_a_newer_time_brings_the_next_poll_forward(desk: Desk) -> None:
    here = desk.here
    await desk.sync("/a", "/b")
    for path in ("/a", "/b"):
        here.site.on(path, html(page()))
    for article in (1, 2):
        await here.poll(article, after=0)
    old, new = START - timedelta(hours=1), START + timedelta(seconds=200)
    here.site.on(
        "/feed",
        html(rss(here, ("/a", "x", old), ("/b", "x", old))),
        html(rss(here, ("/a", "x", new), ("/b", "x", old))),
    )
    assert (await desk.look(20)).found.hinted == 0
    assert (await desk.look()).found.hinted == 1
    assert await here.due() == [1]


async def test_a_hint_leaves_a_minute_between_polls_and_never_delays(desk: Desk) -> None:
    here = desk.here
    await desk.sync("/a")
    here.site.on("/a", html(page()))
    await here.poll(1, after=0)
    here.site.on("/feed", html(rss(here, ("/a", "x", START + timedelta(seconds=5)))))
    assert (await desk.look(10)).found.hinted == 1
    assert (await here.store.state(1)).due == START + timedelta(minutes=1)
    here.clock.advance(3600)
    here.site.on("/feed", html(rss(here, ("/a", "x", here.clock.now()))))
    due = (await here.store.state(1)).due
    assert (await desk.look(0)).found.hinted == 0
    assert (await here.store.state(1)).due == due


async def test_a_hint_amid_a_poll_moves_the_next_one(desk: Desk) -> None:
    here = desk.here
    await desk.sync("/a")
    here.site.on("/a", html(page()))
    await here.poll(1, after=0)
    leased = await here.lease(1)
    here.site.on("/feed", html(rss(here, ("/a", "x", START + timedelta(seconds=5)))))
    assert (await desk.look(10)).found.hinted == 0
    await poll_article(leased, here.poller)
    assert (await here.store.state(1)).due == here.clock.now() + timedelta(minutes=1)
    # it is heeded once
    await here.poll(1, after=60)
    assert (await here.store.state(1)).due > here.clock.now() + timedelta(minutes=2)


async def test_a_hint_does_not_hasten_what_fails(desk: Desk) -> None:
    here = desk.here
    await desk.sync("/a")
    here.site.on("/a", Answer(status=403))
    await here.poll(1, after=0)
    here.site.on("/feed", html(rss(here, ("/a", "x", START + timedelta(seconds=5)))))
    assert (await desk.look(100)).found.hinted == 0


async def test_a_feed_is_asked_conditionally(desk: Desk) -> None:
    here = desk.here
    here.site.on("/feed", html(rss(here, ("/a", "Flood", START)), '"1"'))
    assert [(await desk.look()).decision.outcome for _ in range(2)] == ["read", "unchanged"]
    assert here.site.asked("/feed")[-1].headers["if-none-match"] == '"1"'
    await desk.sync()  # the same words: what it listed needs no second look
    await desk.look()
    assert here.site.asked("/feed")[-1].headers["if-none-match"] == '"1"'
    assert desk.state().listed == 1


async def test_other_words_look_at_everything_again(here: World) -> None:
    here.site.on("/feed", html(rss(here, ("/a", "Mill burns", START)), '"1"'))
    desk = Desk(here)
    await desk.sync()
    assert (await desk.look()).found.added == ()
    desk = Desk(here, words="mill")
    await desk.sync()
    assert (await desk.look(0)).found.added == (1,)


async def test_an_index_and_what_it_lists(here: World) -> None:
    desk = Desk(here, "sitemap")
    await desk.sync()
    parts = "".join(
        f"<sitemap><loc>{here.site.url(f'/s{n}.xml.gz')}</loc></sitemap>" for n in (1, 2)
    )
    here.site.on("/feed", html(f"<sitemapindex>{parts}</sitemapindex>".encode()))
    listed = f"<urlset><url><loc>{here.site.url('/flood-1')}</loc></url></urlset>".encode()
    here.site.on("/s1.xml.gz", Answer(body=gzip.compress(listed)))
    polled = await desk.look()
    assert polled.found.added == (1,)
    assert polled.decision.detail == "1 of its sitemaps could not be read"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(status=404), Outcome.GONE.value),
        (Answer(status=403), Outcome.BLOCKED.value),
        (Answer(status=500), Outcome.SERVER_ERROR.value),
        (html(b"<html><p>We moved</p></html>"), "not-a-listing"),
        (html(b"<urlset></urlset>"), "not-a-listing"),
        (html(b"<rss>" + b" " * 300_000), Outcome.TOO_LARGE.value),
        (Answer(raw=b"", ending="reset"), Outcome.CONNECTION.value),
    ],
)
async def test_what_cannot_be_read_has_a_name_and_loses_nothing(
    desk: Desk, answer: Answer, outcome: str
) -> None:
    here = desk.here
    here.site.on("/feed", html(rss(here, ("/a", "Flood", START)), '"1"'), answer, answer)
    await desk.look()
    assert (await desk.look()).decision.outcome == outcome
    assert (desk.state().failures, desk.state().outcome) == (1, outcome)
    assert desk.state().detail
    assert desk.watched() == ["/a"]


async def test_a_refusal_rests_the_host_for_articles_too(desk: Desk) -> None:
    here = desk.here
    await desk.sync("/a")
    here.site.on("/feed", Answer(status=429, headers={"Retry-After": "900"}))
    polled = await desk.look(0)
    assert polled.decision.next_poll_at == START + timedelta(seconds=900)
    here.clock.advance(899)
    assert await here.due() == []
    assert await here.store.lease_sources(here.clock.now(), START + WEEK) == []
    here.clock.advance(1)
    assert await here.due() == [1]


async def test_another_address_under_the_same_guid_is_the_same_article(desk: Desk) -> None:
    here = desk.here
    here.site.on("/old", html(page()))
    here.site.on("/feed", html(rss(here, ("/old", "Flood", START), guid="7")))
    await desk.look(0)
    await here.poll(1, after=0)
    here.site.on("/old", Answer(status=404))
    here.site.on("/new", html(page("River tops the quay wall again")))
    later = START + timedelta(hours=1)
    here.site.on("/feed", html(rss(here, ("/new", "Flood", later), guid="7")))
    polled = await desk.look(3700)
    assert (polled.found.added, desk.watched()) == ((), ["/old"])
    assert len(polled.found.moved) == 1
    material = await here.store.material(polled.found.moved[0])
    assert material.moved_to == here.site.url("/new")
    assert material.event.type == "article.moved"
    assert (await here.poll(1)).decision.outcome is Outcome.NEW_VERSION
    assert len(here.texts()) == 2
    here.site.on("/feed", html(rss(here, ("/new", "Flood again", later), guid="7")))
    assert (await desk.look()).found.moved == ()  # it is told once


async def test_entries_that_share_a_guid_are_no_move(desk: Desk) -> None:
    here = desk.here
    here.site.on("/feed", html(rss(here, ("/old", "Flood", START), guid="7")))
    await desk.look(0)
    both = (("/one", "Flood", START), ("/two", "Flood", START))
    here.site.on("/feed", html(rss(here, *both, guid="7")))
    assert (await desk.look()).found.moved == ()


async def test_no_source_fills_the_archive(desk: Desk) -> None:
    here = desk.here
    many = [(f"/{n}", "Flood", START - timedelta(minutes=n)) for n in range(250)]
    here.site.on("/feed", html(rss(here, *many)))
    assert len((await desk.look()).found.added) == 200
    assert "/0" in desk.watched()
    here.site.on("/feed", html(rss(here, *many) + b" "))
    assert (await desk.look()).found.added == ()


async def test_the_daemon_looks_and_polls_what_it_found(desk: Desk) -> None:
    here, log = desk.here, Lines()
    here.site.on("/feed", html(rss(here, ("/a", "Flood", START))))
    here.site.on("/a", html(page()))
    daemon = made(here, log)
    daemon.setup = replace(daemon.setup, finder=desk.finder())
    await daemon.finding_tick()
    await finish(daemon)
    await daemon.poll_tick()
    await finish(daemon)
    (looked,) = log.all("looked")
    assert (looked["outcome"], looked["added"]) == ("read", [1])
    assert log.all("polled")[0]["outcome"] == "new-version"


async def test_what_a_feed_found_has_its_part_of_the_budget_at_once(desk: Desk) -> None:
    here = desk.here
    here.site.on("/feed", html(rss(here, *((f"/{n}", "Flood", START) for n in range(20)))))
    daemon = made(here, Lines())
    daemon.setup = replace(daemon.setup, finder=desk.finder(), budget=AS_AT_INTERVALS)
    daemon._purse = await open_purse(here.store, AS_AT_INTERVALS, here.clock.now())
    assert daemon._purse is not None
    assert daemon._purse.places(here.clock.now()) == 1
    await daemon.finding_tick()
    await finish(daemon)
    await daemon.housekeeping_tick()
    assert daemon._purse.budget.per_hour == 20 * 3600.0 / INTERVAL
    assert daemon._purse.places(here.clock.now()) == 20


async def test_a_daemon_that_starts_takes_over_what_another_had_leased(desk: Desk) -> None:
    here = desk.here
    now = here.clock.now()
    assert len(await here.store.lease_sources(now, now + WEEK)) == 1
    assert await here.store.lease_sources(now, now + WEEK) == []
    await here.store.start_daemon(4711, now)
    assert len(await here.store.lease_sources(now, now + WEEK)) == 1
