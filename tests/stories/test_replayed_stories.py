"""Every story followed as the daemon follows it: loopback HTTP, real extraction, real archive.

Each step is polled twice; what the archive then holds must be what expected.json says.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from storage.archive import Archive
from storage.articles import WatchedArticle
from storage.store import Store
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import FetchPolicy, HttpFetcher
from watcher.adapters.net.replay_site import ReplaySite
from watcher.adapters.page.gate.fastgates import FastGates
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.text.noise_words import shipped_noise_words
from watcher.core.decide import Policy
from watcher.core.model import Extraction, Outcome
from watcher.poll import Polled, Poller, poll_article

SEEDS = Path(__file__).parents[2] / "seeds"
STORIES = sorted(path.name for path in SEEDS.iterdir() if path.is_dir())
BETWEEN_POLLS = timedelta(minutes=1)
LEASE = timedelta(minutes=5)


class SetClock:
    """A clock that shows what it is set to."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


class DirectExtractor(FastGates):
    """The extraction itself, without the processes that the service puts around it."""

    async def extract(self, body: bytes, url: str, content_type: str | None) -> Extraction:
        return extract_snapshot(body, url, content_type)


@dataclass(frozen=True)
class Followed:
    """A story after its last step: the site, two polls a step, and the archive they left."""

    site: ReplaySite
    polls: list[list[Polled]]
    archive: Archive


@asynccontextmanager
async def polling(database: Path, clock: SetClock) -> AsyncIterator[Poller]:
    client = GuardedClient(["127.0.0.1/32"])
    store = Store(database)
    try:
        yield Poller(
            store=store,
            fetcher=HttpFetcher(client, FetchPolicy("tests", per_host_delay=0.0), clock),
            extractor=DirectExtractor(),
            extractor_name="the one of these tests",
            clock=clock,
            policy=Policy(),
            jitter=lambda: 0.0,
            noise_words=shipped_noise_words(),
        )
    finally:
        store.close()
        await client.aclose()


async def poll_twice(poller: Poller, clock: SetClock) -> list[Polled]:
    polls = []
    for _ in range(2):
        (article,) = await poller.store.lease_these([1], clock.time, clock.time + LEASE)
        polls.append(await poll_article(article, poller))
        clock.time += BETWEEN_POLLS
    return polls


@asynccontextmanager
async def followed(name: str, folder: Path) -> AsyncIterator[Followed]:
    site = ReplaySite(SEEDS / name)
    clock = SetClock(site.story.starts)
    database = folder / "stories.db"
    polls = []
    await site.start()
    try:
        async with polling(database, clock) as poller:
            watched = WatchedArticle(site.article_url, name, 600.0)
            await poller.store.sync_articles([watched], clock.time)
            for index, step in enumerate(site.story.steps):
                site.set_step(index)
                clock.time = site.story.starts + step.at
                polls.append(await poll_twice(poller, clock))
    finally:
        await site.aclose()
    with Archive(database) as archive:
        yield Followed(site, polls, archive)


def what_it_said(polled: Polled) -> dict[str, Any]:
    """A poll in the words of expected.json."""
    decision = polled.decision
    events = [event.type for event in decision.events]
    return {"outcome": decision.outcome, "via": decision.via, "events": events}


def what_it_became(archive: Archive) -> dict[str, Any]:
    """The archive in the words of expected.json."""
    versions = archive.versions(1)
    changes = [archive.pair(*pair) for pair in pairwise(versions)]
    return {
        "versions": [
            {
                "number": version.number,
                "headline": version.headline,
                "paragraphs": len(archive.snapshot(version.id).paragraphs),
                "kind": version.kind,
                "revert_of": version.revert_of,
            }
            for version in versions
        ],
        "changes": [
            {
                "from": pair.old.number,
                "to": pair.new.number,
                "headline": pair.change.headline is not None,
                "metadata": sorted(pair.change.metadata),
                "summary": dict(pair.change.summary),
            }
            for pair in changes
        ],
        "events": [event.type for event in archive.events(1)],
    }


def leads_from_text_to_text(archive: Archive) -> bool:
    """True if every stored change, applied to the old paragraphs, gives the new ones."""
    for old, new in pairwise(archive.versions(1)):
        before = [paragraph.text for paragraph in archive.snapshot(old.id).paragraphs]
        used: list[int] = []
        rebuilt: dict[int, str] = {}
        for edit in archive.change(old, new).edits:
            gone = "".join(text for op, text in edit.words if op <= 0)
            if gone != "\n".join(before[index] for index in edit.old):
                return False
            come = "".join(text for op, text in edit.words if op >= 0)
            used += edit.old
            rebuilt |= dict(zip(edit.new, come.split("\n") if edit.new else (), strict=True))
        after = [paragraph.text for paragraph in archive.snapshot(new.id).paragraphs]
        if sorted(used) != list(range(len(before))) or rebuilt != dict(enumerate(after)):
            return False
    return True


def windows_of(story: Followed) -> list[tuple[datetime, datetime]]:
    """When each version was first and last confirmed, going by when the polls took place."""
    windows: list[tuple[datetime, datetime]] = []
    for step, pair in zip(story.site.story.steps, story.polls, strict=True):
        first = story.site.story.starts + step.at
        if pair[0].decision.outcome is Outcome.NEW_VERSION:
            windows.append((first, first + BETWEEN_POLLS))
        elif pair[1].decision.outcome.is_content:
            windows[-1] = (windows[-1][0], first + BETWEEN_POLLS)
    return windows


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_becomes_what_it_says(name: str, tmp_path: Path) -> None:
    expected = json.loads((SEEDS / name / "expected.json").read_text("utf-8"))
    async with followed(name, tmp_path) as story:
        got = what_it_became(story.archive)
        got["polls"] = [[what_it_said(polled) for polled in pair] for pair in story.polls]
        assert got == expected
        assert leads_from_text_to_text(story.archive)
        windows = [(v.seen_from, v.seen_until) for v in story.archive.versions(1)]
        assert windows == windows_of(story)


async def test_the_article_keeps_its_identity_when_it_moves(tmp_path: Path) -> None:
    async with followed("moved-slug", tmp_path) as story:
        step = story.site.story.steps[-1]
        both = [story.site.base + path for path in (step.path, str(step.location))]
        assert [article.id for article in story.archive.articles()] == [1]
        assert story.archive.urls(1) == both


async def test_a_live_blog_grows_above_its_older_posts(tmp_path: Path) -> None:
    async with followed("live-blog", tmp_path) as story:
        first, second, third = story.archive.versions(1)
        grown = []
        for old, new in ((first, second), (second, third)):
            edits = story.archive.change(old, new).edits
            grown.append([edit.new for edit in edits if edit.op == "insert"])
        assert grown == [[(2,)], [(2,), (3,)]]


async def test_a_silent_edit_is_seen_without_a_modified_time(tmp_path: Path) -> None:
    async with followed("kursk-captives", tmp_path) as story:
        old, new = story.archive.versions(1)[5:7]
        assert old.modified == new.modified
        (edit,) = [e for e in story.archive.change(old, new).edits if e.op != "equal"]
        changed = [word for word in edit.words if word[0] != 0]
        assert [(op, text.strip()) for op, text in changed] == [(1, "more than")]
