"""Every method of the Store while another process holds the write lock."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.articles import WatchedArticle
from storage.sources import SourceDecision, SourceRead, WatchedSource
from storage.store import Store
from tests.storage.builders import (
    POLICY,
    due,
    extracted,
    failed,
    minutes,
    see,
    settle,
    snapshot,
    watched,
)
from watcher.core.alerts.alert import Alert
from watcher.core.decide import decide
from watcher.core.history import derive
from watcher.core.listing import Item, Listed
from watcher.core.robots import RobotsCopy
from watcher.core.schedule.budget import open_account
from watcher.core.schedule.terms import Terms
from watcher.core.urls import url_key
from watcher.errors import StorageBusy

Call = Callable[[Store], Awaitable[object]]


async def record(store: Store) -> object:
    state = await store.state(1)
    stored = await store.previous_snapshot(2)
    found = extracted(snapshot("three"), minutes(20), previous=stored)
    return await store.record(decide(state, found, minutes(20), POLICY, 0))


async def record_failure(store: Store) -> object:
    return await store.record(decide(await store.state(1), failed(), minutes(20), POLICY, 0))


async def disable(store: Store) -> object:
    return await settle(store, 2, minutes(9), status=410, disable="desk")


async def write_anew(store: Store) -> object:
    history = await store.history(2)
    stored = [(version.id, version.snapshot_digest) for version in history.versions]
    texts = derive([version.snapshot for version in history.versions])
    return await store.rebuild(2, stored, texts, "reader 2", minutes(9))


async def write_findings(store: Store) -> object:
    history = await store.history(4)
    stored = [(version.id, version.snapshot_digest) for version in history.versions]
    changes = {each.id: each.came[1] for each in history.versions if each.came is not None}
    told = {key: replace(change, sentence="told anew") for key, change in changes.items()}
    return await store.renew_findings(4, stored, told, minutes(9))


OWING = replace(open_account(minutes(9)), owed=3.0)
QUIET = WatchedArticle("https://q.example/one", "quiet", 600.0, Terms(quiet=600.0))
FEED = [WatchedSource("feed", "https://news.example/rss", "flood", 600.0, 600.0)]
LOOKED = SourceDecision(1, minutes(4), "read", "", 200, 0, minutes(14))
ITEM = Item("https://news.example/found", "flood")
FOUND = SourceRead((Listed(ITEM, url_key(ITEM.url), True),), timedelta(days=7), 600.0, None, None)

WRITES: dict[str, Call] = {
    "rebuild": write_anew,
    "renew_findings": write_findings,
    "reindex": lambda s: s.reindex(),
    "sync_articles": lambda s: s.sync_articles([watched("https://x.example/")], minutes(9)),
    "lease_due": lambda s: due(s, minutes(60)),
    "lease_these": lambda s: s.lease_these([1], minutes(60), minutes(61)),
    "revive": lambda s: s.revive([83], minutes(60)),
    "release": lambda s: s.release([1], minutes(99)),
    "record": record,
    "record a failure": record_failure,
    "claim_deliveries": lambda s: s.claim_deliveries([("desk", 9)], minutes(60), minutes(61)),
    "settle_delivery": lambda s: settle(s, 2, minutes(9)),
    "settle_delivery and disable": disable,
    "retry_delivery": lambda s: s.retry_delivery(1, minutes(9)),
    "keep_account": lambda s: s.keep_account(OWING, 7.0, 60.0),
    "close_digests": lambda s: s.close_digests((), minutes(9)),
    "enable_endpoint": lambda s: s.enable_endpoint("moves"),
    "enable_moved_endpoints": lambda s: s.enable_moved_endpoints({"moves": "another"}),
    "keep_robots": lambda s: s.keep_robots(RobotsCopy("https://b.example", minutes(9))),
    "spread_overdue": lambda s: s.spread_overdue(minutes(60)),
    "lease_sources": lambda s: s.lease_sources(minutes(60), minutes(61)),
    "release_source": lambda s: s.release_source(1),
    "record_source": lambda s: s.record_source(LOOKED),
    "unfollow": lambda s: s.unfollow(84, minutes(9)),
    "shift_times": lambda s: s.shift_times(-60.0, minutes(0)),
    "start_daemon": lambda s: s.start_daemon(2, minutes(9)),
    "daemon_alive": lambda s: s.daemon_alive(minutes(9), "fault"),
    "stop_daemon": lambda s: s.stop_daemon(minutes(9)),
}

READS: dict[str, Call] = {
    "state": lambda s: s.state(1),
    "owner_of_url": lambda s: s.owner_of_url("https://news.example/story"),
    "redirect_of": lambda s: s.redirect_of(1),
    "previous_snapshot": lambda s: s.previous_snapshot(1),
    "previous_page": lambda s: s.previous_page(2),
    "find_content": lambda s: s.find_content(1, "00" * 32, 2),
    "history": lambda s: s.history(1),
    "held_capture": lambda s: s.held_capture(1),
    "seen_until": lambda s: s.seen_until(1),
    "learned_noise": lambda s: s.learned_noise(1),
    "asked": lambda s: s.asked(),
    "account": lambda s: s.account(),
    "robots": lambda s: s.robots("https://news.example"),
    "host_facts": lambda s: s.host_facts(1, {"one"}, {"two"}, minutes(9)),
}


@pytest.fixture
async def busy_world(store: Store) -> Store:
    """A store in which every write has something to do."""
    await store.sync_articles([watched(), watched("https://b.example/one")], minutes(0))
    await store.start_daemon(1, minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    await see(store, 1, snapshot("two"), minutes(1), moved_to="https://news.example/moved")
    # Deliveries: 1 moved to desk, 2 moved to moves, 3 updated to desk.
    await settle(store, 1, minutes(2), status=500)
    await settle(store, 3, minutes(2), status=410, retry_at=minutes(3), disable="moves")
    await see(store, 2, snapshot("one"), minutes(2))
    # Enough that is overdue to be spread, a feed under way, and an article that it found.
    many = [watched(f"https://c.example/{n}") for n in range(80)]
    await store.sync_articles(
        [watched(), *many, QUIET, watched("https://b.example/one")], minutes(3), FEED
    )
    await store.record_source(replace(LOOKED, read=FOUND))
    await store.lease_sources(minutes(20), minutes(30))
    for at in (minutes(3), minutes(30)):
        await see(store, 83, snapshot("one"), at)
    # An event that waits for a digest.
    alerts = (Alert("all", ("desk",), every=timedelta(hours=1)),)
    for number, text in enumerate(("one", "two")):
        gathers = replace(POLICY, stories={}, alerts=alerts)
        await see(store, 3, snapshot(text), minutes(3 + number), policy=gathers)
        await see(store, 4, snapshot(text), minutes(3 + number), policy=replace(POLICY, stories={}))
    return store


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process writes, and takes its time."""
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def dump(path: Path) -> list[str]:
    other = sqlite3.connect(path)
    try:
        return list(other.iterdump())
    finally:
        other.close()


