"""When to try a delivery again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.retry import (
    LONGEST_RETRY_AFTER,
    SCHEDULE,
    disables_endpoint,
    is_success,
    wait_after,
)

HOUR = 3600.0


def test_the_schedule_is_the_promised_one_and_then_it_is_dead() -> None:
    waits = [wait_after(made, retry_after=None, jitter=0) for made in range(9)]
    assert waits == [0, 5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR, None]


@given(st.integers(0, 20), st.none() | st.floats(0, 10**9), st.floats(0, 1, exclude_max=True))
def test_jitter_only_adds_a_little_and_retry_after_is_a_lower_bound(
    made: int, retry_after: float | None, jitter: float
) -> None:
    wait = wait_after(made, retry_after=retry_after, jitter=jitter)
    if made >= len(SCHEDULE):
        assert wait is None
        return
    asked = min(retry_after or 0, LONGEST_RETRY_AFTER)
    assert wait is not None
    assert max(SCHEDULE[made], asked) <= wait <= max(SCHEDULE[made] * 1.1, asked)


@pytest.mark.parametrize(
    ("status", "success", "disables"),
    [(199, False, False), (200, True, False), (204, True, False), (299, True, False),
     (300, False, False), (301, False, False), (304, False, False), (404, False, False),
     (410, False, True),
     (429, False, False), (500, False, False)],
)  # fmt: skip
def test_what_an_answer_means(status: int, success: bool, disables: bool) -> None:
    assert is_success(status) is success
    assert disables_endpoint(status) is disables
