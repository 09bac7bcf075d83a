"""back_up(): a consistent copy of an archive, while others write to it."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from storage.check_file import Head, check_file, check_references, check_seals
from storage.connection import open_for_reading, storage_errors
from watcher.errors import StorageError, UsageError


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A finished copy: its size in bytes, its versions, and the head of its ledger."""

    path: Path
    size: int
    articles: int
    versions: int
    head: Head | None


def back_up(source: Path, target: Path, *, force: bool = False) -> BackedUp:
    """Copies the archive to `target`, one state of it, readable by its owner alone.

    The copy is made beside the target under another name, checked and only then given its name:
    an interrupted one leaves nothing behind. Raises UsageError if the target exists (unless
    `force`) or is the archive itself, StorageError if the archive cannot be read, the target not
    be written, or the copy has faults.
    """
    _refuse(source, target, force)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        _copy(source, draft, target)
        done = _checked(draft, target)
        with storage_errors(target):
            _sync(draft)
            _name(draft, target, force)
            _sync(target.parent)
    finally:
        for left in (draft, *(Path(f"{draft}{end}") for end in ("-journal", "-wal", "-shm"))):
            left.unlink(missing_ok=True)
    return done


def _refuse(source: Path, target: Path, force: bool) -> None:
    beside = [source, *(Path(f"{source}{end}") for end in ("-wal", "-shm", "-journal"))]
    if target.resolve() in [path.resolve() for path in beside]:
        raise UsageError(f"{target} is the archive itself: name another file for the copy")
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file in it for the copy")
    if Path(f"{target}-wal").exists():
        raise UsageError(f"{target} is a database in use: name another file for the copy")
    if target.exists() and not force:
        raise UsageError(f"{target} exists already: name another file, or use --force")


def _copy(source: Path, draft: Path, target: Path) -> None:
    database = open_for_reading(source)
    try:
        with storage_errors(target):
            # Before anything is in it, because SQLite would make it readable by others.
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            # One read transaction however long it takes: the online backup of SQLite would begin
            # again with every write of another process, and might never end beside a daemon.
            with _told_of(source):
                database.conn.execute("VACUUM INTO ?", (str(draft),))
    finally:
        database.conn.close()


@contextmanager
def _told_of(source: Path) -> Iterator[None]:
    """Damage is in what is read, whichever file SQLite was writing when it met it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            with storage_errors(source, reading=True):
                raise
        raise


def _checked(draft: Path, target: Path) -> BackedUp:
    copy = open_for_reading(draft)
    try:
        with storage_errors(draft):
            head, broken = check_seals(copy)
            faults = [*check_file(copy), *check_references(copy), *broken]
            articles, versions = copy.conn.execute(
                "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM version)"
            ).fetchone()
    finally:
        copy.conn.close()
    if faults:
        raise StorageError(
            f"the copy has faults, so it was not kept: {faults[0].detail}; see `watcher verify`,"
            " which checks the archive it was made from"
        )
    return BackedUp(target, draft.stat().st_size, articles, versions, head)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _name(draft: Path, target: Path, force: bool) -> None:
    if not force:
        # Unlike a rename, a link never replaces what somebody put there meanwhile. Not every
        # file system has links.
        with suppress(OSError):
            os.link(draft, target)
            return
        if target.exists():
            raise UsageError(f"{target} exists already: name another file, or use --force")
    draft.replace(target)
