"""Which of a page's times is meant, when several sources give one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

# The farthest that a zone's time is from UTC, and the smallest step between zones.
_FARTHEST = timedelta(hours=14)
_STEP = timedelta(minutes=15)


def best_time(
    texts: Iterable[str | None], read: Callable[[str], str | None]
) -> tuple[str | None, str]:
    """The time that the first understood text gives, and that text.

    A later text is taken instead where it names the same moment more precisely: a clock time on
    the same date, or the same clock time with a zone. `read` gives an ISO text or None.
    """
    best, source = None, ""
    for text in texts:
        if not text or (value := read(text)) is None:
            continue
        if best is None or (_rank(value) > _rank(best) and _may_be_same(best, value)):
            best, source = value, text
        if _rank(best) == 2:
            break
    return best, source


def _rank(value: str) -> int:
    """0 for a date, 1 for a local time, 2 for a time with a zone."""
    return 0 if len(value) == 10 else 2 if value.endswith("Z") else 1


def _may_be_same(vague: str, exact: str) -> bool:
    """True if a date or local time and a more precise value can be one moment, told twice."""
    one, other = datetime.fromisoformat(vague), datetime.fromisoformat(exact).replace(tzinfo=None)
    if _rank(vague) == 0:
        if _rank(exact) == 1:
            return one.date() == other.date()
        return one - _FARTHEST <= other < one + timedelta(days=1) + _FARTHEST
    # to the minute: sources differ in whether they give seconds
    away = one.replace(second=0) - other.replace(second=0)
    return abs(away) <= _FARTHEST and away % _STEP == timedelta()
