"""Blame from the archive: the stored changes of an article, followed paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sqlite_utils import Database

from storage.material import load_stored_pair
from storage.versions import VersionRecord, list_versions, load_snapshot
from watcher.core.blame import Blame, Reading, blame
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
    changes: list[Change] = []
    readings: dict[int, Reading] = {}
    for at, (old, new) in enumerate(pairwise(versions)):
        before, after = snapshots[at], snapshots[at + 1]
        stored = load_stored_pair(db, old, new)
        if stored is None:
            changes.append(compare(before, after))
            continue
        changes.append(stored.change)
        # After an upgrade of the extractor the stored change leads from another reading of the
        # old page than the one that is stored.
        if _texts(stored.old_snapshot) != _texts(before):
            readings[at] = _texts(stored.old_snapshot), compare(before, stored.old_snapshot)
    texts = [_texts(snapshot) for snapshot in snapshots]
    return Blamed(tuple(versions), snapshots[-1], blame(texts, changes, readings))


def _texts(snapshot: Snapshot) -> list[str]:
    return [paragraph.text for paragraph in snapshot.paragraphs]
