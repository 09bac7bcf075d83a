"""How often an article changes: a self-exciting process, followed online from what polls saw.

Updates of a developing story excite further updates. The rate of an article's updates is

    rate(t) = steady * base
            + start * sum_k publication_k / length_k * exp(-(t - published) / length_k)
            + sum over updates u before t, sum_k excitation_k / length_k * exp(-(t - u) / length_k)

(A. G. Hawkes: Spectra of some self-exciting and mutually exciting point processes, Biometrika 58,
1971), with exponential kernels of several fixed lengths, so that everything before `t` is one
number a kernel: an update costs the same however long the history is. `start` and `steady` are
shares: how much the article, and its host, does after its publication and of its own accord,
compared with the articles that the model was fitted on. Each has a gamma prior, so that a quiet
time counts as evidence against a high rate, and an update as evidence for it: the conjugate
estimate from interval-censored observations, as polls are (J. Cho, H. Garcia-Molina: Estimating
frequency of change, ACM TOIT 3, 2003).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

MOST_AT_ONCE = 3.0
"""Updates that one changed poll counts as, at most: more were guessed, not seen."""


@dataclass(frozen=True, slots=True)
class RateModel:
    """What was fitted on many articles.

    `lengths` of the kernels in seconds. `excitation` is how many further updates one update
    leads to, `publication` how many a publication leads to, a number for each kernel; `base` are
    updates a second of an article that nothing excites. `host_weight` and `article_weight` are
    how many updates of evidence it takes for a host, and an article of it, to count as much as
    what is known beforehand; `memory` is how many updates of evidence are remembered.
    """

    lengths: tuple[float, ...]
    excitation: tuple[float, ...]
    publication: tuple[float, ...]
    base: float
    host_weight: float
    article_weight: float
    memory: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of updates that no other update brought about.

    `start_seen` followed from publication and `steady_seen` from nothing; the others are how many
    the model expected meanwhile, of shares of 1.
    """

    start_seen: float = 0.0
    start_expected: float = 0.0
    steady_seen: float = 0.0
    steady_expected: float = 0.0

    def within(self, memory: float) -> Evidence:
        """As much of it as is remembered: what the model expects no more than `memory` of."""
        start = min(1.0, memory / max(self.start_expected, memory))
        steady = min(1.0, memory / max(self.steady_expected, memory))
        return Evidence(
            self.start_seen * start,
            self.start_expected * start,
            self.steady_seen * steady,
            self.steady_expected * steady,
        )

    def plus(self, other: Evidence) -> Evidence:
        """Both together."""
        return Evidence(
            self.start_seen + other.start_seen,
            self.start_expected + other.start_expected,
            self.steady_seen + other.steady_seen,
            self.steady_expected + other.steady_expected,
        )


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class RateState:
    """All that is remembered of one article's updates.

    `at` is until when it was observed, `published` when it began, as far as known. `excited`
    is the rate at `at`, in updates a second, that earlier updates left in each kernel.
    """

    at: datetime
    published: datetime
    excited: tuple[float, ...]
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate from one moment on, as long as nothing new is seen.

    `base` in updates a second, and for each kernel what it adds at that moment.
    """

    lengths: tuple[float, ...]
    base: float
    amounts: tuple[float, ...]

    @property
    def now(self) -> float:
        """The rate at that moment, in updates a second."""
        return self.base + sum(self.amounts)

    def expected(self, seconds: float) -> float:
        """Updates expected within the next `seconds`."""
        total = self.base * seconds
        for length, amount in zip(self.lengths, self.amounts, strict=True):
            total -= amount * length * math.expm1(-seconds / length)
        return total


def begin(model: RateModel, at: datetime, published: datetime | None = None) -> RateState:
    """An article that nothing is known of; one published in the future begins now."""
    start = at if published is None or published > at else published
    return RateState(at, start, (0.0,) * len(model.lengths))


def shares(model: RateModel, state: RateState, host: Evidence) -> tuple[float, float]:
    """How much an article does after its publication, and of its own accord (1: as usual)."""
    of, known, own = model.host_weight, model.article_weight, state.evidence
    start = (of + host.start_seen) / (of + host.start_expected)
    steady = (of + host.steady_seen) / (of + host.steady_expected)
    return (
        (known * start + own.start_seen) / (known + own.start_expected),
        (known * steady + own.steady_seen) / (known + own.steady_expected),
    )


def rate_of(model: RateModel, state: RateState, host: Evidence) -> Rate:
    """The rate at `state.at` and after it."""
    start, steady = shares(model, state, host)
    age = (state.at - state.published).total_seconds()
    amounts = tuple(
        excited + start * publication / length * math.exp(-age / length)
        for excited, publication, length in zip(
            state.excited, model.publication, model.lengths, strict=True
        )
    )
    return Rate(model.lengths, steady * model.base, amounts)


def observe(
    model: RateModel,
    state: RateState,
    host: Evidence,
    now: datetime,
    *,
    changed: bool,
    modified: datetime | None = None,
) -> tuple[RateState, Evidence]:
    """What a poll at `now` that saw the article teaches: the new state, and what the host learns.

    `changed` tells whether the article differed from what the poll before saw; several updates
    since then look like one, so as many are counted as the rate makes likely. `modified` is
    the time that the article itself gives for its last update, used if it lies between the polls.
    A `now` before `state.at` teaches nothing of the time between.
    """
    elapsed = max(0.0, (now - state.at).total_seconds())
    at = max(now, state.at)
    decays = tuple(math.exp(-elapsed / length) for length in model.lengths)
    from_start, steadily = _expected(model, state, elapsed)
    fresh = Evidence(0.0, from_start, 0.0, steadily)
    excited = tuple(e * d for e, d in zip(state.excited, decays, strict=True))
    if changed:
        by_others = sum(
            amount * length * (1.0 - decay)
            for amount, length, decay in zip(state.excited, model.lengths, decays, strict=True)
        )
        start, steady = shares(model, state, host)
        whole = start * from_start + steady * steadily + by_others
        count = _likely_count(whole)
        part = 0.0 if whole <= 0.0 else count / whole
        fresh = Evidence(part * start * from_start, from_start, part * steady * steadily, steadily)
        last = None
        if modified is not None and 0.0 <= (now - modified).total_seconds() < elapsed:
            last = (now - modified).total_seconds()
        excited = tuple(
            before + excitation / length * _lasting(count, elapsed, last, length)
            for before, excitation, length in zip(
                excited, model.excitation, model.lengths, strict=True
            )
        )
    evidence = state.evidence.plus(fresh).within(model.memory)
    return RateState(at, state.published, excited, evidence), fresh


def _expected(model: RateModel, state: RateState, elapsed: float) -> tuple[float, float]:
    """Updates expected of shares of 1: those that follow from publication, and the steady ones."""
    age = (state.at - state.published).total_seconds()
    start = sum(
        -publication * math.exp(-age / length) * math.expm1(-elapsed / length)
        for length, publication in zip(model.lengths, model.publication, strict=True)
    )
    return start, model.base * elapsed


def _likely_count(expected: float) -> float:
    """Updates to expect where there was at least one, of a Poisson number with this mean."""
    if expected < 1e-9:
        return 1.0
    return min(expected / -math.expm1(-expected), MOST_AT_ONCE)


def _lasting(count: float, elapsed: float, last: float | None, length: float) -> float:
    """What is left of the kernels of `count` updates: one `last` seconds ago, others before."""
    known = 0.0 if last is None else 1.0
    unknown = elapsed if last is None else elapsed - last
    left = known * math.exp(-(last or 0.0) / length)
    if count > known:
        mean = 1.0
        if unknown > 0.0:
            mean = -math.expm1(-unknown / length) * length / unknown
        left += (count - known) * mean * math.exp(-(last or 0.0) / length)
    return left
