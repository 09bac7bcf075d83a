"""Sentences rewritten in new words count as changed, and true removals as removals."""

from __future__ import annotations

from collections import Counter

from tests.core.findings.rewritten import is_removal, is_right, rewritten

MISSED = frozenset({
    "first-manhunt-over", "second-bomb-alert", "second-brewer-bid", "second-de-bahn",
    "second-gas-leak", "third-cup-draw", "third-plane-crash", "fourth-derby", "fourth-fraud-appeal",
})  # fmt: skip
"""Rewritten, but told as removed: no word of both tells that they are about the same."""

LOST = frozenset({"second-arrested-brother", "fourth-fishing-quota", "fourth-storm-siren"})
"""Removed, but told as reworded: another arrest; two that share the half of their words."""


def test_what_was_rewritten_is_not_gone_and_what_was_replaced_is() -> None:
    assert {pair.id for pair in rewritten() if not is_right(pair)} == MISSED | LOST
    assert {pair.id for pair in rewritten() if is_removal(pair)} >= LOST


def test_there_are_enough_of_both_and_each_has_an_id_of_its_own() -> None:
    assert max(Counter(pair.id for pair in rewritten()).values()) == 1
    counts = Counter(map(is_removal, rewritten()))
    assert counts[True] >= 80
    assert counts[False] >= 150
