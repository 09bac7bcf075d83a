"""History read anew from the stored pages: what is reported, what is rebuilt, what stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import pytest

from storage.archive import Archive
from tests.service.rig import CLOSING, MIDDLE, OPENING, World, html, page
from watcher.core.compare import compare
from watcher.core.findings.comparison import Circumstances, Comparison
from watcher.core.findings.find import Rulebook
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Extraction, Finding, Paragraph
from watcher.errors import NotAnArticle, StaleDecision
from watcher.poll import poll_article
from watcher.reprocess import Reprocessed, Reprocessor, reprocess

HEADLINE = "River tops the quay wall"
SHARE = "Share this with your friends"
FIRST = page(HEADLINE, OPENING, SHARE)
SECOND = page(HEADLINE, OPENING, MIDDLE, SHARE)
THIRD = page(HEADLINE, OPENING, MIDDLE, "Share this with everyone")
OBSERVED = ("capture", "observation", "delivery", "article", "article_url", "quarantine")


def without(found: Extraction) -> Extraction:
    """A better extractor: it leaves the button out."""
    kept = tuple(p for p in found.snapshot.paragraphs if not p.text.startswith("Share"))
    return replace(found, snapshot=replace(found.snapshot, paragraphs=kept))


def upgraded(here: World, edits: Callable[[Extraction], Extraction] = without) -> None:
    here.reading.edits = edits
    here.poller = replace(here.poller, extractor_name="reading / 2")


def parts(here: World) -> Reprocessor:
    return Reprocessor(here.store, here.reading, here.poller.extractor_name, here.clock)


async def read(here: World, *, apply: bool = False) -> Reprocessed:
    return await reprocess(1, parts(here), apply=apply)


def rows(here: World, *tables: str) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(here.database)) as db:
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


async def three_versions(here: World) -> None:
    here.subscribe("desk")
    here.site.on("/flood", html(FIRST), html(SECOND), html(THIRD))
    here.site.on("/desk", *[html(b"ok")] * 3)
    await here.watch("/flood")
    for _ in range(3):
        await here.poll()


async def delivered(here: World) -> None:
    with closing(sqlite3.connect(here.database)) as db, db:
        db.execute(
            "UPDATE delivery SET state = 'delivered', next_attempt_at = NULL,"
            " settled_at = '2026-01-12T09:00:00.000Z'"
        )


async def test_what_reads_as_it_is_stored_is_said_to_be_the_same(here: World) -> None:
    await three_versions(here)
    before = rows(here, "version", "change", "paragraph_run", "rebuild")
    found = await read(here, apply=True)
    assert [version.verdict for version in found.versions] == ["same"] * 3
    assert not found.differs
    assert not found.refound
    assert not found.rebuilt
    assert rows(here, "version", "change", "paragraph_run", "rebuild") == before


async def test_what_differs_is_reported_and_nothing_written(here: World) -> None:
    await three_versions(here)
    upgraded(here)
    before = rows(here, "version", "change", "paragraph_run", "paragraph")
    found = await read(here)
    assert [(v.verdict, v.detail) for v in found.versions] == [
        ("differs", "1 paragraph removed")
    ] * 3
    assert [version.joined for version in found.versions] == [False, False, True]
    assert rows(here, "version", "change", "paragraph_run", "paragraph") == before


async def test_a_rebuilt_history_reads_as_if_it_had_been_read_so_from_the_start(
    here: World,
) -> None:
    await three_versions(here)
    await delivered(here)
    upgraded(here)
    before = rows(here, *OBSERVED)
    with here.archive() as archive:
        old, told = archive.versions(1), archive.events(1)
    found = await read(here, apply=True)
    assert found.rebuilt
    assert here.texts() == [[OPENING], [OPENING, MIDDLE], [OPENING, MIDDLE]]
    assert rows(here, *OBSERVED) == before
    with here.archive() as archive:
        new = archive.versions(1)
        assert archive.events(1) == told
        assert [v.summary for v in new] == [
            "first version", "1 paragraph added", "reads the same as the version before",
        ]  # fmt: skip
        assert [v.kind for v in new] == ["first", "text", "metadata"]
        change = archive.pair(new[0], new[1]).change
        assert [edit.op for edit in change.edits] == ["equal", "insert"]
        # found anew as a poll would have, in the window that it saw
        about = Circumstances(old[0].seen_until, old[1].seen_from)
        texts = archive.snapshot(new[0].id), archive.snapshot(new[1].id)
        assert change == Rulebook().find(*texts, compare(*texts), about)
        assert [finding.kind for finding in change.findings] == ["detail-added"]
        assert archive.pair(new[1], new[2]).change.findings == ()
        assert archive.blame(1).blame.gone == ()
    assert {v.extractor for v in new} == {"reading / 2"}
    same = ("id", "number", "seen_from", "seen_until", "capture_id", "untold")
    for name in same:
        assert [getattr(v, name) for v in new] == [getattr(v, name) for v in old]
    assert [row[2:] for row in rows(here, "rebuild")["rebuild"]] == [
        (here.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"), 2, 3, 3)
    ]
    again = await read(here, apply=True)
    assert (again.differs, again.rebuilt) == (False, False)


def shouting(about: Comparison) -> Iterator[Finding]:
    passage = about.passages[0]
    spans = passage.spans("new", 0, len(passage.new_text))
    yield about.state("shouted", "shouted", spans, weight="routine")


NEW_RULES = Rulebook(extra=(SimpleRule("shouting", ("shouted",), shouting),))


async def test_other_rules_alone_renew_findings_and_nothing_that_was_told(here: World) -> None:
    await three_versions(here)
    of_today = replace(parts(here), rulebook=NEW_RULES)
    found = await reprocess(1, of_today, apply=False)
    assert (found.differs, found.refound, found.renewed) == (False, True, False)
    assert [version.refound for version in found.versions] == [False, True, True]
    waiting = await reprocess(1, of_today, apply=True)
    assert waiting.refusal is not None
    await delivered(here)
    with here.archive() as archive:
        told = archive.events(1)
    before = rows(here, "version", "paragraph_run", *OBSERVED)
    done = await reprocess(1, of_today, apply=True)
    assert (done.rebuilt, done.renewed, done.refusal) == (False, True, None)
    assert rows(here, "version", "paragraph_run", *OBSERVED) == before
    assert [row[3:] for row in rows(here, "rebuild")["rebuild"]] == [(1, 3, 0)]
    with here.archive() as archive:
        assert archive.events(1) == told
        for one, other in pairwise(archive.versions(1)):
            kinds = [finding.kind for finding in archive.pair(one, other).change.findings]
            assert "shouted" in kinds
    again = await reprocess(1, of_today, apply=True)
    assert (again.refound, again.renewed) == (False, False)


async def test_polls_after_it_compare_with_the_new_reading(here: World) -> None:
    await three_versions(here)
    await delivered(here)
    upgraded(here)
    leased = await here.lease()
    await read(here, apply=True)
    read_before = len(here.reading.extracted)
    here.site.on("/flood", html(page(HEADLINE, OPENING, MIDDLE, CLOSING)))
    # The poll was under way while the history was rebuilt.
    decision = (await poll_article(leased, here.poller)).decision
    assert decision.version is not None
    assert decision.version.summary == "developing line added; 1 paragraph added"
    assert decision.version.change_is_compact
    assert len(here.reading.extracted) > read_before


async def test_a_revert_is_found_anew(here: World) -> None:
    here.site.on("/flood", html(FIRST), html(SECOND), html(page(HEADLINE, OPENING, "Share it")))
    await here.watch("/flood")
    for _ in range(3):
        await here.poll()
    upgraded(here)
    assert (await read(here, apply=True)).rebuilt
    with here.archive() as archive:
        versions = archive.versions(1)
    assert [v.revert_of for v in versions] == [None, None, 1]
    assert versions[-1].summary == "back to the text of version 1; 1 paragraph removed"


async def test_a_version_that_cannot_be_read_any_more_keeps_its_history(here: World) -> None:
    await three_versions(here)
    await delivered(here)

    def strict(found: Extraction) -> Extraction:
        if found.snapshot.paragraphs[-1].text.endswith("everyone"):
            raise NotAnArticle("a page of buttons")
        return without(found)

    upgraded(here, strict)
    before = rows(here, "version", "change", "paragraph_run")
    found = await read(here, apply=True)
    assert [v.verdict for v in found.versions] == ["differs", "differs", "unreadable"]
    assert found.versions[-1].detail == "a page of buttons"
    assert not found.rebuilt
    assert found.refusal is not None
    assert "version 3 cannot be read any more" in found.refusal
    assert rows(here, "version", "change", "paragraph_run") == before


async def test_a_damaged_page_is_said_to_be_so(here: World) -> None:
    await three_versions(here)
    with closing(sqlite3.connect(here.database)) as db, db:
        db.execute("UPDATE capture SET body = x'00' WHERE id = 3")
    found = await read(here)
    assert [v.verdict for v in found.versions] == ["same", "same", "unreadable"]
    assert "damaged" in found.versions[-1].detail


async def test_what_still_must_be_told_is_not_altered(here: World) -> None:
    await three_versions(here)
    upgraded(here)
    found = await read(here, apply=True)
    assert not found.rebuilt
    assert found.refusal is not None
    assert "2 deliveries about article 1 still wait" in found.refusal
    await delivered(here)
    assert (await read(here, apply=True)).rebuilt


@pytest.mark.parametrize("always", [False, True])
async def test_a_version_stored_meanwhile_is_read_as_well(here: World, always: bool) -> None:
    await three_versions(here)
    await delivered(here)
    bodies = [page(HEADLINE, OPENING, MIDDLE, f"Line {n}") for n in range(9)]
    here.site.on("/flood", *[html(body) for body in bodies])
    here.poller = replace(here.poller, policy=replace(here.poller.policy, endpoints={}))
    upgraded(here)
    real, calls = here.store.rebuild, 0

    async def rebuild(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if always or calls == 1:
            await here.poll()
        await real(*arguments)  # type: ignore[arg-type]

    here.store.rebuild = rebuild  # type: ignore[assignment]
    if always:
        with pytest.raises(StaleDecision):
            await read(here, apply=True)
        assert here.texts()[0] == [OPENING, SHARE]
        return
    found = await read(here, apply=True)
    assert (found.rebuilt, len(found.versions)) == (True, 4)


async def test_histories_stored_by_several_extractors_become_one(here: World) -> None:
    def louder(found: Extraction) -> Extraction:
        texts = tuple(Paragraph(p.kind, p.text.upper()) for p in found.snapshot.paragraphs)
        return replace(found, snapshot=replace(found.snapshot, paragraphs=texts))

    here.site.on("/flood", html(FIRST), html(SECOND), html(FIRST))
    await here.watch("/flood")
    await here.poll()
    upgraded(here, louder)
    await here.poll()
    upgraded(here)
    here.poller = replace(here.poller, extractor_name="reading / 3")
    await here.poll()
    assert (await read(here, apply=True)).rebuilt
    with Archive(here.database) as archive:
        versions = archive.versions(1)
        changes = [archive.change(a, b) for a, b in pairwise(versions)]
    assert here.texts() == [[OPENING], [OPENING, MIDDLE], [OPENING]]
    assert [change.summary["insert"] for change in changes] == [1, 0]
    assert versions[-1].revert_of == 1
