"""The outbox: events and their deliveries. Nothing leaves the process except through it.

A delivery is pending, delivered or dead. A pending one may be leased while it is being sent; a
lease that ran out (a crash) makes it due again, which is why delivery is at least once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.findings import packed
from storage.turns import all_turns, enqueue, pass_on, take_anew
from watcher.core.decide import EventDraft
from watcher.core.model import Weight
from watcher.core.times import from_text, to_text
from watcher.errors import UsageError


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery leased for sending; `attempts` made before this one."""

    id: int
    event_id: str
    endpoint: str
    attempts: int


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A stored event. `url` and `story` are the article's when it happened."""

    seq: int
    id: str
    type: str
    article_id: int
    version_id: int | None
    created_at: datetime
    summary: str
    url: str
    story: str
    weight: Weight
    score: float


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A stored delivery with its event and its article's address; a digest is of no one article."""

    id: int
    event_id: str
    event_type: str
    summary: str
    endpoint: str
    article_id: int | None
    url: str
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    settled_at: datetime | None
    endpoint_disabled: bool


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One try of a delivery: the status that came back, or None and why."""

    at: datetime
    status: int | None
    detail: str


def insert_event(
    db: Database,
    event_id: str,
    article_id: int,
    version_id: int | None,
    draft: EventDraft,
    at: datetime,
) -> int:
    """Stores an event and a delivery for each of its endpoints, due at once; gives its place."""
    when = to_text(at)
    # those of a version stand with its change
    findings = None if version_id else packed(draft.findings, draft.summary, keep_words=True)
    cursor = db.conn.execute(
        "INSERT INTO event (id, type, article_id, version_id, created_at, summary, url, story,"
        " weight, score, findings)"
        " VALUES (?, ?, ?, ?, ?,"
        " nullif(?, (SELECT sentence FROM change WHERE version_id = ?)), NULL, NULL, ?, ?, ?)",
        (
            event_id, draft.type.value, article_id, version_id, when, draft.summary, version_id,
            draft.weight, draft.score, findings,
        ),
    )  # fmt: skip
    seq = int(cursor.lastrowid or 0)
    for endpoint in draft.endpoints:
        db.conn.execute(
            "INSERT INTO endpoint (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (endpoint,)
        )
        enqueue(db, seq, endpoint, article_id, at)
    return seq


_CLAIM = """
SELECT d.id, e.id, d.endpoint, d.attempts
FROM delivery d
JOIN event e ON e.seq = d.event_seq
JOIN endpoint p ON p.name = d.endpoint
WHERE d.state = 'pending' AND d.in_turn = 1 AND d.next_attempt_at <= :now
  AND (d.leased_until IS NULL OR d.leased_until <= :now)
  AND p.disabled_at IS NULL
  AND d.endpoint = :endpoint
