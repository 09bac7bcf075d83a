"""The disk is full or broken, the database is moved, replaced, damaged or too new, amid a run.

What is seen meanwhile is not recorded, nothing is half-written, nobody is asked for what would be
lost again, and when it is over everything goes on by itself.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from hashlib import sha512

import pytest

from storage.check_article import check_article
from storage.check_file import check_file, check_seals
from storage.connection import open_for_reading
from storage.store import Store
from tests.service.rig import World, html, page
from tests.service.test_daemon import Lines, finish, made
from tests.site import Answer
from watcher.daemon import Daemon
from watcher.errors import StorageError, StorageTooNew

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def passage(number: int) -> str:
    """Words that no other passage has and nothing is found in: they take room, and little time."""
    letters = sha512(str(number).encode()).hexdigest().translate(LETTERS)
    words = (letters[at : at + 8] for at in range(0, len(letters), 8))
    return f"The clerk wrote {' '.join(words)}."


EDITIONS = [page(f"River, edition {n}", *map(passage, range(60 * n + 60))) for n in range(4)]


def pragma(store: Store, text: str) -> None:
    """On the writing connection, while nothing is being written."""
    store._writer._database.conn.execute(f"PRAGMA {text}")


def full(store: Store) -> None:
    """As a disk without room: the file cannot grow by a page."""
    (pages,) = store._writer._database.conn.execute("PRAGMA page_count").fetchone()
    pragma(store, f"max_page_count = {pages}")


def writable(store: Store) -> None:
    pragma(store, "query_only = OFF")
    pragma(store, "max_page_count = 1073741823")


FAULTS: dict[str, tuple[Callable[[Store], None], str]] = {
    "full": (full, "is full: free some space; nothing was written"),
    "read-only": (
        lambda store: pragma(store, "query_only = ON"),
        "check the owner and permissions of the file",
    ),
}


async def tick(daemon: Daemon) -> None:
    await daemon._guarded(daemon.poll_tick)
    await daemon._guarded(daemon.delivery_tick)
    await finish(daemon)


def sound(here: World, *articles: int) -> None:
    db = open_for_reading(here.database)
    try:
        faults = [*check_file(db), *check_seals(db)[1]]
        for article in articles:
            faults += check_article(db, article)
    finally:
        db.conn.close()
    assert faults == []


@pytest.mark.parametrize("fault", FAULTS)
async def test_polling_pauses_and_resumes_by_itself(here: World, fault: str) -> None:
    paths = [f"/flood/{number}" for number in range(6)]
    for path in paths:
        here.site.on(path, html(EDITIONS[0]))
    await here.watch(*paths)
    log = Lines()
    daemon = made(here, log)
    await tick(daemon)
    here.clock.advance(600)
    for path in paths:
        here.site.on(path, html(EDITIONS[1]))
    break_it, message = FAULTS[fault]
    break_it(here.store)
    asked = len(here.site.requests)
    for _ in range(120):  # an hour
        await tick(daemon)
        here.clock.advance(30)
    # Once a minute somebody tries, with one article; it is said at once and after ten minutes.
    assert len(here.site.requests) - asked <= 60 + len(paths)
    said = [facts["reason"] for event, facts in log.said if "reason" in facts]
    assert len(said) <= 3
    assert all(message in reason for reason in said)
    assert str(here.database) in said[0]
    sound(here, *range(1, 7))
    writable(here.store)
    for _ in range(12):
        here.clock.advance(60)
        await tick(daemon)
    assert [len(here.texts(article)) for article in range(1, 7)] == [2] * 6
    assert {"resumed", "recovered"} & set(log.events())
    sound(here, *range(1, 7))


async def test_a_message_is_not_sent_again_and_again_to_a_full_disk(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=204))
    here.site.on("/flood", html(EDITIONS[0]), html(EDITIONS[1]))
    await here.watch("/flood")
    for _ in range(2):
        await here.poll()
    log = Lines()
    daemon = made(here, log)
    await here.store.claim_deliveries([("desk", 4)], here.clock.now(), here.clock.now())
    store, fails = here.store, [True]

    class Full:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def settle_delivery(self, *values: object, **named: object) -> None:
            if fails:
                raise StorageError("the disk is full: free some space; nothing was written")
            await store.settle_delivery(*values, **named)  # type: ignore[arg-type]

    here.dispatcher = replace(here.dispatcher, store=Full())  # type: ignore[arg-type]
    daemon = made(here, log)
    for _ in range(120):
        await daemon._guarded(daemon.delivery_tick)
        await finish(daemon)
        here.clock.advance(30)
    # A lease of two minutes runs out: it is a try, and the receiver knows the id already.
    assert len(here.received("desk")) <= 31
    assert [line.get("repeated") for line in log.all("paused")] == [None, 5]
    fails.clear()
    here.clock.advance(180)
    await daemon._guarded(daemon.delivery_tick)
    await finish(daemon)
    with here.archive() as archive:
        [delivery] = archive.deliveries()
    assert (delivery.state, delivery.attempts) == ("delivered", 1)
    assert log.events()[-2:] == ["resumed", "delivered"]


async def test_a_moved_database_is_written_to_no_more_until_it_is_back(here: World) -> None:
    here.site.on("/flood", *map(html, EDITIONS))
    await here.watch("/flood")
    await here.poll()
    log = Lines()
    daemon = made(here, log)
    away = here.database.with_name("away.db")
    here.database.rename(away)
    before = away.read_bytes(), away.with_name("stories.db-wal").read_bytes()
    for _ in range(20):
        here.clock.advance(300)
        await tick(daemon)
    assert (away.read_bytes(), away.with_name("stories.db-wal").read_bytes()) == before
    failed, *again = log.all("poll_tick-failed")
    assert [line["repeated"] for line in again] == [2, 12]
    assert "stories.db was moved or deleted while it is in use" in failed["reason"]
    assert "put the same file back" in failed["reason"]
    away.rename(here.database)
    here.clock.advance(600)
    await tick(daemon)
    assert "recovered" in log.events()
    assert len(here.texts()) == 2
    sound(here, 1)


async def test_a_replaced_database_is_left_alone(here: World) -> None:
    here.site.on("/flood", *map(html, EDITIONS))
    await here.watch("/flood")
    await here.poll()
    other = here.database.with_name("other.db")
    Store(other).close()
    here.database.rename(here.database.with_name("old.db"))
    shutil.copy(other, here.database)
    before = here.database.read_bytes()
    with pytest.raises(StorageError, match=r"was replaced by another file .*restart"):
        await here.due()
    assert here.database.read_bytes() == before


async def test_a_write_ahead_log_that_was_deleted_is_noticed(here: World) -> None:
    here.site.on("/flood", *map(html, EDITIONS))
    await here.watch("/flood")
    await here.poll()
    here.database.with_name("stories.db-wal").unlink()
    with pytest.raises(StorageError, match=r"stories\.db-wal was moved, deleted or replaced"):
        await here.due()


async def test_a_newer_program_that_migrates_amid_a_run_stops_this_one(here: World) -> None:
    await here.watch("/flood")
    with closing(sqlite3.connect(here.database, isolation_level=None)) as newer:
        newer.execute("CREATE TABLE something (id INTEGER)")
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('storywatcher', 'm9999_future', '2030')"
        )
        with pytest.raises(StorageTooNew, match=r"newer version .*upgrade this one"):
            await here.due()
        assert newer.execute("SELECT leased_until FROM schedule").fetchall() == [(None,)]
        # An index that somebody adds is nobody's concern.
        newer.execute("DELETE FROM _sqlite_migrations WHERE name = 'm9999_future'")
        newer.execute("CREATE INDEX one_more ON event(created_at)")
    assert await here.due() == [1]


async def test_damaged_pages_amid_a_run_are_named_and_nothing_is_told(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/flood", *map(html, EDITIONS))
    await here.watch("/flood")
    await here.poll()
    with closing(sqlite3.connect(here.database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'capture'"
        at = (other.execute(query).fetchone()[0] - 1) * 4096
    with here.database.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 4096)
    log = Lines()
    daemon = made(here, log)
    for store in (here.store._writer._database, here.store._reader._database):
        store.conn.execute("PRAGMA cache_size = 0")
    here.clock.advance(600)
    await tick(daemon)
    [paused] = log.all("paused")
    assert "is damaged or not a database" in paused["reason"]
    assert "restore it from a backup" in paused["reason"]
    assert here.events() == []
