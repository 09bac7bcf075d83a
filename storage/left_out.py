"""Events that a digest could not tell: which, why, and where that is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from watcher.core.times import from_text, to_text

_MARK = "left out: "


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An event of a digest whose part could not be made: its id, its summary, and the reason."""

    event_id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartialDigest:
    """A digest that was delivered at a time without some of its events; `detail` names them."""

    delivery_id: int
    endpoint: str
    at: datetime
    detail: str


def with_left_out(detail: str, left_out: Sequence[LeftOut]) -> str:
    """What an attempt's record says: `detail`, behind the events that were left out, if any."""
    if not left_out:
        return detail
    told = ", ".join(f"{each.event_id} ({each.reason})" for each in left_out)
    return f"{_MARK}{told}; {detail}"


def partial_digests(db: Database, since: datetime) -> list[PartialDigest]:
    """Digests that were delivered without some of their events since a time, oldest first."""
    rows = db.conn.execute(
        "SELECT d.id, d.endpoint, d.settled_at, a.detail FROM digest g JOIN delivery d"
        " ON d.event_seq = g.event_seq AND d.endpoint = g.endpoint JOIN delivery_attempt a"
        " ON a.id = (SELECT max(l.id) FROM delivery_attempt l WHERE l.delivery_id = d.id)"
        " WHERE d.state = 'delivered' AND d.settled_at >= ? AND substr(a.detail, 1, ?) = ?"
        " ORDER BY d.id",
        (to_text(since), len(_MARK), _MARK),
    )
    return [PartialDigest(id, endpoint, from_text(at), why) for id, endpoint, at, why in rows]
