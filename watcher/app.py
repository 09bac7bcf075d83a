"""The composition root: the only place that reads the configuration, opens the archive for
writing and builds adapters. The faces call it; nothing below knows it.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.load import Loaded, load
from storage.articles import SyncResult, WatchedArticle, sync_articles
from storage.store import Store
from storage.writer import Writer
from watcher import __version__
from watcher.core.decide import ArticleState, Policy
from watcher.core.model import EventType, Snapshot
from watcher.errors import SendFailed, UsageError, WatcherError

if TYPE_CHECKING:
    from sqlite_utils import Database

    from watcher.adapters.http import HttpClient
    from watcher.daemon import Setup
    from watcher.dispatch import Dispatcher, Endpoint
    from watcher.poll import Polled, Poller
    from watcher.ports import Extractor, Log

POLLS_AT_ONCE = 64
LEASE = timedelta(minutes=10)

T = TypeVar("T")


def config_path(option: Path | None, environ: Mapping[str, str]) -> Path:
    """The configuration file: the option, else $WATCHER_CONFIG, else ./watcher.toml."""
    if option is not None:
        return option
    return Path(environ.get("WATCHER_CONFIG") or "watcher.toml")


def read_config(path: Path, environ: Mapping[str, str], need_secrets: bool = True) -> Loaded:
    """The configuration. Raises ConfigError naming every fault."""
    return load(path, environ, need_secrets=need_secrets)


def watched(loaded: Loaded) -> tuple[WatchedArticle, ...]:
    """The articles the configuration names."""
    return tuple(
        WatchedArticle(a.url, a.story, a.interval.total_seconds()) for a in loaded.articles
    )


def sync(loaded: Loaded) -> SyncResult:
    """Creates or updates the database so that its watched articles are the configured ones."""
    from watcher.adapters.clock import SystemClock

    return _write(loaded, lambda db: sync_articles(db, watched(loaded), SystemClock().now()))


def user_agent(contact: str | None) -> str:
    """Who asks, honestly, and where to complain."""
    return f"storywatcher/{__version__}" + (f" (+{contact})" if contact else "")


def http_client(loaded: Loaded | None) -> HttpClient:
    """The one guarded HTTP client, as the configuration wants it."""
    from config.settings import Http
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.http import HttpClient

    http = Http() if loaded is None else loaded.settings.http
    return HttpClient(
        user_agent=user_agent(http.contact),
        timeout=http.timeout.total_seconds(),
        max_body=http.max_body,
        allow_networks=http.allow_networks,
        per_host_concurrency=http.per_host_concurrency,
        per_host_delay=http.per_host_delay.total_seconds(),
        clock=SystemClock(),
    )


def policy_of(loaded: Loaded) -> Policy:
    """What the configuration says about deciding."""
    settings = loaded.settings
    every = tuple(webhook.name for webhook in settings.webhooks)
    return Policy(
        max_interval=settings.polling.max_interval.total_seconds(),
        endpoints={
            w.name: frozenset(EventType if w.events is None else w.events)
            for w in settings.webhooks
        },
        stories={s.name: every if s.webhooks is None else s.webhooks for s in settings.stories},
    )


def endpoints_of(loaded: Loaded) -> dict[str, Endpoint]:
    """Where events go. Secrets stay wrapped until the moment of signing."""
    from watcher.dispatch import Endpoint

    return {
        w.name: Endpoint(w.name, w.url, loaded.secrets[w.name].reveal)
        for w in loaded.settings.webhooks
    }


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running service. `loaded` is the configuration they were built from."""

    loaded: Loaded
    store: Store
    client: HttpClient
    extractor: Extractor

    def poller(self) -> Poller:
        """What polling needs."""
        from watcher.adapters.clock import SystemClock
        from watcher.adapters.extractor_name import EXTRACTOR
        from watcher.adapters.http import HttpFetcher
        from watcher.poll import Poller

        return Poller(
            store=self.store,
            fetcher=HttpFetcher(self.client),
            extractor=self.extractor,
            extractor_name=EXTRACTOR,
            clock=SystemClock(),
            policy=policy_of(self.loaded),
            jitter=random.random,
        )

    def dispatcher(self) -> Dispatcher:
        """What delivering needs."""
        from watcher.adapters.clock import SystemClock
        from watcher.adapters.webhook import WebhookSender
        from watcher.dispatch import Dispatcher

        return Dispatcher(
            store=self.store,
            sender=WebhookSender(self.client),
            clock=SystemClock(),
            endpoints=endpoints_of(self.loaded),
            jitter=random.random,
        )

    def setup(self) -> Setup:
        """All of it, for the daemon."""
        from watcher.daemon import Setup

        return Setup(
            articles=watched(self.loaded),
            poller=self.poller(),
            dispatcher=self.dispatcher(),
            per_host=self.loaded.settings.http.per_host_concurrency,
        )


