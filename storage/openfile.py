"""Whether the file that is open still is the file that its path names."""

from __future__ import annotations

from pathlib import Path

from watcher.errors import StorageError

_Identity = tuple[int, int]


class OpenFile:
    """The database and the two files beside it as they were when they were opened.

    SQLite goes on writing to a file that was deleted or moved away: nobody would ever read it.
    Locks are in the `-shm` file: with another one in its place two processes write at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity = _identity(path)
        self._beside: dict[Path, _Identity | None] = {
            Path(f"{path}-wal"): None, Path(f"{path}-shm"): None,
        }  # fmt: skip

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
        for beside, known in self._beside.items():
            found = _identity(beside)
            if known is not None and found != known:
                raise StorageError(
                    f"{beside} was moved, deleted or replaced while it is in use: nothing was"
                    " written; stop story watcher, restore a backup if `watcher verify` finds"
                    " faults, and start again"
                )
            self._beside[beside] = found


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
