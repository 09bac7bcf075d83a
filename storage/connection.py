"""The only place that opens SQLite connections."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from storage.migrations import KNOWN, MIGRATIONS
from watcher.errors import StorageBusy, StorageError, StorageTooNew

APPLICATION_ID = 0x53544F57
"""Marks the file as ours in its header ("STOW")."""

BUSY_SECONDS = 10.0

SQLITE = sqlite3.sqlite_version
"""The SQLite that comes with this Python."""

LARGEST_LOG = 16 * 1024 * 1024
"""Bytes that the write-ahead log keeps once it is empty: a long backup may have made it large."""

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""

_MODE_TRIES = 20


def open_for_writing(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Opens or creates the database and brings its schema up to date.

    The connection may be used by any one thread at a time. Raises StorageTooNew for a file
    written by a newer version, StorageBusy if another process holds the write lock for
    `busy_seconds`, StorageError for anything else that makes the file unusable.
    """
    with storage_errors(path):
        _refuse_old_sqlite()
        if path.is_dir():
            raise StorageError(f"{path} is a folder: name a file in it as the database")
        if not path.exists():
            _refuse_remains(path)
            _create_private(path)
        connection = sqlite3.connect(
            path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
    try:
        with storage_errors(path):
            _refuse_foreign(connection, path)
            # Plugins of sqlite-utils that happen to be installed have no say in the archive.
            database = Database(connection, execute_plugins=False)
            refuse_newer(database, path)
            write_ahead(connection, path)
            # FULL: a version that was told to people must survive a power cut. The writer
            # commits in groups, so this costs one sync a group.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA journal_size_limit = {LARGEST_LOG}")
            _migrate(database, path)
    except BaseException:
        connection.close()
        raise
    return database


def open_for_reading(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Opens an existing database read-only. Raises StorageError as `open_for_writing` does."""
    with storage_errors(path, reading=True):
        _refuse_old_sqlite()
        if not path.exists():
            _refuse_remains(path)
            raise StorageError(
                f"{path} does not exist yet: run `watcher poll` or `watcher run` once to create it"
            )
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(
            uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
    try:
        with storage_errors(path, reading=True):
            _refuse_foreign(connection, path)
            database = Database(connection, execute_plugins=False)
            refuse_newer(database, path)
            if MIGRATIONS.pending(database):
                raise StorageError(
                    f"{path} has an older layout: run `watcher poll` or `watcher run` once,"
                    " which brings it up to date"
                )
    except BaseException:
        connection.close()
        raise
    return database


def open_scratch() -> sqlite3.Connection:
    """An empty database in memory, gone when it is closed."""
    return sqlite3.connect(":memory:", isolation_level=None)


@contextmanager
def immediate(db: Database, path: Path | None = None) -> Iterator[Database]:
    """One write transaction. The lock is taken at once, so that reading first is safe."""
    with storage_errors(path):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.conn.execute("COMMIT")
        except BaseException:
            # Also after a failed COMMIT (a full disk): it leaves the transaction open.
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise


@contextmanager
def snapshot_read(db: Database, path: Path | None = None) -> Iterator[Database]:
    """One read transaction: all its statements see the same state of the archive."""
    with storage_errors(path, reading=True):
        db.conn.execute("BEGIN")
        try:
            yield db
        finally:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")


@contextmanager
def storage_errors(path: Path | None, *, reading: bool = False) -> Iterator[None]:
    """Turns SQLite's errors into ours, with the file's name and a remedy."""
    name = str(path or "the database")
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            raise StorageBusy(
                f"{name} is locked by another process: nothing was written; try again"
            ) from error
        raise StorageError(_remedy(name, code, error, reading)) from error
    except OSError as error:
        raise StorageError(
            f"cannot open {name}: {error.strerror or error}; check that the folder exists and"
            f" that you may {'read' if reading else 'write to'} it"
        ) from error


def _remedy(name: str, code: int, error: Exception, reading: bool) -> str:
    if code == sqlite3.SQLITE_FULL:
        return f"the disk that holds {name} is full: free some space; nothing was written"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        if reading:
            return (
                f"cannot open {name} for reading: {error}; SQLite needs a folder it may write to"
                " even for that: check the permissions, or copy the file to a folder of yours"
            )
        return (
            f"cannot open {name} for writing: {error}; check the owner and permissions of the"
            " file and of its folder"
        )
    if "no such module: fts5" in str(error):
        return (
            f"this Python comes with an SQLite {SQLITE} that has no full-text search (FTS5), which"
            f" {name} needs: use another build of Python"
        )
    if error_of_index(error):
        return (
            f"the search index of {name} is damaged ({error}): `watcher reindex` makes it anew, and"
            " nothing is lost"
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{name} is damaged or not a database ({error}): restore it from a backup"
    if code == sqlite3.SQLITE_IOERR:
        return f"the disk that holds {name} reports a fault ({error}): check the disk"
    return f"{name}: {error}; this is a fault of story watcher: please report it"


def error_of_index(error: Exception) -> bool:
    """True for errors of the search index alone, of which everything can be made anew."""
    told = str(error)
    return (
        getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB
        or told.startswith("vtable constructor failed: search")
        or told in ("no such table: search", "no such table: main.search")
    )


def _refuse_old_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(str(part) for part in OLDEST_SQLITE)
        raise StorageError(
            f"this Python comes with SQLite {sqlite3.sqlite_version}, but {wanted} or newer is"
            " needed: use a newer build of Python"
        )


def _refuse_remains(path: Path) -> None:
    """A log without its database is what is left of an archive that was moved or deleted.

    SQLite would empty it for a new file, and with it what was not yet in the old one.
    """
    log = Path(f"{path}-wal")
    if log.exists():
        raise StorageError(
            f"{path} was moved or deleted, but {log}, a part of it, is still there: put the same"
            f" file back, or stop the daemon, move all {path.name}* away and restore a backup;"
            " nothing was written"
        )


def _create_private(path: Path) -> None:
    """The archive holds other people's texts: only its owner may read it."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    # One statement, one snapshot: another process may be creating the file at this moment.
    found, tables = connection.execute(
        "SELECT (SELECT application_id FROM pragma_application_id),"
        " (SELECT count(*) FROM sqlite_master)"
    ).fetchone()
    if found == APPLICATION_ID:
        return
    if found or tables:
        raise StorageError(
            f"{path} is a database of another program: choose another file as the database"
        )


def refuse_newer(database: Database, path: Path) -> None:
    """Raises StorageTooNew for a file that has migrations this program does not know."""
    unknown = [m.name for m in MIGRATIONS.applied(database) if m.name not in KNOWN]
    if unknown:
        raise StorageTooNew(
            f"{path} was written by a newer version of story watcher (it has {unknown[-1]}):"
            " upgrade this one; the file was not touched"
        )


def write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Switches to WAL, also while others open the same new file.

    SQLite does not wait for a lock when it switches the mode (it holds a read lock by then), so
    we wait by taking the write lock once, and try again. After a few rounds somebody is at it
    all the time, which is what "busy" means.
    """
    for left in reversed(range(_MODE_TRIES)):
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY or not left:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            continue
        if mode != "wal":
            raise StorageError(
                f"{path} is on a file system that SQLite cannot share between processes: choose"
                " a local disk"
            )
        return


def _migrate(database: Database, path: Path) -> None:
    if not MIGRATIONS.pending(database):
        return
    with immediate(database, path):
        # Somebody else may have been faster, and newer.
        refuse_newer(database, path)
        database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        MIGRATIONS.apply(database)
