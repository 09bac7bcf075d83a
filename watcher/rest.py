"""Rest: what the daemon does not do while nothing can be put on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage.store import Store
from watcher.core.pause import Lookout, Pause
from watcher.errors import StorageBusy, StorageError
from watcher.logbook import Logbook


@dataclass(slots=True)
class Rest:
    """Polls and deliveries rest after an outcome that could not be written, but for one try.

    `unrecorded` are the articles of such polls: nobody may poll them before their lease is given
    back, which could not be written either. `lookout` notices that nobody looked at what is due for
    too long.
    """

    book: Logbook
    unrecorded: set[int] = field(default_factory=set)
    lookout: Lookout = field(default_factory=Lookout)
    _pause: Pause = field(default_factory=Pause)

    def begin(self, reason: str, now: datetime) -> None:
        """Nobody is asked for anything until that is over."""
        self._pause.begin(now)
        self.book.paused(reason)

    def end(self) -> None:
        """Something was put on record."""
        if self._pause.end():
            self.book.resumed()

    def places(self, now: datetime, free: int, under_way: int) -> int:
        """How many pieces of work may begin; see watcher.core.pause."""
        return self._pause.places(now, free, under_way)

    async def give_back(self, store: Store, now: datetime, due: datetime) -> bool:
        """Gives the leases of unrecorded polls back, due at a time; False if that cannot be
        written: then it comes first as soon as it can be."""
        if not self.unrecorded:
            return True
        articles = tuple(self.unrecorded)
        try:
            await store.release(articles, due)
        except StorageBusy:
            return False
        except StorageError as error:
            self.begin(str(error), now)
            return False
        self.unrecorded.difference_update(articles)
        return True
