"""Feeds and sitemaps: their schedule, what they list, and the articles adopted from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.articles import WatchedArticle, adopt, retime_found
from storage.hints import bring_forward
from storage.hostrest import RESTING, bounds, settle_host
from storage.moved import tell_moved
from watcher.core.alerts.alert import Audience
from watcher.core.hostrest import Refusal
from watcher.core.listing import MOST_FOLLOWED, Listed, SourceKind
from watcher.core.model import Outcome, Validators
from watcher.core.schedule.terms import USUAL, Terms
from watcher.core.times import from_text, to_text
from watcher.core.urls import host_of


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A feed or sitemap as the configuration names it.

    `interval` (seconds) is its own, `article_interval` that of the articles found. `criteria` says
    what is looked for: when that changes, all that is listed is looked at again.
    """

    kind: SourceKind
    url: str
    story: str
    interval: float
    article_interval: float
    criteria: str = ""
    article_terms: Terms = USUAL


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as a poll finds it."""

    id: int
    kind: SourceKind
    url: str
    story: str
    interval: float
    failures: int
    read_at: datetime | None
    validators: Validators | None
    body_digest: str | None


@dataclass(frozen=True, slots=True)
class SourceRead:
    """What a source listed; articles that are found are followed for `follow_for`.

    `audience` hears of articles that moved.
    """

    listed: Sequence[Listed]
    follow_for: timedelta
    article_interval: float
    body_digest: str | None
    validators: Validators | None
    article_terms: Terms = USUAL
    audience: Audience = field(default_factory=Audience)


@dataclass(frozen=True, slots=True)
class SourceDecision:
    """All that one look at a source leads to. `read` is None if nothing new was read."""

    source_id: int
    at: datetime
    outcome: str
    detail: str
    status: int | None
    failures: int
    next_poll_at: datetime
    read: SourceRead | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Discovered:
    """What came of a look at a source.

    The ids of new articles, how many polls it hastened, and the events of articles that moved.
    """

    added: tuple[int, ...] = ()
    hinted: int = 0
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source with its latest state, for lists. `following` counts articles found by it."""

    id: int
    kind: str
    url: str
    story: str
    next_poll_at: datetime
    failures: int
    outcome: str | None
    detail: str
    polled_at: datetime | None
    read_at: datetime | None
    listed: int
    matched: int
    following: int


def sync_sources(db: Database, sources: Iterable[WatchedSource], now: datetime) -> None:
    """Makes the watched sources those of the configuration; new ones are due at once."""
    at, kept = to_text(now), set()
    for source in sources:
        (source_id,) = db.conn.execute(
            "INSERT INTO source (kind, url, story, host, criteria, watched, interval, next_poll_at,"
            " failures, detail, listed, matched)"
            " VALUES (?1, ?2, ?3, ?4, ?7, 1, ?5, ?6, 0, '', 0, 0)"
            " ON CONFLICT (url, story) DO UPDATE SET kind = ?1, watched = 1, interval = ?5,"
            " next_poll_at = CASE WHEN watched = 0 OR interval > ?5 OR criteria != ?7 THEN ?6"
            " ELSE next_poll_at END, criteria = ?7,"
            " validator_url = CASE WHEN criteria = ?7 THEN validator_url END,"
            " body_digest = CASE WHEN criteria = ?7 THEN body_digest END"
            " RETURNING id",
            (
                source.kind, source.url, source.story, host_of(source.url), source.interval, at,
                source.criteria,
            ),
        ).fetchall()[0]  # fmt: skip
        kept.add(source_id)
        retime_found(db, source_id, source.article_interval, source.article_terms, now)
    db.conn.execute(
        "UPDATE source SET watched = 0, leased_until = NULL"
        " WHERE watched = 1 AND id NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(kept)),),
    )


def lease_sources(
    db: Database, now: datetime, until: datetime, *, everything: bool = False
) -> list[SourceState]:
    """Leases due sources, or all; and ends the following of articles whose time is over."""
    db.conn.execute(
        "UPDATE schedule SET watched = 0, leased_until = NULL WHERE watched = 1 AND article_id IN"
        " (SELECT article_id FROM adopted WHERE follow_until <= ?)",
        (to_text(now),),
    )
    rows = db.conn.execute(
        "SELECT id, kind, url, story, interval, failures, read_at, validator_url, etag,"  # noqa: S608
        " last_modified, body_digest FROM source WHERE watched = 1"
        " AND (:all OR next_poll_at <= :now) AND (leased_until IS NULL OR leased_until <= :now)"
        f" AND (:all OR host NOT IN ({RESTING})) ORDER BY next_poll_at, id",
        {**bounds(now), "all": everything},
    ).fetchall()
    db.conn.executemany(
        "UPDATE source SET leased_until = ? WHERE id = ?",
        [(to_text(until), row[0]) for row in rows],
    )
    return [_state(row) for row in rows]


