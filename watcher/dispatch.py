"""deliver_due(): empty the outbox. Claim, build, sign, send, settle; at least once, in order."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.digests import MadeDigest
from storage.left_out import LeftOut, with_left_out
from storage.outbox import ClaimedDelivery
from storage.store import Store
from watcher.core.alerts.alert import Alert
from watcher.core.retry import disables_endpoint, is_success, wait_after
from watcher.core.times import whole_milliseconds
from watcher.errors import SendFailed, StorageBusy
from watcher.payload import message
from watcher.ports import Clock, Sender

PLACES = 4
"""Deliveries under way to one endpoint; each endpoint has its own places."""

LEASE = timedelta(seconds=120)
"""Longer than any attempt may take: a lease that runs out means that its holder died."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to send, and a way to read the secret that signs."""

    name: str
    url: str
    secret: Callable[[], str]

    @property
    def url_digest(self) -> str:
        """What the archive keeps of the URL, which may hold a secret itself."""
        return hashlib.sha256(self.url.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """What delivering needs. `jitter` gives numbers in [0, 1).

    `busy_tries` is how often settling is tried while another process holds the write lock.
    `alerts` are those of the configuration, by which digests are made.
    """

    store: Store
    sender: Sender
    clock: Clock
    endpoints: Mapping[str, Endpoint]
    jitter: Callable[[], float]
    busy_tries: int = 1
    alerts: tuple[Alert, ...] = ()

    async def close_digests(self) -> tuple[MadeDigest, ...]:
        """Makes the digests that are due, each with its delivery; gives them."""
        if not self.endpoints:
            return ()
        now = whole_milliseconds(self.clock.now())
        return await self.store.close_digests(self.alerts, now)


@dataclass(frozen=True, slots=True)
class Attempted:
    """One finished attempt: its status or None, why, and when the next is due (None: settled).

    `disabled` says that the endpoint asked for nothing more; `waiting`, that the delivery is
    pending until the endpoint is enabled, so that nobody can say when the next is due; `left_out`
    are the events that a digest lacked.
    """

    delivery: ClaimedDelivery
    delivered: bool
    status: int | None
    detail: str
    retry_at: datetime | None
    disabled: bool
    waiting: bool = False
    left_out: tuple[LeftOut, ...] = ()


async def claim(
    dispatcher: Dispatcher, under_way: Mapping[str, int], most: int | None = None
) -> list[ClaimedDelivery]:
    """Leases what is due, as far as each endpoint has places left; `most` in all, if given."""
    places = [
        (name, PLACES - under_way.get(name, 0))
        for name in dispatcher.endpoints
        if under_way.get(name, 0) < PLACES
    ]
    now = dispatcher.clock.now()
    if not places:
        return []
    return await dispatcher.store.claim_deliveries(places, now, now + LEASE, most)


async def attempt(delivery: ClaimedDelivery, dispatcher: Dispatcher) -> Attempted:
    """Sends one claimed delivery and settles it."""
    endpoint = dispatcher.endpoints[delivery.endpoint]
    material = await dispatcher.store.material(delivery.event_id, delivery.endpoint)
    status: int | None = None
    retry_after: float | None = None
    made = message(material)
    try:
        status, retry_after = await dispatcher.sender.send(
            endpoint.url,
            endpoint.secret(),
            delivery.event_id,
            made.body,
            dispatcher.clock.now(),
        )
        detail = f"the endpoint answered {status}"
    except SendFailed as error:
        detail = str(error)
    return await settle(delivery, dispatcher, status, retry_after, detail, made.left_out)


async def settle(
    delivery: ClaimedDelivery,
    dispatcher: Dispatcher,
    status: int | None,
    retry_after: float | None,
    detail: str,
    left_out: tuple[LeftOut, ...] = (),
) -> Attempted:
    """Records an attempt: its status (None: no answer) and Retry-After in seconds, if any; and the
    events that a digest lacked."""
    now = whole_milliseconds(dispatcher.clock.now())
    delivered = status is not None and is_success(status)
    disabled = status is not None and disables_endpoint(status)
    wait = wait_after(delivery.attempts + 1, retry_after=retry_after, jitter=dispatcher.jitter())
    retry_at = None if delivered or wait is None else now + timedelta(seconds=wait)

    async def write() -> None:
        await dispatcher.store.settle_delivery(
            delivery.id,
            now,
            status=status,
            detail=with_left_out(detail, left_out),
            retry_at=retry_at,
            delivered=delivered,
            disable=delivery.endpoint if disabled else None,
            url_digest=dispatcher.endpoints[delivery.endpoint].url_digest if disabled else None,
        )

    waiting = disabled and retry_at is not None
    due = None if waiting else retry_at
    attempted = Attempted(delivery, delivered, status, detail, due, disabled, waiting, left_out)
    for _ in range(dispatcher.busy_tries - 1):
        # An attempt that is not on record is made again: try hard to spare the receiver that.
        with contextlib.suppress(StorageBusy):
            await write()
            return attempted
    await write()
    return attempted


async def enable_moved(dispatcher: Dispatcher) -> tuple[str, ...]:
    """Enables endpoints that were disabled under another URL; gives their names.

    A 410 speaks for the URL that gave it: who configures another one wants messages there.
    """
    digests = {name: endpoint.url_digest for name, endpoint in dispatcher.endpoints.items()}
    return await dispatcher.store.enable_moved_endpoints(digests) if digests else ()


async def deliver_due(
    dispatcher: Dispatcher, told: Callable[[Attempted], None] | None = None
) -> list[Attempted]:
    """Attempts everything that is due now, one after the other; gives what was attempted."""
    done: list[Attempted] = []
    await enable_moved(dispatcher)
    await dispatcher.close_digests()
    while claimed := await claim(dispatcher, {}):
        for delivery in claimed:
            attempted = await attempt(delivery, dispatcher)
            done.append(attempted)
            if told is not None:
                told(attempted)
    return done
