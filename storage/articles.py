"""Articles and their schedule: what is watched, what is due, what a poll must know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.quarantine import held_pages
from watcher.core.decide import ArticleState, LatestVersion
from watcher.core.model import Validators
from watcher.core.quarantine import Held, PageMemory
from watcher.core.schedule.following import Followed, from_bytes
from watcher.core.schedule.rate import NO_EVIDENCE, Evidence
from watcher.core.schedule.terms import USUAL, Terms
from watcher.core.times import from_text, to_text
from watcher.core.urls import host_of, url_key


@dataclass(frozen=True, slots=True)
class WatchedArticle:
    """An article as the configuration names it; `interval` in seconds."""

    url: str
    story: str
    interval: float
    terms: Terms = USUAL


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a synchronisation did, as article ids.

    `same` are configured URLs that are another address of an article that is watched already,
    with that article: no article of their own came of them.
    """

    added: tuple[int, ...]
    retired: tuple[int, ...]
    same: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class UrlOwner:
    """The article that has a URL, and whether the configuration still names it."""

    article_id: int
    watched: bool


def sync_articles(db: Database, articles: Iterable[WatchedArticle], now: datetime) -> SyncResult:
    """Makes the watched articles those of the configuration, and those that its feeds and
    sitemaps found. History is never removed.

    An article whose URL is already known, also as a redirect target, keeps its identity. Must
    run inside a write transaction.
    """
    added: list[int] = []
    kept: set[int] = set()
    same: list[tuple[str, int]] = []
    at = to_text(now)
    for article in articles:
        story_id = _story(db, article.story, at)
        key = url_key(article.url)
        row = db.conn.execute("SELECT article_id FROM article_url WHERE key = ?", (key,)).fetchone()
        if row is None:
            kept.add(article_id := _add(db, article, story_id, key, at, "configured"))
            added.append(article_id)
        elif row[0] not in kept:
            kept.add(row[0])
            _keep(db, row[0], article, story_id, at)
        else:
            same.append((article.url, row[0]))
    named = [(article_id,) for article_id in kept]
    # Whatever found them first: the configuration names them now.
    db.conn.executemany("DELETE FROM adopted WHERE article_id = ?", named)
    watched = db.conn.execute(
        "SELECT article_id FROM schedule WHERE watched = 1 AND article_id NOT IN"
        " (SELECT a.article_id FROM adopted a JOIN source s ON s.id = a.source_id"
        " WHERE s.watched = 1 AND a.removed_at IS NULL AND a.follow_until > ?)",
        (at,),
    ).fetchall()
    retired = tuple(row[0] for row in watched if row[0] not in kept)
    db.conn.executemany(
        "UPDATE schedule SET watched = 0, leased_until = NULL WHERE article_id = ?",
        [(article_id,) for article_id in retired],
    )
    return SyncResult(tuple(added), retired, tuple(same))


def _story(db: Database, name: str, at: str) -> int:
    db.conn.execute(
        "INSERT INTO story (name, added_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (name, at)
    )
    found = db.conn.execute("SELECT id FROM story WHERE name = ?", (name,)).fetchone()
    return int(found[0])


def adopt(
    db: Database,
    article: WatchedArticle,
    key: str,
    source_id: int,
    until: datetime,
    now: datetime,
) -> int:
    """Takes up an article that a source found, to be followed for a time; gives its id."""
    at = to_text(now)
    article_id = _add(db, article, _story(db, article.story, at), key, at, "found")
    db.conn.execute(
        "INSERT INTO adopted (article_id, source_id, follow_until) VALUES (?, ?, ?)",
        (article_id, source_id, to_text(until)),
    )
    return article_id


def _add(
    db: Database, article: WatchedArticle, story_id: int, key: str, at: str, source: str
) -> int:
    cursor = db.conn.execute(
        "INSERT INTO article (story_id, url, added_at) VALUES (?, ?, ?)",
        (story_id, article.url, at),
    )
    article_id = int(cursor.lastrowid or 0)
    db.conn.execute(
        "INSERT INTO article_url (article_id, url, key, source, first_at) VALUES (?, ?, ?, ?, ?)",
        (article_id, article.url, key, source, at),
    )
    db.conn.execute(
        "INSERT INTO schedule (article_id, host, watched, interval, next_poll_at, revision,"
        " health, failures, missing, shortest, longest, weight, quiet)"
        " VALUES (?, ?, 1, ?, ?, 0, 'new', 0, 0, ?, ?, ?, ?)",
        (article_id, host_of(article.url), article.interval, at, *astuple(article.terms)),
    )
    return article_id


