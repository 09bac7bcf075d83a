"""An alert as the configuration has it, and what it looks at. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from watcher.core.alerts.quiet import QuietHours
from watcher.core.model import WEIGHTS, Change, EventType, Finding, Weight

DIGEST = "alert.digest"
"""The type of the message that tells what was gathered."""

Rule = Literal[
    "match", "named",
    "webhook", "events", "stories", "publishers", "weight", "kinds", "added", "removed",
    "every", "quiet", "limit",
]  # fmt: skip
"""What settled an event for an endpoint: most are keys of [[alert]]. "match": nothing stood
against sending it; "named": its story names the webhook; "webhook": the webhook's own events."""

State = Literal["sent", "gathered", "suppressed"]


@dataclass(frozen=True, slots=True)
class Alert:
    """Which webhooks get which events, and when.

    All that is given must hold; of what is listed, one is enough. `kinds` may end in "*". `added`
    and `removed` are as wanted.found_in() takes them. `every` gathers into a digest; in `quiet`
    hours only what has at least the weight `quiet_unless` is sent; `limit` is the most messages
    in an hour.
    """

    name: str
    endpoints: tuple[str, ...]
    stories: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    weight: Weight = "cosmetic"
    kinds: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    events: tuple[EventType, ...] = ()
    every: timedelta | None = None
    quiet: QuietHours | None = None
    quiet_unless: Weight | None = None
    limit: int | None = None

    def is_urgent(self, weight: Weight) -> bool:
        """Whether quiet hours do not hold what weighs so much."""
        least = self.quiet_unless
        return least is not None and at_least(weight, least)


def at_least(weight: Weight, least: Weight) -> bool:
    """Whether one weight is the other or heavier."""
    return WEIGHTS.index(weight) >= WEIGHTS.index(least)


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event as alerts see it. `url` is the article's, `publisher` what its page names."""

    type: EventType
    story: str
    url: str
    publisher: str | None
    weight: Weight
    findings: tuple[Finding, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may be told: the webhooks with the events they take, those that stories name, and the
    alerts in the order of the configuration."""

    endpoints: Mapping[str, frozenset[EventType]] = field(default_factory=dict)
    stories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()

    def named(self, event: EventType, story: str) -> tuple[str, ...]:
        """The endpoints that get an event: named by its story, and asking for its type."""
        wanted = self.stories.get(story, ())
        return tuple(n for n in sorted(wanted) if event in self.endpoints.get(n, frozenset()))

    def listing(self, alert: Alert, endpoint: str) -> tuple[str, ...]:
        """The stories of an alert that tell an endpoint everything anyway."""
        return tuple(
            story
            for story, names in self.stories.items()
            if endpoint in names and (not alert.stories or story in alert.stories)
        )
