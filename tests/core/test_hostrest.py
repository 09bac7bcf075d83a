"""How long a host that refused is left alone."""

from __future__ import annotations

import pytest

from watcher.core.hostrest import LONGEST, LONGEST_ASKED, SHORTEST, Refusal, rest_after


@pytest.mark.parametrize(
    ("refusals", "most"), [(1, 60), (2, 120), (5, 960), (7, 3600), (999, 3600)]
)
def test_the_longest_rest_doubles_and_all_of_it_is_jitter(refusals: int, most: float) -> None:
    assert rest_after(refusals, Refusal(None, 0.0)) == SHORTEST
    assert rest_after(refusals, Refusal(None, 0.5)) == (SHORTEST + most) / 2
    assert most - 1 < rest_after(refusals, Refusal(None, 0.9999)) <= min(most, LONGEST)


def test_the_word_of_the_host_is_a_lower_bound_up_to_a_day() -> None:
    assert rest_after(1, Refusal(1.0, 0.5)) == 35.0
    assert rest_after(1, Refusal(900.0, 0.5)) == 900.0
    assert rest_after(1, Refusal(1e9, 0.5)) == LONGEST_ASKED
