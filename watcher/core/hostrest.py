"""How long a whole host is left alone after it refused a request. Pure: jitter is passed in."""

from __future__ import annotations

from dataclasses import dataclass

REFUSING = frozenset((429, 503))
"""Statuses by which a host says that it has too much to do (RFC 6585, 4; RFC 9110, 15.6.4)."""

SHORTEST = 10.0
FIRST = 60.0
LONGEST = 3600.0
"""Seconds: the shortest rest; the longest after one refusal, which doubles; and at all."""

LONGEST_ASKED = 24 * 3600.0
"""Seconds of rest that a host may ask for; longer would look like lost articles."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A host asked for patience: for `retry_after` seconds, if it said. `jitter` in [0, 1)."""

    retry_after: float | None
    jitter: float


def rest_after(refusals: int, refusal: Refusal) -> float:
    """Seconds of rest after so many refusals, 1 or more, with nothing else in between.

    Exponential backoff with full jitter (Brooker 2015, "Exponential backoff and jitter"), so that
    several installations which were refused together do not return together; the host's own word
    is a lower bound.
    """
    window = min(FIRST * 2.0 ** min(refusals - 1, 32), LONGEST)
    wait = SHORTEST + (window - SHORTEST) * refusal.jitter
    if refusal.retry_after is None:
        return wait
    return max(wait, min(refusal.retry_after, LONGEST_ASKED))
