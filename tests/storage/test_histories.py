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
    page,
    see,
    see_again,
    snapshot,
    watched,
)
from watcher.core.decide import GONE_AFTER, UNREACHABLE_AFTER, Failed, decide
from watcher.core.model import Outcome, Snapshot

TEXTS = ("The river rose.", "Two roads are shut.", "A school closed.", "Check back.")
URLS = ("https://a.example/one", "https://b.example/two")

ONE, TWO = snapshot(*TEXTS[:2]), snapshot(*TEXTS)


def long(kind: str, last: str = "") -> Snapshot:
    """A text long enough to be missed; of another kind, it has no word in common."""
    lines = [" ".join(f"{kind}{line}x{word}" for word in range(20)) for line in range(6)]
    return snapshot(*lines, *([last] if last else []))


LONG = {kind: (long(kind), long(kind, f"{kind} added")) for kind in "klmnp"}
# Few of them, so that returns to an old one are common.
CONTENT = st.sampled_from(
    (
        *(ONE, TWO, replace(ONE, headline="River falls"), replace(ONE, modified="2026-03-01")),
        *(text for pair in LONG.values() for text in pair),
    )
)
MISSES = st.sampled_from(
    (gone(), failed(), failed(Outcome.BLOCKED, "403 Forbidden"), failed(Outcome.DNS, "no host"))
)
STEP = st.tuples(
    st.integers(0, len(URLS) - 1),
    st.one_of(CONTENT, st.just("again"), MISSES, MISSES, st.just("crash")),
    st.sampled_from((1, 10, 45, 600)),
    # So often in a row: what stands long enough must be a version in the end.
    st.sampled_from((1, 1, 2, 3, 4)),
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
    held: Snapshot | None = None
    count: int = 0
    holds: int = 0
    waited: list[tuple[object, ...]] = field(default_factory=list)
    in_a_row: list[Snapshot] = field(default_factory=list)
    lasting: list[Snapshot] = field(default_factory=list)

    def saw(self, content: Snapshot | None) -> None:
        """`content` is None if the page is the same as at the last look."""
        if content is None:
            content = self.held or self.versions[-1]
        self._count(content)
        strange = bool(self.versions) and _is_strange(self.versions[-1], content)
        strange = strange and not self._returns(content)
        if self.held is not None and (self.held == content or strange):
            if self.held == content and not strange:
                return self._confirms(content)
            if _kind(self.held) == _kind(content):
                self.held, self.count = content, self.count + 1
                return self._confirms(content) if self.count == 3 else None
        if not strange or self.holds == 3:
            return self._takes(content)
        self.held, self.count, self.holds = content, 1, self.holds + 1
        return None

    def _returns(self, content: Snapshot) -> bool:
        """An earlier text that was never held needs no confirmation."""
        says = _says(content)
        return says not in self.waited and says in map(_says, self.versions[:-1])

    def _confirms(self, content: Snapshot) -> None:
        self.waited.append(_says(content))
        self._takes(content)

    def _count(self, content: Snapshot) -> None:
        self.polls += 1
        self.failures = self.missing = 0
        self.in_a_row = [*self.in_a_row, content] if content in self.in_a_row[-1:] else [content]
        if len(self.in_a_row) >= 3:
            self.lasting.append(content)

    def _takes(self, content: Snapshot) -> None:
        self.held, self.holds = None, 0
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
        self.in_a_row = []
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


def _kind(content: Snapshot) -> tuple[str, ...] | str:
    """What is alike: long texts of one kind, and what has the same paragraphs."""
    texts = tuple(paragraph.text for paragraph in content.paragraphs)
    return texts[0][0] if len(texts) >= 6 else texts


def _is_strange(old: Snapshot, new: Snapshot) -> bool:
    """Whether a long text was replaced; a short one may be."""
    return len(old.paragraphs) >= 6 and _kind(old) != _kind(new)


def _says(content: Snapshot) -> tuple[object, ...]:
    return (content.headline, content.paragraphs)


@settings(max_examples=25)
@given(st.lists(STEP, min_size=4, max_size=16))
def test_the_archive_holds_what_was_seen(steps: list[tuple[int, object, int, int]]) -> None:
    asyncio.run(check(steps))


async def check(steps: list[tuple[int, object, int, int]]) -> None:
    expected = [Expected() for _ in URLS]
    with TemporaryDirectory() as folder:
        path, now = Path(folder) / "stories.db", T0
        store = Store(path)
        await store.sync_articles([watched(url) for url in URLS], now)
        for at, what, pause in [step[:3] for step in steps for _ in range(step[3])]:
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
        decision, _ = await see_again(store, article_id, now)
        model.saw(None)
        assert decision.next_poll_at > now
        return
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
    assert all(content in model.versions for content in model.lasting)
    held = archive.quarantine(article_id)
    assert [page.state for page in held if page.state == "held"] == ["held"] * bool(model.held)
    assert all(archive.capture(page.capture_id).body for page in held)
    confirmed = [page.version for page in held if page.state == "confirmed"]
    assert set(confirmed) <= {v.number for v in versions[1:]}
    assert all(v.untold is None for v in versions)
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
