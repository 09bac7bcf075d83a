"""Quiet hours: by the clock on the wall of a time zone, whatever is done to that clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start`, which belongs to them, to `end`, which does not; over midnight if it is less.

    `zone_name` is for people.
    """

    start: time
    end: time
    zone: tzinfo = UTC
    zone_name: str = "UTC"

    def holds(self, moment: datetime) -> bool:
        """Whether the clock reads a time of the quiet hours at an aware moment."""
        reading = moment.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= reading < self.end
        return reading >= self.start or reading < self.end

    def end_after(self, moment: datetime) -> datetime:
        """The first moment from this one on that is not quiet, in UTC.

        On the nights when the clock is changed a reading comes twice, or never: there the hours
        are followed minute by minute, so that they end as soon as the clock reads no time of them.
        """
        moment = moment.astimezone(UTC)
        while self.holds(moment):
            local = moment.astimezone(self.zone)
            later = moment + self._left(local.time())
            if later.astimezone(self.zone).utcoffset() != local.utcoffset():
                later = moment.replace(second=0, microsecond=0) + _MINUTE
            moment = later
        return moment

    def _left(self, reading: time) -> timedelta:
        """What the clock has to go on until it reads the end."""
        left = _since_midnight(self.end) - _since_midnight(reading)
        return left if left > timedelta(0) else left + _DAY

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone_name}"


def _since_midnight(reading: time) -> timedelta:
    return timedelta(
        hours=reading.hour,
        minutes=reading.minute,
        seconds=reading.second,
        microseconds=reading.microsecond,
    )
