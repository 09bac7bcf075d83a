"""The daemon's budget of requests: taken up where the last daemon left it, and put on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.store import Store
from watcher.core.schedule.budget import Budget, as_at_intervals, open_account, welcome
from watcher.core.schedule.purse import Purse

MEASURED_EVERY = timedelta(minutes=1)
"""How often what the articles ask for is summed up anew: they come and go."""


@dataclass(frozen=True, slots=True)
class AsAtIntervals:
    """The budget is what polling every article at its interval would spend."""


AS_AT_INTERVALS = AsAtIntervals()

Wanted = Budget | AsAtIntervals | None


async def open_purse(store: Store, wanted: Wanted, now: datetime) -> Purse | None:
    """The budget as it stands; None if there is none and every article has its interval."""
    if wanted is None:
        return None
    known = await store.account()
    account = open_account(now) if known is None else known.account
    derived = isinstance(wanted, AsAtIntervals)
    budget = Budget(1.0) if isinstance(wanted, AsAtIntervals) else wanted
    purse = Purse(budget, account, derived=derived)
    await _measure(store, purse, now)
    return purse


async def _measure(store: Store, purse: Purse, now: datetime) -> None:
    asked = await store.asked()
    purse.pressure, purse.measured = asked.pressure, now
    if purse.derived:
        purse.budget = as_at_intervals(asked.at_intervals)
        purse.account = welcome(purse.account, asked.never_polled)


async def keep_purse(store: Store, purse: Purse | None, now: datetime, more: bool = False) -> None:
    """Puts on record what was spent, so that a restart neither forgets nor repeats it.

    `more` says that there are articles which nobody reckoned with yet.
    """
    if purse is None:
        return
    if more or purse.measured is None or abs(now - purse.measured) >= MEASURED_EVERY:
        await _measure(store, purse, now)
    price = purse.price(now)
    await store.keep_account(purse.account, price, purse.budget.per_hour)
