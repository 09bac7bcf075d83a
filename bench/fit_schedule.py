"""Fits the shipped rate model: python bench/fit_schedule.py

Needs the data folder beside the repository (../shared/data); says so if it is not there. Writes
watcher/core/schedule/fitted.py from the update times of articles that `bench schedule` does not
measure. The weights of evidence and its memory cannot be fitted by likelihood; they were chosen
by replays of such articles and stand in `UNFITTED` below.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench._traces import DAYS, SEED, measured_and_fitted  # noqa: E402
from watcher.core.schedule.fit import LENGTHS, fit  # noqa: E402
from watcher.core.schedule.rate import RateModel  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "update_times"
TARGET = ROOT / "watcher" / "core" / "schedule" / "fitted.py"

UNFITTED = RateModel(
    lengths=LENGTHS,
    excitation=(0.15,) * len(LENGTHS),
    publication=(0.3,) * len(LENGTHS),
    base=0.02 / 86400.0,
    host_weight=2.0,
    article_weight=4.0,
    memory=50.0,
)

TEXT = '''"""The rate model as shipped. Written by bench/fit_schedule.py: change that, not this.

Fitted on {days} days after publication of {described}.
A random choice with seed {seed}; `bench schedule` measures on other articles.
"""

from __future__ import annotations

from watcher.core.schedule.rate import RateModel

FITTED = RateModel(
    lengths={lengths},
    excitation={excitation},
    publication={publication},
    base={base},
    host_weight={host_weight},
    article_weight={article_weight},
    memory={memory},
)
'''


def main() -> int:
    """Fits and writes."""
    if not DATA.is_dir():
        print(f"fit_schedule: there is no data folder at {DATA}; nothing fitted")
        return 3
    _, histories = measured_and_fitted(DATA)
    model = fit(histories, UNFITTED)
    articles = Counter(history.host for history in histories)
    updates = Counter[str]()
    for history in histories:
        updates[history.host] += len(history.updates)
    described = ",\n".join(
        f"{count:,} {name.replace('_', ' ')} ({updates[name]:,} updates)"
        for name, count in articles.items()
    )
    TARGET.write_text(
        TEXT.format(
            days=DAYS,
            described=described,
            seed=SEED,
            lengths=_numbers(model.lengths),
            excitation=_numbers(model.excitation),
            publication=_numbers(model.publication),
            base=f"{model.base:.4g}",
            host_weight=model.host_weight,
            article_weight=model.article_weight,
            memory=model.memory,
        ),
        encoding="utf-8",
    )
    print(f"{TARGET.relative_to(ROOT)}: {sum(model.excitation):.3f} updates follow from one")
    return 0


def _numbers(values: tuple[float, ...]) -> str:
    return (
        "(" + ", ".join(f"{value:.4g}" if value < 1 else f"{value:.1f}" for value in values) + ")"
    )


if __name__ == "__main__":
    sys.exit(main())
