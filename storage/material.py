"""What an event is about: the facts from which its payload is written.

They never change, so a payload is the same on every attempt without being stored twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from storage.outbox import EventRecord, load_event
from storage.versions import VersionRecord, list_versions, load_change, load_snapshot
from watcher.core.model import Change, Snapshot


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article as a payload names it."""

    id: int
    url: str
    story: str


@dataclass(frozen=True, slots=True)
class VersionPair:
    """Two versions with their texts and the change between them."""

    old: VersionRecord
    new: VersionRecord
    old_snapshot: Snapshot
    new_snapshot: Snapshot
    change: Change


@dataclass(frozen=True, slots=True)
class Material:
    """An event, its article, the article's latest headline then, and the change it is about."""

    event: EventRecord
    article: ArticleRef
    headline: str
    pair: VersionPair | None


def load_material(db: Database, event_id: str) -> Material:
    """All that the payload of an event needs. Raises UsageError for an unknown event."""
    event = load_event(db, event_id)
    article = load_ref(db, event.article_id)
    versions = list_versions(db, event.article_id)
    until = [v for v in versions if v.seen_from <= event.created_at]
    headline = until[-1].headline if until else ""
    pair = None
    if event.version_id is not None:
        number = next(v.number for v in versions if v.id == event.version_id)
        pair = load_stored_pair(db, versions[number - 2], versions[number - 1])
        headline = pair.new.headline
    return Material(event, article, headline, pair)


def load_ref(db: Database, article_id: int) -> ArticleRef:
    """An article's address and story."""
    row = db.conn.execute(
        "SELECT a.id, a.url, s.name FROM article a JOIN story s ON s.id = a.story_id"
        " WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return ArticleRef(*row)


def load_stored_pair(db: Database, old: VersionRecord, new: VersionRecord) -> VersionPair | None:
    """Two neighbouring versions with their stored change."""
    change = load_change(db, new.id)
    if change is None:
        return None
    return VersionPair(old, new, load_snapshot(db, old.id), load_snapshot(db, new.id), change)
