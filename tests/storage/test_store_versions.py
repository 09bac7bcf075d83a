"""Store conformance: versions, changes, the observation log, events."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from storage.archive import Archive
from storage.articles import UrlOwner
from storage.store import Store
from tests.storage.builders import (
    POLICY,
    extracted,
    failed,
    gone,
    meant,
    minutes,
    miss,
    not_modified,
    page,
    see,
    snapshot,
    watched,
)
from watcher.core.compare import compare, describe, expand, full
from watcher.core.decide import Unchanged, decide
from watcher.core.model import (
    KindChange,
    Link,
    LinkChange,
    Notice,
    NoticeChange,
    Outcome,
    Paragraph,
    Post,
    Snapshot,
    Via,
)
from watcher.errors import StaleDecision, UsageError

A = snapshot("The river rose at noon.", "Two roads are shut.", "Check back for updates.")
B = snapshot("The river rose at noon.", "Three roads are shut.", "A school closed.")


@pytest.fixture
async def article(store: Store) -> int:
    """A watched article without a version."""
    return (await store.sync_articles([watched()], minutes(0))).added[0]


async def test_a_first_version_is_all_there_and_tells_nobody(
    store: Store, archive: Archive, article: int
) -> None:
    _, events = await see(store, article, A, minutes(0))
    [version] = archive.versions(article)
    assert events == ()
    assert (version.number, version.kind, version.revert_of) == (1, "first", None)
    assert (version.seen_from, version.seen_until) == (minutes(0), minutes(0))
    assert archive.snapshot(version.id) == A
    previous = await store.previous_page(version.id)
    assert (previous.snapshot, previous.body) == (A, page(A))
    assert previous.content_type == "text/html; charset=utf-8"


async def test_a_return_to_an_old_text_is_a_version_and_says_so(
    store: Store, archive: Archive, article: int
) -> None:
    for minute, content in ((0, A), (10, B), (20, A)):
        await see(store, article, content, minutes(minute))
    versions = archive.versions(article)
    assert [version.number for version in versions] == [1, 2, 3]
    assert [version.revert_of for version in versions] == [None, None, 1]
    assert versions[2].summary.startswith("back to the text of version 1; ")
    assert archive.snapshot(versions[2].id) == A


async def test_headline_and_date_alone_make_versions_of_their_own_kind(
    store: Store, archive: Archive, article: int
) -> None:
    new_head = replace(A, headline="River falls")
    new_date = replace(new_head, modified="2026-03-01T09:00:00Z")
    for minute, content in ((0, A), (10, new_head), (20, new_date)):
        await see(store, article, content, minutes(minute))
    assert [version.kind for version in archive.versions(article)] == ["first", "text", "metadata"]
    first, second, third = archive.versions(article)
    assert archive.change(first, second).headline == ("River rises", "River falls")
    change = archive.change(second, third)
    assert dict(change.metadata) == {"modified": (None, "2026-03-01T09:00:00Z")}


async def test_stored_changes_are_those_that_comparing_gives(
    store: Store, archive: Archive, article: int
) -> None:
    for minute, content in ((0, A), (10, B), (20, A)):
        await see(store, article, content, minutes(minute))
    one, two, three = archive.versions(article)
    assert archive.change(one, two) == meant(A, B, minutes(0), minutes(10))
    assert archive.change(two, three) == meant(B, A, minutes(10), minutes(20), 1)
    assert archive.change(one, three) == meant(A, A)
    assert archive.change(two, one) == meant(B, A)


async def test_a_change_against_a_new_reading_of_the_old_page_is_kept_whole(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, A, minutes(0))
    reread = replace(
        A,
        byline="B. Writer",
        headline="River rises fast",
        paragraphs=(*A.paragraphs[:2], Paragraph("caption", "The bridge."), *A.paragraphs[2:]),
    )
    state = await store.state(article)
    found = extracted(B, minutes(10), previous=reread, previous_is_stored=False, extractor="2")
    [event] = await store.record(decide(state, found, minutes(10), POLICY, 0))
    old, new = archive.versions(article)
    pair = archive.pair(old, new)
    assert (old.extractor, new.extractor) == ("reader 1", "2")
    assert pair.change == meant(reread, B, None, minutes(10))
    assert [p.text for p in pair.old_snapshot.paragraphs] == [p.text for p in reread.paragraphs]
    assert (pair.old_snapshot.headline, pair.old_snapshot.byline) == (
        "River rises fast", "B. Writer",
    )  # fmt: skip
    assert archive.snapshot(old.id) == A
    assert (await store.material(event)).pair == pair


def test_a_whole_edit_script_needs_no_texts() -> None:
    edits = compare(A, B).edits
    assert expand(full(edits), (), ()) == edits


async def test_windows_come_from_what_was_seen(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, A, minutes(0))
    state = await store.state(article)
    await store.record(decide(state, not_modified(state), minutes(10), POLICY, 0))
    await miss(store, article, failed(), minutes(20))
    await see(store, article, B, minutes(30))
    one, two = archive.versions(article)
    assert (one.seen_from, one.seen_until) == (minutes(0), minutes(10))
    assert (two.seen_from, two.seen_until) == (minutes(30), minutes(30))
    [row] = archive._db.query("SELECT window_after, window_before FROM latest_change")
    assert row == {
        "window_after": "2026-03-01T08:10:00.000Z", "window_before": "2026-03-01T08:30:00.000Z",
    }  # fmt: skip


async def test_a_clock_set_back_makes_no_negative_window(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, A, minutes(60))
    await see(store, article, B, minutes(0))
    assert all(v.seen_from <= v.seen_until for v in archive.versions(article))
    [row] = archive._db.query("SELECT window_after, window_before FROM latest_change")
    assert row["window_after"] <= row["window_before"]


async def test_a_quiet_article_costs_one_row(store: Store, archive: Archive, article: int) -> None:
    await see(store, article, A, minutes(0))
    vias = [Via.NOT_MODIFIED, Via.SAME_BODY, Via.SAME_TEXT, Via.NOT_MODIFIED]
    for number, via in enumerate(vias, 1):
        state = await store.state(article)
        status = 304 if via is Via.NOT_MODIFIED else 200
        seen = Unchanged(via, status, state.memory)
        await store.record(decide(state, seen, minutes(10 * number), POLICY, 0))
    first, quiet = archive.runs(article)
    assert (first.outcome, first.count, first.detail) == (Outcome.NEW_VERSION, 1, "first version")
    assert (quiet.outcome, quiet.count) == (Outcome.UNCHANGED, 4)
    assert (quiet.not_modified, quiet.same_body) == (2, 1)
    assert (quiet.first_at, quiet.last_at) == (minutes(10), minutes(40))


@pytest.mark.parametrize(("pause", "runs"), [(30, 1), (31, 2)])
async def test_a_hole_in_the_log_stays_visible(
    store: Store, archive: Archive, article: int, pause: int, runs: int
) -> None:
    await see(store, article, A, minutes(0))
    for minute in (10, 10 + pause):
        state = await store.state(article)
        await store.record(decide(state, not_modified(state), minutes(minute), POLICY, 0))
    assert len(archive.runs(article)) == 1 + runs
    assert sum(run.count for run in archive.runs(article)) == 3


async def test_runs_end_where_outcome_or_reason_change(
    store: Store, archive: Archive, article: int
) -> None:
    seen = [
        failed(),
        failed(),
        failed(detail="cut off"),
        failed(Outcome.DNS, "no such host"),
        gone(),
    ]
    for minute, each in enumerate(seen):
        await miss(store, article, each, minutes(minute))
    assert [(run.outcome, run.count) for run in archive.runs(article)] == [
        (Outcome.TIMEOUT, 2), (Outcome.TIMEOUT, 1), (Outcome.DNS, 1), (Outcome.GONE, 1),
    ]  # fmt: skip
    assert archive.versions(article) == []
    [listed] = archive.articles()
    assert (listed.last_outcome, listed.last_detail) == (Outcome.GONE, "404 Not Found")
    assert (listed.polls, listed.failures, listed.versions) == (5, 5, 0)


async def test_gone_and_back_is_told_once_each_and_in_order(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, A, minutes(0))
    for minute in (10, 20, 30):
        await miss(store, article, gone(), minutes(minute))
    await see(store, article, B, minutes(40))
    types = [event.type for event in archive.events(article)]
    assert types == ["article.unpublished", "article.restored", "article.updated"]
    assert [event.seq for event in archive.events()] == sorted(e.seq for e in archive.events())
    assert len({event.id for event in archive.events()}) == 3


async def test_a_moved_article_is_found_under_both_addresses(
    store: Store, archive: Archive, article: int
) -> None:
    new = "https://news.example/renamed"
    await see(store, article, A, minutes(0), moved_to=new)
    assert await store.owner_of_url("https://news.example/renamed") == UrlOwner(article, True)
    assert archive.article(new).id == archive.article("https://news.example/story").id == article
    assert archive.urls(article) == ["https://news.example/story", new]
    assert [event.type for event in archive.events()] == ["article.moved"]
    material = archive.material(archive.events()[0].id)
    assert (material.pair, material.headline) == (None, "River rises")
    assert (await store.sync_articles([watched(new)], minutes(1))).added == ()


async def test_an_address_taken_meanwhile_is_decided_again(
    store: Store, archive: Archive, article: int
) -> None:
    taken = "https://news.example/taken"
    state = await store.state(article)
    await store.sync_articles([watched(), watched(taken)], minutes(0))
    found = extracted(A, minutes(0), moved_to=taken)
    with pytest.raises(StaleDecision, match="another article's address"):
        await store.record(decide(state, found, minutes(0), POLICY, 0))
    assert archive.versions(article) == archive.runs(article) == archive.events() == []


async def test_paragraphs_are_kept_once_with_order_and_kinds(
    store: Store, archive: Archive, article: int
) -> None:
    kinds = ("heading", "paragraph", "paragraph", "quote", "paragraph", "unheard-of")
    texts = ("one", "two", "one", "two", "", "line\u2028end")
    content = Snapshot("h", None, None, None, tuple(map(Paragraph, kinds, texts)), A.url)
    shuffled = replace(content, paragraphs=content.paragraphs[::-1])
    for minute, each in ((0, content), (10, shuffled), (20, replace(A, paragraphs=()))):
        await see(store, article, each, minutes(minute))
    stored = [archive.snapshot(version.id) for version in archive.versions(article)]
    assert stored == [content, shuffled, replace(A, paragraphs=())]
    [row] = archive._db.query("SELECT count(*) AS n FROM paragraph")
    assert row["n"] == 4 + len({content.headline, A.headline})


async def test_only_headers_that_date_a_capture_are_kept(
    store: Store, archive: Archive, article: int
) -> None:
    await see(store, article, A, minutes(0))
    [row] = archive._db.query("SELECT headers, lower(hex(body_digest)) AS digest FROM capture")
    digest = hashlib.sha256(page(A)).hexdigest()
    assert "set-cookie" not in row["headers"]
    assert "etag" in row["headers"]
    assert row["digest"] == digest


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("1", 1), ("first", 1), ("latest", 2), ("2026-03-01T08:05Z", 1), ("2026-03-01 08:10", 2),
     ("2026-03-01T11:00:00+02:00", 2)],
)  # fmt: skip
async def test_versions_are_named_by_number_word_or_time(
    store: Store, archive: Archive, article: int, wanted: str, number: int
) -> None:
    await see(store, article, A, minutes(0))
    await see(store, article, B, minutes(10))
    assert archive.version(article, wanted).number == number


@pytest.mark.parametrize(
    ("wanted", "says"),
    [("3", "there is no version 3: the article has 1 to 2"), ("yesterday", "is no version"),
     ("2026-02-01", "no version was seen by 2026-02-01")],
)  # fmt: skip
async def test_versions_that_do_not_exist_are_explained(
    store: Store, archive: Archive, article: int, wanted: str, says: str
) -> None:
    with pytest.raises(UsageError, match="has no version yet"):
        archive.version(article, "1")
    await see(store, article, A, minutes(0))
    await see(store, article, B, minutes(10))
    with pytest.raises(UsageError, match=says):
        archive.version(article, wanted)


async def test_articles_are_named_by_id_url_or_part(
    store: Store, archive: Archive, article: int
) -> None:
    await store.sync_articles([watched(), watched("https://b.example/other")], minutes(0))
    await see(store, article, A, minutes(0))
    for name in ("1", 1, "https://news.example/story#top", "RIVER", "example/sto"):
        assert archive.article(name).id == article
    with pytest.raises(UsageError, match='"example" matches 2 articles, use an id: 1: River'):
        archive.article("example")
    for name in ("9", "ftp://news.example/story", "nothing"):
        with pytest.raises(UsageError, match="no article matches"):
            archive.article(name)


async def test_a_version_of_other_kinds_alone_says_so_and_keeps_them(
    store: Store, archive: Archive, article: int
) -> None:
    text = A.paragraphs[0].text
    other = replace(A, paragraphs=(Paragraph("heading", text), *A.paragraphs[1:]))
    for minute, content in ((0, A), (10, other)):
        await see(store, article, content, minutes(minute))
    first, second = archive.versions(article)
    assert second.summary == "only the kind of 1 paragraph changed"
    assert second.kind == "metadata"
    assert archive.change(first, second).kinds == (KindChange(0, 0, "paragraph", "heading"),)


async def test_metadata_notices_and_posts_are_kept_and_their_changes_told(
    store: Store, archive: Archive, article: int
) -> None:
    more = replace(
        A,
        publisher="The Valley Post",
        section="Weather",
        language="en-GB",
        canonical="https://news.example/river",
        access="free",
        notices=(Notice("developing", "Check back for updates.", 2), Notice("update", "12:05")),
        posts=(Post("post-1", "2026-03-01T08:00:00Z", 0, 2),),
    )
    for minute, content in ((0, A), (10, more), (20, A)):
        await see(store, article, content, minutes(minute))
    first, second, third = archive.versions(article)
    assert [archive.snapshot(v.id) for v in (first, second, third)] == [A, more, A]
    change = archive.change(first, second)
    assert change == meant(A, more, minutes(0), minutes(10))
    assert change.notices == (
        NoticeChange("update", None, "12:05"),
        NoticeChange("developing", None, "Check back for updates."),
    )
    assert second.kind == "metadata"
    assert second.summary == (
        "update line added, developing line added; publisher, section, language and access changed"
    )


async def test_links_are_kept_and_a_change_of_one_alone_is_a_version(
    store: Store, archive: Archive, article: int
) -> None:
    report = Link(0, 4, 9, "https://ministry.example/report?id=1")
    roads = Link(1, 4, 9, "https://ministry.example/roads")
    moved = replace(report, url="https://ministry.example/report-2")
    old, new = replace(A, links=(report, roads)), replace(A, links=(moved, roads))
    for minute, content in ((0, old), (10, new), (20, old)):
        await see(store, article, content, minutes(minute))
    first, second, third = archive.versions(article)
    assert [archive.snapshot(v.id) for v in (first, second, third)] == [old, new, old]
    assert second.kind == "metadata"
    assert second.summary == "1 link changed"
    assert archive.change(first, second) == meant(old, new, minutes(0), minutes(10))
    assert archive.change(first, second).links == (LinkChange("river", report, moved),)


async def test_each_address_is_kept_once(store: Store, archive: Archive, article: int) -> None:
    links = tuple(Link(0, 0, 9, f"https://ministry.example/report/{n}") for n in range(30))
    for number in range(5):
        content = snapshot(f"The river rose by {number} metres.")
        await see(store, article, replace(content, links=links), minutes(10 * number))
    with closing(sqlite3.connect(archive.path)) as db:
        assert db.execute("SELECT count(*) FROM link_target").fetchone() == (30,)
        (size,) = db.execute("SELECT max(length(links)) FROM version").fetchone()
    assert size < 500


async def test_noise_beside_news_is_kept_as_such(
    store: Store, archive: Archive, article: int
) -> None:
    old = snapshot("The river rose.", "104 views", "Two roads are shut.")
    new = snapshot("The river rose.", "131 views", "Three roads are shut.")
    await see(store, article, old, minutes(0))
    still = snapshot("The river rose.", "131 views", "Two roads are shut.")
    await see(store, article, new, minutes(10), still=still)
    first, second = archive.versions(article)
    change = archive.change(first, second)
    assert change.noise == (1,)
    assert describe(change) == second.summary == "1 paragraph edited"
