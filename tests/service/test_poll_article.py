"""What one poll finds, over real HTTP, real extraction and a real archive."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import watcher.poll
from storage.articles import WatchedArticle
from storage.store import Store
from tests.fakes import START
from tests.service.rig import CLOSING, FETCHING, INTERVAL, MIDDLE, OPENING, World, html, page, to
from tests.site import Answer, Asked
from watcher.core.decide import Decision, decide
from watcher.core.model import Extraction, Outcome, Paragraph, Via
from watcher.errors import ExtractionFailed, StaleDecision, StorageBusy
from watcher.poll import poll_article

A, B = page(), page("River tops the quay wall", OPENING, CLOSING)


def conditions(here: World, path: str = "/flood") -> list[tuple[str | None, str | None]]:
    return [
        (asked.headers.get("if-none-match"), asked.headers.get("if-modified-since"))
        for asked in here.site.asked(path)
    ]


async def test_the_cheapest_gate_that_knows_the_page_ends_the_poll(here: World) -> None:
    here.site.on(
        "/flood",
        html(page(noise="one"), '"1"'),
        html(page(noise="one"), '"1"'),
        html(page(noise="one")),
        html(page(noise="two")),
    )
    await here.watch("/flood")
    polls = [(await here.poll()).decision for _ in range(4)]
    assert [decision.outcome for decision in polls] == [Outcome.NEW_VERSION] + [
        Outcome.UNCHANGED
    ] * 3
    assert [decision.via for decision in polls[1:]] == [
        Via.NOT_MODIFIED,
        Via.SAME_BODY,
        Via.SAME_TEXT,
    ]
    assert len(here.reading.extracted) == 1
    with here.archive() as archive:
        runs = archive.runs(1)
        assert [(run.count, run.not_modified, run.same_body) for run in runs] == [
            (1, 0, 0),
            (3, 1, 1),
        ]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        (B, "text"),
        (page("River falls below the quay wall"), "text"),
        (page(modified="2026-01-12T07:00:00Z"), "metadata"),
    ],
)
async def test_text_headline_and_date_each_make_a_version(
    here: World, changed: bytes, kind: str
) -> None:
    here.site.on("/flood", html(A), html(changed))
    await here.watch("/flood")
    await here.poll()
    decision = (await here.poll()).decision
    assert decision.version is not None
    assert (decision.version.number, decision.version.kind) == (2, kind)
    assert here.events() == ["article.updated"]


async def test_a_return_to_an_old_text_is_a_version_marked_so(here: World) -> None:
    here.site.on("/flood", html(A), html(B), html(A))
    await here.watch("/flood")
    for _ in range(3):
        await here.poll()
    with here.archive() as archive:
        assert [v.revert_of for v in archive.versions(1)] == [None, None, 1]


async def test_a_page_that_could_not_be_read_does_not_hide_behind_its_validators(
    here: World,
) -> None:
    here.site.on("/flood", html(A, '"1"'), html(B, '"2"'))
    await here.watch("/flood")
    await here.poll()
    here.reading.breaks = ExtractionFailed("the library gave up")
    assert (await here.poll()).decision.outcome is Outcome.EXTRACTION_FAILED
    here.reading.breaks = None
    assert (await here.poll()).decision.outcome is Outcome.NEW_VERSION
    await here.poll()
    assert conditions(here) == [(None, None), ('"1"', None), ('"1"', None), ('"2"', None)]


async def test_last_modified_is_a_validator_as_well(here: World) -> None:
    when = "Mon, 12 Jan 2026 05:00:00 GMT"
    here.site.on("/flood", html(A, **{"Last-Modified": when}))
    await here.watch("/flood")
    await here.poll()
    assert (await here.poll()).decision.via is Via.NOT_MODIFIED
    assert conditions(here)[1] == (None, when)


async def test_validators_follow_the_page_and_are_dropped_with_it(here: World) -> None:
    here.site.on(
        "/flood", html(page(noise="1"), '"1"'), html(page(noise="2"), '"2"'), html(page(noise="3"))
    )
    await here.watch("/flood")
    for _ in range(4):
        await here.poll()
    assert [etag for etag, _ in conditions(here)] == [None, '"1"', '"2"', None]


async def test_not_modified_without_having_asked_is_no_content(here: World) -> None:
    here.site.on("/flood", html(A), Answer(status=304), html(A))
    await here.watch("/flood")
    await here.poll()
    assert (await here.poll()).decision.outcome is Outcome.BAD_RESPONSE
    assert (await here.poll()).decision.via is Via.SAME_BODY


async def test_a_permanent_redirect_moves_the_article_once(here: World) -> None:
    here.site.on("/flood", to("/the-flood", 301))
    here.site.on("/the-flood", html(A, '"1"'))
    await here.watch("/flood")
    for _ in range(3):
        await here.poll()
    assert here.events() == ["article.moved"]
    with here.archive() as archive:
        assert archive.urls(1) == [here.site.url("/flood"), here.site.url("/the-flood")]
        assert len(archive.versions(1)) == 1
    assert conditions(here) == [(None, None)] * 3
    assert [etag for etag, _ in conditions(here, "/the-flood")] == [None, '"1"', '"1"']
    # Who configures the new address means the same article.
    await here.watch("/the-flood")
    assert (await here.poll()).decision.via is Via.NOT_MODIFIED
    assert here.events() == ["article.moved"]


async def test_a_temporary_redirect_moves_nothing(here: World) -> None:
    here.site.on("/flood", to("/mirror/flood", 302))
    here.site.on("/mirror/flood", html(A))
    await here.watch("/flood")
    assert (await here.poll()).decision.outcome is Outcome.NEW_VERSION
    assert here.events() == []
    with here.archive() as archive:
        assert archive.urls(1) == [here.site.url("/flood")]


@pytest.mark.parametrize("status", [301, 302])
@pytest.mark.parametrize("order", [("/storm", "/flood"), ("/flood", "/storm")])
async def test_the_text_of_another_article_is_told_once_as_that_articles(
    here: World, order: tuple[str, str], status: int
) -> None:
    here.site.on("/flood", html(B), to("/storm", status))
    here.site.on("/storm", html(A, '"1"'))
    await here.watch(*order)
    flood, storm = order.index("/flood") + 1, order.index("/storm") + 1
    await here.poll(storm)
    for _ in range(2):
        decision = (await here.poll(flood)).decision
    assert (decision.outcome, decision.detail) == (
        Outcome.NOT_ARTICLE,
        f"redirects to article {storm}, {here.site.url('/storm')}",
    )
    assert here.events() == []
    assert [len(here.texts(article)) for article in (flood, storm)] == [1, 1]


async def test_a_page_that_became_another_articles_is_not_followed_by_its_validators(
    here: World,
) -> None:
    here.site.on("/flood", to("/storm"))
    here.site.on("/storm", html(A, '"1"'))
    await here.watch("/flood")
    await here.poll()
    await here.watch("/flood", "/storm")
    decision = (await here.poll()).decision
    assert (decision.outcome, decision.status) == (Outcome.NOT_ARTICLE, 304)


async def test_a_redirect_to_an_article_nobody_watches_any_more_is_followed(here: World) -> None:
    here.site.on("/flood", to("/storm", 301))
    here.site.on("/storm", html(A))
    await here.watch("/storm")
    await here.poll()
    await here.watch("/flood")
    assert (await here.poll(2)).decision.outcome is Outcome.NEW_VERSION
    assert here.events() == []


async def test_an_address_that_is_dropped_after_a_move_is_no_loss(here: World) -> None:
    here.site.on("/flood", to("/the-flood", 301), Answer(status=404))
    here.site.on("/the-flood", html(A, '"1"'), html(A, '"1"'), html(B, '"2"'))
    await here.watch("/flood")
    await here.poll()
    assert (await here.poll()).decision.via is Via.NOT_MODIFIED
    assert (await here.poll()).decision.outcome is Outcome.NEW_VERSION
    assert [etag for etag, _ in conditions(here, "/the-flood")] == [None, '"1"', '"1"']
    assert here.events() == ["article.moved", "article.updated"]


async def test_the_last_of_several_addresses_counts(here: World) -> None:
    here.site.on("/flood", to("/second", 301), to("/third", 301), Answer(status=410))
    here.site.on("/second", html(A))
    here.site.on("/third", html(A), html(A), to("/fourth", 301))
    here.site.on("/fourth", html(A))
    await here.watch("/flood")
    for _ in range(3):
        assert (await here.poll()).decision.outcome.is_content
        here.clock.advance(INTERVAL)
    assert len(here.site.asked("/second")) == 1
    assert (await here.poll()).decision.moved_to == here.site.url("/fourth")
    assert here.events() == ["article.moved"] * 3


async def test_what_is_missing_at_both_addresses_is_gone(here: World) -> None:
    here.site.on("/flood", to("/the-flood", 301), Answer(status=404))
    here.site.on("/the-flood", html(A), Answer(status=410), Answer(status=404), html(A))
    await here.watch("/flood")
    for _ in range(4):
        await here.poll()
    assert here.events() == ["article.moved", "article.unpublished", "article.restored"]


async def test_a_silent_last_address_does_not_make_an_article_gone(here: World) -> None:
    here.site.on("/flood", to("/the-flood", 301), Answer(status=404))
    here.site.on("/the-flood", html(A), Answer(status=503))
    await here.watch("/flood")
    await here.poll()
    for _ in range(3):
        assert (await here.poll()).decision.outcome is Outcome.SERVER_ERROR
    assert here.events() == ["article.moved"]


async def test_a_redirect_to_a_missing_page_is_asked_for_once(here: World) -> None:
    here.site.on("/flood", to("/the-flood", 301))
    here.site.on("/the-flood", html(A), Answer(status=404))
    await here.watch("/flood")
    await here.poll()
    assert (await here.poll()).decision.outcome is Outcome.GONE
    assert len(here.site.asked("/the-flood")) == 2


@pytest.mark.parametrize("status", [301, 302])
async def test_a_redirect_to_the_front_page_is_not_the_article(here: World, status: int) -> None:
    here.site.on("/flood", html(A), to("/", status))
    here.site.on("/", html(B))
    await here.watch("/flood")
    await here.poll()
    decision = (await here.poll()).decision
    assert (decision.outcome, decision.detail) == (
        Outcome.SOFT_404,
        "a redirect to the front page of the site",
    )
    assert len(here.texts()) == 1
    assert here.events() == []


def shouts(found: Extraction) -> Extraction:
    """Another extractor: it reads every paragraph differently."""
    loud = tuple(Paragraph(p.kind, p.text.upper()) for p in found.snapshot.paragraphs)
    return Extraction(replace(found.snapshot, paragraphs=loud), None)


async def test_another_extractor_invents_no_edit(here: World) -> None:
    here.site.on("/flood", html(page(noise="one")), html(page(noise="two")), html(B))
    await here.watch("/flood")
    await here.poll()
    here.reading.edits = shouts
    here.poller = replace(here.poller, extractor_name="shouting / 2")
    # The fingerprint is not the extractor's, so make this poll go the whole way.
    article = await here.lease()
    article = replace(article, memory=replace(article.memory, fingerprint=None))
    decision = (await poll_article(article, here.poller)).decision
    assert (decision.outcome, decision.via) == (Outcome.UNCHANGED, Via.SAME_TEXT)
    # A real edit is that edit alone, and the change fits the texts it is shown with.
    decision = (await here.poll()).decision
    assert decision.version is not None
    assert decision.version.change is not None
    assert decision.version.change.summary["delete"] == 1
    assert decision.version.change.summary["equal"] == 2
    with here.archive() as archive:
        pair = archive.pair(*archive.versions(1))
        assert [p.text for p in pair.old_snapshot.paragraphs] == [
            text.upper() for text in (OPENING, MIDDLE, CLOSING)
        ]


async def test_retry_after_is_waited_for(here: World) -> None:
    here.site.on("/flood", html(A), Answer(status=429, headers={"Retry-After": "7200"}))
    await here.watch("/flood")
    await here.poll()
    decision = (await here.poll()).decision
    assert decision.next_poll_at == here.clock.now() + timedelta(hours=2)
    assert await here.due() == []
    here.clock.advance(7200)
    assert await here.due() == [1]


async def test_a_fixed_interval_is_kept_to_the_second(here: World) -> None:
    here.site.on("/flood", html(A, '"1"'))
    await here.watch("/flood")
    starts = []
    for late in (0.4, 3.0, 59.0, 0.0, 599.0):
        # Waiting for a turn and fetching take their time; the grid stays.
        decision = (await here.poll(after=late)).decision
        starts.append(decision.next_poll_at)
        here.clock.advance((decision.next_poll_at - here.clock.now()).total_seconds())
    assert starts == [START + timedelta(seconds=INTERVAL * count) for count in range(1, 6)]


async def test_two_pollers_of_one_article_store_a_page_once(here: World) -> None:
    here.site.on("/flood", html(A, '"1"'))
    await here.watch("/flood")
    first, second = await here.lease(), await here.store.state(1)
    await poll_article(first, here.poller)
    polled = await poll_article(second, here.poller)
    assert polled.decision.outcome is Outcome.UNCHANGED
    assert len(here.texts()) == 1
    with here.archive() as archive:
        assert sum(run.count for run in archive.runs(1)) == 2


@pytest.mark.parametrize("etag", ['"1"', None])
async def test_an_older_page_never_overwrites_what_somebody_saw_later(
    here: World, etag: str | None
) -> None:
    """Held before recording, while another process stores a newer version: no way back appears."""
    here.site.on("/flood", html(A, etag))
    await here.watch("/flood")
    await here.poll()

    class Overtaken(Store):
        """Somebody else polls between this store's reading and its writing."""

        async def record(self, decision):  # type: ignore[no-untyped-def]
            here.site.on("/flood", html(B, '"2"'))
            theirs = replace(here.poller, store=here.store)
            if len(here.texts()) == 1:
                await poll_article(await here.store.state(1), theirs)
            return await super().record(decision)

    slow = Overtaken(here.database)
    try:
        polled = await poll_article(await here.lease(), replace(here.poller, store=slow))
    finally:
        slow.close()
    assert polled.decision.outcome is Outcome.UNCHANGED
    assert [len(texts) for texts in here.texts()] == [3, 2]
    assert here.events() == ["article.updated"]
    assert len(here.site.asked("/flood")) == 4  # the first, ours, theirs, and ours again