def _keep(db: Database, article_id: int, article: WatchedArticle, story_id: int, at: str) -> None:
    """Follows what the configuration says today; a returning article is due at once.

    A shorter interval takes effect at once as well, a longer one after the next poll. A poll
    under way is decided again, so that it does not schedule by what was configured before.
    """
    db.conn.execute(
        "UPDATE article SET story_id = ?, url = ? WHERE id = ? AND (story_id, url) != (?, ?)",
        (story_id, article.url, article_id, story_id, article.url),
    )
    _retime(db, article_id, article.interval, article.terms, at)
    db.conn.execute(
        "UPDATE schedule SET next_poll_at = CASE watched WHEN 0 THEN ?1 ELSE next_poll_at END,"
        " planned = CASE watched WHEN 0 THEN 0 ELSE planned END,"
        " quiet_since = CASE watched WHEN 0 THEN ?1 ELSE quiet_since END,"
        " health = CASE WHEN watched = 0 AND health = 'settled' THEN 'live' ELSE health END,"
        " watched = 1, host = ?2, revision = revision + 1"
        " WHERE article_id = ?3 AND (watched = 0 OR host != ?2)",
        (at, host_of(article.url), article_id),
    )


def _retime(db: Database, article_id: int, interval: float, terms: Terms, at: str) -> None:
    """Other times between polls; what may be quiet for longer now is settled no more."""
    values = {
        "article": article_id, "interval": interval, "at": at, "shortest": terms.shortest,
        "longest": terms.longest, "weight": terms.weight, "quiet": terms.quiet,
    }  # fmt: skip
    db.conn.execute(
        "UPDATE schedule SET health = 'live', next_poll_at = :at, planned = 0"
        " WHERE article_id = :article"
        " AND health = 'settled' AND (:quiet IS NULL OR :quiet > quiet)",
        values,
    )
    db.conn.execute(
        "UPDATE schedule SET next_poll_at = CASE WHEN interval > :interval AND health != 'settled'"
        " THEN :at ELSE next_poll_at END, interval = :interval, shortest = :shortest,"
        " longest = :longest, weight = :weight, quiet = :quiet, revision = revision + 1"
        " WHERE article_id = :article AND (interval, shortest, longest, weight, quiet) IS NOT"
        " (:interval, :shortest, :longest, :weight, :quiet)",
        values,
    )


def retime_found(
    db: Database, source_id: int, interval: float, terms: Terms, now: datetime
) -> None:
    """Follows what the configuration says today of the articles that a source found."""
    rows = db.conn.execute("SELECT article_id FROM adopted WHERE source_id = ?", (source_id,))
    for (article_id,) in rows.fetchall():
        _retime(db, article_id, interval, terms, to_text(now))


_STATE = """
SELECT h.article_id, a.url, s.name, h.interval, h.next_poll_at, h.revision, h.health, h.failures,
       h.missing, h.version_id, v.number, lower(hex(v.content_digest)),
       lower(hex(v.snapshot_digest)), x.name,
       h.validator_url, h.etag, h.last_modified, h.body_digest, h.fingerprint, h.outline,
       h.rate, h.pressure, r.start_seen, r.start_expected, r.steady_seen, r.steady_expected,
       coalesce(instr(v.notices, '["developing"'), 0), h.shortest, h.longest, h.weight, h.quiet,
       h.quiet_since, h.fresh, v.publisher, h.quarantine_id, h.holds
FROM schedule h
JOIN article a ON a.id = h.article_id
JOIN story s ON s.id = a.story_id
LEFT JOIN version v ON v.id = h.version_id
LEFT JOIN extractor x ON x.id = v.extractor_id
LEFT JOIN host_rate r ON r.host = h.host
WHERE h.article_id IN (SELECT value FROM json_each(?))
ORDER BY h.next_poll_at, h.article_id
"""


def states(db: Database, article_ids: Sequence[int]) -> list[ArticleState]:
    """What polls of these articles must know, the longest due first."""
    rows = db.conn.execute(_STATE, (json.dumps(list(article_ids)),)).fetchall()
    held = held_pages(db, [row[-2] for row in rows if row[-2] is not None])
    return [_state(row, held) for row in rows]