def _state(row: tuple[object, ...]) -> SourceState:
    *head, read_at, validator_url, etag, modified, digest = row
    validators = None
    if validator_url is not None:
        validators = Validators(validator_url, etag, modified)  # type: ignore[arg-type]
    read = None if read_at is None else from_text(read_at)  # type: ignore[arg-type]
    return SourceState(*head, read, validators, digest)  # type: ignore[arg-type, call-arg]


def release_sources(db: Database, source_id: int | None = None) -> None:
    """Gives leases back, of one source or of all."""
    db.conn.execute(
        "UPDATE source SET leased_until = NULL WHERE ?1 IS NULL OR id = ?1", (source_id,)
    )


def record_source(db: Database, decision: SourceDecision) -> Discovered:
    """Writes all that one look at a source led to; must run inside a write transaction.

    New articles are those whose address nobody had: what was removed, or followed long enough,
    does not come back because it is listed still.
    """
    at, read = to_text(decision.at), decision.read
    row = db.conn.execute(
        "UPDATE source SET leased_until = NULL, next_poll_at = ?, outcome = ?, detail = ?,"
        " status = ?, failures = ?, polled_at = ? WHERE id = ? RETURNING host, story, watched",
        (
            to_text(decision.next_poll_at), decision.outcome, decision.detail, decision.status,
            decision.failures, at, decision.source_id,
        ),
    ).fetchall()  # fmt: skip
    if not row:
        return Discovered()
    host, story, watched = row[0]
    settle_host(db, host, decision.at, decision.status, decision.refusal)
    if decision.failures == 0:
        db.conn.execute("UPDATE source SET read_at = ? WHERE id = ?", (at, decision.source_id))
    if read is None or not watched:
        return Discovered()
    validators = read.validators
    tags = (None,) * 3 if validators is None else (
        validators.url, validators.etag, validators.last_modified
    )  # fmt: skip
    db.conn.execute(
        "UPDATE source SET listed = ?, matched = ?, validator_url = ?, etag = ?, last_modified = ?,"
        " body_digest = ? WHERE id = ?",
        (
            len(read.listed), sum(each.wanted for each in read.listed), *tags, read.body_digest,
            decision.source_id,
        ),
    )  # fmt: skip
    return _discover(db, decision.source_id, story, read, decision.at)


def _discover(
    db: Database, source_id: int, story: str, read: SourceRead, now: datetime
) -> Discovered:
    keys = json.dumps([each.key for each in read.listed])
    owners: dict[str, int] = dict(
        db.conn.execute(
            "SELECT key, article_id FROM article_url WHERE key IN (SELECT value FROM json_each(?))",
            (keys,),
        ).fetchall()
    )
    guids: dict[str, int] = dict(
        db.conn.execute(
            "SELECT guid, article_id FROM listing WHERE source_id = ? AND guid != ''", (source_id,)
        ).fetchall()
    )
    (followed,) = db.conn.execute(
        "SELECT count(*) FROM adopted a JOIN schedule h ON h.article_id = a.article_id"
        " WHERE a.source_id = ? AND h.watched = 1",
        (source_id,),
    ).fetchone()
    added: list[int] = []
    newer: list[int] = []
    moved: list[str] = []
    often = Counter(each.item.guid for each in read.listed)
    for each in read.listed:
        # An entry that keeps its guid under another address is the same article.
        article_id = owners.get(each.key) or guids.get(each.item.guid)
        if article_id is None:
            if not each.wanted or followed + len(added) >= MOST_FOLLOWED:
                continue
            wanted = WatchedArticle(each.item.url, story, read.article_interval, read.article_terms)
            article_id = adopt(db, wanted, each.key, source_id, now + read.follow_for, now)
            added.append(article_id)
        elif each.key not in owners and often[each.item.guid] == 1:
            # A guid that stands at several entries of one listing tells articles apart no longer.
            moved.append(tell_moved(db, article_id, each, read.audience, now))
        if _list(db, source_id, article_id, each, now):
            newer.append(article_id)
    _follow_on(db, newer, now + read.follow_for)
    _let_go(db, source_id, now)
    return Discovered(tuple(added), bring_forward(db, newer, now), tuple(moved))


