"""Whatever is altered, put in or taken out of an archive, verifying it says where."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.bodies import zstd
from storage.check_article import check_article
from storage.check_file import Head, check_file, check_paragraphs, check_references, check_seals
from storage.check_page import PageWalk
from storage.connection import open_for_reading
from storage.faults import Fault
from storage.ledger import derived_digest, entry_digest, seal_of, version_facts
from storage.store import Store
from tests.storage.builders import URL, minutes, see, settle, snapshot, watched
from watcher.core.history import derive
from watcher.core.model import Link

OTHER = "https://news.example/storm"


@pytest.fixture
async def archived(store: Store, path: Path) -> Path:
    """Two articles in turn, four versions each; a delivered event."""
    await store.sync_articles([watched(), watched(OTHER)], minutes(0))
    for number in range(4):
        for article in (1, 2):
            text = [f"Paragraph {n} of {article}." for n in range(3)]
            text[number % 3] = f"Edition {number} of {article}, told anew."
            links = (Link(0, 0, 9, f"https://ministry.example/{article}?a=1"),)
            links += (Link(1, 0, 9, f"https://ministry.example/report/{number}"),)
            modified = f"2026-03-01T08:0{number}:00Z"
            content = replace(snapshot(*text, modified=modified), links=links)
            await see(store, article, content, minutes(10 * number + article))
    await settle(store, 1, minutes(60))
    store.close()
    return path


def verified(path: Path, noted: Head | None = None) -> list[Fault]:
    db = open_for_reading(path)
    try:
        faults = [*check_file(db), *check_references(db), *check_paragraphs(db)]
        faults += check_seals(db, noted)[1]
        for (article,) in db.conn.execute("SELECT id FROM article").fetchall():
            faults += check_article(db, article)
            walk = PageWalk(article)
            while (page := walk.step(db)) is not None:
                faults += [] if page.fault is None else [page.fault]
    finally:
        db.conn.close()
    return faults


def alter(path: Path, *statements: str) -> None:
    """As somebody with the sqlite3 program does it."""
    other = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        assert other.execute(statement).rowcount != 0, statement
    other.close()


def head(path: Path) -> Head:
    db = open_for_reading(path)
    found, _ = check_seals(db)
    db.conn.close()
    assert found is not None
    return found


def test_an_untouched_archive_is_sound(archived: Path) -> None:
    assert verified(archived) == []
    assert verified(archived, head(archived)) == []
    assert head(archived).entry == 8


V = "(SELECT id FROM version WHERE article_id = 1 AND number = {})"


@pytest.mark.parametrize(
    ("statement", "check", "first_bad"),
    [
        ("UPDATE version SET seen_from = '2026-03-01T08:10:59.000Z' WHERE id = {2}", "ledger", 2),
        ("UPDATE version SET headline = 'River falls' WHERE id = {3}", "text", 3),
        ("UPDATE version SET headline = 'River falls' WHERE id = {3}", "ledger", 3),
        ("UPDATE version SET summary = 'nothing to see' WHERE id = {2}", "ledger", 2),
        ("UPDATE version SET untold = 'never mind' WHERE id = {2}", "ledger", 2),
        ("UPDATE version SET canonical = 'https://evil.example/' WHERE id = {4}", "ledger", 4),
        ("UPDATE version SET links = '[]' WHERE id = {4}", "text", 4),
        ("UPDATE version SET links = 'not JSON' WHERE id = {3}", "ledger", 3),
        ("UPDATE change SET links = '[]' WHERE version_id = {3}", "ledger", 3),
        ("UPDATE link_target SET url = 'https://ministry.example/1?a=2' WHERE id = 1", "ledger", 1),
        ("UPDATE link_target SET url = 'https://evil.example/' WHERE id = 1", "text", 1),
        ("UPDATE paragraph SET text = 'Quite another text.' WHERE id = 1", "text", None),
        ("UPDATE paragraph_run SET paragraph_id = 1, count = 1 WHERE version_id = {4}", "text", 4),
        ("DELETE FROM paragraph_run WHERE version_id = {3}", "text", 3),
        ("UPDATE change SET after = '2026-03-01T07:00Z' WHERE version_id = {3}", "ledger", 3),
        ("UPDATE change SET edits = '[]' WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET edits = 'not JSON' WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET sentence = 'nothing to see' WHERE version_id = {3}", "ledger", 3),
        ("UPDATE change SET coverage = '[]' WHERE version_id = {3}", "ledger", 3),
        ("UPDATE change SET weight = iif(weight = 'routine', 'notable', 'routine')"
         " WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET score = score + 1 WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET findings = NULL, found = 0 WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET findings = (SELECT findings FROM change WHERE version_id = {4}),"
         " sentence = (SELECT sentence FROM change WHERE version_id = {4})"
         " WHERE version_id = {3}", "ledger", 3),
        ("UPDATE change SET findings = x'00' WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET found = found + 1 WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET at = at - 1 WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET insert_count = 7 WHERE version_id = {3}", "change", 3),
        ("UPDATE change SET from_version_id = {1} WHERE version_id = {3}", "change", 3),
        ("DELETE FROM change WHERE version_id = {2}", "change", 2),
        ("UPDATE capture SET fetched_at = '2026-03-01T08:00:00.000Z' WHERE id = 3", "ledger", 2),
        ("UPDATE capture SET headers = '{{}}' WHERE id = 3", "ledger", 2),
        ("UPDATE capture SET url = 'https://evil.example/' WHERE id = 5", "ledger", 3),
        ("UPDATE capture SET body = x'00' WHERE id = 3", "page", 2),
        ("UPDATE capture SET body = (SELECT body FROM capture WHERE id = 1), dictionary_id = NULL"
         " WHERE id = 3", "page", 2),
        ("UPDATE capture SET body_digest = zeroblob(32) WHERE id = 5", "page", 3),
        ("UPDATE capture SET body_digest = zeroblob(32) WHERE id = 5", "ledger", 3),
        ("UPDATE capture SET dictionary_id = 7 WHERE id = 5", "page", 3),
        ("DELETE FROM capture WHERE id = 5", "references", None),
        ("DELETE FROM event WHERE version_id = {2}", "events", 2),
        ("UPDATE event SET version_id = {3} WHERE version_id = {2}", "events", 2),
        ("UPDATE event SET type = 'article.moved' WHERE version_id = {4}", "events", 4),
        ("UPDATE event SET article_id = 2 WHERE version_id = {2}", "events", None),
        ("UPDATE event SET summary = 'nothing to see' WHERE version_id = {3}", "events", 3),
        ("UPDATE event SET score = score + 1 WHERE version_id = {3}", "events", 3),
        ("UPDATE delivery SET article_id = 2 WHERE id = 3", "events", None),
        ("DELETE FROM delivery_attempt", "events", None),
        ("UPDATE delivery_attempt SET status = 301", "events", None),
        ("UPDATE schedule SET version_id = {1} WHERE article_id = 1", "references", 4),
        ("DELETE FROM schedule WHERE article_id = 1", "references", None),
        ("DELETE FROM observation WHERE version_id = {1}", "references", 1),
        ("DELETE FROM version WHERE id = {4}", "ledger", None),
        ("DELETE FROM version WHERE id = {2}", "ledger", 2),
        ("UPDATE ledger SET digest = zeroblob(32) WHERE version_id = {2}", "ledger", 2),
        ("UPDATE ledger SET derived = zeroblob(32) WHERE version_id = {2}", "ledger", 2),
        ("UPDATE ledger SET seal = zeroblob(32) WHERE version_id = {3}", "ledger", 3),
        ("DELETE FROM ledger WHERE version_id = {3}", "ledger", 3),
        ("DELETE FROM ledger WHERE version_id = {4}", "ledger", 4),
        ("UPDATE extractor SET name = 'reader 2'", "ledger", 1),
    ],
)  # fmt: skip
async def test_an_alteration_is_named(
    archived: Path, statement: str, check: str, first_bad: int | None
) -> None:
    alter(archived, statement.format("", *(V.format(number) for number in range(1, 5))))
    faults = verified(archived)
    of_this = [fault.version for fault in faults if fault.check == check]
    if first_bad is None:
        assert of_this
        return
    assert first_bad == min(number for number in of_this if number is not None)
    named = [f.version for f in faults if f.article_id == 1 and f.version is not None]
    assert min(named) == first_bad


REMOVED = (
    "PRAGMA foreign_keys = OFF",
    "DELETE FROM delivery WHERE event_seq IN (SELECT seq FROM event WHERE version_id = {0})",
    "DELETE FROM event WHERE version_id = {0}",
    "DELETE FROM observation WHERE version_id = {0}",
    "DELETE FROM change WHERE version_id = {0}",
    "DELETE FROM paragraph_run WHERE version_id = {0}",
    "DELETE FROM ledger WHERE version_id = {0}",
    "DELETE FROM appearance WHERE version_id = {0}",
    "UPDATE appearance SET gone_id = NULL WHERE gone_id = {0}",
)


async def test_a_last_version_removed_without_a_trace_leaves_one_in_the_chain(
    archived: Path,
) -> None:
    """Everything that names it is put in order; the chain through the archive still knows."""
    alter(
        archived,
        *(each.format(V.format(4)) for each in REMOVED),
        f"UPDATE schedule SET observation_id = NULL, version_id = {V.format(3)}"
        " WHERE article_id = 1",
        f"DELETE FROM version WHERE id = {V.format(4)}",
    )
    assert [(fault.check, fault.detail) for fault in verified(archived)] == [
        ("ledger", "entry 7 of the ledger is missing: versions were removed")
    ]


async def test_another_address_and_story_leave_what_was_observed_and_told_as_it_was(
    archived: Path,
) -> None:
    """What captures and events share with their article is written down before it changes."""
    with Archive(archived) as archive:
        told = archive.events(1)
    alter(
        archived,
        "INSERT INTO story (name, added_at) VALUES ('other', '2026-03-01T08:00:00.000Z')",
        "UPDATE article SET url = 'https://news.example/moved', story_id = 2 WHERE id = 1",
    )
    assert verified(archived) == []
    with Archive(archived) as archive:
        assert archive.events(1) == told
        assert {(each.url, each.story) for each in told} == {(URL, "flood")}
        assert {archive.capture(n).url for n in (1, 3, 5, 7)} == {URL}


async def test_the_very_last_entry_is_missed_by_who_noted_the_head(archived: Path) -> None:
    noted = head(archived)
    last = V.format(4).replace("article_id = 1", "article_id = 2")
    alter(
        archived,
        *(each.format(last) for each in REMOVED),
        "UPDATE schedule SET observation_id = NULL, version_id = (SELECT id FROM version"
        " WHERE article_id = 2 AND number = 3) WHERE article_id = 2",
        f"DELETE FROM version WHERE id = {last}",
    )
    assert verified(archived) == []
    [fault] = verified(archived, noted)
    assert fault.detail == "the noted head is entry 8, but the ledger ends at entry 7"


def write_ledger_anew(path: Path) -> None:
    """What a forger who knows this program does after an alteration."""
    db = sqlite3.connect(path, isolation_level=None)

    class Opened:
        conn = db

    articles: dict[int, bytes] = {}
    seal: bytes | None = None
    rows = db.execute("SELECT id, article_id, version_id FROM ledger ORDER BY id").fetchall()
    for entry, article, version in rows:
        derived = derived_digest(Opened, version)  # type: ignore[arg-type]
        facts = version_facts(Opened, version)  # type: ignore[arg-type]
        digest = entry_digest(articles.get(article), facts, (derived,))
        articles[article], seal = digest, seal_of(seal, digest)
        db.execute(
            "UPDATE ledger SET derived = ?, digest = ?, seal = ? WHERE id = ?",
            (derived, digest, seal, entry),
        )
    db.close()


async def test_a_ledger_written_anew_is_told_by_who_noted_a_head(archived: Path) -> None:
    noted = head(archived)
    write_ledger_anew(archived)
    assert verified(archived, noted) == []
    alter(archived, f"UPDATE version SET summary = 'nothing' WHERE id = {V.format(2)}")
    write_ledger_anew(archived)
    assert verified(archived) == []
    [fault] = verified(archived, noted)
    assert "is not the noted one: the archive was written anew" in fault.detail


async def test_an_inserted_version_is_named(archived: Path) -> None:
    """A copy of the first one, numbered after the last, as if it had been seen."""
    columns = ", ".join(
        row[1]
        for row in sqlite3.connect(archived).execute("PRAGMA table_info(version)")
        if row[1] not in ("id", "number", "kind")
    )
    alter(
        archived,
        f"INSERT INTO version (number, kind, {columns})"
        f" SELECT 5, 'text', {columns} FROM version WHERE id = 1",
    )
    named = {(fault.check, fault.version) for fault in verified(archived)}
    assert {("ledger", 5), ("change", 5), ("events", 5)} <= named
    assert {version for _, version in named} == {5}


async def test_a_body_replaced_with_its_digest_is_caught_by_the_ledger(archived: Path) -> None:
    other = sqlite3.connect(archived, isolation_level=None)
    forged = b"Snapshot('forged')"
    other.execute(
        "UPDATE capture SET body = ?, body_digest = ?, body_bytes = ?, dictionary_id = NULL,"
        " chain = 0 WHERE id = 7",
        (zstd.compress(forged), hashlib.sha256(forged).digest(), len(forged)),
    )
    other.close()
    [fault] = verified(archived)
    assert (fault.check, fault.article_id, fault.version) == ("ledger", 1, 4)


async def test_a_rebuilt_history_is_sound_and_its_alteration_is_not(
    store: Store, path: Path
) -> None:
    await store.sync_articles([watched()], minutes(0))
    for number in range(3):
        await see(store, 1, snapshot("one", f"edition {number}"), minutes(number * 10))
        if number == 1:
            await settle(store, 1, minutes(15))
    await settle(store, 2, minutes(25))
    before = head(path)
    history = await store.history(1)
    stored = [(each.id, each.snapshot_digest) for each in history.versions]
    texts = derive([snapshot("one", f"read {number} otherwise") for number in range(3)])
    await store.rebuild(1, stored, texts, "reader 2", minutes(30))
    assert verified(path, before) == []
    await see(store, 1, snapshot("one", "edition 4"), minutes(40))
    store.close()
    assert verified(path, before) == []
    assert head(path).entry == 5
    alter(path, f"UPDATE version SET summary = 'nothing' WHERE id = {V.format(2)}")
    assert [(f.check, f.version) for f in verified(path)] == [("ledger", 2)]


async def test_a_rebuild_that_was_never_made_is_named(archived: Path) -> None:
    """Texts exchanged with all their digests, as if the page had been read so."""
    alter(
        archived,
        f"UPDATE version SET headline = 'x', content_digest = zeroblob(32),"
        f" snapshot_digest = zeroblob(32) WHERE id = {V.format(2)}",
        "INSERT INTO rebuild (article_id, at, extractor_id, versions, differing)"
        " VALUES (1, '2026-03-02T00:00:00.000Z', 1, 4, 1)",
    )
    assert ("ledger", 2) in [(fault.check, fault.version) for fault in verified(archived)]


async def test_damaged_pages_of_the_file_are_named(archived: Path) -> None:
    other = sqlite3.connect(archived)
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'ledger_article'"
    at = (other.execute(query).fetchone()[0] - 1) * 4096
    other.close()
    data = archived.read_bytes()
    archived.write_bytes(data[: at + 8] + b"\x5a" * 4088 + data[at + 4096 :])
    db = open_for_reading(archived)
    faults = check_file(db)
    db.conn.close()
    assert faults
    assert {fault.check for fault in faults} == {"file"}
