"""Opening: new, old, newer, foreign, damaged, locked, unwritable files."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.archive import Archive
from storage.connection import (
    APPLICATION_ID,
    open_for_reading,
    open_for_writing,
    write_ahead,
)
from storage.migrations import KNOWN, MIGRATIONS
from storage.store import Store
from storage.writer import Writer
from tests.storage.builders import minutes, see, snapshot, watched
from watcher.errors import StorageBusy, StorageError, StorageTooNew


def create(path: Path) -> None:
    open_for_writing(path).conn.close()


def test_a_new_file_is_ours_private_and_in_wal_mode(path: Path) -> None:
    db = open_for_writing(path)
    db.conn.execute("BEGIN IMMEDIATE")
    db.conn.execute("INSERT INTO story (name, added_at) VALUES ('s', '')")
    db.conn.execute("COMMIT")
    files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert files == {"stories.db": 0o600, "stories.db-wal": 0o600, "stories.db-shm": 0o600}
    pragmas = ("application_id", "journal_mode", "synchronous", "foreign_keys")
    values = [db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert values == [APPLICATION_ID, "wal", 2, 1]
    db.conn.close()


def test_reopening_changes_nothing(path: Path) -> None:
    create(path)
    before = path.read_bytes()
    create(path)
    open_for_reading(path).conn.close()
    assert path.read_bytes() == before


def test_all_migrations_are_known() -> None:
    assert {migration.name for migration in MIGRATIONS._migrations} == KNOWN


def test_a_newer_file_is_refused_untouched(path: Path) -> None:
    create(path)
    other = sqlite3.connect(path)
    other.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('storywatcher', 'm9999_future', '2030')"
    )
    other.commit()
    other.close()
    before = path.read_bytes()
    for opening in (open_for_writing, open_for_reading, Store, Archive):
        with pytest.raises(StorageTooNew, match=r"newer version .*m9999_future.*upgrade"):
            opening(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE notes (x)", "PRAGMA application_id = 77", "PRAGMA user_version = 3"]
)
def test_only_our_own_or_an_empty_file_is_used(path: Path, statement: str) -> None:
    other = sqlite3.connect(path)
    other.execute(statement)
    other.commit()
    other.close()
    before = path.read_bytes()
    if "user_version" in statement:
        create(path)
        return
    for opening in (open_for_writing, open_for_reading):
        with pytest.raises(StorageError, match="is a database of another program: choose another"):
            opening(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_an_archive(path: Path) -> None:
    path.touch()
    create(path)
    db = open_for_reading(path)
    assert "article" in db.table_names()
    db.conn.close()


@pytest.mark.parametrize("opening", [open_for_writing, open_for_reading])
def test_a_file_that_is_no_database_is_named(path: Path, opening: object) -> None:
    path.write_text("story one\n" * 1000)
    assert callable(opening)
    with pytest.raises(StorageError, match=r"stories\.db is damaged or not a database"):
        opening(path)


async def test_a_damaged_page_is_named_with_a_remedy(path: Path) -> None:
    store = Store(path)
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    store.close()
    other = sqlite3.connect(path)
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'article'"
    at = (other.execute(query).fetchone()[0] - 1) * 4096
    other.close()
    data = path.read_bytes()
    path.write_bytes(data[:at] + b"\xff" * 4096 + data[at + 4096 :])
    with Archive(path) as archive, pytest.raises(StorageError, match=r"damaged .*from a backup"):
        archive.articles()


@pytest.mark.parametrize("place", ["missing/stories.db", "file/stories.db"])
def test_a_folder_that_cannot_hold_it_is_explained(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"cannot open .*stories\.db.*check that the folder"):
        open_for_writing(tmp_path / place)


def test_a_folder_instead_of_a_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is a folder: name a file in it"):
        open_for_writing(tmp_path)


def test_a_missing_file_is_not_created_by_reading(path: Path) -> None:
    with pytest.raises(StorageError, match="does not exist yet: run `watcher poll`"):
        open_for_reading(path)
    assert not path.exists()


@pytest.mark.parametrize("opening", [open_for_writing, open_for_reading])
async def test_what_is_left_of_a_moved_archive_is_not_emptied_for_a_new_one(
    path: Path, store: Store, opening: Callable[[Path], Database]
) -> None:
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, snapshot("One."), minutes(1))
    log, moved = Path(f"{path}-wal"), path.with_name("moved.db")
    before = log.read_bytes()
    path.rename(moved)
    with pytest.raises(StorageError, match=r"stories\.db was moved or deleted, but .*-wal, a part"):
        opening(path)
    assert not path.exists()
    assert log.read_bytes() == before
    moved.rename(path)
    with Archive(path) as archive:
        assert len(archive.versions(1)) == 1


def test_a_file_that_may_not_be_written_is_explained(path: Path) -> None:
    """SQLite itself treats a file with an unknown write format as read-only."""
    create(path)
    data = bytearray(path.read_bytes())
    data[18] = 3
    path.write_bytes(data)
    writer = Writer(path)
    with pytest.raises(StorageError, match=r"for writing: .*readonly.*permissions of the file"):
        writer.run(lambda db: db.conn.execute("DELETE FROM story"))
    writer.close()


def test_an_old_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(StorageError, match=r"SQLite 3\.34\.1, but 3\.37\.0 or newer is needed"):
        open_for_writing(path)


def test_an_older_layout_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create(path)
    other = sqlite3.connect(path)
    other.execute("DELETE FROM _sqlite_migrations")
    other.commit()
    other.close()
    with pytest.raises(StorageError, match="has an older layout: run `watcher poll`"):
        open_for_reading(path)


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_locked_file_gives_busy_on_opening(path: Path, mode: str) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"PRAGMA journal_mode = {mode}")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy, match=r"stories\.db is locked by another process"):
        open_for_writing(path, busy_seconds=0.01)
    other.close()
    create(path)


def test_a_lock_that_is_given_back_in_time_is_waited_for(path: Path) -> None:
    create(path)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    writer = Writer(path, busy_seconds=60)
    results: list[int] = []
    caller = threading.Thread(
        target=lambda: results.append(writer.run(lambda db: len(db.table_names())))
    )
    caller.start()
    other.execute("COMMIT")
    other.close()
    caller.join()
    writer.close()
    assert results[0] > 10


def test_switching_the_mode_of_a_new_file_waits_for_the_lock(path: Path) -> None:
    """SQLite itself would give up at once here."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    class Waiting(sqlite3.Connection):
        """Lets the other one finish as soon as somebody waits for it."""

        def execute(self, sql: str, /, *parameters: object) -> sqlite3.Cursor:
            if sql == "BEGIN IMMEDIATE":
                other.execute("ROLLBACK")
            return super().execute(sql, *parameters)

    connection = sqlite3.connect(path, factory=Waiting, isolation_level=None, timeout=0.01)
    write_ahead(connection, path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    other.close()


def open_many_times(path: Path, together: threading.Barrier, faults: list[str]) -> None:
    together.wait()
    try:
        create(path)
    except StorageError as error:
        faults.append(str(error))


def test_threads_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    for number in range(5):
        path, faults = tmp_path / f"{number}.db", list[str]()
        together = threading.Barrier(4)
        threads = [
            threading.Thread(target=open_many_times, args=(path, together, faults))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert Database(path)["_sqlite_migrations"].count == len(KNOWN)


def test_processes_that_open_a_new_file_at_once_all_succeed(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=create, args=(path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    open_for_reading(path).conn.close()


async def test_it_opens_well_in_other_tools(store: Store, path: Path) -> None:
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    await see(store, 1, snapshot("two"), minutes(10))
    db = Database(path)
    assert {"version", "change", "event", "delivery"} <= set(db.table_names())
    keys = {(key.column, key.other_table) for key in db["version"].foreign_keys}
    assert keys == {
        ("article_id", "article"), ("capture_id", "capture"), ("extractor_id", "extractor"),
    }  # fmt: skip
    # The search index and its parts are made by SQLite itself.
    ours = [table for table in db.tables if not table.name.startswith(("_", "search"))]
    assert all(table.strict for table in ours)
    [latest] = db["latest_change"].rows
    assert (latest["version"], latest["replace_count"] + latest["insert_count"]) == (2, 1)
    timeline = list(db["timeline"].rows)
    assert [(row["version"], row["window_after"]) for row in timeline] == [
        (1, None), (2, "2026-03-01T08:00:00.000Z"),
    ]  # fmt: skip
    texts = [(row["position"], row["text"]) for row in db["version_paragraph"].rows]
    assert texts == [(0, "one"), (0, "two")]
    db.close()