async def test_a_new_interval_holds_for_the_poll_under_way(here: World) -> None:
    here.site.on("/flood", html(A))
    await here.watch("/flood")
    article = await here.lease()
    await here.watch("/flood", interval=60.0)
    decision = (await poll_article(article, here.poller)).decision
    assert decision.next_poll_at == START + timedelta(seconds=60)
    assert len(here.site.asked("/flood")) == 1


class Stubborn(Store):
    """Refuses to record the first few times."""

    refusals: list[Exception]

    async def record(self, decision):  # type: ignore[no-untyped-def]
        if self.refusals:
            raise self.refusals.pop(0)
        return await super().record(decision)


@pytest.fixture
def stubborn(here: World):  # type: ignore[no-untyped-def]
    store = Stubborn(here.database)
    store.refusals = []
    yield store
    store.close()


async def test_what_was_seen_outlives_a_locked_database(here: World, stubborn: Stubborn) -> None:
    stubborn.refusals = [StorageBusy("locked") for _ in range(4)]
    here.site.on("/flood", html(A), Answer(status=404))
    await here.watch("/flood")
    poller = replace(here.poller, store=stubborn, busy_tries=5)
    assert (await poll_article(await here.lease(), poller)).decision.version is not None
    assert len(here.site.asked("/flood")) == 1
    assert len(here.texts()) == 1


