"""The writing thread: groups, failures inside them, closing."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import LARGEST_LOG, open_for_reading
from storage.store import Store
from storage.writer import LARGEST_GROUP, Writer
from tests.storage.builders import POLICY, extracted, minutes, snapshot, watched
from watcher.core.decide import decide
from watcher.errors import StorageBusy, StorageError, UsageError


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    opened = Writer(path, busy_seconds=0.01)
    yield opened
    opened.close()


def add(name: str, then: Exception | None = None) -> Callable[[Database], str]:
    """A job that adds a story, and may fail after that."""

    def job(db: Database) -> str:
        db.conn.execute("INSERT INTO story (name, added_at) VALUES (?, '')", (name,))
        if then is not None:
            raise then
        return name

    return job


def names(path: Path) -> list[str]:
    db = open_for_reading(path)
    try:
        return [name for (name,) in db.conn.execute("SELECT name FROM story ORDER BY id")]
    finally:
        db.conn.close()


async def in_one_group(writer: Writer, *jobs: Callable[[Database], object]) -> list[object]:
    """Lets all jobs queue up behind one that waits, so that they are committed together."""
    started, go_on = threading.Event(), threading.Event()

    def wait(_: Database) -> None:
        started.set()
        go_on.wait()

    first = asyncio.ensure_future(writer.call(wait))
    await asyncio.to_thread(started.wait)
    tasks = [asyncio.ensure_future(writer.call(job)) for job in jobs]
    await asyncio.gather(*(queued(task) for task in tasks))
    go_on.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


async def queued(task: asyncio.Future[object]) -> None:
    """One turn of the loop, in which the task has put its job into the queue."""
    assert not task.done()


async def test_jobs_give_their_results_in_order(writer: Writer, path: Path) -> None:
    jobs = [add(str(number)) for number in range(LARGEST_GROUP + 50)]
    results = await in_one_group(writer, *jobs)
    assert results == [str(number) for number in range(len(jobs))]
    assert names(path) == results


async def test_a_failing_job_leaves_nothing_and_does_not_disturb_the_others(
    writer: Writer, path: Path
) -> None:
    failure = UsageError("no")
    results = await in_one_group(
        writer, add("a"), add("b", failure), add("c"), add("a"), add("d", ValueError("v"))
    )
    assert results[0] == "a"
    assert results[1] is failure
    assert results[2] == "c"
    assert isinstance(results[3], StorageError)
    assert isinstance(results[4], ValueError)
    assert names(path) == ["a", "c"]


async def test_a_lost_transaction_fails_the_whole_group_and_the_next_goes_on(
    writer: Writer, path: Path
) -> None:
    def lose(db: Database) -> None:
        db.conn.execute("ROLLBACK")
        raise sqlite3.OperationalError("disk full")

    results = await in_one_group(writer, add("a"), lose, add("b"))
    assert [type(result) for result in results] == [StorageError] * 3
    # In the same words, so that it is said once.
    assert len({str(result) for result in results}) == 1
    assert "disk full" in str(results[0])
    assert names(path) == []
    assert writer.run(add("c")) == "c"
    assert names(path) == ["c"]


async def test_a_failing_commit_fails_the_whole_group_and_the_next_goes_on(
    writer: Writer, path: Path
) -> None:
    def break_at_commit(db: Database) -> None:
        db.conn.execute("PRAGMA defer_foreign_keys = ON")
        db.conn.execute("INSERT INTO article (story_id, url, added_at) VALUES (99, '', '')")

    results = await in_one_group(writer, add("a"), break_at_commit)
    assert [type(result) for result in results] == [StorageError] * 2
    assert results[0] is not results[1]
    assert names(path) == []
    assert await writer.call(add("b")) == "b"


async def test_a_locked_database_fails_the_group_and_the_next_goes_on(
    writer: Writer, path: Path
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(*(writer.call(add(n)) for n in "ab"), return_exceptions=True)
    assert [type(result) for result in results] == [StorageBusy] * 2
    other.execute("ROLLBACK")
    other.close()
    assert writer.run(add("c")) == "c"
    assert names(path) == ["c"]


async def test_a_caller_that_gave_up_does_not_stop_the_others(writer: Writer, path: Path) -> None:
    task = asyncio.ensure_future(writer.call(add("a")))
    await asyncio.sleep(0)
    task.cancel()
    assert await writer.call(add("b")) == "b"
    assert task.cancelled() or task.result() == "a"
    assert names(path) == ["a", "b"]


def test_closing_waits_for_what_is_queued(path: Path) -> None:
    writer = Writer(path)
    started, go_on = threading.Event(), threading.Event()

    def slow(db: Database) -> None:
        started.set()
        go_on.wait()
        add("slow")(db)

    callers = [threading.Thread(target=writer.run, args=(job,)) for job in (slow, add("next"))]
    callers[0].start()
    started.wait()
    callers[1].start()
    closer = threading.Thread(target=writer.close)
    closer.start()
    go_on.set()
    for thread in (*callers, closer):
        thread.join()
    assert "slow" in names(path)
    with pytest.raises(StorageError, match="is closed already"):
        writer.run(add("late"))
    writer.close()


async def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StorageError, match="is closed already"):
        await store.state(1)
    with pytest.raises(StorageError, match="is closed already"):
        await store.release([1])
    store.close()


def test_a_loop_that_ended_does_not_stop_the_writer(writer: Writer, path: Path) -> None:
    release = threading.Event()

    def slow(db: Database) -> None:
        release.wait()
        add("a")(db)

    async def give_up() -> None:
        task = asyncio.ensure_future(writer.call(slow))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(give_up())
    release.set()
    assert writer.run(add("b")) == "b"
    assert names(path) == ["a", "b"]


@pytest.mark.parametrize(
    "table",
    ["capture", "extractor", "version", "paragraph", "paragraph_run", "change", "observation",
     "article_url", "event", "delivery"],
)  # fmt: skip
async def test_a_decision_is_written_whole_or_not_at_all(
    store: Store, path: Path, table: str
) -> None:
    """Fails recording at each table in turn, as a crash between two statements would."""
    await store.sync_articles([watched()], minutes(0))
    one, two = snapshot("one"), snapshot("two")
    first = decide(await store.state(1), extracted(one, minutes(0)), minutes(0), POLICY, 0)
    await store.record(first)
    found = extracted(
        two, minutes(9), previous=one, moved_to="https://news.example/new", extractor="2"
    )
    decision = decide(await store.state(1), found, minutes(9), POLICY, 0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(
        f"CREATE TRIGGER crash AFTER INSERT ON {table} BEGIN SELECT raise(ABORT, 'crash'); END"
    )
    before = list(other.iterdump())
    with pytest.raises(StorageError, match="crash"):
        await store.record(decision)
    assert list(other.iterdump()) == before
    other.execute("DROP TRIGGER crash")
    assert len(await store.record(decision)) == 2
    other.close()


def test_a_log_that_a_long_reader_made_large_is_cut_again(writer: Writer, path: Path) -> None:
    writer.run(lambda db: db.conn.execute("CREATE TABLE heap (data BLOB)"))
    log = Path(f"{path}-wal")

    def fill(db: Database) -> None:
        db.conn.execute("INSERT INTO heap VALUES (zeroblob(4000000))")

    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM heap").fetchone()
    for _ in range(6):
        writer.run(fill)
    assert log.stat().st_size > LARGEST_LOG
    reader.close()
    for _ in range(3):
        writer.run(fill)
    assert log.stat().st_size <= LARGEST_LOG