@asynccontextmanager
async def open_service(loaded: Loaded, extractor: Extractor) -> AsyncIterator[Service]:
    """Opens the archive and the client, and closes them."""
    store = Store(loaded.settings.database)
    try:
        client = http_client(loaded)
        try:
            yield Service(loaded, store, client, extractor)
        finally:
            await client.aclose()
    finally:
        await asyncio.to_thread(store.close)


async def poll_now(
    loaded: Loaded,
    wanted: Sequence[int] | None,
    everything: bool,
    on_polled: Callable[[Polled], None],
) -> list[Polled]:
    """Polls the named articles, all of them, or (None) those that are due; then delivers.

    The archive is created and brought in line with the configuration first. Deliveries are left
    to the daemon if one is running.
    """
    from watcher.adapters.extraction_pool import ExtractionPool
    from watcher.adapters.lockfile import daemon_pid

    extractor = ExtractionPool()
    try:
        async with open_service(loaded, extractor) as service:
            poller = service.poller()
            await service.store.sync_articles(watched(loaded), poller.clock.now())
            leased = await _lease(service, poller, wanted, everything)
            polled = await poll_all(leased, poller, on_polled)
            if daemon_pid(loaded.settings.database) is None:
                from watcher.dispatch import deliver_due

                await deliver_due(service.dispatcher())
            return polled
    finally:
        await extractor.aclose()


async def _lease(
    service: Service, poller: Poller, wanted: Sequence[int] | None, everything: bool
) -> list[ArticleState]:
    now = poller.clock.now()
    if wanted is None and not everything:
        return await service.store.lease_due(
            now, now + LEASE, limit=1_000_000, per_host=1_000_000, busy={}
        )
    return await service.store.lease_these(wanted, now, now + LEASE)  # None: every watched one


async def poll_all(
    articles: Sequence[ArticleState], poller: Poller, on_polled: Callable[[Polled], None]
) -> list[Polled]:
    """Polls leased articles, POLLS_AT_ONCE at a time; a failing one does not stop the others.

    Raises the first WatcherError after all have been tried, their outcomes recorded.
    """
    from watcher.poll import poll_article

    waiting = iter(articles)
    done: list[Polled] = []
    failures: list[WatcherError] = []

    async def work() -> None:
        for article in waiting:
            try:
                polled = await poll_article(article, poller)
            except WatcherError as error:
                failures.append(error)
                continue
            done.append(polled)
            on_polled(polled)

    await asyncio.gather(*(work() for _ in range(min(POLLS_AT_ONCE, len(articles)))))
    if failures:
        raise failures[0]
    return done


async def run_daemon(path: Path, environ: Mapping[str, str], *, verbose: bool = False) -> None:
    """Runs the daemon until it is told to stop. Raises DaemonRunning if there is one already."""
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.extraction_pool import ExtractionPool
    from watcher.adapters.lockfile import DaemonLock
    from watcher.adapters.logs import json_log
    from watcher.daemon import Daemon

    loaded = read_config(path, environ)
    lock = DaemonLock(loaded.settings.database)
    lock.acquire()
    extractor = ExtractionPool()
    log = json_log(sys.stderr, SystemClock(), verbose=verbose)
    try:
        async with open_service(loaded, extractor) as service:
            reloader = Reloader(path, environ, service, log)
            daemon = Daemon(
                setup=service.setup(),
                reload=reloader.reload,
                database=loaded.settings.database,
                log=log,
            )
            await daemon.run()
    finally:
        await extractor.aclose()
        lock.release()


class Reloader:
    """Reads the configuration again when its files changed, or when told to."""

    def __init__(
        self, path: Path, environ: Mapping[str, str], service: Service, log: Log
    ) -> None:
        self._path = path
        self._environ = environ
        self._service = service
        self._log = log
        self._seen = _stamps(service.loaded.sources)

    async def reload(self, forced: bool) -> Setup | None:
        """A new Setup, or None if nothing changed. Raises ConfigError for a broken file."""
        stamps = _stamps(self._service.loaded.sources)
        if stamps == self._seen and not forced:
            return None
        self._seen = stamps
        loaded = await asyncio.to_thread(read_config, self._path, self._environ)
        if loaded.digest == self._service.loaded.digest and not forced:
            return None
        if loaded.settings.database != self._service.loaded.settings.database:
            self._log.warning(
                "restart-needed",
                reason="the database cannot change while the daemon runs: restart it",
                database=str(loaded.settings.database),
            )
        client = self._service.client
        if loaded.settings.http != self._service.loaded.settings.http:
            http = loaded.settings.http
            client.reconfigure(
                user_agent=user_agent(http.contact),
                timeout=http.timeout.total_seconds(),
                max_body=http.max_body,
                allow_networks=http.allow_networks,
                per_host_concurrency=http.per_host_concurrency,
                per_host_delay=http.per_host_delay.total_seconds(),
            )
        self._service = Service(loaded, self._service.store, client, self._service.extractor)
        self._seen = _stamps(loaded.sources)
        return self._service.setup()