def _state(row: tuple[object, ...], pages: Mapping[int, Held]) -> ArticleState:
    (
        article_id, url, story, interval, due, revision, health, failures, missing,
        version_id, number, content, snapshot, extractor,
        validator_url, etag, last_modified, body_digest, fingerprint, outline,
        rate, pressure, start_seen, start_expected, steady_seen, steady_expected, developing,
        shortest, longest, weight, quiet, quiet_since, fresh, publisher, quarantine_id, holds,
    ) = row  # fmt: skip
    latest = None
    if version_id is not None:
        latest = LatestVersion(version_id, number, content, snapshot, extractor)  # type: ignore[arg-type]
    validators = None
    if validator_url is not None:
        validators = Validators(validator_url, etag, last_modified)  # type: ignore[arg-type]
    return ArticleState(
        id=article_id,  # type: ignore[arg-type]  # the schema is STRICT
        url=url,  # type: ignore[arg-type]
        story=story,  # type: ignore[arg-type]
        interval=interval,  # type: ignore[arg-type]
        due=from_text(due),  # type: ignore[arg-type]
        revision=revision,  # type: ignore[arg-type]
        health=health,  # type: ignore[arg-type]
        failures=failures,  # type: ignore[arg-type]
        missing=missing,  # type: ignore[arg-type]
        latest=latest,
        memory=PageMemory(validators, body_digest, fingerprint, outline),  # type: ignore[arg-type]
        held=None if quarantine_id is None else pages[quarantine_id],  # type: ignore[index]
        holds=holds,  # type: ignore[arg-type]
        followed=Followed(
            None if rate is None else from_bytes(rate),  # type: ignore[arg-type]
            pressure,  # type: ignore[arg-type]
            NO_EVIDENCE
            if start_seen is None
            else Evidence(start_seen, start_expected, steady_seen, steady_expected),  # type: ignore[arg-type]
        ),
        developing=bool(developing),
        terms=Terms(shortest, longest, weight, quiet),  # type: ignore[arg-type]
        quiet_since=None if quiet_since is None else from_text(quiet_since),  # type: ignore[arg-type]
        fresh=fresh,  # type: ignore[arg-type]
        publisher=publisher,  # type: ignore[arg-type]
    )


def lease(db: Database, article_ids: list[int], until: datetime) -> list[ArticleState]:
    """Leases these articles, whoever had them, inside a write transaction."""
    if not article_ids:
        return []
    db.conn.execute(
        "UPDATE schedule SET leased_until = ?, hinted = 0"
        " WHERE article_id IN (SELECT value FROM json_each(?))",
        (to_text(until), json.dumps(article_ids)),
    )
    return states(db, article_ids)


def release(db: Database, article_ids: Sequence[int], next_poll_at: datetime | None = None) -> None:
    """Gives leases back without a decision; with a time, the article is due only then."""
    at = None if next_poll_at is None else to_text(next_poll_at)
    db.conn.executemany(
        "UPDATE schedule SET leased_until = NULL, next_poll_at = coalesce(?, next_poll_at)"
        " WHERE article_id = ?",
        [(at, article_id) for article_id in article_ids],
    )


def release_all(db: Database) -> int:
    """Gives all leases back; for the one daemon of a database, when it starts."""
    cursor = db.conn.execute(
        "UPDATE schedule SET leased_until = NULL WHERE leased_until IS NOT NULL"
    )
    return cursor.rowcount


def owner_of_url(db: Database, key: str) -> UrlOwner | None:
    """The article that has a URL, by its key."""
    row = db.conn.execute(
        "SELECT u.article_id, h.watched FROM article_url u"
        " JOIN schedule h ON h.article_id = u.article_id WHERE u.key = ?",
        (key,),
    ).fetchone()
    return None if row is None else UrlOwner(int(row[0]), bool(row[1]))


def redirect_of(db: Database, article_id: int) -> str | None:
    """Where permanent redirects led last, else the address that a feed or sitemap lists for it.

    None if there is no such address.
    """
    row = db.conn.execute(
        "SELECT url FROM article_url WHERE article_id = ? AND source = 'redirect'"
        " ORDER BY first_at DESC, id DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    if row is None:
        row = db.conn.execute(
            "SELECT url FROM listing WHERE article_id = ? ORDER BY last_at DESC LIMIT 1",
            (article_id,),
        ).fetchone()
    return None if row is None else str(row[0])
