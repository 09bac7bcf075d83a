"""Is noise told from news: python bench/noise.py

Needs the data folder beside the repository (../shared/data); says so if it is not there. Every
saved page is mutated in seeded, random ways, inside its article and outside of it, and put
through the gate of a poll: the fast fingerprint, then the extraction. Exit status: 0 if the
fingerprint hid nothing, 1 if it did, 3 without data.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import bench._extraction_pages as pages  # noqa: E402
import bench._noise_report as report  # noqa: E402
from bench._noise_gate import gate_report  # noqa: E402
from bench._noise_judge import judge_page  # noqa: E402
from bench._noise_pairs import pairs_report  # noqa: E402
from bench._noise_speed import speed_report  # noqa: E402

DATA = ROOT.parent / "shared" / "data"


def main(argv: Sequence[str]) -> int:
    """Prints the tables."""
    arguments = _arguments(argv)
    if not DATA.is_dir():
        print(f"bench noise: there is no data folder at {DATA}; nothing measured")
        return 3
    saved = [*pages.read_bodies(DATA), *pages.read_reviewed(DATA)]
    print("\n".join(speed_report([page.body for page in saved])))
    print("\n".join(gate_report(saved)))
    print("\n".join(pairs_report(DATA / "noise_html_pairs")))
    if arguments.rounds < 1:
        return 0
    chosen = saved[:: arguments.every]
    with ProcessPoolExecutor(arguments.processes) as pool:
        results = list(
            pool.map(judge_page, chosen, repeat(arguments.rounds), repeat(arguments.seed))
        )
    print("\n".join(report.pages(results)))
    for lines in (report.inside, report.outside):
        print("\n".join(lines(results, arguments.show)))
    print("\n".join([*report.anywhere(results), "", *report.shares(results)]))
    every = [one for result in results for one in result.judged]
    return 1 if any(one.group != "outside" and report.is_hidden(one) for one in every) else 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench noise", description="Is noise told from news?")
    parser.add_argument("--rounds", type=int, default=2, help="mutations of each kind a page")
    parser.add_argument("--every", type=int, default=1, help="take every N-th page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="examples of each fault")
    parser.add_argument("--processes", type=int, default=None)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