def test_every_method_is_either_a_write_or_a_read() -> None:
    methods = {n for n, f in inspect.getmembers(Store, inspect.iscoroutinefunction)}
    assert {name.split()[0] for name in WRITES} | set(READS) | {"material", "answered"} == methods


async def test_asking_whether_it_can_write_says_busy_as_well(busy_world: Store, path: Path) -> None:
    with locked(path), pytest.raises(StorageBusy):
        await busy_world.answered()
    await busy_world.answered()


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_says_busy_writes_nothing_and_works_afterwards(
    busy_world: Store, path: Path, name: str
) -> None:
    before = dump(path)
    with locked(path), pytest.raises(StorageBusy) as caught:
        await WRITES[name](busy_world)
    assert str(caught.value) == (
        f"{path} is locked by another process: nothing was written; try again"
    )
    assert dump(path) == before
    await WRITES[name](busy_world)
    assert dump(path) != before


@pytest.mark.parametrize("name", READS)
async def test_a_read_does_not_mind(busy_world: Store, path: Path, name: str) -> None:
    free = await READS[name](busy_world)
    with locked(path):
        assert await READS[name](busy_world) == free


async def test_material_can_be_read_as_well(busy_world: Store, path: Path) -> None:
    claimed = await busy_world.claim_deliveries([("desk", 9)], minutes(9), minutes(10))
    with locked(path):
        assert (await busy_world.material(claimed[0].event_id)).pair is not None
