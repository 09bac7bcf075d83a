"""What search asks, made anew from the stored versions: nothing of it is an original."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sqlite_utils import Database

from storage.appearances import renew_appearances
from storage.search_tables import INDEX, SMALL_PAGES
from storage.texts import index_texts

AT_ONCE = 1000
"""Texts that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How much was made anew: texts in the index, articles and their appearances."""

    texts: int
    articles: int
    appearances: int


def reindex(db: Database) -> Reindexed:
    """Makes the index of words and all appearances anew, whatever became of them.

    Must run inside a write transaction.
    """
    _drop_index(db)
    db.conn.execute(INDEX)
    db.conn.execute(SMALL_PAGES)
    db.conn.execute("DELETE FROM paragraph_spaced")
    last = 0
    while rows := db.conn.execute(
        "SELECT id, text FROM paragraph WHERE id > ? ORDER BY id LIMIT ?", (last, AT_ONCE)
    ).fetchall():
        index_texts(db, rows)
        last = rows[-1][0]
    db.conn.execute("DELETE FROM appearance")
    articles = db.conn.execute("SELECT id FROM article ORDER BY id").fetchall()
    for (article_id,) in articles:
        renew_appearances(db, article_id)
    db.conn.execute("INSERT INTO search (search) VALUES ('optimize')")
    texts, appearances = db.conn.execute(
        "SELECT (SELECT count(*) FROM paragraph), (SELECT count(*) FROM appearance)"
    ).fetchone()
    return Reindexed(texts, len(articles), appearances)


def _drop_index(db: Database) -> None:
    try:
        db.conn.execute("DROP TABLE IF EXISTS search")
    except sqlite3.DatabaseError:
        # So damaged that SQLite cannot even open it: its entry goes by hand, its parts as tables.
        db.conn.execute("PRAGMA writable_schema = ON")
        db.conn.execute("DELETE FROM sqlite_master WHERE type = 'table' AND name = 'search'")
        db.conn.execute("PRAGMA writable_schema = RESET")
    for part in ("data", "idx", "content", "docsize", "config"):
        db.conn.execute(f"DROP TABLE IF EXISTS search_{part}")
