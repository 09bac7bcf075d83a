"""Whose turn it is: deliveries to one endpoint about one article are sent in order.

A delivery stands in the line of its article; that of a digest in the lines of all articles whose
events it tells. It is its turn once it is the first that waits in each of its lines. That is
written down (`in_turn`), so that of thousands that wait only those whose turn it is are read.
"""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from watcher.core.times import to_text


def _earlier(article: str) -> str:
    """Whether one before `d` waits in the line of an article."""
    return f"""(EXISTS (
  SELECT 1 FROM delivery x WHERE x.state = 'pending' AND x.endpoint = d.endpoint
    AND x.article_id = {article} AND x.event_seq < d.event_seq
) OR EXISTS (
  SELECT 1 FROM delivery x
  JOIN alert_decision g ON g.digest_seq = x.event_seq AND g.article_id = {article}
  WHERE x.state = 'pending' AND x.endpoint = d.endpoint AND x.article_id IS NULL
    AND x.event_seq < d.event_seq
))"""  # noqa: S608  # of constants alone


_IS_FIRST = f"""CASE WHEN d.article_id IS NOT NULL THEN NOT {_earlier("d.article_id")}
ELSE NOT EXISTS (
  SELECT 1 FROM alert_decision m WHERE m.digest_seq = d.event_seq AND {_earlier("m.article_id")}
) END"""  # noqa: S608  # of constants alone

_TAKE = f"UPDATE delivery AS d SET in_turn = {_IS_FIRST} WHERE d.id = ?"  # noqa: S608

_ALL = f"""
UPDATE delivery AS d SET in_turn = NOT in_turn
WHERE d.state = 'pending' AND d.in_turn != {_IS_FIRST}
"""  # noqa: S608  # of constants alone

_OF_ARTICLE = """
SELECT id FROM delivery
WHERE state = 'pending' AND endpoint = :endpoint AND article_id = :article {0}
"""

_OF_DIGESTS = """
SELECT x.id FROM delivery x
JOIN alert_decision g ON g.digest_seq = x.event_seq AND g.article_id = :article
WHERE x.state = 'pending' AND x.endpoint = :endpoint AND x.article_id IS NULL {0}
"""

_FIRST = "ORDER BY event_seq LIMIT 1"
_FIRST_DIGEST = "ORDER BY x.event_seq LIMIT 1"


def enqueue(
    db: Database, event_seq: int, endpoint: str, article_id: int | None, due: datetime
) -> None:
    """Puts a delivery of an event, or of a digest (without an article), at the end of its lines.

    The events of a digest must have been given to it before.
    """
    cursor = db.conn.execute(
        "INSERT INTO delivery (event_seq, endpoint, article_id, state, attempts, in_turn,"
        " next_attempt_at) VALUES (?, ?, ?, 'pending', 0, 0, ?)",
        (event_seq, endpoint, article_id, to_text(due)),
    )
    db.conn.execute(_TAKE, (cursor.lastrowid,))


def pass_on(db: Database, delivery_id: int) -> None:
    """A delivery does not wait any more: it is the turn of those behind it."""
    endpoint, articles = _lines_of(db, delivery_id)
    for article in articles:
        line = {"endpoint": endpoint, "article": article}
        _take(db, _OF_ARTICLE.format(_FIRST), line)
        _take(db, _OF_DIGESTS.format(_FIRST_DIGEST), line)


def take_anew(db: Database, delivery_id: int) -> None:
    """A delivery waits again: it is its turn, or that of others no more, or neither."""
    endpoint, articles = _lines_of(db, delivery_id)
    db.conn.execute(_TAKE, (delivery_id,))
    for article in articles:
        line = {"endpoint": endpoint, "article": article}
        _take(db, _OF_ARTICLE.format("AND in_turn = 1"), line)
        _take(db, _OF_DIGESTS.format("AND x.in_turn = 1"), line)


def all_turns(db: Database) -> None:
    """Finds every turn anew, should somebody have changed rows by hand."""
    db.conn.execute(_ALL)


def _take(db: Database, which: str, line: dict[str, object]) -> None:
    found = db.conn.execute(which, line).fetchall()
    db.conn.executemany(_TAKE, found)


def _lines_of(db: Database, delivery_id: int) -> tuple[str, list[int]]:
    endpoint, article, event_seq = db.conn.execute(
        "SELECT endpoint, article_id, event_seq FROM delivery WHERE id = ?", (delivery_id,)
    ).fetchone()
    if article is not None:
        return endpoint, [article]
    rows = db.conn.execute(
        "SELECT DISTINCT article_id FROM alert_decision WHERE digest_seq = ?", (event_seq,)
    )
    return endpoint, [number for (number,) in rows]
