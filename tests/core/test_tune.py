"""Parameters from one's own history, judged on articles that they were not fitted on."""

from __future__ import annotations

import random

from watcher.core.schedule.adaptive import Bounds
from watcher.core.schedule.fit import History
from watcher.core.schedule.fitted import FITTED
from watcher.core.schedule.tune import TooThin, Tuned, tune

DAY = 86400.0
BOUNDS = Bounds(first=600.0, shortest=60.0, longest=6 * 3600.0)


def steady(articles: int, seed: int = 1, days: float = 4) -> list[History]:
    """Articles that are updated about every five hours, whatever came before."""
    chance = random.Random(seed)
    found = []
    for number in range(articles):
        at, updates = 0.0, []
        while (at := at + chance.expovariate(1 / (5 * 3600.0))) < days * DAY:
            updates.append(at)
        found.append(History(f"host{number % 3}", tuple(updates), days * DAY))
    return found


def test_what_differs_from_the_shipped_model_is_found_and_worth_something() -> None:
    found = tune(steady(24), FITTED, 48.0, BOUNDS)
    assert isinstance(found, Tuned)
    assert (found.articles, found.held_out) == (18, 6)
    assert found.model.base > 10 * FITTED.base
    assert sum(found.model.excitation) < 0.5 * sum(FITTED.excitation)
    assert found.better
    assert found.fitted.updates == found.shipped.updates > 20
    assert found == tune(steady(24), FITTED, 48.0, BOUNDS)


def test_a_thin_history_is_refused_with_its_numbers() -> None:
    found = tune(steady(19), FITTED, 48.0, BOUNDS)
    assert isinstance(found, TooThin)
    assert found.told().startswith("the history is too thin to fit on: 19 articles that were follo")
    few = [History(h.host, h.updates[:1], h.watched) for h in steady(40)]
    assert isinstance(tune(few, FITTED, 48.0, BOUNDS), TooThin)
    short = [History(h.host, h.updates, 3600.0) for h in steady(40)]
    assert isinstance(tune(short, FITTED, 48.0, BOUNDS), TooThin)
