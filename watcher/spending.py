"""The daemon's budget of requests: taken up where the last daemon left it, and put on record."""

from __future__ import annotations

from datetime import datetime

from storage.store import Store
from watcher.core.schedule.budget import Budget, open_account
from watcher.core.schedule.purse import Purse


async def open_purse(store: Store, budget: Budget | None, now: datetime) -> Purse | None:
    """The budget as it stands; None if there is none and every article has its interval."""
    if budget is None:
        return None
    known = await store.account()
    account = open_account(now) if known is None else known[0]
    return Purse(budget, account, await store.pressure())


async def keep_purse(store: Store, purse: Purse | None, now: datetime) -> None:
    """Puts on record what was spent, so that a restart neither forgets nor repeats it."""
    if purse is not None:
        price = purse.price(now)
        await store.keep_account(purse.account, price)
