"""A disk that refuses, a lock that lasts, files that vanish, a page that rots, a cut of the power.

As in test_faults_of_the_disk, but by the system itself: real limits, real locks, real files.
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from storage.articles import WatchedArticle
from storage.connection import open_for_reading
from storage.store import Store
from tests.service.rig import OPENING, World, html, page
from tests.service.test_daemon import Faulty, Lines, finish, made
from tests.service.test_faults_of_the_disk import EDITIONS, sound, tick
from tests.site import Answer
from watcher.daemon import Daemon
from watcher.errors import StorageError


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Whatever this process writes beyond so many bytes of a file fails with EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def watch_some(here: World, count: int) -> list[str]:
    paths = [f"/flood/{number}" for number in range(count)]
    for path in paths:
        here.site.on(path, html(EDITIONS[0]))
    await here.watch(*paths)
    return paths


@pytest.mark.parametrize(
    ("room", "said", "over"),
    [(0, "poll_tick-failed", "recovered"), (20_000, "paused", "resumed")],
)
async def test_a_disk_that_refuses_to_write_is_waited_for(
    here: World, room: int, said: str, over: str
) -> None:
    """Without any room not even a lease can be written; with a little, no outcome."""
    paths = await watch_some(here, 6)
    log = Lines()
    daemon = made(here, log)
    await tick(daemon)
    here.clock.advance(600)
    for path in paths:
        here.site.on(path, html(EDITIONS[1]))
    asked = len(here.site.requests)
    log_file = here.database.with_name("stories.db-wal")
    with no_file_longer_than(log_file.stat().st_size + room):
        for _ in range(120):  # an hour
            await tick(daemon)
            here.clock.advance(30)
        assert len(here.site.requests) - asked <= 60 + len(paths)
        assert [len(here.texts(article)) for article in range(1, 7)] == [1] * 6
        sound(here, *range(1, 7))
    [reason] = {facts["reason"] for event, facts in log.said if event == said}
    assert f"the disk that holds {here.database} reports a fault" in reason
    assert "check the disk" in reason
    # Nothing waits for the leases of what could not be recorded: two minutes are enough.
    for _ in range(2):
        here.clock.advance(60)
        await tick(daemon)
    assert [len(here.texts(article)) for article in range(1, 7)] == [2] * 6
    assert over in log.events()
    sound(here, *range(1, 7))


async def test_while_nothing_can_be_written_one_thing_at_a_time_is_tried(here: World) -> None:
    """However many endpoints wait: each message that is sent meanwhile is sent again later."""
    names = [f"desk{number}" for number in range(5)]
    here.subscribe(*names)
    for name in names:
        here.site.on(f"/{name}", Answer(status=204))
    paths = await watch_some(here, 4)
    await here.due()
    await here.store.release(range(1, 5))
    for article in range(1, 5):
        await here.poll(article, after=0.0)
    for path in paths:
        here.site.on(path, html(EDITIONS[1]))
    for article in range(1, 5):
        await here.poll(article, after=1.0)
    daemon = made(here, Lines())
    daemon.rest.begin("the disk is full", here.clock.now())
    before = len(here.site.requests)
    await tick(daemon)
    assert len(here.site.requests) == before
    here.clock.advance(61)

    def refuse() -> None:
        raise StorageError("the disk is full")

    store: Store = Faulty(here.store, settle_delivery=refuse)  # type: ignore[assignment]
    daemon.setup = replace(daemon.setup, dispatcher=replace(here.dispatcher, store=store))
    for _ in range(3):
        await daemon.delivery_tick()
        await daemon.poll_tick()
    await finish(daemon)
    await daemon.delivery_tick()
    await finish(daemon)
    assert len(here.site.requests) == before + 1


async def test_what_was_seen_under_a_lock_is_recorded_and_nobody_stays_leased(
    here: World,
) -> None:
    """Another process holds the lock for a minute: each article is asked for once meanwhile."""
    store = Store(here.database, busy_seconds=0.0)
    try:
        paths = await watch_some(here, 3)
        poller = replace(here.poller, store=store)
        log = Lines()
        daemon = made(here, log)
        daemon.setup = replace(daemon.setup, poller=poller)
        await tick(daemon)
        here.clock.advance(600)
        for path in paths:
            here.site.on(path, html(EDITIONS[1]))
        asked = len(here.site.requests)
        with closing(sqlite3.connect(here.database, isolation_level=None)) as other:
            # It comes between leasing and recording, when it hurts most.
            await daemon.poll_tick()
            other.execute("BEGIN IMMEDIATE")
            for _ in range(60):
                await tick(daemon)
                here.clock.advance(1)
            other.execute("ROLLBACK")
        during = Counter(each.path for each in here.site.requests[asked:])
        assert max(during.values()) == 1
        reasons = {str(facts.get("reason")) for event, facts in log.said if "failed" in event}
        assert any("is locked by another process: nothing was written" in each for each in reasons)
        for _ in range(3):
            here.clock.advance(30)
            await tick(daemon)
        assert [len(here.texts(article)) for article in range(1, 4)] == [2] * 3
        sound(here, 1, 2, 3)
    finally:
        store.close()


@pytest.mark.parametrize("beside", ["-wal", "-shm"])
async def test_a_file_beside_the_database_that_vanishes_stops_all_writing(
    here: World, beside: str
) -> None:
    """Without them another process writes at the same time; stopping saves what was written."""
    await watch_some(here, 1)
    await here.poll()
    log = Lines()
    daemon = made(here, log)
    here.database.with_name(f"stories.db{beside}").unlink()
    here.clock.advance(600)
    asked = len(here.site.requests)
    for _ in range(9):
        await tick(daemon)
    assert len(here.site.requests) == asked
    [failed] = log.all("poll_tick-failed")
    assert f"stories.db{beside} was moved, deleted or replaced" in failed["reason"]
    assert "`watcher verify`" in failed["reason"]
    here.store.close()
    sound(here, 1)
    assert len(here.texts(1)) == 1


async def test_an_article_whose_stored_page_rots_is_followed_on_and_no_other_rests(
    here: World,
) -> None:
    """After an upgrade stored pages are read again, and one of them cannot be any more."""
    paths = await watch_some(here, 3)
    log = Lines()
    daemon = made(here, log)
    await tick(daemon)
    with closing(sqlite3.connect(here.database)) as other:
        other.execute("UPDATE capture SET body = x'00ff00ff' WHERE article_id = 2")
        other.commit()
    for path in paths:
        here.site.on(path, html(EDITIONS[1]))
    poller = replace(here.poller, extractor_name="reading / 2")
    daemon.setup = replace(daemon.setup, poller=poller)
    here.clock.advance(600)
    await tick(daemon)
    assert [len(here.texts(article)) for article in (1, 2, 3)] == [2] * 3
    assert "paused" not in log.events()
    sound(here, 1, 2, 3)


async def test_the_power_goes_amid_writing_and_a_whole_archive_is_left(
    here: World, tmp_path: Path
) -> None:
    """What had not reached the disk is missing at the log's end, anywhere between two bytes."""
    here.subscribe("desk")
    here.site.on("/flood", *(html(page(f"River, edition {n}", OPENING)) for n in range(20)))
    await here.watch("/flood")
    for _ in range(20):
        await here.poll(after=1.0)
    log_file = here.database.with_name("stories.db-wal").read_bytes()
    database = here.database.read_bytes()
    random, found = Random(5), set()
    for turn in range(25):
        cut = tmp_path / f"cut{turn}.db"
        cut.write_bytes(database)
        left = log_file[: random.randrange(len(log_file))]
        if turn % 2:
            # A sector of what is left was not written either.
            at = random.randrange(max(1, len(left) - 512))
            left = left[:at] + bytes(512) + left[at + 512 :]
        cut.with_name(f"{cut.name}-wal").write_bytes(left)
        found.add(_whole(cut))
    assert len(found) > 5


