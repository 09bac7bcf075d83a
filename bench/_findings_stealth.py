"""Part of bench findings: verdicts on silent edits, and on sentences rewritten or removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bench._findings_pairs import told
from tests.core.findings.cases import Case, composed, seeds
from tests.core.findings.rewritten import is_removal, rewritten, right_of


def measure_stealth() -> dict[str, Any]:
    """How many verdicts are right, composed cases and seeds apart, and those that are not."""
    return {"cases": _measure(composed()), "seeds": _measure(seeds())}


def _measure(cases: Iterable[Case]) -> dict[str, Any]:
    count = right = 0
    wrong = []
    for case in cases:
        said, findings = case.verdict()
        count += 1
        if said == case.expect or case.expect == "either":
            right += 1
        else:
            row = {"id": case.id, "expected": case.expect, "said": said}
            wrong.append({**row, "findings": list(map(told, findings))})
    return {"count": count, "right": right, "wrong": wrong}


def measure_rewritten() -> dict[str, Any]:
    """How many rewritten sentences are not told as removed, and how many removals are."""
    pairs = rewritten()
    removals = [pair for pair in pairs if is_removal(pair)]
    others = [pair for pair in pairs if not is_removal(pair)]
    found = {"rewritten": right_of(others), "removed": right_of(removals)}
    return {name: {"right": right, "count": count} for name, (right, count) in found.items()}


def print_rewritten(figures: Mapping[str, Any]) -> None:
    """Prints both counts."""
    print("\nSentences in other words, and removals with something else in their place\n")
    for name, row in figures.items():
        print(f"{name:12}{row['right']:>4} right of {row['count']}")


def print_stealth(figures: Mapping[str, Any]) -> None:
    """Prints both counts and every wrong verdict."""
    print("\nVerdicts on silent edits\n")
    for name, row in figures.items():
        print(f"{name:8}{row['right']:>4} right of {row['count']}")
        for wrong in row["wrong"]:
            print(f"    {wrong['id']}: {wrong['said']}, not {wrong['expected']}")
