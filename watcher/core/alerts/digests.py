"""Which digests are due, and what goes into each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.alerts.alert import Alert, Rule
from watcher.core.alerts.timing import Observed, allowed, words
from watcher.core.model import Weight

MOST_EVENTS = 50
"""Events in one digest; more are told in several, one after the other."""

MOST_BYTES = 1_000_000
"""Bytes of one digest, by the sizes that are given; an event that is larger goes alone."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is gathered for an endpoint.

    `seq` is its place among all events, `size` about the bytes that it takes in a message.
    """

    seq: int
    endpoint: str
    article: int
    alert: str
    rule: Rule
    held: str
    until: datetime
    weight: Weight
    size: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """One digest: its events by their places, in order; the alert that told it, and why now.

    It is part number `part` of `parts` that are made at the same moment.
    """

    endpoint: str
    alert: str
    reason: str
    events: tuple[int, ...]
    articles: int
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Closing:
    """Digests to make, in order; and events that must wait longer than was planned."""

    parcels: tuple[Parcel, ...]
    postponed: tuple[Waiting, ...]


def close(
    waiting: Iterable[Waiting], alerts: Mapping[str, Alert], traffic: Observed, now: datetime
) -> Closing:
    """The digests that are due now, of all that is gathered.

    What is due is looked at once more: the clock or the configuration may have been changed, or
    other messages sent meanwhile. What an alert gathered that is gone, or no longer names the
    endpoint, is due at once. Earlier events of the same articles are taken along, whichever alert
    gathered them, so that a receiver gets the events of an article in order.
    """
    left = sorted(waiting, key=lambda each: each.seq)
    parcels: list[Parcel] = []
    postponed: list[Waiting] = []
    for endpoint, alert in dict.fromkeys((each.endpoint, each.alert) for each in left):
        mine = [each for each in left if (each.endpoint, each.alert) == (endpoint, alert)]
        due, later = _due(mine, alerts.get(alert), traffic, now)
        postponed += later
        if not due:
            continue
        last = {each.article: each.seq for each in due}
        chosen = [
            each
            for each in left
            if each.endpoint == endpoint and each.seq <= last.get(each.article, -1)
        ]
        parcels += parcels_of(chosen, alert, _why(due[0], alerts.get(alert)))
        taken = {each.seq for each in chosen}
        left = [each for each in left if each.endpoint != endpoint or each.seq not in taken]
        postponed = [p for p in postponed if p.endpoint != endpoint or p.seq not in taken]
    return Closing(tuple(parcels), tuple(postponed))


def _due(
    mine: Sequence[Waiting], alert: Alert | None, traffic: Observed, now: datetime
) -> tuple[list[Waiting], list[Waiting]]:
    """What one alert has to send an endpoint now, and what must wait longer."""
    if not mine or alert is None or mine[0].endpoint not in alert.endpoints:
        return list(mine), []
    sent = traffic(alert.name, mine[0].endpoint).sent
    due, later = [], []
    for each in mine:
        if each.until > now:
            continue
        at, rule = allowed(alert, each.weight, sent, now, each.rule)
        if at > now:
            later.append(replace(each, until=at, rule=rule, held=words(alert, rule)))
        else:
            due.append(each)
    return due, later


def _why(first: Waiting, alert: Alert | None) -> str:
    if alert is None:
        return f"{first.held}; sent now, as the configuration has no such alert any more"
    if first.endpoint not in alert.endpoints:
        return f"{first.held}; sent now, as the alert does not name this webhook any more"
    return first.held


def taken_along(waiting: Sequence[Waiting]) -> tuple[Parcel, ...]:
    """The digests of what is gathered of an article for an endpoint, if a later event of it is
    sent at once."""
    if not waiting:
        return ()
    reason = f"{waiting[0].held}; sent now, before a later event of the article"
    return parcels_of(waiting, waiting[0].alert, reason)


def parcels_of(chosen: Sequence[Waiting], alert: str, reason: str) -> tuple[Parcel, ...]:
    """Events in order, in as few digests as their bounds allow."""
    groups: list[list[Waiting]] = []
    size = 0
    for each in chosen:
        if not groups or len(groups[-1]) == MOST_EVENTS or size + each.size > MOST_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(each)
        size += each.size
    return tuple(
        Parcel(
            group[0].endpoint,
            alert,
            reason,
            tuple(each.seq for each in group),
            len({each.article for each in group}),
            part,
            len(groups),
        )
        for part, group in enumerate(groups, 1)
    )
