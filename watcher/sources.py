"""poll_source(): one look at a feed or sitemap, and what becomes of what it lists."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.sources import (
    Discovered,
    SourceDecision,
    SourceRead,
    SourceState,
    WatchedSource,
)
from storage.store import Store
from watcher.core.alerts.alert import Audience
from watcher.core.decision import validators_of
from watcher.core.hostrest import REFUSING, Refusal
from watcher.core.listing import Item, Listed, Listing, Matcher, listed, wait_after
from watcher.core.model import Capture, Outcome, Validators
from watcher.core.times import whole_milliseconds
from watcher.errors import FetchFailed, NotAListing
from watcher.ports import Clock, ListingFetcher

READ, UNCHANGED, NOT_A_LISTING = "read", "unchanged", "not-a-listing"
"""How a look at a source ends, if not in one of the outcomes of polls."""

MOST_PARTS = 10
"""Sitemaps of an index that are read at one look, the newest first: what changes is in them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the configuration wants of a source. `audience` hears of articles that moved."""

    source: WatchedSource
    matcher: Matcher
    follow_for: timedelta
    audience: Audience = field(default_factory=Audience)


@dataclass(frozen=True, slots=True)
class Finder:
    """What looking at sources needs.

    `wanted` is by URL and story. `read(body, url, most)` makes a Listing of a document, raising
    NotAListing; `max_body` bounds what it unpacks, in bytes. `jitter` gives numbers in [0, 1).
    """

    store: Store
    fetcher: ListingFetcher
    read: Callable[[bytes, str, int], Listing]
    clock: Clock
    jitter: Callable[[], float]
    max_body: int
    wanted: Mapping[tuple[str, str], Wanted]

    @property
    def sources(self) -> tuple[WatchedSource, ...]:
        """The sources that are looked at."""
        return tuple(each.source for each in self.wanted.values())


@dataclass(frozen=True, slots=True)
class SourcePolled:
    """One finished look: the source as it was before, the decision, and what was found."""

    source: SourceState
    decision: SourceDecision
    found: Discovered


@dataclass(frozen=True, slots=True)
class _Found:
    listed: tuple[Listed, ...]
    digest: str
    validators: Validators | None
    status: int
    detail: str


async def poll_source(source: SourceState, finder: Finder) -> SourcePolled:
    """Looks at a leased source and records what that means; recording gives the lease back.

    Raises StorageError if that cannot be written: then nothing of it was.
    """
    wanted = finder.wanted.get((source.url, source.story))
    if wanted is None:  # the configuration changed since it was leased
        await finder.store.release_source(source.id)
        decision = _decided(source, finder, UNCHANGED, "no longer configured", None)
        return SourcePolled(source, decision, Discovered())
    decision = await _looked(source, wanted, finder)
    return SourcePolled(source, decision, await finder.store.record_source(decision))


async def _looked(source: SourceState, wanted: Wanted, finder: Finder) -> SourceDecision:
    try:
        found = await _found(source, wanted, finder)
    except FetchFailed as error:
        return _failed(source, finder, error)
    except NotAListing as error:
        return _decided(source, finder, NOT_A_LISTING, str(error), 200, failed=True)
    if found is None:
        return _decided(source, finder, UNCHANGED, "", 304)
    read = SourceRead(
        found.listed,
        wanted.follow_for,
        wanted.source.article_interval,
        found.digest,
        found.validators,
        wanted.source.article_terms,
        wanted.audience,
    )
    outcome = UNCHANGED if found.digest == source.body_digest else READ
    return _decided(source, finder, outcome, found.detail, found.status, read=read)


async def _found(source: SourceState, wanted: Wanted, finder: Finder) -> _Found | None:
    """What the source lists now; None if it says that this is what it was."""
    capture = await finder.fetcher.fetch_listing(source.url, source.validators)
    if capture.status == 304:
        return None
    _must_be_page(capture)
    listing = await _read(capture, finder)
    if listing.kind != wanted.source.kind:
        raise NotAListing(f"it is a {listing.kind}: name it in [[{listing.kind}]]")
    items, validators, detail = listing.items, validators_of(capture), ""
    if listing.parts:
        # An index says little of what its sitemaps list: they are read whatever it says.
        more, unread = await _parts(listing.parts, finder)
        items, validators = (*items, *more), None
        detail = f"{unread} of its sitemaps could not be read" if unread else ""
    now = finder.clock.now()
    found = await asyncio.to_thread(listed, items, wanted.matcher, now, wanted.follow_for)
    digest = hashlib.sha256(capture.body).hexdigest()
    return _Found(found, digest, validators, capture.status, detail)


async def _parts(parts: tuple[Item, ...], finder: Finder) -> tuple[list[Item], int]:
    """What the newest sitemaps of an index list, and how many of them could not be read."""
    oldest = datetime.min.replace(tzinfo=finder.clock.now().tzinfo)
    newest = sorted(parts, key=lambda part: part.updated or oldest, reverse=True)[:MOST_PARTS]
    items: list[Item] = []
    unread = 0
    for part in newest:
        try:
            capture = await finder.fetcher.fetch_listing(part.url, None)
            _must_be_page(capture)
            items += (await _read(capture, finder)).items
        except (FetchFailed, NotAListing) as error:
            if isinstance(error, FetchFailed) and error.status in REFUSING:
                raise
            unread += 1
    return items, unread


async def _read(capture: Capture, finder: Finder) -> Listing:
    return await asyncio.to_thread(finder.read, capture.body, capture.final_url, finder.max_body)


def _must_be_page(capture: Capture) -> None:
    status = capture.status
    if status == 200:
        return
    if status in (404, 410):
        outcome = Outcome.GONE
    elif status in (401, 402, 403, 429, 451):
        outcome = Outcome.BLOCKED
    elif status >= 500:
        outcome = Outcome.SERVER_ERROR
    else:
        outcome = Outcome.CLIENT_ERROR if status >= 400 else Outcome.BAD_RESPONSE
    raise FetchFailed(
        outcome, f"it answered {status}", status=status, retry_after=capture.retry_after
    )


def _failed(source: SourceState, finder: Finder, error: FetchFailed) -> SourceDecision:
    return _decided(
        source, finder, error.outcome.value, error.detail, error.status,
        failed=True, retry_after=error.retry_after,
    )  # fmt: skip


def _decided(
    source: SourceState,
    finder: Finder,
    outcome: str,
    detail: str,
    status: int | None,
    *,
    failed: bool = False,
    retry_after: float | None = None,
    read: SourceRead | None = None,
) -> SourceDecision:
    at, jitter = whole_milliseconds(finder.clock.now()), finder.jitter()
    failures = source.failures + 1 if failed else 0
    wait = wait_after(source.interval, failures, retry_after, jitter)
    refused = failed and status in REFUSING
    return SourceDecision(
        source_id=source.id,
        at=at,
        outcome=outcome,
        detail=detail,
        status=status,
        failures=failures,
        next_poll_at=at + timedelta(seconds=wait),
        read=read,
        refusal=Refusal(retry_after, jitter) if refused else None,
    )
