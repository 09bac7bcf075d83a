"""Which texts came and went on a host's articles, and which of them are the site's own.

`host_text` is a short memory, of about a day: not facts, but what tells a banner on every page from
an edit. A text that was found to be the site's own is kept in `site_text`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from storage.texts import paragraph_digest
from watcher.core.decide import Decision
from watcher.core.drift import (
    LIKELY_FROM,
    REMEMBERED_FOR,
    SHARED_BY,
    SHARED_WITHIN,
    HostFacts,
    Spread,
)
from watcher.core.times import from_milliseconds, from_text, to_milliseconds, to_text

_SLICE = 2**56
"""How far behind a key what is too old is forgotten: a 256th of all keys, which are as good as
random. So the memory stays short without an index of times."""


@dataclass(frozen=True, slots=True)
class SiteText:
    """A text of the site's own: changes of it alone are no news of an article.

    `articles` is on how many of the host's articles it came or went last; times as of changes.
    """

    host: str
    text: str
    articles: int
    first_at: datetime
    last_at: datetime


def remember_texts(db: Database, decision: Decision) -> None:
    """Remembers what came and went with a decision; forgets what is too old to matter."""
    if not decision.came and not decision.went:
        return
    (host,) = db.conn.execute(
        "SELECT host FROM schedule WHERE article_id = ?", (decision.article_id,)
    ).fetchone()
    rows = [
        (_key(host, text), came, decision.article_id, to_milliseconds(decision.at))
        for came, texts in ((1, decision.came), (0, decision.went))
        for text in sorted(texts)
    ]
    db.conn.executemany(
        "INSERT INTO host_text (key, came, article_id, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (key, came, article_id) DO UPDATE SET at = excluded.at",
        rows,
    )
    since = _since(decision.at)
    db.conn.executemany(
        "DELETE FROM host_text WHERE key BETWEEN ?1 AND ?1 + ?2 AND at <= ?3",
        [(key, _SLICE, since) for key, *_ in rows],
    )
    for text in sorted(decision.site_texts):
        _remember_site_text(db, host, text, decision.at)


def _remember_site_text(db: Database, host: str, text: str, at: datetime) -> None:
    articles, first = db.conn.execute(
        "SELECT count(DISTINCT article_id), min(at) FROM host_text WHERE key = ? AND at > ?",
        (_key(host, text), _since(at)),
    ).fetchone()
    began = at if first is None else from_milliseconds(first)
    db.conn.execute(
        "INSERT INTO site_text (host, digest, text, articles, first_at, last_at)"
        " VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (host, digest) DO UPDATE SET"
        " articles = max(articles, excluded.articles), last_at = excluded.last_at",
        (host, paragraph_digest(text), text, articles, to_text(began), to_text(at)),
    )


def _key(host: str, text: str) -> int:
    """By what the short memory knows a text on a host: it is not worth more bytes than these."""
    told = f"{host}\n{text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(told).digest()[:8], signed=True)


def host_facts(
    db: Database, article_id: int, came: Collection[str], went: Collection[str], now: datetime
) -> HostFacts:
    """On how many other articles of its host these texts came and went, and pages jumped."""
    (host,) = db.conn.execute(
        "SELECT host FROM schedule WHERE article_id = ?", (article_id,)
    ).fetchone()
    known = _known(db, host, [*came, *went], now)
    spreads: dict[str, Spread] = {}
    looked: dict[int, int] = {}
    for side, texts in ((1, came), (0, went)):
        for text in texts:
            found = db.conn.execute(
                _SHARED, (_key(host, text), side, article_id, _since(now))
            ).fetchone()
            spread = _spread(db, host, article_id, found, looked)
            spreads[text] = replace(spread, known=paragraph_digest(text) in known)
    others, first, elsewhere = db.conn.execute(
        _JUMPED, (host, article_id, to_text(now - SHARED_WITHIN))
    ).fetchone()
    began = None if first is None else to_milliseconds(from_text(first))
    jumped = (others, began, elsewhere)
    return HostFacts(host, spreads, _spread(db, host, article_id, jumped, looked))


_SHARED = """
SELECT count(*), min(t.at), max(a.story_id != (SELECT story_id FROM article WHERE id = ?3))
FROM host_text t JOIN article a ON a.id = t.article_id
WHERE t.key = ?1 AND t.came = ?2 AND t.article_id != ?3 AND t.at > ?4
"""

# The plus sign keeps SQLite from going through all of the host's articles: few pages are held.
_JUMPED = """
SELECT count(DISTINCT q.article_id), min(q.first_at),
       max(a.story_id != (SELECT story_id FROM article WHERE id = ?2))
FROM quarantine q
JOIN schedule h ON h.article_id = q.article_id
JOIN article a ON a.id = q.article_id
WHERE q.first_at > ?3 AND +h.host = ?1 AND q.article_id != ?2 AND q.cause = 'jump'
  AND q.state IN ('held', 'confirmed')
"""

_LOOKED = """
SELECT count(*) FROM schedule h JOIN observation o ON o.id = h.observation_id
WHERE h.host = ? AND h.watched = 1 AND h.article_id != ? AND o.last_at >= ?
  AND o.outcome IN ('new-version', 'unchanged', 'quarantined')
"""

_WATCHED = "SELECT count(*) FROM schedule WHERE host = ? AND watched = 1 AND article_id != ?"


def _since(now: datetime) -> int:
    return to_milliseconds(now - SHARED_WITHIN)


def _known(db: Database, host: str, texts: Collection[str], now: datetime) -> set[bytes]:
    digests = json.dumps([paragraph_digest(text).hex().upper() for text in texts])
    rows = db.conn.execute(
        "SELECT digest FROM site_text WHERE host = ? AND last_at > ?"
        " AND hex(digest) IN (SELECT value FROM json_each(?))",
        (host, to_text(now - REMEMBERED_FOR), digests),
    )
    return {row[0] for row in rows}


def _spread(
    db: Database,
    host: str,
    article_id: int,
    found: tuple[int, int | None, int | None],
    looked: dict[int, int],
) -> Spread:
    """`looked` keeps what was counted before: texts of one change often came first together."""
    others, first, elsewhere = found
    if first is None or others < (LIKELY_FROM if elsewhere else SHARED_BY):
        return Spread(others, others)
    if first not in looked:
        since = to_text(from_milliseconds(first))
        (looked[first],) = db.conn.execute(_LOOKED, (host, article_id, since)).fetchone()
    (watched,) = db.conn.execute(_WATCHED, (host, article_id)).fetchone()
    return Spread(others, looked[first], bool(elsewhere), watched=watched)


def list_site_texts(db: Database) -> list[SiteText]:
    """The texts that are known as sites' own, by host, the newest first."""
    rows = db.conn.execute(
        "SELECT host, text, articles, first_at, last_at FROM site_text ORDER BY host, last_at DESC"
    )
    return [
        SiteText(host, text, articles, from_text(first), from_text(last))
        for host, text, articles, first, last in rows
    ]
