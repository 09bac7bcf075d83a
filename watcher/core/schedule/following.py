"""How adaptive polling follows an article from poll to poll."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

from watcher.core.schedule.adaptive import Bounds, Plan, first_plan, plan
from watcher.core.schedule.due import staleness
from watcher.core.schedule.rate import (
    NO_EVIDENCE,
    Evidence,
    RateModel,
    RateState,
    begin,
    observe,
    rate_of,
)
from watcher.core.times import from_milliseconds, to_milliseconds


@dataclass(frozen=True, slots=True)
class Adaptive:
    """What adaptive polling goes by, beside the terms of the articles."""

    model: RateModel


@dataclass(frozen=True, slots=True)
class Followed:
    """What is remembered of an article: its rate, and the pressure it had after the last poll.

    `host` is what is known of its host.
    """

    state: RateState | None = None
    pressure: float = 0.0
    host: Evidence = NO_EVIDENCE


UNKNOWN = Followed()


@dataclass(frozen=True, slots=True)
class Following:
    """What a poll leads to: the state and plan to remember, and what the host learned.

    `memory` is how many expected updates of evidence are remembered of a host.
    """

    state: RateState
    plan: Plan
    learned: Evidence
    memory: float


def follow(
    adaptive: Adaptive,
    known: Followed,
    bounds: Bounds,
    now: datetime,
    *,
    changed: bool,
    published: datetime | None,
    modified: datetime | None,
    price: float | None,
    jitter: float,
) -> Following:
    """What a poll at `now` that saw the article leads to.

    `price` of a request in update-seconds; without one, an article like any other is polled at
    its first interval. `jitter` in [0, 1) spreads the second poll of articles added together.
    """
    model = adaptive.model
    if known.state is None or len(known.state.excited) != len(model.lengths):
        state = begin(model, now, published)
        made = first_plan(model, state, known.host, bounds, jitter)
        return Following(state, made, NO_EVIDENCE, model.memory)
    state, learned = observe(
        model, known.state, known.host, now, changed=changed, modified=modified
    )
    host = known.host.plus(learned).within(model.memory)
    asked = usual_price(adaptive, bounds) if price is None else price
    return Following(state, plan(model, state, host, bounds, asked), learned, model.memory)


def usual_price(adaptive: Adaptive, bounds: Bounds) -> float:
    """The price at which an article just published is polled at its first interval."""
    at = datetime.fromisoformat("2000-01-01T00:00:00Z")
    rate = rate_of(adaptive.model, begin(adaptive.model, at), NO_EVIDENCE)
    return bounds.weight * staleness(rate, bounds.first)


def credible(text: str | None) -> datetime | None:
    """The time an article gives, if it is one to the minute with a zone, else None."""
    if text is None or len(text) <= len("2026-01-31T08"):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def to_bytes(state: RateState) -> bytes:
    """A state as storage keeps it: doubles of one width, so that its row does not grow."""
    evidence = state.evidence
    numbers = (
        to_milliseconds(state.at), to_milliseconds(state.published),
        evidence.start_seen, evidence.start_expected,
        evidence.steady_seen, evidence.steady_expected,
        *state.excited,
    )  # fmt: skip
    return struct.pack(f"<{len(numbers)}d", *numbers)


def from_bytes(data: bytes) -> RateState:
    """The state that `to_bytes` wrote."""
    at, published, *rest = struct.unpack(f"<{len(data) // 8}d", data)
    return RateState(
        from_milliseconds(int(at)), from_milliseconds(int(published)), tuple(rest[4:]),
        Evidence(*rest[:4]),
    )  # fmt: skip
