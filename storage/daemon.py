"""The daemon's own row: who runs, since when, and when it last gave a sign of life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from watcher.core.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class DaemonRecord:
    """The last daemon that worked on the database."""

    pid: int
    started_at: datetime
    alive_at: datetime
    stopped_at: datetime | None
    config_fault: str | None


def started(db: Database, pid: int, now: datetime) -> None:
    """Records a daemon's start."""
    db.conn.execute(
        "INSERT INTO daemon (id, pid, started_at, alive_at) VALUES (1, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, started_at = excluded.started_at,"
        " alive_at = excluded.alive_at, stopped_at = NULL, config_fault = NULL",
        (pid, to_text(now), to_text(now)),
    )


def alive(db: Database, now: datetime, config_fault: str | None) -> None:
    """Records a sign of life."""
    db.conn.execute(
        "UPDATE daemon SET alive_at = ?, config_fault = ? WHERE id = 1",
        (to_text(now), config_fault),
    )


def stopped(db: Database, now: datetime) -> None:
    """Records an orderly stop."""
    db.conn.execute("UPDATE daemon SET stopped_at = ? WHERE id = 1", (to_text(now),))


def load_daemon(db: Database) -> DaemonRecord | None:
    """The last daemon, None if there never was one."""
    row = db.conn.execute(
        "SELECT pid, started_at, alive_at, stopped_at, config_fault FROM daemon"
    ).fetchone()
    if row is None:
        return None
    stopped_at = None if row[3] is None else from_text(row[3])
    return DaemonRecord(row[0], from_text(row[1]), from_text(row[2]), stopped_at, row[4])