async def test_patience_with_a_locked_database_ends(here: World, stubborn: Stubborn) -> None:
    stubborn.refusals = [StorageBusy("locked") for _ in range(5)]
    here.site.on("/flood", html(A))
    await here.watch("/flood")
    poller = replace(here.poller, store=stubborn, busy_tries=5)
    with pytest.raises(StorageBusy):
        await poll_article(await here.lease(), poller)
    assert here.texts() == []


async def test_an_article_that_changes_all_the_time_is_given_up(
    here: World, stubborn: Stubborn
) -> None:
    stubborn.refusals = [StaleDecision("changed") for _ in range(3)]
    here.site.on("/flood", html(A))
    await here.watch("/flood")
    with pytest.raises(StaleDecision):
        await poll_article(await here.lease(), replace(here.poller, store=stubborn))


async def test_a_really_locked_database_is_waited_for(here: World) -> None:
    here.site.on("/flood", html(A))
    await here.watch("/flood")
    article = await here.lease()
    other = sqlite3.connect(here.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient = Store(here.database, busy_seconds=0.01)
    poller = replace(here.poller, store=impatient, busy_tries=10_000)
    tried = 0

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(impatient, name)

        async def record(self, decision: object) -> object:
            nonlocal tried
            tried += 1
            if tried == 3:
                other.execute("COMMIT")
            return await impatient.record(decision)  # type: ignore[arg-type]

    try:
        polled = await poll_article(article, replace(poller, store=Counting()))  # type: ignore[arg-type]
    finally:
        other.close()
        impatient.close()
    assert polled.decision.outcome is Outcome.NEW_VERSION
    assert tried >= 3
    assert len(here.texts()) == 1


@pytest.mark.parametrize(("count", "threaded"), [(40, False), (160, True)])
async def test_long_texts_are_compared_off_the_event_loop(
    here: World, monkeypatch: pytest.MonkeyPatch, count: int, threaded: bool
) -> None:
    texts = [
        f"Crew {number} told the council what the water did to the quay and to the old mill by it."
        for number in range(count)
    ]
    here.site.on("/flood", html(page("River", *texts)), html(page("River", *texts[::-1])))
    await here.watch("/flood")
    threads: list[bool] = []

    def watched_decide(*arguments: Any) -> Decision:
        threads.append(threading.current_thread() is not threading.main_thread())
        return decide(*arguments)

    monkeypatch.setattr(watcher.poll, "decide", watched_decide)
    await here.poll()
    assert (await here.poll()).decision.outcome is Outcome.NEW_VERSION
    assert threads == [False, threaded]
    assert [len(each) for each in here.texts()] == [count, count]


async def test_large_pages_are_polled_like_small_ones(here: World) -> None:
    here.fetcher.reconfigure(replace(FETCHING, max_body=2_000_000))
    here.site.on("/flood", html(page(noise="n" * 300_000)), html(page(noise="m" * 300_000)))
    await here.watch("/flood")
    await here.poll()
    assert (await here.poll()).decision.via is Via.SAME_TEXT


async def test_an_article_of_the_configuration_is_asked_for_by_its_own_url(here: World) -> None:
    here.site.on("/flood?utm_source=x&b=2&a=1", html(A))
    await here.store.sync_articles(
        [WatchedArticle(here.site.url("/flood?utm_source=x&b=2&a=1"), "flood", INTERVAL)],
        here.clock.now(),
    )
    assert (await here.poll()).decision.outcome is Outcome.NEW_VERSION
    asked: list[Asked] = here.site.requests
    assert [each.path for each in asked] == ["/flood?utm_source=x&b=2&a=1"]
