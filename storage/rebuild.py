"""Rebuilding an article's history: derived rows anew, out of texts read anew from stored bodies.

What was observed (captures, observations, quarantine), when, and what was told (events) stays as
it is; so do the versions, their numbers and windows. Texts, digests, summaries and changes follow
from the bodies by way of an extractor, and are replaced by what follows by way of today's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from storage.appearances import renew_appearances
from storage.changes import replace_change
from storage.ledger import enter_rebuild
from storage.targets import put_links
from storage.versions import extractor_id, insert_paragraphs
from watcher.core.history import Derived
from watcher.core.model import METADATA
from watcher.core.times import to_text
from watcher.errors import StaleDecision, UsageError

_WAITING = """
SELECT (SELECT count(*) FROM delivery WHERE article_id = ?1 AND state = 'pending')
  + (SELECT count(*) FROM alert_decision WHERE article_id = ?1 AND state = 'gathered')
  + (SELECT count(*) FROM alert_decision g JOIN delivery d ON d.event_seq = g.digest_seq
     WHERE g.article_id = ?1 AND d.state = 'pending')
"""


def refuse_if_changed(db: Database, article_id: int, versions: Sequence[tuple[int, str]]) -> None:
    """Raises StaleDecision if these, as (id, snapshot digest), are not the stored versions."""
    stored = db.conn.execute(
        "SELECT id, lower(hex(snapshot_digest)) FROM version WHERE article_id = ? ORDER BY number",
        (article_id,),
    ).fetchall()
    if stored != list(versions):
        raise StaleDecision(f"article {article_id} got another version meanwhile: read it again")


def refuse_while_told(db: Database, article_id: int) -> None:
    """Raises UsageError while deliveries about an article wait, or events of it for a digest.

    A delivery says the same at every attempt: what it says is read from the history.
    """
    (waiting,) = db.conn.execute(_WAITING, (article_id,)).fetchone()
    if waiting:
        raise UsageError(
            f"{waiting} deliveries about article {article_id} still wait, or events of it for a"
            " digest, and must not say another thing then: try again once `watcher deliveries`"
            " shows none pending, and with `--state gathered` nothing"
        )


def rebuild(
    db: Database,
    article_id: int,
    versions: Sequence[tuple[int, str]],
    derived: Sequence[Derived],
    extractor: str,
    at: datetime,
) -> None:
    """Replaces what is derived of all of an article's versions, given as (id, snapshot digest).

    Must run inside a write transaction. Raises StaleDecision, having written nothing, if these
    are not the stored versions any more, UsageError while deliveries wait.
    """
    refuse_if_changed(db, article_id, versions)
    refuse_while_told(db, article_id)
    reader = extractor_id(db, extractor)
    differing = 0
    for (version_id, digest), new in zip(versions, derived, strict=True):
        differing += digest != new.snapshot_digest
        _replace_version(db, version_id, new, reader)
        if new.change is not None:
            replace_change(db, version_id, new.change)
    note_rebuild(db, article_id, at, (reader, len(versions), differing))
    renew_appearances(db, article_id)
    # A poll under way compared with the old reading: it must decide again.
    db.conn.execute(
        "UPDATE schedule SET revision = revision + 1 WHERE article_id = ?", (article_id,)
    )


def note_rebuild(db: Database, article_id: int, at: datetime, what: tuple[int, int, int]) -> None:
    """Writes down that a history was made anew, and enters its new digests in the ledger.

    `what`: the id of the extractor, the number of versions, and of those that read otherwise.
    """
    cursor = db.conn.execute(
        "INSERT INTO rebuild (article_id, at, extractor_id, versions, differing)"
        " VALUES (?, ?, ?, ?, ?)",
        (article_id, to_text(at), *what),
    )
    enter_rebuild(db, int(cursor.lastrowid or 0))


def _replace_version(db: Database, version_id: int, new: Derived, reader: int) -> None:
    snapshot = new.snapshot
    fields = ", ".join(f"{name} = ?" for name in METADATA)
    db.conn.execute(
        f"UPDATE version SET kind = ?, headline = ?, {fields}, notices = ?, posts = ?,"  # noqa: S608
        " links = ?, summary = ?, revert_of = ?, content_digest = ?, snapshot_digest = ?,"
        " extractor_id = ? WHERE id = ?",
        (
            new.kind, snapshot.headline, *(getattr(snapshot, name) for name in METADATA),
            _json([[n.kind, n.text, n.place] for n in snapshot.notices]),
            _json([[p.key, p.time, p.first, p.count] for p in snapshot.posts]),
            put_links(db, snapshot.links),
            new.summary, new.revert_of, bytes.fromhex(new.content_digest),
            bytes.fromhex(new.snapshot_digest), reader, version_id,
        ),
    )  # fmt: skip
    db.conn.execute("DELETE FROM paragraph_run WHERE version_id = ?", (version_id,))
    insert_paragraphs(db, version_id, snapshot.paragraphs)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
