"""Hints: what says, at no cost, that an article may have changed, moves its poll forward."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlite_utils import Database

from watcher.core.schedule.hints import hastened
from watcher.core.times import from_text, to_text

MOST = 100
"""Articles of a story that one update moves forward: those that would wait longest otherwise."""

LOOK_BETWEEN = timedelta(days=1)
"""Between two looks at a settled article, however much its story's other articles change."""


def hint_story(db: Database, article_id: int, now: datetime) -> int:
    """An article has just changed: those of its story are polled sooner; gives how many.

    A settled one is looked at, and stays settled if nothing changed. Must run inside a write
    transaction.
    """
    rows = db.conn.execute(
        f"{_HINTED} WHERE h.article_id IN (SELECT other.id FROM article a"  # noqa: S608
        " JOIN article other ON other.story_id = a.story_id AND other.id != a.id WHERE a.id = ?)"
        " AND h.watched = 1 AND h.failures = 0 AND h.leased_until IS NULL"
        " AND h.next_poll_at > ? ORDER BY h.next_poll_at DESC LIMIT ?",
        (article_id, to_text(now), MOST),
    ).fetchall()
    return _move(db, rows, now, sure=False)


def bring_forward(db: Database, articles: Collection[int], now: datetime) -> int:
    """Watched articles are said to have changed: they are due as soon as their terms allow.

    A settled one lives again. Articles that could not be seen wait as their failures want it, save
    for those that are gone, which may be back. Hosts at rest, and how many of one are polled at a
    time, are the business of whoever leases. What is polled just now may have been fetched
    before it changed: it is moved when that poll is recorded. Gives how many were moved; must run
    inside a write transaction.
    """
    named = json.dumps(list(articles))
    db.conn.execute(
        "UPDATE schedule SET hinted = 1 WHERE watched = 1 AND leased_until IS NOT NULL"
        " AND article_id IN (SELECT value FROM json_each(?))",
        (named,),
    )
    revived = revive(db, articles, now)
    rows = db.conn.execute(
        f"{_HINTED} WHERE h.article_id IN (SELECT value FROM json_each(?)) AND h.watched = 1"  # noqa: S608
        " AND h.leased_until IS NULL AND (h.failures = 0 OR h.health = 'gone')"
        " AND h.next_poll_at > ?",
        (named, to_text(now)),
    ).fetchall()
    return revived + _move(db, rows, now, sure=True)


def revive(db: Database, articles: Collection[int], now: datetime) -> int:
    """Those of these articles that are settled live again, and are due; gives how many."""
    cursor = db.conn.execute(
        "UPDATE schedule SET health = 'live', quiet_since = ?1, next_poll_at = ?1, planned = 0"
        " WHERE health = 'settled' AND watched = 1 AND leased_until IS NULL"
        " AND article_id IN (SELECT value FROM json_each(?2))",
        (to_text(now), json.dumps(list(articles))),
    )
    return cursor.rowcount


_HINTED = """
SELECT h.article_id, h.next_poll_at, o.last_at, min(h.shortest, h.interval), h.health = 'settled'
FROM schedule h LEFT JOIN observation o ON o.id = h.observation_id
"""

_Row = tuple[int, str, str | None, float, int]


def _move(db: Database, rows: list[_Row], now: datetime, *, sure: bool) -> int:
    """Moves the polls of these articles; gives how many are sooner than they were."""
    moved = []
    for article_id, due, last, shortest, settled in rows:
        polled = None if last is None else from_text(last)
        until, wait, certain = from_text(due), shortest, sure
        if settled and not sure:
            certain, wait = True, LOOK_BETWEEN.total_seconds()
        soon = hastened(until, now, polled, wait, sure=certain)
        if soon < until:
            moved.append((to_text(soon), article_id))
    # What was planned before is no measure any more for how late it is.
    db.conn.executemany(
        "UPDATE schedule SET next_poll_at = ?, planned = 0 WHERE article_id = ?", moved
    )
    return len(moved)
