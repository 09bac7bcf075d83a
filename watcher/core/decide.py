"""decide(): what one poll means. Pure; `storage` writes the whole decision in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core.addressing import addressed
from watcher.core.alerts.alert import Alert, Audience
from watcher.core.compare import compare, describe, says_otherwise
from watcher.core.decision import (
    ArticleState,
    Decision,
    EventDraft,
    Extracted,
    Failed,
    Health,
    LatestVersion,
    NewHold,
    NewVersion,
    Observed,
    StillHeld,
    Unchanged,
    VersionKind,
    validators_of,
)
from watcher.core.drift import Suspicion, flicker, suspect, texts_that_changed
from watcher.core.findings.find import Rulebook
from watcher.core.followed import followed
from watcher.core.hostrest import REFUSING, Refusal
from watcher.core.model import (
    Change,
    EventType,
    Outcome,
    Via,
)
from watcher.core.quarantine import (
    HOLD_INTERVAL,
    MOST_HOLDS,
    Hold,
    Ruling,
    Settled,
    judge,
)
from watcher.core.schedule.fixed import (
    BACKS_OFF_AFTER,
    after_content,
    after_failure,
    longest_wait,
)
from watcher.core.schedule.following import Adaptive
from watcher.core.settling import settle
from watcher.core.telling import (
    counters_that_went_on,
    state_event,
    understood,
    update_event,
)
from watcher.core.text import content_digest, snapshot_digest
from watcher.core.times import to_text

__all__ = [
    "GONE_AFTER", "UNREACHABLE_AFTER", "ArticleState", "Decision", "EventDraft", "Extracted",
    "Failed", "Health", "LatestVersion", "NewHold", "NewVersion", "Observed", "Policy", "StillHeld",
    "Unchanged", "VersionKind", "decide", "validators_of",
]  # fmt: skip

GONE_AFTER = 2
"""Polls running that must find 404, 410 or a page that says so, before an article counts as
unpublished."""

UNREACHABLE_AFTER = 5
"""Polls running that may fail before people are told that we cannot see the article."""


SEEN = (Outcome.UNCHANGED, Outcome.NEW_VERSION)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the configuration says about deciding.

    `endpoints` are the webhooks with the events they want; `stories` maps a story to its webhooks.
    Without `adaptive`, intervals are fixed. `rulebook` says what changes mean, `alerts` decide of
    events for the webhooks that they name.
    """

    endpoints: Mapping[str, frozenset[EventType]] = field(default_factory=dict)
    stories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    adaptive: Adaptive | None = None
    rulebook: Rulebook = Rulebook()  # noqa: RUF009  it is frozen
    alerts: tuple[Alert, ...] = ()

    @property
    def audience(self) -> Audience:
        """Who may be told."""
        return Audience(self.endpoints, self.stories, self.alerts)


def decide(
    article: ArticleState,
    observed: Observed,
    now: datetime,
    policy: Policy,
    jitter: float,
    price: float | None = None,
) -> Decision:
    """What to store, tell and schedule after one poll.

    `jitter` in [0, 1) spreads retries; `price` is what a request costs in adaptive polling, None
    if no budget was kept yet.
    """
    gap = _run_gap(article, policy)
    if isinstance(observed, Failed):
        decision = _not_seen(article, observed, now, gap, jitter)
    elif isinstance(observed, Unchanged):
        decision = _seen(article, observed, now, gap, Outcome.UNCHANGED, via=observed.via)
    elif isinstance(observed, StillHeld):
        decision = _waiting(article, observed, now, gap)
    else:
        decision = _extracted(article, observed, now, gap, policy.rulebook)
    if policy.adaptive is not None and decision.outcome in SEEN:
        fresh = observed.fresh_for if isinstance(observed, Unchanged | Extracted) else 0.0
        decision = followed(article, decision, policy.adaptive, jitter, price, fresh)
    decision = settle(article, decision)
    if not decision.events:
        return decision
    version, audience = decision.version, policy.audience
    events = tuple(addressed(each, article, version, audience) for each in decision.events)
    return replace(decision, events=events)


def _run_gap(article: ArticleState, policy: Policy) -> timedelta:
    """A longer silence than this breaks a run of observations: nobody was looking meanwhile."""
    planned = longest_wait(article.interval, article.failures, article.terms.longest)
    state = article.followed.state
    if policy.adaptive is not None and state is not None:
        planned = max(planned, (article.due - state.at).total_seconds())
    return timedelta(seconds=max(3 * planned, 600.0))


