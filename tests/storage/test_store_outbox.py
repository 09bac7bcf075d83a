"""Store conformance: deliveries, their order, leases, retries, endpoints."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from storage.archive import Archive
from storage.outbox import ClaimedDelivery
from storage.store import Store
from tests.storage.builders import minutes, see, settle, snapshot, watched
from watcher.errors import UsageError

DESK = [("desk", 9)]


@pytest.fixture
async def events(store: Store) -> list[str]:
    """Two articles with two updates each, all for the desk: events 1a, 2a, 1b, 2b."""
    urls = [watched(f"https://news.example/{name}") for name in "ab"]
    await store.sync_articles(urls, minutes(0))
    found: list[str] = []
    for minute in range(3):
        for article_id in (1, 2):
            _, ids = await see(store, article_id, snapshot(f"text {minute}"), minutes(minute))
            found += ids
    assert len(found) == 4
    return found


async def claim(store: Store, minute: float, places: int = 9) -> list[ClaimedDelivery]:
    return await store.claim_deliveries([("desk", places)], minutes(minute), minutes(minute + 1))


async def test_deliveries_are_written_for_those_who_asked(
    store: Store, archive: Archive, events: list[str]
) -> None:
    assert archive.delivery_counts() == {"desk": {"pending": 4}}
    assert await store.claim_deliveries([("moves", 9)], minutes(9), minutes(10)) == []
    await see(store, 1, snapshot("x"), minutes(9), moved_to="https://news.example/c")
    assert archive.delivery_counts() == {"desk": {"pending": 6}, "moves": {"pending": 1}}


async def test_order_holds_per_article_and_endpoint(store: Store, events: list[str]) -> None:
    first = await claim(store, 3)
    assert [delivery.event_id for delivery in first] == events[:2]
    await settle(store, first[0].id, minutes(3.5))
    assert [delivery.event_id for delivery in await claim(store, 3.5)] == [events[2]]
    await settle(store, first[1].id, minutes(3.5), status=500, retry_at=minutes(60))
    assert await claim(store, 3.6) == []


async def test_a_dead_delivery_no_longer_holds_up_the_next(
    store: Store, archive: Archive, events: list[str]
) -> None:
    one, _ = await claim(store, 3)
    await settle(store, one.id, minutes(3), status=500)
    found, attempts = archive.delivery(one.id)
    assert (found.state, found.attempts, found.settled_at) == ("dead", 1, minutes(3))
    assert [(a.at, a.status, a.detail) for a in attempts] == [(minutes(3), 500, "answered 500")]
    assert [delivery.event_id for delivery in await claim(store, 3)] == [events[2]]


async def test_places_limit_what_is_claimed(store: Store, events: list[str]) -> None:
    assert len(await claim(store, 3, places=1)) == 1
    assert len(await claim(store, 3, places=0)) == 0
    assert len(await claim(store, 3, places=1)) == 1


async def test_a_limit_holds_over_all_endpoints(store: Store, events: list[str]) -> None:
    await see(store, 1, snapshot("x"), minutes(9), moved_to="https://news.example/c")
    both = [("moves", 9), ("desk", 9)]
    claimed = await store.claim_deliveries(both, minutes(9), minutes(10), 2)
    assert [each.endpoint for each in claimed] == ["moves", "desk"]
    claimed = await store.claim_deliveries(both, minutes(9), minutes(10), 0)
    assert claimed == []


async def test_a_lease_that_ran_out_is_claimed_again(store: Store, events: list[str]) -> None:
    first = await claim(store, 3)
    assert await claim(store, 3.9) == []
    assert await claim(store, 4) == first
    assert await store.start_daemon(7, minutes(4)) == (0, 2)
    assert await claim(store, 4.1) == first


async def test_retries_wait_for_their_time_and_count(
    store: Store, archive: Archive, events: list[str]
) -> None:
    one, _ = await claim(store, 3)
    await settle(store, one.id, minutes(3), status=None, retry_at=minutes(8))
    assert [d.id for d in await claim(store, 7.9)] == [2]
    again = next(d for d in await claim(store, 8) if d.id == one.id)
    assert (again.attempts, again.event_id) == (1, one.event_id)
    await settle(store, one.id, minutes(8), status=204)
    found, attempts = archive.delivery(one.id)
    assert (found.state, found.attempts, found.next_attempt_at) == ("delivered", 2, None)
    assert [attempt.status for attempt in attempts] == [None, 204]


async def test_a_late_answer_does_not_undo_a_delivery(
    store: Store, archive: Archive, events: list[str]
) -> None:
    one, _ = await claim(store, 3)
    await settle(store, one.id, minutes(3))
    await settle(store, one.id, minutes(5), status=500, retry_at=minutes(9))
    assert archive.delivery(one.id)[0].state == "delivered"
    assert len(archive.delivery(one.id)[1]) == 2


async def test_a_disabled_endpoint_gets_nothing_until_it_is_enabled(
    store: Store, archive: Archive, events: list[str]
) -> None:
    one, _ = await claim(store, 3)
    await settle(store, one.id, minutes(3), status=410, retry_at=minutes(4), disable="desk")
    assert archive.disabled_endpoints() == {"desk": "answered 410"}
    assert all(delivery.endpoint_disabled for delivery in archive.deliveries())
    assert await claim(store, 60) == []
    assert await store.enable_endpoint("desk") is True
    assert await store.enable_endpoint("desk") is False
    assert archive.disabled_endpoints() == {}
    assert [delivery.event_id for delivery in await claim(store, 60)] == [events[1], events[0]]


async def test_a_disabled_endpoint_with_another_url_is_enabled(
    store: Store, archive: Archive, events: list[str]
) -> None:
    one, _ = await claim(store, 3)
    await store.settle_delivery(
        one.id, minutes(3), status=410, detail="answered 410", retry_at=minutes(4),
        delivered=False, disable="desk", url_digest="old",
    )  # fmt: skip
    for digests in ({}, {"desk": "old"}, {"moves": "new"}):
        assert await store.enable_moved_endpoints(digests) == ()
    assert archive.disabled_endpoints() == {"desk": "answered 410"}
    assert await store.enable_moved_endpoints({"desk": "new", "moves": "new"}) == ("desk",)
    assert archive.disabled_endpoints() == {}
    assert await store.enable_moved_endpoints({"desk": "newer"}) == ()
    assert [delivery.event_id for delivery in await claim(store, 60)] == [events[1], events[0]]


async def test_dead_deliveries_can_be_sent_again_by_hand(
    store: Store, archive: Archive, events: list[str]
) -> None:
    one, two = await claim(store, 3)
    await settle(store, one.id, minutes(3), status=500)
    await settle(store, two.id, minutes(3))
    await store.retry_delivery(one.id, minutes(5))
    found, attempts = archive.delivery(one.id)
    assert (found.state, found.attempts, found.next_attempt_at) == ("pending", 0, minutes(5))
    assert len(attempts) == 1
    with pytest.raises(UsageError, match=f"delivery {two.id} was delivered already"):
        await store.retry_delivery(two.id, minutes(5))
    with pytest.raises(UsageError, match="there is no delivery 99"):
        await store.retry_delivery(99, minutes(5))
    with pytest.raises(UsageError, match="there is no delivery 99"):
        archive.delivery(99)


async def test_a_payload_has_the_same_material_every_time(
    store: Store, archive: Archive, events: list[str]
) -> None:
    before = await store.material(events[0])
    await see(store, 1, snapshot("later", headline="Later"), minutes(30))
    assert await store.material(events[0]) == before == archive.material(events[0])
    assert before.pair is not None
    assert (before.pair.old.number, before.pair.new.number) == (1, 2)
    assert before.headline == "River rises"
    with pytest.raises(UsageError, match="there is no event evt_x"):
        await store.material("evt_x")


async def test_deliveries_are_listed_newest_first(
    archive: Archive, events: list[str], store: Store
) -> None:
    assert [d.event_id for d in archive.deliveries()] == events[::-1]
    assert [d.event_id for d in archive.deliveries(limit=1)] == events[-1:]
    assert archive.deliveries("dead") == []


def turns(archive: Archive) -> set[str]:
    """The events whose turn it is."""
    with closing(sqlite3.connect(archive.path)) as db:
        rows = db.execute(
            "SELECT e.id FROM delivery d JOIN event e ON e.seq = d.event_seq"
            " WHERE d.state = 'pending' AND d.in_turn = 1"
        )
        return {event_id for (event_id,) in rows}


async def test_it_is_the_turn_of_the_first_that_waits(
    store: Store, archive: Archive, events: list[str]
) -> None:
    one_a, two_a, one_b, two_b = events
    one, two = await claim(store, 3)
    assert turns(archive) == {one_a, two_a}
    await settle(store, one.id, minutes(3), status=500)
    assert turns(archive) == {one_b, two_a}
    await settle(store, two.id, minutes(3))
    assert turns(archive) == {one_b, two_b}
    await store.retry_delivery(one.id, minutes(5))
    assert turns(archive) == {one_a, two_b}
    await settle(store, one.id, minutes(6))
    assert turns(archive) == {one_b, two_b}


async def test_a_start_finds_anew_whose_turn_it_is(
    store: Store, archive: Archive, events: list[str]
) -> None:
    with closing(sqlite3.connect(archive.path)) as db:
        db.execute("UPDATE delivery SET in_turn = 1 - in_turn")
        db.commit()
    assert turns(archive) == set(events[2:])
    await store.start_daemon(1, minutes(4))
    assert turns(archive) == set(events[:2])
