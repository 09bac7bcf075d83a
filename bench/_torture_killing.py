"""Runs `watcher run`, kills it with SIGKILL at random moments, and starts it again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bench._torture_surroundings import ALERTED, ENDPOINTS, Publisher, Receiver, headline_of
from storage.archive import Archive
from storage.store import Store
from tests.command import environment
from tests.e2e.running import SECRET
from tests.site import Site

DEADLINE = 120.0
"""Seconds for anything that must happen: a daemon that does not is a failure, not a wait."""

USUAL_START = 0.6
"""Seconds from a daemon's start until it is ready, on a machine that has nothing else to do."""

MOST_SLOWNESS = 2.5
"""How many times longer daemons live at most where everything takes longer."""

EVERY = """
[[alert]]
name = "gathers"
webhook = "paper"
every = "3s"

[[alert]]
name = "at-once"
webhook = "paper"
added = ["harbour master"]
"""
"""What is told at once takes along what is gathered of its article."""

LIMIT = """
[[alert]]
name = "limited"
webhook = "pager"
limit = 3
"""

MOMENTS = ("starting", "running", "asked", "told", "logged")
"""When a daemon is killed: while it starts; at any time; right after it asked the publisher, told
the receiver, or logged that something was done. Then the fewest things are finished."""


@dataclass(slots=True)
class Daemon:
    """A running daemon: when it was begun and ready, and whether it logged anything since."""

    process: asyncio.subprocess.Process
    begun: float = field(default_factory=time.monotonic)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    logged: asyncio.Event = field(default_factory=asyncio.Event)
    since: float = float("inf")
    faults: list[str] = field(default_factory=list)

    async def read(self) -> None:
        """Reads its log to the end; a killed one may leave half a line."""
        assert self.process.stderr is not None
        async for raw in self.process.stderr:
            try:
                line = json.loads(raw)
            except ValueError:
                if raw.endswith(b"\n"):
                    self.faults.append(raw.decode(errors="replace"))
                continue
            if line["event"] == "started":
                self.since = time.monotonic()
                self.ready.set()
            elif line["event"].endswith("-crashed") or line["event"] == "stray-error":
                self.faults.append(json.dumps(line))
            self.logged.set()


@dataclass(frozen=True, slots=True)
class Life:
    """A daemon's life on the monotonic clock; `ready` is infinite if it was killed before."""

    begun: float
    ready: float
    ended: float


