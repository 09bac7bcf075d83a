"""watcher simulate: recorded update times, replayed by each policy."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ArchiveBuilder, snapshot
from tests.command import as_json, watcher

HOURLY = [f"2026-03-01T{hour:02}:{hour * 7 % 50 + 3:02}:20Z" for hour in range(24)]


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """An article that changes every hour for a day, and nine that do not."""
    lines = [{"article": "https://news.example/flood", "updates": HOURLY}]
    lines += [{"article": f"advice/{n}", "updates": [HOURLY[0]]} for n in range(9)]
    path = tmp_path / "flood.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def simulate(*arguments: object) -> Any:
    return as_json(watcher("simulate", "--requests-per-hour", 20, *arguments, "--json"))


def test_adaptive_polls_see_updates_sooner_for_as_many_requests(trace: Path) -> None:
    plain = simulate("--trace", trace, "--policy", "fixed", "--days", 7)
    learned = simulate("--trace", trace, "--policy", "adaptive", "--days", 7)
    assert learned["requests"] == pytest.approx(20 * 24 * 7, rel=0.03)
    assert plain["requests"] == pytest.approx(20 * 24 * 7, rel=0.03)
    late, soon = plain["delay_seconds"], learned["delay_seconds"]
    assert late["updates"] == soon["updates"] == 23
    assert soon["mean"] < late["mean"] / 1.5


@pytest.mark.parametrize("policy", ["adaptive", "fixed", "age-table", "backoff"])
def test_every_policy_has_its_figures(trace: Path, policy: str) -> None:
    text = watcher("simulate", "--trace", trace, "--policy", policy, "--requests-per-hour", 20)
    assert text.exit_code == 0
    assert text.stdout.startswith(f"10 articles, 14 days, {policy}\n")
    assert "23" in text.stdout


def test_figures_by_file_and_packed_files(trace: Path, tmp_path: Path) -> None:
    other = tmp_path / "quiet.jsonl.gz"
    other.write_bytes(gzip.compress(trace.read_bytes()))
    found = simulate("--trace", trace, "--trace", other, "--policy", "fixed", "--days", 1)
    assert found["articles"] == 20
    assert list(found["by_file"]) == ["flood", "quiet"]


def test_the_history_of_an_archive_is_replayed(tmp_path: Path) -> None:
    config = tmp_path / "watcher.toml"
    config.write_text(
        'database = "stories.db"\n[[story]]\nname = "flood"\nurls = ["https://news.example/flood"]\n'
    )
    with ArchiveBuilder(tmp_path / "stories.db") as builder:
        for text in ("one", "two", "three"):
            builder.sees(snapshot("Flood", f"The river rose, {text}."))
            builder.wait(600)
    result = watcher(
        "simulate", "--from-archive", "--requests-per-hour", 6, "--policy", "fixed",
        "--days", 1, "--json", config=config,
    )  # fmt: skip
    assert as_json(result)["delay_seconds"]["updates"] == 2


def test_what_the_configuration_says_holds_for_the_history_of_the_archive(tmp_path: Path) -> None:
    config = tmp_path / "watcher.toml"
    with ArchiveBuilder(tmp_path / "stories.db") as builder:
        for text in ("one", "two", "three"):
            builder.sees(snapshot("Flood", f"The river rose, {text}."))
            builder.wait(7200)

    def found(told: str, per_hour: int) -> Any:
        config.write_text(
            'database = "stories.db"\n[[story]]\nname = "flood"\n'
            f'urls = ["https://news.example/flood"]\n{told}'
        )
        asked = ("simulate", "--from-archive", "--requests-per-hour", per_hour, "--days", 1)
        return as_json(watcher(*asked, "--json", config=config))

    model = (
        f"[model]\nexcitation = {[0.9, *[0.001] * 4]}\npublication = {[0.001] * 5}\n"
        "base_per_day = 0.001\n"
    )
    assert found('[polling]\nmin_interval = "9m"\n', 60)["requests"] <= 24 * 60 / 9 + 1
    usual, own = found("", 4), found(model, 4)
    assert usual == found("", 4)
    assert usual["delay_seconds"] != own["delay_seconds"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1"),
        ('{"article": "a"}', "line 1"),
        ('{"article": "a", "updates": []}', "line 1"),
        ('{"article": "a", "updates": ["yesterday"]}', "line 1"),
        ("[1]", "line 1"),
        ("", "no article"),
    ],
)
def test_a_file_that_is_no_trace_is_refused(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line + "\n")
    result = watcher("simulate", "--trace", path, "--requests-per-hour", 20)
    assert result.exit_code == 2
    assert said in result.stderr


def test_one_source_of_times_is_named(trace: Path) -> None:
    for arguments in ((), ("--trace", trace, "--from-archive")):
        result = watcher("simulate", "--requests-per-hour", 20, *arguments)
        assert result.exit_code == 2
        assert "--trace FILE" in result.stderr
