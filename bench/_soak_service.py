"""The service as `watcher run` builds it, on a clock that moves when it is told; for benchmarks.

Everything else is the real thing: daemon and scheduler, store on disk, guarded client, fetcher,
extraction workers, webhook sender, reloading. Only names are made up: every host is loopback, so
that the articles are spread over many.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from aiohttp.abc import AbstractResolver, ResolveResult

from config.load import load
from storage.store import Store
from watcher.adapters.logs import json_log
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import HttpFetcher
from watcher.adapters.workers.allocator import keep_freed_memory
from watcher.adapters.workers.extraction_pool import ExtractionPool
from watcher.daemon import Daemon, Setup
from watcher.ports import Log
from watcher.service import DAEMON_BUSY_SECONDS, Reloader, Service, fetch_policy

SECRET = "whsec_c29hay1iZW5jaG1hcmstc2VjcmV0LTAx"


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time it was moved to."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Moves it on."""
        self._now += timedelta(seconds=seconds)


class Loopback(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """127.0.0.1."""
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET,
                          proto=0, flags=socket.AI_NUMERICHOST)
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing to close."""


class CountingLog:
    """A Log that counts events, keeps what is wrong, and writes all on, as the daemon does."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.started = asyncio.Event()

    def debug(self, event: str, **facts: Any) -> object:
        """Counted."""
        self._count(event, facts)
        return self._log.debug(event, **facts)

    def info(self, event: str, **facts: Any) -> object:
        """Counted."""
        self._count(event, facts)
        return self._log.info(event, **facts)

    def warning(self, event: str, **facts: Any) -> object:
        """Counted: failures of publishers and receivers are part of the plan."""
        self._count(event, facts)
        return self._log.warning(event, **facts)

    def error(self, event: str, **facts: Any) -> object:
        """Kept: nothing in a benchmark may need a person."""
        self._count(event, facts)
        self.wrong.append(f"{event}: {facts.get('reason', facts)}")
        return self._log.error(event, **facts)

    def _count(self, event: str, facts: dict[str, Any]) -> None:
        self.counts[event] += 1
        if "endpoint" in facts:
            self.counts[f"{event} {facts['endpoint']}"] += 1
        if event == "started":
            self.started.set()


@dataclass(frozen=True, slots=True)
class Soaked:
    """A daemon that runs, with its clock and log."""

    daemon: Daemon
    clock: SetClock
    log: CountingLog
    database: Path

    def advance(self, seconds: float) -> None:
        """Moves the clock on, as if the daemon had looked at it all the while.

        Else it would take that for a sleep of the machine, and spread what is due.
        """
        self.clock.advance(seconds)
        self.daemon.rest.lookout.looked(self.clock.now())

    async def settle(self) -> None:
        """Polls and sends all that is due at this time of the clock."""
        while True:
            await self.daemon.poll_tick()
            await self.daemon.delivery_tick()
            busy = {*self.daemon.polls, *self.daemon.deliveries}
            if not busy:
                return
            await asyncio.wait(busy)


@contextmanager
def nowhere() -> Iterator[TextIO]:
    """Where the log goes."""
    with Path(os.devnull).open("w", encoding="utf-8") as stream:
        yield stream


@asynccontextmanager
async def soaked(config: Path) -> AsyncIterator[Soaked]:
    """Runs a daemon on that configuration until the end; it then stops in good order."""
    environ = {"SOAK_SECRET": SECRET}
    loaded = load(config, environ)
    clock, pool = SetClock(), ExtractionPool()
    keep_freed_memory()
    networks = [str(network) for network in loaded.settings.http.allow_networks]
    client = GuardedClient(networks, resolver=Loopback())
    store = Store(loaded.settings.database, busy_seconds=DAEMON_BUSY_SECONDS)
    with nowhere() as stream:
        log = CountingLog(json_log(stream, clock, verbose=True))
        try:
            fetcher = HttpFetcher(client, fetch_policy(loaded.settings.http), clock)
            service = Service(loaded, store, client, fetcher, pool)
            reloader = Reloader(config, environ, service, log)

            async def reload(forced: bool) -> Setup | None:
                setup = await reloader.reload(forced)
                return None if setup is None else on_clock(setup, clock)

            setup = on_clock(service.setup(), clock)
            daemon = Daemon(setup, reload, loaded.settings.database, log)
            # all at once: what a start spreads over an interval would make rounds unequal
            daemon.rest.lookout.looked(clock.now())
            running = asyncio.create_task(daemon.run())
            await log.started.wait()
            yield Soaked(daemon, clock, log, loaded.settings.database)
            daemon.stopping.set()
            await running
        finally:
            await pool.aclose()
            await client.aclose()
            store.close()


def on_clock(setup: Setup, clock: SetClock) -> Setup:
    """The same parts on another clock."""
    return replace(
        setup,
        poller=replace(setup.poller, clock=clock),
        dispatcher=replace(setup.dispatcher, clock=clock),
    )
