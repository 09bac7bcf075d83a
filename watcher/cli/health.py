"""The health of the service: what there is, what is wrong, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.daemon import DaemonRecord
from watcher.cli.common import counted, when
from watcher.cli.logbook import failing_since
from watcher.cli.logview import quarantine_json
from watcher.cli.outcomes import REMEDIES, needs_person
from watcher.cli.output import BOLD, DIM, GREEN, RED, YELLOW, Page
from watcher.core.drift import REMEMBERED_FOR, SHARED_WITHIN
from watcher.core.urls import host_of

if TYPE_CHECKING:
    from storage.archive import Archive, ArticleRecord
    from storage.hosttext import SiteText
    from storage.quarantine import QuarantineRecord

SILENCE = timedelta(minutes=1)
"""A running daemon leaves a sign of life every few seconds; longer silence means that it hangs."""

LATE = timedelta(minutes=10)
"""A poll that is overdue by less may only be waiting for its turn."""

MOST_SITE_TEXTS = 5
"""Of the texts known as sites' own, so many are shown: they are for information."""


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

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Health:
    """All that `watcher status` says."""

    database: Path
    pid: int | None
    daemon: DaemonRecord | None
    articles: Mapping[str, int]
    versions: int
    polls: int
    troubles: Sequence[Trouble]
    deliveries: Mapping[str, Mapping[str, int]]
    problems: Sequence[Problem]
    held: Sequence[tuple[ArticleRecord, QuarantineRecord]] = ()
    site_texts: Sequence[SiteText] = ()

    @property
    def needs_person(self) -> bool:
        """True if somebody should do something."""
        return bool(self.problems) or any(trouble.needs_person for trouble in self.troubles)


def examine(
    archive: Archive, endpoints: Sequence[str] | None, pid: int | None, now: datetime
) -> Health:
    """Looks at everything.

    `endpoints` are the configured ones, None if nobody knows; `pid` is the running daemon's.
    """
    articles = archive.articles()
    watched = [article for article in articles if article.watched]
    counts = Counter(article.health for article in watched)
    counts["removed"] = len(articles) - len(watched)
    daemon, deliveries = archive.daemon(), archive.delivery_counts()
    problems = [
        *_daemon_problems(daemon, pid, now),
        *_late(watched, pid, now),
        *_new_templates(archive, watched, now),
        *_delivery_problems(deliveries, archive.disabled_endpoints(), endpoints),
    ]
    return Health(
        database=archive.path,
        pid=pid,
        daemon=daemon,
        articles={health: count for health, count in counts.items() if count},
        versions=sum(article.versions for article in articles),
        polls=sum(article.polls for article in articles),
        troubles=[_trouble(archive, article) for article in watched if article.failures],
        deliveries=deliveries,
        problems=problems,
        held=_held(archive, watched),
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


def _daemon_problems(daemon: DaemonRecord | None, pid: int | None, now: datetime) -> list[Problem]:
    if daemon is None:
        return []
    problems = []
    if pid is None and daemon.stopped_at is None:
        problems.append(
            Problem(
                f"the daemon (process {daemon.pid}) ended without stopping in order; it was last"
                f" alive at {when(daemon.alive_at)}",
                "read the end of its log, then start it again: `watcher run`",
            )
        )
    if pid is not None and now - daemon.alive_at > SILENCE:
        problems.append(
            Problem(
                f"the daemon (process {pid}) runs, but gave its last sign of life at"
                f" {when(daemon.alive_at)}",
                "read the end of its log; restart it if this lasts",
            )
        )
    if pid is not None and daemon.config_fault is not None:
        problems.append(
            Problem(
                f"the daemon refused the changed configuration: {daemon.config_fault}",
                "mend it (`watcher check`); until then the old one is in use",
            )
        )
    return problems


def _late(watched: Sequence[ArticleRecord], pid: int | None, now: datetime) -> list[Problem]:
    late = [a for a in watched if now - a.next_poll_at > max(LATE, timedelta(seconds=a.interval))]
    if not late:
        return []
    first = min(article.next_poll_at for article in late)
    remedy = "start the daemon: `watcher run`" if pid is None else "read the daemon's log"
    told = counted(len(late), "article is", "articles are")
    return [Problem(f"{told} overdue, since {when(first)}: nobody looks", remedy)]


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
            f"{counted(len(ids), 'article')} of {host} changed all at once: its pages have a new"
            " template, or are not read rightly any more",
            f"compare `watcher show {min(ids)}` with the page; report it if they differ",
        )
        for host, ids in sorted(jumped.items())
    ]


def _delivery_problems(
    deliveries: Mapping[str, Mapping[str, int]],
    disabled: Mapping[str, str],
    endpoints: Sequence[str] | None,
) -> list[Problem]:
    problems = []
    for name, reason in disabled.items():
        problems.append(
            Problem(
                f"the webhook {name} is disabled: {reason}",
                f"if it wants messages again: `watcher webhook enable {name}`",
            )
        )
    for name, states in deliveries.items():
        if dead := states.get("dead", 0):
            told = counted(dead, "delivery", "deliveries")
            remedy = "`watcher deliveries --state dead`, then `watcher deliveries retry ID`"
            problems.append(Problem(f"{told} to {name} failed for good", remedy))
        unknown = endpoints is not None and name not in endpoints
        if unknown and (waiting := states.get("pending", 0)):
            told = counted(waiting, "delivery waits", "deliveries wait")
            remedy = "configure it again, or leave them"
            problems.append(
                Problem(f"{told} for {name}, which is not in the configuration", remedy)
            )
    return problems


