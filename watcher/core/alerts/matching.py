"""Which alerts an event matches, and why not the others. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from watcher.core.alerts.alert import Alert, Audience, Occasion, Rule, at_least
from watcher.core.alerts.wanted import Passage, Which, found_in, passages, shown
from watcher.core.urls import host_of


@dataclass(frozen=True, slots=True)
class Hit:
    """An alert that an event matches, and the words for people."""

    alert: Alert
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An endpoint that alerts name, and what they say of one event.

    `named` says that its story names the endpoint too. Without a hit, `alert` came nearest to one:
    `rule` is what stood against it, and `reason` says so for each alert.
    """

    endpoint: str
    hits: tuple[Hit, ...]
    named: bool = False
    alert: str = ""
    rule: Rule = "match"
    reason: str = ""


def candidates(occasion: Occasion, audience: Audience) -> tuple[Candidate, ...]:
    """What the alerts say of an event, by endpoint."""
    if not audience.alerts:
        return ()
    evidence = _Evidence(occasion)
    judged = [(alert, judge(alert, occasion, evidence)) for alert in audience.alerts]
    named = audience.named(occasion.type, occasion.story)
    found = []
    for endpoint in sorted({name for alert in audience.alerts for name in alert.endpoints}):
        takes = occasion.type in audience.endpoints.get(endpoint, frozenset())
        about = [(alert, said) for alert, said in judged if endpoint in alert.endpoints]
        found.append(_candidate(endpoint, takes, endpoint in named, about, occasion))
    return tuple(found)


def _candidate(
    endpoint: str,
    takes: bool,
    named: bool,
    about: list[tuple[Alert, Judged]],
    occasion: Occasion,
) -> Candidate:
    hits = tuple(Hit(alert, said.reason) for alert, said in about if said.rule == "match")
    if hits and takes:
        return Candidate(endpoint, hits, named)
    if hits:
        reason = f"the webhook does not take {occasion.type.value}"
        return Candidate(endpoint, (), named, hits[0].alert.name, "webhook", reason)
    nearest, said = max(about, key=lambda each: each[1].passed)
    told = said.reason
    if len(about) > 1:
        told = "; ".join(f"{alert.name}: {each.reason}" for alert, each in about)
    return Candidate(endpoint, (), named, nearest.name, said.rule, told)


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of an event at one alert: the rule that stood against it or "match", the words for
    people, and how many conditions held."""

    rule: Rule
    reason: str
    passed: int


class _Evidence:
    """What a change added and removed, worked out once, and only if somebody asks."""

    def __init__(self, occasion: Occasion) -> None:
        self._change = occasion.change
        self._known: dict[Which, tuple[Passage, ...]] = {}

    def of(self, which: Which) -> tuple[Passage, ...]:
        if which not in self._known:
            change = self._change
            self._known[which] = () if change is None else passages(change, which)
        return self._known[which]


Tested = tuple[Rule, bool, str]
"""A condition, whether it holds, and the words for that."""


def judge(alert: Alert, occasion: Occasion, evidence: _Evidence | None = None) -> Judged:
    """Whether an event matches an alert, whatever webhook it is for."""
    evidence = _Evidence(occasion) if evidence is None else evidence
    held = []
    for number, (rule, holds, words) in enumerate(_conditions(alert, occasion, evidence)):
        if not holds:
            return Judged(rule, words, number)
        held.append(words)
    return Judged("match", "; ".join(held) or "every event", len(held))


def _conditions(alert: Alert, occasion: Occasion, evidence: _Evidence) -> Iterator[Tested]:
    """Those that the alert has, cheapest first."""
    if alert.stories:
        yield (
            "stories",
            occasion.story in alert.stories,
            _said(
                occasion.story in alert.stories,
                f"story {occasion.story}",
                f"its story is {occasion.story}, not {_any_of(alert.stories)}",
            ),
        )
    if alert.publishers:
        known = occasion.publisher or _host(occasion.url) or "unknown"
        holds = any(_is_publisher(name, occasion) for name in alert.publishers)
        wrong = f"its publisher is {known}, not {_any_of(alert.publishers)}"
        yield "publishers", holds, _said(holds, f"publisher {known}", wrong)
    if alert.events:
        holds = occasion.type in alert.events
        wrong = f"it is {occasion.type.value}, not {_any_of([e.value for e in alert.events])}"
        yield "events", holds, _said(holds, occasion.type.value, wrong)
    if alert.weight != "cosmetic":
        holds = at_least(occasion.weight, alert.weight)
        wrong = f"its weight is {occasion.weight}, less than {alert.weight}"
        yield "weight", holds, _said(holds, f"weight {occasion.weight}", wrong)
    if alert.kinds:
        yield _kinds(alert, occasion)
    if alert.added:
        yield _texts("added", alert.added, evidence.of(1))
    if alert.removed:
        yield _texts("removed", alert.removed, evidence.of(-1))


def _said(holds: bool, right: str, wrong: str) -> str:
    return right if holds else wrong


def _any_of(names: tuple[str, ...] | list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _kinds(alert: Alert, occasion: Occasion) -> Tested:
    found = dict.fromkeys(f.kind for f in occasion.findings if is_kind(f.kind, alert.kinds))
    if found:
        return "kinds", True, ", ".join(found)
    had = ", ".join(dict.fromkeys(finding.kind for finding in occasion.findings)) or "none"
    return "kinds", False, f"no finding is {_any_of(alert.kinds)} (found: {had})"


def is_kind(kind: str, wanted: tuple[str, ...]) -> bool:
    """Whether a kind of finding is one of those listed; these may end in "*"."""
    return any(
        kind.startswith(each[:-1]) if each.endswith("*") else kind == each for each in wanted
    )


def _texts(rule: Rule, wanted: tuple[str, ...], where: tuple[Passage, ...]) -> Tested:
    for each in wanted:
        found = found_in(each, where)
        if found is not None:
            return rule, True, f'"{found}" in {rule} text'
    return rule, False, f"no {rule} text has {_any_of([shown(each) for each in wanted])}"


def _is_publisher(name: str, occasion: Occasion) -> bool:
    """By the name that the page gives, or by the host of the article or one above it."""
    wanted = name.casefold()
    if occasion.publisher is not None and occasion.publisher.casefold() == wanted:
        return True
    host = _host(occasion.url)
    return host == wanted or host.endswith(f".{wanted}")


def _host(url: str) -> str:
    try:
        return host_of(url)
    except ValueError:
        return ""
