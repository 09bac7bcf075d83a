"""record(): one decision, one transaction."""

from __future__ import annotations

import secrets

from sqlite_utils import Database

from storage.alerts import tell
from storage.appearances import follow_texts
from storage.changes import insert_change
from storage.hints import bring_forward, hint_story
from storage.hostrest import settle_host
from storage.hosttext import remember_texts
from storage.ledger import enter_version
from storage.noise import count_noise
from storage.observations import observe
from storage.quarantine import insert_hold, memory_columns, see_again, settle_hold
from storage.rates import keep_rate
from storage.versions import insert_version
from watcher.core.decide import Decision, NewVersion
from watcher.core.model import EventType
from watcher.core.times import to_text
from watcher.core.urls import likely_same, url_key
from watcher.errors import StaleDecision


def record(db: Database, decision: Decision) -> tuple[str, ...]:
    """Writes all that one poll led to; gives the ids of its events.

    Must run inside a write transaction. Raises StaleDecision, having written nothing, if the
    article was decided upon by somebody else since the decision's revision was read.
    """
    row = db.conn.execute(
        "SELECT revision, version_id, observation_id, validator_url, etag, last_modified,"
        " body_digest, fingerprint, outline, quarantine_id, holds, host, hinted FROM schedule"
        " WHERE article_id = ?",
        (decision.article_id,),
    ).fetchone()
    if row is None or row[0] != decision.revision:
        raise StaleDecision(
            f"article {decision.article_id} was changed by another process meanwhile: decide again"
        )
    version_id: int | None = row[1]
    held_id: int | None = row[9]
    if decision.version is not None:
        version_id = _write_version(db, decision, decision.version, version_id)
    held_id = _write_hold(db, decision, held_id, version_id)
    remember_texts(db, decision)
    count_noise(db, decision)
    observation_id = observe(db, decision, version_id, row[2])
    _reschedule(db, decision)
    if decision.following is not None:
        keep_rate(db, decision.article_id, decision.following)
        if any(event.type is EventType.UPDATED for event in decision.events):
            hint_story(db, decision.article_id, decision.at)
    settle_host(db, row[11], decision.at, decision.status, decision.refusal)
    known = (
        version_id, observation_id, *memory_columns(decision.memory), held_id, decision.holds
    )  # fmt: skip
    if known != row[1:11]:
        _remember(db, decision.article_id, known)
    if row[12]:
        bring_forward(db, [decision.article_id], decision.at)
    if decision.moved_to is not None and not _add_url(db, decision, decision.moved_to):
        raise StaleDecision(
            f"{decision.moved_to} became another article's address meanwhile: decide again"
        )
    if decision.version is not None and decision.version.number == 1:
        _add_canonical(db, decision, decision.version.snapshot.canonical)
    events = []
    for draft in decision.events:
        event_id = f"evt_{secrets.token_urlsafe(12)}"
        about = version_id if draft.about_version else None
        tell(db, event_id, decision.article_id, about, draft, decision.at)
        events.append(event_id)
    return tuple(events)


def _write_version(
    db: Database, decision: Decision, version: NewVersion, previous: int | None
) -> int:
    """Stores a version with its change from the previous one; gives its id."""
    version_id = insert_version(db, decision.article_id, version, decision.at)
    if previous is not None:
        insert_change(db, version_id, previous, version, decision.at)
    enter_version(db, version_id)
    follow_texts(db, decision.article_id, version_id)
    return version_id


def _write_hold(
    db: Database, decision: Decision, held_id: int | None, version_id: int | None
) -> int | None:
    """Settles the page that was held, or holds this one; gives the id of what is held now."""
    if decision.settles is not None and held_id is not None:
        settle_hold(db, held_id, decision, version_id)
        held_id = None
    if decision.hold is not None:
        return insert_hold(db, decision.article_id, decision.hold, decision.at)
    if decision.held_again is not None and held_id is not None:
        see_again(db, held_id, decision.held_again, decision.at)
    return held_id


def _reschedule(db: Database, decision: Decision) -> None:
    db.conn.execute(
        "UPDATE schedule SET next_poll_at = ?, leased_until = NULL, revision = revision + 1,"
        " health = ?, failures = ?, missing = ?, planned = ?, quiet_since = ?, fresh = ?,"
        " pressure = coalesce(?, pressure) WHERE article_id = ?",
        (
            to_text(decision.next_poll_at), decision.health, decision.failures, decision.missing,
            (decision.next_poll_at - decision.at).total_seconds(),
            None if decision.quiet_since is None else to_text(decision.quiet_since),
            decision.fresh,
            decision.pressure, decision.article_id,
        ),
    )  # fmt: skip


def _remember(db: Database, article_id: int, known: tuple[object, ...]) -> None:
    """Apart from _reschedule, because most polls change nothing of it and it costs as much."""
    db.conn.execute(
        "UPDATE schedule SET version_id = ?, observation_id = ?, validator_url = ?, etag = ?,"
        " last_modified = ?, body_digest = ?, fingerprint = ?, outline = ?,"
        " quarantine_id = ?, holds = ? WHERE article_id = ?",
        (*known, article_id),
    )


def _add_canonical(db: Database, decision: Decision, canonical: str | None) -> None:
    """The address that a new article's page gives itself is its own too, unless another has it."""
    (url,) = db.conn.execute(
        "SELECT url FROM article WHERE id = ?", (decision.article_id,)
    ).fetchone()
    if canonical is not None and likely_same(url, canonical):
        db.conn.execute(
            "INSERT INTO article_url (article_id, url, key, source, first_at)"
            " VALUES (?, ?, ?, 'canonical', ?) ON CONFLICT (key) DO NOTHING",
            (decision.article_id, canonical, url_key(canonical), to_text(decision.at)),
        )


def _add_url(db: Database, decision: Decision, url: str) -> bool:
    cursor = db.conn.execute(
        "INSERT INTO article_url (article_id, url, key, source, first_at)"
        " VALUES (?, ?, ?, 'redirect', ?) ON CONFLICT (key) DO NOTHING",
        (decision.article_id, url, url_key(url), to_text(decision.at)),
    )
    return cursor.rowcount == 1
