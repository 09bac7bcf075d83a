"""When to poll next."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.storage.builders import T0, minutes
from watcher.core.schedule.fixed import (
    LONGEST_RETRY_AFTER,
    after_content,
    after_failure,
    longest_wait,
)

INTERVALS = st.floats(1, 7 * 24 * 3600)
OFFSETS = st.integers(-(10**7), 10**7).map(lambda ms: timedelta(milliseconds=ms))
JITTER = st.floats(0, 1, exclude_max=True)


@given(OFFSETS, st.integers(1, 10**6))
def test_the_grid_is_kept_exactly(late: timedelta, seconds: int) -> None:
    now = T0 + late
    following = after_content(T0, now, float(seconds))
    assert following > now
    assert (following - T0) % timedelta(seconds=seconds) == timedelta(0)
    assert following == T0 or following - now <= timedelta(seconds=seconds)


@given(INTERVALS, st.lists(st.floats(0, 0.99), max_size=30))
def test_slow_polls_do_not_add_up(interval: float, delays: list[float]) -> None:
    due = T0
    for delay in delays:
        due = after_content(due, due + timedelta(seconds=interval * delay), interval)
    assert due == T0 + len(delays) * timedelta(seconds=interval)


def test_an_early_poll_by_hand_leaves_the_grid() -> None:
    assert after_content(minutes(10), minutes(3), 600) == minutes(10)
    assert after_content(minutes(10), minutes(10), 600) == minutes(20)


def test_missed_points_are_skipped() -> None:
    assert after_content(minutes(0), minutes(35), 600) == minutes(40)


def wait(failures: int, retry_after: float | None = None, jitter: float = 1 - 2**-53) -> float:
    """Seconds of an article polled every ten minutes, at most every two hours."""
    at = after_failure(T0, 600, failures, longest=7200, retry_after=retry_after, jitter=jitter)
    return (at - T0).total_seconds()


def test_waits_double_from_the_third_failure_up_to_the_longest() -> None:
    windows = [600, 600, 1200, 2400, 4800, 7200, 7200, 7200]
    assert [round(wait(n), 6) for n in range(1, 9)] == windows
    assert round(wait(10**6), 6) == 7200
    assert [longest_wait(600, n, 7200) for n in (0, 2, 3, 99)] == [600, 600, 1200, 7200]


def test_retry_after_is_a_lower_bound_within_reason() -> None:
    assert wait(1, retry_after=5) == 600
    assert wait(1, retry_after=3600) == 3600
    assert wait(9, retry_after=10**9) == LONGEST_RETRY_AFTER


@given(INTERVALS, st.integers(1, 10**4), INTERVALS, st.none() | st.floats(0, 10**9), JITTER)
def test_the_next_poll_is_an_interval_away_or_more(
    interval: float, failures: int, longest: float, retry_after: float | None, jitter: float
) -> None:
    at: datetime = after_failure(
        T0, interval, failures, longest=longest, retry_after=retry_after, jitter=jitter
    )
    bound = max(interval, longest, min(retry_after or 0, LONGEST_RETRY_AFTER))
    assert timedelta(seconds=interval) <= at - T0 <= timedelta(seconds=bound)


@given(JITTER, JITTER)
def test_jitter_spreads_only_repeated_failures(one: float, two: float) -> None:
    assert wait(2, jitter=one) == wait(2, jitter=two) == 600
    assert 600 <= wait(9, jitter=one) <= 7200
    assert (wait(9, jitter=one) > wait(9, jitter=two)) <= (one > two)


def test_what_failed_together_does_not_return_together() -> None:
    waits = sorted(wait(5, jitter=n / 100) for n in range(100))
    assert waits[0] == 600  # never at once
    steps = [later - earlier for earlier, later in pairwise(waits)]
    assert max(steps) <= 4800 / 100  # spread over all of the window
