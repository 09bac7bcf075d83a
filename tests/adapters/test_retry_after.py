"""Retry-After in both of its forms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import START
from watcher.adapters.net.retry_after import LONGEST, parse_retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("999999999", LONGEST),
        ("9" * 6000, LONGEST),
        ("Mon, 12 Jan 2026 06:02:00 GMT", 120.0),
        ("Monday, 12-Jan-26 06:02:00 GMT", 120.0),
        ("Mon Jan 12 06:02:00 2026", 120.0),
        ("Mon, 12 Jan 2026 08:02:00 +0200", 120.0),
        ("Mon, 12 Jan 2026 05:00:00 GMT", 0.0),
        ("Fri, 12 Jan 2126 05:00:00 GMT", LONGEST),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Mon, 99 Jan 2026 06:02:00 GMT", None),
    ],
)
def test_both_forms_give_seconds_from_now(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, START) == seconds


def test_now_counts() -> None:
    text = "Mon, 12 Jan 2026 06:02:00 GMT"
    assert parse_retry_after(text, START + timedelta(seconds=90)) == 30.0


@given(st.text(max_size=60))
def test_any_text_gives_seconds_within_bounds_or_none(value: str) -> None:
    seconds = parse_retry_after(value, START)
    assert seconds is None or 0.0 <= seconds <= LONGEST
