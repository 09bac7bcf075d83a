"""What is due, and whose turn it is where less may be polled than is due."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from storage import hints
from storage.articles import lease
from storage.hostpace import places, spend
from storage.hostrest import RESTING, bounds
from watcher.core.decision import ArticleState
from watcher.core.hostlimits import HostLimit
from watcher.core.times import to_text
from watcher.core.urls import host_of

_DUE = f"""
WITH busy(host, places) AS MATERIALIZED (SELECT key, value FROM json_each(:busy)),
     own(host, most) AS MATERIALIZED (SELECT key, value FROM json_each(:limited)),
due AS (
  SELECT article_id, host, next_poll_at, observation_id IS NULL AS new,
         (julianday(:now) - julianday(next_poll_at)) / CASE planned WHEN 0 THEN interval
           ELSE min(max(planned, shortest), max(longest, interval)) END AS late
  FROM schedule
  WHERE watched = 1 AND next_poll_at <= :now AND (leased_until IS NULL OR leased_until <= :now)
    AND host NOT IN ({RESTING})
),
queued AS (
  SELECT due.*, row_number() OVER (
    PARTITION BY host, new ORDER BY late DESC, next_poll_at, article_id) AS place
  FROM due
),
free AS (
  SELECT queued.*, coalesce(most, :per_host - coalesce(places, 0)) AS most
  FROM queued LEFT JOIN busy ON busy.host = queued.host LEFT JOIN own ON own.host = queued.host
  WHERE place <= coalesce(most, :per_host - coalesce(places, 0))
),
called AS (
  SELECT free.*, row_number() OVER (
    PARTITION BY host ORDER BY place, new = :new_last, article_id) AS turn
  FROM free
)
SELECT article_id FROM (
  SELECT *, row_number() OVER (
    PARTITION BY new ORDER BY late DESC, next_poll_at, article_id) AS place_of_all
  FROM called WHERE turn <= most
)
ORDER BY place_of_all, new = :new_last, next_poll_at, article_id
LIMIT :limit
"""  # noqa: S608  # of constants alone


def lease_due(
    db: Database,
    now: datetime,
    until: datetime,
    *,
    limit: int,
    per_host: int,
    busy: dict[str, int],
    limits: Sequence[HostLimit] = (),
    new_last: bool = True,
) -> list[ArticleState]:
    """Leases due articles, so that nobody else polls them meanwhile.

    Those come first that are late by the most of what they were to wait: where more is due than
    may be polled, all wait longer by the same factor; what was brought forward is measured by its
    interval. Articles that were never polled are a queue
    of their own that takes turns with the others, `new_last` in them: however many are added at
    once, those that are followed get half of the places at least.
    At most `per_host` of one host are out at a time, those in `busy` included: a slow host
    must not hold all the places; of those in `limits` as many as these allow. Hosts that asked for
    patience are left alone. Must run inside a write transaction.
    """
    limited = places(db, now, limits, per_host, busy) if limits else {}
    wanted = {"limit": limit, "per_host": per_host, "new_last": new_last, "busy": json.dumps(busy)}
    found = db.conn.execute(
        _DUE, {**bounds(now), **wanted, "limited": json.dumps(limited)}
    ).fetchall()
    leased = lease(db, [row[0] for row in found], until)
    if limited:
        spend(db, now, limits, Counter(host_of(article.url) for article in leased))
    return leased


def lease_these(
    db: Database,
    article_ids: Sequence[int] | None,
    now: datetime,
    until: datetime,
    *,
    revive: bool = False,
    limits: Sequence[HostLimit] = (),
) -> list[ArticleState]:
    """Leases the named articles, due or not; those that somebody else polls are left out.

    None stands for every watched article. With `revive` settled ones that are named live again.
    Hosts in `limits` are polled all the same, and the next due ones of them wait for that longer.
    """
    named = None if article_ids is None else json.dumps(list(article_ids))
    free = db.conn.execute(
        "SELECT article_id FROM schedule"
        " WHERE CASE WHEN ?1 IS NULL THEN watched = 1"
        " ELSE article_id IN (SELECT value FROM json_each(?1)) END"
        " AND (leased_until IS NULL OR leased_until <= ?2)",
        (named, to_text(now)),
    ).fetchall()
    if revive and named is not None:
        hints.revive(db, [row[0] for row in free], now)
    leased = lease(db, [row[0] for row in free], until)
    spend(db, now, limits, Counter(host_of(article.url) for article in leased))
    return leased
