"""What a hint does to the next poll."""

from __future__ import annotations

import pytest

from tests.storage.builders import T0, minutes
from watcher.core.schedule.hints import hastened


@pytest.mark.parametrize(
    ("due", "last", "sure", "expected"),
    [
        (60, None, True, 0),  # at once
        (60, -0.5, True, 0.5),  # a minute after the last poll
        (0.25, -0.1, True, 0.25),  # never later than it was due
        (60, None, False, 30),  # half of what is left
        (60, 0, False, 30),
        (1.5, None, False, 1),  # not within a minute
        (1, None, False, 1),
        (-5, None, True, -5),
    ],
)
def test_when_the_next_poll_is(due: float, last: float | None, sure: bool, expected: float) -> None:
    polled = None if last is None else minutes(last)
    assert hastened(minutes(due), T0, polled, 60, sure=sure) == minutes(expected)
