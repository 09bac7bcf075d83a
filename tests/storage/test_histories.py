"""Random histories, checked against a small model: nothing invented, nothing lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.store import Store
from tests.storage.builders import (
    POLICY,
    T0,
    due,
    failed,
    gone,
    not_modified,
    page,
    see,
    snapshot,
    watched,
)
from watcher.core.decide import GONE_AFTER, UNREACHABLE_AFTER, Failed, decide
from watcher.core.model import Outcome, Snapshot

TEXTS = ("The river rose.", "Two roads are shut.", "A school closed.", "Check back.")
URLS = ("https://a.example/one", "https://b.example/two")

ONE, TWO = snapshot(*TEXTS[:2]), snapshot(*TEXTS)
# Few of them, so that returns to an old one are common.
CONTENT = st.sampled_from(
    (ONE, TWO, replace(ONE, headline="River falls"), replace(ONE, modified="2026-03-01"))
)
MISSES = st.sampled_from(
    (gone(), failed(), failed(Outcome.BLOCKED, "403 Forbidden"), failed(Outcome.DNS, "no host"))
)
STEP = st.tuples(
    st.integers(0, len(URLS) - 1),
    st.one_of(CONTENT, st.just("again"), MISSES, MISSES, st.just("crash")),
    st.sampled_from((1, 10, 45, 600)),
)


@dataclass
class Expected:
    """What one article's archive should hold."""

    versions: list[Snapshot] = field(default_factory=list)
    reverts: list[int | None] = field(default_factory=list)
    polls: int = 0
    events: list[str] = field(default_factory=list)
    failures: int = 0
    missing: int = 0
    told: str = ""

    def saw(self, content: Snapshot) -> None:
        self.polls += 1
        self.failures = self.missing = 0
        if self.told in ("gone", "unreachable"):
            self.events.append("article.restored")
        self.told = ""
        if self.versions and self.versions[-1] == content:
            return
        self.reverts.append(self._revert_of(content))
        self.versions.append(content)
        if len(self.versions) > 1:
            self.events.append("article.updated")

    def _revert_of(self, content: Snapshot) -> int | None:
        if not self.versions or _says(self.versions[-1]) == _says(content):
            return None
        same = [n for n, old in enumerate(self.versions, 1) if _says(old) == _says(content)]
        return same[-1] if same else None

    def missed(self, how: Failed) -> None:
        self.polls += 1
        self.failures += 1
        self.missing = self.missing + 1 if how.outcome is Outcome.GONE else 0
        waits = self.told == "unreachable" and not self.versions
        if self.missing >= GONE_AFTER and self.told != "gone" and not waits:
            if self.versions:
                self.events.append("article.unpublished")
                self.told = "gone"
            else:
                self.told = "silently gone"
        elif self.failures >= UNREACHABLE_AFTER and not self.told and not self.missing:
            self.events.append("article.unreachable")
            self.told = "unreachable"


def _says(content: Snapshot) -> tuple[object, ...]:
    return (content.headline, content.paragraphs)


@settings(max_examples=25)
@given(st.lists(STEP, max_size=20))
def test_the_archive_holds_what_was_seen(steps: list[tuple[int, object, int]]) -> None:
    asyncio.run(check(steps))


async def check(steps: list[tuple[int, object, int]]) -> None:
    expected = [Expected() for _ in URLS]
    with TemporaryDirectory() as folder:
        path, now = Path(folder) / "stories.db", T0
        store = Store(path)
        await store.sync_articles([watched(url) for url in URLS], now)
        for at, what, pause in steps:
            now += timedelta(minutes=pause)
            if what == "crash":
                store = await restart(store, path, now)
            else:
                await poll(store, at + 1, what, now, expected[at])
        store.close()
        with Archive(path) as archive:
            for article_id, model in enumerate(expected, 1):
                compare_with_model(archive, article_id, model)
            assert archive._db.query("PRAGMA integrity_check").__next__() == {
                "integrity_check": "ok"
            }
            assert list(archive._db.query("PRAGMA foreign_key_check")) == []


async def restart(store: Store, path: Path, now: datetime) -> Store:
    """The daemon dies with everything leased, and another one takes over."""
    leased = await due(store, now)
    store.close()
    store = Store(path)
    released, _ = await store.start_daemon(1, now)
    assert released == len(leased)
    return store


async def poll(store: Store, article_id: int, what: object, now: datetime, model: Expected) -> None:
    if isinstance(what, Failed):
        before = await store.state(article_id)
        decision = decide(before, what, now, POLICY, 0)
        model.missed(what)
    elif isinstance(what, Snapshot):
        decision, _ = await see(store, article_id, what, now, body=page(what))
        model.saw(what)
        assert decision.next_poll_at > now
        return
    else:
        state = await store.state(article_id)
        if state.latest is None:
            return
        decision = decide(state, not_modified(state), now, POLICY, 0)
        model.saw(model.versions[-1])
    await store.record(decision)
    after = await store.state(article_id)
    assert (after.failures, after.missing) == (model.failures, model.missing)
    assert after.due == decision.next_poll_at > now


def compare_with_model(archive: Archive, article_id: int, model: Expected) -> None:
    versions = archive.versions(article_id)
    stored = [replace(archive.snapshot(v.id), url=TEXTS[0]) for v in versions]
    assert stored == [replace(content, url=TEXTS[0]) for content in model.versions]
    assert [v.number for v in versions] == list(range(1, len(versions) + 1))
    assert [v.revert_of for v in versions] == model.reverts
    events = archive.events(article_id)
    assert [event.type for event in events] == model.events
    deliveries = [d for d in archive.deliveries("pending") if d.article_id == article_id]
    assert [d.event_id for d in reversed(deliveries)] == [event.id for event in events]
    runs = archive.runs(article_id)
    assert sum(run.count for run in runs) == model.polls
    assert all(run.count >= run.not_modified + run.same_body for run in runs)
    assert all(a.last_at < b.first_at for a, b in pairwise(runs))
    for old, new in pairwise(versions):
        assert old.seen_from <= old.seen_until < new.seen_from <= new.seen_until
        change = archive.change(old, new)
        whole = "\n".join(p.text for p in archive.snapshot(new.id).paragraphs)
        pieces = {i: e for e in change.edits for i in e.new}
        assert sorted(pieces) == list(range(len(archive.snapshot(new.id).paragraphs)))
        assert all(text in whole for e in change.edits for op, text in e.words if op >= 0)
