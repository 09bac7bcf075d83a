"""Articles that are quiet for the configured time are settled, until something says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.core.test_decide import A, B, article
from tests.storage.builders import POLICY, T0, extracted, minutes
from watcher.core.decide import ArticleState, Decision, Failed, Unchanged, decide
from watcher.core.model import EventType, Outcome, Via
from watcher.core.quarantine import PageMemory
from watcher.core.schedule.fitted import FITTED
from watcher.core.schedule.following import Adaptive
from watcher.core.schedule.terms import Terms
from watcher.core.settling import LOOK_AGAIN

DAY = timedelta(days=1)
SAME = Unchanged(Via.NOT_MODIFIED, 304, PageMemory())


def quiet(days: float | None = 14, *, since: datetime | None = T0) -> ArticleState:
    terms = Terms(quiet=None if days is None else days * 86400.0)
    return replace(article(A), terms=terms, quiet_since=since)


def after(state: ArticleState, decision: Decision) -> ArticleState:
    return replace(
        state, health=decision.health, due=decision.next_poll_at, failures=decision.failures,
        missing=decision.missing, quiet_since=decision.quiet_since,
    )  # fmt: skip


def told(decision: Decision) -> list[EventType]:
    return [event.type for event in decision.events]


def test_an_article_is_settled_once_it_was_quiet_long_enough() -> None:
    early = decide(quiet(), SAME, T0 + 13.9 * DAY, POLICY, 0)
    assert (early.health, told(early), early.quiet_since) == ("live", [], T0)
    settled = decide(quiet(), SAME, T0 + 14 * DAY, POLICY, 0)
    assert (settled.health, told(settled)) == ("settled", [EventType.SETTLED])
    assert settled.events[0].endpoints == ("desk",)
    assert settled.events[0].summary == "The article is settled: no change for 14 days"
    assert settled.next_poll_at == settled.at + LOOK_AGAIN
    again = decide(after(quiet(), settled), SAME, settled.next_poll_at, POLICY, 0)
    assert (again.health, told(again)) == ("settled", [])  # told once
    assert again.next_poll_at == again.at + LOOK_AGAIN


def test_an_article_polled_seldom_is_not_settled_before_it_was_looked_at_again() -> None:
    seldom = replace(quiet(1), interval=3 * 86400.0)
    assert decide(seldom, SAME, T0 + 2 * DAY, POLICY, 0).health == "live"
    assert decide(seldom, SAME, T0 + 3 * DAY, POLICY, 0).health == "settled"


def test_a_change_ends_the_quiet() -> None:
    settled = replace(quiet(), health="settled")
    at = T0 + 40 * DAY
    seen = extracted(B, at, previous=A)
    changed = decide(settled, seen, at, POLICY, 0)
    assert (changed.health, told(changed)) == ("live", [EventType.UPDATED])
    assert changed.quiet_since == at
    assert changed.next_poll_at < at + DAY


def test_what_the_site_does_by_itself_does_not_end_it() -> None:
    moved = decide(quiet(), replace(SAME, moved_to="https://news.example/b"), minutes(9), POLICY, 0)
    assert moved.quiet_since == minutes(9)
    first = decide(replace(article(), quiet_since=None), extracted(A, T0), T0, POLICY, 0)
    assert first.quiet_since == T0


def test_never_means_never() -> None:
    assert decide(quiet(None), SAME, T0 + 300 * DAY, POLICY, 0).health == "live"


def test_what_cannot_be_seen_is_not_quiet() -> None:
    gone = Failed(Outcome.GONE, "404 Not Found", 404)
    state = quiet()
    for _ in range(2):
        decision = decide(state, gone, state.due + 20 * DAY, POLICY, 0)
        state = after(state, decision)
    assert (decision.health, told(decision)) == ("gone", [EventType.UNPUBLISHED])
    back = decide(state, SAME, state.due, POLICY, 0)
    assert (back.health, told(back)) == ("live", [EventType.RESTORED])
    assert back.quiet_since == back.at


def test_a_settled_article_that_goes_is_told_and_one_that_fails_once_stays_settled() -> None:
    settled = replace(quiet(), health="settled")
    failed = decide(settled, Failed(Outcome.TIMEOUT, "no answer"), T0 + 50 * DAY, POLICY, 0)
    assert (failed.health, failed.failures) == ("settled", 1)
    assert failed.next_poll_at - failed.at == timedelta(seconds=settled.interval)
    seen = decide(after(settled, failed), SAME, failed.next_poll_at, POLICY, 0)
    assert (seen.health, told(seen)) == ("settled", [])


def test_settled_and_failing_articles_ask_for_no_polls_of_the_budget() -> None:
    policy = replace(POLICY, adaptive=Adaptive(FITTED))
    live = decide(quiet(), SAME, T0, policy, 0)
    assert live.pressure is not None
    assert live.pressure > 0
    assert decide(quiet(), SAME, T0 + 15 * DAY, policy, 0).pressure == 0
    state, pressures = quiet(), []
    for _ in range(3):
        decision = decide(state, Failed(Outcome.BLOCKED, "403", 403), state.due, policy, 0)
        state = after(state, decision)
        pressures.append(decision.pressure)
    assert pressures == [None, None, 0.0]