@dataclass
class Torture:
    """One archive under torture, and the daemons that it had so far."""

    folder: Path
    config: Path
    publisher: Publisher
    receiver: Receiver
    random: Random
    longest: float
    kills: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    lives: list[Life] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "stories.db"

    async def kill_often(self, kills: int, told: Callable[[], object] = lambda: None) -> None:
        """Starts and kills daemons, while the publisher never rests."""
        changing = asyncio.create_task(self.publisher.keep_changing())
        try:
            while self.kills < kills:
                await self._one_life()
                self.kills += 1
                told()
        finally:
            changing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await changing

    async def _one_life(self) -> None:
        await self._hurry()
        async with self._daemon() as daemon:
            await self._until_death(daemon)

    async def _until_death(self, daemon: Daemon) -> None:
        moment = self.random.choice(MOMENTS)
        self.moments[moment] += 1
        if moment == "starting":
            await asyncio.sleep(self.random.uniform(0.0, 0.8))
            return
        async with asyncio.timeout(DEADLINE):
            await daemon.ready.wait()
        # Where others keep the machine busy, as much is to be done before death as elsewhere.
        slowness = (daemon.since - daemon.begun) / USUAL_START
        longest = self.longest * min(max(slowness, 1.0), MOST_SLOWNESS)
        await asyncio.sleep(self.random.uniform(0.0, longest))
        happens = {
            "asked": self.publisher.asked, "told": self.receiver.asked, "logged": daemon.logged,
        }.get(moment)  # fmt: skip
        if happens is not None:
            happens.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(longest):
                    await happens.wait()
            # Within what follows: a page is read in some 20 ms, an answer recorded in some 2 ms.
            await asyncio.sleep(self.random.uniform(0.0, self.random.choice((0.002, 0.02))))

    async def come_to_rest(self) -> None:
        """Lets the last editions be archived and every event arrive; then stops in good order.

        What the limit holds would wait for an hour: its alert is taken away, so that it is told.
        """
        self.receiver.kind = True
        await self._hurry()
        async with self._daemon() as daemon:
            await self._until(self._is_archived, daemon)
            self.config.write_text(self.config.read_text().replace(LIMIT, ""))
            await self._until(self._is_at_rest, daemon)
            daemon.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(DEADLINE):
                status = await daemon.process.wait()
        if status:
            self.faults.append(f"the last daemon ended with {status}")

    async def _until(self, done: Callable[[], bool], daemon: Daemon) -> None:
        async with asyncio.timeout(DEADLINE):
            while not done():
                daemon.logged.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(daemon.logged.wait(), 1.0)

    def _is_archived(self) -> bool:
        with Archive(self.database) as archive:
            latest = {record.url: record.headline for record in archive.articles()}
            for article in range(self.publisher.articles):
                edition = self.publisher.editions[article][-1].number
                if latest[self.publisher.url(article)] != headline_of(article, edition):
                    return False
        return True

    def _is_at_rest(self) -> bool:
        with Archive(self.database) as archive:
            return not archive.deliveries("pending") and not archive.decisions("gathered")

    async def _hurry(self) -> None:
        """As `watcher deliveries retry` for what would wait longer than this takes."""
        if not self.database.exists():
            return
        now = datetime.now(UTC)
        try:
            with Archive(self.database) as archive:
                waiting = [
                    delivery.id
                    for delivery in archive.deliveries("pending")
                    if delivery.next_attempt_at and delivery.next_attempt_at > now
                ]
        except Exception as error:  # noqa: BLE001  # one that was killed before it had tables
            if any(life.ready < life.ended for life in self.lives):
                self.faults.append(f"the archive cannot be read: {error}")
            return
        if waiting:
            store = Store(self.database)
            try:
                for delivery_id in waiting:
                    await store.retry_delivery(delivery_id, now)
            finally:
                store.close()

    @asynccontextmanager
    async def _daemon(self) -> AsyncIterator[Daemon]:
        """A daemon that is dead in the end, by our hand unless it ended before."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "watcher", "--config", str(self.config), "run",
            env=environment({"DESK_SECRET": SECRET}),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )  # fmt: skip
        daemon = Daemon(process)
        reading = asyncio.create_task(daemon.read())
        try:
            yield daemon
        finally:
            ended = time.monotonic()
            if process.returncode is None:
                process.kill()
            await process.wait()
            # Its workers hold the pipe until they notice, which is soon.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reading, 5.0)
            self.faults += daemon.faults
            self.lives.append(Life(daemon.begun, daemon.since, ended))


@asynccontextmanager
async def tortured(
    folder: Path, seed: int, *, articles: int, longest: float, quick: float, slow: float
) -> AsyncIterator[Torture]:
    """A publisher, a receiver and a configuration; `longest` bounds a daemon's life in seconds."""
    random = Random(seed)
    async with Site() as site:
        publisher = Publisher(site, Random(random.random()), articles, quick, slow)
        receiver = Receiver(site, Random(random.random()))
        config = configure(folder, publisher, site)
        yield Torture(folder, config, publisher, receiver, random, longest)


def configure(folder: Path, publisher: Publisher, site: Site) -> Path:
    """Writes the configuration; gives its path."""
    urls = ", ".join(json.dumps(publisher.url(n)) for n in range(publisher.articles))
    hooks = "".join(
        f'\n[[webhook]]\nname = "{name}"\nurl = "{site.url(f"/{name}")}"\n'
        'secret = "env:DESK_SECRET"\n'
        for name in (*ENDPOINTS, *ALERTED)
    )
    path = folder / "watcher.toml"
    path.write_text(
        f"""database = "stories.db"

[polling]
mode = "fixed"

[http]
contact = "mailto:desk@example.org"
per_host_delay = "0s"
per_host_concurrency = 4
allow_networks = ["127.0.0.1/32"]

[[story]]
name = "flood"
urls = [{urls}]
interval = "1s"
webhooks = {json.dumps(ENDPOINTS)}
{hooks}{EVERY}{LIMIT}"""
    )
    return path
