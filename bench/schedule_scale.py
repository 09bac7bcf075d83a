"""What adaptive polling costs at scale: python bench/schedule_scale.py [ARTICLES …]

An archive with so many articles on a thousand hosts is made in a folder of its own, all with a
remembered rate. Then ticks lease what is due, at 300 polls a second, and the CPU time of leasing
and of deciding when to poll next is told as a part of one core. Fetching, reading and recording
pages are not part of it: `bench round` measures those.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from storage.store import Store  # noqa: E402
from watcher.core.decide import ArticleState  # noqa: E402
from watcher.core.schedule.fitted import FITTED  # noqa: E402
from watcher.core.schedule.following import Adaptive, follow, to_bytes  # noqa: E402
from watcher.core.schedule.rate import begin  # noqa: E402
from watcher.core.times import to_text  # noqa: E402

POLLS_A_SECOND = 300
TICK = 0.25
TICKS = 40
HOSTS = 1000
START = datetime(2026, 1, 1, tzinfo=UTC)
ADAPTIVE = Adaptive(FITTED)


def main(argv: Sequence[str]) -> int:
    """Prints a line for each number of articles."""
    for count in [int(text) for text in argv] or [100_000]:
        with tempfile.TemporaryDirectory() as folder:
            print(asyncio.run(_measured(Path(folder) / "stories.db", count)), flush=True)
    return 0


async def _measured(path: Path, count: int) -> str:
    store = Store(path)
    _fill(store, count)
    leasing = planning = 0.0
    polls = 0
    now = START
    for _ in range(TICKS):
        now += timedelta(seconds=TICK)
        before = time.process_time()
        leased = await store.lease_due(
            now, now + timedelta(minutes=10), limit=256, per_host=2, busy={}
        )
        leasing += time.process_time() - before
        before = time.process_time()
        for article in leased:
            _plan(article, now)
        planning += time.process_time() - before
        polls += len(leased)
    before = time.process_time()
    await store.asked()
    summing = time.process_time() - before
    store.close()
    seconds = TICKS * TICK
    return (
        f"{count:,} articles: {polls / seconds:.0f} polls a second leased; leasing"
        f" {leasing / seconds:.1%} of a core, planning {planning / seconds:.1%}; all pressures are"
        f" added up in {summing * 1000:.0f} ms"
    )


def _plan(article: ArticleState, now: datetime) -> None:
    bounds = article.terms.bounds(article.interval)
    follow(
        ADAPTIVE, article.followed, bounds, now, changed=False, published=None, modified=None,
        price=500.0, jitter=0.5,
    )  # fmt: skip


def _fill(store: Store, count: int) -> None:
    """Rows as a service leaves them, without their pages: only the schedule is measured."""
    db = store._writer._database  # nothing else writes meanwhile
    rate = to_bytes(begin(FITTED, START - timedelta(days=1)))
    db.conn.execute("BEGIN IMMEDIATE")
    db.conn.execute("INSERT INTO story (name, added_at) VALUES ('all', ?)", (to_text(START),))
    db.conn.executemany(
        "INSERT INTO article (id, story_id, url, added_at) VALUES (?, 1, ?, ?)",
        ((n, f"https://h{n % HOSTS}.example/{n}", to_text(START)) for n in range(1, count + 1)),
    )
    db.conn.executemany(
        "INSERT INTO schedule (article_id, host, watched, interval, next_poll_at, revision, health,"
        " failures, missing, planned, rate, pressure)"
        " VALUES (?, ?, 1, 600, ?, 1, 'live', 0, 0, 600, ?, 0.01)",
        (
            (
                n,
                f"h{n % HOSTS}.example",
                to_text(START + timedelta(seconds=n / POLLS_A_SECOND)),
                rate,
            )
            for n in range(1, count + 1)
        ),
    )
    db.conn.execute("COMMIT")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
