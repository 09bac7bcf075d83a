"""What is gathered for digests, and what alerts sent lately: all that times follow from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from watcher.core.alerts.digests import Waiting
from watcher.core.alerts.timing import HOUR, Observed, Traffic
from watcher.core.times import from_text, to_text

_SENT = """
SELECT decided_at FROM alert_decision
WHERE state = 'sent' AND rule = 'match' AND endpoint = :endpoint AND alert = :alert
  AND decided_at > :since AND decided_at <= :now
UNION ALL
SELECT at FROM digest WHERE endpoint = :endpoint AND alert = :alert AND at > :since AND at <= :now
ORDER BY 1
"""

_NEXT_DUE = """
SELECT until, rule FROM alert_decision
WHERE state = 'gathered' AND endpoint = ? AND alert = ? ORDER BY until LIMIT 1
"""


def traffic_at(db: Database, now: datetime) -> Observed:
    """Looks at what alerts sent and gathered, as the archive has it."""

    def look(alert: str, endpoint: str) -> Traffic:
        named = {
            "endpoint": endpoint, "alert": alert, "since": to_text(now - HOUR), "now": to_text(now),
        }  # fmt: skip
        sent = db.conn.execute(_SENT, named).fetchall()
        due = db.conn.execute(_NEXT_DUE, (endpoint, alert)).fetchone()
        return Traffic(
            tuple(from_text(moment) for (moment,) in sent),
            None if due is None else (from_text(due[0]), due[1]),
        )

    return look


_WAITING = """
SELECT g.event_seq, g.endpoint, g.article_id, g.alert, g.rule, g.held, g.until, e.weight, g.size
FROM alert_decision g JOIN event e ON e.seq = g.event_seq
WHERE g.state = 'gathered' {0} ORDER BY g.event_seq
"""


def list_waiting(db: Database, endpoints: Sequence[str]) -> list[Waiting]:
    """All that is gathered for these endpoints, in order."""
    of = _WAITING.format("AND g.endpoint IN (SELECT value FROM json_each(?))")
    return _waiting(db.conn.execute(of, (json.dumps(endpoints),)))


def waiting_of(db: Database, endpoint: str, article_id: int) -> list[Waiting]:
    """What is gathered of an article for an endpoint, in order."""
    of = _WAITING.format("AND g.endpoint = ? AND g.article_id = ?")
    return _waiting(db.conn.execute(of, (endpoint, article_id)))


def _waiting(rows: Iterable[tuple[Any, ...]]) -> list[Waiting]:
    return [
        Waiting(seq, endpoint, article, alert, rule, held, from_text(until), weight, size)
        for seq, endpoint, article, alert, rule, held, until, weight, size in rows
    ]
