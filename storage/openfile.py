"""Whether the file that is open still is the file that its path names."""

from __future__ import annotations

from pathlib import Path

from watcher.errors import StorageError

_Identity = tuple[int, int]


class OpenFile:
    """The database and its write-ahead log as they were when they were opened.

    SQLite goes on writing to a file that was deleted or moved away: nobody would ever read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = Path(f"{path}-wal")
        self._identity = _identity(path)
        self._log_identity: _Identity | None = None

    def check(self) -> None:
        """Raises StorageError if another file, or none, has the path by now."""
        found = _identity(self._path)
        if found is None:
            raise StorageError(
                f"{self._path} was moved or deleted while it is in use: nothing was written; put"
                " the same file back, or stop, restore a backup and start again"
            )
        if found != self._identity:
            raise StorageError(
                f"{self._path} was replaced by another file while it is in use: nothing was"
                " written; restart to work with the new one"
            )
        log = _identity(self._log)
        if self._log_identity is not None and log != self._log_identity:
            raise StorageError(
                f"{self._log} was moved, deleted or replaced while it is in use: nothing was"
                " written; put the same file back, or stop, restore a backup and start again"
            )
        self._log_identity = log


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
