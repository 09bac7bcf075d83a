"""Files hold other people's texts: only their owner may read them, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.builders import ArchiveBuilder, snapshot
from tests.command import watcher
from watcher.adapters.lockfile import DaemonLock


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {each.name: oct(stat.S_IMODE(each.stat().st_mode)) for each in folder.iterdir()}


def test_the_database_its_journal_and_its_lock_are_private(umask: int, tmp_path: Path) -> None:
    database = tmp_path / "stories.db"
    lock = DaemonLock(database)
    lock.acquire()
    with ArchiveBuilder(database) as archive:
        archive.sees(snapshot("River rises", "The river rose overnight."))
        found = modes(tmp_path)
    lock.release()
    assert {"stories.db", "stories.db-wal", "stories.db-shm", "stories.db.lock"} <= set(found)
    assert set(found.values()) == {"0o600"}


def test_what_a_backup_a_note_and_a_new_configuration_leave_is_private(
    umask: int, tmp_path: Path
) -> None:
    config = tmp_path / "watcher.toml"
    assert watcher("init", str(config)).exit_code == 0
    with ArchiveBuilder(tmp_path / "stories.db") as archive:
        archive.sees(snapshot("River rises", "The river rose overnight."))
        assert watcher("backup", tmp_path / "copy.db", config=config).exit_code == 0
        lock = DaemonLock(tmp_path / "stories.db")
        lock.acquire()
        lock.note("the disk is full")
        found = modes(tmp_path)
        lock.release()
    assert {"watcher.toml", "copy.db", "stories.db.lock"} <= set(found)
    assert set(found.values()) == {"0o600"}
    # A change of the configuration leaves it as private as it was.
    assert watcher("add", "https://news.example/flood", config=config).exit_code == 0
    assert modes(tmp_path)["watcher.toml"] == "0o600"


def test_a_database_that_is_wider_open_is_left_to_its_owner(tmp_path: Path) -> None:
    """Who shares an archive with a group has set that on purpose."""
    database = tmp_path / "stories.db"
    Store(database).close()
    database.chmod(0o640)
    with ArchiveBuilder(database) as archive:
        archive.sees(snapshot("River rises", "The river rose overnight."))
        assert set(modes(tmp_path).values()) == {"0o640"}
