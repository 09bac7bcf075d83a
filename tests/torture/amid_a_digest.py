"""Makes one digest over and over, killed before another of its SQL statements each time.

`python amid_a_digest.py FOLDER` makes an archive with two gathered events there, then a copy for
each statement of making the digest, and prints [[statement, gathered, digests, faults], …].
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from storage.check_alerts import check_alerts
from storage.check_file import check_file, check_references
from storage.connection import open_for_reading
from storage.store import Store
from tests.storage.builders import POLICY, minutes, see, snapshot, watched
from tests.torture.amid_a_transaction import killed_before
from watcher.core.alerts.alert import Alert

ALERTS = (Alert("all", ("desk",), every=timedelta(minutes=15)),)


def main(folder: Path) -> None:
    """Entry point."""
    first = folder / "first.db"
    asyncio.run(begin(first))
    told = []
    for number in count():
        path = folder / f"{number}.db"
        shutil.copy(first, path)
        statement, survived = killed_before(path, number, close)
        told.append([statement, *judged(path)])
        if survived:
            break
    sys.stdout.write(json.dumps(told))


async def begin(path: Path) -> None:
    """An archive with two events of two articles that wait for one digest."""
    policy = replace(POLICY, stories={}, alerts=ALERTS)
    with closing(Store(path)) as store:
        await store.sync_articles([watched(), watched("https://b.example/")], minutes(0))
        for article in (1, 2):
            for number in (0, 1):
                content = snapshot(f"edition {number} of {article}")
                await see(store, article, content, minutes(number), policy=policy)


def close(store: Store) -> None:
    """The digest is due."""
    asyncio.run(store.close_digests(ALERTS, minutes(20)))


def judged(path: Path) -> tuple[int, int, list[str]]:
    """How many events wait, how many digests there are, and what is wrong."""
    with closing(sqlite3.connect(path)) as db:
        gathered, digests, events, deliveries = (
            db.execute(query).fetchone()[0]
            for query in (
                "SELECT count(*) FROM alert_decision WHERE state = 'gathered'",
                "SELECT count(*) FROM digest",
                "SELECT count(*) FROM event WHERE article_id IS NULL",
                "SELECT count(*) FROM delivery",
            )
        )
    opened = open_for_reading(path)
    checks = (check_file, check_references, check_alerts)
    faults = [each.detail for check in checks for each in check(opened)]
    opened.conn.close()
    if not digests == events == deliveries:
        faults.append(f"{digests} digests, {events} events, {deliveries} deliveries")
    return gathered, digests, faults


if __name__ == "__main__":
    main(Path(sys.argv[1]))