def _seen(
    article: ArticleState,
    observed: Unchanged | Extracted,
    now: datetime,
    gap: timedelta,
    outcome: Outcome,
    *,
    via: Via | None = None,
    version: NewVersion | None = None,
) -> Decision:
    """The article was seen: health is restored, and whatever is new is told in order."""
    events = []
    if article.latest is not None and article.health == "gone":
        events.append(state_event(EventType.RESTORED, "The article is back."))
    elif article.health == "unreachable":
        # People were told that we cannot see it, be it that we never had: so this is told too.
        again = "" if article.latest is None else " again"
        events.append(state_event(EventType.RESTORED, f"The article can be seen{again}."))
    if observed.moved_to is not None:
        text = f"The article moved to {observed.moved_to}"
        events.append(state_event(EventType.MOVED, text))
    if version is not None and version.kind != "first" and version.untold is None:
        events.append(update_event(version))
    return Decision(
        article_id=article.id,
        revision=article.revision,
        at=now,
        outcome=outcome,
        detail="" if version is None else version.summary,
        status=observed.status,
        via=via,
        health="live",
        failures=0,
        missing=0,
        memory=observed.memory,
        next_poll_at=after_content(article.due, now, article.interval),
        run_gap=gap,
        version=version,
        events=tuple(events),
        moved_to=observed.moved_to,
        settles=None if article.held is None else "dismissed",
    )


def _extracted(
    article: ArticleState, observed: Extracted, now: datetime, gap: timedelta, rulebook: Rulebook
) -> Decision:
    if observed.noise and observed.noise <= observed.learned:
        decision = _seen(article, observed, now, gap, Outcome.UNCHANGED, via=Via.NOISE)
        return replace(decision, noise=observed.noise)
    version = _new_version(article, observed)
    if version is None:
        return _seen(article, observed, now, gap, Outcome.UNCHANGED, via=Via.SAME_TEXT)
    if version.change is None or observed.previous is None:
        return _seen(article, observed, now, gap, Outcome.NEW_VERSION, version=version)
    suspicion = suspect(observed.previous, observed.snapshot, version.change, observed.host)
    if suspicion is None and observed.revert_of is not None and observed.revert_of.flickers:
        suspicion = flicker(observed.previous, observed.snapshot)
    ruling = _ruling(article, observed, suspicion, now)
    if ruling.verdict in ("hold", "wait", "renew"):
        decision = _waiting(article, observed, now, gap, ruling)
    else:
        version = understood(_ruled(article, version, ruling), observed, now, rulebook)
        decision = _seen(article, observed, now, gap, Outcome.NEW_VERSION, version=version)
        if ruling.verdict == "confirmed":
            decision = replace(decision, settles="confirmed")
    came, went = texts_that_changed(observed.previous, observed.snapshot)
    site_wide = suspicion is not None and suspicion.cause == "site-wide" and suspicion.silent
    # While the page waits, few others may have been seen: what is on half of those may be news.
    is_settled = decision.version is not None
    return replace(
        decision,
        came=came,
        went=went,
        site_texts=came | went if site_wide and is_settled else frozenset(),
        noise=observed.noise,
    )


def _ruling(
    article: ArticleState, observed: Extracted, suspicion: Suspicion | None, now: datetime
) -> Ruling:
    """What is to be done with a page that differs from the latest version.

    A text that the article had before is nothing to be confirmed, unless it is one that had to be
    confirmed then: a page that breaks as it did once.
    """
    known = observed.revert_of
    is_jump = suspicion is not None and suspicion.cause == "jump"
    if is_jump and known and not known.waited and not known.flickers:
        return Ruling("version", suspicion)
    return judge(observed.snapshot, suspicion, article.held, observed.held, article.holds, now)


def _ruled(article: ArticleState, version: NewVersion, ruling: Ruling) -> NewVersion:
    """A version that was suspected, with what is to be said of that."""
    held, suspicion = article.held, ruling.suspicion
    if suspicion is None or ruling.verdict == "version":
        return version
    if held is None or ruling.verdict == "taken":
        why = f"{suspicion.reason}; taken as it is after {MOST_HOLDS} others were held in a row"
        return replace(version, summary=f"{version.summary} ({why})", remark=why)
    why = f"{suspicion.reason}; held since {to_text(held.began_at)}, seen by {ruling.count} polls"
    return replace(
        version,
        summary=f"{version.summary} ({why})",
        remark=why,
        seen_from=held.first_at if ruling.same else None,
        capture_id=held.capture_id if ruling.same else None,
        untold=f"a change of the site, not of the article: {suspicion.reason}"
        if suspicion.silent
        else None,
    )


