"""How well and how fast an article is taken from its page: python bench/extraction.py

Needs the data folder beside the repository (../shared/data); says so if it is not there. The pages
are split by publisher: the develop half is the one to look at when changing the extraction, the
other half tells whether a change generalises. `--worst` lists the worst pages of the former. The
noise rows are a sample of what bench/noise.py measures in full; `--no-noise` leaves them out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import bench._extraction_metadata as metadata  # noqa: E402
import bench._extraction_pages as pages  # noqa: E402
import bench._extraction_scores as scores  # noqa: E402
import bench._extraction_speed as speed  # noqa: E402
import bench._noise_report as noise  # noqa: E402
from bench._noise_judge import judge_page  # noqa: E402
from bench._noise_pairs import pairs_report  # noqa: E402
from bench._noise_speed import speed_report  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
WORST = 10
EVERY = 15


def main(argv: Sequence[str]) -> int:
    """Prints the table, with `--worst` the ten worst pages of each measure. 3 without data."""
    if not DATA.is_dir():
        print(f"bench extraction: there is no data folder at {DATA}; nothing measured")
        return 3
    worst = WORST if "--worst" in argv else 0
    bodies, reviewed = pages.read_bodies(DATA), pages.read_reviewed(DATA)
    for lines in (scores.bodies(bodies, worst), scores.paragraphs(reviewed, worst)):
        print("\n".join(lines))
    print("\n".join(metadata.report(DATA, worst=bool(worst))))
    print("\n".join(scores.gates([*bodies, *reviewed])))
    if "--no-noise" not in argv:
        print("\n".join(_noise([*bodies, *reviewed])))
    if "--no-speed" not in argv:
        print("\n".join(speed_report([page.body for page in (*bodies, *reviewed)])))
        print("\n".join(speed.report([*bodies, *reviewed])))
    return 0


def _noise(saved: Sequence[pages.Page]) -> list[str]:
    """The shares of a few mutations, and the pairs that people judged."""
    results = [judge_page(page, rounds=1, seed=1) for page in saved[::EVERY]]
    return [
        f"noise gate: a SAMPLE, one mutation of each kind on every {EVERY}th page "
        f"({len(results)} pages); the full run is `python3 dev.py bench noise`",
        *(f"  {line}" for line in noise.shares(results)),
        *(f"  noise_html_pairs, {line}" for line in pairs_report(DATA / "noise_html_pairs")),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
