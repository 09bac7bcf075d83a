"""The health of the service: what there is, what is wrong, and what to do about it.

The same for `watcher status` and for the daemon's own /healthz.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from storage.alerts import Tally
from storage.archive import Archive
from storage.article_records import ArticleRecord
from storage.daemon import DaemonRecord
from storage.hosttext import SiteText
from storage.left_out import PartialDigest
from storage.observations import failing_since
from storage.quarantine import QuarantineRecord
from storage.sources import SourceRecord
from watcher.core.drift import REMEMBERED_FOR, SHARED_WITHIN
from watcher.core.remedies import REMEDIES, needs_person
from watcher.core.schedule.use import BudgetUse
from watcher.core.times import from_text
from watcher.core.urls import host_of
from watcher.core.wording import bytes_in_words, counted, when

SILENCE = timedelta(minutes=1)
"""A running daemon leaves a sign of life every few seconds; longer silence means that it hangs."""

LATE = timedelta(minutes=10)
"""A poll that is overdue by less may only be waiting for its turn."""

LONG_HELD = timedelta(hours=6)
"""Polls confirm or release a held page within minutes; one that stays needs a person."""


TOLD_FOR = timedelta(days=7)
"""So long it is an alarm that a digest went without some of its events."""

LASTING = 3
"""Failures in a row after which a feed or sitemap needs a person."""


class Alarm(StrEnum):
    """What needs a person. docs/operations.md has an entry for each under this name."""

    DAEMON_DIED = "daemon-died"
    DAEMON_HANGS = "daemon-hangs"
    STANDSTILL = "standstill"
    CONFIG_REFUSED = "config-refused"
    POLLS_OVERDUE = "polls-overdue"
    ARTICLE_NOT_SEEN = "article-not-seen"
    PAGE_HELD = "page-held"
    NEW_TEMPLATE = "new-template"
    ENDPOINT_DISABLED = "endpoint-disabled"
    DELIVERIES_DEAD = "deliveries-dead"
    DIGEST_PARTIAL = "digest-partial"
    DELIVERIES_UNCONFIGURED = "deliveries-unconfigured"
    DISK_NEARLY_FULL = "disk-nearly-full"
    ARCHIVE_READ_ONLY = "archive-read-only"
    ARCHIVE_UNREADABLE = "archive-unreadable"
    SOURCE_UNREADABLE = "source-unreadable"
    SECRET_EXPOSED = "secret-exposed"  # noqa: S105  # the name of an alarm


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the archive itself cannot tell.

    `endpoints` are the configured ones, None if nobody knows; `pid` is the running daemon's, and
    `note` what it wrote down of a standstill. `free` bytes are left on the disk, `min_free` should
    be. `read_only` says why the archive cannot be written, `exposed` which secrets others may read,
    `learns` that polling is adaptive.
    """

    endpoints: Sequence[str] | None
    pid: int | None
    note: str | None = None
    free: int | None = None
    min_free: int = 0
    read_only: str | None = None
    exposed: Sequence[str] = ()
    learns: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """An article that was not seen at the last poll. `since` is the first such poll."""

    article: ArticleRecord
    since: datetime | None
    remedy: str
    needs_person: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs a person: what it is, and what to do."""

    alarm: Alarm
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Health:
    """All that `watcher status` says."""

    database: Path
    around: Surroundings
    daemon: DaemonRecord | None
    articles: Mapping[str, int]
    versions: int
    polls: int
    troubles: Sequence[Trouble]
    deliveries: Mapping[str, Mapping[str, int]]
    problems: Sequence[Problem]
    held: Sequence[tuple[ArticleRecord, QuarantineRecord]] = ()
    site_texts: Sequence[SiteText] = ()
    sources: Sequence[SourceRecord] = ()
    budget: BudgetUse | None = None
    gathered: Sequence[Tally] = ()

    @property
    def needs_person(self) -> bool:
        """True if somebody should do something."""
        return bool(self.problems) or any(trouble.needs_person for trouble in self.troubles)


def examine(archive: Archive, around: Surroundings, now: datetime) -> Health:
    """Looks at everything."""
    articles = archive.articles()
    watched = [article for article in articles if article.watched]
    counts = Counter(article.health for article in watched)
    counts["removed"] = len(articles) - len(watched)
    daemon, deliveries = archive.daemon(), archive.delivery_counts()
    gathered = archive.tallies(waiting=True)
    held, sources = _held(archive, watched), archive.sources()
    problems = [
        *_daemon_problems(daemon, around, now),
        *_place_problems(archive.path, around),
        *_late(_not_resting(archive, watched, now), around.pid, now),
        *_long_held(held, now),
        *_new_templates(archive, watched, now),
        *_source_problems(sources),
        *_delivery_problems(deliveries, archive.disabled_endpoints()),
        *map(_partial, archive.partial_digests(now - TOLD_FOR)),
        *_unconfigured(deliveries, gathered, around.endpoints),
    ]
    return Health(
        database=archive.path,
        around=around,
        daemon=daemon,
        articles={health: count for health, count in counts.items() if count},
        versions=sum(article.versions for article in articles),
        polls=sum(article.polls for article in articles),
        troubles=[_trouble(archive, article) for article in watched if article.failures],
        deliveries=deliveries,
        gathered=gathered,
        problems=problems,
        held=held,
        sources=sources,
        budget=archive.budget() if around.learns else None,
        site_texts=[each for each in archive.site_texts() if now - each.last_at < REMEMBERED_FOR],
    )


def _held(
    archive: Archive, watched: Sequence[ArticleRecord]
) -> list[tuple[ArticleRecord, QuarantineRecord]]:
    by_id = {article.id: article for article in watched}
    return [
        (by_id[held.article_id], held)
        for held in archive.quarantine(state="held")
        if held.article_id in by_id
    ]


def _trouble(archive: Archive, article: ArticleRecord) -> Trouble:
    since = failing_since(archive.runs(article.id))
    outcome = article.last_outcome
    if outcome is None:
        return Trouble(article, since, "poll it: `watcher poll`", True)
    return Trouble(article, since, REMEDIES.get(outcome, ""), needs_person(outcome, article.health))


def _daemon_problems(
    daemon: DaemonRecord | None, around: Surroundings, now: datetime
) -> list[Problem]:
    if daemon is None:
        return []
    problems = []
    if around.pid is None:
        if daemon.stopped_at is None:
            problems.append(
                Problem(
                    Alarm.DAEMON_DIED,
                    f"the daemon (process {daemon.pid}) ended without stopping in order; it was"
                    f" last alive at {when(daemon.alive_at)}",
                    "read the end of its log, then start it again: `watcher run`",
                )
            )
        return problems
    since, reason = _noted(around.note)
    problems += _standstill(since, reason, now)
    # One that says why it stands still does not hang, nor while that is no alarm yet.
    if since is None and now - daemon.alive_at > SILENCE:
        problems.append(
            Problem(
                Alarm.DAEMON_HANGS,
                f"the daemon (process {around.pid}) runs, but gave its last sign of life at"
                f" {when(daemon.alive_at)}",
                "read the end of its log; restart it if this lasts",
            )
        )
    if daemon.config_fault is not None:
        problems.append(
            Problem(
                Alarm.CONFIG_REFUSED,
                f"the daemon refused the changed configuration: {daemon.config_fault}",
                "mend it (`watcher check`); until then the old one is in use",
            )
        )
    return problems


def _noted(note: str | None) -> tuple[datetime | None, str]:
    """What the daemon wrote down: since when it cannot work, None if it can, and why."""
    time, _, reason = (note or "").partition(" ")
    try:
        return from_text(time), reason
    except ValueError:
        return None, ""


def _standstill(since: datetime | None, reason: str, now: datetime) -> list[Problem]:
    # A lock that another program holds for a moment is nobody's concern.
    if since is None or now - since < SILENCE:
        return []
    told = f"the daemon stands still since {when(since)}: {reason}"
    remedy = "do as it says; all work goes on by itself within a minute after that"
    return [Problem(Alarm.STANDSTILL, told, remedy)]


def without_archive(database: Path, why: str, around: Surroundings, now: datetime) -> list[Problem]:
    """What can be said where the archive cannot be read, for the reason given."""
    unreadable = Problem(Alarm.ARCHIVE_UNREADABLE, why, "do as it says")
    return [unreadable, *_standstill(*_noted(around.note), now), *_place_problems(database, around)]


def _place_problems(database: Path, around: Surroundings) -> list[Problem]:
    """The disk, and who may do what with the files."""
    problems = []
    if around.read_only is not None:
        told = f"{database} cannot be written: {around.read_only}"
        remedy = "check the disk (`dmesg`), its mount and the permissions"
        problems.append(Problem(Alarm.ARCHIVE_READ_ONLY, told, remedy))
    if around.free is not None and around.free < around.min_free:
        left, wanted = bytes_in_words(around.free), bytes_in_words(around.min_free)
        told = f"the disk of {database} is nearly full: {left} left, less than {wanted}"
        remedy = "free some space, or lower min_free_disk in [daemon] if that is enough here"
        problems.append(Problem(Alarm.DISK_NEARLY_FULL, told, remedy))
    return problems + [
        Problem(Alarm.SECRET_EXPOSED, told, "chmod 600 it; if others had access, change the secret")
        for told in around.exposed
    ]


def _long_held(
    held: Sequence[tuple[ArticleRecord, QuarantineRecord]], now: datetime
) -> list[Problem]:
    """Pages that wait though they should long have been confirmed or released."""
    waiting = [(article, page) for article, page in held if now - page.began_at > LONG_HELD]
    return [
        Problem(
            Alarm.PAGE_HELD,
            f"a page of article {article.id} is held since {when(page.began_at)}: no poll has"
            " confirmed or released it",
            f"open {article.url}, then `watcher poll {article.id}`; three polls that show the same"
            " page make it a version",
        )
        for article, page in waiting
    ]


def _not_resting(
    archive: Archive, watched: Sequence[ArticleRecord], now: datetime
) -> Sequence[ArticleRecord]:
    resting = archive.resting_hosts(now)
    return [a for a in watched if host_of(a.url) not in resting] if resting else watched


def _late(watched: Sequence[ArticleRecord], pid: int | None, now: datetime) -> list[Problem]:
    late = [a for a in watched if now - a.next_poll_at > max(LATE, timedelta(seconds=a.interval))]
    if not late:
        return []
    first = min(article.next_poll_at for article in late)
    remedy = "start the daemon: `watcher run`" if pid is None else "read the daemon's log"
    told = counted(len(late), "article is", "articles are")
    return [
        Problem(Alarm.POLLS_OVERDUE, f"{told} overdue, since {when(first)}: nobody looks", remedy)
    ]


def _new_templates(
    archive: Archive, watched: Sequence[ArticleRecord], now: datetime
) -> list[Problem]:
    """Hosts whose pages jumped all at once: what is read from them may be wrong from now on."""
    hosts = {article.id: host_of(article.url) for article in watched}
    jumped: dict[str, set[int]] = {}
    for page in archive.quarantine():
        lasting = page.state in ("held", "confirmed") and now - page.last_at < SHARED_WITHIN
        if page.cause == "jump" and page.silent and lasting and page.article_id in hosts:
            jumped.setdefault(hosts[page.article_id], set()).add(page.article_id)
    return [
        Problem(
            Alarm.NEW_TEMPLATE,
            f"{counted(len(ids), 'article')} of {host} changed all at once: its pages have a new"
            " template, or are not read rightly any more",
            f"compare `watcher show {min(ids)}` with the page; report it if they differ",
        )
        for host, ids in sorted(jumped.items())
    ]


def _source_problems(sources: Sequence[SourceRecord]) -> list[Problem]:
    """Feeds and sitemaps that could not be read again and again, or never will be."""
    problems = []
    for source in sources:
        if source.failures < LASTING and source.outcome not in ("not-a-listing", "robots"):
            continue
        since = "never read" if source.read_at is None else f"last read {when(source.read_at)}"
        told = (
            f"the {source.kind} {source.url} could not be read in"
            f" {counted(source.failures, 'look')}, {since}: {source.outcome}: {source.detail}"
        )
        known = {outcome.value: remedy for outcome, remedy in REMEDIES.items()}
        gone = f"open the URL; if there is no {source.kind} any more, remove it"
        remedy = known.get(source.outcome or "", gone)
        problems.append(Problem(Alarm.SOURCE_UNREADABLE, told, remedy))
    return problems


def _delivery_problems(
    deliveries: Mapping[str, Mapping[str, int]], disabled: Mapping[str, str]
) -> list[Problem]:
    problems = []
    for name, reason in disabled.items():
        problems.append(
            Problem(
                Alarm.ENDPOINT_DISABLED,
                f"the webhook {name} is disabled: {reason}",
                f"if it wants messages again: `watcher webhook enable {name}`",
            )
        )
    for name, states in deliveries.items():
        if dead := states.get("dead", 0):
            told = counted(dead, "delivery", "deliveries")
            remedy = "`watcher deliveries --state dead`, then `watcher deliveries retry ID`"
            problems.append(
                Problem(Alarm.DELIVERIES_DEAD, f"{told} to {name} failed for good", remedy)
            )
    return problems


def _partial(digest: PartialDigest) -> Problem:
    """A digest that went without events that could not be made."""
    told = f"the digest of delivery {digest.delivery_id} went to {digest.endpoint} without events"
    remedy = "`watcher verify` says whether the archive is damaged; report it if it is not"
    return Problem(Alarm.DIGEST_PARTIAL, f"{told}: {digest.detail}", remedy)


def _unconfigured(
    deliveries: Mapping[str, Mapping[str, int]],
    gathered: Sequence[Tally],
    endpoints: Sequence[str] | None,
) -> list[Problem]:
    """What waits for endpoints that are not in the configuration any more."""
    pending = {name: states.get("pending", 0) for name, states in deliveries.items()}
    waiting = Counter(pending)
    for each in gathered:
        waiting[each.endpoint] += each.gathered
    problems = []
    for name, count in waiting.items():
        if count and endpoints is not None and name not in endpoints:
            told = counted(count, "delivery waits", "deliveries wait")
            what = f"{told} for {name}, which is not in the configuration"
            remedy = "configure it again, or leave them"
            problems.append(Problem(Alarm.DELIVERIES_UNCONFIGURED, what, remedy))
    return problems
