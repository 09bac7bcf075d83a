"""The state of the service in numbers, for monitoring: counts only, no texts and no addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage.outbox import delivery_counts
from watcher.core.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Gauges:
    """What is there now.

    `articles` are the watched ones by health; `due` of them wait to be polled, `late` for longer
    than allowed. `deliveries` are by endpoint and state, `oldest` is when the event of the oldest
    pending delivery of an endpoint happened. `gathered` events wait for a digest, by endpoint.
    """

    articles: Mapping[str, int]
    due: int
    late: int
    leased_articles: int
    leased_deliveries: int
    held: int
    versions: int
    deliveries: Mapping[str, Mapping[str, int]]
    oldest: Mapping[str, datetime]
    disabled: int
    gathered: Mapping[str, int]


_SCHEDULE = """
SELECT coalesce(sum(next_poll_at <= :now), 0), coalesce(sum(next_poll_at <= :late), 0),
       coalesce(sum(leased_until > :now), 0), coalesce(sum(quarantine_id IS NOT NULL), 0)
FROM schedule WHERE watched = 1
"""

_LEASED = "SELECT count(*) FROM delivery WHERE state = 'pending' AND leased_until > ?"


def load_gauges(db: Database, now: datetime, late: timedelta) -> Gauges:
    """All numbers; articles that are overdue by `late` count as late."""
    one = db.conn.execute(_SCHEDULE, {"now": to_text(now), "late": to_text(now - late)}).fetchone()
    health = db.conn.execute("SELECT health, count(*) FROM schedule WHERE watched = 1 GROUP BY 1")
    oldest = db.conn.execute(
        "SELECT d.endpoint, min(e.created_at) FROM delivery d JOIN event e ON e.seq = d.event_seq"
        " WHERE d.state = 'pending' GROUP BY 1"
    )
    gathered = db.conn.execute(
        "SELECT endpoint, count(*) FROM alert_decision WHERE state = 'gathered' GROUP BY 1"
    )
    return Gauges(
        articles=dict(health.fetchall()),
        due=one[0],
        late=one[1],
        leased_articles=one[2],
        leased_deliveries=_one(db, _LEASED, to_text(now)),
        held=one[3],
        versions=_one(db, "SELECT count(*) FROM version"),
        deliveries=delivery_counts(db),
        oldest={name: from_text(at) for name, at in oldest.fetchall()},
        disabled=_one(db, "SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL"),
        gathered=dict(gathered.fetchall()),
    )


def _one(db: Database, query: str, *values: str) -> int:
    return int(db.conn.execute(query, values).fetchone()[0])
