"""The service on loopback: real site, real fetcher, real extraction, real archive, a fake clock."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from standardwebhooks import Webhook

from storage.archive import Archive
from storage.articles import WatchedArticle
from storage.store import Store
from tests.fakes import FakeClock
from tests.site import LOOPBACK, Answer, Asked, Names, Site
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import FetchPolicy, HttpFetcher
from watcher.adapters.net.webhook import WebhookSender
from watcher.adapters.page.gate.fastgates import FastGates
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.text.noise_words import shipped_noise_words
from watcher.core import sites as core_sites
from watcher.core.alerts.alert import Alert
from watcher.core.decide import ArticleState, Policy
from watcher.core.model import EventType, Extraction
from watcher.core.sites import NO_SITES, Sites
from watcher.dispatch import Dispatcher, Endpoint
from watcher.poll import Polled, Poller, poll_article

CERTIFICATE = Path(__file__).parents[1] / "adapters" / "data" / "loopback.pem"
INTERVAL = 600.0
LEASE = timedelta(minutes=10)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwdW4y"
EVERYTHING = frozenset(EventType)
FETCHING = FetchPolicy(
    "storywatcher-tests", timeout=20.0, max_body=200_000, per_host_delay=0.0, respect_robots=False
)

OPENING = "The river rose above the quay wall in the night, and the lower town woke to sirens."
MIDDLE = "Crews moved two hundred people from the houses beside the mill before the road went."
CLOSING = "This is a developing story. Check back for updates as the water moves downstream."


def page(
    headline: str = "River tops the quay wall",
    *paragraphs: str,
    modified: str | None = None,
    noise: str = "",
) -> bytes:
    """A publisher's page; `noise` is what no reader takes for the article."""
    texts = "\n".join(f"<p>{text}</p>" for text in paragraphs or (OPENING, MIDDLE, CLOSING))
    when = f'<meta property="article:modified_time" content="{modified}">' if modified else ""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{headline}</title><meta property="og:title" content="{headline}">{when}
<script nonce="{noise}">window.seen = "{noise}";</script></head>
<body><nav><a href="/">Front page</a></nav><article><h1>{headline}</h1>
{texts}
</article><footer><p data-build="{noise}">The Weir Gazette</p></footer></body></html>""".encode()


def html(body: bytes, etag: str | None = None, **more: str) -> Answer:
    """A page as it is served."""
    headers = {"Content-Type": "text/html; charset=utf-8", **more}
    if etag is not None:
        headers["ETag"] = etag
    return Answer(body=body, headers=headers)


def to(location: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer(status=status, headers={"Location": location})


@dataclass
class Reading(FastGates):
    """The extraction itself, without processes; `breaks` makes it fail, `edits` changes it."""

    breaks: Exception | None = None
    sites: Sites = NO_SITES
    edits: Callable[[Extraction], Extraction] = lambda found: found
    extracted: list[bytes] = field(default_factory=list)

    async def extract(self, body: bytes, url: str, content_type: str | None) -> Extraction:
        if self.breaks is not None:
            raise self.breaks
        self.extracted.append(body)
        return self.edits(extract_snapshot(body, url, content_type, self.sites.of(url)))

    def under(self, wanted: core_sites.Reading) -> Reading:
        return replace(self, sites=wanted.sites)


@dataclass
class World:
    """Everything there is. `poller` and `dispatcher` may be replaced.

    `secure` is a site whose certificate nobody vouches for.
    """

    site: Site
    secure: Site
    clock: FakeClock
    store: Store
    database: Path
    reading: Reading
    fetcher: HttpFetcher
    poller: Poller
    dispatcher: Dispatcher

    async def watch(self, *paths: str, interval: float = INTERVAL) -> None:
        """Makes these paths of the site the watched articles."""
        urls = [path if "://" in path else self.site.url(path) for path in paths]
        wanted = [WatchedArticle(url, "flood", interval) for url in urls]
        await self.store.sync_articles(wanted, self.clock.now())

    async def lease(self, article: int = 1) -> ArticleState:
        """An article ready for polling."""
        (found,) = await self.store.lease_these([article], self.clock.now(), self._until())
        return found

    async def due(self) -> list[int]:
        """Leases what is due; gives the articles' ids."""
        leased = await self.store.lease_due(
            self.clock.now(), self._until(), limit=100, per_host=100, busy={}
        )
        return [article.id for article in leased]

    async def poll(self, article: int = 1, *, after: float = INTERVAL) -> Polled:
        """One poll, so many seconds after the last one."""
        self.clock.advance(after)
        return await poll_article(await self.lease(article), self.poller)

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        """What is in the database now."""
        with Archive(self.database) as archive:
            yield archive

    def texts(self, article: int = 1) -> list[list[str]]:
        """The paragraphs of every version."""
        with self.archive() as archive:
            return [
                [paragraph.text for paragraph in archive.snapshot(version.id).paragraphs]
                for version in archive.versions(article)
            ]

    def events(self, article: int | None = None) -> list[str]:
        """The types of all events, in order."""
        with self.archive() as archive:
            return [event.type for event in archive.events(article)]

    def subscribe(self, *names: str) -> None:
        """Sends every event to these endpoints, each a path of the site."""
        self.poller = replace(
            self.poller,
            policy=replace(
                self.poller.policy,
                endpoints=dict.fromkeys(names, EVERYTHING),
                stories={"flood": names},
            ),
        )
        self.dispatcher = replace(
            self.dispatcher,
            endpoints={
                name: Endpoint(name, self.site.url(f"/{name}"), lambda: SECRET) for name in names
            },
        )

    def alert(self, *alerts: Alert, also: tuple[str, ...] = ()) -> None:
        """Makes these the alerts; no story names a webhook. `also` are further endpoints."""
        names = {name for each in alerts for name in each.endpoints}
        self.subscribe(*sorted({*names, *also}))
        self.poller = replace(
            self.poller, policy=replace(self.poller.policy, stories={}, alerts=alerts)
        )
        self.dispatcher = replace(self.dispatcher, alerts=alerts)

    def received(self, endpoint: str) -> list[Asked]:
        """What reached an endpoint, every signature checked with the reference library."""
        messages = self.site.asked(f"/{endpoint}")
        for asked in messages:
            at = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), UTC)
            expected = Webhook(SECRET).sign(asked.headers["webhook-id"], at, asked.body.decode())
            assert asked.headers["webhook-signature"] == expected
        return messages

    def _until(self) -> datetime:
        return self.clock.now() + LEASE


def _self_signed() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@asynccontextmanager
async def world(folder: Path, **names: str) -> AsyncIterator[World]:
    """A world with an empty archive in the folder; `names` resolve to these addresses."""
    clock, database, reading = FakeClock(), folder / "stories.db", Reading()
    client = GuardedClient(LOOPBACK, resolver=Names(**names))
    store = Store(database)
    fetcher = HttpFetcher(client, FETCHING, clock, robots=store)
    try:
        async with Site() as site, Site(tls=_self_signed()) as secure:
            poller = Poller(
                store=store,
                fetcher=fetcher,
                extractor=reading,
                extractor_name="reading / 1",
                clock=clock,
                policy=Policy(),
                jitter=lambda: 0.0,
                noise_words=shipped_noise_words(),
            )
            sender = WebhookSender(client, "storywatcher-tests", timeout=20.0)
            dispatcher = Dispatcher(store, sender, clock, {}, lambda: 0.0)
            yield World(site, secure, clock, store, database, reading, fetcher, poller, dispatcher)
    finally:
        store.close()
        await client.aclose()
