"""Replays recorded update times through a polling policy, with the budget's feedback. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""When replays begin. Policies know nothing of calendars: another time gives the same result."""


@dataclass(frozen=True, slots=True)
class Trace:
    """When an article was updated: seconds after its publication, ascending; `host` it is on.

    `group` is what results are also given by, `weight` how much its staleness matters.
    """

    article: str
    host: str
    updates: tuple[float, ...]
    group: str = ""
    weight: float = 1.0


class Chooser(Protocol):
    """A policy, as a replay asks it."""

    def next_poll(self, place: int, now: float, changed: bool) -> float:
        """Seconds from a poll at `now` of the article at `place` to its next one.

        `changed` tells whether the poll saw an update; of the first poll it is true.
        """
        ...

    def wait(self, now: float) -> float:
        """Seconds for which no request may be made at `now`, 0 if one may be and now is."""
        ...


@dataclass(slots=True)
class Replayed:
    """What came of a replay: delays in seconds by trace, requests by trace and by hour."""

    delays: list[list[float]]
    requests: list[int]
    by_hour: Counter[int] = field(default_factory=Counter)

    @property
    def made(self) -> int:
        """All requests."""
        return sum(self.requests)


def replay(traces: Sequence[Trace], chooser: Chooser, seconds: float) -> Replayed:
    """Polls every article from time 0 for `seconds`, as the chooser says.

    The first poll, at time 0, sees the publication. The delay of an update is the time from it to
    the poll that saw it; of one that none saw, the time to the end.
    """
    result = Replayed([[] for _ in traces], [0] * len(traces))
    seen = [0] * len(traces)
    queue = [(0.0, place, True) for place in range(len(traces))]
    while queue and queue[0][0] < seconds:
        now, place, first = queue[0]
        wait = chooser.wait(now)
        if wait > 0.0:
            heapq.heapreplace(queue, (now + wait + 1e-3, place, first))
            continue
        result.requests[place] += 1
        result.by_hour[int(now // 3600)] += 1
        updates = traces[place].updates
        known = bisect_right(updates, now)
        result.delays[place] += [now - at for at in updates[seen[place] : known]]
        changed = first or known > seen[place]
        seen[place] = known
        following = now + chooser.next_poll(place, now, changed)
        heapq.heapreplace(queue, (following, place, False))
    for place, trace in enumerate(traces):
        updates = trace.updates[seen[place] :]
        result.delays[place] += [seconds - at for at in updates if at < seconds]
    return result


@dataclass(frozen=True, slots=True)
class Delays:
    """What is told of delays, in seconds; `updates` is how many there were."""

    updates: int
    mean: float
    median: float
    ninetieth: float


def summed_up(delays: Sequence[float]) -> Delays:
    """The figures of some delays; of none, zeros."""
    ordered = sorted(delays)
    if not ordered:
        return Delays(0, 0.0, 0.0, 0.0)
    count = len(ordered)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    ninetieth = ordered[min(count - 1, int(0.9 * count))]
    return Delays(count, sum(ordered) / count, median, ninetieth)


def by_group(traces: Sequence[Trace], delays: Sequence[Sequence[float]]) -> Mapping[str, Delays]:
    """The figures of each group, in the order in which groups come."""
    grouped: dict[str, list[float]] = {}
    for trace, own in zip(traces, delays, strict=True):
        grouped.setdefault(trace.group, []).extend(own)
    return {name: summed_up(own) for name, own in grouped.items()}


def moment(now: float) -> datetime:
    """A replay's time as policies are told it."""
    return BEGINNING + timedelta(seconds=now)
