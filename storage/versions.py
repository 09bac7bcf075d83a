"""Versions, their paragraphs and captures. What is read from a capture may be read anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.bodies import compress
from storage.targets import put_links, read_links
from storage.texts import text_ids
from watcher.core.decide import NewVersion
from watcher.core.decision import Earlier
from watcher.core.model import (
    METADATA,
    Capture,
    Notice,
    Paragraph,
    Post,
    Snapshot,
    Weight,
)
from watcher.core.times import from_text, to_text

KEPT_HEADERS = frozenset(
    {"content-type", "content-language", "etag", "last-modified", "date", "age"}
)
"""What a capture keeps of the response's headers: what the body is and what dates it."""


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A stored version without its text. Weight, score and sentence are those of the change that
    made it, None for a first one."""

    id: int
    article_id: int
    number: int
    kind: str
    seen_from: datetime
    seen_until: datetime
    headline: str
    byline: str | None
    published: str | None
    modified: str | None
    summary: str
    revert_of: int | None
    extractor: str
    capture_id: int
    untold: str | None = None
    weight: Weight | None = None
    score: float | None = None
    sentence: str | None = None


def insert_version(db: Database, article_id: int, version: NewVersion, at: datetime) -> int:
    """Stores a version with its paragraphs, and its capture unless it waited; gives its id."""
    capture_id = version.capture_id
    if capture_id is None:
        capture_id = insert_capture(db, article_id, version.capture, version.body_digest)
    snapshot = version.snapshot
    cursor = db.conn.execute(
        "INSERT INTO version (article_id, number, kind, capture_id, seen_from, headline, byline,"
        " published, modified, publisher, section, language, canonical, access, notices, posts,"
        " links, summary, revert_of, untold, content_digest, snapshot_digest, extractor_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article_id, version.number, version.kind, capture_id,
            to_text(version.seen_from or at),
            snapshot.headline, *(getattr(snapshot, name) for name in METADATA),
            _json([[n.kind, n.text, n.place] for n in snapshot.notices]),
            _json([[p.key, p.time, p.first, p.count] for p in snapshot.posts]),
            put_links(db, snapshot.links),
            version.summary, version.revert_of, version.untold,
            bytes.fromhex(version.content_digest), bytes.fromhex(version.snapshot_digest),
            extractor_id(db, version.extractor),
        ),
    )  # fmt: skip
    version_id = int(cursor.lastrowid or 0)
    insert_paragraphs(db, version_id, snapshot.paragraphs)
    return version_id


def insert_capture(db: Database, article_id: int, capture: Capture, digest: str) -> int:
    """Stores a response with its body; gives its id."""
    stored = compress(db, article_id, capture.body)
    headers: dict[str, str] = {}
    for name, value in capture.headers:
        if name in KEPT_HEADERS:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    cursor = db.conn.execute(
        "INSERT INTO capture (article_id, fetched_at, url, final_url, status, headers, body,"
        " body_bytes, body_digest, dictionary_id, chain) VALUES (?, ?,"
        " nullif(?, (SELECT url FROM article WHERE id = ?)), ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article_id,
            to_text(capture.fetched_at),
            capture.url,
            article_id,
            None if capture.final_url == capture.url else capture.final_url,
            capture.status,
            _json(headers),
            stored.data,
            len(capture.body),
            bytes.fromhex(digest),
            stored.dictionary_id,
            stored.chain,
        ),
    )
    return int(cursor.lastrowid or 0)


def insert_paragraphs(db: Database, version_id: int, paragraphs: Sequence[Paragraph]) -> None:
    """Stores the text of a version that has none yet."""
    ids = text_ids(db, [p.text for p in paragraphs])
    db.conn.executemany(
        "INSERT INTO paragraph_run (version_id, position, paragraph_id, count, kind)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            (version_id, *run, None if kind == "paragraph" else kind)
            for *run, kind in _runs(ids, [p.kind for p in paragraphs])
        ],
    )


def extractor_id(db: Database, name: str) -> int:
    """The id of an extractor by its name, stored if it is new."""
    db.conn.execute(
        "INSERT INTO extractor (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (name,)
    )
    found = db.conn.execute("SELECT id FROM extractor WHERE name = ?", (name,)).fetchone()
    return int(found[0])


def _runs(ids: Sequence[int], kinds: Sequence[str]) -> list[tuple[int, int, int, str]]:
    """Paragraphs as (position, first id, count, kind), consecutive ids of one kind together.

    New paragraphs get consecutive ids, so an edit leaves long runs before and after it: a
    version costs a few rows, not one a paragraph.
    """
    runs: list[tuple[int, int, int, str]] = []
    for position, (paragraph_id, kind) in enumerate(zip(ids, kinds, strict=True)):
        if runs:
            start, first, count, last_kind = runs[-1]
            if paragraph_id == first + count and kind == last_kind:
                runs[-1] = (start, first, count + 1, kind)
                continue
        runs.append((position, paragraph_id, 1, kind))
    return runs


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load_snapshot(db: Database, version_id: int) -> Snapshot:
    """The whole text of a version."""
    row = db.conn.execute(
        "SELECT v.headline, v.notices, v.posts, coalesce(c.final_url, c.url, a.url), v.byline,"
        " v.published, v.modified, v.publisher, v.section, v.language, v.canonical, v.access,"
        " v.links"
        " FROM version v JOIN capture c ON c.id = v.capture_id"
        " JOIN article a ON a.id = c.article_id WHERE v.id = ?",
        (version_id,),
    ).fetchone()
    paragraphs = db.conn.execute(
        "SELECT kind, text FROM version_paragraph WHERE version_id = ? ORDER BY position",
        (version_id,),
    ).fetchall()
    return Snapshot(
        headline=row[0],
        notices=tuple(Notice(*fields) for fields in json.loads(row[1])),
        posts=tuple(Post(*fields) for fields in json.loads(row[2])),
        url=row[3],
        paragraphs=tuple(Paragraph(kind, text) for kind, text in paragraphs),
        links=read_links(db, row[-1]),
        **dict(zip(METADATA, row[4:-1], strict=True)),
    )


def find_content(db: Database, article_id: int, digest: str, before: int) -> Earlier | None:
    """The latest version older than number `before` that had this content."""
    content = bytes.fromhex(digest)
    row = db.conn.execute(
        "SELECT max(number) FROM version"
        " WHERE article_id = ? AND content_digest = ? AND number < ?",
        (article_id, content, before),
    ).fetchone()
    if row[0] is None:
        return None
    waited, told = db.conn.execute(
        "SELECT EXISTS (SELECT 1 FROM quarantine q JOIN version v ON v.id = q.version_id"
        " WHERE q.article_id = ?1 AND v.content_digest = ?2),"
        " EXISTS (SELECT 1 FROM version"
        " WHERE article_id = ?1 AND number > ?3 AND number <= ?4 AND untold IS NULL)",
        (article_id, content, row[0], before),
    ).fetchone()
    (flickers,) = db.conn.execute(
        "SELECT revert_of IS NOT NULL AND content_digest != ? FROM version"
        " WHERE article_id = ? AND number = ?",
        (content, article_id, before),
    ).fetchone()
    return Earlier(int(row[0]), bool(waited), bool(told), bool(flickers))


_VERSIONS = """
SELECT v.id, v.article_id, v.number, v.kind, v.seen_from, w.seen_until, v.headline, v.byline,
       v.published, v.modified, v.summary, v.revert_of, x.name, v.capture_id, v.untold,
       c.weight, c.score, c.sentence
