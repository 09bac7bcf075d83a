"""Kills the daemon with SIGKILL hundreds of times and counts what was lost: it must be nothing.

    python3 dev.py bench torture [--kills 300] [--lanes 2] [--articles 4] [--seed N] [--json]

Each lane is an archive of its own with a publisher whose articles change all the time and a
receiver that refuses, delays, drops, resets and ignores: two endpoints that are told at once, two
as alerts say. The daemon is `watcher run`. What is counted, and what must hold, stands in
bench/_torture_judging.py, which the tests use as well.
Exit status 1 if anything was lost or is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._torture_judging import Judgement, judge
from bench._torture_killing import tortured
from watcher.adapters.workers.extraction_pool import ExtractionPool

NAMES = {
    "kills": "kills",
    "served": "versions served",
    "due": "of them online for longer than the interval while one daemon was up",
    "seen": "of them given to a daemon that lived to ask for the article again",
    "stored": "versions stored",
    "events": "events",
    "deliveries": "deliveries of them to four endpoints, alone or in a digest",
    "digests": "digests",
    "arrivals": "arrivals of them at the receiver",
    "duplicates": "duplicates: accepted more than once",
}


Lane = tuple[Judgement, Counter[str]]


async def lane(folder: Path, seed: int, kills: int, articles: int) -> Lane:
    """One archive from its first daemon to its judgement."""
    # A daemon's life is up to five seconds: long enough for editions that it had to see.
    async with tortured(
        folder, seed, articles=articles, longest=5.0, quick=0.8, slow=8.0
    ) as torture:
        began = time.monotonic()

        def told() -> None:
            if torture.kills % 10 == 0:
                spent = time.monotonic() - began
                sys.stderr.write(f"{folder.name}: {torture.kills} kills in {spent:.0f} s\n")

        await torture.kill_often(kills, told)
        await torture.come_to_rest()
        pool = ExtractionPool()
        try:
            return await judge(torture, pool), torture.moments
        finally:
            await pool.aclose()


async def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """All lanes; gives the sums."""
    share, rest = divmod(arguments.kills, arguments.lanes)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.lanes):
            os.mkdir(f"{folder}/lane-{number}")  # noqa: PTH102
        done = await asyncio.gather(
            *(
                lane(Path(folder, f"lane-{n}"), arguments.seed + n, share + (n < rest),
                     arguments.articles)
                for n in range(arguments.lanes)
            )
        )  # fmt: skip
    total: dict[str, Any] = {
        each.name: sum(
            (getattr(judgement, each.name) for judgement, _ in done),
            start=[] if each.name in ("losses", "faults") else 0,
        )
        for each in fields(Judgement)
    }
    moments: Counter[str] = sum((found for _, found in done), Counter())
    return {**total, "moments": dict(moments), "lanes": [asdict(found) for found, _ in done]}


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--lanes", type=int, default=2, help="archives tortured side by side")
    parser.add_argument("--articles", type=int, default=4, help="articles of each archive")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    began = time.monotonic()
    found = asyncio.run(run(arguments))
    if arguments.json:
        print(json.dumps(found, indent=1))
    else:
        for name, told in NAMES.items():
            print(f"{found[name]:>8}  {told}")
        print(f"{len(found['losses']):>8}  losses")
        print(f"{len(found['faults']):>8}  faults")
        moments = ", ".join(f"{count} {name}" for name, count in sorted(found["moments"].items()))
        print(f"killed while {moments}; {time.monotonic() - began:.0f} s in all")
        for line in (*found["losses"], *found["faults"]):
            print(f"  {line}")
    return 1 if found["losses"] or found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
