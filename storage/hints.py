"""Hints: what is known without asking moves polls forward, at no cost."""

from __future__ import annotations

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
