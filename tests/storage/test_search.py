"""The search index: what is written with versions, found, made anew, and checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.backup import back_up
from storage.check_search import check_appearances, check_search
from storage.connection import open_for_reading, open_for_writing
from storage.match import match_text
from storage.search import Found, Hit
from storage.store import Store
from storage.texts import text_ids
from tests.storage.builders import minutes, see, settle, snapshot, watched
from watcher.core.history import derive
from watcher.core.model import Notice, Snapshot
from watcher.core.query import Phrase, parse_query, says_something
from watcher.errors import BadQuery, StorageError, UsageError

OTHER = "https://post.example/aller"
ELSEWHERE = "https://news.example/storm"
RISES = "The river Aller rose by two metres overnight."
HALL = "About 200 people were brought to the sports hall during the night."
SCHOOL = "It's the quay-wall near St. John's café: see https://maps.example/quay_(wall)."
JAPANESE = "アレル川が氾濫し、住民が避難した。"
THAI = "น้ำท่วมเมืองเมื่อคืนนี้"


@pytest.fixture
async def told(store: Store, path: Path) -> Path:
    """A story of two articles, and one article of another story."""
    await store.sync_articles([watched(), watched(OTHER), watched(ELSEWHERE, "storm")], minutes(0))
    await see(store, 1, snapshot(RISES, SCHOOL, JAPANESE, headline="Aller floods"), minutes(0))
    await see(store, 2, snapshot("Water is rising.", THAI, headline="Lower town"), minutes(0))
    await see(store, 3, snapshot("Trees fell on the railway to the coast."), minutes(0))
    await see(store, 2, snapshot("Water is rising.", HALL, headline="Lower town"), minutes(10))
    await see(store, 1, snapshot(RISES, SCHOOL, JAPANESE, headline="Aller floods"), minutes(10))
    corrected = replace(
        snapshot(HALL, SCHOOL, JAPANESE, headline="Aller floods, 200 in hall"),
        notices=(Notice("correction", "Correction: three metres, not two."),),
    )
    await see(store, 1, corrected, minutes(20))
    store.close()
    return path


def found(path: Path, text: str, **options: object) -> Found:
    with Archive(path) as archive:
        return archive.search(text, **options)  # type: ignore[arg-type]


def hits(path: Path, text: str, **options: object) -> list[tuple[int, str]]:
    """The articles and the beginnings of the texts that a search gives."""
    return [(hit.article.id, hit.text[:5]) for hit in found(path, text, **options).hits]


def only(path: Path, text: str, **options: object) -> Hit:
    [hit] = found(path, text, **options).hits
    return hit


@pytest.mark.parametrize(
    "text",
    [
        "metres river", '"two metres overnight"', "overn*", "NEAR(aller metres, 3)", "RIVER ALLER",
        "rivêr two NOT hall", '("two metres" OR zebra) aller',
    ],
)  # fmt: skip
def test_words_phrases_beginnings_and_operators(told: Path, text: str) -> None:
    assert hits(told, text) == [(1, "The r")]


@pytest.mark.parametrize(
    "text", ["it's", "it’s", "quay-wall", "st. john's", "cafe", "https://maps.example/quay_(wall)"]
)
def test_what_people_type_just_works(told: Path, text: str) -> None:
    assert hits(told, text) == [(1, "It's ")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("避難", JAPANESE),
        ("住民が避難", JAPANESE),
        ("川", JAPANESE),
        ("ท่วม", THAI),
        ("เมือง*", THAI),
    ],
)
def test_scripts_without_spaces_are_found_by_any_part(told: Path, text: str, wanted: str) -> None:
    hit = only(told, text)
    assert hit.text == wanted
    [(start, end)] = hit.marks
    assert wanted[start:end] == text.removesuffix("*")


def test_nothing_is_found_that_is_not_there(told: Path) -> None:
    for text in ("zebra", "難避", '"metres two"', "NEAR(aller overnight, 2)", "river trees"):
        assert found(told, text) == Found((), False, None)


def test_a_hit_says_when_it_came_and_went(told: Path) -> None:
    hit = only(told, '"two metres"', gone=True)
    assert (hit.kind, hit.is_current) == ("paragraph", False)
    [standing] = hit.standings
    assert (standing.appeared.version, standing.appeared.after) == (1, None)
    assert standing.gone is not None
    assert (standing.gone.version, standing.gone.after, standing.gone.by) == (
        2, minutes(10), minutes(20),
    )  # fmt: skip


def test_headlines_and_notices_are_found_as_what_they_are(told: Path) -> None:
    headline = only(told, '"200 in hall"')
    assert (headline.kind, headline.standings[0].appeared.after) == ("headline", minutes(10))
    assert only(told, "correction metres").kind == "notice"


async def test_what_goes_and_comes_back_appears_twice(told: Path) -> None:
    store = Store(told)
    await see(store, 1, snapshot(RISES, headline="Aller floods"), minutes(30))
    store.close()
    hit = only(told, "overnight")
    spans = [(s.appeared.version, s.gone and s.gone.version) for s in hit.standings]
    assert spans == [(1, 2), (3, None)]
    assert hit.is_current


def test_options_narrow(told: Path) -> None:
    assert hits(told, "hall", story="storm") == []
    assert hits(told, "hall", article=2) == [(2, "About")]
    assert hits(told, "hall", current=True, article=1) == [(1, "Aller"), (1, "About")]
    assert hits(told, "metres", current=True) == [(1, "Corre")]
    assert hits(told, "metres", gone=True) == [(1, "The r")]
    assert hits(told, "hall", since=minutes(15)) == [(1, "Aller"), (1, "About")]
    assert hits(told, "metres", gone=True, since=minutes(21)) == []
    one = found(told, "hall", limit=1)
    assert (len(one.hits), one.more) == (1, True)


def test_an_unknown_story_is_named_with_its_neighbours(told: Path) -> None:
    with pytest.raises(UsageError, match='no story is named "flod": did you mean "flood"'):
        found(told, "hall", story="flod")


def test_who_had_a_paragraph_first_is_said_of_every_holder(told: Path) -> None:
    for article in (1, 2):
        origin = only(told, '"sports hall"', article=article).origin
        assert origin is not None
        assert (origin.first.article.id, origin.first.same, origin.holders) == (2, "paragraph", 2)
        assert (origin.first.after, origin.first.by) == (minutes(0), minutes(10))
        assert origin.overlaps == ()


async def test_the_same_words_within_another_paragraph_count_and_windows_may_overlap(
    store: Store, path: Path
) -> None:
    await store.sync_articles([watched(), watched(OTHER)], minutes(0))
    await see(store, 1, snapshot("Nothing yet."), minutes(0))
    await see(store, 2, snapshot("Nothing here yet."), minutes(0))
    await see(store, 1, snapshot(HALL), minutes(20))
    await see(store, 2, snapshot(f"“{HALL.upper()}” That is what the mayor said."), minutes(30))
    origin = only(path, "sports", article=1).origin
    assert origin is not None
    assert (origin.first.article.id, origin.first.same) == (1, "paragraph")
    assert [(each.article.id, each.same) for each in origin.overlaps] == [(2, "words")]


def test_common_words_are_ranked_among_the_newest(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search.RANKED", 2)
    answer = found(told, "the")
    assert (len(answer.hits), answer.more, answer.of_newest) == (3, True, 2)


def stored(path: Path, query: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    rows = db.execute(query).fetchall()
    db.close()
    return rows


def faults(path: Path) -> list[str]:
    db = open_for_reading(path)
    whole = check_search(db)
    articles = [number for (number,) in db.conn.execute("SELECT id FROM article").fetchall()]
    each = [fault for number in articles for fault in check_appearances(db, number)]
    db.conn.close()
    return [fault.detail for fault in (*whole, *each)]


DAMAGE = {
    "words that are no text's": "INSERT INTO search (rowid, text) VALUES (900, 'zebra')",
    "a word that is missing": (
        "INSERT INTO search (search, rowid, text)"
        " SELECT 'delete', id, text FROM searchable WHERE id = 2"
    ),
    "another word": "UPDATE paragraph SET text = 'another' WHERE id = 2",
    "an empty index": "DELETE FROM search_data",
    "no data at all": "DROP TABLE search_data",
    "no index at all": "DROP TABLE search",
    "a text without its preparation": "DELETE FROM paragraph_spaced",
    "an appearance less": "DELETE FROM appearance WHERE article_id = 2 AND place = 'headline'",
    "an appearance that never ended": "UPDATE appearance SET gone_id = NULL",
}


@pytest.mark.parametrize("name", DAMAGE)
async def test_damage_is_found_and_made_good(told: Path, name: str) -> None:
    assert faults(told) == []
    before = [found(told, text) for text in ("hall", "metres", "避難")]
    db = sqlite3.connect(told, isolation_level=None)
    kept = db.execute("SELECT id, text FROM paragraph").fetchall()
    db.execute(DAMAGE[name])
    db.close()
    assert faults(told)
    assert all("`watcher reindex`" in fault for fault in faults(told))
    db = sqlite3.connect(told, isolation_level=None)
    db.executemany("UPDATE paragraph SET text = ? WHERE id = ?", [(t, n) for n, t in kept])
    db.close()
    store = Store(told)
    await store.reindex()
    store.close()
    assert faults(told) == []
    assert [found(told, text) for text in ("hall", "metres", "避難")] == before


def test_a_search_in_a_damaged_index_names_the_remedy(told: Path) -> None:
    db = sqlite3.connect(told, isolation_level=None)
    db.execute("DROP TABLE search_data")
    db.close()
    with pytest.raises(StorageError, match="`watcher reindex` makes it anew"):
        found(told, "hall")


def test_a_backup_is_searched_like_the_archive(told: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(told, copy)
    assert faults(copy) == []
    assert hits(copy, "hall") == hits(told, "hall")


async def test_a_rebuilt_history_is_found_by_what_it_says_now(store: Store, path: Path) -> None:
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, snapshot("one river", "advertisement"), minutes(0))
    await see(store, 1, snapshot("two rivers", "advertisement"), minutes(10))
    await settle(store, 1, minutes(15))
    history = await store.history(1)
    as_stored = [(version.id, version.snapshot_digest) for version in history.versions]
    texts = [snapshot("one river"), snapshot("two rivers", headline="Rivers")]
    await store.rebuild(1, as_stored, derive(texts), "reader 2", minutes(20))
    assert faults(path) == []
    assert hits(path, "advertisement") == []
    assert hits(path, "one") == [(1, "one r")]
    assert {hit.kind for hit in found(path, "rivers").hits} == {"headline", "paragraph"}


def test_texts_are_not_kept_twice(told: Path) -> None:
    assert stored(told, "SELECT count(*) FROM sqlite_master WHERE name = 'search_content'") == [
        (0,)
    ]
    apart = stored(told, "SELECT p.text FROM paragraph_spaced s JOIN paragraph p USING (id)")
    assert apart == [(JAPANESE,), (THAI,)]


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    db = open_for_writing(tmp_path_factory.mktemp("words") / "stories.db")
    yield db
    db.conn.close()


LETTERS = st.text(
    alphabet="abzéßøĳ '-’.,:;/()\"&0189 αώжяبسתहिन्दी한글洪水ほカก้ำเมือง\u0301\u200d—“”",
    min_size=1,
    max_size=60,
)


@given(LETTERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_is_found_by_each_of_its_words_and_by_itself(writable: object, text: str) -> None:
    conn = writable.conn  # type: ignore[attr-defined]
    conn.execute("BEGIN")
    try:
        [number] = text_ids(writable, [text])  # type: ignore[arg-type]
        for word in [*text.split(), text]:
            if says_something(word):
                rows = conn.execute(
                    "SELECT rowid FROM search WHERE search MATCH ?", (match_text(Phrase(word)),)
                ).fetchall()
                assert (number,) in rows, word
    finally:
        conn.execute("ROLLBACK")


@given(st.one_of(st.text(max_size=60), LETTERS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_search_raises_anything_but_the_one_error(writable: object, text: str) -> None:
    try:
        query = parse_query(text)
    except BadQuery:
        return
    writable.conn.execute(  # type: ignore[attr-defined]
        "SELECT rowid FROM search WHERE search MATCH ?", (match_text(query),)
    ).fetchall()


async def test_an_empty_snapshot_does_no_harm(store: Store, path: Path) -> None:
    await store.sync_articles([watched()], minutes(0))
    await see(store, 1, Snapshot("", None, None, None, ()), minutes(0))
    assert faults(path) == []
    assert hits(path, "anything") == []
