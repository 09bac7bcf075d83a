"""What alerts would have made of events: the same rules on recorded history, sending nothing.

Pure. Storage does the same with rows as this does with lists; both ask timing and digests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.core.alerts.alert import Audience, Occasion
from watcher.core.alerts.digests import Parcel, Waiting, close, taken_along
from watcher.core.alerts.matching import candidates
from watcher.core.alerts.timing import HOUR, Routing, Traffic, by_name, settle

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: its place among all, when it happened, to which article, and what it was."""

    seq: int
    at: datetime
    article: int
    occasion: Occasion
    size: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A digest that would have been made, and when."""

    at: datetime
    parcel: Parcel


@dataclass(slots=True)
class Replay:
    """Goes through events in order.

    `routings` are by event, `messages` the digests in order. Digests are made as soon as they are
    due, as by a daemon that never rests.
    """

    audience: Audience
    routings: dict[int, tuple[Routing, ...]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    _sent: dict[_Key, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, event: Happened) -> None:
        """An event happens; digests that were due before are made first."""
        self.go_on(event.at)
        occasion = event.occasion
        found = []
        for candidate in candidates(occasion, self.audience):
            routing = settle(candidate, occasion.weight, self._traffic_at(event.at), event.at)
            if routing is not None:
                found.append(routing)
        known = {routing.endpoint for routing in found}
        found += [
            Routing(name, "sent", "", "named", f"story {occasion.story} names this webhook")
            for name in self.audience.named(occasion.type, occasion.story)
            if name not in known
        ]
        for routing in found:
            self._put(event, routing)
        self.routings[event.seq] = tuple(found)

    def _put(self, event: Happened, routing: Routing) -> None:
        if routing.state == "sent":
            line = (routing.endpoint, event.article)
            along = [w for w in self.waiting if (w.endpoint, w.article) == line]
            self._make(taken_along(along), event.at)
            if routing.rule == "match":
                self._sent[routing.alert, routing.endpoint].append(event.at)
        elif routing.until is not None:
            self.waiting.append(
                Waiting(
                    event.seq, routing.endpoint, event.article, routing.alert, routing.rule,
                    routing.held, routing.until, event.occasion.weight, event.size,
                )
            )  # fmt: skip

    def go_on(self, until: datetime) -> None:
        """Makes all digests that are due before a time."""
        alerts = by_name(self.audience.alerts)
        while due := [w.until for w in self.waiting if w.until < until]:
            now = min(due)
            closing = close(self.waiting, alerts, self._traffic_at(now), now)
            later = {(each.seq, each.endpoint): each for each in closing.postponed}
            self.waiting = [later.get((w.seq, w.endpoint), w) for w in self.waiting]
            self._make(closing.parcels, now)

    def finish(self) -> None:
        """Makes all digests that wait, each when it is due."""
        while self.waiting:
            self.go_on(max(each.until for each in self.waiting) + timedelta(seconds=1))

    def _make(self, parcels: Iterable[Parcel], now: datetime) -> None:
        for parcel in parcels:
            told = set(parcel.events)
            self.waiting = [
                w for w in self.waiting if w.endpoint != parcel.endpoint or w.seq not in told
            ]
            self._sent[parcel.alert, parcel.endpoint].append(now)
            self.messages.append(Message(now, parcel))

    def _traffic_at(self, now: datetime) -> _Observer:
        return _Observer(self, now)


@dataclass(frozen=True, slots=True)
class _Observer:
    """Looks at the traffic as it is at a moment."""

    replay: Replay
    now: datetime

    def __call__(self, alert: str, endpoint: str) -> Traffic:
        sent = self.replay._sent[alert, endpoint]
        mine = [w for w in self.replay.waiting if (w.alert, w.endpoint) == (alert, endpoint)]
        first = min(mine, key=lambda each: (each.until, each.seq), default=None)
        return Traffic(
            tuple(moment for moment in sent if moment > self.now - HOUR),
            None if first is None else (first.until, first.rule),
        )


def replay(events: Iterable[Happened], audience: Audience) -> Replay:
    """All of these events, and the digests that follow from them."""
    going = Replay(audience)
    for event in events:
        going.tell(event)
    going.finish()
    return going
