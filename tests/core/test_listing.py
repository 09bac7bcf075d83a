"""Which entries of feeds and sitemaps belong to a story, and when a source is looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes import START
from watcher.core.listing import Item, Matcher, listed, wait_after

WEEK = timedelta(days=7)
RIVER = Item(
    "https://news.example/2026/river-tops-wall",
    "River tops the quay wall",
    "Crews moved two hundred people out of Übermühle.",
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("river wall",), True),
        (("WALL River",), True),
        (("river dam",), False),
        (("river dam", "crews"), True),
        (("riv",), False),
        (("übermühle",), True),
        (("tops-wall",), True),
        ((), False),
    ],
)
def test_all_words_of_one_phrase_must_occur(words: tuple[str, ...], expected: bool) -> None:
    assert Matcher(words).matches(RIVER) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("quay|dam", True),
        ("^River", True),
        ("/2026/", True),
        ("two hundred", True),
        ("^wall", False),
    ],
)
def test_a_pattern_is_found_in_title_summary_or_url(pattern: str, expected: bool) -> None:
    assert Matcher(("dam",), pattern).matches(RIVER) is expected


def test_the_newest_first_each_once_and_nothing_unusable() -> None:
    def entry(path: str, hours: float | None) -> Item:
        when = None if hours is None else START - timedelta(hours=hours)
        return Item(f"https://news.example{path}", "flood", updated=when)

    entries = (
        entry("/old", 5), entry("/undated", None), entry("/new", 1), entry("/new?utm_source=a", 2),
        Item("ftp://news.example/flood", "flood"), entry("/past", 24 * 8), entry("/ahead", -48),
    )  # fmt: skip
    found = listed(entries, Matcher(("flood",)), START, WEEK)
    assert [(each.item.url.partition(".example")[2], each.wanted) for each in found] == [
        ("/ahead", True), ("/new", True), ("/old", True), ("/past", False), ("/undated", True),
    ]  # fmt: skip
    assert found[0].item.updated is None


def test_failures_wait_longer_with_full_jitter() -> None:
    assert wait_after(600, 0, None, 0.9) == 600
    assert wait_after(600, 1, None, 0.0) == 600
    assert wait_after(600, 2, None, 0.5) == 1500
    assert wait_after(600, 99, None, 0.999) == pytest.approx(6 * 3600, rel=0.01)
    assert wait_after(86_400, 99, None, 0.5) == 86_400
    assert wait_after(600, 1, 7000.0, 0.5) == 7000
