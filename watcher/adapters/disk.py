"""The place where the archive lies: how much room is left, and whether it can be written."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path


def free_bytes(database: Path) -> int | None:
    """What is left for us on the disk of a file; None if nobody can tell."""
    try:
        return shutil.disk_usage(database.parent).free
    except OSError:
        return None


def stored_bytes(database: Path) -> int:
    """What a database takes with its write-ahead log."""
    return sum(_size(Path(f"{database}{suffix}")) for suffix in ("", "-wal", "-shm"))


def read_only(database: Path) -> str | None:
    """Why nobody but root can write a database where it lies; None if its owner can.

    A disk with faults is often mounted read-only by the kernel.
    """
    try:
        if os.statvfs(database.parent).f_flag & os.ST_RDONLY:
            return "its disk is mounted read-only"
        for path in (database, Path(f"{database}-wal"), database.parent):
            if path.exists() and not path.stat().st_mode & stat.S_IWUSR:
                return f"its owner may not write to {path}"
    except OSError as error:
        return error.strerror or str(error)
    return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
