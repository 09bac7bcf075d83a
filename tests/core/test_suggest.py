"""Texts that go on changing by themselves: what is suggested, and what never is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from watcher.api import compare, snapshot
from watcher.core.model import Change, Snapshot
from watcher.core.suggest import Suggestion, suggestions

LEAD = "The river rose two metres overnight, the council said in a statement on Monday."


def steps(*versions: Sequence[str], headlines: str = "") -> list[tuple[Change, Snapshot, Snapshot]]:
    made = [
        snapshot([("paragraph", text) for text in (LEAD, *texts)], headline=f"River {mark}")
        for texts, mark in zip(versions, headlines.ljust(len(versions)), strict=True)
    ]
    return [(compare(old, new), old, new) for old, new in pairwise(made)]


def test_a_text_that_counts_up_alone_is_suggested_with_what_would_drop_it() -> None:
    found = suggestions(steps(*([f"Bookmarked by {n:,} of you (+3.5)"] for n in range(998, 1003))))
    (one,) = found
    assert one == Suggestion(
        "Bookmarked by 1,002 of you (+3.5)", r"^Bookmarked by [\d.,:]+ of you \(\+[\d.,:]+\)$", 4
    )
    assert re.search(one.pattern, "Bookmarked by 12 of you (+4)")
    assert not re.search(one.pattern, "Bookmarked by many of you (+4)")


def test_two_that_change_together_are_both_suggested() -> None:
    found = suggestions(steps(*([f"{n} claps", f"{n} saves"] for n in range(4))))
    assert [each.text for each in found] == ["3 claps", "3 saves"]


@pytest.mark.parametrize(
    "versions",
    [
        [["1 clap"], ["2 claps"], ["3 claps"]],
        [["1 claps"], ["2 claps"], ["3 claps"], ["4 claps", "News."]],
        [
            ["1 claps"],
            ["2 claps"],
            ["3 claps", "News."],
            ["4 claps", "News."],
            ["5 claps", "News."],
        ],
        [["1 claps"], ["1 saves"], ["2 claps"], ["2 saves"]],
        [[f"{LEAD} It now stands at {n} metres."] for n in range(5)],
        [],
    ],
    ids=["too-few", "news-now", "news-lately", "words", "long", "none"],
)
def test_nothing_is_suggested_where_it_could_be_news(versions: list[list[str]]) -> None:
    assert suggestions(steps(*versions)) == ()


def test_a_headline_that_changes_too_is_news() -> None:
    assert suggestions(steps(*([f"{n} claps"] for n in range(5)), headlines="aaaab")) == ()
    found = suggestions(steps(*([f"{n} claps"] for n in range(6)), headlines="abbbbb"))
    assert [each.changes for each in found] == [4]


def test_what_would_make_a_dangerous_expression_is_not_suggested() -> None:
    assert suggestions(steps(*([f"{n} of 2 of 3 of 4 of 5"] for n in range(5)))) == ()
