"""Copies of robots.txt files: manners that must outlive a process and be shared by several."""

from __future__ import annotations

from sqlite_utils import Database

from watcher.core.robots import RobotsCopy
from watcher.core.times import from_text, to_text


def load_robots(db: Database, origin: str) -> RobotsCopy | None:
    """What is known of an origin's file, None if nobody asked yet."""
    row = db.conn.execute(
        "SELECT check_at, body, absent, etag, last_modified, read_at, unreachable_since, detail"
        " FROM robots WHERE origin = ?",
        (origin,),
    ).fetchone()
    if row is None:
        return None
    check_at, body, absent, etag, modified, read_at, since, detail = row
    return RobotsCopy(
        origin=origin,
        check_at=from_text(check_at),
        body=body,
        absent=bool(absent),
        etag=etag,
        last_modified=modified,
        read_at=None if read_at is None else from_text(read_at),
        unreachable_since=None if since is None else from_text(since),
        detail=detail,
    )


def save_robots(db: Database, copy: RobotsCopy) -> None:
    """Keeps a copy in place of the one that was there."""
    db.conn.execute(
        "INSERT OR REPLACE INTO robots (origin, check_at, body, absent, etag, last_modified,"
        " read_at, unreachable_since, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            copy.origin, to_text(copy.check_at), copy.body, int(copy.absent), copy.etag,
            copy.last_modified, None if copy.read_at is None else to_text(copy.read_at),
            None if copy.unreachable_since is None else to_text(copy.unreachable_since),
            copy.detail,
        ),
    )  # fmt: skip
