"""Held pages: what was seen but must be confirmed before it counts as a version.

A row is a fact once it is settled; while the page waits, its count and last time grow. Nothing of
it is ever deleted: the body of a dismissed page stays in the archive.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.bodies import load
from storage.versions import extractor_id, insert_capture
from watcher.core.decide import Decision, NewHold
from watcher.core.model import Capture, Validators
from watcher.core.quarantine import Held, PageMemory
from watcher.core.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """A page that was held: why, when it was seen, and what became of it.

    `silent`: nobody is told of it, even once it is confirmed. `state`: held | confirmed |
    dismissed | superseded. `version` is the number of the version that a confirmed page became.
    `count` are the polls that showed the page since the wait began.
    """

    id: int
    article_id: int
    capture_id: int
    cause: str
    reason: str
    silent: bool
    began_at: datetime
    first_at: datetime
    last_at: datetime
    count: int
    state: str
    settled_at: datetime | None
    version: int | None


def insert_hold(db: Database, article_id: int, new: NewHold, at: datetime) -> int:
    """Puts a page into quarantine with its capture; gives the id.

    A page that was held before, to the letter, keeps the capture it has: one that comes and goes
    must not fill the archive.
    """
    extractor, digest = extractor_id(db, new.extractor), bytes.fromhex(new.hold.snapshot_digest)
    stored = db.conn.execute(
        "SELECT capture_id FROM quarantine"
        " WHERE article_id = ? AND snapshot_digest = ? AND extractor_id = ? LIMIT 1",
        (article_id, digest, extractor),
    ).fetchone()
    if stored is None:
        capture_id = insert_capture(db, article_id, new.capture, new.body_digest)
    else:
        capture_id = int(stored[0])
    suspicion, when = new.hold.suspicion, to_text(at)
    cursor = db.conn.execute(
        "INSERT INTO quarantine (article_id, capture_id, cause, reason, silent, snapshot_digest,"
        " extractor_id, began_at, first_at, last_at, count, state, validator_url, etag,"
        " last_modified, body_digest, fingerprint, outline)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'held', ?, ?, ?, ?, ?, ?)",
        (
            article_id, capture_id, suspicion.cause, suspicion.reason, int(suspicion.silent),
            digest, extractor, to_text(new.hold.began_at), when, when, new.hold.count,
            *memory_columns(new.memory),
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def see_again(db: Database, held_id: int, memory: PageMemory, at: datetime) -> None:
    """One more poll showed the held page."""
    db.conn.execute(
        "UPDATE quarantine SET last_at = ?, count = count + 1, validator_url = ?, etag = ?,"
        " last_modified = ?, body_digest = ?, fingerprint = ?, outline = ? WHERE id = ?",
        (to_text(at), *memory_columns(memory), held_id),
    )


def settle_hold(db: Database, held_id: int, decision: Decision, version_id: int | None) -> None:
    """Ends the wait of a page; `version_id` is that of the version it became, if it did."""
    at, confirmed = to_text(decision.at), decision.settles == "confirmed"
    # What is known of the host's other pages has grown since the wait began.
    silent = decision.version is not None and decision.version.untold is not None
    db.conn.execute(
        "UPDATE quarantine SET state = ?1, settled_at = ?2,"
        " version_id = CASE WHEN ?3 THEN ?4 END, last_at = CASE WHEN ?3 THEN ?2 ELSE last_at END,"
        " silent = CASE WHEN ?3 THEN ?6 ELSE silent END, count = count + ?3 WHERE id = ?5",
        (decision.settles, at, int(confirmed), version_id, held_id, int(silent)),
    )


def memory_columns(memory: PageMemory) -> tuple[str | None, ...]:
    """What is known of a page, as columns: validator_url, etag, last_modified, body_digest,
    fingerprint, outline."""
    at = memory.validators
    validators = (None, None, None) if at is None else (at.url, at.etag, at.last_modified)
    return (*validators, memory.body_digest, memory.fingerprint, memory.outline)


def held_pages(db: Database, ids: Sequence[int]) -> dict[int, Held]:
    """Held pages by their ids."""
    if not ids:
        return {}
    rows = db.conn.execute(
        "SELECT q.id, q.capture_id, q.cause, q.reason, q.silent, lower(hex(q.snapshot_digest)),"
        " x.name, q.began_at, q.first_at, q.count, q.validator_url, q.etag, q.last_modified,"
        " q.body_digest, q.fingerprint, q.outline"
        " FROM quarantine q JOIN extractor x ON x.id = q.extractor_id"
        " WHERE q.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {row[0]: _held(row) for row in rows}


def _held(row: tuple[Any, ...]) -> Held:
    url, etag, modified, *seen = row[10:]
    validators = None if url is None else Validators(url, etag, modified)
    return Held(
        id=row[0],
        capture_id=row[1],
        cause=row[2],
        reason=row[3],
        silent=bool(row[4]),
        snapshot_digest=row[5],
        extractor=row[6],
        began_at=from_text(row[7]),
        first_at=from_text(row[8]),
        count=row[9],
        memory=PageMemory(validators, *seen),
    )


def load_capture(db: Database, capture_id: int) -> Capture:
    """A stored response with its body; of its headers, those that were kept."""
    fetched_at, url, final_url, status, headers = db.conn.execute(
        "SELECT c.fetched_at, coalesce(c.url, a.url), coalesce(c.final_url, c.url, a.url),"
        " c.status, c.headers FROM capture c JOIN article a ON a.id = c.article_id WHERE c.id = ?",
        (capture_id,),
    ).fetchone()
    return Capture(
        fetched_at=from_text(fetched_at),
        url=url,
        final_url=final_url,
        status=status,
        headers=tuple(json.loads(headers).items()),
        body=load(db, capture_id),
    )


def list_quarantine(
    db: Database, article_id: int | None = None, state: str | None = None
) -> list[QuarantineRecord]:
    """Held pages in the order in which they were held, of one article or all, in one state."""
    rows = db.conn.execute(
        "SELECT q.id, q.article_id, q.capture_id, q.cause, q.reason, q.silent, q.began_at,"
        " q.first_at, q.last_at, q.count, q.state, q.settled_at, v.number"
        " FROM quarantine q LEFT JOIN version v ON v.id = q.version_id"
        " WHERE (?1 IS NULL OR q.article_id = ?1) AND (?2 IS NULL OR q.state = ?2) ORDER BY q.id",
        (article_id, state),
    )
    return [_record(row) for row in rows]


def _record(row: tuple[Any, ...]) -> QuarantineRecord:
    held_id, article_id, capture_id, cause, reason, silent, began, first, last, count, *end = row
    state, settled, version = end
    return QuarantineRecord(
        id=held_id,
        article_id=article_id,
        capture_id=capture_id,
        cause=cause,
        reason=reason,
        silent=bool(silent),
        began_at=from_text(began),
        first_at=from_text(first),
        last_at=from_text(last),
        count=count,
        state=state,
        settled_at=None if settled is None else from_text(settled),
        version=version,
    )