FROM version v
JOIN version_window w ON w.version_id = v.id
JOIN extractor x ON x.id = v.extractor_id
LEFT JOIN change c ON c.version_id = v.id
WHERE v.article_id = ? ORDER BY v.number
"""


def list_versions(db: Database, article_id: int) -> list[VersionRecord]:
    """An article's versions, oldest first."""
    return [_version(row) for row in db.conn.execute(_VERSIONS, (article_id,))]


def snapshot_digests(db: Database, article_id: int) -> dict[int, str]:
    """The digests of an article's versions, by their ids."""
    rows = db.conn.execute(
        "SELECT id, lower(hex(snapshot_digest)) FROM version WHERE article_id = ?", (article_id,)
    )
    return {int(version_id): str(digest) for version_id, digest in rows}


def _version(row: tuple[Any, ...]) -> VersionRecord:
    (
        version_id, article_id, number, kind, seen_from, seen_until, headline, byline,
        published, modified, summary, revert_of, extractor, capture_id, untold,
        weight, score, sentence,
    ) = row  # fmt: skip
    return VersionRecord(
        id=version_id,
        article_id=article_id,
        number=number,
        kind=kind,
        seen_from=from_text(seen_from),
        seen_until=from_text(seen_until),
        headline=headline,
        byline=byline,
        published=published,
        modified=modified,
        summary=summary,
        revert_of=revert_of,
        extractor=extractor,
        capture_id=capture_id,
        untold=untold,
        weight=weight,
        score=score,
        sentence=sentence,
    )


def seen_until(db: Database, version_id: int) -> datetime | None:
    """When a version was last confirmed live; None for an unknown one."""
    row = db.conn.execute(
        "SELECT seen_until FROM version_window WHERE version_id = ?", (version_id,)
    ).fetchone()
    return None if row is None else from_text(row[0])


def capture_of(db: Database, version_id: int) -> tuple[int, str | None]:
    """The capture a version came from, and its content type."""
    row = db.conn.execute(
        "SELECT c.id, c.headers FROM version v JOIN capture c ON c.id = v.capture_id"
        " WHERE v.id = ?",
        (version_id,),
    ).fetchone()
    return int(row[0]), json.loads(row[1]).get("content-type")
