"""The policies that a replay compares: adaptive, fixed, a table by age, and backing off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watcher.core.schedule.adaptive import Bounds, first_plan, plan
from watcher.core.schedule.budget import Budget, at_time, open_account, price_of, spend
from watcher.core.schedule.budget import until_a_place as until_place
from watcher.core.schedule.rate import NO_EVIDENCE, Evidence, RateModel, RateState, begin, observe
from watcher.core.schedule.traces import Chooser, Replayed, Trace, moment, replay

AGE_TABLE = (
    (3 * 3600.0, 15 * 60.0),
    (24 * 3600.0, 3600.0),
    (7 * 24 * 3600.0, 3 * 3600.0),
    (30 * 24 * 3600.0, 3 * 24 * 3600.0),
)
"""So many seconds after the last update that was seen, this interval, as NewsDiffs polls; beyond
that, the last one."""

STEPS = 12
CLOSE_ENOUGH = 0.002
"""A policy without a budget is scaled to the wanted number of requests in such steps, until it is
so close."""

SPREAD = 0.6180339887498949
"""Multiples of the golden section, modulo 1, are spread evenly however many there are."""


class Adaptive:
    """The service's policy, with its budget's feedback, or at one price for good."""

    def __init__(
        self,
        traces: Sequence[Trace],
        model: RateModel,
        budget: Budget,
        bounds: Bounds,
        price: float | None = None,
    ) -> None:
        self._traces, self._model, self._budget, self._price = traces, model, budget, price
        self._bounds = [
            Bounds(bounds.first, bounds.shortest, bounds.longest, bounds.weight * trace.weight)
            for trace in traces
        ]
        self._states: list[RateState | None] = [None] * len(traces)
        self._hosts: dict[str, Evidence] = {}
        self._pressures = [0.0] * len(traces)
        self._pressure = 0.0
        self._account = open_account(moment(0.0))

    def wait(self, now: float) -> float:
        """See Chooser. What is met for the first time has a place of its own."""
        self._account = at_time(self._account, self._budget, self._pressure, moment(now))
        free = now == 0.0 or self._price is not None
        wait = 0.0 if free else until_place(self._account, self._budget)
        if wait <= 0.0:
            self._account = spend(self._account, 1)
        return wait

    def next_poll(self, place: int, now: float, changed: bool) -> float:
        """See Chooser."""
        at, bounds, state = moment(now), self._bounds[place], self._states[place]
        name = self._traces[place].host
        host = self._hosts.get(name, NO_EVIDENCE)
        if state is None:
            state = begin(self._model, at)
            made = first_plan(self._model, state, host, bounds, place * SPREAD % 1.0)
        else:
            state, learned = observe(self._model, state, host, at, changed=changed)
            host = host.plus(learned).within(self._model.memory)
            price = self._price or price_of(self._account, self._budget, self._pressure)
            made = plan(self._model, state, host, bounds, price)
        self._states[place], self._hosts[name] = state, host
        self._pressure += made.pressure - self._pressures[place]
        self._pressures[place] = made.pressure
        return made.interval


@dataclass(frozen=True, slots=True)
class Polled:
    """How a poll ended: seconds `since` the last update that was seen, the `last` interval, and
    whether it saw an update."""

    since: float
    last: float
    changed: bool


class Simple:
    """A policy without a budget.

    `interval` is told how a poll ended.
    """

    def __init__(self, interval: Callable[[Polled], float], first: float) -> None:
        self._interval = interval
        self._first = first
        self._last: dict[int, float] = {}
        self._updated: dict[int, float] = {}

    def wait(self, now: float) -> float:  # noqa: ARG002  # the interface of Chooser
        """See Chooser."""
        return 0.0

    def next_poll(self, place: int, now: float, changed: bool) -> float:
        """See Chooser. The second poll is spread over the first interval."""
        if changed:
            self._updated[place] = now
        if place not in self._last:
            self._last[place] = self._first
            return max(1.0, self._first * (place * SPREAD % 1.0))
        polled = Polled(now - self._updated[place], self._last[place], changed)
        self._last[place] = self._interval(polled)
        return self._last[place]


def fixed(interval: float) -> Simple:
    """The same interval always, in seconds."""
    return Simple(lambda _: interval, interval)


def age_table(scale: float) -> Simple:
    """A table by the age of the last update, its intervals times `scale`."""

    def interval(polled: Polled) -> float:
        known = (wait for until, wait in AGE_TABLE if polled.since < until)
        return next(known, AGE_TABLE[-1][1]) * scale

    return Simple(interval, AGE_TABLE[0][1] * scale)


def backoff(scale: float) -> Simple:
    """Half the interval after a change, half as much again without one.

    It stays between 5 minutes and 12 hours, both times `scale`.
    """

    def interval(polled: Polled) -> float:
        wanted = polled.last / 2 if polled.changed else polled.last * 1.5
        return min(max(wanted, 300.0 * scale), 12 * 3600.0 * scale)

    return Simple(interval, 1800.0 * scale)


def scaled(
    traces: Sequence[Trace], made: Callable[[float], Chooser], wanted: float, seconds: float
) -> Replayed:
    """The replay with the scale at which a policy makes about as many requests as wanted.

    Requests are about inversely proportional to the scale, so that a few steps are enough.
    """
    scale = 1.0
    best = replay(traces, made(scale), seconds)
    for _ in range(STEPS):
        if abs(best.made - wanted) <= CLOSE_ENOUGH * wanted:
            break
        scale *= best.made / wanted
        best = replay(traces, made(scale), seconds)
    return best
