"""Due times after the clock was set back: what was to come soon must not wait for the old time.

Set forward (or woken from sleep) everything is due, once, and spread like after any outage.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from watcher.core.retry import LONGEST_RETRY_AFTER as LONGEST_DELIVERY_WAIT
from watcher.core.schedule.fixed import LONGEST_RETRY_AFTER
from watcher.core.times import to_text

GRACE = 60.0
"""Seconds: an article whose poll could not be recorded rests that long, whatever its interval."""

GOLDEN = 0.6180339887498949
"""Multiples of it, modulo 1, spread any number of articles evenly: they must not return at once."""

_SHIFTED = "strftime('%Y-%m-%dT%H:%M:%fZ', {0}, ?)"


def shift_times(db: Database, seconds: float, now: datetime) -> None:
    """Moves all due times and leases by so many seconds, as the clock moved (negative: back)."""
    moved, by = to_text(now), f"{seconds:+.3f} seconds"
    for table, column, more in (
        ("schedule", "next_poll_at", ""),
        ("schedule", "leased_until", ""),
        ("host_rest", "until", ""),
        ("source", "next_poll_at", ""),
        ("source", "leased_until", ""),
        ("delivery", "next_attempt_at", " AND state = 'pending'"),
        ("delivery", "leased_until", " AND state = 'pending'"),
        ("alert_decision", "until", " AND state = 'gathered'"),
    ):
        db.conn.execute(
            f"UPDATE {table} SET {column} = {_SHIFTED.format(column)}"  # noqa: S608
            f" WHERE {column} > ?{more}",
            (by, moved),
        )


AT_ONCE = 64
"""Overdue articles that may be polled at once: what no host and no network takes for a burst."""


def spread_overdue(db: Database, now: datetime) -> int:
    """Spreads what is overdue over the first interval, after a time in which nobody looked.

    The longest due are due still; each of the others is, at the latest, one of its intervals
    later. Gives how many.
    """
    at = to_text(now)
    rows = db.conn.execute(
        "SELECT article_id, interval FROM schedule WHERE watched = 1 AND next_poll_at <= ?"
        " AND (leased_until IS NULL OR leased_until <= ?)"
        " ORDER BY next_poll_at, article_id LIMIT -1 OFFSET ?",
        (at, at, AT_ONCE),
    ).fetchall()
    _spread(db, rows, now)
    return len(rows)


def _spread(db: Database, rows: list[tuple[int, float]], now: datetime) -> None:
    db.conn.executemany(
        "UPDATE schedule SET next_poll_at = ?, leased_until = NULL WHERE article_id = ?",
        [
            (to_text(now + timedelta(seconds=interval * (article_id * GOLDEN % 1.0))), article_id)
            for article_id, interval in rows
        ],
    )


_TOO_LATE = """
SELECT article_id, interval FROM schedule
WHERE watched = 1 AND next_poll_at > :soon AND
  (julianday(next_poll_at) - julianday(:now)) * 86400.0 >
  CASE failures WHEN 0 THEN max(interval, planned, :grace)
  ELSE max(interval * (1 << min(max(failures - 2, 0), 32)), :patience) END + 1.0
"""


def pull_in(db: Database, now: datetime) -> int:
    """Brings polls and deliveries back that are due later than any wait explains.

    That is so if the clock was set back while nobody looked. Gives how many polls.
    """
    at = to_text(now)
    rows = db.conn.execute(
        _TOO_LATE, {"now": at, "soon": at, "grace": GRACE, "patience": LONGEST_RETRY_AFTER}
    ).fetchall()
    _spread(db, rows, now)
    # A tenth more than the longest wait, which is the jitter of retries.
    latest = to_text(now + timedelta(seconds=LONGEST_DELIVERY_WAIT * 1.1))
    db.conn.execute(
        "UPDATE delivery SET next_attempt_at = ?, leased_until = NULL"
        " WHERE state = 'pending' AND next_attempt_at > ?",
        (at, latest),
    )
    # What was gathered in what is now the future waits as long as was planned then.
    db.conn.execute(
        "UPDATE alert_decision SET until = strftime('%Y-%m-%dT%H:%M:%fZ', ?1,"
        " ((julianday(until) - julianday(decided_at)) * 86400.0) || ' seconds')"
        " WHERE state = 'gathered' AND decided_at > ?1",
        (at,),
    )
    return len(rows)
