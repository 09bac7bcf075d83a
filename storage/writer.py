"""One thread that owns the writing connection.

Jobs are functions of the database. Those that wait are committed together, each in a
savepoint of its own: a job is all or nothing, a failing one does not disturb the others,
and one sync to disk serves the whole group.
"""

from __future__ import annotations

import asyncio
import copy
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from storage.connection import (
    BUSY_SECONDS,
    immediate,
    open_for_writing,
    refuse_newer,
    storage_errors,
)
from storage.openfile import OpenFile
from watcher.errors import StorageError

T = TypeVar("T")
Job = Callable[[Database], Any]

LARGEST_GROUP = 128


@dataclass(slots=True)
class _Item:
    job: Job
    done: Callable[[_Item], None]
    result: Any = None
    error: BaseException | None = None
    loop: asyncio.AbstractEventLoop | None = None
    future: asyncio.Future[Any] | None = field(default=None)


class Writer:
    """Runs write jobs in order on one connection. Close it to wait for what is queued."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._path = path
        self._database = open_for_writing(path, busy_seconds=busy_seconds)
        self._file = OpenFile(path)
        self._schema = self._schema_version()
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="storage-writer", daemon=True)
        self._thread.start()

    def run(self, job: Callable[[Database], T]) -> T:
        """Runs a job in a transaction and waits for its commit."""
        future: Future[Any] = Future()

        def done(item: _Item) -> None:
            if item.error is not None:
                future.set_exception(item.error)
            else:
                future.set_result(item.result)

        self._put(_Item(job, done))
        result: T = future.result()
        return result

    async def call(self, job: Callable[[Database], T]) -> T:
        """As `run`, for the event loop: other tasks go on meanwhile."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(_Item(job, _set_future, loop=loop, future=future))
        return await future

    @property
    def waiting(self) -> int:
        """The jobs that wait for the thread, without those it is at."""
        return self._queue.qsize()

    def close(self) -> None:
        """Waits for the queued jobs, then closes the connection."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _put(self, item: _Item) -> None:
        # Under the lock: a job that came behind the closing mark would never be answered.
        with self._closing:
            if self._closed:
                raise StorageError(f"{self._path} is closed already: open it again")
            self._queue.put(item)

    def _run(self) -> None:
        stopping = False
        while not stopping:
            group = [self._queue.get()]
            while len(group) < LARGEST_GROUP and group[-1] is not None:
                try:
                    group.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            stopping = group[-1] is None
            items = [item for item in group if item is not None]
            if items:
                self._commit(items)
                _finish(items)
        self._database.conn.close()

    def _commit(self, items: list[_Item]) -> None:
        try:
            self._file.check()
            with immediate(self._database, self._path):
                self._refuse_another_schema()
                for item in items:
                    self._attempt(item)
        except Exception as error:  # noqa: BLE001  # the callers hear of it, the thread goes on
            # Not a job's own failure, but the lock's or the commit's: nothing was written.
            for item in items:
                item.error = item.error or _each_its_own(error)

    def _schema_version(self) -> int:
        return int(self._database.conn.execute("PRAGMA schema_version").fetchone()[0])

    def _refuse_another_schema(self) -> None:
        """A newer program may have migrated the file since it was opened."""
        found = self._schema_version()
        if found != self._schema:
            refuse_newer(self._database, self._path)
            self._schema = found

    def _attempt(self, item: _Item) -> None:
        conn = self._database.conn
        conn.execute("SAVEPOINT job")
        try:
            with storage_errors(self._path):
                item.result = item.job(self._database)
        except Exception as error:  # handed to the caller, who knows what to do
            item.error = error
            if not conn.in_transaction:
                # SQLite gave the whole transaction up (a full disk), the others' jobs with it.
                if isinstance(error, StorageError):
                    raise  # for the same cause, told in the same words
                raise StorageError(f"{self._path}: the transaction was lost ({error})") from error
            conn.execute("ROLLBACK TO job")
        conn.execute("RELEASE job")


def _each_its_own(error: Exception) -> Exception:
    """A copy for one more caller: raising one object in many tasks would mix their tracebacks."""
    copied = copy.copy(error)
    copied.__cause__ = error
    return copied


def _finish(items: list[_Item]) -> None:
    """Wakes the callers: those of one event loop together, because a wake-up is not free."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Item]] = {}
    for item in items:
        if item.loop is None:
            item.done(item)
        else:
            by_loop.setdefault(item.loop, []).append(item)
    for loop, waiting in by_loop.items():
        try:
            loop.call_soon_threadsafe(_set_futures, waiting)
        except RuntimeError:
            # The loop was closed while its jobs ran: they are committed, nobody waits.
            continue


def _set_futures(items: list[_Item]) -> None:
    for item in items:
        _set_future(item)


def _set_future(item: _Item) -> None:
    if item.future is None or item.future.done():
        return
    if item.error is not None:
        item.future.set_exception(item.error)
    else:
        item.future.set_result(item.result)
