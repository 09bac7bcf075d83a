"""Polls of hosts that may have only so many in an hour: evenly spaced, in the database, so that all
processes that share it keep to the same pace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from watcher.core.hostlimits import HostLimit, limit_of
from watcher.core.times import from_text, to_text

AT_ONCE = 1.0
"""Seconds whose polls may start together, where spaces are shorter than the ticks that lease."""

LONGEST = timedelta(hours=1)
"""No space is longer: what lies further ahead was left by a clock that was set back."""


def places(
    db: Database,
    now: datetime,
    limits: Sequence[HostLimit],
    per_host: int,
    busy: Mapping[str, int],
) -> dict[str, int]:
    """How many articles may be leased of each limited host that has one due.

    `per_host` holds where a limit says nothing, `busy` are those under way.
    """
    at = to_text(now)
    due = db.conn.execute(
        "SELECT DISTINCT host FROM schedule WHERE watched = 1 AND next_poll_at <= ?", (at,)
    ).fetchall()
    found = {}
    for (host,) in due:
        limit = limit_of(limits, host)
        if limit.per_hour is None and limit.concurrency is None:
            continue
        free = (limit.concurrency or per_host) - busy.get(host, 0)
        if limit.per_hour is not None:
            waits = now < _next(db, host, now)
            free = 0 if waits else min(free, max(1, int(AT_ONCE / limit.spacing)))
        found[host] = max(0, free)
    return found


def _next(db: Database, host: str, now: datetime) -> datetime:
    row = db.conn.execute("SELECT next_at FROM host_pace WHERE host = ?", (host,)).fetchone()
    known = now if row is None else from_text(row[0])
    return now if known > now + LONGEST else known


def spend(db: Database, now: datetime, limits: Sequence[HostLimit], hosts: Counter[str]) -> None:
    """So many articles of these hosts are polled now. Inside a write transaction."""
    for host, count in hosts.items():
        spacing = limit_of(limits, host).spacing
        if spacing:
            begins = max(now, _next(db, host, now))
            ends = min(begins + timedelta(seconds=spacing * count), now + LONGEST)
            db.conn.execute(
                "INSERT OR REPLACE INTO host_pace (host, next_at) VALUES (?, ?)",
                (host, to_text(ends)),
            )
