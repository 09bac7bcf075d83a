"""What the daemon tells of itself: to systemd, to monitoring, and in a note beside the archive."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from watcher.adapters.healthport import Address, HealthPort
from watcher.adapters.servicemanager import ServiceManager
from watcher.core.times import to_text
from watcher.errors import StorageError
from watcher.logbook import Standstill
from watcher.ports import Manager

SLOWEST = 10.0
"""Seconds within which a round of housekeeping ends, however short the manager's patience is."""


@dataclass(slots=True)
class Bulletin:
    """Tells who asks. `note` is where a standstill is written down, as the archive may not take it:
    it is called with a text when that changes, and with None when all goes on."""

    manager: Manager = field(default_factory=ServiceManager)
    note: Callable[[str | None], None] = lambda _: None
    port: HealthPort | None = None
    kept_at: float = 0.0
    _noted: str | None = None
    _beating: asyncio.Task[None] | None = None

    def started(self, write: Callable[[], Awaitable[None]]) -> None:
        """All is set up. `write` is an empty job for the writer thread."""
        self.kept_at = asyncio.get_running_loop().time()
        if self.manager.watchdog_seconds is not None:
            self._beating = asyncio.create_task(self._beat(self.manager.watchdog_seconds, write))
        self.manager.ready()

    async def listen(self, wanted: Address | None) -> None:
        """Answers monitoring there from now on; None: nowhere. Raises PortUnusable."""
        if self.port is not None:
            await self.port.listen(wanted)

    def stopping(self) -> None:
        """What is under way is finished, then the process ends."""
        self.manager.stopping()
        self.manager.status("stopping: what is under way is finished")

    async def ended(self) -> None:
        """Nothing more is told."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        if self.port is not None:
            await self.port.close()
        self._write_down(None)

    def kept(self, does: str, standing: Standstill | None) -> None:
        """A round of housekeeping ended, well or not: what goes on, and what does not."""
        self.kept_at = asyncio.get_running_loop().time()
        if standing is None:
            self.manager.status(does)
            self._write_down(None)
        else:
            self.manager.status(f"stands still: {standing.reason}")
            self._write_down(f"{to_text(standing.since)} {standing.reason}")

    async def beat(self, patience: float, write: Callable[[], Awaitable[None]]) -> bool:
        """One sign of life, if housekeeping ended within `patience` seconds; True if it was given.

        That this runs at all is the event loop's progress. It waits for the writer thread, without
        end if that hangs: then no sign is ever given again. An answer is progress even if it is
        that the disk is full: starting anew would not mend that.
        """
        with contextlib.suppress(StorageError):
            await write()
        if asyncio.get_running_loop().time() - self.kept_at > max(patience, SLOWEST):
            return False
        self.manager.alive()
        return True

    async def _beat(self, seconds: float, write: Callable[[], Awaitable[None]]) -> None:
        """Twice within the time after which the manager would give the process up."""
        while True:
            await asyncio.sleep(seconds / 2)
            await self.beat(seconds / 2, write)

    def _write_down(self, text: str | None) -> None:
        if text != self._noted:
            self.note(text)
            self._noted = text