def _stamps(sources: Sequence[Path]) -> tuple[tuple[str, int, int, int], ...]:
    """What tells cheaply that a file may have changed; a missing one has a stamp as well."""
    stamps = []
    for source in sources:
        try:
            found = os.stat(source)
            stamps.append((str(source), found.st_mtime_ns, found.st_size, found.st_ino))
        except OSError:
            stamps.append((str(source), 0, 0, 0))
    return tuple(stamps)


@dataclass(frozen=True, slots=True)
class WebhookTested:
    """How an endpoint answered a test: its status, or None and why."""

    ok: bool
    status: int | None
    detail: str


async def webhook_test(loaded: Loaded, name: str) -> WebhookTested:
    """Sends a signed `watcher.test` message to a webhook, past the outbox of events."""
    import json
    import uuid

    from watcher.adapters.clock import SystemClock
    from watcher.adapters.webhook import WebhookSender
    from watcher.core.times import to_text

    endpoint = endpoints_of(loaded).get(name)
    if endpoint is None:
        raise UsageError(_no_webhook(loaded, name))
    client = http_client(loaded)
    now = SystemClock().now()
    body = {
        "type": "watcher.test",
        "timestamp": to_text(now),
        "data": {"text": f'A test of the webhook "{name}".'},
    }
    try:
        status, _ = await WebhookSender(client).send(
            endpoint.url,
            endpoint.secret(),
            f"evt_{uuid.uuid4().hex}",
            json.dumps(body, separators=(",", ":")).encode(),
            now,
        )
    except SendFailed as error:
        return WebhookTested(False, None, str(error))
    finally:
        await client.aclose()
    return WebhookTested(200 <= status < 300, status, f"the endpoint answered {status}")


def _no_webhook(loaded: Loaded, name: str) -> str:
    names = ", ".join(w.name for w in loaded.settings.webhooks) or "none"
    return f'there is no webhook "{name}" in the configuration; it has: {names}'


def retry_delivery(loaded: Loaded, delivery_id: int) -> None:
    """Makes a delivery due now; the daemon, or the next `watcher poll`, sends it."""
    from storage.outbox import retry_delivery as retry
    from watcher.adapters.clock import SystemClock

    _write(loaded, lambda db: retry(db, delivery_id, SystemClock().now()))


def enable_webhook(loaded: Loaded, name: str) -> bool:
    """Takes sending to a webhook up again; False if it was not disabled."""
    from storage.outbox import enable_endpoint

    if name not in {w.name for w in loaded.settings.webhooks}:
        raise UsageError(_no_webhook(loaded, name))
    return _write(loaded, lambda db: enable_endpoint(db, name))


def _write(loaded: Loaded, job: Callable[[Database], T]) -> T:
    writer = Writer(loaded.settings.database)
    try:
        return writer.run(job)
    finally:
        writer.close()


async def extract_source(source: str, loaded: Loaded | None = None) -> Snapshot:
    """A snapshot of a file, of standard input (`-`) or of a URL, without an archive.

    Raises UsageError for an unreadable file, FetchFailed, NotAnArticle or ExtractionFailed.
    """
    from watcher.adapters.html import extract_snapshot

    body, url, content_type = await _read_source(source, loaded)
    return extract_snapshot(body, url, content_type).snapshot


async def _read_source(source: str, loaded: Loaded | None) -> tuple[bytes, str, str | None]:
    if source == "-":
        return sys.stdin.buffer.read(), "", None
    if "://" not in source:
        try:
            return Path(source).read_bytes(), "", None
        except OSError as error:
            raise UsageError(
                f"cannot read {source}: {error.strerror}; name a file, a URL or - for standard"
                " input"
            ) from error
    from watcher.adapters.http import HttpFetcher

    client = http_client(loaded)
    try:
        capture = await HttpFetcher(client).fetch(source, None)
    finally:
        await client.aclose()
    if capture.status != 200:
        raise UsageError(f"{source} answered {capture.status}: there is nothing to extract")
    return capture.body, capture.final_url, capture.header("content-type")
