"""The table of pairs and the cases of silent edits: whether they are sound, and what they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from bench._roc import auc, rates
from tests.core.findings import cases, table
from watcher.core.findings.kinds import KINDS

PAIRS = table.pairs()
CASES = cases.composed()
FEWEST = 10

MISSED: frozenset[str] = frozenset()
"""Cases whose verdict is wrong: rules do not say yet which captions state something else."""

PRECISION, RECALL = 0.97, 0.95
PRECISION_OF_A_RULE, RECALL_OF_A_RULE = 0.9, 0.9

NOT_IN_PAIRS = frozenset({
    "unpublished", "restored", "moved", "unreachable", "settled", "stealth-edit",
    "false-freshness",
})  # fmt: skip
"""Findings of events without two texts, and of silence, which stealth.toml judges."""


def test_every_pair_has_an_id_of_its_own() -> None:
    counts = Counter((pair.rule, pair.id) for pair in PAIRS)
    assert [name for name, count in counts.items() if count > 1] == []


def test_there_are_enough_pairs_of_every_rule() -> None:
    assert len(PAIRS) >= 330
    counts = Counter(pair.rule for pair in PAIRS)
    assert {rule: count for rule, count in counts.items() if count < FEWEST} == {}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule}-{pair.id}")
def test_a_pair_names_known_kinds_and_says_what_it_is_about(pair: table.Pair) -> None:
    assert pair.kinds <= KINDS.keys()
    assert pair.kinds
    wanted = {each.kinds[0] for each in pair.expect if len(each.kinds) == 1}
    assert not wanted & pair.never
    assert not pair.may & pair.never


def test_every_kind_is_expected_somewhere() -> None:
    assert KINDS.keys() - table.covered(PAIRS) <= NOT_IN_PAIRS


def test_a_pair_that_cannot_be_read_is_refused() -> None:
    row = {"id": "x", "old": "a", "new": "b"}
    with pytest.raises(ValueError, match="unknown keys"):
        table.pair_of("numbers", {**row, "expects": []})
    with pytest.raises(ValueError, match="cannot read"):
        table.pair_of("numbers", {**row, "expect": ["Number changed"]})


def test_there_are_enough_cases_of_silent_edits() -> None:
    assert len(CASES) >= 40
    assert len({case.id for case in CASES}) == len(CASES)
    assert {case.expect for case in CASES} == set(cases.VERDICTS)


def test_every_seed_with_editions_has_its_verdicts() -> None:
    steps = list(cases.seeds())
    assert {step.expect for step in steps} <= {*cases.VERDICTS, "either"}
    told = {step.id.rpartition(" ")[0] for step in steps}
    several = {path.parent.name for path in cases.SEEDS.glob("*/2.html")}
    assert told == several


def test_the_area_under_the_curve_counts_ties_as_half() -> None:
    assert auc([1, 2, 3, 4], [False, False, True, True]) == 1
    assert auc([4, 3, 2, 1], [False, False, True, True]) == 0
    assert auc([1, 1, 1], [True, False, True]) == 0.5
    assert auc([1, 3, 2], [True, True, False]) == 0.5
    assert auc([1, 2], [True, True]) is None
    assert rates([True, True, False], [True, False, True]) == {"precision": 0.5, "recall": 0.5}


def _shares(pairs: Iterable[table.Pair]) -> tuple[float, float, list[str]]:
    """Precision, recall, and the pairs with something false or missed."""
    verdicts = [table.judge(pair, pair.change().findings) for pair in pairs]
    right = sum(len(verdict.right) for verdict in verdicts)
    false = sum(len(verdict.false) for verdict in verdicts)
    found = sum(len(verdict.found) for verdict in verdicts)
    missed = sum(len(verdict.missed) for verdict in verdicts)
    slips = [f"{v.pair.rule} {v.pair.id}" for v in verdicts if v.false or v.missed]
    return right / (right + false), found / (found + missed), slips


def test_findings_are_right_and_few_are_missed() -> None:
    precision, recall, slips = _shares(PAIRS)
    assert precision >= PRECISION, slips
    assert recall >= RECALL, slips


@pytest.mark.parametrize("rule", sorted({pair.rule for pair in PAIRS}))
def test_no_rule_is_far_behind_the_others(rule: str) -> None:
    precision, recall, slips = _shares(pair for pair in PAIRS if pair.rule == rule)
    assert precision >= PRECISION_OF_A_RULE, slips
    assert recall >= RECALL_OF_A_RULE, slips


@pytest.mark.parametrize("case", [c for c in CASES if c.id not in MISSED], ids=lambda c: c.id)
def test_a_silent_edit_is_told_and_an_open_one_is_not(case: cases.Case) -> None:
    said, findings = case.verdict()
    assert said == case.expect, [f"{f.kind}: {f.old!r} -> {f.new!r}" for f in findings]


def test_no_case_is_called_missed_any_more_that_is_right() -> None:
    assert {case.id for case in CASES if case.verdict()[0] != case.expect} == MISSED


def test_the_seeds_have_the_verdicts_that_people_gave_them() -> None:
    wrong = {c.id for c in cases.seeds() if c.expect not in ("either", c.verdict()[0])}
    assert wrong == set()
