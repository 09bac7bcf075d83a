"""When a poll is worth its price.

Who looks at an article `t` seconds after the last poll sees the updates since then late: what is
expected of that is the integral of rate(s) * (t - s) over the time s since the last poll, the
unseen staleness, in update-seconds. The next poll is due when it reaches the price of a request.
For a constant rate that is every sqrt(2 * price / rate) seconds, the interval known to make the
expected delay of many articles smallest for a number of requests (Y. Azar, E. Horvitz,
E. Lubetzky, Y. Peres, D. Shahaf: Tractable near-optimal policies for crawling, PNAS 115, 2018;
A. Kolobov, Y. Peres, C. Lu, E. Horvitz: Staying up to date with online content changes using
reinforcement learning for scheduling, NeurIPS 2019).
"""

from __future__ import annotations

import math

from watcher.core.schedule.rate import Rate

STEPS = 60


def staleness(rate: Rate, seconds: float) -> float:
    """The unseen staleness `seconds` after a poll, in update-seconds."""
    total = 0.5 * rate.base * seconds * seconds
    for length, amount in zip(rate.lengths, rate.amounts, strict=True):
        x = seconds / length
        # x - 1 + exp(-x), which loses all its digits for a small x.
        part = x * x * (0.5 - x / 6.0) if x < 1e-3 else x + math.expm1(-x)
        total += amount * length * length * part
    return total


def interval_for(rate: Rate, price: float, weight: float, shortest: float, longest: float) -> float:
    """Seconds after a poll until the next one is worth `price`, within the two bounds.

    `weight` says how many times as much as usual the article's staleness matters. The staleness
    is convex in time, so Newton's steps from a longer interval only ever come down upon the
    answer; the same input gives the same result everywhere.
    """
    wanted = price / weight
    if staleness(rate, shortest) >= wanted:
        return shortest
    seconds = longest
    if rate.base > 0.0:
        seconds = min(longest, math.sqrt(2.0 * wanted / rate.base))
    excess = staleness(rate, seconds) - wanted
    if excess <= 0.0:
        return max(seconds, shortest)
    for _ in range(STEPS):
        step = excess / rate.expected(seconds)
        seconds -= step
        if step <= 1e-6 * seconds:
            break
        excess = staleness(rate, seconds) - wanted
    return min(max(seconds, shortest), longest)
