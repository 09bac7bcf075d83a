"""Why adaptive polling looks at an article when it does, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from watcher.cli.common import counted
from watcher.core.schedule.due import staleness
from watcher.core.schedule.rate import rate_of, shares

if TYPE_CHECKING:
    from datetime import datetime

    from watcher.core.decision import ArticleState
    from watcher.core.schedule.adaptive import Bounds
    from watcher.core.schedule.following import Adaptive
    from watcher.core.schedule.use import BudgetUse

HOUR = 3600.0

Bound = Literal["min_interval", "max_interval", "cache"]


@dataclass(frozen=True, slots=True)
class Learned:
    """What an article was last seen to do, and what follows.

    Rates are updates an hour, right after the last poll: those that `updates` lead to, those that
    follow from its `publication`, and the `steady` ones. `expected` updates until the next poll
    will have waited `staleness` update-seconds together. `bound` is the one that sets the wait,
    `budget` how the daemon's is used.
    """

    seen_at: datetime
    published: datetime
    updates: float
    publication: float
    steady: float
    start_share: float
    steady_share: float
    expected: float
    staleness: float
    weight: float
    developing: bool
    bound: Bound | None
    budget: BudgetUse | None

    @property
    def rate(self) -> float:
        """All updates an hour."""
        return self.updates + self.publication + self.steady


def learned(
    adaptive: Adaptive, article: ArticleState, bounds: Bounds, wait: float, budget: BudgetUse | None
) -> Learned | None:
    """Why the next poll is `wait` seconds after the last one; None if nothing was learned yet."""
    model, known, developing = adaptive.model, article.followed, article.developing
    state, fresh = known.state, article.fresh
    if state is None or len(state.excited) != len(model.lengths):
        return None
    rate = rate_of(model, state, known.host)
    start, steady = shares(model, state, known.host)
    excited = sum(state.excited)
    bound: Bound | None = None
    if wait <= bounds.shortest:
        bound = "min_interval"
    elif wait <= bounds.not_within(fresh).shortest:
        bound = "cache"
    elif wait >= bounds.longest:
        bound = "max_interval"
    return Learned(
        seen_at=state.at,
        published=state.published,
        updates=excited * HOUR,
        publication=max(0.0, rate.now - rate.base - excited) * HOUR,
        steady=rate.base * HOUR,
        start_share=start,
        steady_share=steady,
        expected=rate.expected(wait),
        staleness=staleness(rate, wait),
        weight=bounds.weight,
        developing=developing,
        bound=bound,
        budget=budget,
    )


def learned_text(found: Learned) -> Iterator[str]:
    """The same in words."""
    yield (
        f"After the last poll {_hourly(found.rate)} were likely: {_number(found.updates)} that"
        f" earlier updates lead to, {_number(found.publication)} after its publication,"
        f" {_number(found.steady)} at all times."
    )
    yield (
        f"After its publication it did {_number(found.start_share)} times what articles usually"
        f" do, at other times {_number(found.steady_share)} times."
    )
    until = "Until the next poll"
    updates = counted_number(found.expected, "update")
    waiting = f"{_number(found.staleness / 60)} update-minutes"
    if found.bound == "cache":
        yield (
            f"{until} {updates} are expected; a cache before the site sets when it is, as it gives"
            " the same copy until then (Age and Cache-Control)."
        )
    elif found.bound is not None:
        yield f"{until} {updates} are expected; {found.bound} sets when it is."
    else:
        yield (
            f"{until} {updates} are expected, that will have waited {waiting}: that is what a"
            " request costs now, by the budget."
        )
    if found.budget is not None:
        yield f"Budget of the service: {found.budget.told()}."
    if found.weight != 1.0:
        why = ", twice for saying that it is developing" if found.developing else ""
        yield f"Its delays count {_number(found.weight)} times{why}."


def learned_json(found: Learned | None) -> dict[str, Any] | None:
    """The same for programs."""
    if found is None:
        return None
    return {
        "seen_at": found.seen_at,
        "published": found.published,
        "updates_per_hour": {
            "excited": found.updates,
            "publication": found.publication,
            "steady": found.steady,
        },
        "shares": {"publication": found.start_share, "steady": found.steady_share},
        "expected_updates": found.expected,
        "expected_staleness_seconds": found.staleness,
        "weight": found.weight,
        "bound": found.bound,
    }


def counted_number(number: float, thing: str) -> str:
    """`0.25 updates`."""
    shown = _number(number)
    return counted(1, thing) if shown == "1" else f"{shown} {thing}s"


def _hourly(rate: float) -> str:
    return f"{_number(rate)} updates an hour"


def _number(value: float) -> str:
    """Two digits that matter."""
    return f"{value:.2g}" if value < 100 else f"{value:.0f}"
