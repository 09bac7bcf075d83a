"""What alerts decided of events: told at once, gathered for a digest, or suppressed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.digests import make_digests
from storage.gathered import traffic_at, waiting_of
from storage.outbox import insert_event
from watcher.core.alerts.digests import taken_along
from watcher.core.alerts.timing import Routing, settle
from watcher.core.decision import EventDraft
from watcher.core.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What became of an event at an endpoint, by which alert and rule.

    `until` is when a digest is due that tells what is gathered, `digest` the id of the one that
    told it.
    """

    event_id: str
    event_type: str
    summary: str
    endpoint: str
    article_id: int
    url: str
    alert: str
    state: str
    rule: str
    reason: str
    held: str
    decided_at: datetime
    until: datetime | None
    digest: str | None


def tell(
    db: Database,
    event_id: str,
    article_id: int,
    version_id: int | None,
    draft: EventDraft,
    at: datetime,
) -> None:
    """Stores an event, what alerts make of it, and the deliveries of what is sent at once.

    Must run inside a write transaction. What is gathered of the article for an endpoint that is
    sent this event goes before it, as a digest: so a receiver gets the events of an article in
    order.
    """
    routings = _routings(db, draft, at)
    matched = [each.endpoint for each in routings if (each.state, each.rule) == ("sent", "match")]
    endpoints = (*draft.endpoints, *matched)
    for endpoint in endpoints:
        make_digests(db, taken_along(waiting_of(db, endpoint, article_id)), at)
    seq = insert_event(
        db, event_id, article_id, version_id, replace(draft, endpoints=endpoints), at
    )
    for routing in routings:
        _insert(db, seq, article_id, routing, draft, at)


def _routings(db: Database, draft: EventDraft, at: datetime) -> list[Routing]:
    traffic = traffic_at(db, at)
    settled = (settle(each, draft.weight, traffic, at) for each in draft.candidates)
    return [each for each in settled if each is not None]


def _insert(
    db: Database, seq: int, article_id: int, routing: Routing, draft: EventDraft, at: datetime
) -> None:
    db.conn.execute(
        "INSERT INTO endpoint (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (routing.endpoint,)
    )
    db.conn.execute(
        "INSERT INTO alert_decision (event_seq, endpoint, article_id, alert, state, rule, reason,"
        " held, size, decided_at, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            seq, routing.endpoint, article_id, routing.alert, routing.state, routing.rule,
            routing.reason, routing.held, draft.size, to_text(at),
            None if routing.until is None else to_text(routing.until),
        ),
    )  # fmt: skip


_DECISIONS = """
SELECT e.id, e.type, coalesce(e.summary, c.sentence), g.endpoint, g.article_id,
       coalesce(e.url, a.url), g.alert, g.state, g.rule, g.reason,
       g.held, g.decided_at, g.until, t.id
FROM alert_decision g
JOIN event e ON e.seq = g.event_seq
JOIN article a ON a.id = g.article_id
LEFT JOIN change c ON c.version_id = e.version_id
LEFT JOIN event t ON t.seq = g.digest_seq
WHERE (:state IS NULL OR g.state = :state) AND (:alert IS NULL OR g.alert = :alert)
ORDER BY g.id DESC
LIMIT :limit
"""


def list_decisions(
    db: Database, *, state: str | None = None, alert: str | None = None, limit: int = -1
) -> list[DecisionRecord]:
    """What became of events, newest first: in one state or all, by one alert or all."""
    rows = db.conn.execute(_DECISIONS, {"state": state, "alert": alert, "limit": limit})
    return [_decision(row) for row in rows]


def _decision(row: tuple[Any, ...]) -> DecisionRecord:
    values = list(row)
    values[11] = from_text(values[11])
    values[12] = None if values[12] is None else from_text(values[12])
    return DecisionRecord(*values)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events an alert sent, gathered and suppressed at an endpoint; `gathered` are those
    that wait still, and `next_at` is when the next digest of them is due."""

    alert: str
    endpoint: str
    sent: int
    gathered: int
    suppressed: int
    next_at: datetime | None


def tallies(db: Database) -> list[Tally]:
    """The numbers of all alerts, by alert and endpoint."""
    rows = db.conn.execute(
        "SELECT alert, endpoint, sum(state = 'sent'), sum(state = 'gathered'),"
        " sum(state = 'suppressed'), min(until) FROM alert_decision GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [
        Tally(alert, name, sent, waiting, suppressed, None if until is None else from_text(until))
        for alert, name, sent, waiting, suppressed, until in rows.fetchall()
    ]


def gathered(db: Database) -> list[Tally]:
    """The same of what waits for digests alone: cheap, however much was decided before."""
    rows = db.conn.execute(
        "SELECT alert, endpoint, count(*), min(until) FROM alert_decision"
        " WHERE state = 'gathered' GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [
        Tally(alert, name, 0, waiting, 0, from_text(until))
        for alert, name, waiting, until in rows.fetchall()
    ]
