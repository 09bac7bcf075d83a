"""Refits the rate model to one's own articles, and judges it on others of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core.schedule.adaptive import Bounds
from watcher.core.schedule.budget import Budget
from watcher.core.schedule.choosers import Adaptive
from watcher.core.schedule.fit import History, fit
from watcher.core.schedule.rate import RateModel
from watcher.core.schedule.traces import Delays, Trace, replay, summed_up

DAY = 86400.0
LONGEST = 14 * DAY
"""Seconds of an article's history that are taken: what matters is how stories develop."""

SHORTEST = DAY
"""Seconds that an article must have been followed for."""

HELD_OUT = 4
"""Every fourth article judges what was fitted on the others."""

LEAST_ARTICLES = 20
LEAST_UPDATES = 100
LEAST_JUDGED = 20
"""Articles and updates in all, and updates of those held out, without which chance decides."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """A refitted model: fitted on so many articles with so many updates.

    The delays are those of `held_out` other articles, with as many requests: `shipped` by the model
    that was in use before, `fitted` by this one.
    """

    model: RateModel
    articles: int
    updates: int
    held_out: int
    requests_per_hour: float
    shipped: Delays
    fitted: Delays

    @property
    def better(self) -> bool:
        """Whether updates of articles it was not fitted on are seen sooner."""
        return self.fitted.mean < self.shipped.mean


@dataclass(frozen=True, slots=True)
class TooThin:
    """A history on which nothing can be fitted."""

    articles: int
    updates: int
    judged: int

    def told(self) -> str:
        """What there is, and what it takes."""
        return (
            f"the history is too thin to fit on: {self.articles} articles that were followed for a"
            f" day or longer, with {self.updates} updates, {self.judged} of them on every fourth"
            f" article, which would judge; it takes {LEAST_ARTICLES} articles, {LEAST_UPDATES}"
            f" updates and {LEAST_JUDGED}. The parameters stay as they are"
        )


def tune(
    histories: Sequence[History], usual: RateModel, per_hour: float, bounds: Bounds
) -> Tuned | TooThin:
    """The model under which three of four articles are likeliest, and what it is worth.

    `per_hour` are the requests that all articles have together; those held out are replayed with
    their share of it. What cannot be fitted is from `usual`, which is what it is compared with. The
    same histories give the same result.
    """
    kept = [_cut(each) for each in histories if each.watched >= SHORTEST]
    judges = kept[HELD_OUT - 1 :: HELD_OUT]
    others = [each for place, each in enumerate(kept) if place % HELD_OUT != HELD_OUT - 1]
    updates, judged = sum(len(h.updates) for h in kept), sum(len(h.updates) for h in judges)
    if len(kept) < LEAST_ARTICLES or updates < LEAST_UPDATES or judged < LEAST_JUDGED:
        return TooThin(len(kept), updates, judged)
    model = fit(others, usual)
    share = max(per_hour * len(judges) / len(histories), 0.01)
    traces = [Trace("", each.host, each.updates) for each in judges]
    seconds = max(each.watched for each in judges)

    def delays(of: RateModel) -> Delays:
        budget = Budget(share, period=seconds)
        found = replay(traces, Adaptive(traces, of, budget, bounds), seconds)
        return summed_up([delay for own in found.delays for delay in own])

    return Tuned(
        model, len(others), updates - judged, len(judges), per_hour, delays(usual), delays(model)
    )


def _cut(history: History) -> History:
    watched = min(history.watched, LONGEST)
    return History(history.host, tuple(u for u in history.updates if u <= watched), watched)
