"""Blame from the archive: the stored changes of an article, followed paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sqlite_utils import Database

from storage.material import load_stored_pair
from storage.versions import VersionRecord, list_versions, load_snapshot
from watcher.core.blame import Blame, blame
from watcher.core.compare import compare
from watcher.core.model import Change, Snapshot


@dataclass(frozen=True, slots=True)
class Blamed:
    """An article's versions, oldest first, the latest text, and where its paragraphs come from.

    The positions in `blame` are those of `versions`.
    """

    versions: tuple[VersionRecord, ...]
    latest: Snapshot
    blame: Blame


def blame_article(db: Database, article_id: int) -> Blamed | None:
    """Follows every paragraph of an article; None if it has no version yet."""
    versions = list_versions(db, article_id)
    if not versions:
        return None
    snapshots = [load_snapshot(db, version.id) for version in versions]
    changes = [
        _change(db, old, new, before, after)
        for (old, new), (before, after) in zip(pairwise(versions), pairwise(snapshots), strict=True)
    ]
    texts = [[paragraph.text for paragraph in s.paragraphs] for s in snapshots]
    return Blamed(tuple(versions), snapshots[-1], blame(texts, changes))


def _change(
    db: Database, old: VersionRecord, new: VersionRecord, before: Snapshot, after: Snapshot
) -> Change:
    stored = load_stored_pair(db, old, new)
    # After an upgrade of the extractor the stored change leads from another reading of the old
    # page; here every version stands with the text it was stored with.
    if stored is None or stored.old_snapshot.paragraphs != before.paragraphs:
        return compare(before, after)
    return stored.change
