"""One daemon a database, whatever became of the one before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import environment
from watcher.adapters.lockfile import DaemonLock, daemon_note, daemon_pid
from watcher.errors import DaemonRunning, StorageError

HOLDER = """
import sys
from pathlib import Path
from watcher.adapters.lockfile import DaemonLock
DaemonLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "stories.db"


def holder(database: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_one_is_refused_with_the_firsts_pid(database: Path) -> None:
    with holder(database) as first:
        with pytest.raises(DaemonRunning, match=f"process {first.pid}") as refused:
            DaemonLock(database).acquire()
        assert refused.value.pid == first.pid
        assert daemon_pid(database) == first.pid
        first.communicate("")
    assert daemon_pid(database) is None


def test_a_killed_holder_leaves_no_lock_behind(database: Path) -> None:
    with holder(database) as first:
        first.kill()
        first.communicate()
    left = database.with_name("stories.db.lock").read_text()
    assert left == f"{first.pid}\n"
    assert daemon_pid(database) is None
    lock = DaemonLock(database)
    lock.acquire()
    assert daemon_pid(database) == os.getpid()
    lock.release()


def test_a_dead_holders_pid_may_belong_to_somebody_else(database: Path) -> None:
    database.with_name("stories.db.lock").write_text(f"{os.getpid()}\n")
    assert daemon_pid(database) is None


def test_another_name_of_the_same_database_is_the_same_database(
    database: Path, tmp_path: Path
) -> None:
    database.touch()
    other = tmp_path / "other.db"
    other.symlink_to(database)
    lock = DaemonLock(database)
    lock.acquire()
    with pytest.raises(DaemonRunning):
        DaemonLock(other).acquire()
    assert daemon_pid(other) == os.getpid()
    lock.release()


def test_release_gives_it_back_and_may_be_called_twice(database: Path) -> None:
    lock = DaemonLock(database)
    lock.acquire()
    lock.release()
    lock.release()
    assert daemon_pid(database) is None
    again = DaemonLock(database)
    again.acquire()
    assert daemon_pid(database) == os.getpid()
    again.release()


def test_a_lock_that_does_not_name_its_holder_yet(database: Path) -> None:
    lock = DaemonLock(database)
    lock.acquire()
    database.with_name("stories.db.lock").write_text("")
    assert daemon_pid(database) == 0
    with pytest.raises(DaemonRunning, match="process unknown"):
        DaemonLock(database).acquire()
    lock.release()


def test_without_a_lock_file_nobody_runs(database: Path) -> None:
    assert daemon_pid(database) is None


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="check that the folder exists"):
        DaemonLock(tmp_path / "nowhere" / "stories.db").acquire()


def test_what_keeps_a_daemon_from_its_work_is_noted_beside_its_pid(database: Path) -> None:
    lock = DaemonLock(database)
    lock.note("nobody holds it")
    lock.acquire()
    assert daemon_note(database) is None
    lock.note("the disk\nis full \ud800")
    assert daemon_note(database) == "the disk is full ?"
    assert daemon_pid(database) == os.getpid()
    lock.note("x" * 5000)
    assert len(daemon_note(database) or "") == 1000
    lock.note(None)
    assert daemon_note(database) is None
    lock.release()
    assert (daemon_pid(database), daemon_note(database)) == (None, None)
