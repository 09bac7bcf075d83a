"""How soon is an update seen, for a number of requests: python bench/schedule.py

Needs the data folder beside the repository (../shared/data); says so if it is not there. 100 live
blogs, 300 fire incidents and 100 advice pages are replayed for 14 days, all beginning at once, by
each policy with the same number of requests. The shipped rate model was fitted on other articles
of the same sources (bench/fit_schedule.py). Exit status: 0 if the budget was kept, 1 if it was
not, 3 without data. Whether the delays are those that were aimed at is printed, not judged.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench._known_rates import known_rates  # noqa: E402
from bench._traces import DAY, DAYS, measured_and_fitted  # noqa: E402
from watcher.core.schedule.adaptive import Bounds  # noqa: E402
from watcher.core.schedule.budget import Budget  # noqa: E402
from watcher.core.schedule.choosers import (  # noqa: E402
    Adaptive,
    age_table,
    backoff,
    fixed,
    scaled,
)
from watcher.core.schedule.fitted import FITTED  # noqa: E402
from watcher.core.schedule.traces import (  # noqa: E402
    Replayed,
    Trace,
    by_group,
    replay,
    summed_up,
)

DATA = ROOT.parent / "shared" / "data" / "update_times"
AIMS = {30: 1.7, 60: 3.4, 120: 7.5}
"""Mean delay in minutes that was aimed at, by the interval that the budget would pay for."""

SLOWEST = 1.7
"""Times the delay of a fixed interval, for the slowest group."""

BOUNDS = Bounds(first=600.0, shortest=60.0, longest=6 * 3600.0)
WEIGHTS = (3.0, 10.0)
KNOWN_FOR = (1, 3, 6, 24)
"""Hours: a policy that knows how much happens in so many shows what the bounds leave possible."""

FAIR_PRICE = 300.0
"""In update-seconds: where the search begins for the one price that spends the budget if no hour
is bounded. It shows what the bound of an hour costs."""


def main(argv: Sequence[str]) -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="bench schedule", description=__doc__)
    parser.add_argument("--budgets", type=int, nargs="+", default=list(AIMS), metavar="MINUTES")
    arguments = parser.parse_args(argv)
    if not DATA.is_dir():
        print(f"bench schedule: there is no data folder at {DATA}; nothing measured")
        return 3
    traces, histories = measured_and_fitted(DATA)
    print(f"{len(traces)} articles, {DAYS} days; fitted on {len(histories)} others")
    print("delays in minutes: mean / median; requests of the budget; most in an hour but the first")
    return max([_budget(traces, minutes) for minutes in arguments.budgets])


def _budget(traces: Sequence[Trace], minutes: int) -> int:
    per_hour, seconds = len(traces) * 60.0 / minutes, DAYS * DAY
    wanted = per_hour * DAYS * 24

    def adaptive(budget: Budget, weight: float = 1.0) -> Replayed:
        own = [replace(t, weight=weight if t.group == "advice_pages" else 1.0) for t in traces]
        return replay(own, Adaptive(own, FITTED, budget, BOUNDS), seconds)

    def one_price(scale: float) -> Adaptive:
        return Adaptive(traces, FITTED, Budget(per_hour), BOUNDS, FAIR_PRICE * scale * scale)

    print(f"\nas if each were polled every {minutes} minutes: {per_hour:g} requests an hour")
    plain = replay(traces, fixed(minutes * 60.0), seconds)
    learned = adaptive(Budget(per_hour))
    rows = {
        "fixed": plain,
        "table by age": scaled(traces, age_table, wanted, seconds),
        "backing off": scaled(traces, backoff, wanted, seconds),
        "adaptive": learned,
        **{f"  advice x {weight:g}": adaptive(Budget(per_hour), weight) for weight in WEIGHTS},
        "  hours unbounded": scaled(traces, one_price, wanted, seconds),
    }
    for name, replayed in rows.items():
        print(_row(name, traces, replayed, wanted, per_hour))
    for peak, told in ((1.5, "hours bounded"), (None, "hours unbounded")):
        figures = ", ".join(
            f"{_known(traces, per_hour, hours, peak):.2f} (in {hours} h)" for hours in KNOWN_FOR
        )
        print(f"  no less, {told}, if the number of updates were known beforehand: {figures}")
    return _verdict(traces, plain, learned, minutes, wanted, per_hour)


def _known(traces: Sequence[Trace], per_hour: float, hours: int, peak: float | None) -> float:
    """In minutes."""
    shortest = BOUNDS.shortest
    return known_rates(traces, per_hour, hours, days=DAYS, peak=peak, shortest=shortest) / 60


def _row(
    name: str, traces: Sequence[Trace], replayed: Replayed, wanted: float, per_hour: float
) -> str:
    whole = summed_up([delay for own in replayed.delays for delay in own])
    groups = by_group(traces, replayed.delays)
    told = "  ".join(
        f"{group.split('_')[0]} {own.mean / 60:.1f}/{own.median / 60:.1f}"
        for group, own in groups.items()
    )
    return (
        f"  {name:18} {whole.mean / 60:6.2f} /{whole.median / 60:6.2f}   "
        f"{replayed.made / wanted:6.1%}  {_peak(replayed) / per_hour:5.2f}x   {told}"
    )


def _peak(replayed: Replayed) -> int:
    return max(count for hour, count in replayed.by_hour.items() if hour > 0)


def _verdict(
    traces: Sequence[Trace],
    plain: Replayed,
    learned: Replayed,
    minutes: int,
    wanted: float,
    per_hour: float,
) -> int:
    mean = summed_up([delay for own in learned.delays for delay in own]).mean / 60
    aim = AIMS.get(minutes)
    if aim is not None:
        print(f"  mean {mean:.2f}, aimed at {aim}: {'reached' if mean <= aim else 'not reached'}")
    before, after = by_group(traces, plain.delays), by_group(traces, learned.delays)
    slowest = max(after[group].mean / before[group].mean for group in after)
    print(f"  slowest group against the fixed interval: {slowest:.2f}x, at most {SLOWEST}x wanted")
    kept = abs(learned.made / wanted - 1) <= 0.02 and _peak(learned) <= 1.5 * per_hour
    print(f"  requests within 2 % and 1.5x in an hour: {'yes' if kept else 'no'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
