"""What can be wrong with one article: its entries, versions, texts, changes and events."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from storage.faults import UNREADABLE, Fault
from storage.findings import find_kinds
from storage.ledger import (
    Entry,
    derived_digest,
    entry_digest,
    list_entries,
    rebuild_facts,
    version_facts,
)
from storage.material import load_sides
from storage.versions import load_snapshot
from watcher.core.align import apply
from watcher.core.compare import summarise
from watcher.core.findings.evidence import words_at
from watcher.core.findings.find import heaviest, total
from watcher.core.model import Change, Snapshot
from watcher.core.text import content_digest, snapshot_digest
from watcher.core.times import from_text, to_milliseconds


@dataclass(frozen=True, slots=True)
class _Version:
    """A version by its row alone: what else belongs to it may be missing."""

    id: int
    number: int
    content_digest: str
    snapshot_digest: str


def check_article(db: Database, article_id: int) -> list[Fault]:
    """All that is wrong with an article's rows, in the order of its versions.

    Damaged rows are faults. Damaged pages of the file raise sqlite3.DatabaseError.
    """
    rows = db.conn.execute(
        "SELECT id, number, lower(hex(content_digest)), lower(hex(snapshot_digest)) FROM version"
        " WHERE article_id = ? ORDER BY number",
        (article_id,),
    ).fetchall()
    versions = [_Version(*row) for row in rows]
    faults = [
        *_numbering(article_id, versions),
        *_chain(db, article_id, versions),
        *_texts(db, article_id, versions),
        *_changes(db, article_id, versions),
        *_events(db, article_id),
        *_state(db, article_id, versions),
    ]
    return sorted(faults, key=lambda fault: (fault.version is None, fault.version or 0))


def _numbering(article_id: int, versions: list[_Version]) -> Iterator[Fault]:
    for wanted, version in enumerate(versions, 1):
        if version.number != wanted:
            detail = f"version {wanted} is missing: it was removed"
            yield Fault("ledger", detail, article_id, wanted)
            return


@dataclass(slots=True)
class _Now:
    """A version's derived digest as it is stored now, and as the ledger last wrote it."""

    number: int
    digest: bytes | None
    entered: bytes | None = None


def _chain(db: Database, article_id: int, versions: list[_Version]) -> Iterator[Fault]:
    numbers = {version.id: version.number for version in versions}
    now = {v.id: _Now(v.number, _derived(db, v.id)) for v in versions}
    entered: list[int] = []
    before: bytes | None = None
    for entry in list_entries(db, article_id):
        number = None if entry.version_id is None else numbers.get(entry.version_id)
        if entry.version_id is not None:
            entered.append(entry.version_id)
            if number != len(entered):
                stands = "a missing version" if number is None else f"version {number}"
                detail = f"entry {entry.id} of the ledger is of {stands}: the order is broken"
                yield Fault("ledger", detail, article_id, min(number or len(entered), len(entered)))
        if _facts_digest(db, before, entry) != entry.digest:
            what = "rebuilt history" if number is None else f"version {number}"
            detail = f"{what}: its facts, or the entry before it, are not those of the ledger"
            yield Fault("ledger", detail, article_id, number)
        before = entry.digest
        for version_id, digest in zip(_covered(entry, entered), entry.derived, strict=False):
            if version_id in now:
                now[version_id].entered = digest
    for each in now.values():
        if each.entered is None:
            detail = f"version {each.number} has no entry in the ledger: it was put there later"
            yield Fault("ledger", detail, article_id, each.number)
        elif each.entered != each.digest:
            detail = (
                f"version {each.number}: its headline, metadata, summary or change are not those"
                " of the ledger"
            )
            yield Fault("ledger", detail, article_id, each.number)


def _covered(entry: Entry, entered: list[int]) -> list[int]:
    return entered if entry.version_id is None else [entry.version_id]


def _derived(db: Database, version_id: int) -> bytes | None:
    try:
        return derived_digest(db, version_id)
    except UNREADABLE:
        return None


def _facts_digest(db: Database, before: bytes | None, entry: Entry) -> bytes | None:
    try:
        if entry.version_id is not None:
            facts = version_facts(db, entry.version_id)
        else:
            facts = rebuild_facts(db, entry.rebuild_id or 0)
    except TypeError:
        return None
    return entry_digest(before, facts, entry.derived)


def _texts(db: Database, article_id: int, versions: list[_Version]) -> Iterator[Fault]:
    for version in versions:
        try:
            stored = load_snapshot(db, version.id)
        except UNREADABLE as error:
            detail = f"version {version.number} cannot be read: {error}"
            yield Fault("text", detail, article_id, version.number)
            continue
        digests = (version.content_digest, version.snapshot_digest)
        if (content_digest(stored), snapshot_digest(stored)) != digests:
            detail = f"version {version.number}: its text does not match its digest"
            yield Fault("text", detail, article_id, version.number)


def _changes(db: Database, article_id: int, versions: list[_Version]) -> Iterator[Fault]:
    for old, new in itertools.pairwise(versions):
        wrong = _change_fault(db, old, new)
        if wrong is not None:
            yield Fault("change", f"version {new.number}: {wrong}", article_id, new.number)


