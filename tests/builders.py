"""Archives for tests, built as the service builds them: through decide() and the real Store."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.articles import WatchedArticle
from storage.outbox import ClaimedDelivery
from storage.store import Store
from tests.fakes import FakeClock
from watcher.core.alerts.alert import Alert
from watcher.core.decide import Decision, Extracted, Failed, Observed, Policy, Unchanged, decide
from watcher.core.model import Capture, EventType, Outcome, Paragraph, Snapshot, Via
from watcher.core.text import content_digest

INTERVAL = 600.0


def snapshot(
    headline: str,
    *paragraphs: str,
    byline: str | None = None,
    modified: str | None = None,
    url: str = "https://news.example/flood",
) -> Snapshot:
    """A snapshot of plain paragraphs."""
    texts = tuple(Paragraph("paragraph", text) for text in paragraphs)
    return Snapshot(headline, byline, None, modified, texts, url)


class ArchiveBuilder:
    """Writes an archive poll by poll, on a clock of its own. Every call is one poll.

    `endpoints` are told about every event, `alerts` decide for others. Articles get the
    ids 1, 2, … in the order given.
    """

    def __init__(
        self,
        path: Path,
        urls: Sequence[str] = ("https://news.example/flood",),
        *,
        story: str = "flood",
        endpoints: Sequence[str] = (),
        alerts: Sequence[Alert] = (),
    ) -> None:
        self.clock = FakeClock()
        self.path = path
        self._store = Store(path)
        everything = frozenset(EventType)
        alerted = [name for alert in alerts for name in alert.endpoints]
        self._policy = Policy(
            endpoints=dict.fromkeys((*endpoints, *alerted), everything),
            stories={story: tuple(endpoints)},
            alerts=tuple(alerts),
        )
        self.watch(*urls, story=story)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._store.close()

    def watch(self, *urls: str, story: str = "flood") -> None:
        """Makes these the watched articles."""
        wanted = [WatchedArticle(url, story, INTERVAL) for url in urls]
        asyncio.run(self._store.sync_articles(wanted, self.clock.now()))

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        self.clock.advance(seconds)

    def sees(self, found: Snapshot, article: int = 1, *, moved_to: str | None = None) -> Decision:
        """A poll that went through full extraction."""
        return asyncio.run(self._sees(found, article, moved_to))

    def unchanged(self, article: int = 1, via: Via = Via.NOT_MODIFIED) -> Decision:
        """A poll that a cheap gate recognised."""
        return asyncio.run(self._unchanged(article, via))

    def fails(
        self, outcome: Outcome, detail: str, status: int | None = None, article: int = 1
    ) -> Decision:
        """A poll that did not see the article."""
        return asyncio.run(self._record(article, Failed(outcome, detail, status)))

    def digests(self) -> None:
        """Makes the digests that are due."""
        asyncio.run(self._store.close_digests(self._policy.alerts, self.clock.now()))

    def delivers(self, endpoint: str, status: int, *, disable: bool = False) -> ClaimedDelivery:
        """The next delivery to an endpoint: 2xx settles it, anything else is its last try."""
        return asyncio.run(self._delivers(endpoint, status, disable))

    def daemon_started(self, pid: int) -> None:
        """A daemon's first sign of life."""
        asyncio.run(self._store.start_daemon(pid, self.clock.now()))

    def daemon_alive(self, config_fault: str | None = None) -> None:
        """A later sign of life."""
        asyncio.run(self._store.daemon_alive(self.clock.now(), config_fault))

    def daemon_stopped(self) -> None:
        """An orderly stop."""
        asyncio.run(self._store.stop_daemon(self.clock.now()))

    async def _record(self, article: int, observed: Observed) -> Decision:
        state = await self._store.state(article)
        decision = decide(state, observed, self.clock.now(), self._policy, 0.0)
        await self._store.record(decision)
        return decision

    async def _sees(self, found: Snapshot, article: int, moved_to: str | None) -> Decision:
        state = await self._store.state(article)
        body = repr(found).encode("utf-8", "surrogatepass")
        previous = revert_of = last_seen = None
        if state.latest is not None:
            previous = await self._store.previous_snapshot(state.latest.id)
            last_seen = await self._store.seen_until(state.latest.id)
            revert_of = await self._store.find_content(
                article, content_digest(found), state.latest.number
            )
        capture = Capture(self.clock.now(), state.url, found.url, 200, (), body)
        digest = hashlib.sha256(body).hexdigest()
        observed = Extracted(
            capture, digest, found, digest, "builder/1", previous, True, revert_of, moved_to,
            last_seen=last_seen,
        )  # fmt: skip
        return await self._record(article, observed)

    async def _unchanged(self, article: int, via: Via) -> Decision:
        state = await self._store.state(article)
        return await self._record(article, Unchanged(via, 304, state.memory))

    async def _delivers(self, endpoint: str, status: int, disable: bool) -> ClaimedDelivery:
        now = self.clock.now()
        claimed = await self._store.claim_deliveries([(endpoint, 1)], now, now)
        await self._store.settle_delivery(
            claimed[0].id,
            now,
            status=status,
            detail=f"the endpoint answered {status}",
            retry_at=None,
            delivered=200 <= status < 300,
            disable=endpoint if disable else None,
        )
        return claimed[0]
