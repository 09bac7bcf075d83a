"""The update times that an archive has seen, as replays and fits take them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from watcher.core.schedule.fit import History
from watcher.core.schedule.traces import Trace
from watcher.core.urls import host_of, url_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.archive import Archive
    from storage.versions import VersionRecord


def archived(archive: Archive, weights: Mapping[str, float]) -> list[Trace]:
    """A trace for each article with a version; its story is its group.

    `weights` of its delays by the key of its URL; 1 for others.

    Publication is when it was first seen. A change happened after the old version was last seen
    and not after the new one first was: the middle of that window stands for it, which is exact
    to half of what was waited between the two polls.
    """
    traces = []
    for article in archive.articles():
        versions = archive.versions(article.id)
        if versions:
            updates = _updates(versions)
            host, weight = host_of(article.url), weights.get(url_key(article.url), 1.0)
            traces.append(Trace(article.url, host, updates, article.story, weight))
    return traces


def followed(archive: Archive) -> list[History]:
    """The same articles with how long each was followed: until it was last seen."""
    found = []
    for article in archive.articles():
        versions = archive.versions(article.id)
        if versions and article.seen_until is not None:
            watched = (article.seen_until - versions[0].seen_from).total_seconds()
            found.append(History(host_of(article.url), _updates(versions), watched))
    return found


def _updates(versions: Sequence[VersionRecord]) -> tuple[float, ...]:
    first = versions[0].seen_from
    middles = (
        old.seen_until + (new.seen_from - old.seen_until) / 2 for old, new in pairwise(versions)
    )
    return tuple(sorted((at - first).total_seconds() for at in middles))
