"""The composition root: what the faces can ask for, put together from all strata below.

Together with `service` it is the only place that reads the configuration, opens the archive for
writing and builds adapters.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.limits import limits_of
from config.load import Loaded, load
from storage.archive import Archive
from storage.articles import SyncResult
from storage.check_file import Head
from storage.reader import Reader
from storage.store import Store
from watcher.core.decide import ArticleState
from watcher.core.model import Extraction
from watcher.errors import SendFailed, UsageError
from watcher.rounds import poll_all as poll_all
from watcher.running import run_daemon as run_daemon
from watcher.service import (
    Service,
    agent,
    endpoints_of,
    fetch_policy,
    guarded_client,
    kinds_of_others,
    open_service,
    rulebook_of,
    watched,
    watched_sources,
)
from watcher.service import surroundings as surroundings

if TYPE_CHECKING:
    from storage.reindex import Reindexed
    from watcher.adapters.added_rules import AddedRule
    from watcher.poll import Polled, Poller
    from watcher.reprocess import Reprocessed
    from watcher.sources import SourcePolled
    from watcher.verify import Verified

LEASE = timedelta(minutes=10)
HISTORIES_AT_ONCE = 4

T = TypeVar("T")


def config_path(option: Path | None, environ: Mapping[str, str]) -> Path:
    """The configuration file: the option, else $WATCHER_CONFIG, else ./watcher.toml."""
    if option is not None:
        return option
    return Path(environ.get("WATCHER_CONFIG") or "watcher.toml")


def read_config(path: Path, environ: Mapping[str, str], need_secrets: bool = True) -> Loaded:
    """The configuration. Raises ConfigError naming every fault."""
    return load(path, environ, need_secrets=need_secrets, more_kinds=kinds_of_others)


def open_archive(loaded: Loaded) -> Archive:
    """The archive that the configuration names, open for reading."""
    return Archive(loaded.settings.database, lambda: rulebook_of(loaded))


def finding_kinds() -> frozenset[str]:
    """Every kind of finding that a rule can report, those of other packages too."""
    from watcher.core.findings.kinds import KINDS

    return frozenset(KINDS).union(*(added.kinds for added in added_rules()))


def added_rules() -> tuple[AddedRule, ...]:
    """The rules of findings that other packages add, also those that cannot be used."""
    from watcher.adapters.added_rules import added_rules

    return added_rules()


def sync(loaded: Loaded) -> SyncResult:
    """Creates or updates the database so that its watched articles are the configured ones."""
    from watcher.adapters.clock import SystemClock

    return _write(
        loaded,
        lambda store: store.sync_articles(
            watched(loaded), SystemClock().now(), watched_sources(loaded)
        ),
    )


def revive(loaded: Loaded, urls: Sequence[str]) -> int:
    """Takes up again what is settled of the articles with these URLs; gives how many."""
    from watcher.adapters.clock import SystemClock
    from watcher.core.urls import url_key

    async def job(store: Store) -> int:
        owners = [await store.owner_of_url(url_key(url)) for url in urls]
        known = [owner.article_id for owner in owners if owner is not None]
        return await store.revive(known, SystemClock().now())

    return _write(loaded, job)


def unfollow(loaded: Loaded, article: int) -> bool:
    """Ends the following of an article that a feed or sitemap found; False if none did."""
    from watcher.adapters.clock import SystemClock

    return _write(loaded, lambda store: store.unfollow(article, SystemClock().now()))


async def poll_now(
    loaded: Loaded,
    wanted: Sequence[int] | None,
    everything: bool,
    on_polled: Callable[[Polled], None],
    on_looked: Callable[[SourcePolled], None] = lambda _: None,
) -> list[Polled]:
    """Polls the named articles, all of them, or (None) those that are due; then delivers.

    Unless articles are named, feeds and sitemaps are looked at first, all or those that are due.

    The archive is created and brought in line with the configuration first. Deliveries are left
    to the daemon if one is running.
    """
    from watcher.adapters.lockfile import daemon_pid
    from watcher.adapters.workers.allocator import keep_freed_memory
    from watcher.adapters.workers.extraction_pool import ExtractionPool

    keep_freed_memory()
    extractor = ExtractionPool()
    try:
        async with open_service(loaded, extractor) as service:
            known = await service.store.account()
            price = None if known is None else known.price
            poller = replace(service.poller(), price=lambda _: price)
            await service.store.sync_articles(
                watched(loaded), poller.clock.now(), watched_sources(loaded)
            )
            if wanted is None:
                await _look(service, everything, on_looked)
            leased = await _lease(service, poller, wanted, everything)
            per_host = loaded.settings.http.per_host_concurrency
            polled = await poll_all(leased, poller, on_polled, per_host=per_host)
            if daemon_pid(loaded.settings.database) is None:
                from watcher.dispatch import deliver_due

                await deliver_due(service.dispatcher())
            return polled
    finally:
        await extractor.aclose()


async def reprocess_now(
    loaded: Loaded,
    articles: Sequence[int],
    on_done: Callable[[Reprocessed], None],
    *,
    apply: bool,
) -> None:
    """Reads these articles' histories anew from the stored bodies, and with `apply` rebuilds them.

    A daemon may run meanwhile.
    """
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.page.extractor import EXTRACTOR
    from watcher.adapters.workers.extraction_pool import ExtractionPool
    from watcher.reprocess import Reprocessor, reprocess

    store = await asyncio.to_thread(Store, loaded.settings.database)
    extractor = ExtractionPool()
    try:
        obedient, sites = extractor.under(loaded.reading), loaded.reading.sites
        parts = Reprocessor(store, obedient, EXTRACTOR, SystemClock(), sites, rulebook_of(loaded))
        waiting = iter(articles)

        async def work() -> None:
            for article in waiting:
                on_done(await reprocess(article, parts, apply=apply))

        # As many as keep the workers busy, no more: each holds a whole history in memory.
        await asyncio.gather(*(work() for _ in range(HISTORIES_AT_ONCE)))
    finally:
        await extractor.aclose()
        await asyncio.to_thread(store.close)


async def reindex_now(loaded: Loaded) -> Reindexed:
    """Makes what search asks anew, in one transaction."""
    store = await asyncio.to_thread(Store, loaded.settings.database)
    try:
        return await store.reindex()
    finally:
        await asyncio.to_thread(store.close)


async def verify_now(
    loaded: Loaded,
    articles: Sequence[int],
    on_article: Callable[[], object],
    *,
    reread: bool,
    noted: Head | None,
) -> Verified:
    """Verifies the archive and these articles; with `reread` reads every page anew."""
    from watcher.adapters.page.extractor import EXTRACTOR
    from watcher.adapters.workers.extraction_pool import ExtractionPool
    from watcher.verify import Verifier, verify

    reader = await asyncio.to_thread(Reader, loaded.settings.database)
    pool, sites = ExtractionPool(), loaded.reading.sites
    try:
        parts = Verifier(
            reader,
            pool.under(loaded.reading) if reread else None,
            lambda url: sites.reader(EXTRACTOR, url),
        )
        return await verify(parts, articles, on_article, noted)
    finally:
        await pool.aclose()
        await asyncio.to_thread(reader.close)


async def _look(
    service: Service, everything: bool, on_looked: Callable[[SourcePolled], None]
) -> None:
    from watcher.sources import poll_source

    finder = service.finder()
    now = finder.clock.now()
    for source in await service.store.lease_sources(now, now + LEASE, everything=everything):
        on_looked(await poll_source(source, finder))


async def _lease(
    service: Service, poller: Poller, wanted: Sequence[int] | None, everything: bool
) -> list[ArticleState]:
    now, limits = poller.clock.now(), limits_of(service.loaded.settings)
    until = now + LEASE
    if wanted is None and not everything:
        return await service.store.lease_due(
            now, until, limit=1_000_000, per_host=1_000_000, busy={}, limits=limits
        )
    # None: every watched one. Who names articles wants settled ones to be followed again.
    return await service.store.lease_these(wanted, now, until, revive=True, limits=limits)


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
    from watcher.adapters.net.webhook import WebhookSender
    from watcher.core.times import to_text

    endpoint = endpoints_of(loaded).get(name)
    if endpoint is None:
        raise UsageError(_no_webhook(loaded, name))
    http = loaded.settings.http
    client = guarded_client(http)
    now = SystemClock().now()
    body = {
        "type": "watcher.test",
        "timestamp": to_text(now),
        "data": {"text": f'A test of the webhook "{name}".'},
    }
    try:
        status, _ = await WebhookSender(client, agent(http)).send(
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
    from watcher.adapters.clock import SystemClock

    _write(loaded, lambda store: store.retry_delivery(delivery_id, SystemClock().now()))


def enable_webhook(loaded: Loaded, name: str) -> bool:
    """Takes sending to a webhook up again; False if it was not disabled."""
    if name not in {w.name for w in loaded.settings.webhooks}:
        raise UsageError(_no_webhook(loaded, name))
    return _write(loaded, lambda store: store.enable_endpoint(name))


def _write(loaded: Loaded, job: Callable[[Store], Awaitable[T]]) -> T:
    """Opens the archive for one job; for commands that write without polling."""

    async def run() -> T:
        store = Store(loaded.settings.database)
        try:
            return await job(store)
        finally:
            store.close()

    return asyncio.run(run())


async def extract_source(source: str, loaded: Loaded | None = None) -> Extraction:
    """What is read in a file, of standard input (`-`) or of a URL, without an archive.

    What `loaded` says of reading pages holds; its rules for sites only for what comes from a URL.
    Raises UsageError for an unreadable file, FetchFailed, NotAnArticle or ExtractionFailed.
    """
    from config.phrases import with_own
    from watcher.adapters.page.html import extract_snapshot

    body, url, content_type = await _read_source(source, loaded)
    if loaded is None:
        return extract_snapshot(body, url, content_type)
    own, rules = loaded.reading.notices, loaded.reading.sites.of(url)
    phrases = with_own(own) if own else None
    return extract_snapshot(body, url, content_type, rules, phrases)


async def _read_source(source: str, loaded: Loaded | None) -> tuple[bytes, str, str | None]:
    if source == "-":
        return sys.stdin.buffer.read(), "", None
    if "://" not in source:
        try:
            return await asyncio.to_thread(Path(source).read_bytes), "", None
        except OSError as error:
            raise UsageError(
                f"cannot read {source}: {error.strerror}; name a file, a URL or - for standard"
                " input"
            ) from error
    from config.settings import Http
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.net.http import HttpFetcher

    http = Http() if loaded is None else loaded.settings.http
    client = guarded_client(http)
    try:
        fetcher = HttpFetcher(client, fetch_policy(http), SystemClock())
        capture = await fetcher.fetch(source, None)
    finally:
        await client.aclose()
    if capture.status != 200:
        raise UsageError(f"{source} answered {capture.status}: there is nothing to extract")
    return capture.body, capture.final_url, capture.header("content-type")
