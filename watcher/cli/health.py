"""The health of the service, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage.hosttext import SiteText
from watcher.cli.logview import quarantine_json
from watcher.cli.output import BOLD, DIM, GREEN, RED, YELLOW, Page
from watcher.cli.sources import source_json, source_lines
from watcher.core.schedule.use import BudgetUse
from watcher.core.wording import bytes_in_words, counted, when
from watcher.health import Alarm, Health, Trouble

MOST_SITE_TEXTS = 5
"""Of the texts known as sites' own, so many are shown: they are for information."""


def health_page(health: Health) -> Page:
    """The health for people."""
    page = Page()
    page.line((BOLD, "Daemon    "), _daemon_line(health))
    free = "" if health.around.free is None else f"; {bytes_in_words(health.around.free)} free"
    page.line((BOLD, "Database  "), f"{health.database}{free}")  # a path is not broken
    told = ", ".join(f"{count} {name}" for name, count in health.articles.items()) or "none"
    counts = f"{counted(health.versions, 'version')}, {counted(health.polls, 'poll')}"
    missed = f"; {len(health.troubles)} not seen at the last poll" if health.troubles else ""
    page.labelled("Articles  ", f"{told}; {counts}{missed}", style=BOLD)
    if health.budget is not None:
        page.labelled("Budget    ", health.budget.told(), style=BOLD)
    for name, states in health.deliveries.items():
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        page.labelled("Webhook   ", f"{name}: {told}", style=BOLD)
    for each in health.gathered:
        due = "" if each.next_at is None else f", digest {when(each.next_at)}"
        told = f"{each.endpoint}: {counted(each.gathered, 'event')} by {each.alert}{due}"
        page.labelled("Gathered  ", told, style=BOLD)
    source_lines(page, health.sources)
    for problem in health.problems:
        page.line()
        page.prose(f"{problem.alarm}: {problem.what}", style=RED)
        page.prose(f"do: {problem.remedy}", indent=4)
    for trouble in health.troubles:
        _trouble_lines(page, trouble)
    for article, held in health.held:
        page.line()
        page.line((YELLOW, f"article {article.id}  held since {when(held.began_at)}"))
        page.prose(article.headline or article.url, indent=4)
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
    if health.around.pid is not None:
        since = "" if daemon is None else f" since {when(daemon.started_at)}"
        return f"runs as process {health.around.pid}{since}"
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
    page.labelled("Site text ", f"{told}: changes of {such} alone are told to nobody", style=BOLD)
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
    alarm = f"{Alarm.ARTICLE_NOT_SEEN}: " if trouble.needs_person else ""
    page.line((style, f"{alarm}article {article.id}  {told}{known}"))
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
        "disk_free": health.around.free,
        "daemon": {
            "running": health.around.pid is not None,
            "pid": health.around.pid,
            "started_at": None if daemon is None else daemon.started_at,
            "alive_at": None if daemon is None else daemon.alive_at,
            "stopped_at": None if daemon is None else daemon.stopped_at,
            "config_fault": None if daemon is None else daemon.config_fault,
        },
        "articles": dict(health.articles),
        "budget": budget_json(health.budget),
        "versions": health.versions,
        "polls": health.polls,
        "deliveries": {name: dict(states) for name, states in health.deliveries.items()},
        "gathered": [
            {
                "webhook": each.endpoint,
                "alert": each.alert,
                "events": each.gathered,
                "next_digest_at": each.next_at,
            }
            for each in health.gathered
        ],
        "problems": [
            {"alarm": each.alarm.value, "what": each.what, "remedy": each.remedy}
            for each in health.problems
        ],
        "not_seen": [_trouble_json(trouble) for trouble in health.troubles],
        "held": [
            {"url": article.url, "headline": article.headline, **quarantine_json(held)}
            for article, held in health.held
        ],
        "sources": [source_json(source) for source in health.sources],
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


def budget_json(budget: BudgetUse | None) -> dict[str, Any] | None:
    """The use of the budget for programs."""
    if budget is None:
        return None
    return {
        "requests_per_hour": budget.allowed,
        "planned_per_hour": round(budget.planned, 3),
        "left_over": budget.left_over,
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
        "alarm": Alarm.ARTICLE_NOT_SEEN.value if trouble.needs_person else None,
    }
