"""The one module that reads the clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock, as a watcher.ports.Clock."""

    def now(self) -> datetime:
        """The current time, aware UTC."""
        return datetime.now(UTC)
