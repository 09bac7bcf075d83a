"""What the configuration allows towards single hosts, tighter or wider than elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class HostLimit:
    """What holds for `host` and the hosts below it, each for itself; None is as elsewhere.

    `per_hour` polls of its articles, `concurrency` requests at once, `delay` seconds between the
    starts of two.
    """

    host: str
    per_hour: float | None = None
    concurrency: int | None = None
    delay: float | None = None

    @property
    def spacing(self) -> float:
        """Seconds between two polls that `per_hour` comes to; 0 without it."""
        return 0.0 if self.per_hour is None else HOUR / self.per_hour


def limit_of(limits: Iterable[HostLimit], host: str) -> HostLimit:
    """What holds for a host: each value of the nearest host above it that has one."""
    found = HostLimit(host)
    above = [each for each in limits if host == each.host or host.endswith(f".{each.host}")]
    for each in sorted(above, key=lambda limit: -len(limit.host)):
        found = HostLimit(
            host,
            each.per_hour if found.per_hour is None else found.per_hour,
            each.concurrency if found.concurrency is None else found.concurrency,
            each.delay if found.delay is None else found.delay,
        )
    return found
