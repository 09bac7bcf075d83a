"""Whether the search index holds exactly the words of the stored texts, and nothing else."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from storage.appearances import stored_stretches, stretches
from storage.connection import open_scratch
from storage.faults import UNREADABLE, Fault
from storage.search_tables import TOKENIZE
from watcher.core.spaced import spaced

REMEDY = "`watcher reindex` makes it anew, and nothing is lost"

AT_ONCE = 2000
"""Texts that are indexed anew at a time, to compare."""

_SUMS = """
SELECT count(*), coalesce(sum((unicode(term) * 40503 + length(term) * 7919
  + unicode(substr(term, -1)) * 31 + doc * 2654435761 + offset * 97) % 2147483647), 0) FROM """
"""Over every word at every place in every text: what is kept alike in any order, and differs with
any word, text or place. FTS5 has a check of its own, but only for those who may write."""

Sums = tuple[int, int]


def check_search(db: Database) -> list[Fault]:
    """Whether the index of words agrees with the texts."""
    try:
        stored = _indexed(db)
        (indexed,) = db.conn.execute("SELECT count(*) FROM search_docsize").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):
            raise
        return [Fault("search", f"the search index is damaged ({error}): {REMEDY}")]
    texts, apart, wanted = _wanted(db)
    if indexed != texts:
        told = f"the search index has {indexed} texts, but {texts} are stored"
    elif stored != wanted:
        told = "the search index does not hold the words of the stored texts"
    elif apart:
        told = f"{apart} texts without spaces between words are not prepared for the search"
    else:
        return []
    return [Fault("search", f"{told}: {REMEDY}")]


def check_appearances(db: Database, article_id: int) -> list[Fault]:
    """Whether what search says of when texts came and went follows from an article's versions."""
    try:
        wrong = stretches(db, article_id) != stored_stretches(db, article_id)
    except UNREADABLE:
        # a fault of the version, which check_article names
        wrong = False
    if not wrong:
        return []
    detail = f"what search says of when texts came and went differs from the versions: {REMEDY}"
    return [Fault("search", detail, article_id)]


def _indexed(db: Database) -> Sums:
    db.conn.execute(
        "CREATE VIRTUAL TABLE temp.search_words USING fts5vocab(main, search, instance)"
    )
    try:
        return _sums(db.conn, "temp.search_words")
    finally:
        db.conn.execute("DROP TABLE temp.search_words")


def _wanted(db: Database) -> tuple[int, int, Sums]:
    """The number of texts, of those prepared wrongly, and what the index must sum up to."""
    scratch = open_scratch()
    scratch.execute(f"CREATE VIRTUAL TABLE few USING fts5(text, content = '', {TOKENIZE})")
    scratch.execute("CREATE VIRTUAL TABLE words USING fts5vocab(few, instance)")
    texts = apart = 0
    total: Sums = (0, 0)
    rows = db.conn.execute(
        "SELECT p.id, p.text, s.text FROM paragraph p"
        " LEFT JOIN paragraph_spaced s ON s.id = p.id ORDER BY p.id"
    )
    while batch := rows.fetchmany(AT_ONCE):
        prepared = [(number, text, spaced(text).text, kept) for number, text, kept in batch]
        apart += sum(
            kept != (None if words == text else words) for _, text, words, kept in prepared
        )
        scratch.executemany(
            "INSERT INTO few (rowid, text) VALUES (?, ?)",
            [(number, words) for number, _, words, _ in prepared],
        )
        more = _sums(scratch, "words")
        total = (total[0] + more[0], total[1] + more[1])
        scratch.execute("INSERT INTO few (few) VALUES ('delete-all')")
        texts += len(batch)
    scratch.close()
    return texts, apart, total


def _sums(connection: sqlite3.Connection, table: str) -> Sums:
    count, mixed = connection.execute(_SUMS + table).fetchone()
    return int(count), int(mixed)
