"""Quiet hours by the clock on the wall, on nights when that clock is changed too."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.alerts.quiet import QuietHours

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "moment", "ends"),
    [
        # Berlin is one hour ahead of UTC in winter, two in summer.
        ("22:00", "07:00", "2026-01-10T20:59:59", None),
        ("22:00", "07:00", "2026-01-10T21:00", "2026-01-11T06:00"),
        ("22:00", "07:00", "2026-01-11T05:59:59.999", "2026-01-11T06:00"),
        ("22:00", "07:00", "2026-01-11T06:00", None),
        ("22:00", "07:00", "2026-07-10T20:00", "2026-07-11T05:00"),
        ("12:00", "13:30", "2026-07-10T10:00:30", "2026-07-10T11:30"),
        ("12:00", "13:30", "2026-07-10T11:30", None),
        # The night of 29 March has no 02:00 to 03:00, and is an hour shorter.
        ("22:00", "07:00", "2026-03-28T21:00", "2026-03-29T05:00"),
        ("22:00", "02:30", "2026-03-28T23:00", "2026-03-29T01:00"),
        # That of 25 October has them twice, and is an hour longer.
        ("22:00", "07:00", "2026-10-24T20:00", "2026-10-25T06:00"),
        ("22:00", "02:30", "2026-10-24T23:50", "2026-10-25T00:30"),
        ("22:00", "02:30", "2026-10-25T01:10", "2026-10-25T01:30"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(
    start: str, end: str, moment: str, ends: str | None
) -> None:
    hours = QuietHours(time.fromisoformat(start), time.fromisoformat(end), BERLIN, "Europe/Berlin")
    assert hours.holds(at(moment)) is (ends is not None)
    assert hours.end_after(at(moment)) == at(ends or moment)
    assert str(hours) == f"{start}-{end} Europe/Berlin"


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
CLOCK = st.times(timezones=st.none()).map(lambda t: t.replace(second=0, microsecond=0, fold=0))


@given(
    CLOCK,
    CLOCK,
    st.sampled_from(ZONES),
    st.integers(0, 31_536_000).map(lambda n: at("2026-01-01T00:00") + timedelta(seconds=n)),
)
def test_the_end_is_the_first_moment_that_is_not_quiet(
    start: time, end: time, zone: str, moment: datetime
) -> None:
    if start == end:
        return
    hours = QuietHours(start, end, ZoneInfo(zone), zone)
    ends = hours.end_after(moment)
    assert not hours.holds(ends)
    assert moment <= ends <= moment + timedelta(hours=26)
    minute = ends.replace(second=0, microsecond=0)
    while (minute := minute - timedelta(minutes=7)) > moment:
        assert hours.holds(minute)
