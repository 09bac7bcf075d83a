"""Expressions of the configuration: none that is accepted takes long on any text it is used on."""

from __future__ import annotations

import time

import pytest

from watcher.core.regexes import LONGEST, MOST_REPEATS, regex_fault
from watcher.core.sites import LONGEST_TEXT, SiteRules

GOOD = [
    r"^\d+ views$",
    r"(?i)shared \d+(?:,\d{3})* times",
    r"^(?:Foto|Bild|Photo): ",
    r"[(+*]+x",
    r"\(a+\)+",
    r"(ab)+c",
    r"(?:ab){2,3}",
    r"^.{0,20}\bago$",
    r"[]a]+",
    r"a{2}b{,3}",
    r"(?:\d+ )?ago$",
    r"\d+ (?:hours?|days?) ago",
    r"x{a}",
    r"(?:killed|dead|died|wounded|hurt|buried) (?:and|or) (\d+|several) (more|men|women)",
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?P<day>\d+) (?:May|June|July) (\d+|noon)",
    "(a|b)" * 30 + "c",
]
TOO_SLOW = [
    r"(a+)+$",
    r"(\w+\s?)*x",
    r"(?:a|b)*c",
    r"((a+)b)+",
    r"(a{1,500}b)+",
    r"(a{,}b)+",
    r"(a*){2,}b",
    r"(a{1,3})*b",
    r"(a?b?)+c",
    r"(a+){9}b",
    r"(?P<x>a+)+b",
]


@pytest.mark.parametrize("pattern", GOOD)
def test_expressions_that_people_write_are_accepted(pattern: str) -> None:
    assert regex_fault(pattern) is None


@pytest.mark.parametrize("pattern", TOO_SLOW)
def test_expressions_that_could_take_for_ever_are_refused(pattern: str) -> None:
    assert "for ever" in (regex_fault(pattern) or "")


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("", "is empty"),
        ("a" * (LONGEST + 1), "is longer than"),
        ("(", "is no regular expression"),
        ("*", "is no regular expression"),
        ("a{99999999999}", "is no regular expression"),
        ("[[a]", "is no regular expression"),
        ("x*", "is found in an empty text"),
        ("^$", "is found in an empty text"),
        ("(" * 150 + ")" * 150, "is "),
        ("a+b+c+d+e+f", f"the most are {MOST_REPEATS}"),
        ("x" + "a?" * 9, "9 optional parts"),
        ("(a|aa)" * 9 + "b", "9 optional parts or alternatives that begin alike"),
        ("(?:a|A|aa|aaa)" * 5 + "b", "10 optional parts"),
        (r"(?P<x>\w|a)" + r"(\d|1|11|)" * 4 + "b", "9 optional parts"),
        ("((ab|abb)|(ab|abb))" * 5 + "b", "15 optional parts"),
        ("x" + "a{0,9}" * 4, "4 repeats of open length"),
    ],
)
def test_faults_are_named(pattern: str, fault: str) -> None:
    assert fault in (regex_fault(pattern) or "")


@pytest.mark.parametrize("pattern", [r"a+a+a+x", r"a.*a.*a.*b", r"a{0,99}a{0,99}a{0,99}x"])
def test_the_slowest_that_are_accepted_end_long_before_a_page_is_given_up(pattern: str) -> None:
    # On a quarter of the longest text: the time grows with the fourth power at most, and a page
    # may take twenty seconds.
    assert regex_fault(pattern) is None
    rules = SiteRules(drop_text=(pattern,))
    start = time.process_time()
    assert not rules.drops("a" * (LONGEST_TEXT // 4))
    assert time.process_time() - start < 20 / 4**4 * 4


def test_longer_texts_are_not_searched_at_all() -> None:
    rules = SiteRules(drop_text=("a",), keep_text=("a",))
    assert not rules.keeps("a" * (LONGEST_TEXT + 1))
    assert not rules.drops("a" * (LONGEST_TEXT + 1))
    assert rules.keeps("a" * LONGEST_TEXT)
