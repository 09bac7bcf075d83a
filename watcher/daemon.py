"""The daemon: APScheduler ticks, signals, reload, draining. It decides nothing itself."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.articles import WatchedArticle
from storage.outbox import ClaimedDelivery
from watcher.core.decide import ArticleState
from watcher.core.model import Outcome
from watcher.core.urls import host_of
from watcher.dispatch import Dispatcher, attempt, claim
from watcher.errors import ConfigError, WatcherError
from watcher.poll import Polled, Poller, poll_article
from watcher.ports import Log

POLL_TICK = 0.25
DELIVERY_TICK = 0.5
HOUSEKEEPING_TICK = 2.0
DRAIN_SECONDS = 15.0
POLL_PLACES = 256
LEASE = timedelta(minutes=10)
AFTER_AN_ERROR = timedelta(minutes=1)
"""How long an article rests after a poll whose outcome could not be recorded."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setup:
    """What one reading of the configuration gives the daemon to work with."""

    articles: tuple[WatchedArticle, ...]
    poller: Poller
    dispatcher: Dispatcher
    per_host: int


@dataclass(slots=True)
class Daemon:
    """Runs until told to stop.

    `reload` gives a new Setup if the configuration changed on disk, else None; it raises
    ConfigError for a broken one, and the daemon goes on with what it has.
    """

    setup: Setup
    reload: Callable[[bool], Awaitable[Setup | None]]
    database: Path
    log: Log
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    polls: dict[asyncio.Task[None], ArticleState] = field(default_factory=dict)
    deliveries: dict[asyncio.Task[None], ClaimedDelivery] = field(default_factory=dict)
    config_fault: str | None = None
    _leasing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reload_forced: bool = False
    _more_due: bool = False
    _refills: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Works until SIGTERM or SIGINT, then drains; SIGHUP reads the configuration again."""
        store, clock = self.setup.poller.store, self.setup.poller.clock
        articles, deliveries = await store.start_daemon(os.getpid(), clock.now())
        synced = await store.sync_articles(self.setup.articles, clock.now())
        self.log.info(
            "started",
            pid=os.getpid(),
            database=str(self.database),
            articles=len(self.setup.articles),
            added=len(synced.added),
            taken_over=articles + deliveries,
        )
        self._catch_signals()
        scheduler = self._scheduler()
        scheduler.start()
        await self.stopping.wait()
        self.log.info("stopping", polls=len(self.polls), deliveries=len(self.deliveries))
        scheduler.shutdown(wait=False)
        await self._drain()
        await store.stop_daemon(clock.now())
        self.log.info("stopped", pid=os.getpid())

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._force_reload)

    def _force_reload(self) -> None:
        self._reload_forced = True

    def _scheduler(self) -> AsyncIOScheduler:
        # A tick that is still busy is simply not started twice: that is no news for a log.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        scheduler = AsyncIOScheduler(timezone=UTC)
        for tick, seconds in (
            (self.poll_tick, POLL_TICK),
            (self.delivery_tick, DELIVERY_TICK),
            (self.housekeeping_tick, HOUSEKEEPING_TICK),
        ):
            scheduler.add_job(
                self._guarded,
                "interval",
                args=[tick],
                seconds=seconds,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        return scheduler

    async def _guarded(self, tick: Callable[[], Awaitable[None]]) -> None:
        await self._shield(tick.__name__, tick())

    async def _shield(self, what: str, work: Awaitable[T], **facts: object) -> T | None:
        """Waits for a piece of work; if it fails, says so and gives None. The rest goes on."""
        try:
            return await work
        except WatcherError as error:
            self.log.error(f"{what}-failed", reason=str(error), **facts)
        except Exception as error:  # one article's bug must not stop the others
            self.log.error(f"{what}-crashed", reason=repr(error), exc_info=True, **facts)
        return None

    async def poll_tick(self) -> None:
        """Leases what is due, as far as there are places, and polls it in the background."""
        async with self._leasing:
            if self.stopping.is_set() or len(self.polls) >= POLL_PLACES:
                return
            setup = self.setup
            now = setup.poller.clock.now()
            leased = await setup.poller.store.lease_due(
                now,
                now + LEASE,
                limit=POLL_PLACES - len(self.polls),
                per_host=setup.per_host,
                busy=dict(Counter(host_of(a.url) for a in self.polls.values())),
            )
            self._more_due = bool(leased)
            for article in leased:
                task = asyncio.create_task(self._poll(article, setup.poller))
                self.polls[task] = article
                task.add_done_callback(self._polled)

    def _polled(self, task: asyncio.Task[None]) -> None:
        self.polls.pop(task, None)
        if self._more_due and not self._leasing.locked():
            # A free place is used at once: a round must not wait for the next tick.
            self._refill(self.poll_tick)

    def _refill(self, tick: Callable[[], Awaitable[None]]) -> None:
        if self.stopping.is_set():
            return
        task = asyncio.create_task(self._guarded(tick))
        # The loop keeps only weak references to tasks.
        self._refills.add(task)
        task.add_done_callback(self._refills.discard)

    async def _poll(self, article: ArticleState, poller: Poller) -> None:
        polled = await self._shield(
            "poll", poll_article(article, poller), article=article.id, url=article.url
        )
        if polled is None:
            again = poller.clock.now() + AFTER_AN_ERROR
            await self._shield("release", poller.store.release([article.id], again))
            return
        self._report(article, polled)
        if polled.events:
            await self._guarded(self.delivery_tick)

    def _report(self, article: ArticleState, polled: Polled) -> None:
        decision = polled.decision
        facts = {
            "article": article.id,
            "url": article.url,
            "outcome": decision.outcome.value,
            "detail": decision.detail,
            "next_poll_at": decision.next_poll_at.isoformat(),
        }
        if decision.outcome is Outcome.UNCHANGED:
            self.log.debug("polled", via=decision.via, **facts)
        elif decision.outcome is Outcome.NEW_VERSION:
            version = None if decision.version is None else decision.version.number
            self.log.info("polled", version=version, **facts)
        else:
            self.log.warning("polled", failures=decision.failures, **facts)
        for draft, event_id in zip(decision.events, polled.events, strict=True):
            self.log.info(
                "event", id=event_id, type=draft.type.value, article=article.id,
                summary=draft.summary, endpoints=list(draft.endpoints),
            )  # fmt: skip

    async def delivery_tick(self) -> None:
        """Claims due deliveries, as far as each endpoint has places, and sends them."""
        async with self._claiming:
            if self.stopping.is_set():
                return
            dispatcher = self.setup.dispatcher
            under_way = Counter(d.endpoint for d in self.deliveries.values())
            for delivery in await claim(dispatcher, under_way):
                task = asyncio.create_task(self._deliver(delivery, dispatcher))
                self.deliveries[task] = delivery
                task.add_done_callback(self._delivered)

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self.deliveries.pop(task, None)
        if not self._claiming.locked():
            self._refill(self.delivery_tick)

    async def _deliver(self, delivery: ClaimedDelivery, dispatcher: Dispatcher) -> None:
        done = await self._shield("delivery", attempt(delivery, dispatcher), delivery=delivery.id)
        if done is None:
            return
        facts = {
            "delivery": delivery.id,
            "event_id": delivery.event_id,
            "endpoint": delivery.endpoint,
            "attempt": delivery.attempts + 1,
            "status": done.status,
        }
        if done.delivered:
            self.log.info("delivered", **facts)
        elif done.retry_at is not None:
            retry_at = done.retry_at.isoformat()
            self.log.warning("delivery-failed", reason=done.detail, retry_at=retry_at, **facts)
        else:
            self.log.error("delivery-dead", reason=done.detail, **facts)

    async def housekeeping_tick(self) -> None:
        """Reads a changed configuration and leaves a sign of life."""
        forced, self._reload_forced = self._reload_forced, False
        try:
            setup = await self.reload(forced)
        except ConfigError as error:
            fault = str(error)
            if fault != self.config_fault:
                self.log.error("config-refused", faults=list(error.faults))
            self.config_fault = fault
        else:
            if setup is not None:
                await self._take(setup)
        poller = self.setup.poller
        await poller.store.daemon_alive(poller.clock.now(), self.config_fault)

    async def _take(self, setup: Setup) -> None:
        self.setup, self.config_fault = setup, None
        now = setup.poller.clock.now()
        synced = await setup.poller.store.sync_articles(setup.articles, now)
        self.log.info(
            "config-taken",
            articles=len(setup.articles),
            added=len(synced.added),
            retired=len(synced.retired),
        )

    async def _drain(self) -> None:
        """Lets what is under way finish, for a while; then gives leases back."""
        under_way = set(self.polls) | set(self.deliveries)
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=DRAIN_SECONDS)
        given_up = [self.polls[task].id for task in late if task in self.polls]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if given_up:
            await self.setup.poller.store.release(given_up)
        if late:
            self.log.warning("drain-gave-up", unfinished=len(late))
