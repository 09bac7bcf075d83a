"""SECURITY.md promises only what a test holds it to, and names every test of security."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))


def test_the_tests_that_it_names_exist() -> None:
    assert len(NAMED) > 20
    assert {name for name in NAMED if not (ROOT / name).is_file()} == set()


def test_it_names_every_test_of_security() -> None:
    there = {f"tests/security/{path.name}" for path in (ROOT / "tests/security").glob("test_*.py")}
    assert there - NAMED == set()


def test_every_promise_names_its_tests() -> None:
    promises = PAGE.partition("## What is promised")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(promises) > 6
    assert [each.splitlines()[0] for each in promises if not re.search(r"`tests/", each)] == []


def test_the_readme_leads_to_it() -> None:
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
