"""What the daemon works with, as the configuration wants it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.articles import WatchedArticle
from storage.sources import WatchedSource
from watcher.core.hostlimits import HostLimit
from watcher.dispatch import Dispatcher
from watcher.poll import Poller
from watcher.sources import Finder
from watcher.spending import Wanted


@dataclass(frozen=True, slots=True)
class Setup:
    """What one reading of the configuration gives the daemon to work with.

    Without a `budget`, every article has its fixed interval.
    """

    articles: tuple[WatchedArticle, ...]
    poller: Poller
    dispatcher: Dispatcher
    per_host: int
    listen: tuple[str, int] | None = None
    budget: Wanted = None
    finder: Finder | None = None
    limits: tuple[HostLimit, ...] = ()

    @property
    def sources(self) -> tuple[WatchedSource, ...]:
        """The feeds and sitemaps that the configuration names."""
        return () if self.finder is None else self.finder.sources
