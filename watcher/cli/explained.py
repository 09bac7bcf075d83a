"""What `watcher explain` finds out about an article, before it is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from config.limits import limits_of
from storage.observations import failing_since
from watcher.cli.learned import Learned, learned
from watcher.core.decision import ArticleState
from watcher.core.hostlimits import HostLimit, limit_of
from watcher.core.model import Notice, Outcome, Snapshot
from watcher.core.noise import kept_templates
from watcher.core.quarantine import HOLD_INTERVAL
from watcher.core.schedule.fixed import longest_wait
from watcher.core.sites import SiteRules
from watcher.core.suggest import LASTING, Suggestion, suggestions
from watcher.core.urls import host_of, url_key
from watcher.service import adaptive_of

if TYPE_CHECKING:
    from config.load import Loaded
    from storage.archive import Archive
    from storage.article_records import ArticleRecord
    from storage.hostrest import HostRest
    from storage.hosttext import SiteText
    from storage.noise import NoiseRecord
    from storage.observations import Run
    from storage.quarantine import QuarantineRecord

LOOKED_BACK = 6
"""Changes that are looked at for a suggestion: twice as many as one needs."""

Why = Literal[
    "removed", "never-polled", "held", "interval", "learned", "failures", "retry-after", "robots",
    "settled",
]  # fmt: skip
Source = Literal["article", "story", "polling"]


@dataclass(frozen=True, slots=True)
class NextPoll:
    """When an article is polled next, and why then.

    `interval` is the article's in seconds and `source` says what sets it; `wait` is what lies
    between the last poll and the next one. `overdue` is true if that time has passed,
    `learned` what adaptive polling makes of the article.
    """

    why: Why
    at: datetime | None
    interval: float
    source: Source
    wait: float | None
    overdue: bool
    learned: Learned | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """All that `watcher explain` says.

    `host` is the one that polls are counted by, and `rest` set if it asked for patience;
    `kept` are the templates of noise that the rules overrule: they keep such a text.
    `page_host` is the one whose rules hold, where the article was seen last. `reader` is what reads
    the article today, `stored` what read its latest version.
    """

    article: ArticleRecord
    next_poll: NextPoll
    failing_since: datetime | None
    runs: Sequence[Run]
    developing: Sequence[Notice]
    quarantine: Sequence[QuarantineRecord]
    noise: Sequence[NoiseRecord]
    kept: frozenset[str]
    site_texts: Sequence[SiteText]
    host: str
    page_host: str
    rules: SiteRules
    reader: str
    stored: str | None
    suggestions: Sequence[Suggestion]
    rest: HostRest | None
    limit: HostLimit


def examine(
    archive: Archive, article: ArticleRecord, loaded: Loaded, extractor: str, now: datetime
) -> Explained:
    """Looks at everything about an article; `extractor` is the name of the one in use."""
    versions, runs = archive.versions(article.id), archive.runs(article.id)
    state = archive.state(article.id)
    latest = None if not versions else archive.snapshot(versions[-1].id)
    url = article.url if latest is None else latest.url or article.url
    sites, host = loaded.reading.sites, host_of(article.url)
    recent = versions[-LOOKED_BACK - 1 :]
    steps = []
    for old, new in pairwise(recent):
        pair = archive.pair(old, new)
        steps.append((pair.change, pair.old_snapshot, pair.new_snapshot))
    next_poll = _next_poll(article, state, runs, loaded, now)
    return Explained(
        article=article,
        next_poll=_with_learned(archive, state, loaded, next_poll),
        failing_since=failing_since(runs) if article.failures else None,
        runs=runs,
        developing=[n for n in latest.notices if n.kind == "developing"] if latest else [],
        quarantine=archive.quarantine(article.id),
        noise=archive.noise(article.id),
        kept=_kept(latest, sites.of(url)),
        site_texts=[each for each in archive.site_texts() if each.host == host],
        host=host,
        page_host=host_of(url),
        rules=sites.of(url),
        reader=sites.reader(extractor, url),
        stored=versions[-1].extractor if versions else None,
        suggestions=suggestions(steps) if len(steps) >= LASTING else (),
        rest=archive.resting_hosts(now).get(host),
        limit=limit_of(limits_of(loaded.settings), host),
    )


def _kept(latest: Snapshot | None, rules: SiteRules) -> frozenset[str]:
    if latest is None or not rules.keep_text:
        return frozenset()
    from watcher.adapters.page.text.noise_words import shipped_noise_words

    return kept_templates(latest, shipped_noise_words(), rules)


def _with_learned(
    archive: Archive, state: ArticleState, loaded: Loaded, found: NextPoll
) -> NextPoll:
    """The same, with what adaptive polling learned if that is why."""
    adaptive = adaptive_of(loaded.settings)
    if adaptive is None or found.why != "interval" or found.wait is None:
        return found
    bounds = state.terms.bounds(state.interval, developing=state.developing)
    own = learned(adaptive, state, bounds, found.wait, archive.budget())
    return found if own is None else replace(found, why="learned", learned=own)


def _next_poll(
    article: ArticleRecord,
    state: ArticleState,
    runs: Sequence[Run],
    loaded: Loaded,
    now: datetime,
) -> NextPoll:
    at, last = article.next_poll_at, article.last_at
    wait = None if last is None else (at - last).total_seconds()
    why: Why = "interval"
    if not article.watched:
        why = "removed"
    elif wait is None or not runs:
        why = "never-polled"
    elif runs[-1].outcome is Outcome.QUARANTINED:
        why = "held" if wait <= HOLD_INTERVAL else "interval"
    elif runs[-1].outcome is Outcome.ROBOTS:
        why = "robots"
    elif article.failures:
        expected = longest_wait(article.interval, article.failures, state.terms.longest)
        # A second for rounding; a longer wait than ours is one that the server asked for.
        why = "retry-after" if wait > expected + 1 else "failures"
    elif article.health == "settled":
        why = "settled"
    shown = None if why == "removed" else at
    overdue = shown is not None and now - at > timedelta(0)
    source = _source(article, loaded)
    return NextPoll(why, shown, article.interval, source, wait, overdue)


def _source(article: ArticleRecord, loaded: Loaded) -> Source:
    """Which table of the configuration sets the article's interval."""
    key = url_key(article.url)
    for own in loaded.settings.articles:
        if own.interval is not None and url_key(own.url) == key:
            return "article"
    for story in loaded.settings.stories:
        if story.name == article.story and story.interval is not None:
            return "story"
    return "polling"
