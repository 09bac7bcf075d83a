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


def hint_story(db: Database, article_id: int, now: datetime, shortest: float) -> int:
    """An article has just changed: those of its story are polled sooner; gives how many.

    None is polled within `shortest` seconds after its last poll. Must run inside a write
    transaction.
    """
    rows = db.conn.execute(
        "SELECT h.article_id, h.next_poll_at, h.planned FROM article a"
        " JOIN article other ON other.story_id = a.story_id AND other.id != a.id"
        " JOIN schedule h ON h.article_id = other.id"
        " WHERE a.id = ? AND h.watched = 1 AND h.failures = 0 AND h.leased_until IS NULL"
        " AND h.next_poll_at > ? ORDER BY h.next_poll_at DESC LIMIT ?",
        (article_id, to_text(now), MOST),
    ).fetchall()
    db.conn.executemany(
        "UPDATE schedule SET next_poll_at = ? WHERE article_id = ?",
        [
            (to_text(_sooner(from_text(due), now, planned, shortest)), other)
            for other, due, planned in rows
        ],
    )
    return len(rows)


def _sooner(due: datetime, now: datetime, planned: float, shortest: float) -> datetime:
    return hastened(due, now, due + timedelta(seconds=min(0.0, shortest - planned)))


LEAST = 60.0
"""Seconds between two polls of an article, however often it is hinted at."""


def bring_forward(
    db: Database, articles: Collection[int], now: datetime, *, least: float = LEAST
) -> int:
    """Makes watched articles due as soon as `least` seconds have passed since their last polls.

    Never makes one due later. Articles that could not be seen wait as their failures want it, save
    for those that are gone, which may be back. Hosts at rest, and how many of one are polled at a
    time, are the business of whoever leases. Gives how many were moved; must run inside a write
    transaction.
    """
    cursor = db.conn.execute(
        "UPDATE schedule SET next_poll_at = max(:now, coalesce((SELECT"
        " strftime('%Y-%m-%dT%H:%M:%fZ', o.last_at, :least) FROM observation o"
        " WHERE o.id = schedule.observation_id), :now))"
        " WHERE article_id IN (SELECT value FROM json_each(:articles)) AND watched = 1"
        " AND leased_until IS NULL AND (failures = 0 OR health = 'gone')"
        " AND next_poll_at > max(:now, coalesce((SELECT"
        " strftime('%Y-%m-%dT%H:%M:%fZ', o.last_at, :least) FROM observation o"
        " WHERE o.id = schedule.observation_id), :now))",
        {
            "now": to_text(now),
            "least": f"+{timedelta(seconds=least).total_seconds():.3f} seconds",
            "articles": json.dumps(list(articles)),
        },
    )
    return cursor.rowcount
