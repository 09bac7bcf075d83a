"""The ledger: one entry for each version and each rebuilt history, chained by digests.

Two chains. `digest` covers an entry's facts, its `derived` digests and the entry before it of the
same article; `seal` covers `digest` and the entry before it in the whole archive. An alteration
breaks the first at its version, a removed or inserted entry the second as well, and whoever noted
a head (the number and seal of the last entry) knows later whether the archive still goes back to
it: without such a note, nothing can tell a shortened archive from a young one.

Facts are what was observed and decided: the capture with the digest of its body, the number, the
times. What is derived from them (texts, digests, summary, change, findings) is replaced when a
history is rebuilt, so it stands in an entry as a digest of its own, and a rebuild is an entry
too, with the digests of all versions as they read from then on. The chain so says what was read
when, by which extractor, and a rebuild needs to rewrite nothing of it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlite_utils import Database

from storage.findings import spelled
from storage.targets import spelled_link_changes, spelled_links

BYTES = 32
"""A whole SHA-256: an entry is evidence, and is as strong as its weakest digest."""

_LINKS, _CHANGED_LINKS, _SENTENCE = 12, 23, 36
"""Where derived_digest() reads the links and their changes: their addresses stand elsewhere."""

_START = bytes(BYTES)
"""What stands for the entry before the first one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored entry. `derived` are digests, one for a version, one each for a rebuild."""

    id: int
    version_id: int | None
    rebuild_id: int | None
    derived: tuple[bytes, ...]
    digest: bytes
    seal: bytes


def enter_version(db: Database, version_id: int) -> None:
    """Adds the entry of a version that was stored, with its capture and change, just now."""
    (article_id,) = db.conn.execute(
        "SELECT article_id FROM version WHERE id = ?", (version_id,)
    ).fetchone()
    facts = version_facts(db, version_id)
    _enter(db, article_id, facts, (derived_digest(db, version_id),), version_id, None)


def enter_rebuild(db: Database, rebuild_id: int) -> None:
    """Adds the entry of a history that was rebuilt just now."""
    (article_id,) = db.conn.execute(
        "SELECT article_id FROM rebuild WHERE id = ?", (rebuild_id,)
    ).fetchone()
    derived = tuple(
        derived_digest(db, row[0])
        for row in db.conn.execute(
            "SELECT id FROM version WHERE article_id = ? ORDER BY number", (article_id,)
        ).fetchall()
    )
    _enter(db, article_id, rebuild_facts(db, rebuild_id), derived, None, rebuild_id)


def _enter(
    db: Database,
    article_id: int,
    facts: list[object],
    derived: tuple[bytes, ...],
    version_id: int | None,
    rebuild_id: int | None,
) -> None:
    before = db.conn.execute(
        "SELECT digest FROM ledger WHERE article_id = ? ORDER BY id DESC LIMIT 1", (article_id,)
    ).fetchone()
    last = db.conn.execute("SELECT id, seal FROM ledger ORDER BY id DESC LIMIT 1").fetchone()
    number, seal = (0, _START) if last is None else last
    digest = entry_digest(None if before is None else before[0], facts, derived)
    db.conn.execute(
        "INSERT INTO ledger (id, article_id, version_id, rebuild_id, derived, digest, seal)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number + 1, article_id, version_id, rebuild_id, b"".join(derived), digest,
            seal_of(seal, digest),
        ),
    )  # fmt: skip


def entry_digest(before: bytes | None, facts: list[object], derived: tuple[bytes, ...]) -> bytes:
    """An entry's digest, by that of the article's entry before it (None: the first one)."""
    return hashlib.sha256((before or _START) + _digest(facts) + b"".join(derived)).digest()


def seal_of(before: bytes | None, digest: bytes) -> bytes:
    """An entry's seal, by that of the archive's entry before it (None: the first one)."""
    return hashlib.sha256((before or _START) + digest).digest()


def version_facts(db: Database, version_id: int) -> list[object]:
    """What was observed of a version. Raises TypeError if its capture is missing."""
    row = db.conn.execute(
        "SELECT v.article_id, v.number, v.seen_from, v.untold, d.after, c.fetched_at,"
        " coalesce(c.url, a.url), c.final_url, c.status, c.headers, c.body_bytes,"
        " lower(hex(c.body_digest))"
        " FROM version v JOIN capture c ON c.id = v.capture_id"
        " JOIN article a ON a.id = c.article_id"
        " LEFT JOIN change d ON d.version_id = v.id WHERE v.id = ?",
        (version_id,),
    ).fetchone()
    return ["version", *row]


def rebuild_facts(db: Database, rebuild_id: int) -> list[object]:
    """When and by which extractor a history was rebuilt."""
    row = db.conn.execute(
        "SELECT r.article_id, r.at, x.name, r.versions, r.differing"
        " FROM rebuild r JOIN extractor x ON x.id = r.extractor_id WHERE r.id = ?",
        (rebuild_id,),
    ).fetchone()
    return ["rebuild", *row]


def derived_digest(db: Database, version_id: int) -> bytes:
    """The digest of all that an extractor and a comparison made of a version's page.

    Its paragraphs are in it by the version's digests of them. Raises TypeError if the version
    names an extractor that is missing.
    """
    row = db.conn.execute(
        "SELECT v.kind, v.headline, v.byline, v.published, v.modified, v.publisher, v.section,"
        " v.language, v.canonical, v.access, v.notices, v.posts, v.links, v.summary,"
        " v.revert_of,"
        " lower(hex(v.content_digest)), lower(hex(v.snapshot_digest)), x.name,"
        " b.number, d.headline, d.metadata, d.notices, d.kinds, d.links, d.noise, d.edits,"
        " d.form,"
        " d.equal_count,"
        " d.insert_count, d.delete_count, d.replace_count, d.split_count, d.merge_count,"
        " d.moved_count, d.weight, d.score, d.sentence, d.coverage,"
        " d.findings"
        " FROM version v JOIN extractor x ON x.id = v.extractor_id"
        " LEFT JOIN change d ON d.version_id = v.id"
        " LEFT JOIN version b ON b.id = d.from_version_id WHERE v.id = ?",
        (version_id,),
    ).fetchone()
    *told, findings = row
    told[_LINKS] = spelled_links(db, row[_LINKS])
    told[_CHANGED_LINKS] = spelled_link_changes(db, row[_CHANGED_LINKS])
    return _digest(["derived", *told, spelled(findings, told[_SENTENCE])])


def list_entries(db: Database, article_id: int) -> list[Entry]:
    """An article's entries, oldest first."""
    rows = db.conn.execute(
        "SELECT id, version_id, rebuild_id, derived, digest, seal FROM ledger"
        " WHERE article_id = ? ORDER BY id",
        (article_id,),
    )
    return [
        Entry(number, version, rebuilt, _split(derived), digest, seal)
        for number, version, rebuilt, derived, digest, seal in rows
    ]


def _split(derived: bytes) -> tuple[bytes, ...]:
    return tuple(derived[at : at + BYTES] for at in range(0, len(derived), BYTES))


def _digest(values: list[object]) -> bytes:
    # JSON in ASCII is unambiguous about where one value ends.
    return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode("ascii")).digest()
