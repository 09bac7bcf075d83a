"""What the daemon logs of what it did: polls, events, attempts at deliveries, steps that failed.

The names and keys of these lines are part of docs/formats.md. What keeps failing is said at once
and then at growing intervals, with how often it was `repeated` meanwhile and `since` when.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.articles import SyncResult
from storage.digests import MadeDigest
from storage.outbox import ClaimedDelivery
from watcher.core.alerts.alert import DIGEST
from watcher.core.decide import ArticleState, Decision, EventDraft
from watcher.core.findings.find import failures
from watcher.core.model import Outcome
from watcher.core.repeats import Repeated, Repeats
from watcher.core.times import to_text
from watcher.dispatch import Attempted
from watcher.errors import WatcherError
from watcher.metrics import Metrics
from watcher.poll import Polled
from watcher.ports import Clock, Log
from watcher.sources import SourcePolled


@dataclass(frozen=True, slots=True)
class Standstill:
    """A step of the daemon that fails now, why, and since when."""

    step: str
    reason: str
    since: datetime


@dataclass(slots=True)
class Logbook:
    """A log that says every failure, but none so often that it fills a disk."""

    log: Log
    clock: Clock
    metrics: Metrics
    standing: dict[str, Standstill] = field(default_factory=dict)
    _repeats: Repeats = field(default_factory=Repeats)

    @property
    def longest_standstill(self) -> Standstill | None:
        """What has kept the daemon from its work for longest, None if nothing does."""
        return min(self.standing.values(), key=lambda each: each.since, default=None)

    def polled(self, article: ArticleState, polled: Polled, seconds: float) -> None:
        """A poll that was put on record after so long, and the events that it made."""
        decision, log = polled.decision, self.log
        self.metrics.polled(decision.outcome.value, seconds)
        self._recovered(("step", "poll", None), step="poll")
        facts = {
            "article": article.id,
            "url": article.url,
            "outcome": decision.outcome.value,
            "detail": decision.detail,
            "next_poll_at": to_text(decision.next_poll_at),
        }
        if not decision.outcome.is_seen:
            thing, reason = ("article", article.id), f"{decision.outcome}: {decision.detail}"
            said = self._repeats.failed(thing, reason, self.clock.now())
            # Who wants every poll in the log has every failure as well.
            tell = log.debug if said is None else log.warning
            tell("polled", failures=decision.failures, **_repeated(said), **facts)
        else:
            self._recovered(("article", article.id), article=article.id, url=article.url)
            self._repeats.succeeded(("step", "poll", article.id), self.clock.now())
            if decision.outcome is Outcome.UNCHANGED:
                log.debug("polled", via=decision.via, **facts)
            elif decision.outcome is Outcome.NEW_VERSION:
                version = None if decision.version is None else decision.version.number
                log.info("polled", version=version, **facts)
                self._rules(article, decision)
            else:
                log.info("polled", **facts)
        for draft, event_id in zip(decision.events, polled.events, strict=True):
            self.metrics.happened(draft.type.value)
            log.info(
                "event", id=event_id, type=draft.type.value, article=article.id,
                summary=draft.summary, weight=draft.weight, endpoints=list(draft.endpoints),
                **_alerts(draft),
            )  # fmt: skip

    def digested(self, made: Sequence[MadeDigest]) -> None:
        """Digests that were made of what alerts gathered."""
        for digest in made:
            parcel = digest.parcel
            self.metrics.happened(DIGEST)
            self.log.info(
                "digest", id=digest.event_id, alert=parcel.alert, endpoint=parcel.endpoint,
                events=len(parcel.events), articles=parcel.articles, reason=parcel.reason,
            )  # fmt: skip

    def _rules(self, article: ArticleState, decision: Decision) -> None:
        """The rules of findings that failed on a new version, which has its change all the same."""
        change = None if decision.version is None else decision.version.change
        for rule, reason in () if change is None else failures(change):
            said = self._repeats.failed(("rule", rule), reason, self.clock.now())
            facts = {"rule": rule, "reason": reason, "article": article.id, "url": article.url}
            if said is None:
                self.log.debug("rule-failed", **facts)
            else:
                self.log.error("rule-failed", **_repeated(said), **facts)

    def looked(self, polled: SourcePolled) -> None:
        """A look at a feed or sitemap that was put on record."""
        source, decision, found, log = polled.source, polled.decision, polled.found, self.log
        facts = {
            "source": source.url,
            "story": source.story,
            "outcome": decision.outcome,
            "detail": decision.detail,
            "next_poll_at": to_text(decision.next_poll_at),
        }
        if decision.failures:
            reason = f"{decision.outcome}: {decision.detail}"
            said = self._repeats.failed(("source", source.id), reason, self.clock.now())
            tell = log.debug if said is None else log.warning
            tell("looked", failures=decision.failures, **_repeated(said), **facts)
            return
        self._recovered(("source", source.id), source=source.url)
        self._repeats.succeeded(("step", "look", source.id), self.clock.now())
        tell = log.info if found.added or found.hinted else log.debug
        tell("looked", added=list(found.added), hinted=found.hinted, **facts)

    def attempted(self, delivery: ClaimedDelivery, done: Attempted) -> None:
        """An attempt at a delivery, whether it arrived or not."""
        log, endpoint = self.log, delivery.endpoint
        pending = done.waiting or done.retry_at is not None
        result = "delivered" if done.delivered else "failed" if pending else "dead"
        self.metrics.attempted(endpoint, result)
        facts: dict[str, Any] = {
            "delivery": delivery.id,
            "event_id": delivery.event_id,
            "endpoint": endpoint,
            "attempt": delivery.attempts + 1,
            "status": done.status,
        }
        for each in done.left_out:
            self._left_out(each.event_id, each.reason, facts)
        if done.delivered:
            self._recovered(("endpoint", endpoint), endpoint=endpoint)
            for thing in (("dead", endpoint), ("step", "delivery", endpoint)):
                self._repeats.succeeded(thing, self.clock.now())
            log.info("delivered", **facts)
            return
        facts["reason"] = done.detail
        if pending:
            said = self._repeats.failed(("endpoint", endpoint), done.detail, self.clock.now())
            tell = log.debug if said is None else log.warning
            if done.retry_at is None:
                waits = "until the endpoint is enabled"
                tell("delivery-failed", waits=waits, **_repeated(said), **facts)
            else:
                retry_at = to_text(done.retry_at)
                tell("delivery-failed", retry_at=retry_at, **_repeated(said), **facts)
        else:
            said = self._repeats.failed(("dead", endpoint), done.detail, self.clock.now())
            if said is None:
                log.debug("delivery-dead", **facts)
            else:
                log.error("delivery-dead", **_repeated(said), **facts)
        if done.disabled:
            log.error("endpoint-disabled", endpoint=endpoint, reason=done.detail)

    def _left_out(self, event_id: str, reason: str, facts: Mapping[str, Any]) -> None:
        """An event that could not be made: its digest goes without it."""
        said = self._repeats.failed(("left out", event_id), reason, self.clock.now())
        if said is not None:
            told = {key: facts[key] for key in ("delivery", "event_id", "endpoint")}
            self.log.error(
                "event-left-out", left_out=event_id, reason=reason, **_repeated(said), **told
            )

    def failed(self, step: str, error: Exception, *, of: object = None, **facts: object) -> None:
        """A piece of work that failed, by a defect if it was not expected to.

        `of` is what it was about, where several may fail each for itself.
        """
        self.metrics.failed(step)
        now = self.clock.now()
        expected = isinstance(error, WatcherError)
        reason = str(error) if expected else repr(error)
        said = self._repeats.failed(("step", step, of), reason, now)
        if said is None:
            return
        if expected:
            self.log.error(f"{step}-failed", reason=reason, **_repeated(said), **facts)
        else:
            # One defect may meet every article: its traceback is not needed for each.
            trace = self._repeats.failed(("defect", step), reason, now) is not None
            self.log.error(
                f"{step}-crashed", reason=reason, exc_info=error if trace else None,
                **_repeated(said), **facts,
            )  # fmt: skip

    def stray(self, reason: str, error: object) -> None:
        """An error that nobody waited for."""
        said = self._repeats.failed(("stray", reason), repr(error), self.clock.now())
        if said is not None:
            self.log.error(
                "stray-error", reason=reason, error=repr(error), exc_info=error, **_repeated(said)
            )

    def stands_still(self, step: str, error: Exception) -> None:
        """A step that the daemon takes again and again failed."""
        expected = isinstance(error, WatcherError)
        self._stands(step, str(error) if expected else repr(error), self.clock.now())
        self.failed(step, error)

    def goes_on(self, step: str) -> None:
        """Such a step, which may have failed before, works."""
        self.standing.pop(step, None)
        self._recovered(("step", step, None), step=step)

    def paused(self, reason: str) -> None:
        """Nothing can be put on record: work rests."""
        now = self.clock.now()
        self._stands("pause", reason, now)
        said = self._repeats.failed("pause", reason, now)
        if said is not None:
            self.log.error("paused", reason=reason, **_repeated(said))

    def resumed(self) -> None:
        """Work goes on after a pause."""
        self.standing.pop("pause", None)
        if self._repeats.succeeded("pause", self.clock.now()) is not None:
            self.log.info("resumed")

    def started(
        self,
        database: Path,
        articles: int,
        synced: SyncResult,
        enabled: tuple[str, ...],
        taken_over: int,
    ) -> None:
        """The daemon works; it took over so many leases from one that died."""
        self.log.info(
            "started",
            pid=os.getpid(),
            database=str(database),
            articles=articles,
            added=len(synced.added),
            taken_over=taken_over,
        )
        self.same(synced)
        self.enabled(enabled)

    def taken(self, articles: int, synced: SyncResult, enabled: tuple[str, ...]) -> None:
        """A changed configuration is in use, which names so many articles."""
        self.log.info(
            "config-taken",
            articles=articles,
            added=len(synced.added),
            retired=len(synced.retired),
        )
        self.same(synced)
        self.enabled(enabled)

    def enabled(self, names: tuple[str, ...]) -> None:
        """Endpoints that are no longer disabled."""
        for name in names:
            self.log.info("endpoint-enabled", endpoint=name, reason="it has another URL")

    def same(self, synced: SyncResult) -> None:
        """Configured URLs that are addresses of articles which are watched already."""
        for url, article_id in synced.same:
            reason = "the URL is an address of this article already: it needs no entry of its own"
            self.log.warning("same-article", url=url, article=article_id, reason=reason)

    def _stands(self, step: str, reason: str, now: datetime) -> None:
        known = self.standing.get(step)
        self.standing[step] = Standstill(step, reason, now if known is None else known.since)

    def _recovered(self, thing: object, **facts: object) -> None:
        ended = self._repeats.succeeded(thing, self.clock.now())
        if ended is not None:
            self.log.info("recovered", **facts, **_repeated(ended))


def _alerts(draft: EventDraft) -> dict[str, object]:
    """The alerts that an event matches, if any do."""
    names = {hit.alert.name for candidate in draft.candidates for hit in candidate.hits}
    return {"alerts": sorted(names)} if names else {}


def _repeated(said: Repeated | None) -> dict[str, object]:
    """The further keys of a line that stands for several."""
    if said is None or said.is_news:
        return {}
    return {"repeated": said.count, "since": to_text(said.since)}
