"""How well and how fast an article is taken from its page: python bench/extraction.py

Needs the data folder beside the repository (../shared/data); says so if it is not there. The pages
are split by publisher: the develop half is the one to look at when changing the extraction, the
other half tells whether a change generalises. `--worst` lists the worst pages of the former.
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

DATA = ROOT.parent / "shared" / "data"
WORST = 10


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
    if "--no-speed" not in argv:
        print("\n".join(speed.report([*bodies, *reviewed])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
