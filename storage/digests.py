"""Digests: made of what alerts gathered, told like an event, and sent by the same outbox."""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from storage.gathered import list_waiting, traffic_at
from storage.left_out import LeftOut
from storage.material import Material, Why, load_material
from storage.turns import enqueue
from watcher.core.alerts.alert import DIGEST, Alert
from watcher.core.alerts.digests import Parcel, close
from watcher.core.alerts.timing import by_name
from watcher.core.model import WEIGHTS, Weight
from watcher.core.times import from_text, to_text
from watcher.core.wording import counted
from watcher.errors import StorageBusy, StorageError


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """A digest that was put on record."""

    event_id: str
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class DigestMaterial:
    """A digest with the events that it tells, in order, and those that cannot be read."""

    event_id: str
    created_at: datetime
    text: str
    weight: Weight
    score: float
    why: Why
    part: int
    parts: int
    events: tuple[Material, ...]
    left_out: tuple[LeftOut, ...] = ()


# What reading damaged rows raises: text that is no JSON, or of another form, and what is missing.
_DAMAGED = (StorageError, ValueError, LookupError, TypeError, AttributeError, StopIteration)

_DUE = """
WITH RECURSIVE told(endpoint) AS (
  SELECT min(endpoint) FROM alert_decision WHERE state = 'gathered'
  UNION ALL
  SELECT (SELECT min(n.endpoint) FROM alert_decision n
          WHERE n.state = 'gathered' AND n.endpoint > told.endpoint)
  FROM told WHERE endpoint IS NOT NULL
),
pair(endpoint, alert) AS (
  SELECT endpoint, (SELECT min(n.alert) FROM alert_decision n
                    WHERE n.state = 'gathered' AND n.endpoint = told.endpoint)
  FROM told WHERE endpoint IS NOT NULL
  UNION ALL
  SELECT endpoint, (SELECT min(n.alert) FROM alert_decision n
                    WHERE n.state = 'gathered' AND n.endpoint = pair.endpoint
                      AND n.alert > pair.alert)
  FROM pair WHERE alert IS NOT NULL
)
SELECT DISTINCT endpoint FROM pair
WHERE alert IS NOT NULL AND (
  alert || ' ' || endpoint NOT IN (SELECT value FROM json_each(:known))
  OR (SELECT min(d.until) FROM alert_decision d WHERE d.state = 'gathered'
      AND d.endpoint = pair.endpoint AND d.alert = pair.alert) <= :now
)
"""
# It hops from one pair of endpoint and alert to the next in the index alert_decision_due: it is
# asked twice a second, and a night's worth of events may wait.


def due_at(db: Database, alerts: Sequence[Alert], now: datetime) -> list[str]:
    """The endpoints for which a digest may have to be made, by a cheap look."""
    known = [f"{alert.name} {endpoint}" for alert in alerts for endpoint in alert.endpoints]
    rows = db.conn.execute(_DUE, {"now": to_text(now), "known": json.dumps(known)})
    return [endpoint for (endpoint,) in rows]


def close_digests(db: Database, alerts: Sequence[Alert], now: datetime) -> tuple[MadeDigest, ...]:
    """Makes the digests that are due; what must wait longer than was planned is planned anew.

    Must run inside a write transaction: of two daemons the second finds nothing left to make.
    """
    waiting = list_waiting(db, due_at(db, alerts, now))
    closing = close(waiting, by_name(alerts), traffic_at(db, now), now)
    db.conn.executemany(
        "UPDATE alert_decision SET until = ?, rule = ?, held = ?"
        " WHERE event_seq = ? AND endpoint = ? AND state = 'gathered'",
        [(to_text(w.until), w.rule, w.held, w.seq, w.endpoint) for w in closing.postponed],
    )
    return make_digests(db, closing.parcels, now)


