"""Hosts that asked for patience: nobody asks them for anything until their rest is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from watcher.core.hostrest import LONGEST_ASKED, Refusal, rest_after
from watcher.core.times import from_text, to_text

RESTING = "SELECT host FROM host_rest WHERE until > :now AND until <= :farthest"
"""Hosts at rest. After a clock was set back none rests for longer than a host may ask for."""


@dataclass(frozen=True, slots=True)
class HostRest:
    """A host at rest: since when and until when, and how often it refused in a row."""

    host: str
    since: datetime
    until: datetime
    refusals: int


def bounds(now: datetime) -> dict[str, str]:
    """The parameters of RESTING."""
    return {"now": to_text(now), "farthest": to_text(now + timedelta(seconds=LONGEST_ASKED))}


def settle_host(
    db: Database, host: str, at: datetime, status: int | None, refusal: Refusal | None
) -> None:
    """Begins or prolongs the rest of a host, or ends it if the host answered.

    A refusal during a rest, of a request that was on its way already, counts as the same one.
    """
    if refusal is None:
        if status is not None:
            db.conn.execute("DELETE FROM host_rest WHERE host = ?", (host,))
        return
    known = db.conn.execute(
        "SELECT since, until, refusals FROM host_rest WHERE host = ?", (host,)
    ).fetchone()
    now = to_text(at)
    since, until, refusals = known or (now, "", 0)
    if not now < until:
        refusals += 1
    rest = to_text(at + timedelta(seconds=rest_after(refusals, refusal)))
    db.conn.execute(
        "INSERT OR REPLACE INTO host_rest (host, since, until, refusals) VALUES (?, ?, ?, ?)",
        (host, since, max(until, rest) if now < until else rest, refusals),
    )


def resting_hosts(db: Database, now: datetime) -> dict[str, HostRest]:
    """The hosts at rest, by name."""
    rows = db.conn.execute(
        f"SELECT host, since, until, refusals FROM host_rest WHERE host IN ({RESTING})",  # noqa: S608
        bounds(now),
    )
    return {
        host: HostRest(host, from_text(since), from_text(until), refusals)
        for host, since, until, refusals in rows
    }
