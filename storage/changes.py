"""Changes between versions. Only a rebuilt history replaces them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.findings import packed, put_kinds, unpacked
from storage.targets import put_link_changes, read_link_changes
from storage.versions import load_snapshot
from watcher.core.compare import compact, expand, full
from watcher.core.decide import NewVersion
from watcher.core.model import OPS, Change, KindChange, NoticeChange, Snapshot
from watcher.core.times import from_text, to_milliseconds, to_text


def insert_change(
    db: Database, version_id: int, from_version_id: int, version: NewVersion, at: datetime
) -> None:
    """Stores how a version came from the one before; the window is what anyone can know."""
    if version.change is None:
        return
    # min: a clock that was set back must not make a window end before it begins.
    (after,) = db.conn.execute(
        "SELECT min(seen_until, ?) FROM version_window WHERE version_id = ?",
        (to_text(version.seen_from or at), from_version_id),
    ).fetchone()
    _write(db, version_id, from_version_id, after, version.change, version.change_is_compact)


def replace_change(db: Database, version_id: int, change: Change) -> None:
    """Stores another reading of how a version came from the one before.

    The window was observed and stays. `change` must start from what is stored of that one.
    """
    from_version_id, after = db.conn.execute(
        "SELECT from_version_id, after FROM change WHERE version_id = ?", (version_id,)
    ).fetchone()
    db.conn.execute("DELETE FROM change WHERE version_id = ?", (version_id,))
    _write(db, version_id, from_version_id, after, change, True)


def rewrite_findings(db: Database, version_id: int, change: Change) -> None:
    """Stores a change again that differs in its findings and what follows from them alone."""
    from_version_id, after, form = db.conn.execute(
        "SELECT from_version_id, after, form FROM change WHERE version_id = ?", (version_id,)
    ).fetchone()
    db.conn.execute("DELETE FROM change WHERE version_id = ?", (version_id,))
    _write(db, version_id, from_version_id, after, change, form == "compact")


def _write(
    db: Database,
    version_id: int,
    from_version_id: int,
    after: str,
    change: Change,
    is_compact: bool,
) -> None:
    form = "compact" if is_compact else "full"
    edits = compact(change.edits) if is_compact else full(change.edits)
    counts = change.summary
    (seen_from,) = db.conn.execute(
        "SELECT seen_from FROM version WHERE id = ?", (version_id,)
    ).fetchone()
    db.conn.execute(
        "INSERT INTO change (version_id, from_version_id, after, headline, metadata,"
        " notices, kinds, links, noise, edits, form, equal_count, insert_count, delete_count,"
        " replace_count, split_count, merge_count, moved_count, weight, score, sentence, coverage,"
        " findings, found, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            version_id, from_version_id, after,
            None if change.headline is None else _json(change.headline),
            _json(dict(change.metadata)),
            _json([[n.kind, n.old, n.new] for n in change.notices]),
            _json([[k.old, k.new, k.before, k.after] for k in change.kinds]),
            put_link_changes(db, change.links), _json(change.noise), _json(edits), form,
            counts["equal"], counts["insert"], counts["delete"], counts["replace"],
            counts["split"], counts["merge"], counts["moved"],
            change.weight, change.score, change.sentence, _json(change.coverage),
            packed(change.findings, change.sentence, keep_words=not is_compact),
            put_kinds(db, change.findings), to_milliseconds(from_text(seen_from)),
        ),
    )  # fmt: skip


def windows_begin(db: Database, article_id: int) -> dict[int, datetime]:
    """After when the changes of an article came, by the ids of the versions they made."""
    rows = db.conn.execute(
        "SELECT c.version_id, c.after FROM change c JOIN version v ON v.id = c.version_id"
        " WHERE v.article_id = ?",
        (article_id,),
    )
    return {int(version_id): from_text(after) for version_id, after in rows}


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change as it was stored; a compact one was made against the stored old version."""

    change: Change
    is_compact: bool


def load_change(db: Database, version_id: int) -> StoredChange | None:
    """The stored change that made a version, None for a first one."""
    row = db.conn.execute(
        "SELECT from_version_id, headline, metadata, edits, form, equal_count, insert_count,"
        " delete_count, replace_count, split_count, merge_count, moved_count, notices, kinds,"
        " links, noise, weight, score, sentence, coverage, findings FROM change"
        " WHERE version_id = ?",
        (version_id,),
    ).fetchone()
    if row is None:
        return None
    is_compact = row[4] == "compact"
    old = load_snapshot(db, row[0]) if is_compact else None
    new = load_snapshot(db, version_id)
    names = (*OPS, "moved")
    *counts, notices, kinds, links, noise, weight, score, sentence, coverage, findings = row[5:]
    headline = None if row[1] is None else json.loads(row[1])
    change = Change(
        edits=expand(json.loads(row[3]), _texts(old), _texts(new)),
        headline=None if headline is None else (headline[0], headline[1]),
        metadata={k: (v[0], v[1]) for k, v in json.loads(row[2]).items()},
        summary=dict(zip(names, counts, strict=True)),
        notices=tuple(NoticeChange(*fields) for fields in json.loads(notices)),
        kinds=tuple(KindChange(*fields) for fields in json.loads(kinds)),
        links=read_link_changes(db, links),
        noise=tuple(json.loads(noise)),
        findings=unpacked(findings, sentence, old, new),
        weight=weight,
        score=score,
        sentence=sentence,
        coverage=tuple(json.loads(coverage)),
    )
    return StoredChange(change, is_compact)


def _texts(snapshot: Snapshot | None) -> list[str]:
    return [] if snapshot is None else [p.text for p in snapshot.paragraphs]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
