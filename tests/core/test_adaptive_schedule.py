"""When to poll next, from what polls saw: the rate of updates, the price, the budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.storage.builders import T0
from watcher.core.schedule.adaptive import Bounds, first_plan, plan
from watcher.core.schedule.budget import (
    HOUR,
    Account,
    Budget,
    at_time,
    open_account,
    price_of,
    spend,
    until_a_place,
)
from watcher.core.schedule.due import interval_for, staleness
from watcher.core.schedule.fitted import FITTED
from watcher.core.schedule.hints import hastened
from watcher.core.schedule.rate import (
    NO_EVIDENCE,
    Evidence,
    Rate,
    RateState,
    begin,
    observe,
    rate_of,
)
from watcher.core.schedule.use import BudgetUse

BOUNDS = Bounds(first=600.0, shortest=60.0, longest=6 * HOUR)
LOOSE = Bounds(first=600.0, shortest=1e-3, longest=1e9)
PRICE = 100.0
POLLS = st.lists(st.tuples(st.floats(0, 30 * 86400.0), st.booleans()), max_size=20)
PRICES = st.floats(1e-9, 1e12)


def after(polls: Sequence[tuple[float, bool]], shift: float = 0.0) -> tuple[RateState, Evidence]:
    """An article after some polls: the wait before each, and whether it saw a change."""
    now = T0 + timedelta(seconds=shift)
    state, host = begin(FITTED, now), NO_EVIDENCE
    for wait, changed in polls:
        now += timedelta(seconds=wait)
        state, learned = observe(FITTED, state, host, now, changed=changed)
        host = host.plus(learned)
    return state, host


def interval(polls: Sequence[tuple[float, bool]], shift: float = 0.0) -> float:
    state, host = after(polls, shift)
    return plan(FITTED, state, host, LOOSE, PRICE).interval


@given(st.floats(1e-9, 10), PRICES, st.floats(0.01, 100))
def test_constant_rates_are_polled_by_the_square_root_law(
    base: float, price: float, weight: float
) -> None:
    found = interval_for(Rate((), base, ()), price, weight, 1e-12, 1e15)
    assert found == pytest.approx(math.sqrt(2 * price / weight / base), rel=1e-4)


@given(POLLS, PRICES)
def test_the_staleness_at_the_next_poll_is_the_price(
    polls: list[tuple[float, bool]], price: float
) -> None:
    rate = rate_of(FITTED, *after(polls))
    found = interval_for(rate, price, 1.0, 1e-3, 1e9)
    if 1e-3 < found < 1e9:
        assert staleness(rate, found) == pytest.approx(price, rel=1e-3)


def test_staleness_is_the_integral_of_rate_times_waiting_time() -> None:
    rate = Rate((600.0, 86400.0), 1e-5, (2e-3, 1e-4))
    for seconds in (0.01, 60.0, 5000.0):
        step = seconds / 20_000
        sums = 0.0
        for place in range(20_000):
            at = (place + 0.5) * step
            now = rate.base + sum(
                amount * math.exp(-at / length)
                for amount, length in zip(rate.amounts, rate.lengths, strict=True)
            )
            sums += now * (seconds - at) * step
        assert staleness(rate, seconds) == pytest.approx(sums, rel=1e-5)


@given(POLLS, PRICES, st.floats(1e-3, 1e3))
def test_bounds_are_always_kept(
    polls: list[tuple[float, bool]], price: float, weight: float
) -> None:
    state, host = after(polls)
    bounds = Bounds(BOUNDS.first, BOUNDS.shortest, BOUNDS.longest, weight)
    for made in (
        plan(FITTED, state, host, bounds, price),
        first_plan(FITTED, state, host, bounds, 0.5),
    ):
        assert BOUNDS.shortest <= made.interval <= BOUNDS.longest
        assert 0 < made.pressure < math.inf


@given(POLLS)
def test_numbers_stay_numbers(polls: list[tuple[float, bool]]) -> None:
    state, host = after(polls)
    evidence = state.evidence
    for number in (
        *state.excited, evidence.start_seen, evidence.start_expected, evidence.steady_seen,
        evidence.steady_expected, rate_of(FITTED, state, host).now,
    ):  # fmt: skip
        assert 0 <= number < math.inf


@given(POLLS, st.floats(60, 86400))
def test_quiet_makes_the_interval_longer(polls: list[tuple[float, bool]], quiet: float) -> None:
    assert interval([*polls, (quiet, False)]) >= interval(polls) * (1 - 1e-6)


@given(POLLS, st.floats(60, 86400))
def test_an_update_makes_the_interval_shorter(polls: list[tuple[float, bool]], wait: float) -> None:
    assert interval([*polls, (wait, True)]) < interval([*polls, (wait, False)])


@given(POLLS, st.integers(-(10**9), 10**9))
def test_only_differences_of_times_count(polls: list[tuple[float, bool]], shift: int) -> None:
    assert interval(polls, float(shift)) == pytest.approx(interval(polls), rel=1e-6)


def test_a_credible_time_of_the_update_counts() -> None:
    state, now = begin(FITTED, T0), T0 + timedelta(hours=3)

    def rate(ago: float) -> float:
        modified = now - timedelta(seconds=ago)
        seen, _ = observe(FITTED, state, NO_EVIDENCE, now, changed=True, modified=modified)
        return sum(seen.excited)

    unknown, _ = observe(FITTED, state, NO_EVIDENCE, now, changed=True)
    assert rate(30) > sum(unknown.excited) > rate(2.9 * HOUR)
    assert rate(4 * HOUR) == rate(-60) == sum(unknown.excited)


def test_a_clock_that_was_set_back_teaches_nothing() -> None:
    state, _ = after([(3600.0, True)])
    again, learned = observe(
        FITTED, state, NO_EVIDENCE, state.at - timedelta(days=1), changed=False
    )
    assert again == state
    assert learned == NO_EVIDENCE


@given(st.lists(st.tuples(st.floats(0, 7200), st.integers(0, 500)), max_size=30), PRICES)
def test_prices_are_positive_numbers(steps: list[tuple[float, int]], pressure: float) -> None:
    budget, account = Budget(100.0), open_account(T0)
    for elapsed, requests in steps:
        now = account.at + timedelta(seconds=elapsed)
        account = spend(at_time(account, budget, pressure, now), requests)
        price = price_of(account, budget, pressure)
        assert 0 < price < math.inf
        assert math.isfinite(until_a_place(account, budget))


def test_who_owes_pays_more_and_who_saved_pays_less() -> None:
    budget, quiet = Budget(100.0), 1.0
    later = T0 + timedelta(days=1)

    def price(owed: float) -> float:
        return price_of(Account(T0, later, owed=owed, usual=quiet), budget, quiet)

    assert price(-100) < price(0) < price(1000) < price(2000)
    borrowed = price_of(Account(T0, later, usual=quiet), budget, 3 * quiet)
    assert borrowed < price_of(Account(T0, later, owed=1e5, usual=quiet), budget, 3 * quiet)


def test_no_hour_after_the_first_has_more_places_than_the_peak() -> None:
    budget, account = Budget(100.0), open_account(T0)
    account = at_time(account, budget, 1.0, T0 + timedelta(hours=2))
    made = 0
    end = account.at + timedelta(hours=1)
    while account.at < end:
        wait = until_a_place(account, budget)
        if wait == 0.0:
            account, made = spend(account, 1), made + 1
        else:
            account = at_time(account, budget, 1.0, account.at + timedelta(seconds=wait + 1e-3))
    assert 1.4 * budget.per_hour < made <= 1.5 * budget.per_hour


def test_the_opening_comes_down_to_what_every_hour_may_see() -> None:
    budget = Budget(100.0)
    speeds = [
        replace(open_account(T0), at=T0 + timedelta(minutes=m)).fastest(budget)
        for m in range(0, 91, 10)
    ]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[0] == pytest.approx(0.98 * budget.opening)
    assert speeds[6:] == pytest.approx([0.98 * budget.peak] * 4)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(1, 1e5), st.booleans())
def test_no_hint_makes_a_poll_later_or_too_soon(
    left: float, ago: float, shortest: float, sure: bool
) -> None:
    due, last = T0 + timedelta(seconds=left), T0 - timedelta(seconds=ago)
    sooner = hastened(due, T0, last, shortest, sure=sure)
    assert sooner <= due
    assert sooner >= min(due, last + timedelta(seconds=shortest))
    assert sooner == due or sooner >= T0


@given(st.floats(-1e6, 1e6))
def test_a_hint_halves_the_wait_and_makes_no_burst(left: float) -> None:
    due = T0 + timedelta(seconds=left)
    sooner = hastened(due, T0, None, 60.0, sure=False)
    assert sooner == due if left <= 60 else sooner >= T0 + timedelta(seconds=60)
    assert sooner == due or (sooner - T0) <= max(timedelta(seconds=60), (due - T0) / 2)
    assert hastened(due, T0, None, 60.0, sure=True) == min(due, T0)


def test_a_budget_that_is_too_small_is_told() -> None:
    assert BudgetUse(600.0, 2400.0, 3.0).told() == (
        "600 requests an hour allowed, 2,400 planned: polls wait for their turn, and updates are"
        " seen late"
    )
    assert BudgetUse(600.0, 800.0, 3.0).told() == "600 requests an hour allowed, 800 planned"
    assert BudgetUse(1.0, 1.0, None).told() == "1 request an hour allowed, 1 planned"
