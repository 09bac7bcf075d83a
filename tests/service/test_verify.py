"""Verifying an archive that the service itself wrote: what is sound, what reads otherwise."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from storage.reader import Reader
from tests.service.rig import CLOSING, MIDDLE, OPENING, Reading, World, html, page
from watcher.core.findings.comparison import Comparison
from watcher.core.findings.find import Rulebook
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Extraction, Finding, Paragraph
from watcher.dispatch import deliver_due
from watcher.errors import NotAnArticle
from watcher.poll import poll_article
from watcher.reprocess import Reprocessor, reprocess
from watcher.verify import Verified, Verifier, verify

A = page("River tops the quay wall", OPENING, MIDDLE)
B = page("River tops the quay wall", OPENING, MIDDLE, CLOSING)
C = page("River falls again", OPENING, CLOSING)


async def versions(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/desk", html(b"ok"))
    here.site.on("/flood", html(A), html(B), html(C), html(A))
    here.site.on("/storm", html(B))
    await here.watch("/flood", "/storm")
    for _ in range(4):
        await here.poll(1)
    await here.poll(2)
    await deliver_due(here.dispatcher)


async def check(here: World, name: str = "reading / 1", *, quick: bool = False) -> Verified:
    reader = Reader(here.database)
    told: list[int] = []
    try:
        parts = Verifier(reader, None if quick else here.reading, lambda url: name)
        found = await verify(parts, [1, 2], lambda: told.append(1))
    finally:
        reader.close()
    assert len(told) == found.articles == 2
    return found


def alter(here: World, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(here.database, isolation_level=None)) as other:
        assert other.execute(statement, values).rowcount == 1


async def test_what_the_service_wrote_is_sound(here: World) -> None:
    await versions(here)
    found = await check(here)
    assert found.faults == []
    assert (found.versions, found.pages, found.reread) == (5, 5, 5)
    assert found.head is not None
    assert found.head.entry == 5
    assert not found.other_extractors


async def test_also_what_was_read_with_an_upgrade_in_between(here: World) -> None:
    """The change across an upgrade is stored with its own reading of the old page."""
    await versions(here)

    def shout(found: Extraction) -> Extraction:
        louder = tuple(Paragraph(p.kind, p.text.upper()) for p in found.snapshot.paragraphs)
        return replace(found, snapshot=replace(found.snapshot, paragraphs=louder))

    here.reading.edits = shout
    here.poller = replace(here.poller, extractor_name="reading / 2")
    here.site.on("/flood", html(B))
    await here.poll(1)
    await deliver_due(here.dispatcher)
    found = await check(here, "reading / 2")
    assert found.faults == []
    assert (found.reread, found.other_extractors) == (1, Counter({"reading / 1": 5}))
    parts = Reprocessor(here.store, here.reading, "reading / 2", here.clock)
    assert (await reprocess(1, parts, apply=True)).rebuilt
    found = await check(here, "reading / 2")
    assert found.faults == []
    assert (found.reread, found.other_extractors) == (5, Counter({"reading / 1": 1}))
    assert found.head is not None
    assert found.head.entry == 7  # a rebuild is an entry as well


def shouting(about: Comparison) -> Iterator[Finding]:
    for passage in about.passages:
        spans = passage.spans("new", 0, len(passage.new_text))
        yield about.state("shouted", "shouted", spans, weight="routine")


async def test_also_findings_that_were_renewed(here: World) -> None:
    await versions(here)
    parts = Reprocessor(here.store, here.reading, "reading / 1", here.clock)
    rulebook = Rulebook(extra=(SimpleRule("shouting", ("shouted",), shouting),))
    assert (await reprocess(1, replace(parts, rulebook=rulebook), apply=True)).renewed
    assert (await check(here)).faults == []
    alter(here, "UPDATE change SET sentence = 'nothing to see' WHERE version_id = 2")
    assert (await check(here)).first_bad == {1: 2}


async def test_a_version_that_reads_otherwise_is_named(here: World) -> None:
    await versions(here)

    def shorter(found: Extraction) -> Extraction:
        kept = tuple(p for p in found.snapshot.paragraphs if p.text != CLOSING)
        return replace(found, snapshot=replace(found.snapshot, paragraphs=kept))

    here.reading.edits = shorter
    found = await check(here)
    assert [(f.check, f.article_id, f.version) for f in found.faults] == [
        ("reading", 1, 2), ("reading", 1, 3), ("reading", 2, 1),
    ]  # fmt: skip
    assert found.first_bad == {1: 2, 2: 1}
    assert (await check(here, quick=True)).faults == []
    here.reading = Reading(breaks=NotAnArticle("nothing to read"))
    assert "cannot be read: nothing to read" in (await check(here)).faults[0].detail


async def test_a_damaged_body_spoils_those_stored_against_it_and_no_other(here: World) -> None:
    await versions(here)
    (body,) = (
        sqlite3.connect(here.database).execute("SELECT body FROM capture WHERE id = 2").fetchone()
    )
    alter(here, "UPDATE capture SET body = ? WHERE id = 2", body[:-1] + bytes([body[-1] ^ 1]))
    found = await check(here)
    assert {(f.check, f.article_id) for f in found.faults} == {("page", 1)}
    assert found.first_bad == {1: 2}


@pytest.mark.parametrize("column", ["notices", "posts", "links", "seen_from"])
async def test_what_is_no_json_or_no_time_any_more_is_a_fault(here: World, column: str) -> None:
    await versions(here)
    alter(here, f"UPDATE version SET {column} = 'x' WHERE article_id = 1 AND number = 4")
    assert (await check(here)).first_bad == {1: 4}
    with here.archive() as archive:
        assert archive.article_ids() == [1, 2]


async def test_a_held_page_is_verified_as_well(here: World) -> None:
    long = [f"{OPENING} It was the {n}. night, and {MIDDLE}" for n in range(12)]
    here.site.on("/flood", html(page("River", *long)), html(page("River", "Cookies, please.")))
    here.site.on("/storm", html(B))
    await here.watch("/flood", "/storm")
    await here.poll(1)
    await here.poll(2)
    assert (await here.poll(1)).decision.outcome.value == "quarantined"
    assert (await check(here)).faults == []
    alter(here, "UPDATE capture SET body = x'00' WHERE article_id = 1 AND id > 1")
    (fault,) = (await check(here)).faults
    assert (fault.check, fault.article_id, fault.version) == ("page", 1, None)


async def test_a_daemon_may_write_meanwhile(here: World) -> None:
    await versions(here)
    new = [page(f"River falls to mark {mark}", OPENING, CLOSING) for mark in (3, 2)]
    here.site.on("/flood", *map(html, new))

    class Amid(Reading):
        """Polls while a page is read anew."""

        async def extract(self, body: bytes, url: str, content_type: str | None) -> Extraction:
            if len(self.extracted) < 2:
                here.clock.advance(600)
                await poll_article(await here.lease(1), here.poller)
            return await super().extract(body, url, content_type)

    poller, here.reading = here.poller, Amid()
    found = await check(here)
    assert found.faults == []
    assert here.poller is poller
    with here.archive() as archive:
        assert len(archive.versions(1)) == 6


async def test_damaged_pages_of_the_file_are_faults_not_the_end(here: World) -> None:
    await versions(here)
    with closing(sqlite3.connect(here.database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'change'"
        at = (other.execute(query).fetchone()[0] - 1) * 4096
    here.store.close()
    data = here.database.read_bytes()
    here.database.write_bytes(data[:at] + b"\xff" * 4096 + data[at + 4096 :])
    found = await check(here)
    assert {fault.check for fault in found.faults} >= {"file"}
    assert {1} <= {fault.article_id for fault in found.faults}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_the_first_bad_version_is_named(here: World, number: int) -> None:
    await versions(here)
    for bad in range(number, 5):
        alter(here, "UPDATE version SET summary = 'x' WHERE article_id = 1 AND number = ?", bad)
    assert (await check(here)).first_bad == {1: number}
