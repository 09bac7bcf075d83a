"""How the configuration wants an article to be polled, beside its interval."""

from __future__ import annotations

from dataclasses import dataclass

from watcher.core.schedule.adaptive import Bounds

DEVELOPING_WEIGHT = 2.0
"""How many times as much the staleness of an article matters that says it is developing."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one article, in seconds.

    No poll is sooner than `shortest` after the one before, by whatever hint; `longest` bounds what
    is waited after failures, and in adaptive polling at all; either yields to the interval.
    `weight` says how many times as much as usual its delays matter. Without a change for `quiet` it
    is settled; None is never.
    """

    shortest: float = 60.0
    longest: float = 6 * 3600.0
    weight: float = 1.0
    quiet: float | None = None

    def bounds(self, interval: float, *, developing: bool = False) -> Bounds:
        """What adaptive polling keeps to; `interval` is the article's, the first guess."""
        return Bounds(
            first=interval,
            shortest=min(self.shortest, interval),
            longest=max(self.longest, interval),
            weight=self.weight * (DEVELOPING_WEIGHT if developing else 1.0),
        )


USUAL = Terms()
