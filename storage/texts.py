"""Every distinct text once, by its digest, and the index of its words.

Paragraphs, headlines and the notices outside of the paragraphs all stand in `paragraph`: what
search looks through is one table of texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from watcher.core.spaced import spaced

DIGEST_BYTES = 20
"""Of SHA-256, kept per paragraph: finding two texts with one digest takes 2**80 tries."""


def paragraph_digest(text: str) -> bytes:
    """The digest by which two texts of paragraphs are the same."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:DIGEST_BYTES]


def text_ids(db: Database, texts: Sequence[str]) -> list[int]:
    """The ids of texts, in their order; those that are new are stored and put into the index."""
    digests = [paragraph_digest(text) for text in texts]
    (last,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM paragraph").fetchone()
    db.conn.executemany(
        "INSERT INTO paragraph (digest, text) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        zip(digests, texts, strict=True),
    )
    ids = [_id(db, digest) or 0 for digest in digests]
    new = {number: text for number, text in zip(ids, texts, strict=True) if number > last}
    index_texts(db, new.items())
    return ids


def known_id(db: Database, text: str) -> int | None:
    """The id of a text, None if it is not stored."""
    return _id(db, paragraph_digest(text))


def index_texts(db: Database, texts: Iterable[tuple[int, str]]) -> None:
    """Adds texts, by their ids in `paragraph`, to the index of words."""
    prepared = [(number, text, spaced(text).text) for number, text in texts]
    apart = [(number, words) for number, text, words in prepared if words != text]
    if apart:
        db.conn.executemany("INSERT INTO paragraph_spaced (id, text) VALUES (?, ?)", apart)
    db.conn.executemany(
        "INSERT INTO search (rowid, text) VALUES (?, ?)",
        [(number, words) for number, _, words in prepared],
    )


def _id(db: Database, digest: bytes) -> int | None:
    row = db.conn.execute("SELECT id FROM paragraph WHERE digest = ?", (digest,)).fetchone()
    return None if row is None else int(row[0])
