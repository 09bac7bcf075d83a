"""When to try a delivery again. Pure: attempts are counted by the caller, jitter is passed in."""

from __future__ import annotations

SCHEDULE = (0.0, 5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
"""Seconds before attempt 1, 2, … as the Standard Webhooks specification recommends."""

LONGEST_RETRY_AFTER = 24 * 3600.0


def wait_after(attempts: int, *, retry_after: float | None, jitter: float) -> float | None:
    """Seconds to wait after `attempts` failed attempts; None when the delivery is dead.

    `jitter` in [0, 1) adds up to a tenth, so that an endpoint which comes back is not met by
    everything at once. The endpoint's Retry-After is a lower bound.
    """
    if attempts >= len(SCHEDULE):
        return None
    wait = SCHEDULE[attempts] * (1 + jitter / 10)
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
    return wait


def is_success(status: int) -> bool:
    """Only 2xx settles a delivery; a redirect is a failure."""
    return 200 <= status < 300


def disables_endpoint(status: int) -> bool:
    """410 Gone: the receiver asks for nothing more."""
    return status == 410
