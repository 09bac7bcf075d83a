"""All versions of an article with what each changed, as reading them anew needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage import versions
from storage.changes import load_change, rewrite_findings, windows_begin
from storage.material import load_ref
from storage.rebuild import note_rebuild, refuse_if_changed, refuse_while_told
from watcher.core.model import Change, Snapshot


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version as it is stored: its text, its digest, which extractor read it, the window in
    which it came (`after` is None for a first one), the version whose text it brought back, and
    from what text by which change it came: None for a first one, or if that was made against
    another reading of the old page than is stored."""

    id: int
    snapshot: Snapshot
    snapshot_digest: str
    extractor: str
    after: datetime | None
    seen_from: datetime
    revert_of: int | None
    came: tuple[Snapshot, Change] | None


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """All versions of an article, oldest first."""

    article_id: int
    url: str
    versions: tuple[StoredVersion, ...]


def load_history(db: Database, article_id: int) -> StoredHistory:
    """All versions of an article, as one state of the archive has them."""
    digests = versions.snapshot_digests(db, article_id)
    after = windows_begin(db, article_id)
    loaded: list[StoredVersion] = []
    for each in versions.list_versions(db, article_id):
        stored = load_change(db, each.id) if loaded else None
        # one that was made against another reading of the old page stays as it was found
        came = (loaded[-1].snapshot, stored.change) if stored and stored.is_compact else None
        loaded.append(
            StoredVersion(
                each.id,
                versions.load_snapshot(db, each.id),
                digests[each.id],
                each.extractor,
                after.get(each.id),
                each.seen_from,
                each.revert_of,
                came,
            )
        )
    return StoredHistory(article_id, load_ref(db, article_id).url, tuple(loaded))


def renew_findings(
    db: Database,
    article_id: int,
    stored: Sequence[tuple[int, str]],
    changes: Mapping[int, Change],
    at: datetime,
) -> None:
    """Replaces the findings of changes, given by the ids of the versions that they made.

    Must run inside a write transaction. Raises as storage.rebuild.rebuild does. What was told of
    the changes stays. It counts as a rebuilt history of which no version reads otherwise, for the
    ledger must know that the findings are others.
    """
    refuse_if_changed(db, article_id, stored)
    refuse_while_told(db, article_id)
    for version_id, change in changes.items():
        rewrite_findings(db, version_id, change)
    (reader,) = db.conn.execute(
        "SELECT extractor_id FROM version WHERE article_id = ? ORDER BY number DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    note_rebuild(db, article_id, at, (reader, len(stored), 0))
