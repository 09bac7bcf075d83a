"""What is told: events, what alerts decided of them, and deliveries, as readers ask for them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from storage import outbox
from storage.alerts import DecisionRecord, Tally, gathered, list_decisions, tallies
from storage.connection import storage_errors
from storage.digests import DigestMaterial, load_message
from storage.left_out import PartialDigest, partial_digests
from storage.material import Material, load_material
from watcher.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R", bound="ToldReading")
T = TypeVar("T")


def reads(method: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], T]:
    """Makes SQLite's errors (a damaged file, say) ours, whichever question meets them."""

    @functools.wraps(method)
    def wrapped(self: R, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with storage_errors(self.path, reading=True):
            return method(self, *args, **kwargs)

    return wrapped


class ToldReading:
    """The part of an archive's reading face that is about what people are told."""

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self._db = db

    @reads
    def events(self, article_id: int | None = None) -> list[outbox.EventRecord]:
        """Events in order, of one article or of all."""
        return outbox.list_events(self._db, article_id)

    @reads
    def material(self, event_id: str) -> Material:
        """What an event is about, for its payload."""
        return load_material(self._db, event_id)

    @reads
    def message(self, event_id: str, endpoint: str) -> Material | DigestMaterial:
        """What an event or digest is about, for its payload as it goes to an endpoint."""
        return load_message(self._db, event_id, endpoint)

    @reads
    def decisions(
        self, state: str | None = None, alert: str | None = None, limit: int = -1
    ) -> list[DecisionRecord]:
        """What alerts decided of events, newest first."""
        return list_decisions(self._db, state=state, alert=alert, limit=limit)

    @reads
    def tallies(self, *, waiting: bool = False) -> list[Tally]:
        """How many events alerts sent, gathered and suppressed by webhook; or only what waits."""
        return gathered(self._db) if waiting else tallies(self._db)

    @reads
    def deliveries(self, state: str | None = None, limit: int = -1) -> list[outbox.DeliveryRecord]:
        """Deliveries, newest first."""
        return outbox.list_deliveries(self._db, state=state, limit=limit)

    @reads
    def delivery(
        self, delivery_id: int
    ) -> tuple[outbox.DeliveryRecord, list[outbox.AttemptRecord]]:
        """One delivery with its attempts."""
        found = outbox.list_deliveries(self._db, delivery_id=delivery_id)
        if not found:
            raise UsageError(f"there is no delivery {delivery_id}: see `watcher deliveries list`")
        return found[0], outbox.list_attempts(self._db, delivery_id)

    @reads
    def partial_digests(self, since: datetime) -> list[PartialDigest]:
        """Digests that were delivered without some of their events since a time."""
        return partial_digests(self._db, since)

    @reads
    def delivery_counts(self) -> dict[str, dict[str, int]]:
        """Deliveries by endpoint and state."""
        return outbox.delivery_counts(self._db)

    @reads
    def disabled_endpoints(self) -> dict[str, str]:
        """Endpoints that asked for nothing more, with the reason."""
        return outbox.disabled_endpoints(self._db)