def health_page(health: Health) -> Page:
    """The health for people."""
    page = Page()
    page.line((BOLD, "Daemon    "), _daemon_line(health))
    page.line((BOLD, "Database  "), str(health.database))
    told = ", ".join(f"{count} {name}" for name, count in health.articles.items()) or "none"
    counts = f"{counted(health.versions, 'version')}, {counted(health.polls, 'poll')}"
    missed = f"; {len(health.troubles)} not seen at the last poll" if health.troubles else ""
    page.line((BOLD, "Articles  "), f"{told}; {counts}{missed}")
    for name, states in health.deliveries.items():
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        page.line((BOLD, "Webhook   "), f"{name}: {told}")
    for problem in health.problems:
        page.line()
        page.prose(problem.what, style=RED)
        page.prose(f"do: {problem.remedy}", indent=4)
    for trouble in health.troubles:
        _trouble_lines(page, trouble)
    for article, held in health.held:
        page.line()
        page.line((YELLOW, f"article {article.id}  held since {when(held.began_at)}"))
        page.line(f"    {article.headline or article.url}")
        page.prose(held.reason, indent=4)
        page.prose("do: nothing: the next polls confirm the page or release it", indent=4)
    _site_text_lines(page, health.site_texts)
    page.line()
    if health.needs_person:
        page.line((RED, "Something needs a person."))
    else:
        page.line((GREEN, "Nothing needs a person." if health.troubles else "All is fine."))
    return page


def _daemon_line(health: Health) -> str:
    daemon = health.daemon
    if health.pid is not None:
        since = "" if daemon is None else f" since {when(daemon.started_at)}"
        return f"runs as process {health.pid}{since}"
    if daemon is None:
        return "has never run on this database"
    if daemon.stopped_at is None:
        return "does not run"
    return f"does not run; stopped at {when(daemon.stopped_at)}"


def _site_text_lines(page: Page, texts: Sequence[SiteText]) -> None:
    if not texts:
        return
    page.line()
    told = counted(len(texts), "text is a site's own", "texts are sites' own")
    such = "it" if len(texts) == 1 else "them"
    page.line((BOLD, "Site text "), f"{told}: changes of {such} alone are told to nobody")
    for each in texts[:MOST_SITE_TEXTS]:
        on = f"{each.host}, {counted(each.articles, 'article')}, last {when(each.last_at)}"
        page.line((DIM, f"    {on}"))
        page.prose(each.text, indent=4)
    if len(texts) > MOST_SITE_TEXTS:
        page.line((DIM, f"    and {len(texts) - MOST_SITE_TEXTS} more: watcher status --json"))


def _trouble_lines(page: Page, trouble: Trouble) -> None:
    article = trouble.article
    outcome = "never polled" if article.last_outcome is None else article.last_outcome.value
    told = f"{outcome}: {article.last_detail}" if article.last_detail else outcome
    since = "" if trouble.since is None else f" since {when(trouble.since)}"
    page.line()
    style = RED if trouble.needs_person else YELLOW
    known = f" ({article.health})" if article.health == "unreachable" else ""
    page.line((style, f"article {article.id}  {told}{known}"))
    page.line(f"    {article.headline or article.url}")
    polls = counted(article.failures, "poll")
    seen = "never seen" if article.seen_until is None else f"last seen {when(article.seen_until)}"
    page.line((DIM, f"    not seen in {polls}{since}; {seen}"))
    page.prose(f"do: {trouble.remedy}", indent=4)


def health_json(health: Health) -> dict[str, Any]:
    """The health for programs."""
    daemon = health.daemon
    return {
        "ok": not health.needs_person,
        "database": str(health.database),
        "daemon": {
            "running": health.pid is not None,
            "pid": health.pid,
            "started_at": None if daemon is None else daemon.started_at,
            "alive_at": None if daemon is None else daemon.alive_at,
            "stopped_at": None if daemon is None else daemon.stopped_at,
            "config_fault": None if daemon is None else daemon.config_fault,
        },
        "articles": dict(health.articles),
        "versions": health.versions,
        "polls": health.polls,
        "deliveries": {name: dict(states) for name, states in health.deliveries.items()},
        "problems": [{"what": each.what, "remedy": each.remedy} for each in health.problems],
        "not_seen": [_trouble_json(trouble) for trouble in health.troubles],
        "held": [
            {"url": article.url, "headline": article.headline, **quarantine_json(held)}
            for article, held in health.held
        ],
        "site_texts": [
            {
                "host": each.host,
                "text": each.text,
                "articles": each.articles,
                "first_at": each.first_at,
                "last_at": each.last_at,
            }
            for each in health.site_texts
        ],
    }


def _trouble_json(trouble: Trouble) -> dict[str, Any]:
    article = trouble.article
    return {
        "id": article.id,
        "url": article.url,
        "story": article.story,
        "headline": article.headline,
        "health": article.health,
        "outcome": None if article.last_outcome is None else article.last_outcome.value,
        "detail": article.last_detail,
        "since": trouble.since,
        "last_seen": article.seen_until,
        "failures": article.failures,
        "remedy": trouble.remedy,
        "needs_person": trouble.needs_person,
    }
