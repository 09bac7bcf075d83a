"""What an event is about: the facts from which its payload is written.

They never change, so a payload is the same on every attempt without being stored twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlite_utils import Database

from storage.changes import load_change
from storage.findings import load_event_findings
from storage.outbox import EventRecord, load_event
from storage.versions import VersionRecord, list_versions, load_snapshot
from watcher.core.model import METADATA, Change, EventType, Finding, Paragraph, Snapshot
from watcher.core.times import to_text
from watcher.errors import StorageError


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
class Why:
    """The alert by which a receiver gets something, and the words for it."""

    alert: str
    reason: str


@dataclass(frozen=True, slots=True)
class Material:
    """An event, its article, the article's latest headline then, and the change it is about.

    `findings` are those of an event that is about no version, `why` is the alert by which an
    endpoint gets it, None without one.
    """

    event: EventRecord
    article: ArticleRef
    headline: str
    pair: VersionPair | None
    moved_to: str | None = None
    findings: tuple[Finding, ...] = ()
    why: Why | None = None


def load_material(db: Database, event_id: str) -> Material:
    """All that the payload of an event needs. Raises UsageError for an unknown event."""
    event = load_event(db, event_id)
    # As they were then: the configuration may name another URL or story since.
    article = ArticleRef(event.article_id, event.url, event.story)
    versions = list_versions(db, event.article_id)
    headline = _headline(db, event)
    pair = None
    if event.version_id is not None:
        number = next(v.number for v in versions if v.id == event.version_id)
        old, new = versions[number - 2], versions[number - 1]
        pair = load_stored_pair(db, old, new)
        if pair is None:
            raise StorageError(
                f"the change of article {article.id} to version {number} is missing: restore the"
                " database from a backup"
            )
        # How long the new version stands is still to be seen: told as of the event, the payload
        # is the same whenever it is sent.
        pair = replace(pair, new=replace(pair.new, seen_until=pair.new.seen_from))
        headline = pair.new.headline
    findings = load_event_findings(db, event.seq)
    return Material(event, article, headline, pair, _moved_to(db, event), findings)


def _headline(db: Database, event: EventRecord) -> str:
    """That of the latest version when the event happened; one in quarantine was none yet."""
    row = db.conn.execute(
        "SELECT v.headline FROM version v WHERE v.article_id = ?1 AND"
        " (SELECT min(o.first_at) FROM observation o WHERE o.version_id = v.id) <= ?2"
        " ORDER BY v.number DESC LIMIT 1",
        (event.article_id, to_text(event.created_at)),
    ).fetchone()
    return "" if row is None else str(row[0])


def _moved_to(db: Database, event: EventRecord) -> str | None:
    if event.type != EventType.MOVED.value:
        return None
    row = db.conn.execute(
        "SELECT url FROM article_url WHERE article_id = ? AND source IN ('redirect', 'listed')"
        " AND first_at = ?",
        (event.article_id, to_text(event.created_at)),
    ).fetchone()
    return None if row is None else str(row[0])


def load_ref(db: Database, article_id: int) -> ArticleRef:
    """An article's address and story."""
    row = db.conn.execute(
        "SELECT a.id, a.url, s.name FROM article a JOIN story s ON s.id = a.story_id"
        " WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return ArticleRef(*row)


def load_stored_pair(db: Database, old: VersionRecord, new: VersionRecord) -> VersionPair | None:
    """Two neighbouring versions with their stored change, None if there is none.

    After an upgrade of the extractor the change was made against the old page as the new
    extractor reads it: then that reading is given as the old snapshot, so that text and change
    always fit each other.
    """
    found = load_sides(db, old.id, new.id)
    return None if found is None else VersionPair(old, new, *found)


def load_sides(db: Database, old_id: int, new_id: int) -> tuple[Snapshot, Snapshot, Change] | None:
    """As `load_stored_pair`, by the ids of the versions: old text, new text and change."""
    stored = load_change(db, new_id)
    if stored is None:
        return None
    old, new = load_snapshot(db, old_id), load_snapshot(db, new_id)
    if not stored.is_compact:
        old = _before(stored.change, old, new)
    return old, new, stored.change


def _before(change: Change, old: Snapshot, new: Snapshot) -> Snapshot:
    """The snapshot a whole change started from, out of its words.

    Kinds are not part of a change: they come from the stored paragraph with the same text. Its
    links are not known but for those that changed.
    """
    kinds = {p.text: p.kind for p in (*new.paragraphs, *old.paragraphs)}
    texts: dict[int, str] = {}
    for edit in change.edits:
        if edit.old:
            whole = "".join(text for op, text in edit.words if op <= 0)
            parts = whole.split("\n") if len(edit.old) > 1 else [whole]
            texts.update(zip(edit.old, parts, strict=True))
    fields = {name: pair[0] for name, pair in change.metadata.items()}
    return Snapshot(
        headline=new.headline if change.headline is None else change.headline[0],
        paragraphs=tuple(
            Paragraph(kinds.get(texts[at], "paragraph"), texts[at]) for at in sorted(texts)
        ),
        url=old.url,
        notices=old.notices,
        posts=old.posts,
        **{name: fields.get(name, getattr(new, name)) for name in METADATA},
    )
