"""Part of bench findings: verdicts on silent edits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from _findings_pairs import told

from tests.core.findings.cases import Case, composed, seeds


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


def print_stealth(figures: Mapping[str, Any]) -> None:
    """Prints both counts and every wrong verdict."""
    print("\nVerdicts on silent edits\n")
    for name, row in figures.items():
        print(f"{name:8}{row['right']:>4} right of {row['count']}")
        for wrong in row["wrong"]:
            print(f"    {wrong['id']}: {wrong['said']}, not {wrong['expected']}")
