"""The parts of a running service, built as the configuration wants them. Part of the root."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from config.alerts import alerts_of, audience_of
from config.limits import limits_of
from config.load import Loaded, digest_of, load
from config.model import rate_model
from config.waits import interval_of, terms_of
from storage.articles import WatchedArticle
from storage.connection import BUSY_SECONDS
from storage.sources import WatchedSource
from storage.store import Store
from watcher import __version__, spending
from watcher.core.decide import Policy
from watcher.core.findings.find import Rulebook
from watcher.core.hostlimits import HostLimit
from watcher.core.schedule.budget import Budget
from watcher.core.schedule.fitted import FITTED
from watcher.core.schedule.following import Adaptive
from watcher.errors import ConfigError

DAEMON_BUSY_SECONDS = 5.0
"""The daemon waits for a lock in short steps, so that it can still stop in time."""

POLL_BUSY_TRIES = 100
DELIVERY_BUSY_TRIES = 12
"""Such steps after which an outcome is given up: before its lease runs out."""

if TYPE_CHECKING:
    from config.settings import Feed, Http, Settings
    from watcher.adapters.net.client import GuardedClient
    from watcher.adapters.net.http import FetchPolicy, HttpFetcher
    from watcher.core.listing import SourceKind
    from watcher.daemon import Setup
    from watcher.dispatch import Dispatcher, Endpoint
    from watcher.health import Surroundings
    from watcher.poll import Poller
    from watcher.ports import Extractors, Log
    from watcher.sources import Finder, Wanted


def watched(loaded: Loaded) -> tuple[WatchedArticle, ...]:
    """The articles the configuration names."""
    return tuple(
        WatchedArticle(a.url, a.story, a.interval.total_seconds(), a.terms) for a in loaded.articles
    )


def wanted_sources(loaded: Loaded) -> tuple[Wanted, ...]:
    """The feeds and sitemaps the configuration names."""
    from watcher.core.listing import Matcher
    from watcher.sources import Wanted

    settings = loaded.settings
    stories = {story.name: story for story in settings.stories}
    audience = audience_of(settings)
    kinds: tuple[tuple[SourceKind, Sequence[Feed]], ...] = (
        ("feed", settings.feeds),
        ("sitemap", settings.sitemaps),
    )
    return tuple(
        Wanted(
            WatchedSource(
                kind=kind,
                url=each.url,
                story=each.story,
                interval=(each.interval or settings.polling.interval).total_seconds(),
                article_interval=interval_of(settings.polling, stories[each.story]).total_seconds(),
                article_terms=terms_of(settings.polling, stories[each.story]),
                criteria=repr((each.words, each.pattern, each.follow_for)),
            ),
            Matcher(each.words, each.pattern),
            each.follow_for,
            audience,
        )
        for kind, many in kinds
        for each in many
    )


def watched_sources(loaded: Loaded) -> tuple[WatchedSource, ...]:
    """The same as the archive knows them."""
    return tuple(each.source for each in wanted_sources(loaded))


def guarded_client(http: Http) -> GuardedClient:
    """The one guarded HTTP client, as the configuration wants it."""
    from watcher.adapters.net.client import GuardedClient

    return GuardedClient([str(network) for network in http.allow_networks])


def agent(http: Http) -> str:
    """Who asks, honestly, and where to complain."""
    from watcher.adapters.net.http import user_agent

    return user_agent(__version__, http.contact or "")


def fetch_policy(http: Http, limits: tuple[HostLimit, ...] = ()) -> FetchPolicy:
    """What the configuration says about fetching."""
    from watcher.adapters.net.http import FetchPolicy

    return FetchPolicy(
        user_agent=agent(http),
        timeout=http.timeout.total_seconds(),
        max_body=http.max_body,
        per_host_concurrency=http.per_host_concurrency,
        per_host_delay=http.per_host_delay.total_seconds(),
        respect_robots=http.respect_robots,
        limits=limits,
    )


def adaptive_of(settings: Settings) -> Adaptive | None:
    """What the configuration says of adaptive polling; None for fixed intervals."""
    return (
        None if settings.polling.mode == "fixed" else Adaptive(rate_model(settings.model, FITTED))
    )


def budget_of(settings: Settings) -> spending.Wanted:
    """The budget of the service; None for fixed intervals, which have none."""
    polling = settings.polling
    if polling.mode == "fixed":
        return None
    hourly = polling.requests_per_hour
    return spending.AS_AT_INTERVALS if hourly is None else Budget(hourly)


def rulebook_of(loaded: Loaded | None) -> Rulebook:
    """With what changes are looked at: the word lists, those of the configuration if there is one,
    and the rules of other packages."""
    from config.lexicons import shipped_lexicons, with_own_words
    from watcher.adapters.added_rules import added_rules

    words = loaded.words if loaded else None
    lexicons = with_own_words(words) if words else shipped_lexicons()
    rules = (added.rule for added in added_rules())
    return Rulebook(lexicons, tuple(rule for rule in rules if rule is not None))


def kinds_of_others() -> frozenset[str]:
    """The kinds of findings that rules of other packages report."""
    from watcher.adapters.added_rules import added_rules

    rules = (added.rule for added in added_rules())
    return frozenset(kind for rule in rules if rule is not None for kind in rule.kinds)


def policy_of(loaded: Loaded) -> Policy:
    """What the configuration says about deciding."""
    settings = loaded.settings
    audience = audience_of(settings)
    return Policy(
        adaptive=adaptive_of(settings),
        rulebook=rulebook_of(loaded),
        endpoints=audience.endpoints,
        stories=audience.stories,
        alerts=audience.alerts,
    )


def endpoints_of(loaded: Loaded) -> dict[str, Endpoint]:
    """Where events go. Secrets stay wrapped until the moment of signing."""
    from watcher.dispatch import Endpoint

    return {
        w.name: Endpoint(w.name, w.url, loaded.secrets[w.name].reveal)
        for w in loaded.settings.webhooks
    }


def surroundings(database: Path, loaded: Loaded | None) -> Surroundings:
    """What the archive itself cannot tell of its health; `loaded` is None if it has faults."""
    from config.exposed import exposed_secrets
    from config.settings import Daemon
    from watcher.adapters.disk import free_bytes, read_only
    from watcher.adapters.lockfile import daemon_note, daemon_pid
    from watcher.health import Surroundings

    settings = None if loaded is None else loaded.settings
    pid = daemon_pid(database)
    return Surroundings(
        endpoints=None if settings is None else [w.name for w in settings.webhooks],
        pid=pid,
        note=None if pid is None else daemon_note(database),
        free=free_bytes(database),
        min_free=(Daemon() if settings is None else settings.daemon).min_free_disk,
        read_only=read_only(database),
        exposed=() if loaded is None else exposed_secrets(loaded),
        learns=settings is not None and settings.polling.mode == "adaptive",
    )


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running service. `loaded` is the configuration they were built from."""

    loaded: Loaded
    store: Store
    client: GuardedClient
    fetcher: HttpFetcher
    extractors: Extractors

    def poller(self) -> Poller:
        """What polling needs."""
        from watcher.adapters.clock import SystemClock
        from watcher.adapters.page.extractor import EXTRACTOR
        from watcher.adapters.page.text.noise_words import shipped_noise_words
        from watcher.poll import Poller

        return Poller(
            store=self.store,
            fetcher=self.fetcher,
            extractor=self.extractors.under(self.loaded.reading),
            extractor_name=EXTRACTOR,
            clock=SystemClock(),
            policy=policy_of(self.loaded),
            jitter=random.random,
            noise_words=shipped_noise_words(),
            sites=self.loaded.reading.sites,
        )

    def finder(self) -> Finder:
        """What looking at feeds and sitemaps needs."""
        from watcher.adapters.clock import SystemClock
        from watcher.adapters.net.listings import read_listing
        from watcher.sources import Finder

        return Finder(
            store=self.store,
            fetcher=self.fetcher,
            read=read_listing,
            clock=SystemClock(),
            jitter=random.random,
            max_body=self.loaded.settings.http.max_body,
            wanted={(w.source.url, w.source.story): w for w in wanted_sources(self.loaded)},
        )

    def dispatcher(self) -> Dispatcher:
        """What delivering needs."""
        from watcher.adapters.clock import SystemClock
        from watcher.adapters.net.webhook import WebhookSender
        from watcher.dispatch import Dispatcher

        return Dispatcher(
            store=self.store,
            sender=WebhookSender(self.client, agent(self.loaded.settings.http)),
            clock=SystemClock(),
            endpoints=endpoints_of(self.loaded),
            jitter=random.random,
            alerts=alerts_of(self.loaded.settings),
        )

    def setup(self) -> Setup:
        """All of it, for the daemon."""
        from watcher.daemon import Setup

        return Setup(
            articles=watched(self.loaded),
            finder=self.finder(),
            poller=replace(self.poller(), busy_tries=POLL_BUSY_TRIES),
            dispatcher=replace(self.dispatcher(), busy_tries=DELIVERY_BUSY_TRIES),
            per_host=self.loaded.settings.http.per_host_concurrency,
            listen=self.loaded.settings.daemon.listen,
            budget=budget_of(self.loaded.settings),
            limits=limits_of(self.loaded.settings),
        )

    async def reconfigured(self, loaded: Loaded) -> Service:
        """The same parts under another configuration; polls under way go on undisturbed."""
        http = loaded.settings.http
        limits = limits_of(loaded.settings)
        if http != self.loaded.settings.http or limits != limits_of(self.loaded.settings):
            self.fetcher.reconfigure(fetch_policy(http, limits))
            await self.client.allow([str(network) for network in http.allow_networks])
        return replace(self, loaded=loaded)


