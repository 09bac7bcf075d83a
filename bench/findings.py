"""What findings get right and what they miss: python3 dev.py bench findings

The table of pairs and the cases of silent edits (tests/core/findings) are always there. Two more
measures need the data folder beside the repository (../shared/data); without it they are left out,
in so many words. bench/README.md tells how each figure is got.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from bench._findings_pairs import measure_pairs, print_pairs, show_pairs  # noqa: E402
from bench._findings_real import (  # noqa: E402
    measure_essays,
    measure_notes,
    print_essays,
    print_notes,
    show_essays,
    show_notes,
)
from bench._findings_speed import measure_speed, print_speed  # noqa: E402
from bench._findings_stealth import (  # noqa: E402
    measure_rewritten,
    measure_stealth,
    print_rewritten,
    print_stealth,
)

DATA = ROOT.parent / "shared" / "data"


def main(argv: Sequence[str]) -> int:
    """Prints the figures; 0 always, as there is no figure that must be."""
    parser = argparse.ArgumentParser(prog="bench findings", description=__doc__)
    parser.add_argument("--show", metavar="KIND", help="misses and false findings; all for any")
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    parser.add_argument("--data", type=Path, default=DATA, help="the data folder")
    parser.add_argument("--examples", type=int, default=0, help="mistakes on real texts to list")
    options = parser.parse_args(argv)
    told: dict[str, Any] = {
        "pairs": measure_pairs(),
        "stealth": measure_stealth(),
        "rewritten": measure_rewritten(),
    }
    if options.data.is_dir():
        told["noted_updates"] = measure_notes(options.data)
        told["essays"] = measure_essays(options.data)
    told["speed"] = measure_speed()
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    _print(told, options)
    return 0


def _print(told: dict[str, Any], options: argparse.Namespace) -> None:
    print_pairs(told["pairs"])
    if options.show:
        show_pairs(told["pairs"], options.show)
    print_stealth(told["stealth"])
    print_rewritten(told["rewritten"])
    if "essays" in told:
        print_notes(told["noted_updates"])
        show_notes(told["noted_updates"], options.examples)
        print_essays(told["essays"])
        show_essays(told["essays"], options.examples)
    else:
        print(f"\nThere is no data folder at {options.data}: real updates and essays not measured")
    print_speed(told["speed"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
