"""Random histories of one host's articles under banners: no news is kept back, nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.store import Store
from tests.storage.builders import T0, see, snapshot, watched
from watcher.core.drift import LIKELY_FROM, SHARED_BY
from watcher.core.model import Outcome, Snapshot

ARTICLES = 6
BANNERS = ("Read on for a month and pay for a week.", "Our crossword has a new home.")

STEP = st.tuples(
    # Every article at once, as a template changes, or a single one.
    st.one_of(st.just(tuple(range(1, ARTICLES + 1))), st.integers(1, ARTICLES).map(lambda n: (n,))),
    st.sampled_from(((), BANNERS[:1], BANNERS[1:], BANNERS)),
    st.one_of(st.none(), st.integers(0, 2)),
    st.sampled_from((1, 10, 2000)),
    st.integers(1, 3),
)


def text(article: int, edit: int, banners: tuple[str, ...]) -> Snapshot:
    own = f"The council of district {article} met on Monday and spoke of the bridge."
    return snapshot(own, f"Edit {edit} of the report on district {article}.", *banners)


@settings(max_examples=25)
@given(st.lists(STEP, min_size=3, max_size=10))
def test_only_banners_are_kept_quiet_and_whatever_lasts_is_kept(steps: list[object]) -> None:
    asyncio.run(check(steps))


async def check(steps: list[object]) -> None:
    seen: dict[int, list[Snapshot]] = defaultdict(list)
    edits = dict.fromkeys(range(1, ARTICLES + 1), 0)
    with TemporaryDirectory() as folder:
        path, now = Path(folder) / "stories.db", T0
        store = Store(path)
        names = [
            watched(f"https://news.example/{n}", f"story {n % 2}") for n in range(1, ARTICLES + 1)
        ]
        await store.sync_articles(names, now)
        for articles, banners, edit, pause, times in steps:  # type: ignore[misc]
            for _ in range(times):
                now += timedelta(minutes=pause)
                for article in articles:
                    edits[article] = edits[article] if edit is None else edit
                    found = text(article, edits[article], banners)
                    decision, _ = await see(store, article, found, now)
                    seen[article].append(found)
                    held = decision.outcome is Outcome.QUARANTINED
                    others = _others(seen, article, banners)
                    assert not held or others >= LIKELY_FROM
                    assert not decision.site_texts or others >= SHARED_BY
        store.close()
        with Archive(path) as archive:
            for article, contents in seen.items():
                _check_article(archive, article, contents)


def _others(seen: dict[int, list[Snapshot]], article: int, banners: tuple[str, ...]) -> int:
    """On how many other articles a banner ever came or went."""
    return sum(
        len({content.paragraphs[2:] for content in contents}) > 1
        for other, contents in seen.items()
        if other != article
    )


def _check_article(archive: Archive, article: int, contents: list[Snapshot]) -> None:
    versions = archive.versions(article)
    stored = [archive.snapshot(version.id) for version in versions]
    for three in zip(contents, contents[1:], contents[2:], strict=False):
        if len(set(three)) == 1:
            assert three[0] in stored
    assert all(content in contents for content in stored)
    told = {event.version_id for event in archive.events(article)}
    for (before, after), version in zip(pairwise(stored), versions[1:], strict=True):
        assert (version.id in told) != (version.untold is not None)
        if before.paragraphs[:2] != after.paragraphs[:2]:
            assert version.untold is None
        assert version.seen_from <= version.seen_until


async def test_what_came_more_than_a_day_ago_is_forgotten_when_it_comes_again(
    store: Store, path: Path
) -> None:
    await store.sync_articles([watched(f"https://news.example/{n}") for n in (1, 2)], T0)
    for article, begin in ((1, 0), (2, 2000)):
        for minute, banners in ((begin, ()), (begin + 1, BANNERS[:1])):
            await see(store, article, text(article, 0, banners), T0 + timedelta(minutes=minute))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT came, article_id FROM host_text").fetchall() == [(1, 2)]
