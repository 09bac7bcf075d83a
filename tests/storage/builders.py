"""Small worlds for the storage and decision tests: snapshots, captures, polls."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.articles import WatchedArticle
from storage.store import Store
from watcher.core.compare import compare
from watcher.core.decide import (
    ArticleState,
    Decision,
    Extracted,
    Failed,
    Observed,
    Policy,
    StillHeld,
    Unchanged,
    decide,
)
from watcher.core.decision import Earlier
from watcher.core.drift import NOTHING_KNOWN, HostFacts, texts_that_changed
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.find import Rulebook
from watcher.core.model import Capture, Change, EventType, Outcome, Paragraph, Snapshot, Via
from watcher.core.quarantine import PageMemory
from watcher.core.text import content_digest

T0 = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
INTERVAL = 600.0
URL = "https://news.example/story"
EXTRACTOR = "reader 1"

POLICY = Policy(
    endpoints={"desk": frozenset(EventType), "moves": frozenset({EventType.MOVED})},
    stories={"flood": ("moves", "desk")},
)


def minutes(count: float) -> datetime:
    """A time so many minutes after the start of the test's world."""
    return T0 + timedelta(minutes=count)


def watched(url: str = URL, story: str = "flood", interval: float = INTERVAL) -> WatchedArticle:
    """An article as the configuration names it."""
    return WatchedArticle(url, story, interval)


def snapshot(*texts: str, headline: str = "River rises", modified: str | None = None) -> Snapshot:
    """A snapshot of plain paragraphs."""
    paragraphs = tuple(Paragraph("paragraph", text) for text in texts)
    return Snapshot(headline, "A. Writer", None, modified, paragraphs, URL)


def meant(
    old: Snapshot,
    new: Snapshot,
    after: datetime | None = None,
    before: datetime | None = None,
    revert_of: int | None = None,
) -> Change:
    """The change from one to the other with its findings, as a decision has it."""
    about = Circumstances(after, before, revert_of)
    return Rulebook().find(old, new, compare(old, new), about)


def page(content: Snapshot) -> bytes:
    """A body that such a snapshot could come from."""
    return repr(content).encode()


def extracted(
    content: Snapshot,
    now: datetime,
    *,
    previous: Snapshot | None = None,
    previous_is_stored: bool = True,
    revert_of: Earlier | None = None,
    still: Snapshot | None = None,
    moved_to: str | None = None,
    body: bytes | None = None,
    extractor: str = EXTRACTOR,
) -> Extracted:
    """A page that went through extraction."""
    body = page(content) if body is None else body
    digest = hashlib.sha256(body).hexdigest()
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("etag", f'"{digest[:8]}"'),
        ("set-cookie", "secret=1"),
    )
    return Extracted(
        capture=Capture(now, URL, URL, 200, headers, body),
        body_digest=digest,
        snapshot=content,
        fingerprint=digest[:16],
        extractor=extractor,
        previous=previous,
        previous_is_stored=previous_is_stored,
        revert_of=revert_of,
        still=still,
        moved_to=moved_to,
    )


def not_modified(state: ArticleState) -> Unchanged:
    """A 304."""
    return Unchanged(Via.NOT_MODIFIED, 304, state.memory)


def gone() -> Failed:
    """A 404."""
    return Failed(Outcome.GONE, "404 Not Found", 404)


def failed(outcome: Outcome = Outcome.TIMEOUT, detail: str = "no answer within 30 s") -> Failed:
    """A poll without content."""
    return Failed(outcome, detail)


async def due(store: Store, now: datetime) -> list[ArticleState]:
    """Leases all that is due."""
    return await store.lease_due(
        now, now + timedelta(minutes=2), limit=1000, per_host=1000, busy={}
    )


async def record_all(store: Store, seen: Observed, now: datetime) -> list[Decision]:
    """Decides the same for every article, whether due or not, and records it."""
    states = await store.lease_these(None, now, now + timedelta(minutes=2))
    decisions = [decide(state, seen, now, POLICY, 0.5) for state in states]
    for decision in decisions:
        await store.record(decision)
    return decisions


