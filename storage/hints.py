"""Hints: what says, at no cost, that an article may have changed since it was polled last."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlite_utils import Database

from watcher.core.times import to_text

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
