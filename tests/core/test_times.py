"""Times as text: of one width, in time order, there and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.times import from_text, to_text, whole_milliseconds

AWARE = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001  # the strategy adds the zone
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=st.builds(timezone, st.integers(-1439, 1439).map(lambda m: timedelta(minutes=m))),
)


@given(AWARE)
def test_there_and_back_keeps_milliseconds(when: datetime) -> None:
    text = to_text(when)
    assert len(text) == len("2026-01-31T08:05:00.000Z")
    assert from_text(text) == whole_milliseconds(when.astimezone(UTC))
    assert from_text(text).utcoffset() == timedelta(0)


@given(AWARE, AWARE)
def test_text_order_is_time_order(one: datetime, two: datetime) -> None:
    one, two = (whole_milliseconds(when.astimezone(UTC)) for when in (one, two))
    assert (to_text(one) < to_text(two)) == (one < two)


def test_the_form_is_the_one_of_the_formats_page() -> None:
    when = datetime(2026, 1, 31, 10, 5, 0, 7999, tzinfo=timezone(timedelta(hours=2)))
    assert to_text(when) == "2026-01-31T08:05:00.007Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        to_text(datetime(2026, 1, 31))  # noqa: DTZ001