async def see(
    store: Store,
    article_id: int,
    content: Snapshot,
    now: datetime,
    *,
    moved_to: str | None = None,
    body: bytes | None = None,
    still: Snapshot | None = None,
    policy: Policy = POLICY,
) -> tuple[Decision, tuple[str, ...]]:
    """One poll that finds this content, as polling does it: read, decide, record."""
    state = await store.state(article_id)
    previous, revert_of, last_seen = None, None, None
    if state.latest is not None:
        previous = await store.previous_snapshot(state.latest.id)
        last_seen = await store.seen_until(state.latest.id)
        revert_of = await store.find_content(
            article_id, content_digest(content), state.latest.number
        )
    found = extracted(
        content, now, previous=previous, revert_of=revert_of, moved_to=moved_to, body=body
    )
    found = replace(
        found,
        still=still,
        held=await held_snapshot(store, state),
        last_seen=last_seen,
        host=await host_facts(store, state, previous, content, now),
    )
    decision = decide(state, found, now, policy, 0.5)
    return decision, await store.record(decision)


async def see_again(
    store: Store, article_id: int, now: datetime
) -> tuple[Decision, tuple[str, ...]]:
    """A poll whose page the cheapest gate recognises, as the latest version's or the held one."""
    state = await store.state(article_id)
    seen: Observed = not_modified(state)
    if state.held is not None:
        still = StillHeld(Via.NOT_MODIFIED, 304, state.held.memory)
        page_held = await held_snapshot(store, state)
        if not state.held.is_over(now) or page_held is None or state.latest is None:
            seen = still
        else:
            previous = await store.previous_snapshot(state.latest.id)
            digest = content_digest(page_held)
            seen = replace(
                extracted(page_held, now, previous=previous),
                revert_of=await store.find_content(article_id, digest, state.latest.number),
                held=page_held,
                host=await host_facts(store, state, previous, page_held, now),
                recognised=still,
            )
    decision = decide(state, seen, now, POLICY, 0.5)
    return decision, await store.record(decision)


async def held_snapshot(store: Store, state: ArticleState) -> Snapshot | None:
    """What the held page says; page() is read back."""
    if state.held is None:
        return None
    body = (await store.held_capture(state.held.capture_id)).body
    names = {"Snapshot": Snapshot, "Paragraph": Paragraph}
    found = eval(body.decode(), {"__builtins__": {}}, names)
    assert isinstance(found, Snapshot)
    return found


async def host_facts(
    store: Store, state: ArticleState, old: Snapshot | None, new: Snapshot, now: datetime
) -> HostFacts:
    """What is known of the host, as polling asks for it."""
    if old is None:
        return NOTHING_KNOWN
    return await store.host_facts(state.id, *texts_that_changed(old, new), now)


async def miss(store: Store, article_id: int, seen: Failed, now: datetime) -> Decision:
    """One poll that finds no content."""
    decision = decide(await store.state(article_id), seen, now, POLICY, 0.5)
    await store.record(decision)
    return decision


async def settle(
    store: Store,
    delivery_id: int,
    now: datetime,
    *,
    status: int | None = 200,
    retry_at: datetime | None = None,
    disable: str | None = None,
) -> None:
    """Settles a delivery the way dispatching does."""
    await store.settle_delivery(
        delivery_id,
        now,
        status=status,
        detail=f"answered {status}",
        retry_at=retry_at,
        delivered=status is not None and 200 <= status < 300,
        disable=disable,
        url_digest=None if disable is None else "the digest of the URL that was asked",
    )


def empty_memory() -> PageMemory:
    """What is known of a page before the first poll."""
    return PageMemory()


def contents(*texts: Sequence[str]) -> list[Snapshot]:
    """Several snapshots, each of its own paragraphs."""
    return [snapshot(*each) for each in texts]