def _waiting(
    article: ArticleState,
    observed: StillHeld | Extracted,
    now: datetime,
    gap: timedelta,
    ruling: Ruling | None = None,
) -> Decision:
    """The article was seen with a text that must be confirmed: soon, and nobody is told yet.

    Its health stays what it was, for whether the article is back is not known either.
    """
    held, via, reason = article.held, None, ""
    hold: NewHold | None = None
    if isinstance(observed, Extracted) and ruling is not None and ruling.suspicion is not None:
        reason = ruling.suspicion.reason
        if ruling.verdict != "wait":
            began = now if held is None or ruling.verdict == "hold" else held.began_at
            digest = snapshot_digest(observed.snapshot)
            hold = NewHold(
                hold=Hold(ruling.suspicion, digest, began, ruling.count),
                extractor=observed.extractor,
                capture=observed.capture,
                body_digest=observed.body_digest,
                memory=observed.memory,
            )
    elif isinstance(observed, StillHeld) and held is not None:
        reason, via = held.reason, observed.via
    settles: Settled | None = None
    if held is not None and hold is not None:
        settles = "dismissed" if hold.hold.count == 1 else "superseded"
    return Decision(
        article_id=article.id,
        revision=article.revision,
        at=now,
        outcome=Outcome.QUARANTINED,
        detail=reason,
        status=observed.status,
        via=via,
        health=article.health,
        failures=0,
        missing=0,
        memory=article.memory,
        next_poll_at=now + timedelta(seconds=min(article.interval, HOLD_INTERVAL)),
        run_gap=gap,
        hold=hold,
        held_again=None if hold is not None else observed.memory,
        settles=settles,
        holds=article.holds + (hold is not None and hold.hold.count == 1),
    )


def _new_version(article: ArticleState, observed: Extracted) -> NewVersion | None:
    snapshot, latest, previous = observed.snapshot, article.latest, observed.previous
    content, whole = content_digest(snapshot), snapshot_digest(snapshot)
    change: Change | None = None
    kind: VersionKind = "first"
    summary, revert_of, untold = "first version", None, None
    if latest is not None:
        if previous is None:
            raise ValueError("an article with a version must be decided against it")
        if whole == snapshot_digest(previous):
            return None
        went_on = tuple(sorted(counters_that_went_on(observed)))
        change = replace(compare(previous, snapshot), noise=went_on)
        kind = "text" if says_otherwise(previous, snapshot) else "metadata"
        summary = describe(change)
        if kind == "text" and observed.revert_of is not None:
            revert_of = observed.revert_of.number
            summary = f"back to the text of version {revert_of}; {summary}"
            if not observed.revert_of.told_since:
                untold = f"nobody was told of a version since {revert_of}, whose text it is again"
    return NewVersion(
        number=1 if latest is None else latest.number + 1,
        kind=kind,
        snapshot=snapshot,
        content_digest=content,
        snapshot_digest=whole,
        extractor=observed.extractor,
        capture=observed.capture,
        body_digest=observed.body_digest,
        change=change,
        change_is_compact=observed.previous_is_stored,
        summary=summary,
        revert_of=revert_of,
        untold=untold,
    )


def _not_seen(
    article: ArticleState,
    failed: Failed,
    now: datetime,
    gap: timedelta,
    jitter: float,
) -> Decision:
    failures = article.failures + 1
    missing = article.missing + 1 if failed.outcome.is_missing else 0
    health = article.health
    events: tuple[EventDraft, ...] = ()
    # Of an article that we never saw, nobody is told that it is gone: whoever heard that it is
    # unreachable still waits to hear of its return.
    waited_for = article.latest is None and health == "unreachable"
    if missing >= GONE_AFTER and health != "gone" and not waited_for:
        health = "gone"
        if article.latest is not None:
            text = f"The article is gone: {missing} polls in a row found {failed.detail}"
            events = (state_event(EventType.UNPUBLISHED, text),)
    elif failures >= UNREACHABLE_AFTER and health in ("new", "live", "settled") and missing == 0:
        health = "unreachable"
        text = f"The article could not be seen {failures} times in a row: {failed.detail}"
        events = (state_event(EventType.UNREACHABLE, text),)
    return Decision(
        article_id=article.id,
        revision=article.revision,
        at=now,
        outcome=failed.outcome,
        detail=failed.detail,
        status=failed.status,
        via=None,
        health=health,
        failures=failures,
        missing=missing,
        memory=article.memory,
        holds=article.holds,
        next_poll_at=after_failure(
            now,
            article.interval,
            failures,
            longest=article.terms.longest,
            retry_after=failed.retry_after,
            jitter=jitter,
        ),
        run_gap=gap,
        events=events,
        pressure=None if failures <= BACKS_OFF_AFTER else 0.0,
        refusal=Refusal(failed.retry_after, jitter) if failed.status in REFUSING else None,
    )
