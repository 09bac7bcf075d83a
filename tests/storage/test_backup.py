"""A backup: one state of the archive, checked, private, never over something else by accident."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.backup import back_up
from storage.store import Store
from tests.storage.builders import due, minutes, see, snapshot, watched
from watcher.errors import StorageError, UsageError


@pytest.fixture
async def archived(store: Store) -> Store:
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, snapshot("one"), minutes(0))
    await see(store, 1, snapshot("two"), minutes(10))
    return store


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_copy_has_all_that_was_committed_and_is_private(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    done = back_up(path, target)
    assert (done.articles, done.versions, done.size) == (1, 2, target.stat().st_size)
    assert done.head is not None
    assert done.head.entry == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with Archive(target) as copy, Archive(path) as original:
        assert copy.versions(1) == original.versions(1)
        assert copy.deliveries() == original.deliveries()
    assert left(tmp_path) == {"stories.db", "stories.db-wal", "stories.db-shm", "copy.db"}


async def test_an_existing_file_stays_unless_forced(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(UsageError, match=r"copy\.db exists already: .*--force"):
        back_up(path, target)
    assert target.read_text() == "precious"
    assert back_up(path, target, force=True).versions == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


async def test_a_file_that_appears_meanwhile_stays(
    archived: Store, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import storage.backup

    target, checked = tmp_path / "copy.db", storage.backup._checked

    def slowly(*arguments: Path) -> object:
        target.write_text("precious")
        return checked(*arguments)

    monkeypatch.setattr(storage.backup, "_checked", slowly)
    with pytest.raises(UsageError, match="exists already"):
        back_up(path, target)
    assert target.read_text() == "precious"
    assert not [name for name in left(tmp_path) if name.endswith(".part")]


@pytest.mark.parametrize("name", ["stories.db", "stories.db-wal", "../{}/stories.db", "link.db"])
async def test_the_archive_is_never_its_own_copy(
    archived: Store, path: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "link.db").symlink_to(path)
    with pytest.raises(UsageError, match="is the archive itself"):
        back_up(path, tmp_path / name.format(tmp_path.name), force=True)


async def test_a_database_in_use_is_not_replaced(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    other = Store(tmp_path / "other.db")
    try:
        with pytest.raises(UsageError, match="is a database in use"):
            back_up(path, tmp_path / "other.db", force=True)
    finally:
        other.close()


async def test_a_folder_or_a_place_that_is_not_there_is_explained(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="is a folder: name a file in it"):
        back_up(path, tmp_path)
    with pytest.raises(StorageError, match=r"nowhere/copy\.db.*check that the folder exists"):
        back_up(path, tmp_path / "nowhere" / "copy.db")


def test_without_an_archive_there_is_no_copy(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="does not exist yet"):
        back_up(path, tmp_path / "copy.db")
    assert left(tmp_path) == set()


async def test_a_damaged_archive_is_named_and_gives_no_copy(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    archived.close()
    other = sqlite3.connect(path)
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'paragraph'"
    at = (other.execute(query).fetchone()[0] - 1) * 4096
    other.close()
    data = path.read_bytes()
    path.write_bytes(data[:at] + b"\xff" * 4096 + data[at + 4096 :])
    with pytest.raises(StorageError, match=r"stories\.db is damaged .*from a backup"):
        back_up(path, tmp_path / "copy.db")
    assert not [name for name in left(tmp_path) if "copy" in name]


async def test_an_archive_with_faults_gives_no_copy(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("DELETE FROM ledger WHERE id = 1")
    other.close()
    with pytest.raises(StorageError, match=r"the copy has faults.*entry 1.*watcher verify"):
        back_up(path, tmp_path / "copy.db")
    assert not [name for name in left(tmp_path) if "copy" in name]


async def test_a_copy_made_amid_writing_is_one_state(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    """A writer that never stops: every version in a copy has its change, event and entry."""
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        import asyncio

        async def forever() -> None:
            number = 3
            while not stop.is_set():
                await see(archived, 1, snapshot(f"edition {number}"), minutes(10 * number))
                written.set()
                number += 1

        asyncio.run(forever())

    writer = threading.Thread(target=write)
    writer.start()
    written.wait()
    try:
        for number in range(5):
            target = tmp_path / f"{number}.db"
            done = back_up(path, target)
            copy = sqlite3.connect(target)
            counts = [
                copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("version", "ledger", "capture")
            ]
            rest = [
                copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("change", "event", "delivery")
            ]
            copy.close()
            assert counts == [done.versions] * 3
            assert rest == [done.versions - 1] * 3
    finally:
        stop.set()
        writer.join()


async def test_a_restored_copy_goes_on_where_it_was(
    archived: Store, path: Path, tmp_path: Path
) -> None:
    """Leased when it was copied: the daemon that starts on it takes everything over."""
    assert [state.id for state in await due(archived, minutes(60))] == [1]
    claimed = await archived.claim_deliveries([("desk", 9)], minutes(60), minutes(99))
    target = tmp_path / "copy.db"
    back_up(path, target)
    restored = Store(target)
    try:
        assert await restored.start_daemon(7, minutes(61)) == (1, 1)
        assert [state.id for state in await due(restored, minutes(61))] == [1]
        again = await restored.claim_deliveries([("desk", 9)], minutes(61), minutes(99))
        assert again == claimed
        # Found since: one change, with a chain that goes on from the copy's.
        await see(restored, 1, snapshot("four"), minutes(70))
    finally:
        restored.close()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with Archive(target) as archive:
        assert [version.number for version in archive.versions(1)] == [1, 2, 3]
