"""Emptying the outbox over real HTTP: order, schedule, signatures, endpoints that fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from storage.articles import WatchedArticle
from storage.store import Store
from tests.fakes import FakeClock
from tests.service.rig import CLOSING, INTERVAL, OPENING, SECRET, World, html, page, to
from tests.site import Answer
from watcher.adapters.clock import SystemClock
from watcher.core.retry import SCHEDULE
from watcher.dispatch import Attempted, attempt, claim, deliver_due
from watcher.errors import StorageBusy

A, B, C = (page(f"River, edition {number}") for number in (1, 2, 3))
ACCEPTED = Answer(status=204)
DOWN = Answer(status=503)


async def changes(here: World, *paths: str) -> None:
    """Every article gets its second version: one event each."""
    for path in paths:
        here.site.on(path, html(A), html(B), html(C))
    await here.watch(*paths)
    for _ in range(2):
        for article in range(1, len(paths) + 1):
            await here.poll(article, after=1.0)


def ids(here: World, endpoint: str) -> list[str]:
    return [asked.headers["webhook-id"] for asked in here.received(endpoint)]


def states(here: World) -> list[tuple[str, str, int]]:
    with here.archive() as archive:
        return [(d.endpoint, d.state, d.attempts) for d in reversed(archive.deliveries())]


async def test_an_update_arrives_signed_and_is_settled(here: World) -> None:
    here.clock = FakeClock(SystemClock().now())
    here.subscribe("desk")
    here.dispatcher = replace(here.dispatcher, clock=here.clock)
    here.site.on("/desk", ACCEPTED)
    await changes(here, "/flood")
    (done,) = await deliver_due(here.dispatcher)
    assert (done.delivered, done.status, done.retry_at) == (True, 204, None)
    assert states(here) == [("desk", "delivered", 1)]
    (asked,) = here.site.asked("/desk")
    # As a receiver does it, its own clock and all.
    message = Webhook(SECRET).verify(asked.body, dict(asked.headers))
    assert message["type"] == "article.updated"
    assert message["data"]["headline"] == ["River, edition 1", "River, edition 2"]
    assert message["data"]["title"] == "River, edition 2"
    assert message["data"]["url"] == here.site.url("/flood")
    assert message["data"]["to"]["version"] == 2
    assert message["data"]["text"]
    assert await deliver_due(here.dispatcher) == []


async def test_eight_attempts_on_the_schedule_then_dead_and_kept(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", DOWN)
    await changes(here, "/flood")
    waited = []
    for wait in (*SCHEDULE[1:], None):
        (done,) = await deliver_due(here.dispatcher)
        if wait is not None:
            assert done.retry_at == here.clock.now() + timedelta(seconds=wait)
            here.clock.advance(wait - 0.001)
            assert await deliver_due(here.dispatcher) == []
            here.clock.advance(0.001)
            waited.append(wait)
    assert waited == [5, 300, 1800, 7200, 18000, 36000, 36000]
    assert done.retry_at is None
    assert states(here) == [("desk", "dead", 8)]
    here.clock.advance(10 * 86400)
    assert await deliver_due(here.dispatcher) == []
    with here.archive() as archive:
        _, attempts = archive.delivery(1)
        assert [each.status for each in attempts] == [503] * 8
    # By hand it can be sent again, and it is the same message.
    here.site.on("/desk", ACCEPTED)
    await here.store.retry_delivery(1, here.clock.now())
    (done,) = await deliver_due(here.dispatcher)
    assert done.delivered
    assert len(set(ids(here, "desk"))) == 1
    assert len({asked.body for asked in here.received("desk")}) == 1


async def test_every_attempt_has_the_same_bytes_whatever_happens_meanwhile(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", DOWN, DOWN, ACCEPTED)
    await changes(here, "/flood")
    await deliver_due(here.dispatcher)
    here.site.on("/flood", html(B), html(C))
    await here.poll(after=600)
    await deliver_due(here.dispatcher)
    await here.poll(after=600)
    await deliver_due(here.dispatcher)
    first = [asked for asked in here.received("desk") if asked.headers["webhook-id"]][:3]
    assert len({asked.headers["webhook-id"] for asked in first}) == 1
    assert len({asked.body for asked in first}) == 1
    assert len({asked.headers["webhook-timestamp"] for asked in first}) == 3


async def test_a_message_says_what_was_configured_when_it_happened(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", DOWN, ACCEPTED)
    here.site.on("/flood?utm_source=x", html(A), html(B))
    await here.watch("/flood?utm_source=x")
    for _ in range(2):
        await here.poll()
    await deliver_due(here.dispatcher)
    # The same article under another spelling, and in another story.
    elsewhere = WatchedArticle(here.site.url("/flood"), "storm", INTERVAL)
    await here.store.sync_articles([elsewhere], here.clock.now())
    here.clock.advance(60)
    await deliver_due(here.dispatcher)
    first, second = here.received("desk")
    assert first.body == second.body
    told = json.loads(second.body)["data"]
    assert told["url"] == told["article"]["url"] == here.site.url("/flood?utm_source=x")
    assert told["article"]["story"] == "flood"


async def test_jitter_spreads_retries_by_a_tenth_at_most(here: World) -> None:
    here.subscribe("desk")
    here.dispatcher = replace(here.dispatcher, jitter=lambda: 0.999)
    here.site.on("/desk", DOWN)
    await changes(here, "/flood")
    (done,) = await deliver_due(here.dispatcher)
    assert done.retry_at is not None
    wait = (done.retry_at - here.clock.now()).total_seconds()
    assert 5.0 < wait <= 5.5


@pytest.mark.parametrize(("asked", "waits"), [("2", 5.0), ("600", 600.0), ("999999999", 86400.0)])
async def test_retry_after_is_a_lower_bound(here: World, asked: str, waits: float) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=429, headers={"Retry-After": asked}))
    await changes(here, "/flood")
    (done,) = await deliver_due(here.dispatcher)
    assert done.retry_at == here.clock.now() + timedelta(seconds=waits)


@pytest.mark.parametrize(
    ("answer", "delivered"),
    [
        (Answer(status=200, body=b"thanks"), True),
        (Answer(status=202), True),
        (to("/elsewhere", 301), False),
        (to("/elsewhere", 302), False),
        (to("/elsewhere", 308), False),
        (Answer(status=304), False),
        (Answer(status=400), False),
        (Answer(status=500), False),
        (Answer(raw=b"", ending="reset"), False),
    ],
)
async def test_only_2xx_is_success(here: World, answer: Answer, delivered: bool) -> None:
    here.subscribe("desk")
    here.site.on("/desk", answer)
    here.site.on("/elsewhere", ACCEPTED)
    await changes(here, "/flood")
    (done,) = await deliver_due(here.dispatcher)
    assert done.delivered is delivered
    assert here.site.asked("/elsewhere") == []
    assert states(here) == [("desk", "delivered" if delivered else "pending", 1)]


async def test_gone_disables_the_endpoint_until_it_is_enabled(here: World) -> None:
    here.subscribe("desk", "wire")
    here.site.on("/desk", Answer(status=410), ACCEPTED)
    here.site.on("/wire", ACCEPTED)
    await changes(here, "/flood")
    done = await deliver_due(here.dispatcher)
    assert [each.disabled for each in done] == [True, False]
    # It stays pending, and nobody knows until when.
    assert [(each.waiting, each.retry_at) for each in done] == [(True, None), (False, None)]
    assert states(here) == [("desk", "pending", 1), ("wire", "delivered", 1)]
    await here.poll(after=3600)
    assert [each.delivery.endpoint for each in await deliver_due(here.dispatcher)] == ["wire"]
    with here.archive() as archive:
        assert archive.disabled_endpoints() == {"desk": "the endpoint answered 410"}
    assert await here.store.enable_endpoint("desk")
    assert [each.delivered for each in await deliver_due(here.dispatcher)] == [True, True]
    assert ids(here, "desk")[1:] == ids(here, "wire")


async def test_a_disabled_endpoint_is_used_again_under_another_url(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=410))
    here.site.on("/new-desk", ACCEPTED)
    await changes(here, "/flood")
    await deliver_due(here.dispatcher)
    here.clock.advance(3600)
    assert await deliver_due(here.dispatcher) == []
    old = here.dispatcher.endpoints["desk"]
    moved = replace(old, url=here.site.url("/new-desk"))
    here.dispatcher = replace(here.dispatcher, endpoints={"desk": moved})
    (done,) = await deliver_due(here.dispatcher)
    assert done.delivered
    assert len(here.received("new-desk")) == 1
    assert old.url.encode() not in here.database.read_bytes()


async def test_order_holds_per_article_and_a_failure_holds_back_only_its_own(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", DOWN, ACCEPTED)
    await changes(here, "/flood", "/storm")
    await here.poll(1, after=1.0)
    done = await deliver_due(here.dispatcher)
    # The flood's first event failed: its second waits. The storm's goes through.
    assert [each.delivered for each in done] == [False, True]
    here.clock.advance(5)
    assert [each.delivered for each in await deliver_due(here.dispatcher)] == [True, True]
    with here.archive() as archive:
        flood, storm = ([e.id for e in archive.events(article)] for article in (1, 2))
    assert ids(here, "desk") == [flood[0], storm[0], flood[0], flood[1]]


async def test_a_dead_delivery_no_longer_holds_back_the_next(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", DOWN)
    await changes(here, "/flood")
    await here.poll(after=1.0)
    for wait in (*SCHEDULE[1:], 0.0):
        (done,) = (await deliver_due(here.dispatcher))[:1]
        here.clock.advance(wait)
    assert done.retry_at is None
    here.site.on("/desk", ACCEPTED)
    here.clock.advance(60)
    with here.archive() as archive:
        second = archive.events(1)[1].id
    done = (await deliver_due(here.dispatcher))[-1]
    assert (done.delivered, done.delivery.event_id) == (True, second)


async def test_an_endpoint_has_places_of_its_own(here: World) -> None:
    here.subscribe("desk", "wire")
    paths = [f"/flood/{number}" for number in range(6)]
    await changes(here, *paths)
    first = await claim(here.dispatcher, {})
    assert [d.endpoint for d in first] == ["desk"] * 4 + ["wire"] * 4
    assert await claim(here.dispatcher, {"desk": 4, "wire": 4}) == []
    # One that is full of hanging deliveries leaves the other its places.
    more = await claim(here.dispatcher, {"desk": 4, "wire": 1})
    assert [d.endpoint for d in more] == ["wire"] * 2


async def test_a_lease_that_ran_out_is_sent_again_with_the_same_id(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", ACCEPTED)
    await changes(here, "/flood")
    (lost,) = await claim(here.dispatcher, {})
    assert await deliver_due(here.dispatcher) == []
    here.clock.advance(120)
    (done,) = await deliver_due(here.dispatcher)
    assert done.delivery.event_id == lost.event_id


async def test_what_waits_for_a_removed_endpoint_stays_and_disturbs_nobody(here: World) -> None:
    here.subscribe("desk", "wire")
    here.site.on("/wire", ACCEPTED)
    await changes(here, "/flood")
    everything = here.dispatcher
    here.dispatcher = replace(everything, endpoints={"wire": everything.endpoints["wire"]})
    assert [d.delivery.endpoint for d in await deliver_due(here.dispatcher)] == ["wire"]
    assert states(here) == [("desk", "pending", 0), ("wire", "delivered", 1)]
    here.site.on("/desk", ACCEPTED)
    assert [d.delivery.endpoint for d in await deliver_due(everything)] == ["desk"]


async def test_without_endpoints_nothing_is_asked_of_the_database(here: World) -> None:
    here.store.close()
    assert await deliver_due(here.dispatcher) == []


async def test_a_secret_that_is_no_key_fails_the_attempt_and_is_not_told(here: World) -> None:
    here.subscribe("desk")
    endpoint = replace(here.dispatcher.endpoints["desk"], secret=lambda: "whsec_canar")
    here.dispatcher = replace(here.dispatcher, endpoints={"desk": endpoint})
    await changes(here, "/flood")
    (done,) = await deliver_due(here.dispatcher)
    assert (done.delivered, done.status) == (False, None)
    assert "canar" not in done.detail
    assert here.site.asked("/desk") == []


async def test_an_endpoint_that_cannot_be_reached_is_told_by_its_host_alone(here: World) -> None:
    here.subscribe("desk")
    endpoint = replace(here.dispatcher.endpoints["desk"], url="http://gone.test/token-canary")
    here.dispatcher = replace(here.dispatcher, endpoints={"desk": endpoint})
    await changes(here, "/flood")
    (done,) = await deliver_due(here.dispatcher)
    assert "gone.test" in done.detail
    with here.archive() as archive:
        assert "canary" not in archive.delivery(1)[1][0].detail


async def test_an_endpoint_whose_certificate_nobody_vouches_for_is_told_nothing(
    here: World,
) -> None:
    here.subscribe("desk", "wire")
    wire = replace(here.dispatcher.endpoints["wire"], url=here.secure.url("/wire"))
    endpoints = {**here.dispatcher.endpoints, "wire": wire}
    here.dispatcher = replace(here.dispatcher, endpoints=endpoints)
    here.site.on("/desk", ACCEPTED)
    await changes(here, "/flood")
    desk, failed = await deliver_due(here.dispatcher)
    assert desk.delivered
    assert (failed.delivered, failed.status) == (False, None)
    assert "certificate" in failed.detail
    assert here.secure.requests == []


async def test_days_without_a_receiver_end_with_everything_told_or_kept(here: World) -> None:
    """Four days of an edition every six hours: what was given up is kept, the rest arrives."""
    here.subscribe("desk", "wire")
    here.site.on("/desk", DOWN)
    here.site.on("/wire", ACCEPTED)
    here.site.on("/flood", *(html(page(f"River, edition {number}")) for number in range(17)))
    await here.watch("/flood")
    await here.poll()
    for _ in range(16):
        await here.poll(after=0.0)
        for _ in range(24):
            await deliver_due(here.dispatcher)
            here.clock.advance(900)
    with here.archive() as archive:
        events = [event.id for event in archive.events()]
    assert ids(here, "wire") == events
    here.site.on("/desk", ACCEPTED)
    for _ in range(100):
        await deliver_due(here.dispatcher)
        here.clock.advance(900)
    left = [state for endpoint, state, _ in states(here) if endpoint == "desk"]
    kept = left.count("dead")
    assert left == ["dead"] * kept + ["delivered"] * (16 - kept)
    assert 0 < kept < 5
    for delivery in range(1, 2 * kept + 1, 2):
        await here.store.retry_delivery(delivery, here.clock.now())
    assert all(done.delivered for done in await deliver_due(here.dispatcher))
    # Each at last, and none before an earlier one was delivered or given up.
    came = ids(here, "desk")
    assert set(came) == set(events)
    assert [events.index(each) for each in came[:-kept]] == sorted(
        events.index(each) for each in came[:-kept]
    )


async def test_each_attempt_is_told_as_it_ends(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", ACCEPTED)
    await changes(here, "/flood", "/storm")
    told: list[Attempted] = []
    assert await deliver_due(here.dispatcher, told.append) == told
    assert len(told) == 2


class Locked(Store):
    """Another process holds the lock when an attempt is to be settled."""

    refusals = 0

    async def settle_delivery(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        if self.refusals:
            self.refusals -= 1
            raise StorageBusy("locked")
        await super().settle_delivery(*args, **kwargs)


@pytest.fixture
def locked(here: World) -> Iterator[Locked]:
    store = Locked(here.database)
    yield store
    store.close()


@pytest.mark.parametrize(("tries", "settled"), [(3, True), (2, False)])
async def test_an_attempt_is_put_on_record_patiently(
    here: World, locked: Locked, tries: int, settled: bool
) -> None:
    here.subscribe("desk")
    here.site.on("/desk", ACCEPTED)
    await changes(here, "/flood")
    (delivery,) = await claim(here.dispatcher, {})
    locked.refusals = 2
    dispatcher = replace(here.dispatcher, store=locked, busy_tries=tries)
    if settled:
        assert (await attempt(delivery, dispatcher)).delivered
    else:
        with pytest.raises(StorageBusy):
            await attempt(delivery, dispatcher)
    assert len(here.site.asked("/desk")) == 1
    assert states(here) == [("desk", "delivered" if settled else "pending", int(settled))]


async def test_events_other_than_updates_have_a_message_as_well(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", ACCEPTED)
    here.site.on("/flood", html(A), Answer(status=404), Answer(status=404), to("/new", 301))
    here.site.on("/new", html(page("River", OPENING, CLOSING)))
    await here.watch("/flood")
    for _ in range(4):
        await here.poll()
    await deliver_due(here.dispatcher)
    messages = [json.loads(asked.body) for asked in here.received("desk")]
    assert [message["type"] for message in messages] == [
        "article.unpublished",
        "article.restored",
        "article.moved",
        "article.updated",
    ]
    for message in messages:
        assert message["data"]["article"]["id"] == 1
        assert message["data"]["text"]
        assert datetime.fromisoformat(message["timestamp"]).tzinfo == UTC
    assert messages[0]["data"]["title"] == "River, edition 1"