def make_digests(db: Database, parcels: Iterable[Parcel], at: datetime) -> tuple[MadeDigest, ...]:
    """Puts digests on record, each with its delivery; must run inside a write transaction."""
    return tuple(_make(db, parcel, at) for parcel in parcels)


def _make(db: Database, parcel: Parcel, at: datetime) -> MadeDigest:
    event_id, when = f"evt_{secrets.token_urlsafe(12)}", to_text(at)
    told = db.conn.execute(
        "SELECT weight, score FROM event WHERE seq IN (SELECT value FROM json_each(?))",
        (json.dumps(parcel.events),),
    ).fetchall()
    weight = max((weight for weight, _ in told), key=WEIGHTS.index)
    cursor = db.conn.execute(
        "INSERT INTO event (id, type, created_at, summary, url, story, weight, score)"
        " VALUES (?, ?, ?, ?, '', '', ?, ?)",
        (event_id, DIGEST, when, _summary(parcel), weight, math.fsum(score for _, score in told)),
    )
    seq = int(cursor.lastrowid or 0)
    db.conn.execute(
        "INSERT INTO digest (event_seq, endpoint, alert, reason, part, parts, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, parcel.endpoint, parcel.alert, parcel.reason, parcel.part, parcel.parts, when),
    )
    db.conn.executemany(
        "UPDATE alert_decision SET state = 'sent', until = NULL, digest_seq = ?"
        " WHERE event_seq = ? AND endpoint = ?",
        [(seq, event, parcel.endpoint) for event in parcel.events],
    )
    enqueue(db, seq, parcel.endpoint, None, at)
    return MadeDigest(event_id, parcel)


def _summary(parcel: Parcel) -> str:
    told = f"{counted(len(parcel.events), 'event')} of {counted(parcel.articles, 'article')}"
    part = f", part {parcel.part} of {parcel.parts}" if parcel.parts > 1 else ""
    return f"{told}{part}: {parcel.reason}"


def load_message(db: Database, event_id: str, endpoint: str | None) -> Material | DigestMaterial:
    """All that the payload of an event or digest needs, as it goes to this endpoint."""
    row = db.conn.execute(
        "SELECT e.created_at, e.summary, e.weight, e.score, d.alert, d.reason, d.part, d.parts,"
        " e.seq FROM event e JOIN digest d ON d.event_seq = e.seq WHERE e.id = ?",
        (event_id,),
    ).fetchone()
    if row is None:
        return _with_reason(db, load_material(db, event_id), endpoint)
    created_at, text, weight, score, alert, reason, part, parts, seq = row
    ids = db.conn.execute(
        "SELECT e.id, coalesce(e.summary, c.sentence) FROM alert_decision g"
        " JOIN event e ON e.seq = g.event_seq LEFT JOIN change c ON c.version_id = e.version_id"
        " WHERE g.digest_seq = ? ORDER BY g.event_seq",
        (seq,),
    ).fetchall()
    if not ids:
        raise StorageError(f"the events of digest {event_id} are missing: restore a backup")
    found, left_out = [], []
    for each, summary in ids:
        try:
            found.append(_with_reason(db, load_material(db, each), endpoint))
        except StorageBusy:
            raise  # the archive, not this event
        except _DAMAGED as error:  # one event must not hold up the others
            reason = str(error) if isinstance(error, StorageError) else repr(error)
            left_out.append(LeftOut(each, summary, reason))
    return DigestMaterial(
        event_id,
        from_text(created_at),
        text,
        weight,
        score,
        Why(alert, reason),
        part,
        parts,
        tuple(found),
        tuple(left_out),
    )


def _with_reason(db: Database, material: Material, endpoint: str | None) -> Material:
    row = db.conn.execute(
        "SELECT alert, reason FROM alert_decision WHERE event_seq = ? AND endpoint = ?"
        " AND state = 'sent'",
        (material.event.seq, endpoint),
    ).fetchone()
    return material if row is None else replace(material, why=Why(*row))
