"""What feeds and sitemaps list, and which of it belongs to a story. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watcher.core.urls import url_fault, url_key

SourceKind = Literal["feed", "sitemap"]

MOST_FOLLOWED = 200
"""Articles of one source that are followed at a time: a pattern that fits too much, or a hostile
feed, must not fill the archive."""

LONGEST_WAIT = 6 * 3600.0
"""Seconds between two tries after failures in a row."""

LONGEST_RETRY_AFTER = 24 * 3600.0

_AHEAD = timedelta(days=1)
"""Times further in the future are mistakes, or wishes."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: its address, what it says of itself, and when that changed last, if it says."""

    url: str
    title: str = ""
    summary: str = ""
    guid: str = ""
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one document lists: entries, and in an index of sitemaps other sitemaps."""

    kind: SourceKind
    items: tuple[Item, ...]
    parts: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Matcher:
    """Which entries belong to a story.

    One of `words` must be found, each of them a phrase whose words all occur, as words and in any
    order; or the regular expression `pattern`. Looked at are title, summary and URL; case counts
    nowhere.
    """

    words: tuple[str, ...] = ()
    pattern: str | None = None

    def matches(self, item: Item) -> bool:
        """Whether an entry belongs to the story."""
        if self.pattern is not None:
            looked_for = re.compile(self.pattern, re.IGNORECASE)
            if any(looked_for.search(text) for text in (item.title, item.summary, item.url)):
                return True
        if not self.words:
            return False
        said = _words(" ".join((item.title, item.summary, item.url)))
        return any(wanted <= said for wanted in map(_words, self.words) if wanted)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.replace("_", " ").casefold()))


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it is recorded: with its URL's key, and whether it may become an article."""

    item: Item
    key: str
    wanted: bool


def listed(
    items: tuple[Item, ...], matcher: Matcher, now: datetime, follow_for: timedelta
) -> tuple[Listed, ...]:
    """The usable entries, each address once and the newest first.

    What changed last before `follow_for` would be followed no longer: it becomes no article. Times
    that cannot be true yet are left out.
    """
    found: dict[str, Listed] = {}
    for item in sorted(items, key=lambda each: (each.updated is None, _reverse(each.updated))):
        if url_fault(item.url) is not None:
            continue
        if item.updated is not None and item.updated > now + _AHEAD:
            item = Item(item.url, item.title, item.summary, item.guid)  # noqa: PLW2901
        recent = item.updated is None or now - item.updated < follow_for
        key = url_key(item.url)
        if key not in found:
            found[key] = Listed(item, key, recent and matcher.matches(item))
    return tuple(found.values())


def _reverse(moment: datetime | None) -> float:
    return 0.0 if moment is None else -moment.timestamp()


def wait_after(interval: float, failures: int, retry_after: float | None, jitter: float) -> float:
    """Seconds to the next look at a source, after so many failures in a row.

    After failures the wait grows by exponential backoff with full jitter, never below the interval;
    a server's Retry-After is a lower bound. `jitter` in [0, 1).
    """
    if failures == 0:
        return interval
    longest = max(LONGEST_WAIT, interval)
    window = min(interval * 2.0 ** min(failures, 32), longest)
    wait = interval + (window - interval) * jitter
    return wait if retry_after is None else max(wait, min(retry_after, LONGEST_RETRY_AFTER))
