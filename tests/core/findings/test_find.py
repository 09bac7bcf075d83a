"""What find() promises of every rule."""

from __future__ import annotations

from dataclasses import replace

from watcher.api import compare, snapshot
from watcher.core.compare import compare as compare_texts
from watcher.core.findings.comparison import Comparison
from watcher.core.findings.evidence import words_at
from watcher.core.findings.find import find
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding, Span

OLD = snapshot(
    [("paragraph", "Crews reached the valley on Monday."), ("paragraph", "Roads are closed.")],
    headline="Crews reach flooded valley",
    byline="Ana Petrov",
)
NEW = replace(OLD, headline="Crews reach drowned valley", byline="Ana Petrova")


def test_a_change_carries_its_findings_with_the_words_that_prove_them() -> None:
    change = compare(OLD, NEW)
    found = {finding.kind: finding for finding in change.findings}
    assert found["headline-changed"].old == OLD.headline
    assert found["byline-changed"].sentence == "byline Ana Petrov → Ana Petrova"
    assert change.weight == "notable"
    assert change.score == sum(finding.score for finding in change.findings)
    for finding in change.findings:
        assert words_at(OLD, finding.evidence, "old") == finding.old
        assert words_at(NEW, finding.evidence, "new") == finding.new


def test_nothing_is_found_in_two_equal_snapshots() -> None:
    change = compare(OLD, OLD)
    assert (change.findings, change.weight, change.score) == ((), "cosmetic", 0.0)


def test_a_rule_that_raises_costs_only_its_own_findings() -> None:
    def broken(about: Comparison) -> list[Finding]:
        raise KeyError(about.language)

    rule = SimpleRule("broken", ("any",), broken)
    change = find(OLD, NEW, compare_texts(OLD, NEW), extra=[rule])
    assert "broken: failed (KeyError)" in change.coverage
    assert {finding.kind for finding in change.findings} >= {"headline-changed", "byline-changed"}


def test_evidence_that_is_not_there_is_no_finding() -> None:
    def invented(about: Comparison) -> list[Finding]:
        span = Span("new", "headline", 0, 0, 5)
        return [Finding("any", "something", None, "Floods", (span,), "critical", 20.0)]

    rule = SimpleRule("invented", ("any",), invented)
    change = find(OLD, NEW, compare_texts(OLD, NEW), extra=[rule])
    assert "invented: failed (evidence of any that is not there)" in change.coverage
    assert "any" not in {finding.kind for finding in change.findings}


def test_findings_stand_by_weight_then_score_then_place() -> None:
    def several(about: Comparison) -> list[Finding]:
        early, late = Span("new", "paragraph", 0, 0, 5), Span("new", "paragraph", 1, 0, 5)
        before, after = (Span("old", "paragraph", at, 0, 5) for at in (0, 1))
        return [
            Finding("late", "x", None, "Roads", (late,), "notable", 3.0),
            Finding("gone", "x", "Roads", None, (after,), "notable", 3.0),
            Finding("much", "x", None, "Roads", (late,), "notable", 4.0),
            Finding("grave", "x", None, "Roads", (late,), "critical", 1.0),
            Finding("moved", "x", "Roads", "Crews", (early, after), "notable", 3.0),
            Finding("back", "x", "Crews", "Roads", (before, late), "notable", 3.0),
        ]

    rule = SimpleRule("several", ("any",), several)
    told = find(OLD, NEW, compare_texts(OLD, NEW), extra=[rule])
    ours = {"late", "gone", "much", "grave", "moved", "back"}
    order = [each.kind for each in told.findings if each.kind in ours]
    assert order == ["grave", "much", "moved", "back", "gone", "late"]


def test_a_rule_without_its_word_list_is_named_in_the_coverage() -> None:
    rule = SimpleRule("doubts", ("any",), lambda about: (), needs=("hedges",))
    old, new = replace(OLD, language="sv"), replace(NEW, language="sv-SE")
    change = find(old, new, compare_texts(old, new), extra=[rule])
    assert "doubts: no list of hedges for sv" in change.coverage
