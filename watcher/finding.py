"""The daemon's looks at feeds and sitemaps: leased, several at once, one never delaying another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from storage.sources import SourceState
from watcher.logbook import Logbook
from watcher.sources import Finder, SourcePolled, poll_source

PLACES = 16
"""Looks under way at once: their bodies are in memory, and reading them takes a thread each."""

LEASE = timedelta(minutes=10)


class Shield(Protocol):
    """Waits for a piece of work, whatever becomes of it."""

    async def __call__(
        self, what: str, work: Awaitable[SourcePolled], /, *, of: object = None
    ) -> SourcePolled | None:
        """What the work gives; None if it failed, which is then in the log."""
        ...


@dataclass(slots=True)
class Finding:
    """Looks at what is due, in the background. `looks` are those under way.

    `shield` waits for a piece of work and gives None, having said so, if it fails.
    """

    book: Logbook
    shield: Shield
    looks: set[asyncio.Task[None]] = field(default_factory=set)
    _adopted: bool = False
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PLACES))

    async def look(self, finder: Finder) -> None:
        """Leases the sources that are due and begins to look at them."""
        now = finder.clock.now()
        for source in await finder.store.lease_sources(now, now + LEASE):
            task = asyncio.create_task(self._one(source, finder))
            self.looks.add(task)
            task.add_done_callback(self.looks.discard)

    async def _one(self, source: SourceState, finder: Finder) -> None:
        async with self._places:
            # If it fails, its lease stays until it runs out: so it rests before the next try.
            polled = await self.shield("look", poll_source(source, finder), of=source.id)
            if polled is not None:
                self._adopted = self._adopted or bool(polled.found.added)
                self.book.looked(polled)

    def adopted(self) -> bool:
        """Whether new articles were found since this was asked last."""
        adopted, self._adopted = self._adopted, False
        return adopted
