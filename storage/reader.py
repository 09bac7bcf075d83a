"""One thread that owns a reading connection.

Reads neither wait for writers nor make them wait: undoing the compression of a page must not
hold up a group of commits, and a lock that another process holds must not stop a read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from storage.connection import BUSY_SECONDS, open_for_reading, snapshot_read
from watcher.errors import StorageError

T = TypeVar("T")


class Reader:
    """Runs read jobs in order on one read-only connection, each on one state of the archive."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._path = path
        self._database = open_for_reading(path, busy_seconds=busy_seconds)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage-reader")
        self._closed = False

    async def call(self, job: Callable[[Database], T]) -> T:
        """Runs a job off the event loop. It sees all that was committed before the call."""
        if self._closed:
            raise StorageError(f"{self._path} is closed already: open it again")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, job)

    def close(self) -> None:
        """Waits for the jobs under way, then closes the connection."""
        self._closed = True
        self._thread.shutdown(wait=True)
        self._database.conn.close()

    def _run(self, job: Callable[[Database], T]) -> T:
        with snapshot_read(self._database, self._path):
            return job(self._database)
