"""When an event that matches an alert is sent: at once, or with a digest. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.alerts.alert import Alert, Rule, State
from watcher.core.alerts.matching import Candidate, Hit
from watcher.core.model import Weight

HOUR = timedelta(hours=1)
MATCH: Rule = "match"


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one alert sent to one endpoint, digests too, in the hour before now, oldest first; and
    the first time at which a digest of what it gathered there is due, with the rule."""

    sent: tuple[datetime, ...] = ()
    due: tuple[datetime, Rule] | None = None


NO_TRAFFIC = Traffic()

Observed = Callable[[str, str], Traffic]
"""The traffic of an alert, by its name, at an endpoint."""


@dataclass(frozen=True, slots=True)
class Routing:
    """What becomes of an event at an endpoint, by which alert and rule, and why.

    Of one that is gathered, `until` is when the digest is due, and `held` says why it waits.
    """

    endpoint: str
    state: State
    alert: str
    rule: Rule
    reason: str
    held: str = ""
    until: datetime | None = None


def settle(
    candidate: Candidate, weight: Weight, traffic: Observed, now: datetime
) -> Routing | None:
    """What becomes of an event that happens now, with this weight, at an endpoint.

    Of several alerts that it matches, the one that sends it first. None if the story names the
    endpoint and no alert matches: then there is nothing to say about it.
    """
    endpoint, hits = candidate.endpoint, candidate.hits
    if candidate.named:
        if not hits:
            return None
        return Routing(endpoint, "sent", hits[0].alert.name, "named", hits[0].reason)
    if not hits:
        return Routing(endpoint, "suppressed", candidate.alert, candidate.rule, candidate.reason)
    placed = [_placed(endpoint, hit, weight, traffic, now) for hit in hits]
    # A digest that is late may have to wait longer yet: what another alert sends now does not.
    return min(placed, key=lambda each: (max(each.until or now, now), each.state != "sent"))


def _placed(endpoint: str, hit: Hit, weight: Weight, traffic: Observed, now: datetime) -> Routing:
    alert = hit.alert
    is_timed = alert.every or alert.quiet or alert.limit
    seen = traffic(alert.name, endpoint) if is_timed else NO_TRAFFIC
    at, rule = place(alert, weight, seen, now)
    if rule == "match":
        return Routing(endpoint, "sent", alert.name, rule, hit.reason)
    return Routing(endpoint, "gathered", alert.name, rule, hit.reason, words(alert, rule), at)


def place(alert: Alert, weight: Weight, traffic: Traffic, now: datetime) -> tuple[datetime, Rule]:
    """When an event is sent, and the rule that says so: "match" if that is now."""
    due = traffic.due
    if due is not None and due[0] <= now:
        # A digest is about to be made: what is told at the same moment goes with it.
        return due
    at, rule = now, MATCH
    if alert.every is not None:
        at, rule = now + alert.every, "every"
        if due is not None:
            at = min(at, due[0])
    return allowed(alert, weight, traffic.sent, at, rule)


def allowed(
    alert: Alert, weight: Weight, sent: Sequence[datetime], at: datetime, rule: Rule
) -> tuple[datetime, Rule]:
    """The first time from `at` on that quiet hours and limit allow, and the rule that decided.

    `sent` are the messages of the last hour before `at`, or of more, oldest first.
    """
    while True:
        before = at
        if alert.quiet is not None and not alert.is_urgent(weight) and alert.quiet.holds(at):
            at, rule = alert.quiet.end_after(at), "quiet"
        if alert.limit is not None:
            recent = [moment for moment in sent if at - HOUR < moment <= at]
            if len(recent) >= alert.limit:
                at, rule = recent[-alert.limit] + HOUR, "limit"
        if at == before:
            return at, rule


def words(alert: Alert, rule: Rule) -> str:
    """What a rule that holds events back says, for people."""
    if rule == "every" and alert.every is not None:
        return f"gathered every {_span(alert.every)}"
    if rule == "quiet" and alert.quiet is not None:
        return f"quiet hours {alert.quiet}"
    if rule == "limit" and alert.limit is not None:
        return f"more than {alert.limit} in an hour"
    return "gathered before"


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:g}s"


def by_name(alerts: Sequence[Alert]) -> Mapping[str, Alert]:
    """The alerts of a configuration by their names."""
    return {alert.name: alert for alert in alerts}
