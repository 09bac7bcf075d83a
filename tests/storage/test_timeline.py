"""A story's timeline: versions and events in order, windows, and who had what first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.store import Store
from storage.timeline import Entry, Timeline
from tests.storage.builders import (
    POLICY,
    failed,
    gone,
    minutes,
    record_all,
    see,
    snapshot,
    watched,
)
from watcher.core.decide import Failed, decide
from watcher.core.model import Notice, Snapshot
from watcher.errors import UsageError

OTHER = "https://post.example/aller"
HALL = "About 200 people were brought to the sports hall during the night."


async def fails(store: Store, article: int, seen: Failed, at: float) -> None:
    state = await store.state(article)
    await store.record(decide(state, seen, minutes(at), POLICY, 0.5))


def read(path: Path, story: str = "flood") -> Timeline:
    with Archive(path) as archive:
        return archive.timeline(story)


def told(found: Timeline) -> list[tuple[str, int, int | None]]:
    return [(each.happened, each.article.id, each.version) for each in found.entries]


def entry(found: Timeline, happened: str) -> Entry:
    [one] = [each for each in found.entries if each.happened == happened]
    return one


def window(of: Entry) -> tuple[object, object]:
    return of.after, of.by


FIRST = snapshot("Water rises.", headline="Aller rises")


async def two(store: Store) -> None:
    await store.sync_articles([watched(), watched(OTHER)], minutes(0))
    await see(store, 1, FIRST, minutes(0))
    await see(store, 2, replace(FIRST, headline="Flood", publisher="The Post"), minutes(5))


async def test_versions_of_all_articles_stand_in_time_order(store: Store, path: Path) -> None:
    await two(store)
    await see(store, 2, snapshot("Water rises.", HALL, headline="Flood"), minutes(10))
    await see(store, 1, snapshot("Water falls.", HALL, headline="Aller falls"), minutes(12))
    found = read(path)
    assert told(found) == [
        ("version", 1, 1), ("version", 2, 1), ("version", 2, 2), ("version", 1, 2),
    ]  # fmt: skip
    last = found.entries[-1]
    assert window(last) == (minutes(0), minutes(12))
    assert (last.new_headline, last.headline) == (True, "Aller falls")
    with Archive(path) as archive:
        stored = archive.versions(1)[1]
    assert last.sentence.startswith("Headline changed")
    told_of = (last.sentence, last.weight, last.score)
    assert told_of == (stored.sentence, stored.weight, stored.score)
    assert [article.publisher for article in found.articles] == ["news.example", "post.example"]


async def test_who_was_seen_first_is_open_while_nobody_looked_before(
    store: Store, path: Path
) -> None:
    await two(store)
    first = read(path).first
    assert first is not None
    assert first.claim.article_id == 1
    assert [each.article_id for each in first.overlaps] == [2]


@pytest.mark.parametrize(("looked", "before", "unsure"), [(15, 1, 0), (5, 0, 1)])
async def test_who_had_a_paragraph_first_is_certain_only_without_overlap(
    store: Store, path: Path, looked: int, before: int, unsure: int
) -> None:
    await two(store)
    await see(store, 2, snapshot("Water rises.", HALL, headline="Flood"), minutes(10))
    await see(store, 1, FIRST, minutes(looked))
    await see(store, 1, snapshot("Water rises.", HALL, headline="Aller rises"), minutes(20))
    found = read(path)
    [shared] = found.entries[-1].shared
    assert (shared.article.id, shared.before, shared.unsure) == (2, before, unsure)
    assert {(had.article.id, had.first, had.unsure) for had in found.had} == {
        (2, before, unsure),
        (1, 0, 1),  # "Water rises." was there at both first looks
    }


def corrected(text: str | None) -> Snapshot:
    notices = () if text is None else (Notice("correction", text),)
    return replace(FIRST, notices=notices)


async def test_who_corrected_and_who_removed_is_marked(store: Store, path: Path) -> None:
    await two(store)
    await see(store, 1, corrected("Correction: two, not three."), minutes(10))
    await see(store, 1, corrected("Correction: two, not five."), minutes(20))
    await see(store, 1, corrected(None), minutes(30))
    await see(store, 1, snapshot(headline="Aller rises"), minutes(40))
    marks = [(e.version, e.corrects, e.removes) for e in read(path).entries if e.article.id == 1]
    assert marks == [
        (1, False, False), (2, True, False), (3, True, False), (4, False, True), (5, False, True),
    ]  # fmt: skip


async def test_a_text_that_is_restated_and_a_developing_line_are_not_removed(
    store: Store, path: Path
) -> None:
    await store.sync_articles([watched()], minutes(0))
    line = "This is a developing story."
    first = snapshot("The water of the Aller rises by a metre.", HALL, line)
    await see(store, 1, replace(first, notices=(Notice("developing", line, 2),)), minutes(0))
    await see(store, 1, snapshot(f"The water of the Aller rises by a metre. {HALL}"), minutes(10))
    assert [each.removes for each in read(path).entries] == [False, False]


async def test_an_article_is_gone_from_the_first_look_that_missed_it(
    store: Store, path: Path
) -> None:
    await two(store)
    await see(store, 1, FIRST, minutes(10))
    await fails(store, 1, failed(), 20)
    await fails(store, 1, gone(), 30)
    await fails(store, 1, gone(), 40)
    await see(store, 1, FIRST, minutes(50))
    found = read(path)
    assert window(entry(found, "unpublished")) == (minutes(10), minutes(30))
    assert entry(found, "unpublished").removes
    assert window(entry(found, "restored")) == (minutes(40), minutes(50))


async def test_an_article_is_unreachable_from_the_first_of_the_failures_on(
    store: Store, path: Path
) -> None:
    await two(store)
    for minute in range(10, 60, 10):
        await record_all(store, failed(), minutes(minute))
    out = [each for each in read(path).entries if each.happened == "unreachable"]
    assert [(each.article.id, *window(each)) for each in out] == [
        (1, minutes(0), minutes(10)), (2, minutes(5), minutes(10)),
    ]  # fmt: skip
    assert not out[0].removes


async def test_a_move_lies_between_the_looks_around_it(store: Store, path: Path) -> None:
    await two(store)
    moved = "https://news.example/moved"
    await see(store, 1, FIRST, minutes(10), moved_to=moved)
    assert window(entry(read(path), "moved")) == (minutes(0), minutes(10))


async def test_an_unknown_story_is_told_with_near_names(store: Store, path: Path) -> None:
    await two(store)
    with pytest.raises(UsageError) as caught:
        read(path, "floud")
    assert str(caught.value) == 'no story is named "floud": did you mean "flood"?'
    with pytest.raises(UsageError, match='there are "flood"'):
        read(path, "zzz")
