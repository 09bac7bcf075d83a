"""How soon updates could be seen by a policy that knew the rates beforehand, under the same bounds.

It knows how many updates each article makes in every stretch of some hours, but not when. Polls
evenly spread are then the best: `m` polls in a stretch of `c` seconds leave `n` updates with
n * c / (2 * m) seconds of delay. Under a number of requests for a stretch that is least where
m is proportional to sqrt(n) (by the inequality of Cauchy and Schwarz). The number is the least of
what the budget as a whole pays for, at the same price in all stretches, and what the bound of an
hour lets through. The first hour has no bound but min_interval. The result is a lower bound for
such a policy: min_interval is not held against it after that hour.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from watcher.core.schedule.traces import Trace

HOUR = 3600.0
STEPS = 200


def known_rates(
    traces: Sequence[Trace],
    per_hour: float,
    hours: int,
    *,
    days: int,
    peak: float | None,
    shortest: float,
) -> float:
    """The mean delay in seconds, knowing the number of updates in every `hours` hours.

    `peak` is how many times `per_hour` an hour may see at most, None for no bound; `shortest` is
    the least interval in seconds.
    """
    stretch, most = hours * HOUR, None if peak is None else peak * per_hour * hours
    first = sum(at < HOUR for trace in traces for at in trace.updates)
    counts: dict[int, list[int]] = {}
    for trace in traces:
        later = [at for at in trace.updates if HOUR <= at < days * 24 * HOUR]
        for place, number in Counter(int((at - HOUR) // stretch) for at in later).items():
            counts.setdefault(place, []).append(number)
    roots = [sum(map(math.sqrt, numbers)) for numbers in counts.values()]
    allowed = per_hour * days * 24

    def polls(each: float) -> list[float]:
        """In every stretch, at so many for an article with one update."""
        return [each * root if most is None else min(each * root, most) for root in roots]

    low, high = 0.0, 1e9
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(polls(middle)) < allowed else (low, middle)
    waited = sum(
        root * root * stretch / (2 * made) for root, made in zip(roots, polls(low), strict=True)
    )
    updates = first + sum(map(sum, counts.values()))
    return (waited + first * shortest / 2) / updates
