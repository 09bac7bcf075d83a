"""The seeds stand for themselves: every story is whole and its expectations are well-formed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.load import load
from watcher.adapters.net.replay_site import load_story
from watcher.core.model import OPS, EventType, Outcome, Via

SEEDS = Path(__file__).parents[2] / "seeds"
STORIES = sorted(path.name for path in SEEDS.iterdir() if path.is_dir())
KINDS = {"first", "text", "metadata"}
PLACEHOLDERS = {"{{base}}", "{{noise}}", "{{count}}"}
PAGES = sorted(SEEDS.glob("*/*.html"))
ARTICLES = [page for page in PAGES if page.stem.isdecimal()]


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SEEDS / name / "expected.json").read_text("utf-8"))
    return found


def test_the_edge_cases_are_all_there_and_in_the_readme() -> None:
    listed = re.findall(
        r"^\| ([a-z0-9-]+) \|", (SEEDS / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(["story", *STORIES])
    assert len(STORIES) == 18


@pytest.mark.parametrize("name", STORIES)
def test_a_folder_holds_its_story_and_nothing_else(name: str) -> None:
    story = load_story(SEEDS / name)
    assert story.name == name
    assert len(story.steps) >= 2
    used = {step.file for step in story.steps if step.file is not None}
    there = {path.name for path in (SEEDS / name).iterdir()}
    assert there == used | {"story.toml", "expected.json"}


@pytest.mark.parametrize("page", ARTICLES, ids=lambda p: "-".join(p.parts[-2:]))
def test_a_page_is_what_a_publisher_sends(page: Path) -> None:
    html = page.read_text("utf-8")
    assert set(re.findall(r"\{\{.*?\}\}", html)) == PLACEHOLDERS
    assert html.count("<h1") == 1
    assert '<meta property="og:title"' in html
    assert {"<nav", "<footer", "<article"} <= set(re.findall(r"<(?:nav|footer|article)\b", html))
    linked = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert len(linked) == 1
    assert "headline" in json.dumps(json.loads(linked[0]))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: "-".join(p.parts[-2:]))
def test_a_page_reaches_no_other_machine(page: Path) -> None:
    """Not even if a person opens it in a browser."""
    html = page.read_text("utf-8")
    assert set(re.findall(r"\{\{.*?\}\}", html)) <= PLACEHOLDERS
    hosts = {urlsplit(url).hostname for url in re.findall(r'https?://[^"\s<]+', html)}
    assert hosts <= {"schema.org", "ogp.me"}


@pytest.mark.parametrize("name", STORIES)
def test_expectations_are_well_formed(name: str) -> None:
    wanted = expected(name)
    assert list(wanted) == ["versions", "changes", "events", "polls"]
    versions, changes, polls = wanted["versions"], wanted["changes"], wanted["polls"]
    numbers = [version["number"] for version in versions]
    assert numbers == list(range(1, len(versions) + 1))
    assert [(c["from"], c["to"]) for c in changes] == [(n - 1, n) for n in numbers[1:]]
    assert [version["kind"] == "first" for version in versions] == [n == 1 for n in numbers]
    assert {version["kind"] for version in versions} <= KINDS
    assert set(wanted["events"]) <= {str(event) for event in EventType}
    told = [event for pair in polls for poll in pair for event in poll["events"]]
    assert told == wanted["events"]
    assert [len(pair) for pair in polls] == [2] * len(load_story(SEEDS / name).steps)
    outcomes = [poll["outcome"] for pair in polls for poll in pair]
    assert set(outcomes) <= {str(outcome) for outcome in Outcome}
    assert outcomes.count(str(Outcome.NEW_VERSION)) == len(versions)
    for poll in (poll for pair in polls for poll in pair):
        gates: set[str | None] = {str(via) for via in Via}
        if poll["outcome"] == Outcome.QUARANTINED:
            gates |= {None}
        elif poll["outcome"] != Outcome.UNCHANGED:
            gates = {None}
        assert poll["via"] in gates


@pytest.mark.parametrize("name", STORIES)
def test_expected_edits_add_up(name: str) -> None:
    wanted = expected(name)
    counts = {version["number"]: version["paragraphs"] for version in wanted["versions"]}
    for change in wanted["changes"]:
        summary = change["summary"]
        assert set(summary) == {*OPS, "moved"}
        assert summary["split"] == summary["merge"] == 0
        both = summary["equal"] + summary["replace"]
        assert both + summary["delete"] == counts[change["from"]]
        assert both + summary["insert"] == counts[change["to"]]


def test_the_start_list_can_be_used_and_names_placeholders_only() -> None:
    start = load(SEEDS / "start.toml", {})
    assert len(start.settings.stories) == 3
    assert len(start.articles) == 5
    hosts = [urlsplit(article.url).hostname or "" for article in start.articles]
    assert all(host.endswith(".example.org") for host in hosts)
