"""Every error story watcher raises on purpose.

WatcherError
├── ConfigError            the configuration cannot be used: all faults at once
├── UsageError             the command was asked something it cannot mean
│   └── BadQuery           a search that cannot be understood; carries the position
├── StorageError           the database cannot be used
│   ├── StorageBusy        another process holds the write lock
│   ├── StorageTooNew      the database was written by a newer version
│   ├── PageDamaged        one stored page cannot be read any more, or is another one
│   └── StaleDecision      the article changed between reading and recording
├── PortUnusable           the port for monitoring cannot be listened on
├── DaemonRunning          another daemon already works on this database
├── FetchFailed            a poll ended without content; carries the outcome
├── NotAnArticle           a page was fetched, but it is no article; carries what it is
├── NotAListing            what was fetched is neither feed nor sitemap
├── ExtractionFailed       the extractor itself failed on a page
└── SendFailed             an endpoint could not be reached
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from watcher.core.model import Outcome


class WatcherError(Exception):
    """Base of all errors meant for people: its text names the thing, the cause and the remedy."""


class ConfigError(WatcherError):
    """The configuration has faults. `faults` lists them all, each a full sentence.

    `sources` are the files that were read or looked for: a change in one may mend it.
    """

    def __init__(self, faults: tuple[str, ...], sources: tuple[Path, ...] = ()) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
        self.sources = sources


class UsageError(WatcherError):
    """The command line asks for something that does not exist or is ambiguous."""


class BadQuery(UsageError):
    """A search that cannot be understood, from character `position` on, counted from 1."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"cannot read the search at character {position}: {why}")
        self.position = position


class StorageError(WatcherError):
    """The database file cannot be used."""


class StorageBusy(StorageError):
    """Another process holds the write lock; trying again later is safe."""


class StorageTooNew(StorageError):
    """The database was written by a newer version of story watcher."""


class PageDamaged(StorageError):
    """A stored page does not decompress, or is not its digest's; all else may be sound."""


class StaleDecision(StorageError):
    """The article was changed by another process after the decision was made; decide again."""


class DaemonRunning(WatcherError):
    """Another daemon works on the same database. `pid` is its process id, 0 if unknown."""

    def __init__(self, message: str, pid: int) -> None:
        super().__init__(message)
        self.pid = pid


class PortUnusable(WatcherError):
    """The port for monitoring cannot be listened on."""


class FetchFailed(WatcherError):
    """A fetch ended without a page. `outcome` says how; `retry_after` is in seconds, if given."""

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


class NotAnArticle(WatcherError):
    """The page was read but is no article: the text says why.

    `outcome` names what it is instead, such as a consent wall; None if it has no name.
    """

    def __init__(self, detail: str, outcome: Outcome | None = None) -> None:
        super().__init__(detail)
        self.outcome = outcome


class NotAListing(WatcherError):
    """What a feed's or sitemap's URL gave lists nothing: the text says why."""


class ExtractionFailed(WatcherError):
    """The extractor failed or gave up on a page: the text says why."""


class SendFailed(WatcherError):
    """An endpoint could not be reached at all (no HTTP status): the text says why."""
