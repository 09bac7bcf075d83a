"""The Store: what polling and dispatching write, as awaitable calls on the writer thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from storage import (
    articles,
    daemon,
    hints,
    hosttext,
    noise,
    outbox,
    quarantine,
    rates,
    sources,
    versions,
)
from storage.bodies import load as load_body
from storage.clockwork import pull_in, shift_times, spread_overdue
from storage.connection import BUSY_SECONDS
from storage.digests import DigestMaterial, MadeDigest, close_digests, due_at, load_message
from storage.due import lease_due, lease_these
from storage.material import Material
from storage.reader import Reader
from storage.rebuild import rebuild
from storage.record import record
from storage.reindex import Reindexed, reindex
from storage.robots import load_robots, save_robots
from storage.stored_history import StoredHistory, load_history, renew_findings
from storage.writer import Writer
from watcher.core.alerts.alert import Alert
from watcher.core.decide import ArticleState, Decision
from watcher.core.decision import Earlier
from watcher.core.drift import HostFacts
from watcher.core.history import Derived
from watcher.core.hostlimits import HostLimit
from watcher.core.model import Capture, Change, Snapshot
from watcher.core.robots import RobotsCopy
from watcher.core.schedule.budget import Account
from watcher.errors import UsageError


@dataclass(frozen=True, slots=True)
class PreviousVersion:
    """The latest version as a decision needs it: what is stored, and the page it came from."""

    snapshot: Snapshot
    body: bytes
    content_type: str | None
    url: str


class Store:
    """One archive, open for writing. Every method is one transaction.

    Methods that write raise StorageBusy, having written nothing, if another process holds the
    write lock for longer than `busy_seconds`. Those that only read never wait for a writer.
    """

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._writer = Writer(path, busy_seconds=busy_seconds)
        try:
            self._reader = Reader(path, busy_seconds=busy_seconds)
        except BaseException:
            self._writer.close()
            raise

    def close(self) -> None:
        """Waits for what is being written and closes the file."""
        # The writer last: whoever closes a WAL file last puts it in order, which a reader cannot.
        self._reader.close()
        self._writer.close()

    async def sync_articles(
        self,
        wanted: Iterable[articles.WatchedArticle],
        now: datetime,
        found_by: Iterable[sources.WatchedSource] = (),
    ) -> articles.SyncResult:
        """Makes the watched articles, feeds and sitemaps those of the configuration.

        Polls and deliveries that a clock set back left too far away are brought back as well.
        """
        named, sought = tuple(wanted), tuple(found_by)

        def job(db: Database) -> articles.SyncResult:
            pull_in(db, now)
            sources.sync_sources(db, sought, now)
            return articles.sync_articles(db, named, now)

        return await self._writer.call(job)

    async def shift_times(self, seconds: float, now: datetime) -> None:
        """Moves all due times and leases as the clock moved; see storage.clockwork."""
        await self._writer.call(lambda db: shift_times(db, seconds, now))

    async def spread_overdue(self, now: datetime) -> int:
        """Spreads what is overdue after an outage; see storage.clockwork.spread_overdue."""
        return await self._writer.call(lambda db: spread_overdue(db, now))

    async def lease_due(
        self,
        now: datetime,
        until: datetime,
        *,
        limit: int,
        per_host: int,
        busy: dict[str, int],
        limits: Sequence[HostLimit] = (),
        new_last: bool = True,
    ) -> list[ArticleState]:
        """Leases due articles; see storage.due.lease_due."""
        lease = partial(lease_due, limit=limit, per_host=per_host, busy=busy, limits=limits)
        return await self._writer.call(lambda db: lease(db, now, until, new_last=new_last))

    async def lease_these(
        self,
        article_ids: Sequence[int] | None,
        now: datetime,
        until: datetime,
        *,
        revive: bool = False,
        limits: Sequence[HostLimit] = (),
    ) -> list[ArticleState]:
        """Leases the named articles, or all watched ones; see storage.due.lease_these."""
        lease = partial(lease_these, revive=revive, limits=limits)
        return await self._writer.call(lambda db: lease(db, article_ids, now, until))

    async def revive(self, article_ids: Sequence[int], now: datetime) -> int:
        """Takes settled articles up again; see storage.hints.revive."""
        return await self._writer.call(lambda db: hints.revive(db, article_ids, now))

    async def lease_sources(
        self, now: datetime, until: datetime, *, everything: bool = False
    ) -> list[sources.SourceState]:
        """Leases due feeds and sitemaps, or all; see storage.sources.lease_sources."""
        return await self._writer.call(
            lambda db: sources.lease_sources(db, now, until, everything=everything)
        )

    async def record_source(self, decision: sources.SourceDecision) -> sources.Discovered:
        """Writes what one look at a feed or sitemap led to; see storage.sources.record_source."""
        return await self._writer.call(lambda db: sources.record_source(db, decision))

    async def release_source(self, source_id: int) -> None:
        """Gives a source's lease back without a decision."""
        await self._writer.call(lambda db: sources.release_sources(db, source_id))

    async def unfollow(self, article_id: int, now: datetime) -> bool:
        """Ends the following of an article that a source found; False if none did."""
        return await self._writer.call(lambda db: sources.unfollow(db, article_id, now))

    async def state(self, article_id: int) -> ArticleState:
        """The article as it is now. Raises UsageError for an unknown one."""
        found = await self._reader.call(lambda db: articles.states(db, [article_id]))
        if not found:
            raise UsageError(f"there is no article {article_id}: `watcher list` shows them all")
        return found[0]

    async def release(
        self, article_ids: Sequence[int], next_poll_at: datetime | None = None
    ) -> None:
        """Gives leases back without a decision."""
        await self._writer.call(lambda db: articles.release(db, article_ids, next_poll_at))

    async def owner_of_url(self, key: str) -> articles.UrlOwner | None:
        """The article that has a URL, by its key."""
        return await self._reader.call(lambda db: articles.owner_of_url(db, key))

    async def redirect_of(self, article_id: int) -> str | None:
        """Where permanent redirects led last, None if the article never moved."""
        return await self._reader.call(lambda db: articles.redirect_of(db, article_id))

    async def robots(self, origin: str) -> RobotsCopy | None:
        """What is known of an origin's robots.txt, None if nobody asked yet."""
        return await self._reader.call(lambda db: load_robots(db, origin))

    async def keep_robots(self, copy: RobotsCopy) -> None:
        """Keeps what was found out about an origin's robots.txt."""
        await self._writer.call(lambda db: save_robots(db, copy))

    async def previous_snapshot(self, version_id: int) -> Snapshot:
        """The stored text of a version."""
        return await self._reader.call(lambda db: versions.load_snapshot(db, version_id))

    async def previous_page(self, version_id: int) -> PreviousVersion:
        """A version with the page it was extracted from."""

        def job(db: Database) -> PreviousVersion:
            capture_id, content_type = versions.capture_of(db, version_id)
            snapshot = versions.load_snapshot(db, version_id)
            return PreviousVersion(snapshot, load_body(db, capture_id), content_type, snapshot.url)

        return await self._reader.call(job)

    async def find_content(self, article_id: int, digest: str, before: int) -> Earlier | None:
        """The latest version older than number `before` that had this content."""
        return await self._reader.call(
            lambda db: versions.find_content(db, article_id, digest, before)
        )

    async def seen_until(self, version_id: int) -> datetime | None:
        """When a version was last confirmed live."""
        return await self._reader.call(lambda db: versions.seen_until(db, version_id))

    async def held_capture(self, capture_id: int) -> Capture:
        """The stored response of a held page."""
        return await self._reader.call(lambda db: quarantine.load_capture(db, capture_id))

    async def host_facts(
        self, article_id: int, came: Collection[str], went: Collection[str], now: datetime
    ) -> HostFacts:
        """What is known of changes on the article's host; see storage.hosttext.host_facts."""
        return await self._reader.call(
            lambda db: hosttext.host_facts(db, article_id, came, went, now)
        )

    async def learned_noise(self, article_id: int) -> frozenset[str]:
        """The templates that are noise on an article; see watcher.core.noise."""
        return await self._reader.call(lambda db: noise.learned_noise(db, article_id))

    async def history(self, article_id: int) -> StoredHistory:
        """All versions of an article, as one state of the archive has them."""
        return await self._reader.call(lambda db: load_history(db, article_id))

    async def renew_findings(
        self,
        article_id: int,
        stored: Sequence[tuple[int, str]],
        changes: Mapping[int, Change],
        now: datetime,
    ) -> None:
        """Replaces findings of changes; see storage.stored_history.renew_findings."""
        await self._writer.call(lambda db: renew_findings(db, article_id, stored, changes, now))

    async def rebuild(
        self,
        article_id: int,
        stored: Sequence[tuple[int, str]],
        derived: Sequence[Derived],
        extractor: str,
        now: datetime,
    ) -> None:
        """Writes an article's history anew; see storage.rebuild.rebuild."""
        await self._writer.call(lambda db: rebuild(db, article_id, stored, derived, extractor, now))

    async def reindex(self) -> Reindexed:
        """Makes what search asks anew; see storage.reindex.reindex."""
        return await self._writer.call(reindex)

    async def record(self, decision: Decision) -> tuple[str, ...]:
        """Writes all that one poll led to; gives its event ids. See storage.record.record."""
        return await self._writer.call(lambda db: record(db, decision))

    async def claim_deliveries(
        self,
        endpoints: Collection[tuple[str, int]],
        now: datetime,
        until: datetime,
        most: int | None = None,
    ) -> list[outbox.ClaimedDelivery]:
        """Leases due deliveries; see storage.outbox.claim_deliveries."""
        return await self._writer.call(
            lambda db: outbox.claim_deliveries(db, endpoints, now, until, most)
        )

    async def settle_delivery(
        self,
        delivery_id: int,
        now: datetime,
        *,
        status: int | None,
        detail: str,
        retry_at: datetime | None,
        delivered: bool,
        disable: str | None = None,
        url_digest: str | None = None,
    ) -> None:
        """Records an attempt; `disable` names an endpoint that asked for nothing more.

        `url_digest` is that of the URL which was asked.
        """

        def job(db: Database) -> None:
            outbox.settle_delivery(
                db, delivery_id, now, status=status, detail=detail, retry_at=retry_at,
                delivered=delivered,
            )  # fmt: skip
            if disable is not None:
                outbox.disable_endpoint(db, disable, now, detail, url_digest)

        await self._writer.call(job)

    async def retry_delivery(self, delivery_id: int, now: datetime) -> None:
        """Makes a delivery due again; see storage.outbox.retry_delivery."""
        await self._writer.call(lambda db: outbox.retry_delivery(db, delivery_id, now))

    async def enable_endpoint(self, name: str) -> bool:
        """Takes sending to an endpoint up again."""
        return await self._writer.call(lambda db: outbox.enable_endpoint(db, name))

    async def enable_moved_endpoints(self, url_digests: Mapping[str, str]) -> tuple[str, ...]:
        """Enables the disabled endpoints that have another URL since; gives their names."""
        return await self._writer.call(lambda db: outbox.enable_moved_endpoints(db, url_digests))

    async def material(
        self, event_id: str, endpoint: str | None = None
    ) -> Material | DigestMaterial:
        """What an event or digest is about, for its payload as it goes to an endpoint."""
        return await self._reader.call(lambda db: load_message(db, event_id, endpoint))

    async def close_digests(self, alerts: Sequence[Alert], now: datetime) -> tuple[MadeDigest, ...]:
        """Makes the digests that are due; see storage.digests.close_digests."""
        # Asked often, and most often there are none: then no writer is bothered.
        if not await self._reader.call(lambda db: due_at(db, alerts, now)):
            return ()
        return await self._writer.call(lambda db: close_digests(db, alerts, now))

    @property
    def waiting(self) -> int:
        """The jobs that wait for the writer thread."""
        return self._writer.waiting

    async def answered(self) -> None:
        """Returns once the writer thread has done all that was asked of it before.

        Raises StorageError if it can write nothing at present.
        """
        await self._writer.call(lambda _: None)

    async def start_daemon(self, pid: int, now: datetime) -> tuple[int, int]:
        """Takes over what a stopped daemon left leased; gives (articles, deliveries)."""

        def job(db: Database) -> tuple[int, int]:
            daemon.started(db, pid, now)
            sources.release_sources(db)
            return articles.release_all(db), outbox.release_deliveries(db)

        return await self._writer.call(job)

    async def asked(self) -> rates.Asked:
        """What the watched articles ask for together; see storage.rates.asked."""
        return await self._reader.call(rates.asked)

    async def account(self) -> rates.BudgetRecord | None:
        """The account of the budget, None if there is none yet."""
        return await self._reader.call(rates.load_account)

    async def keep_account(self, account: Account, price: float | None, per_hour: float) -> None:
        """Remembers the account of the budget; see storage.rates.BudgetRecord."""
        await self._writer.call(lambda db: rates.keep_account(db, account, price, per_hour))

    async def daemon_alive(self, now: datetime, config_fault: str | None) -> None:
        """Leaves a sign of life, and the fault of a configuration that was not taken."""
        await self._writer.call(lambda db: daemon.alive(db, now, config_fault))

    async def stop_daemon(self, now: datetime) -> None:
        """Records an orderly stop."""
        await self._writer.call(lambda db: daemon.stopped(db, now))
