"""Pages that are held until the next polls confirm or release them: the rules of the wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watcher.core.drift import Cause, Suspicion, alike
from watcher.core.model import Snapshot, Validators
from watcher.core.text import snapshot_digest

CONFIRMED_BY = 3
"""Polls that must show the same page, the one that held it included. Publishing glitches, cache
nodes out of step and half-written pages pass within a poll or two; what stands at the third, two
minutes later, is what the publisher shows."""

CONFIRMED_AFTER = timedelta(seconds=90)
"""And how long after the wait began the last of them must be, so that polls by hand, one right
after the other, do not pass for a page that stays. The third poll of the daemon's comes later."""

HOLD_INTERVAL = 60.0
"""Seconds, at most, between the polls of a held page. Wire copy does put a new story under an
old address: then its readers wait two minutes, no more."""

MOST_HOLDS = 3
"""Different pages held in a row. One that changes this wildly is news too: the next is taken as
it comes."""

Settled = Literal["confirmed", "dismissed", "superseded"]
"""Of a held page: it became a version; the page was otherwise at the next look; the same text
with other details took its place in the wait."""


@dataclass(frozen=True, slots=True)
class PageMemory:
    """What a page looked like: it lets the next poll stop early.

    The outline has a mark before it: see gates.py.
    """

    validators: Validators | None = None
    body_digest: str | None = None
    fingerprint: str | None = None
    outline: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The page of an article that waits in quarantine.

    `first_at` is when this very text was first seen, `began_at` when the wait began, `count` the
    polls that showed it since. `memory` recognises it without extraction.
    """

    id: int
    capture_id: int
    cause: Cause
    reason: str
    silent: bool
    snapshot_digest: str
    extractor: str
    began_at: datetime
    first_at: datetime
    count: int
    memory: PageMemory

    def is_over(self, now: datetime) -> bool:
        """Whether a poll that shows the page at `now` ends its wait."""
        # the clock may have been set back since: that must not hold a page for hours
        is_soon = timedelta() <= now - self.began_at < CONFIRMED_AFTER
        return self.count + 1 >= CONFIRMED_BY and not is_soon


@dataclass(frozen=True, slots=True)
class Hold:
    """A page to put into quarantine; the fields as in Held."""

    suspicion: Suspicion
    snapshot_digest: str
    began_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be done with a page that differs from the latest version.

    `verdict`: "version" it is one, as any; "taken" it is one because MOST_HOLDS went before;
    "confirmed" it is one because the wait is over; "hold" the wait begins; "wait" it goes on, with
    the page that is held; "renew" it goes on, with this page. `same` says that the page is the
    held one, to the letter. `count` as in Held.
    """

    verdict: Literal["version", "taken", "confirmed", "hold", "wait", "renew"]
    suspicion: Suspicion | None = None
    same: bool = False
    count: int = 1


def judge(
    found: Snapshot,
    suspicion: Suspicion | None,
    held: Held | None,
    held_snapshot: Snapshot | None,
    holds: int,
    now: datetime,
) -> Ruling:
    """Rules on a page that differs from the latest version, from which `suspicion` looks at it.

    `held_snapshot` is the held page as today's extractor reads it, None if it cannot. `holds`
    counts the pages held in a row.
    """
    if held is not None and held_snapshot is not None:
        same = snapshot_digest(held_snapshot) == snapshot_digest(found)
        count = held.count + 1
        if same and (suspicion is None or held.is_over(now)):
            return Ruling("confirmed", suspicion or _cleared(held), True, count)
        if suspicion is not None and (same or alike(held_snapshot, found)):
            if held.is_over(now):
                return Ruling("confirmed", suspicion, False, count)
            return Ruling("wait" if same else "renew", suspicion, same, count)
    if suspicion is None:
        return Ruling("version")
    if holds >= MOST_HOLDS:
        return Ruling("taken", suspicion)
    return Ruling("hold", suspicion)


def _cleared(held: Held) -> Suspicion:
    """Of a page that nothing speaks against any more: whatever it was held for, it is told."""
    return Suspicion(held.cause, held.reason, False)
