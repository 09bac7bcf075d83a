"""Blame from the archive: what is stored, followed from version to version."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.archive import Archive
from storage.store import Store
from tests.storage.builders import (
    POLICY,
    extracted,
    gone,
    minutes,
    miss,
    see,
    snapshot,
    watched,
)
from watcher.core.blame import Origin
from watcher.core.decide import decide
from watcher.core.model import Paragraph, Snapshot
from watcher.errors import UsageError

LEAD = "The river Aller rose by two metres overnight, the town council said on Monday."
RISEN = LEAD.replace("two", "three")
SCHOOLS = "Two schools in the lower town will stay closed until Wednesday."
TRAINS = "Trains between Oster and Weil run again since the early morning."
HALL = "About 200 people were brought to the sports hall during the night."


@pytest.fixture
async def article(store: Store) -> int:
    """A watched article without a version."""
    return (await store.sync_articles([watched()], minutes(0))).added[0]


async def follow(store: Store, article: int, *versions: Snapshot) -> None:
    """One poll every ten minutes, each with a version of its own."""
    for number, content in enumerate(versions):
        await see(store, article, content, minutes(10 * number))


async def upgraded(
    store: Store, article: int, content: Snapshot, reread: Snapshot, minute: float
) -> None:
    """A poll by another extractor, which read the old page anew before it compared."""
    state = await store.state(article)
    found = extracted(
        content, minutes(minute), previous=reread, previous_is_stored=False, extractor="reader 2"
    )
    await store.record(decide(state, found, minutes(minute), POLICY, 0))


def origins(archive: Archive, article: int) -> list[tuple[str, int, int]]:
    """Each paragraph with the numbers of the versions in which it appeared and was altered."""
    found = archive.blame(article)
    numbers = [version.number for version in found.versions]
    return [(o.text, numbers[o.appeared], numbers[o.altered]) for o in found.blame.current]


async def test_an_article_without_a_version_says_what_to_do(archive: Archive, article: int) -> None:
    with pytest.raises(UsageError, match=f"article {article} has no version yet: see `watcher sta"):
        archive.blame(article)


async def test_a_single_version_blames_itself(store: Store, archive: Archive, article: int) -> None:
    await follow(store, article, snapshot(LEAD, SCHOOLS))
    found = archive.blame(article)
    assert found.latest == snapshot(LEAD, SCHOOLS)
    assert origins(archive, article) == [(LEAD, 1, 1), (SCHOOLS, 1, 1)]
    assert found.blame.gone == ()


async def test_stored_changes_are_followed_through_edits_moves_and_inserts(
    store: Store, archive: Archive, article: int
) -> None:
    await follow(
        store,
        article,
        snapshot(LEAD, SCHOOLS, TRAINS),
        snapshot(RISEN, SCHOOLS, TRAINS),
        snapshot(TRAINS, RISEN, SCHOOLS, HALL),
    )
    assert origins(archive, article) == [
        (TRAINS, 1, 1),
        (RISEN, 1, 2),
        (SCHOOLS, 1, 1),
        (HALL, 3, 3),
    ]


async def test_versions_that_differ_in_headline_or_metadata_alone_alter_no_paragraph(
    store: Store, archive: Archive, article: int
) -> None:
    await follow(
        store,
        article,
        snapshot(LEAD, SCHOOLS),
        snapshot(LEAD, SCHOOLS, headline="River falls"),
        snapshot(LEAD, SCHOOLS, headline="River falls", modified="2026-03-01T08:15:00Z"),
    )
    assert len(archive.blame(article).versions) == 3
    assert origins(archive, article) == [(LEAD, 1, 1), (SCHOOLS, 1, 1)]


async def test_polls_without_the_article_are_no_versions(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, snapshot(LEAD), minutes(0))
    for minute in (10, 20, 30):
        await miss(store, article, gone(), minutes(minute))
    await see(store, article, snapshot(LEAD), minutes(40))
    assert origins(archive, article) == [(LEAD, 1, 1)]


async def test_a_revert_brings_back_what_was_there(
    store: Store, archive: Archive, article: int
) -> None:
    full, short = snapshot(LEAD, SCHOOLS), snapshot(LEAD)
    await follow(store, article, full, short, full)
    found = archive.blame(article)
    assert found.versions[2].revert_of == found.versions[0].number
    assert found.blame.current[1] == Origin(SCHOOLS, 0, 0, False, 2, ((1, 2),))
    assert found.blame.gone == ()


async def test_a_new_extractor_invents_neither_an_edit_nor_a_deletion(
    store: Store, archive: Archive, article: int
) -> None:
    first = snapshot(LEAD, "Share this story", f"{SCHOOLS} {TRAINS}")
    reread = snapshot(LEAD, SCHOOLS, TRAINS, HALL)
    second = snapshot(RISEN, SCHOOLS, TRAINS, HALL)
    await see(store, article, first, minutes(0))
    await upgraded(store, article, second, reread, 10)
    await see(store, article, replace(second, headline="River falls"), minutes(20))
    assert origins(archive, article) == [
        (RISEN, 1, 2),
        (SCHOOLS, 1, 1),
        (TRAINS, 1, 1),
        (HALL, 1, 1),
    ]
    assert archive.blame(article).blame.gone == ()


async def test_a_new_extractor_that_reads_only_kinds_differently_changes_nothing(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, snapshot(LEAD, SCHOOLS), minutes(0))
    quoted = (Paragraph("paragraph", LEAD), Paragraph("quote", SCHOOLS))
    reread = replace(snapshot(), paragraphs=quoted)
    second = replace(snapshot(), paragraphs=(Paragraph("paragraph", RISEN), quoted[1]))
    await upgraded(store, article, second, reread, 10)
    assert origins(archive, article) == [(RISEN, 1, 2), (SCHOOLS, 1, 1)]


async def test_blame_after_several_upgrades_and_a_page_that_read_as_nothing(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, snapshot(LEAD, SCHOOLS), minutes(0))
    await upgraded(store, article, snapshot(TRAINS), snapshot(), 10)
    await upgraded(store, article, snapshot(TRAINS, HALL), snapshot(TRAINS, LEAD), 20)
    found = archive.blame(article)
    assert origins(archive, article) == [(TRAINS, 2, 2), (HALL, 3, 3)]
    assert [(o.text, o.appeared, o.last) for o in found.blame.gone] == [(LEAD, 1, 1)]


async def test_steps_lead_from_version_to_version_either_way(
    store: Store, archive: Archive, article: int
) -> None:
    await follow(store, article, snapshot(LEAD), snapshot(RISEN), snapshot(RISEN, HALL))
    first, second, third = archive.versions(article)
    assert archive.steps(first, third) == [(first, second), (second, third)]
    assert archive.steps(third, first) == [(third, second), (second, first)]
    assert archive.steps(second, third) == [(second, third)]
    assert archive.steps(second, second) == []
