"""watcher findings, and the findings in log and diff, over real archives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.builders import ArchiveBuilder, snapshot
from tests.command import as_json, configure, dangerous, watcher
from tests.fakes import START
from watcher.core.model import Outcome
from watcher.core.times import to_text

FLOOD, DAM = "https://news.example/flood", "https://news.example/dam"
OLD = replace(
    snapshot("Aller floods lower town", "The river rose overnight.", byline="Ana Petrov"),
    language="en",
)
NEW = replace(OLD, headline="Aller floods the lower town", byline="Ana Petrova")
HOSTILE = "Evil \x1b]0;owned\x07\x1b[31mred\x9b2J \u202etxet\u202c end"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two articles: one changes, the other goes and comes back."""
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD, DAM]) as archive:
        archive.sees(OLD)
        archive.sees(replace(OLD, url=DAM), 2)
        archive.wait(600)
        archive.sees(NEW)
        for _ in range(2):
            archive.wait(600)
            archive.fails(Outcome.GONE, "404 Not Found", 404, article=2)
    return configure(tmp_path, FLOOD, DAM)


def kinds(config: Path, *options: str) -> list[str]:
    found = as_json(watcher("findings", "--json", *options, config=config))["findings"]
    return [each["kind"] for each in found]


def test_findings_stand_newest_first_and_those_of_a_change_heaviest_first(config: Path) -> None:
    found = as_json(watcher("findings", "--json", config=config))["findings"]
    assert [each["kind"] for each in found[:2]] == ["unpublished", "headline-changed"]
    gone, headline = found[0], found[1]
    assert (gone["version"], gone["event"], gone["weight"]) == (
        None, "article.unpublished", "critical",
    )  # fmt: skip
    assert headline["window"] == {
        "after": to_text(START), "before": to_text(START + timedelta(minutes=10)),
    }  # fmt: skip
    assert (headline["article"]["id"], headline["version"]) == (1, 2)
    assert (headline["old"], headline["new"]) == (OLD.headline, NEW.headline)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--kind", "byline-changed"], {"byline-changed"}),
        (["--kind", "unpublished", "--kind", "byline-changed"], {"unpublished", "byline-changed"}),
        (["--weight", "critical"], {"unpublished"}),
        (["--since", to_text(START + timedelta(minutes=15))], {"unpublished"}),
        (["--article", "2"], {"unpublished"}),
        (["--story", "flood", "-n", "1"], {"unpublished"}),
    ],
)
def test_findings_can_be_chosen(config: Path, options: list[str], wanted: set[str]) -> None:
    assert set(kinds(config, *options)) == wanted


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--kind", "byline-changd"], 2, 'did you mean "byline-changed"?'),
        (["--since", "once"], 2, "is no time"),
        (["--story", "other"], 1, "there is no such finding"),
        (["--since", "1s"], 1, "there is no such finding"),
    ],
)
def test_what_cannot_be_answered_is_told(
    config: Path, options: list[str], status: int, told: str
) -> None:
    result = watcher("findings", *options, config=config)
    assert result.exit_code == status
    assert told in result.stderr


@pytest.mark.parametrize("width", [60, 200])
def test_no_line_is_wider_than_the_terminal(config: Path, width: int) -> None:
    result = watcher("findings", config=config, env={"COLUMNS": str(width)})
    assert result.exit_code == 0
    assert "  critical  unpublished" in result.stdout
    assert all(cell_len(line) <= width for line in result.stdout.splitlines())


def test_log_and_diff_carry_weight_sentence_and_findings(config: Path) -> None:
    log = watcher("log", "1", config=config).stdout
    assert "version 2  notable, score " in log
    newest = as_json(watcher("log", "1", "--json", config=config))["versions"][0]
    assert newest["weight"] == "notable"
    assert newest["findings"][0]["kind"] == "headline-changed"
    shown = watcher("diff", "1", config=config).stdout
    assert f"notable: {newest['sentence']}" in shown.replace("\n", " ")
    page = watcher("diff", "1", "--format", "html", config=config).stdout
    assert f'<p class="meaning">notable: {newest["sentence"]}</p>' in page
    change = as_json(watcher("diff", "1", "--json", config=config))
    assert [each["kind"] for each in change["findings"]] == kinds(config, "--article", "1")


def test_words_that_are_too_long_to_be_stored_are_cut_out_of_the_texts(tmp_path: Path) -> None:
    long = "A " + "very " * 60 + "long byline"
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
        archive.sees(OLD)
        archive.sees(replace(OLD, byline=long))
    config = configure(tmp_path, FLOOD)
    (found,) = as_json(watcher("findings", "--json", config=config))["findings"]
    assert (found["old"], found["new"]) == ("Ana Petrov", long)


def test_no_finding_talks_to_the_terminal(tmp_path: Path) -> None:
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
        archive.sees(OLD)
        archive.sees(replace(OLD, byline=HOSTILE))
    config = configure(tmp_path, FLOOD)
    for command in (["findings"], ["log", "1"], ["diff", "1"], ["findings", "--json"]):
        assert dangerous(watcher(*command, config=config).stdout) == []
