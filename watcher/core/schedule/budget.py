"""The price of a request: one number for the whole service, set so that its budget is kept.

Every article asks for polls at 1/sqrt(price) times its pressure, so the sum of the pressures tells
which price leads to which number of requests an hour. An account remembers how many requests
were made beyond the budget. When much more than usual happens, a part of what is to come is
borrowed, never more than `peak` times the budget in an hour, and given back over days: the same
requests do more good while stories develop. The first hour, in which the articles are met, has
an allowance of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

HOUR = 3600.0
PERIOD = 14 * 24 * HOUR

SPENT_AGAIN = 6 * HOUR
"""The time in which what was left over is spent, in seconds."""

MOST_LEFT_OVER = 2 * HOUR
"""The time whose requests may be left over; after a longer outage the rest is let go."""

USUAL_MEMORY = 0.7
"""The part of a period over which the usual pressure is an average."""

SLOWEST, FASTEST_AGAIN = 0.5, 1.3
"""How many times the budget is spent at least, and at most for what was left over."""

PEAK = 1.5

MARGIN = 0.98
"""The part of the peak that is used, so that no hour goes beyond it."""

DEPTH = 0.01
"""Requests that may be made at once where none were made for a while, as a part of an hour's."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be asked.

    `peak` is how many times `per_hour` an hour may see at most, after the first, which begins with
    `opening` times as many and comes down to that. Over a `period`, in seconds, all is even:
    `borrowed` is the part of its requests that may be made in advance, `given_back` the part of it
    in which what is owed shrinks to 1/e. More may be borrowed, `at_first`, while the account is
    new, as its articles are when they change most; that goes down to nothing within half of the
    first period.
    """

    per_hour: float
    peak: float = PEAK
    opening: float = 12.0
    period: float = PERIOD
    borrowed: float = 0.015
    at_first: float = 0.06
    given_back: float = 0.2

    @property
    def per_second(self) -> float:
        """The budget in requests a second."""
        return self.per_hour / HOUR


@dataclass(frozen=True, slots=True)
class Account:
    """What was made of a budget until `at`.

    `owed` are requests made beyond the budget (less than 0: left over). `usual` is the pressure
    as it was on average, `places` the requests that may be made at once.
    """

    began: datetime
    at: datetime
    owed: float = 0.0
    usual: float = 0.0
    places: float = 1.0

    def fastest(self, budget: Budget) -> float:
        """Times the budget that may be spent at most: more within the first hour, ever less.

        Polls planned at the price of an opening that ended at once would all come due, and wait
        for one another, in the hour after it.
        """
        age = (self.at - self.began).total_seconds() / HOUR
        left = min(1.0, max(0.0, 1.0 - age))
        return MARGIN * (budget.peak + (budget.opening - budget.peak) * left)


def as_at_intervals(per_hour: float) -> Budget:
    """The budget of as many requests as polling at the intervals makes; no hour may see more than
    another, but for the first polls of articles (`welcome`)."""
    return Budget(max(per_hour, 1.0), opening=PEAK)


def welcome(account: Account, articles: int) -> Account:
    """The account with places for the first polls of so many articles, made at once."""
    return replace(account, places=max(account.places, float(articles)))


def open_account(now: datetime) -> Account:
    """An account from which nothing was spent."""
    return Account(now, now)


def at_time(account: Account, budget: Budget, pressure: float, now: datetime) -> Account:
    """The account at `now`, which may lie before its time: then nothing has passed.

    `pressure` is the sum of the articles' pressures meanwhile.
    """
    elapsed = (now - account.at).total_seconds()
    if elapsed <= 0.0:
        return account
    learned = -math.expm1(-elapsed / (USUAL_MEMORY * budget.period))
    later = replace(account, at=now)
    most = later.fastest(budget) * budget.per_second
    grown = min(account.places + most * elapsed, 1.0 + DEPTH * most * HOUR)
    return replace(
        later,
        owed=max(account.owed - budget.per_second * elapsed, -budget.per_second * MOST_LEFT_OVER),
        usual=account.usual + (pressure - account.usual) * learned,
        places=max(account.places, grown),
    )


def spend(account: Account, requests: int) -> Account:
    """The account after so many requests."""
    return replace(account, owed=account.owed + requests, places=account.places - requests)


def until_a_place(account: Account, budget: Budget) -> float:
    """Seconds until the next request may be made; 0 if it may be made now."""
    return max(0.0, 1.0 - account.places) / (account.fastest(budget) * budget.per_second)


def pace(account: Account, budget: Budget, pressure: float) -> float:
    """How many times the budget should be spent now."""
    time = account.owed / budget.per_second
    even = 1.0 - time / (budget.given_back * budget.period)
    if time < 0.0:
        even = min(FASTEST_AGAIN, 1.0 - time / SPENT_AGAIN)
    most = account.fastest(budget)
    wanted = even
    if pressure > account.usual:
        left = min(1.0, max(0.0, 3.0 - 3.0 * time / _borrowed(account, budget)))
        asked = most if pressure >= most * account.usual else even * pressure / account.usual
        wanted = even + (asked - even) * left
    return min(max(wanted, SLOWEST), max(most, SLOWEST))


def _borrowed(account: Account, budget: Budget) -> float:
    """The time in seconds whose requests may be borrowed."""
    age = (account.at - account.began).total_seconds()
    at_first = budget.at_first * max(0.0, 1.0 - 2.0 * age / budget.period)
    return (budget.borrowed + at_first) * budget.period


def price_of(account: Account, budget: Budget, pressure: float) -> float:
    """The price of a request in update-seconds, at which the articles ask for what may be made."""
    rate = pace(account, budget, pressure) * budget.per_second
    return max((pressure / rate) ** 2, 1e-9)