@asynccontextmanager
async def open_service(
    loaded: Loaded,
    extractors: Extractors,
    *,
    busy_seconds: float = BUSY_SECONDS,
    timed: Callable[[float], object] | None = None,
) -> AsyncIterator[Service]:
    """Opens the archive and the client, and closes them.

    `busy_seconds` is how long one write waits for another process's lock; `timed` hears how many
    seconds each request to a publisher took.
    """
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.net.http import HttpFetcher

    http = loaded.settings.http
    store = await asyncio.to_thread(Store, loaded.settings.database, busy_seconds=busy_seconds)
    try:
        client = guarded_client(http)
        try:
            fetcher = HttpFetcher(
                client,
                fetch_policy(http, limits_of(loaded.settings)),
                SystemClock(),
                robots=store,
                timed=timed,
            )
            try:
                yield Service(loaded, store, client, fetcher, extractors)
            finally:
                # else it would open a connection again after the client was closed
                await fetcher.aclose()
        finally:
            await client.aclose()
    finally:
        await asyncio.to_thread(store.close)


class Reloader:
    """Reads the configuration again when its files changed, or when told to."""

    def __init__(self, path: Path, environ: Mapping[str, str], service: Service, log: Log) -> None:
        self._path = path
        self._environ = environ
        self._service = service
        self._database = service.loaded.settings.database
        self._log = log
        self._seen: dict[Path, _Stamp | None] = {}
        self._remember(service.loaded)

    @property
    def loaded(self) -> Loaded:
        """The configuration in force."""
        return self._service.loaded

    async def reload(self, forced: bool) -> Setup | None:
        """A new Setup, or None if nothing changed. Raises ConfigError for a broken file."""
        stamps = _stamps(self._seen)
        if stamps == self._seen and not forced:
            return None
        try:
            loaded = await asyncio.to_thread(
                load, self._path, self._environ, more_kinds=kinds_of_others
            )
        except ConfigError as error:
            # A broken file may name other sources: a change in one of them may mend it. The
            # stamps are those from before the reading, as it may have been mended meanwhile.
            self._seen = {source: stamps.get(source) for source in error.sources} or stamps
            raise
        self._service = await self._service.reconfigured(loaded)
        self._remember(loaded)
        if loaded.settings.database != self._database:
            self._log.warning(
                "restart-needed",
                reason="the database cannot change while the daemon runs: restart it",
                database=str(loaded.settings.database),
            )
        return self._service.setup()

    def _remember(self, loaded: Loaded) -> None:
        stamps = _stamps(loaded.sources)
        # A file that changed after it was read must be read again, whatever its stamp is now.
        current = digest_of(loaded.sources) == loaded.digest
        self._seen = stamps if current else dict.fromkeys(loaded.sources)


_Stamp = tuple[int, int, int]


def _stamps(sources: Iterable[Path]) -> dict[Path, _Stamp | None]:
    """What tells cheaply that a file may have changed; a missing one has a stamp as well."""
    return {source: _stamp(source) for source in sources}


def _stamp(source: Path) -> _Stamp:
    try:
        found = source.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
