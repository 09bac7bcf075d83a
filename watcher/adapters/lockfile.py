"""One daemon a database: an advisory lock that the kernel gives back when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
from pathlib import Path

from watcher.errors import DaemonRunning, StorageError

_LONGEST_NOTE = 1000
_TRIES = 10
_BETWEEN_TRIES = 0.02
"""Seconds. Who only asks whether a daemon runs holds the lock for an instant."""


class DaemonLock:
    """Held from `acquire` to `release`. The file beside the database names the holder's pid."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = _path(database)
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
        if not _locked(descriptor):
            pid = _pid(descriptor)
            os.close(descriptor)
            raise DaemonRunning(
                f"a daemon already works on {self._database} (process {pid or 'unknown'}):"
                " stop it first, or use another database",
                pid,
            )
        self._descriptor = descriptor
        self.note(None)

    def note(self, text: str | None) -> None:
        """Writes down what keeps the daemon from its work; None: nothing does any more.

        Here, as the archive itself may be what cannot be written. A block that is there already
        takes a few more bytes even where the disk is full; if not, nothing is lost but a reason.
        """
        if self._descriptor is None:
            return
        lines = [str(os.getpid()), *([" ".join(text.split())[:_LONGEST_NOTE]] if text else [])]
        content = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
        with contextlib.suppress(OSError):
            os.pwrite(self._descriptor, content, 0)
            os.ftruncate(self._descriptor, len(content))

    def release(self) -> None:
        """Gives the lock back."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def daemon_pid(database: Path) -> int | None:
    """The pid of the daemon that works on the database, None if none does.

    The lock is asked, not the pid: after a crash another process may bear the same number. It
    is 0 for a daemon that has not yet named itself.
    """
    try:
        descriptor = os.open(_path(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def daemon_note(database: Path) -> str | None:
    """What keeps the running daemon from its work, as it wrote it down; None if nothing does.

    Ask `daemon_pid` first: the note of one that was killed stays where it is.
    """
    try:
        text = _path(database).read_text("utf-8", "replace")
    except OSError:
        return None
    return text.partition("\n")[2].strip() or None


def _path(database: Path) -> Path:
    # Two names of one file must not make two daemons.
    resolved = database.resolve()
    return resolved.with_name(resolved.name + ".lock")


def _locked(descriptor: int) -> bool:
    for _ in range(_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            select.select((), (), (), _BETWEEN_TRIES)
        else:
            return True
    return False


def _pid(descriptor: int) -> int:
    first, _, _ = os.pread(descriptor, 32, 0).decode("ascii", "replace").partition("\n")
    return int(first) if first.isdigit() else 0
