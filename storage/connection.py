"""The only place that opens SQLite connections."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage.migrations import MIGRATIONS
from watcher.errors import StorageBusy, StorageError, StorageTooNew

APPLICATION_ID = 0x53544F57
"""Marks the file as ours in its header ("STOW")."""

BUSY_SECONDS = 10.0


def open_for_writing(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Opens or creates the database and brings its schema up to date.

    The connection may be used by any one thread at a time. Raises StorageTooNew for a file
    written by a newer version, StorageBusy if another process holds the write lock for
    `busy_seconds`, StorageError for anything else that makes the file unusable.
    """
    with storage_errors(path):
        if not path.exists():
            _create_private(path)
        connection = sqlite3.connect(
            path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
    try:
        with storage_errors(path):
            _refuse_foreign(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL: a version that was told to people must survive a power cut. The writer
            # commits in groups, so this costs one sync a group.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            database = Database(connection)
            _migrate(database, path)
    except BaseException:
        connection.close()
        raise
    return database


def open_for_reading(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Opens an existing database read-only. Raises StorageError as `open_for_writing` does."""
    if not path.exists():
        raise StorageError(
            f"{path} does not exist yet: run `watcher poll` or `watcher run` once to create it"
        )
    with storage_errors(path):
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(
            uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
    try:
        with storage_errors(path):
            _refuse_foreign(connection, path)
            database = Database(connection)
            _refuse_newer(database, path)
            if MIGRATIONS.pending(database):
                raise StorageError(
                    f"{path} has an older layout: run `watcher poll` or `watcher run` once,"
                    " which brings it up to date"
                )
    except BaseException:
        connection.close()
        raise
    return database


@contextmanager
def immediate(db: Database, path: Path | None = None) -> Iterator[Database]:
    """One write transaction. The lock is taken at once, so that reading first is safe."""
    with storage_errors(path):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise
        db.conn.execute("COMMIT")


@contextmanager
def storage_errors(path: Path | None) -> Iterator[None]:
    """Turns SQLite's errors into ours, with the file's name and a remedy."""
    name = path or "the database"
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StorageBusy(
                f"{name} is locked by another process: nothing was written; try again"
            ) from error
        raise StorageError(_remedy(str(name), code, error)) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise StorageError(_remedy(str(name), code, error)) from error
    except OSError as error:
        raise StorageError(
            f"cannot open {name}: {error.strerror or error}; check that the folder exists and"
            " that you may write to it"
        ) from error


def _remedy(name: str, code: int, error: Exception) -> str:
    if code == sqlite3.SQLITE_FULL:
        return f"the disk that holds {name} is full: free some space; nothing was written"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return (
            f"cannot open {name} for writing: {error}; check the owner and permissions of the"
            " file and of its folder"
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{name} is damaged or not a database ({error}): restore it from a backup"
    return f"{name}: {error}"


def _create_private(path: Path) -> None:
    """The archive holds other people's texts: only its owner may read it."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if found == APPLICATION_ID:
        return
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables:
        raise StorageError(
            f"{path} is a database of another program: choose another file for `database`"
        )


def _refuse_newer(database: Database, path: Path) -> None:
    known = {migration.name for migration in MIGRATIONS._migrations}
    unknown = [m.name for m in MIGRATIONS.applied(database) if m.name not in known]
    if unknown:
        raise StorageTooNew(
            f"{path} was written by a newer version of story watcher (it has {unknown[-1]}):"
            " upgrade this one; the file was not touched"
        )


def _migrate(database: Database, path: Path) -> None:
    _refuse_newer(database, path)
    if not MIGRATIONS.pending(database):
        return
    with immediate(database, path):
        database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        MIGRATIONS.apply(database)
