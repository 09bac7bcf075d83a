"""What goes into a decision, and what comes out: the values of decide() and its readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watcher.core.alerts.matching import Candidate
from watcher.core.drift import NOTHING_KNOWN, HostFacts
from watcher.core.hostrest import Refusal
from watcher.core.model import (
    Capture,
    Change,
    EventType,
    Finding,
    Outcome,
    Snapshot,
    Validators,
    Via,
    Weight,
)
from watcher.core.quarantine import Held, Hold, PageMemory, Settled
from watcher.core.schedule.following import UNKNOWN, Followed, Following
from watcher.core.schedule.terms import USUAL, Terms

Health = Literal["new", "live", "gone", "unreachable", "settled"]
VersionKind = Literal["first", "text", "metadata"]


@dataclass(frozen=True, slots=True)
class LatestVersion:
    """The article's latest version, as far as a decision needs it."""

    id: int
    number: int
    content_digest: str
    snapshot_digest: str
    extractor: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier version with the content that was seen, the latest of them.

    `waited` says that this content once was a page in quarantine, so that it may be broken
    again; `told_since` that people were told of a version since. `flickers` says that the latest
    version is such a return as well, to another content.
    """

    number: int
    waited: bool = False
    told_since: bool = True
    flickers: bool = False


@dataclass(frozen=True, slots=True)
class ArticleState:
    """An article as a poll finds it. `interval` in seconds.

    `revision` grows with every recorded decision: a decision is refused if it was made on
    an older one. `memory` is of the latest version's page. `held` is a page that waits to be
    confirmed, `holds` counts those held in a row. `followed` is what adaptive polling remembers;
    `developing` tells whether the latest version says that the story is, `fresh` the seconds after
    the last poll for which a cache will have gone on giving what that saw. It has been quiet since
    `quiet_since`, None if it was never seen. `publisher` is whose the latest version says it is.
    """

    id: int
    url: str
    story: str
    interval: float
    due: datetime
    revision: int
    health: Health
    failures: int
    missing: int
    latest: LatestVersion | None
    memory: PageMemory
    held: Held | None = None
    holds: int = 0
    followed: Followed = UNKNOWN
    developing: bool = False
    terms: Terms = USUAL
    quiet_since: datetime | None = None
    fresh: float = 0.0
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A cheap gate recognised the page. `memory` replaces the article's.

    `moved_to` is where permanent redirects led, if no article had that address yet. `fresh_for` is
    that of the Capture.
    """

    via: Via
    status: int
    memory: PageMemory
    moved_to: str | None = None
    fresh_for: float = 0.0


@dataclass(frozen=True, slots=True)
class StillHeld:
    """A cheap gate recognised the page that is held. `memory` replaces that page's."""

    via: Via
    status: int
    memory: PageMemory


@dataclass(frozen=True, slots=True)
class Extracted:
    """A page went through full extraction.

    `previous` is the latest version's snapshot, as the extractor of today reads its stored
    body; `previous_is_stored` tells whether that equals what is stored. `revert_of` is the
    latest earlier version with this content. `moved_to` as in Unchanged. `host`
    is what is known of changes on the article's host, `held` the page in quarantine as today's
    extractor reads it. `noise` are the templates of counters and relative times that went on if
    nothing else did, `learned` those known as noise; where these went on beside something else,
    `still` is `previous` with what they say now. `recognised` is set if a cheap gate recognised
    the held page: then `capture` and `snapshot` are its own. `last_seen` is when the latest
    version was last confirmed live. `fresh_for` as in Unchanged.
    """

    capture: Capture
    body_digest: str
    snapshot: Snapshot
    fingerprint: str | None
    extractor: str
    previous: Snapshot | None = None
    previous_is_stored: bool = True
    revert_of: Earlier | None = None
    moved_to: str | None = None
    host: HostFacts = NOTHING_KNOWN
    held: Snapshot | None = None
    noise: frozenset[str] = frozenset()
    learned: frozenset[str] = frozenset()
    still: Snapshot | None = None
    recognised: StillHeld | None = None
    last_seen: datetime | None = None
    outline: str | None = None
    fresh_for: float = 0.0

    @property
    def status(self) -> int:
        """The HTTP status of the response."""
        return self.capture.status if self.recognised is None else self.recognised.status

    @property
    def memory(self) -> PageMemory:
        """What the next poll should know of this page."""
        if self.recognised is not None:
            return self.recognised.memory
        validators = validators_of(self.capture)
        return PageMemory(validators, self.body_digest, self.fingerprint, self.outline)


@dataclass(frozen=True, slots=True)
class Failed:
    """The poll did not see the article."""

    outcome: Outcome
    detail: str
    status: int | None = None
    retry_after: float | None = None


Observed = Unchanged | StillHeld | Extracted | Failed


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to store.

    One that waited in quarantine has the capture it was first seen with (`capture_id`), if that
    showed the same text, and was `seen_from` then on. `untold` says why nobody is told,
    `remark` what is to be said of it beside its change.
    """

    number: int
    kind: VersionKind
    snapshot: Snapshot
    content_digest: str
    snapshot_digest: str
    extractor: str
    capture: Capture
    body_digest: str
    change: Change | None
    change_is_compact: bool
    summary: str
    revert_of: int | None
    seen_from: datetime | None = None
    capture_id: int | None = None
    untold: str | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class NewHold:
    """A page to put into quarantine, with the capture that shows it."""

    hold: Hold
    extractor: str
    capture: Capture
    body_digest: str
    memory: PageMemory


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event to store and tell. `about_version` says that it belongs to the new version: then
    weight, score and findings are those of its change.

    `endpoints` are told at once, `candidates` are those of which alerts decide. `size` is about
    the bytes that it takes in a message.
    """

    type: EventType
    summary: str
    about_version: bool = False
    endpoints: tuple[str, ...] = ()
    weight: Weight = "routine"
    score: float = 0.0
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """All that one poll leads to.

    `settles` is what becomes of the page that was held, `held_again` the memory of one that goes
    on waiting, `hold` a page to hold. `came` and `went` are texts to remember as changed on
    the article's host, `site_texts` those that turned out to be the site's own, `noise` the
    templates to count as having gone on by themselves. `following` is what adaptive polling
    learned, `fresh` that of ArticleState, `pressure` how much the article asks for polls from now
    on, None for as before. `refusal` is set if the host asked for patience: then all its articles
    rest.
    """

    article_id: int
    revision: int
    at: datetime
    outcome: Outcome
    detail: str
    status: int | None
    via: Via | None
    health: Health
    failures: int
    missing: int
    memory: PageMemory
    next_poll_at: datetime
    run_gap: timedelta
    version: NewVersion | None = None
    events: tuple[EventDraft, ...] = ()
    moved_to: str | None = None
    hold: NewHold | None = None
    held_again: PageMemory | None = None
    settles: Settled | None = None
    holds: int = 0
    came: frozenset[str] = frozenset()
    went: frozenset[str] = frozenset()
    site_texts: frozenset[str] = frozenset()
    noise: frozenset[str] = frozenset()
    following: Following | None = None
    pressure: float | None = None
    fresh: float = 0.0
    quiet_since: datetime | None = None
    refusal: Refusal | None = None


def validators_of(capture: Capture) -> Validators | None:
    """The validators a response came with, bound to the URL that gave them."""
    etag, modified = capture.header("etag"), capture.header("last-modified")
    if etag is None and modified is None:
        return None
    return Validators(url=capture.final_url, etag=etag, last_modified=modified)
