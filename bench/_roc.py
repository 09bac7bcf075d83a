"""Part of benchmarks: how well a score or a verdict tells two classes apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def auc(scores: Sequence[float], truth: Sequence[bool]) -> float | None:
    """The area under the ROC curve: how often a true one scores above a false one, ties half.

    By the sum of ranks (Mann and Whitney, 1947). None unless there are both.
    """
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + end + 1) / 2
        start = end
    positive = sum(truth)
    negative = len(truth) - positive
    if not positive or not negative:
        return None
    total = sum(rank for rank, is_true in zip(ranks, truth, strict=True) if is_true)
    return (total - positive * (positive + 1) / 2) / (positive * negative)


def rates(said: Sequence[bool], truth: Sequence[bool]) -> dict[str, Any]:
    """Precision and recall of what was said; None where nothing was said, or is true."""
    both = sum(a and b for a, b in zip(said, truth, strict=True))
    return {
        "precision": both / sum(said) if any(said) else None,
        "recall": both / sum(truth) if any(truth) else None,
    }


def best(values: Sequence[float], truth: Sequence[bool], unit: str) -> dict[str, Any]:
    """Precision and recall at the threshold that is best for F1 on these very data."""

    def f1(both: Mapping[str, Any]) -> float:
        p, r = both["precision"] or 0.0, both["recall"] or 0.0
        return 2 * p * r / (p + r) if p + r else 0.0

    options = [(cut, rates([v >= cut for v in values], truth)) for cut in sorted(set(values))]
    cut, figures = max(options, key=lambda option: f1(option[1]))
    return {**figures, "threshold": f"{cut:.0f} {unit}, the best for F1 on these data"}
