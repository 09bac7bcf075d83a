"""Part of bench findings: what looking for findings costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.lexicons import shipped_lexicons
from tests.core.findings.table import pairs
from watcher.core.compare import compare
from watcher.core.findings.find import find
from watcher.core.model import Paragraph, Snapshot

PARAGRAPHS = 40
ROUNDS = 60
_FEW = 8


def measure_speed() -> dict[str, Any]:
    """Milliseconds of processor time for the findings of a change, the median of many rounds.

    The texts are pairs of the table, one paragraph each, so that every rule has something to do.
    """
    edits = [
        (pair.old.paragraphs[0].text, pair.new.paragraphs[0].text)
        for pair in pairs()
        if pair.new.language == "en" and len(pair.old.paragraphs) == len(pair.new.paragraphs) == 1
    ][:: len(pairs()) // (4 * PARAGRAPHS)][:PARAGRAPHS]
    quiet = [(old, old if index % (PARAGRAPHS // _FEW) else new)
             for index, (old, new) in enumerate(edits)]  # fmt: skip
    return {
        "paragraphs": len(edits),
        f"{_FEW} changed": _milliseconds(quiet),
        "all changed": _milliseconds(edits),
    }


def _milliseconds(edits: list[tuple[str, str]]) -> dict[str, float]:
    old = Snapshot(
        headline="", byline=None, published=None, modified=None, language="en",
        paragraphs=tuple(Paragraph("paragraph", text) for text, _ in edits),
    )  # fmt: skip
    new = replace(old, paragraphs=tuple(Paragraph("paragraph", text) for _, text in edits))
    change = compare(old, new)
    lexicons = shipped_lexicons()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        find(old, new, change, lexicons=lexicons)
        times.append(1000 * (time.process_time() - start))
    start = time.process_time()
    for _ in range(_FEW):
        compare(old, new)
    compared = 1000 * (time.process_time() - start) / _FEW
    return {"median": statistics.median(times), "best": min(times), "comparing": compared}


def print_speed(figures: Mapping[str, Any]) -> None:
    """Prints the milliseconds, beside those of the comparison itself."""
    print(f"\nProcessor time of all findings of a change of {figures['paragraphs']} paragraphs\n")
    for name, row in figures.items():
        if isinstance(row, dict):
            print(
                f"{name:14}{row['median']:6.2f} ms (best {row['best']:.2f}); "
                f"comparing the texts {row['comparing']:.2f} ms"
            )
