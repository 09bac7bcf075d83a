"""Fits a rate model to recorded update times, by expectation maximisation.

Every update is shared out among what may have brought it about, in proportion to the rates: the
publication, each earlier update, or nothing; then every part of the model becomes what was
brought about by it over what it had the time for (A. Veen, F. P. Schoenberg: Estimation of
space-time branching process models in seismology using an EM-type algorithm, JASA 103, 2008).
The likelihood never falls, and the result depends on nothing but the data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core.schedule.rate import RateModel

LENGTHS = (600.0, 3600.0, 6 * 3600.0, 24 * 3600.0, 7 * 24 * 3600.0)
"""Of the kernels, in seconds."""

ROUNDS = 60

LEAST = 0.002
"""Updates that a kernel leads to at least: what the data did not show may still happen."""

MOST_EXCITED = 0.95
"""Further updates that one leads to at most: with 1 or more they would never end."""

LEAST_BASE = 1e-4 / (24 * 3600.0)
PRIOR = 1.0
"""Updates that a host is given as evidence of being as usual."""


@dataclass(frozen=True, slots=True)
class History:
    """When an article was updated: seconds after its publication, ascending, and how long it was
    watched."""

    host: str
    updates: tuple[float, ...]
    watched: float


@dataclass(slots=True)
class _Parts:
    """For kernels of excitation, kernels of publication and the base: amounts, in this order."""

    events: list[tuple[int, tuple[float, ...]]]
    exposure: list[list[float]]


def fit(histories: Sequence[History], usual: RateModel, rounds: int = ROUNDS) -> RateModel:
    """The model under which the histories are likeliest; what cannot be fitted is from `usual`.

    Hosts have shares of their own of what follows from publication and of the base, so that one
    with many articles does not speak for all.
    """
    kernels = len(usual.lengths)
    hosts = {name: place for place, name in enumerate(sorted({h.host for h in histories}))}
    parts = _parts(histories, usual.lengths, hosts)
    amounts = [*usual.excitation, *usual.publication, usual.base]
    shares = [[1.0, 1.0] for _ in hosts]
    for _ in range(rounds):
        amounts, shares = _round(parts, amounts, shares, kernels)
    return RateModel(
        lengths=usual.lengths,
        excitation=_bounded(amounts[:kernels]),
        publication=tuple(max(LEAST, amount) for amount in amounts[kernels:-1]),
        base=max(LEAST_BASE, amounts[-1]),
        host_weight=usual.host_weight,
        article_weight=usual.article_weight,
        memory=usual.memory,
    )


def _bounded(excitation: Sequence[float]) -> tuple[float, ...]:
    raised = [max(LEAST, amount) for amount in excitation]
    return tuple(amount * min(1.0, MOST_EXCITED / sum(raised)) for amount in raised)


def _parts(histories: Sequence[History], lengths: Sequence[float], hosts: dict[str, int]) -> _Parts:
    events: list[tuple[int, tuple[float, ...]]] = []
    exposure = [[0.0] * (2 * len(lengths) + 1) for _ in hosts]
    for history in histories:
        place = hosts[history.host]
        own, last, excited = exposure[place], 0.0, [0.0] * len(lengths)
        for at in history.updates:
            if at > history.watched:
                break
            excited = [
                e * math.exp(-(at - last) / length)
                for e, length in zip(excited, lengths, strict=True)
            ]
            begun = [math.exp(-at / length) / length for length in lengths]
            events.append((place, (*excited, *begun, 1.0)))
            for kernel, length in enumerate(lengths):
                excited[kernel] += 1.0 / length
                own[kernel] -= math.expm1(-(history.watched - at) / length)
            last = at
        for kernel, length in enumerate(lengths):
            own[len(lengths) + kernel] -= math.expm1(-history.watched / length)
        own[-1] += history.watched
    return _Parts(events, exposure)


def _round(
    parts: _Parts, amounts: list[float], shares: list[list[float]], kernels: int
) -> tuple[list[float], list[list[float]]]:
    rates = [_times_shares(amounts, share, kernels) for share in shares]
    caused = [[0.0] * len(amounts) for _ in shares]
    for place, event in parts.events:
        of_part = [rate * part for rate, part in zip(rates[place], event, strict=True)]
        whole = sum(of_part)
        if whole > 0.0:
            own = caused[place]
            for part, rate in enumerate(of_part):
                own[part] += rate / whole
    weighed = [
        _times_shares(own, share, kernels)
        for own, share in zip(parts.exposure, shares, strict=True)
    ]
    new = []
    for part, old in enumerate(amounts):
        exposed = sum(own[part] for own in weighed)
        new.append(sum(own[part] for own in caused) / exposed if exposed > 0.0 else old)
    groups = (range(kernels, 2 * kernels), range(2 * kernels, 2 * kernels + 1))
    return new, [
        [
            (PRIOR + sum(seen[part] for part in group))
            / (PRIOR + sum(exposed[part] * new[part] for part in group))
            for group in groups
        ]
        for seen, exposed in zip(caused, parts.exposure, strict=True)
    ]


def _times_shares(amounts: Sequence[float], share: Sequence[float], kernels: int) -> list[float]:
    start, steady = share
    return [
        amount if part < kernels else amount * (start if part < 2 * kernels else steady)
        for part, amount in enumerate(amounts)
    ]
