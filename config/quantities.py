"""Spans of time and numbers of bytes, as the configuration writes them.

The parsers are as those of config.values.
"""

from __future__ import annotations

import math
import re
from datetime import timedelta

from config.words import shown

LONGEST = timedelta(days=366)
MOST_BYTES = 1024**3
MOST_SPACE = 10**15

QUIET_PATTERN = r"^(never|[0-9]{1,12}(\.[0-9]{1,6})?(ms|s|m|h|d))$"
DURATION_PATTERN = r"^[0-9]{1,12}(\.[0-9]{1,6})?(ms|s|m|h|d)$"
SIZE_PATTERN = r"^[0-9]{1,12}(B|KB|MB|GB|KiB|MiB|GiB)$"
SPACE_PATTERN = r"^[0-9]{1,12}(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$"

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_BYTES |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_WRITTEN = 'a duration in quotes with a unit: "500ms", "30s", "10m", "6h" or "14d"'


def duration(value: object) -> timedelta:
    """A positive time span of at most 366 days."""
    span = _span(value)
    if span <= timedelta(0):
        raise ValueError("must be longer than zero")
    return span


def delay(value: object) -> timedelta:
    """A time span of at most 366 days; zero is allowed."""
    return _span(value)


def _span(value: object) -> timedelta:
    if isinstance(value, timedelta):
        span = value
    elif isinstance(value, str) and re.match(DURATION_PATTERN, value) and value[-1] != "\n":
        unit = value.lstrip("0123456789.")
        seconds = float(value.removesuffix(unit)) * _SECONDS[unit]
        if not math.isfinite(seconds) or seconds > LONGEST.total_seconds():
            raise ValueError(f"must be at most 366 days, but is {shown(value)}")
        span = timedelta(seconds=seconds)
    else:
        raise ValueError(f"must be {_WRITTEN}, but is {shown(value)}")
    if not timedelta(0) <= span <= LONGEST:
        raise ValueError("must be between zero and 366 days")
    return span


def quiet(value: object) -> timedelta:
    """A positive time span of at most 366 days, or "never", which is zero."""
    if value in ("never", timedelta(0)):
        return timedelta(0)
    try:
        return duration(value)
    except ValueError as error:
        raise ValueError(f'{error}; or "never"') from None


def quiet_text(span: timedelta) -> str:
    """What `quiet` reads, as the configuration writes it."""
    return duration_text(span) if span else "never"


def duration_text(span: timedelta) -> str:
    """A time span as the configuration writes it, in the largest unit that divides it."""
    micros = span // timedelta(microseconds=1)
    for unit in ("d", "h", "m", "s", "ms"):
        size = int(_SECONDS[unit] * 1_000_000)
        if micros % size == 0:
            return f"{micros // size}{unit}"
    return f"{micros / 1000}ms"


def size(value: object) -> int:
    """A number of bytes from 1 to 1 GiB."""
    number = -1
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and re.match(SIZE_PATTERN, value) and value[-1] != "\n":
        unit = value.lstrip("0123456789")
        number = int(value.removesuffix(unit)) * _BYTES[unit]
    else:
        raise ValueError(
            f'must be a size such as "10MB", "500KB" or "1GiB", or a number of bytes, '
            f"but is {shown(value)}"
        )
    if not 1 <= number <= MOST_BYTES:
        raise ValueError(f"must be between 1 byte and 1GiB, but is {shown(value)}")
    return number


def space(value: object) -> int:
    """A number of bytes on a disk, from 0 to 1000 TB."""
    number = -1
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and re.match(SPACE_PATTERN, value) and value[-1] != "\n":
        unit = value.lstrip("0123456789")
        number = int(value.removesuffix(unit)) * _BYTES[unit]
    if not 0 <= number <= MOST_SPACE:
        raise ValueError(
            f'must be a size such as "500MB", "20GB" or "1TiB", or "0B" for none, but is'
            f" {shown(value)}"
        )
    return number