def _whole(path: Path) -> int:
    """The versions of an archive that is sound: each with its change, event and delivery."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return 0
        counts = [
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("version", "capture", "ledger", "change", "event", "delivery")
        ]
    versions = counts[0]
    assert counts == [versions] * 3 + [max(versions - 1, 0)] * 3
    return int(versions)


async def test_a_new_file_in_the_place_of_a_full_one_is_told_apart(here: World) -> None:
    """Somebody moves the database to another disk and starts again with a copy."""
    await watch_some(here, 1)
    await here.poll()
    daemon: Daemon = made(here, log := Lines())
    copy = here.database.with_name("copy.db")
    with closing(sqlite3.connect(here.database)) as other:
        other.execute("VACUUM INTO ?", (str(copy),))
    here.database.rename(here.database.with_name("old.db"))
    shutil.move(copy, here.database)
    for end in ("-wal", "-shm"):
        here.database.with_name(f"stories.db{end}").rename(here.database.with_name(f"old.db{end}"))
    here.clock.advance(600)
    await tick(daemon)
    [failed] = log.all("poll_tick-failed")
    assert "was replaced by another file" in failed["reason"]
    assert "restart to work with the new one" in failed["reason"]
    # As after that restart.
    with closing(Store(here.database)) as store:
        wanted = [WatchedArticle(here.site.url("/flood/0"), "flood", 600.0)]
        await store.sync_articles(wanted, here.clock.now())
    db = open_for_reading(here.database)
    assert db.conn.execute("SELECT count(*) FROM version").fetchone() == (1,)
    db.conn.close()
