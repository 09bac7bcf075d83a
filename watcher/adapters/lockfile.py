"""One daemon a database: an advisory lock that the kernel gives back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from watcher.errors import DaemonRunning, StorageError


class DaemonLock:
    """Held from `acquire` to `release`. The file beside the database names the holder's pid."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Takes the lock. Raises DaemonRunning with the first daemon's pid."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageError(
                f"cannot write {self._path}: {error.strerror}; check that the folder exists and"
                " that you may write to it"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _pid(descriptor)
            os.close(descriptor)
            raise DaemonRunning(
                f"a daemon already works on {self._database} (process {pid or 'unknown'}):"
                " stop it first, or use another database",
                pid,
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def daemon_pid(database: Path) -> int | None:
    """The pid of the daemon that works on the database, None if none does.

    It asks the process, not the lock: trying the lock could turn a starting daemon away.
    """
    path = database.with_name(database.name + ".lock")
    try:
        text = path.read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    if not text.isdigit():
        return None
    try:
        os.kill(int(text), 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return int(text)
    return int(text)


def _pid(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else 0
