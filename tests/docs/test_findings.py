"""docs/findings.md says what the rules do: every kind, its weight, its score, its example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.findings.table import pair_of
from watcher.core.findings.kinds import KINDS, SCORES
from watcher.core.findings.registry import CONCLUDING, LOOKING

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| `") and "|---" not in line
]
EXAMPLES = [row for row in ROWS if len(row) == 6]
BESIDE = [row for row in ROWS if len(row) == 4]


def test_every_kind_is_explained() -> None:
    told = {kind for row in (*EXAMPLES, *BESIDE) for kind in re.findall(r"`([a-z-]+)`", row[0])}
    assert told == set(KINDS)
    assert {kind for rule in (*LOOKING, *CONCLUDING) for kind in rule.kinds} <= told


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row[0].strip("`"))
def test_an_example_is_what_the_rules_find(row: list[str]) -> None:
    kind, weight, score, before, after, sentence = row
    texts = {"old": before.split(" ¶ "), "new": after.split(" ¶ ")}
    found = pair_of("docs", {"id": kind, **texts}).change().findings
    told = [(each.weight, f"{each.score:g}", each.sentence) for each in found]
    kinds = [each.kind for each in found]
    assert told[kinds.index(kind.strip("`"))] == (weight, score, sentence)


def test_the_weights_and_scores_beside_the_text_are_those_of_the_kinds() -> None:
    first: dict[str, tuple[str, str]] = {}
    for names, weight, score, _ in BESIDE:
        for kind in re.findall(r"`([a-z-]+)`", names):
            first.setdefault(kind, (weight, score))
            assert float(score) == SCORES[weight] or kind == "stealth-edit"  # type: ignore[index]
    # a headline's usual weight is the one between the two others
    first["headline-changed"] = ("notable", "5")
    wanted = {kind: (KINDS[kind].weight, f"{KINDS[kind].score:g}") for kind in first}
    assert first == wanted
