"""Sentences rewritten in wholly new words, and true removals with something else in their place.

rewritten.toml holds them, in the format of the table of pairs (table.py). What counts is whether a
statement is said to be gone: of the removals it must be, of the others not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from tests.core.findings.table import Pair, pair_of

FILE = Path(__file__).parent / "rewritten.toml"
REMOVED = "claim-removed"


@lru_cache(maxsize=1)
def rewritten() -> tuple[Pair, ...]:
    """All pairs, in the order of the file."""
    rows = tomllib.loads(FILE.read_text("utf-8"))["pair"]
    return tuple(pair_of("rewritten", row) for row in rows)


def is_removal(pair: Pair) -> bool:
    """Whether a statement was truly taken away."""
    return any(each.kinds == (REMOVED,) for each in pair.expect)


def is_right(pair: Pair) -> bool:
    """Whether a statement is said to be gone where one is, and only there."""
    told = any(finding.kind == REMOVED for finding in pair.change().findings)
    return told == is_removal(pair)


def right_of(pairs: Iterable[Pair]) -> tuple[int, int]:
    """How many of the pairs are judged rightly, and how many there are."""
    verdicts = [is_right(pair) for pair in pairs]
    return sum(verdicts), len(verdicts)
