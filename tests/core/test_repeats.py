"""A failure that lasts, or comes and goes, is said in a bounded number of lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import watcher.core.repeats
from watcher.core.repeats import WAITS, Repeated, Repeats

START = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def test_a_failure_is_said_at_once_and_then_at_growing_intervals() -> None:
    repeats = Repeats()
    said = {
        minute: told.count
        for minute in range(4 * 24 * 60)
        if (told := repeats.failed("x", "no answer", at(minute))) is not None
    }
    assert list(said) == [0, 10, 70, 430, 430 + 1440, 430 + 2 * 1440, 430 + 3 * 1440]
    # Nothing is lost of the count: every failure is in one line.
    assert list(said.values()) == [1, 10, 60, 360, 1440, 1440, 1440]


def test_its_end_is_said_with_what_was_not_said_before() -> None:
    repeats = Repeats()
    for minute in range(5):
        repeats.failed("x", "no answer", at(minute))
    assert repeats.succeeded("x", at(5)) == Repeated(4, START)
    assert repeats.succeeded("x", at(6)) is None
    assert repeats.succeeded("y", at(6)) is None


def test_another_reason_is_news_but_not_without_end() -> None:
    repeats = Repeats()
    said = [repeats.failed("x", f"reason {n}", at(n / 100)) for n in range(50)]
    assert [told is not None for told in said] == [True] * 4 + [False] * 46


def test_what_comes_and_goes_is_said_no_more_often() -> None:
    repeats = Repeats()
    lines = 0
    for minute in range(0, 24 * 60, 2):
        lines += repeats.failed("x", "no answer", at(minute)) is not None
        lines += repeats.succeeded("x", at(minute + 1)) is not None
    assert lines == 8  # four beginnings in a day, each with its end


def test_after_a_calm_the_next_failure_is_news() -> None:
    repeats = Repeats()
    repeats.failed("x", "no answer", at(0))
    repeats.succeeded("x", at(1))
    assert repeats.failed("x", "no answer", at(5)) is None
    repeats.succeeded("x", at(6))
    assert repeats.failed("x", "no answer", at(66)) == Repeated(1, at(66), is_news=True)
    repeats.succeeded("x", at(67))
    assert repeats.succeeded("x", at(200)) is None
    assert repeats._things == {}


def test_a_clock_that_is_set_back_silences_nobody() -> None:
    repeats = Repeats()
    repeats.failed("x", "no answer", at(10_000))
    assert repeats.failed("x", "no answer", at(0)) is not None


def test_things_are_told_apart_and_the_oldest_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher.core.repeats, "MOST_THINGS", 3)
    repeats = Repeats()
    said = [repeats.failed(n, "no answer", START) for n in range(5)]
    assert said == [Repeated(1, START, is_news=True)] * 5
    assert list(repeats._things) == [2, 3, 4]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3600)), max_size=200))
def test_however_it_fails_the_lines_are_bounded_and_every_failure_is_counted(
    steps: list[tuple[bool, int]],
) -> None:
    repeats, now, lines, counted, failed = Repeats(), START, 0, 0, 0
    for fails, seconds in steps:
        now += timedelta(seconds=seconds)
        failed += fails
        told = repeats.failed("x", "r", now) if fails else repeats.succeeded("x", now)
        if told is not None:
            lines += 1
            counted += told.count
    assert counted <= failed
    # One beginning and one end in each of the shortest waits, at the very most.
    assert lines <= 2 * ((now - START) / WAITS[0] + 1)
