"""Who had it first, out of windows alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from watcher.core.firsts import Claim, First, first_of

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def claim(article: int, after: int | None, by: int, version: int = 1) -> Claim:
    known = None if after is None else START + timedelta(minutes=after)
    return Claim(article, version, known, START + timedelta(minutes=by))


def test_nobody_is_first_without_a_claim() -> None:
    assert first_of([]) is None


def test_a_window_that_ends_before_the_others_begin_is_certain() -> None:
    one, two = claim(1, 20, 30), claim(2, 0, 10)
    assert first_of([one, two]) == First(two, ())
    assert first_of([claim(1, 10, 30), two]) == First(two, ())


def test_windows_that_overlap_leave_it_open() -> None:
    late, early = claim(1, 5, 30), claim(2, 0, 10)
    assert first_of([late, early]) == First(early, (late,))


def test_what_was_there_at_the_first_look_may_have_been_there_for_long() -> None:
    there, seen = claim(1, None, 60), claim(2, 0, 10)
    assert first_of([there, seen]) == First(seen, (there,))
    assert first_of([claim(1, None, 0), claim(2, 0, 10)]) == First(claim(1, None, 0), ())


def test_an_article_counts_by_what_it_had_first() -> None:
    again = claim(1, 50, 60, version=4)
    assert first_of([again, claim(1, 0, 10), claim(2, 10, 20)]) == First(claim(1, 0, 10), ())


TIMES = st.integers(0, 20)
CLAIMS = st.builds(
    lambda article, after, length, known: claim(
        article, after if known else None, after + 1 + length
    ),
    st.integers(1, 4), TIMES, TIMES, st.booleans(),
)  # fmt: skip


@given(st.lists(CLAIMS, min_size=1, max_size=8), st.randoms())
def test_certain_means_that_no_truth_contradicts_it(claims: list[Claim], random: object) -> None:
    first = first_of(claims)
    assert first is not None
    assert first == first_of(reversed(claims))
    rest = {each.article_id for each in claims} - {first.claim.article_id}
    if first.is_certain:
        # Even if it came as late as it can, and all others as early as they can.
        for other in rest:
            earliest = min((c for c in claims if c.article_id == other), key=lambda c: c.by)
            assert earliest.after is not None
            assert earliest.after >= first.claim.by
