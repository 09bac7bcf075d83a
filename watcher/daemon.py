"""The daemon: APScheduler ticks, signals, reload, draining. It decides nothing itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from storage.outbox import ClaimedDelivery
from watcher.behind import behind
from watcher.bulletin import Bulletin
from watcher.core.decide import ArticleState
from watcher.core.schedule.purse import Purse
from watcher.core.urls import host_of
from watcher.dispatch import Attempted, Dispatcher, attempt, claim, enable_moved, settle
from watcher.errors import ConfigError, StaleDecision, StorageBusy, StorageError, WatcherError
from watcher.finding import Finding
from watcher.logbook import Logbook
from watcher.metrics import Metrics
from watcher.poll import Polled, Poller, poll_article, record_defect
from watcher.ports import Log
from watcher.rest import Rest
from watcher.spending import keep_purse, open_purse
from watcher.ticking import Ticking
from watcher.wanted import Setup as Setup

POLL_TICK = 0.25
DELIVERY_TICK = 0.5
FINDING_TICK = 1.0
HOUSEKEEPING_TICK = 2.0
DRAIN_SECONDS = 9.0
POLL_PLACES = 256
DELIVERIES_AT_ONCE = 256
"""Claimed by one tick; each endpoint has fewer places of its own."""
LEASE = timedelta(minutes=10)
AFTER_AN_ERROR = timedelta(minutes=1)
"""How long an article rests after a poll whose outcome could not be recorded."""

T = TypeVar("T")


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
    bulletin: Bulletin = field(default_factory=Bulletin)
    metrics: Metrics = field(default_factory=Metrics)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    polls: dict[asyncio.Task[None], ArticleState] = field(default_factory=dict)
    deliveries: dict[asyncio.Task[None], ClaimedDelivery] = field(default_factory=dict)
    config_fault: str | None = None
    _leasing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _keeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reload_forced: bool = False
    _untaken: Setup | None = None
    _poll_freed: bool = False
    _delivery_freed: bool = False
    _refills: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _shift: float = 0.0
    _purse: Purse | None = None
    book: Logbook = field(init=False)
    rest: Rest = field(init=False)
    finding: Finding = field(init=False)

    def __post_init__(self) -> None:
        self.book = Logbook(self.log, self.setup.poller.clock, self.metrics)
        self.rest = Rest(self.book)
        self.finding = Finding(self.book, self._shield)

    async def run(self) -> None:
        """Works until SIGTERM or SIGINT, then drains; SIGHUP reads the configuration again."""
        self._catch_signals()
        store, clock = self.setup.poller.store, self.setup.poller.clock
        articles, deliveries = await store.start_daemon(os.getpid(), clock.now())
        synced = await store.sync_articles(self.setup.articles, clock.now(), self.setup.sources)
        enabled = await enable_moved(self.setup.dispatcher)
        taken_over = articles + deliveries
        self.book.started(self.database, len(self.setup.articles), synced, enabled, taken_over)
        self._purse = await open_purse(store, self.setup.budget, clock.now())
        ticking = self._ticking()
        ticking.start()
        await self._shield("port", self.bulletin.listen(self.setup.listen))
        self.bulletin.started(store.answered)
        await self.stopping.wait()
        self.bulletin.stopping()
        self.log.info("stopping", polls=len(self.polls), deliveries=len(self.deliveries))
        # Not shut down yet: that would cancel a tick in the middle of what it does.
        ticking.pause()
        given_up = await self._drain()
        ticking.stop()
        await asyncio.gather(
            self._shield("release", store.release(given_up)),
            self._shield("stop", keep_purse(store, self._purse, clock.now())),
            self._shield("stop", store.stop_daemon(clock.now())),
        )
        await self.bulletin.ended()
        self.log.info("stopped", pid=os.getpid())

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._force_reload)
        loop.set_exception_handler(self._on_stray_error)

    def _on_stray_error(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What nobody waited for: asyncio would print it as text between the lines of the log."""
        self.book.stray(context["message"], context.get("exception"))

    def _force_reload(self) -> None:
        self._reload_forced = True
        self.bulletin.manager.reloading()

    def _ticking(self) -> Ticking:
        ticks = (
            (self.poll_tick, POLL_TICK),
            (self.delivery_tick, DELIVERY_TICK),
            (self.finding_tick, FINDING_TICK),
            (self.housekeeping_tick, HOUSEKEEPING_TICK),
        )
        return Ticking(ticks, self._guarded, self.setup.poller.clock, self._clock_set_back)

    async def _clock_set_back(self, seconds: float) -> None:
        """Everything would wait for the old time: the next housekeeping moves it along."""
        self._shift += seconds
        reason = "due times are moved along, so that nothing waits for the old time"
        self.log.warning("clock-set-back", seconds=round(-seconds, 3), reason=reason)

    async def _guarded(self, tick: Callable[[], Awaitable[None]]) -> None:
        """One tick. What it could not do is done at the next one."""
        name = tick.__name__
        try:
            await tick()
        except Exception as error:  # noqa: BLE001  # a bug in one tick must not stop the others
            self.book.stands_still(name, error)
        else:
            self.book.goes_on(name)
        if tick == self.housekeeping_tick:
            told = f"{len(self.setup.articles)} articles; under way: {len(self.polls)} polls"
            told += f", {len(self.deliveries)} deliveries"
            told += "; the changed configuration has faults" if self.config_fault else ""
            self.bulletin.kept(told, self.book.longest_standstill)

    async def _shield(self, what: str, work: Awaitable[T], **facts: object) -> T | None:
        """Waits for a piece of work; if it fails, says so and gives None. The rest goes on."""
        try:
            done = await work
        except Exception as error:  # noqa: BLE001  # nobody else would hear of it
            self.book.failed(what, error, **facts)
            return None
        self.book.goes_on(what)
        return done

    async def poll_tick(self) -> None:
        """Leases what is due, as far as there are places, and polls it in the background."""
        async with self._leasing:
            self._poll_freed = True
            while self._poll_freed and not self.stopping.is_set() and len(self.polls) < POLL_PLACES:
                self._poll_freed = False
                await self._lease(self.setup)

    async def _lease(self, setup: Setup) -> None:
        now = setup.poller.clock.now()
        limit = self.rest.places(now, POLL_PLACES - len(self.polls), self._working())
        if not limit or not await self.rest.give_back(setup.poller.store, now, now):
            return
        if self.rest.lookout.looked(now):
            await setup.poller.store.spread_overdue(now)
        purse = self._purse
        if purse is not None and (limit := min(limit, purse.places(now))) < 1:
            return
        leased = await setup.poller.store.lease_due(
            now,
            now + LEASE,
            limit=limit,
            per_host=setup.per_host,
            limits=setup.limits,
            busy=dict(Counter(host_of(a.url) for a in self.polls.values())),
            new_last=setup.poller.jitter() < 0.5,
        )
        poller, before = setup.poller, {a.id: task for task, a in self.polls.items()}
        if purse is not None:
            purse.spend(now, len(leased))
            poller = replace(poller, price=purse.price)
        for article in leased:
            if (last := before.get(article.id)) and self.polls[last].revision == article.revision:
                continue  # its lease ran out amid the poll, as the clock was set forward
            task = asyncio.create_task(behind(last, self._poll, article, poller))
            self.polls[task] = article
            task.add_done_callback(self._polled)

    def _polled(self, task: asyncio.Task[None]) -> None:
        self.polls.pop(task, None)
        self._poll_freed = True
        self._refill(self.poll_tick, self._leasing)

    def _refill(self, tick: Callable[[], Awaitable[None]], lock: asyncio.Lock) -> None:
        """A free place is used at once, not at the next tick; one under way sees it by itself."""
        name = tick.__name__
        if self.stopping.is_set() or lock.locked() or name in self._refills:
            return
        task = self._refills[name] = asyncio.create_task(self._guarded(tick))
        task.add_done_callback(lambda _: self._refills.pop(name))

    async def _poll(self, article: ArticleState, poller: Poller) -> None:
        began = asyncio.get_running_loop().time()
        polled = await self._try_poll(article, poller)
        if polled is None:
            now = poller.clock.now()
            self.rest.unrecorded.add(article.id)
            given = self.rest.give_back(poller.store, now, now + AFTER_AN_ERROR)
            await self._shield("release", given)
            return
        self.rest.end()
        self.book.polled(article, polled, asyncio.get_running_loop().time() - began)
        if self._purse is not None:
            self._purse.polled(article.followed, polled.decision.pressure)
        if polled.events:
            await self._guarded(self.delivery_tick)

    async def _try_poll(self, article: ArticleState, poller: Poller) -> Polled | None:
        """The finished poll, None if its outcome could not be recorded."""
        facts = {"article": article.id, "url": article.url}
        try:
            return await poll_article(article, poller)
        except StorageError as error:
            if isinstance(error, StorageBusy | StaleDecision):
                self.book.failed("poll", error, **facts)
            else:
                self.rest.begin(str(error), poller.clock.now())
            return None
        except WatcherError as error:
            self.book.failed("poll", error, **facts)
            return None
        except Exception as error:  # noqa: BLE001  # one article's bug must not stop the others
            self.book.failed("poll", error, of=article.id, **facts)
            return await self._shield(
                "poll", record_defect(article, type(error).__name__, poller), **facts
            )

    async def finding_tick(self) -> None:
        """Looks at feeds and sitemaps that are due, in the background."""
        finder, now = self.setup.finder, self.setup.poller.clock.now()
        if finder and not self.stopping.is_set() and self.rest.places(now, 2, self._working()) > 1:
            await self.finding.look(finder)

    async def delivery_tick(self) -> None:
        """Claims due deliveries, as far as each endpoint has places, and sends them."""
        async with self._claiming:
            self._delivery_freed = True
            while self._delivery_freed and not self.stopping.is_set():
                self._delivery_freed = False
                dispatcher = self.setup.dispatcher
                now = dispatcher.clock.now()
                if not (most := self.rest.places(now, DELIVERIES_AT_ONCE, self._working())):
                    return
                made = await self._shield("digest", dispatcher.close_digests())
                self.book.digested(made or ())
                before = {d.id: (d.attempts, task) for task, d in self.deliveries.items()}
                under_way = Counter(d.endpoint for d in self.deliveries.values())
                for delivery in await claim(dispatcher, under_way, most):
                    made_before, last = before.get(delivery.id, (None, None))
                    if made_before == delivery.attempts:
                        continue  # its lease ran out while it is sent: the clock was set forward
                    task = asyncio.create_task(behind(last, self._deliver, delivery, dispatcher))
                    self.deliveries[task] = delivery
                    task.add_done_callback(self._delivered)

    def _delivered(self, task: asyncio.Task[None]) -> None:
        self.deliveries.pop(task, None)
        self._delivery_freed = True
        self._refill(self.delivery_tick, self._claiming)

    async def _deliver(self, delivery: ClaimedDelivery, dispatcher: Dispatcher) -> None:
        done = await self._try_delivery(delivery, dispatcher)
        if done is None:
            return
        self.rest.end()
        self.book.attempted(delivery, done)
        if done.disabled:
            # The configuration may have named another URL while this one was being asked.
            moved = enable_moved(self.setup.dispatcher)
            self.book.enabled(await self._shield("enable", moved) or ())

    async def _try_delivery(
        self, delivery: ClaimedDelivery, dispatcher: Dispatcher
    ) -> Attempted | None:
        """The finished attempt, None if it could not be recorded: then its lease runs out."""
        facts = {"delivery": delivery.id, "endpoint": delivery.endpoint}
        try:
            return await attempt(delivery, dispatcher)
        except Exception as error:  # noqa: BLE001  # one event's bug must not stop the others
            self.book.failed("delivery", error, of=delivery.endpoint, **facts)
            if isinstance(error, StorageBusy):
                return None
        # An attempt that counts: what can never be sent must end as dead, not hold up all behind.
        detail = "story watcher could not make this message: see its log"
        try:
            return await settle(delivery, dispatcher, None, None, detail)
        except StorageBusy as error:
            self.book.failed("delivery", error, of=delivery.endpoint, **facts)
        except StorageError as error:
            self.rest.begin(str(error), dispatcher.clock.now())
        return None

    async def housekeeping_tick(self) -> None:
        """Reads a changed configuration and leaves a sign of life."""
        async with self._keeping:
            if self.stopping.is_set():
                return
            await self._read_config()
            if self._untaken is not None:
                await self._take(self._untaken)
            await self._shield("port", self.bulletin.listen(self.setup.listen))
            poller = self.setup.poller
            if shift := self._shift:
                await poller.store.shift_times(shift, poller.clock.now())
                self._shift -= shift
            adopted = self.finding.adopted()
            await keep_purse(poller.store, self._purse, poller.clock.now(), adopted)
            await poller.store.daemon_alive(poller.clock.now(), self.config_fault)

    async def _read_config(self) -> None:
        forced, self._reload_forced = self._reload_forced, False
        try:
            await self._reread(forced)
        finally:
            if self._untaken is None:
                self.bulletin.manager.ready()

    async def _reread(self, forced: bool) -> None:
        try:
            setup = await self.reload(forced)
        except ConfigError as error:
            fault = str(error)
            if forced or fault != self.config_fault:
                self.log.error("config-refused", faults=list(error.faults))
            self.config_fault = fault
        else:
            if setup is not None:
                self._untaken, self.config_fault = setup, None
                self.bulletin.manager.reloading()

    async def _take(self, setup: Setup) -> None:
        now = setup.poller.clock.now()
        # First the articles: if they cannot be written now, the next tick begins again.
        synced = await setup.poller.store.sync_articles(setup.articles, now, setup.sources)
        enabled = await enable_moved(setup.dispatcher)
        # What was spent since it was last put on record counts under the new budget as well.
        await keep_purse(setup.poller.store, self._purse, now)
        self._purse = await open_purse(setup.poller.store, setup.budget, now)
        self.setup, self._untaken = setup, None
        self.bulletin.manager.ready()
        self.rest.lookout.forget()
        self.book.taken(len(setup.articles), synced, enabled)

    async def _drain(self) -> list[int]:
        """Lets what is under way finish, for a while; gives the articles whose polls did not."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                # Whoever holds one is inside a tick and may still start something.
                for lock in (self._leasing, self._claiming, self._keeping):
                    async with lock:
                        pass
                while under_way := self._under_way():
                    await asyncio.wait(under_way)
        except TimeoutError:
            pass
        else:
            return []
        given_up = [article.id for article in self.polls.values()]
        late = self._under_way()
        self.log.warning("drain-gave-up", polls=len(given_up), deliveries=len(self.deliveries))
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return given_up

    def _working(self) -> int:
        return len(self.polls) + len(self.deliveries)

    def _under_way(self) -> set[asyncio.Task[None]]:
        return {*self.polls, *self.deliveries, *self.finding.looks, *self._refills.values()}