ORDER BY d.next_attempt_at, d.event_seq
LIMIT :limit
"""
# Ordered as the index delivery_due is, which holds only those whose turn it is: of thousands
# that wait only the first are read, however many of them stand behind one that was refused.


def claim_deliveries(
    db: Database,
    endpoints: Collection[tuple[str, int]],
    now: datetime,
    until: datetime,
    most: int | None = None,
) -> list[ClaimedDelivery]:
    """Leases due deliveries, the longest due first, for each endpoint as many as it has places.

    Order holds per article and endpoint: it is a delivery's turn (`in_turn`) once no earlier one
    of its article is pending. `most` limits all together. Must run inside a write transaction.
    """
    claimed: list[ClaimedDelivery] = []
    for endpoint, places in endpoints:
        limit = places if most is None else min(places, most - len(claimed))
        rows = db.conn.execute(
            _CLAIM, {"now": to_text(now), "endpoint": endpoint, "limit": limit}
        ).fetchall()
        claimed += [ClaimedDelivery(*row) for row in rows]
    db.conn.executemany(
        "UPDATE delivery SET leased_until = ? WHERE id = ?",
        [(to_text(until), delivery.id) for delivery in claimed],
    )
    return claimed


def settle_delivery(
    db: Database,
    delivery_id: int,
    now: datetime,
    *,
    status: int | None,
    detail: str,
    retry_at: datetime | None,
    delivered: bool,
) -> None:
    """Records an attempt: delivered, to be retried at a time, or dead."""
    at = to_text(now)
    db.conn.execute(
        "INSERT INTO delivery_attempt (delivery_id, at, status, detail) VALUES (?, ?, ?, ?)",
        (delivery_id, at, status, detail),
    )
    pending = not delivered and retry_at is not None
    settled = db.conn.execute(
        "UPDATE delivery SET state = ?, attempts = attempts + 1, leased_until = NULL,"
        " next_attempt_at = ?, settled_at = ? WHERE id = ? AND state = 'pending'",
        (
            "delivered" if delivered else "pending" if pending else "dead",
            to_text(retry_at) if pending and retry_at is not None else None,
            None if pending else at,
            delivery_id,
        ),
    )
    if settled.rowcount and not pending:
        pass_on(db, delivery_id)


def disable_endpoint(
    db: Database, name: str, now: datetime, reason: str, url_digest: str | None
) -> None:
    """Stops sending to an endpoint; its deliveries stay pending until it is enabled.

    `url_digest` tells later whether it is still the same URL, which may hold a secret itself.
    """
    db.conn.execute(
        "UPDATE endpoint SET disabled_at = ?, reason = ?, url_digest = ? WHERE name = ?",
        (to_text(now), reason, url_digest, name),
    )


def enable_moved_endpoints(db: Database, url_digests: Mapping[str, str]) -> tuple[str, ...]:
    """Enables the disabled endpoints that have another URL since; gives their names."""
    disabled = db.conn.execute(
        "SELECT name, url_digest FROM endpoint"
        " WHERE disabled_at IS NOT NULL AND url_digest IS NOT NULL ORDER BY name"
    ).fetchall()
    moved = tuple(
        name for name, digest in disabled if name in url_digests and url_digests[name] != digest
    )
    for name in moved:
        enable_endpoint(db, name)
    return moved


def enable_endpoint(db: Database, name: str) -> bool:
    """Takes sending up again; True if the endpoint had been disabled."""
    cursor = db.conn.execute(
        "UPDATE endpoint SET disabled_at = NULL, reason = NULL, url_digest = NULL"
        " WHERE name = ? AND disabled_at IS NOT NULL",
        (name,),
    )
    return cursor.rowcount > 0


def release_deliveries(db: Database) -> int:
    """Makes leased deliveries due again; for the one daemon of a database, when it starts.

    Whose turn it is is found anew as well, should somebody have changed rows by hand.
    """
    all_turns(db)
    cursor = db.conn.execute(
        "UPDATE delivery SET leased_until = NULL WHERE leased_until IS NOT NULL"
    )
    return cursor.rowcount


def retry_delivery(db: Database, delivery_id: int, now: datetime) -> None:
    """Makes a dead delivery due again from its first attempt, or a waiting one due now.

    Raises UsageError for one that was delivered or does not exist.
    """
    row = db.conn.execute("SELECT state FROM delivery WHERE id = ?", (delivery_id,)).fetchone()
    if row is None:
        raise UsageError(f"there is no delivery {delivery_id}: see `watcher deliveries list`")
    if row[0] == "delivered":
        raise UsageError(f"delivery {delivery_id} was delivered already: nothing to retry")
    db.conn.execute(
        "UPDATE delivery SET state = 'pending', attempts = CASE state WHEN 'dead' THEN 0"
        " ELSE attempts END, next_attempt_at = ?, settled_at = NULL WHERE id = ?",
        (to_text(now), delivery_id),
    )
    take_anew(db, delivery_id)


_EVENTS = """
SELECT e.seq, e.id, e.type, e.article_id, e.version_id, e.created_at,
       coalesce(e.summary, c.sentence), coalesce(e.url, a.url), coalesce(e.story, s.name),
       e.weight, e.score
