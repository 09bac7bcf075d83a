"""Recorded update times, replayed through polling policies, and the fit of a rate model."""

from __future__ import annotations

import random

import pytest

from watcher.core.schedule.adaptive import Bounds
from watcher.core.schedule.budget import Budget
from watcher.core.schedule.choosers import Adaptive, age_table, backoff, fixed, scaled
from watcher.core.schedule.fit import History, fit
from watcher.core.schedule.fitted import FITTED
from watcher.core.schedule.traces import Trace, by_group, replay, summed_up

HOUR, DAY = 3600.0, 86400.0
BOUNDS = Bounds(first=600.0, shortest=60.0, longest=6 * HOUR)


def bursts(count: int, days: float) -> list[Trace]:
    """A few articles in which an update leads to others, and many that are quiet."""
    chance = random.Random(1)
    traces = []
    for place in range(count):
        updates, at = [], 0.0
        if place % 5 == 0:
            while (at := at + chance.expovariate(1 / (days * DAY / 4))) < days * DAY:
                inner = at
                for _ in range(10):
                    updates.append(inner := inner + chance.expovariate(1 / 600.0))
        kept = tuple(sorted(u for u in updates if u < days * DAY))
        traces.append(Trace(f"article {place}", "news.example", kept, "busy" if kept else "quiet"))
    return traces


def test_a_fixed_interval_is_kept_and_delays_are_those_of_its_grid() -> None:
    trace = Trace("a", "h", (10.0, 650.0, 1199.0, 1201.0))
    result = replay([trace], fixed(600.0), 1800.0)
    # Polls at 0 and, as the first article is the first of the spread, 1; then every ten minutes.
    assert result.requests == [4]
    assert result.delays == [[591.0, 551.0, 2.0, 0.0]]


def test_an_update_that_nobody_saw_counts_until_the_end() -> None:
    result = replay([Trace("a", "h", (50.0,))], fixed(1e6), 100.0)
    assert summed_up(result.delays[0]).updates == 1
    assert result.delays[0][0] <= 50.0


def test_adaptive_polls_keep_the_budget_and_see_bursts_sooner() -> None:
    traces, days = bursts(40, 14), 14.0
    budget = Budget(len(traces) * 2.0)
    learned = replay(traces, Adaptive(traces, FITTED, budget, BOUNDS), days * DAY)
    plain = replay(traces, fixed(30 * 60.0), days * DAY)
    assert learned.made == pytest.approx(budget.per_hour * 24 * days, rel=0.02)
    assert max(n for hour, n in learned.by_hour.items() if hour) <= 1.5 * budget.per_hour
    sooner, before = by_group(traces, learned.delays), by_group(traces, plain.delays)
    assert sooner["busy"].mean < before["busy"].mean / 2


def test_the_same_replay_has_the_same_result() -> None:
    traces = bursts(10, 1)
    one, two = (
        replay(traces, Adaptive(traces, FITTED, Budget(30.0), BOUNDS), DAY) for _ in range(2)
    )
    assert one == two


def test_weight_moves_polls_to_what_it_is_given() -> None:
    traces = bursts(20, 2)
    heavy = [
        Trace(t.article, t.host, t.updates, t.group, 9.0 if t.group == "quiet" else 1.0)
        for t in traces
    ]
    asked = []
    for own in (traces, heavy):
        result = replay(own, Adaptive(own, FITTED, Budget(40.0), BOUNDS), 2 * DAY)
        asked.append(
            sum(n for n, t in zip(result.requests, own, strict=True) if t.group == "quiet")
        )
    assert asked[1] > 1.2 * asked[0]


@pytest.mark.parametrize("policy", [age_table, backoff])
def test_other_policies_are_scaled_to_the_same_requests(policy: object) -> None:
    traces, wanted = bursts(20, 3), 20 * 48 * 3
    made = scaled(traces, policy, wanted, 3 * DAY).made  # type: ignore[arg-type]
    assert made == pytest.approx(wanted, rel=0.05)


def test_a_fit_finds_the_process_again() -> None:
    chance = random.Random(2)
    histories = []
    for place in range(200):
        updates, waiting = [], [chance.expovariate(1 / DAY)]
        while waiting:
            at = waiting.pop()
            if at < 10 * DAY:
                updates.append(at)
                if chance.random() < 0.5:
                    waiting.append(at + chance.expovariate(1 / HOUR))
        histories.append(History(f"host {place % 3}", tuple(sorted(updates)), 10 * DAY))
    model = fit(histories, FITTED, rounds=40)
    assert sum(model.excitation) == pytest.approx(0.5, abs=0.12)
    assert model.excitation[1] == max(model.excitation)


def test_figures_of_delays() -> None:
    figures = summed_up([4.0, 1.0, 2.0, 3.0])
    assert (figures.updates, figures.mean, figures.median, figures.ninetieth) == (4, 2.5, 2.5, 4.0)
    assert summed_up([]).updates == 0