def _list(db: Database, source_id: int, article_id: int, each: Listed, now: datetime) -> bool:
    """Notes that an article is listed; True if that says that it changed since it was polled."""
    at = to_text(now)
    updated = None if each.item.updated is None else to_text(each.item.updated)
    known = db.conn.execute(
        "SELECT updated FROM listing WHERE source_id = ? AND article_id = ?",
        (source_id, article_id),
    ).fetchone()
    db.conn.execute(
        "INSERT INTO listing (source_id, article_id, url, guid, updated, first_at, last_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (source_id, article_id) DO UPDATE SET"
        " url = ?3, guid = ?4, updated = coalesce(max(updated, ?5), ?5, updated), last_at = ?6",
        (source_id, article_id, each.item.url, each.item.guid, updated, at),
    )
    if updated is None:
        return False
    if known is not None and known[0] is not None:
        return bool(updated > known[0])
    polled = db.conn.execute(
        "SELECT o.last_at FROM schedule h JOIN observation o ON o.id = h.observation_id"
        " WHERE h.article_id = ?",
        (article_id,),
    ).fetchone()
    return polled is not None and updated > polled[0]


def _follow_on(db: Database, articles: Sequence[int], until: datetime) -> None:
    """An article that goes on changing is followed on."""
    db.conn.execute(
        "UPDATE adopted SET follow_until = max(follow_until, ?)"
        " WHERE removed_at IS NULL AND article_id IN (SELECT value FROM json_each(?))",
        (to_text(until), json.dumps(list(articles))),
    )


def _let_go(db: Database, source_id: int, now: datetime) -> None:
    """Ends the following of what was never seen, as its address is a private one, and is listed no
    more: nothing will come of it, and whoever reads the status can do nothing about it."""
    db.conn.execute(
        "UPDATE schedule SET watched = 0, leased_until = NULL WHERE watched = 1"
        " AND version_id IS NULL AND health = 'unreachable' AND article_id IN"
        " (SELECT a.article_id FROM adopted a JOIN listing l USING (article_id, source_id)"
        " WHERE a.source_id = ? AND l.last_at < ?)"
        " AND observation_id IN (SELECT id FROM observation WHERE outcome = ?)",
        (source_id, to_text(now), Outcome.FORBIDDEN_ADDRESS.value),
    )


def unfollow(db: Database, article_id: int, now: datetime) -> bool:
    """Ends the following of an article that a source found; False if none did."""
    cursor = db.conn.execute(
        "UPDATE adopted SET removed_at = ? WHERE article_id = ? AND removed_at IS NULL",
        (to_text(now), article_id),
    )
    if cursor.rowcount:
        db.conn.execute(
            "UPDATE schedule SET watched = 0, leased_until = NULL WHERE article_id = ?",
            (article_id,),
        )
    return cursor.rowcount == 1


def list_sources(db: Database) -> list[SourceRecord]:
    """The sources of the configuration, by id."""
    rows: list[Any] = db.conn.execute(
        "SELECT s.id, s.kind, s.url, s.story, s.next_poll_at, s.failures, s.outcome, s.detail,"
        " s.polled_at, s.read_at, s.listed, s.matched, (SELECT count(*) FROM adopted a"
        " JOIN schedule h ON h.article_id = a.article_id"
        " WHERE a.source_id = s.id AND h.watched = 1)"
        " FROM source s WHERE s.watched = 1 ORDER BY s.id"
    ).fetchall()
    return [
        SourceRecord(  # type: ignore[call-arg]
            *row[:4], from_text(row[4]), *row[5:8],
            None if row[8] is None else from_text(row[8]),
            None if row[9] is None else from_text(row[9]),
            *row[10:],
        )
        for row in rows
    ]  # fmt: skip


def found_by(db: Database) -> dict[int, tuple[str, datetime]]:
    """Of the followed articles that a source found: its URL, and until when they are followed."""
    rows = db.conn.execute(
        "SELECT a.article_id, s.url, a.follow_until FROM adopted a"
        " JOIN source s ON s.id = a.source_id JOIN schedule h ON h.article_id = a.article_id"
        " WHERE h.watched = 1"
    )
    return {article_id: (url, from_text(until)) for article_id, url, until in rows}