FROM event e
LEFT JOIN change c ON c.version_id = e.version_id
LEFT JOIN article a ON a.id = e.article_id
LEFT JOIN story s ON s.id = a.story_id
"""
# What an event shares with its change and article is theirs, until the change is replaced or the
# article gets another address or story: triggers of the schema write it into the event then.


def load_event(db: Database, event_id: str) -> EventRecord:
    """An event by its id."""
    row = db.conn.execute(
        f"{_EVENTS} WHERE e.id = ?",
        (event_id,),
    ).fetchone()
    if row is None:
        raise UsageError(f"there is no event {event_id}")
    return _event(row)


def list_events(db: Database, article_id: int | None = None) -> list[EventRecord]:
    """Events in order, of one article or of all; digests are none."""
    rows = db.conn.execute(
        f"{_EVENTS} WHERE e.article_id IS NOT NULL AND (?1 IS NULL OR e.article_id = ?1)"
        " ORDER BY e.seq",
        (article_id,),
    )
    return [_event(row) for row in rows]


def _event(row: tuple[Any, ...]) -> EventRecord:
    seq, event_id, kind, article_id, version_id, created_at, *rest = row
    return EventRecord(seq, event_id, kind, article_id, version_id, from_text(created_at), *rest)


_DELIVERIES = """
SELECT d.id, e.id, e.type, coalesce(e.summary, c.sentence), d.endpoint, d.article_id,
       coalesce(a.url, ''), d.state, d.attempts, e.created_at, d.next_attempt_at, d.settled_at,
       p.disabled_at IS NOT NULL
FROM delivery d
JOIN event e ON e.seq = d.event_seq
LEFT JOIN change c ON c.version_id = e.version_id
LEFT JOIN article a ON a.id = d.article_id
JOIN endpoint p ON p.name = d.endpoint
WHERE (:state IS NULL OR d.state = :state) AND (:id IS NULL OR d.id = :id)
ORDER BY d.id DESC
LIMIT :limit
"""


def list_deliveries(
    db: Database, *, state: str | None = None, delivery_id: int | None = None, limit: int = -1
) -> list[DeliveryRecord]:
    """Deliveries, newest first."""
    rows = db.conn.execute(
        _DELIVERIES, {"state": state, "id": delivery_id, "limit": limit}
    ).fetchall()
    return [_delivery(row) for row in rows]


def _delivery(row: tuple[Any, ...]) -> DeliveryRecord:
    (
        delivery_id, event_id, event_type, summary, endpoint, article_id, url, state, attempts,
        created_at, next_attempt_at, settled_at, disabled,
    ) = row  # fmt: skip
    return DeliveryRecord(
        id=delivery_id,
        event_id=event_id,
        event_type=event_type,
        summary=summary,
        endpoint=endpoint,
        article_id=article_id,
        url=url,
        state=state,
        attempts=attempts,
        created_at=from_text(created_at),
        next_attempt_at=_time(next_attempt_at),
        settled_at=_time(settled_at),
        endpoint_disabled=bool(disabled),
    )


def list_attempts(db: Database, delivery_id: int) -> list[AttemptRecord]:
    """The attempts of a delivery, oldest first."""
    rows = db.conn.execute(
        "SELECT at, status, detail FROM delivery_attempt WHERE delivery_id = ? ORDER BY id",
        (delivery_id,),
    )
    return [AttemptRecord(from_text(at), status, detail) for at, status, detail in rows]


def delivery_counts(db: Database) -> dict[str, dict[str, int]]:
    """Deliveries by endpoint and state."""
    counts: dict[str, dict[str, int]] = {}
    for endpoint, state, count in db.conn.execute(
        "SELECT endpoint, state, count(*) FROM delivery GROUP BY endpoint, state"
    ):
        counts.setdefault(endpoint, {})[state] = count
    return counts


def disabled_endpoints(db: Database) -> dict[str, str]:
    """Endpoints that asked for nothing more, with the reason."""
    rows = db.conn.execute("SELECT name, reason FROM endpoint WHERE disabled_at IS NOT NULL")
    return {str(name): str(reason) for name, reason in rows}


def _time(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)