def _change_fault(db: Database, old: _Version, new: _Version) -> str | None:
    row = db.conn.execute(
        "SELECT c.from_version_id, c.form, c.found, c.at, v.seen_from FROM change c"
        " JOIN version v ON v.id = c.version_id WHERE c.version_id = ?",
        (new.id,),
    ).fetchone()
    if row is None:
        return "the change that made it is missing"
    if row[0] != old.id:
        return f"its change does not start from version {old.number}"
    try:
        sides = load_sides(db, old.id, new.id)
        if sides is None:
            return "the change that made it is missing"
        before, after = ([paragraph.text for paragraph in text.paragraphs] for text in sides[:2])
        edits = sides[2].edits
        if apply(before, edits) != after:
            return "its change does not lead from the old text to the new one"
        if summarise(edits) != dict(sides[2].summary):
            return "its change has other edits than it counts"
        listed = (
            find_kinds(db, {each.kind for each in sides[2].findings}),
            to_milliseconds(from_text(row[4])),
        )
        if (row[2], row[3]) != listed:
            return "its findings are listed as others, or at another time"
        return _meaning_fault(*sides, is_compact=row[1] == "compact")
    except UNREADABLE as error:
        return f"its change does not fit the texts: {error}"


def _meaning_fault(old: Snapshot, new: Snapshot, change: Change, *, is_compact: bool) -> str | None:
    if change.weight != heaviest(change.findings) or change.score != total(change.findings):
        return "its weight or score is not that of its findings"
    for each in change.findings:
        # of an old page that another extractor read, the notices are not kept
        are_old = not is_compact or words_at(old, each.evidence, "old") == each.old
        if not are_old or words_at(new, each.evidence, "new") != each.new:
            return f"the words of a finding ({each.kind}) are not where it says"
    return None


_EVENTS = """
SELECT v.number, count(e.seq) FROM version v
LEFT JOIN event e ON e.version_id = v.id AND e.article_id = v.article_id
     AND e.type = 'article.updated'
WHERE v.article_id = ? GROUP BY v.id
HAVING count(e.seq) != (v.kind != 'first' AND v.untold IS NULL) ORDER BY v.number
"""

_STRAYS = """
SELECT 'event ' || e.id || ' is of a version of another article' FROM event e
JOIN version v ON v.id = e.version_id WHERE e.article_id = ?1 AND v.article_id != ?1
UNION ALL
SELECT 'event ' || id || ' is an update of no version' FROM event
WHERE article_id = ?1 AND type = 'article.updated' AND version_id IS NULL
UNION ALL
SELECT 'delivery ' || d.id || ' is of an event of another article' FROM delivery d
JOIN event e ON e.seq = d.event_seq WHERE d.article_id = ?1 AND e.article_id != ?1
UNION ALL
SELECT 'delivery ' || d.id || ' counts more attempts than are on record' FROM delivery d
WHERE d.article_id = ?1 AND d.attempts >
  (SELECT count(*) FROM delivery_attempt a WHERE a.delivery_id = d.id)
UNION ALL
SELECT 'delivery ' || d.id || ' counts as delivered, but no attempt was answered with 2xx'
FROM delivery d WHERE d.article_id = ?1 AND d.state = 'delivered' AND NOT EXISTS
  (SELECT 1 FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.status BETWEEN 200 AND 299)
"""


# After a rebuild a change may say another thing than people were told of it.
_RETOLD = """
SELECT v.number, e.id FROM event e
JOIN version v ON v.id = e.version_id
JOIN change c ON c.version_id = v.id
WHERE e.article_id = ?1 AND v.article_id = ?1 AND e.type = 'article.updated'
  AND (coalesce(e.summary, c.sentence), e.weight, e.score) != (c.sentence, c.weight, c.score)
  AND NOT EXISTS (SELECT 1 FROM rebuild WHERE article_id = ?1)
ORDER BY v.number
"""


def _events(db: Database, article_id: int) -> Iterator[Fault]:
    for number, count in db.conn.execute(_EVENTS, (article_id,)):
        told = "is told by no event" if count == 0 else f"has {count} events of its own"
        yield Fault("events", f"version {number} {told}", article_id, number)
    for number, event in db.conn.execute(_RETOLD, (article_id,)):
        detail = f"event {event} says or weighs version {number} otherwise than its change does"
        yield Fault("events", detail, article_id, number)
    for (detail,) in db.conn.execute(_STRAYS, (article_id,)):
        yield Fault("events", detail, article_id)


def _state(db: Database, article_id: int, versions: list[_Version]) -> Iterator[Fault]:
    row = db.conn.execute(
        "SELECT version_id FROM schedule WHERE article_id = ?", (article_id,)
    ).fetchone()
    latest = versions[-1].id if versions else None
    if row is None:
        yield Fault("references", "the article has no schedule: it is never polled", article_id)
    elif row[0] != latest:
        number = versions[-1].number if versions else None
        yield Fault(
            "references", "polls compare with another version than the latest", article_id, number
        )
    (strays,) = db.conn.execute(
        "SELECT count(*) FROM observation o JOIN version v ON v.id = o.version_id"
        " WHERE o.article_id = ?1 AND v.article_id != ?1",
        (article_id,),
    ).fetchone()
    if strays:
        detail = f"{strays} observations are of a version of another article"
        yield Fault("references", detail, article_id)
    for version in versions:
        (seen,) = db.conn.execute(
            "SELECT count(*) FROM observation WHERE version_id = ?", (version.id,)
        ).fetchone()
        if not seen:
            detail = f"version {version.number} was seen by no poll of the log"
            yield Fault("references", detail, article_id, version.number)
