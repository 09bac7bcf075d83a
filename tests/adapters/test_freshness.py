"""Caches between us and the site say how long they go on giving the same copy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.adapters.net.freshness import LONGEST, parse_fresh_for

DAY = "Mon, 12 Jan 2026 {} GMT"
DATE = ("date", DAY.format("06:00:00"))
LATER = ("expires", DAY.format("06:05:00"))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("cache-control", "max-age=300"), ("age", "100")], 200),
        ([("cache-control", "max-age=300"), ("age", "0")], 300),
        ([("cache-control", "max-age=300")], 0),  # no cache gave it: the site itself did
        ([("cache-control", "public, S-MaxAge = 60 , max-age=9"), ("age", "10")], 50),
        ([("cache-control", 'max-age="300"'), ("age", "100")], 200),
        ([("cache-control", "public"), ("cache-control", "max-age=80"), ("age", "1")], 79),
        ([("cache-control", "max-age=60"), ("age", "3000")], 0),
        ([("cache-control", "max-age=60, no-cache"), ("age", "0")], 0),
        ([("cache-control", "private, max-age=60"), ("age", "0")], 0),
        ([("cache-control", "max-age=soon"), ("age", "0"), DATE, LATER], 0),
        ([("cache-control", "max-age=" + "9" * 400), ("age", "0")], LONGEST),
        ([DATE, LATER, ("age", "60")], 240),
        ([DATE, ("expires", "0"), ("age", "60")], 0),
        ([LATER, ("age", "60")], 0),
        ([("age", "-5"), ("cache-control", "max-age=300")], 0),
        ([], 0),
    ],
)
def test_what_is_left_of_a_copys_life(headers: list[tuple[str, str]], seconds: float) -> None:
    assert parse_fresh_for(tuple(headers)) == seconds


@given(st.lists(st.tuples(st.sampled_from(["age", "cache-control", "expires", "date"]), st.text())))
def test_nothing_that_a_server_says_breaks_it(headers: list[tuple[str, str]]) -> None:
    assert 0.0 <= parse_fresh_for((*headers, ("age", "1"))) <= LONGEST
