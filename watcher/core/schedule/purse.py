"""The budget of a running service: its account, the pressure of its articles, and the price."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.schedule.budget import Account, Budget, at_time, price_of, spend
from watcher.core.schedule.following import Followed


@dataclass(slots=True)
class Purse:
    """What may be spent. `pressure` is the sum over the articles; times come from the caller.

    `derived` says that the budget follows the articles' intervals; `measured` is when pressure and
    such a budget were read from the archive.
    """

    budget: Budget
    account: Account
    pressure: float = 0.0
    derived: bool = False
    measured: datetime | None = None

    def places(self, now: datetime) -> int:
        """How many requests may be made at once at `now`."""
        self._advance(now)
        return max(0, int(self.account.places))

    def spend(self, now: datetime, requests: int) -> None:
        """So many requests are made at `now`."""
        self._advance(now)
        self.account = spend(self.account, requests)

    def price(self, now: datetime) -> float | None:
        """The price of a request in update-seconds; None while nothing is known of the articles."""
        self._advance(now)
        if self.pressure <= 0.0:
            return None
        return price_of(self.account, self.budget, self.pressure)

    def polled(self, before: Followed, pressure: float | None) -> None:
        """An article's pressure is another after a poll; None if it is not."""
        if pressure is not None:
            self.pressure = max(0.0, self.pressure + pressure - before.pressure)

    def _advance(self, now: datetime) -> None:
        if now < self.account.at:
            # The clock was set back: what was spent stays spent, and time goes on from here.
            began = min(self.account.began, now)
            self.account = replace(self.account, at=now, began=began)
        self.account = at_time(self.account, self.budget, self.pressure, now)
