"""What adaptive polling is set to, and what a poll of an article leads to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.schedule.due import interval_for
from watcher.core.schedule.rate import Evidence, Rate, RateModel, RateState, rate_of


@dataclass(frozen=True, slots=True)
class Bounds:
    """How an article may be polled, in seconds.

    `first` is the interval while nothing is known, `weight` how many times as much as usual its
    staleness matters.
    """

    first: float
    shortest: float
    longest: float
    weight: float = 1.0

    def not_within(self, fresh: float) -> Bounds:
        """The same, but nothing new can be seen within `fresh` seconds: believed up to `first`."""
        return replace(self, shortest=max(self.shortest, min(fresh, self.first)))


@dataclass(frozen=True, slots=True)
class Plan:
    """When to poll next: `interval` seconds after the last poll, at this rate and price.

    `pressure` times 1/sqrt(price) is how often the article asks for polls, in requests a second.
    """

    interval: float
    pressure: float
    rate: Rate
    price: float


def plan(
    model: RateModel,
    state: RateState,
    host: Evidence,
    bounds: Bounds,
    price: float,
) -> Plan:
    """When to poll an article next that was seen at `state.at`."""
    rate = rate_of(model, state, host)
    interval = interval_for(rate, price, bounds.weight, bounds.shortest, bounds.longest)
    return Plan(interval, math.sqrt(price) / interval, rate, price)


def first_plan(
    model: RateModel, state: RateState, host: Evidence, bounds: Bounds, jitter: float
) -> Plan:
    """When to poll an article the second time: after its first interval or up to a quarter less.

    The price at which that would be the interval tells how much it asks for; articles that were
    added together are spread by `jitter` in [0, 1).
    """
    rate = rate_of(model, state, host)
    interval = min(max(bounds.first * (1.0 - jitter / 4), bounds.shortest), bounds.longest)
    pressure = math.sqrt(bounds.weight * rate.now / 2)
    price = (pressure * interval) ** 2
    return Plan(interval, pressure, rate, price)


def since(moment: datetime, now: datetime) -> float:
    """Seconds from a moment until now, 0 if it is to come."""
    return max(0.0, (now - moment).total_seconds())
