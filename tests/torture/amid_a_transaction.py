"""Records one poll over and over, killed before another of its SQL statements each time.

`python amid_a_transaction.py FOLDER` makes an archive with one version there, then a copy for each
statement of recording the second one, and prints [[statement, versions, faults], …]. A process of
its own, as it forks: whoever dies is a child that does nothing but record.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from storage.check_article import check_article
from storage.check_file import check_file, check_references, check_seals
from storage.connection import open_for_reading
from storage.store import Store
from tests.storage.builders import minutes, see, snapshot, watched


def main(folder: Path) -> None:
    """Entry point."""
    first = folder / "first.db"
    asyncio.run(begin(first))
    told = []
    for number in count():
        path = folder / f"{number}.db"
        shutil.copy(first, path)
        statement, survived = killed_before(path, number, record)
        told.append([statement, *judged(path)])
        if survived:
            break
    sys.stdout.write(json.dumps(told))


async def begin(path: Path) -> None:
    """An archive with one article in its first version."""
    with closing(Store(path)) as store:
        await store.sync_articles([watched()], minutes(0))
        await see(store, 1, snapshot("edition 1"), minutes(0))


def killed_before(path: Path, at: int, work: Callable[[Store], object]) -> tuple[str, bool]:
    """Does a piece of work, killed before its statement `at`; which one, and if it survived."""
    came, goes = os.pipe()
    child = os.fork()
    if not child:
        die_working(path, at, goes, work)
    os.close(goes)
    with os.fdopen(came) as pipe:
        statements = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return statements[-1], status == 0


def die_working(path: Path, at: int, goes: int, work: Callable[[Store], object]) -> None:
    """Never returns."""
    store = Store(path)
    passed = 0

    def before(statement: str) -> None:
        nonlocal passed
        os.write(goes, f"{' '.join(statement.split())[:60]}\n".encode())
        if passed == at:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    store._writer._database.conn.set_trace_callback(before)
    work(store)
    os._exit(0)


def record(store: Store) -> None:
    """Records the second version."""
    asyncio.run(see(store, 1, snapshot("edition 2"), minutes(10)))


def judged(path: Path) -> tuple[int, list[str]]:
    """How many versions there are, and what is wrong."""
    with closing(sqlite3.connect(path)) as db:
        rows = [
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("version", "change", "event", "delivery", "ledger", "capture")
        ]
        (digest,) = db.execute("SELECT body_digest FROM schedule").fetchone()
    db = open_for_reading(path)
    faults = [each.detail for each in (*check_file(db), *check_references(db))]
    faults += [each.detail for each in (*check_seals(db)[1], *check_article(db, 1))]
    latest = db.conn.execute(
        "SELECT lower(hex(c.body_digest)) FROM version v JOIN capture c ON c.id = v.capture_id"
        " ORDER BY v.number DESC LIMIT 1"
    ).fetchone()[0]
    db.conn.close()
    versions = rows[0]
    if rows[1:] != [versions - 1, versions - 1, versions - 1, versions, versions]:
        faults.append(f"rows do not belong together: {rows}")
    if digest != latest:
        faults.append("the body that is remembered is not the latest version's")
    return versions, faults


if __name__ == "__main__":
    main(Path(sys.argv[1]))
