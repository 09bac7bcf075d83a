"""What the service needs from the world, as Protocols. Adapters and storage implement them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from watcher.core.model import Capture, Extraction, Validators
from watcher.core.robots import RobotsCopy
from watcher.core.sites import Reading


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The current time, aware UTC."""
        ...


class Fetcher(Protocol):
    """Fetches one URL, following guarded redirects."""

    async def fetch(self, url: str, validators: Validators | None) -> Capture:
        """One response, whatever its status. Validators are sent only to the URL that gave them.

        Raises FetchFailed where there is no response to speak of: timeout, DNS, TLS, connection,
        too large, redirect loop, forbidden address, undecodable body.
        """
        ...


class ListingFetcher(Protocol):
    """Fetches feeds and sitemaps."""

    async def fetch_listing(self, url: str, validators: Validators | None) -> Capture:
        """One response, whatever its status, as Fetcher.fetch gives them. Raises FetchFailed."""
        ...


class RobotsStore(Protocol):
    """Keeps copies of robots.txt files."""

    async def robots(self, origin: str) -> RobotsCopy | None:
        """What is known of an origin's file, None if nobody asked yet."""
        ...

    async def keep_robots(self, copy: RobotsCopy) -> None:
        """Keeps a copy in place of the one that was there."""
        ...


class Extractor(Protocol):
    """Makes a snapshot of a body."""

    def fingerprint(self, body: bytes, content_type: str | None) -> str | None:
        """The fast text fingerprint: blind to page noise, never to text, headline or dates.

        None for a page that a fast parse must not be given.
        """
        ...

    def outline(self, body: bytes, content_type: str | None) -> str | None:
        """A digest of the source without scripts, styles and the like, if it can be had.

        Bodies of one outline have one fingerprint, if `is_outline_sure` of any of them.
        """
        ...

    def is_outline_sure(self, body: bytes) -> bool:
        """Whether what is blanked in the body's outline is what it seems to be."""
        ...

    async def extract(self, body: bytes, url: str, content_type: str | None) -> Extraction:
        """The full extraction. Raises NotAnArticle or ExtractionFailed."""
        ...


class Extractors(Protocol):
    """Gives extractors that read pages as a configuration wants it."""

    def under(self, reading: Reading) -> Extractor:
        """An extractor that obeys these rules and knows these phrases, for good."""
        ...


class Sender(Protocol):
    """Sends one signed body to one endpoint."""

    async def send(
        self, url: str, secret: str, message_id: str, body: bytes, now: datetime
    ) -> tuple[int, float | None]:
        """POST the exact bytes, signed; gives (status, Retry-After in seconds or None).

        Raises SendFailed if no status came back.
        """
        ...


class Manager(Protocol):
    """Who started the process, and may start it anew if it hangs."""

    watchdog_seconds: float | None

    def ready(self) -> None:
        """All is set up, or a new configuration is taken."""
        ...

    def reloading(self) -> None:
        """A changed configuration is being read, until `ready`."""
        ...

    def stopping(self) -> None:
        """What is under way is finished, then the process ends."""
        ...

    def status(self, text: str) -> None:
        """What the process does, in one line for people."""
        ...

    def alive(self) -> None:
        """A sign of life, due every `watchdog_seconds`."""
        ...


class Log(Protocol):
    """Structured lines: an event's name and its facts."""

    def debug(self, event: str, **facts: object) -> object:
        """What only matters when looking closely."""
        ...

    def info(self, event: str, **facts: object) -> object:
        """What happened."""
        ...

    def warning(self, event: str, **facts: object) -> object:
        """What went wrong and is being handled."""
        ...

    def error(self, event: str, **facts: object) -> object:
        """What needs a person."""
        ...
