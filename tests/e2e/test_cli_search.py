"""search, timeline and reindex, over a story of seeds/ and over one that is built."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from tests.builders import ArchiveBuilder, snapshot
from tests.command import as_json, configure, watcher
from tests.fakes import START
from watcher.adapters.clock import SystemClock
from watcher.adapters.page.html import extract_snapshot
from watcher.core.model import Outcome
from watcher.core.times import to_text

SEED = Path(__file__).parents[2] / "seeds/kursk-captives"
KYIV = "https://news.example/2025/01/11/north-korean-captives"
POST = "https://post.example/captives"
FOUND = "A second paper has the same news, and a paragraph that nobody else has yet."


def at(minutes: float) -> str:
    return to_text(START + timedelta(minutes=minutes))


def seconds(minutes: float) -> str:
    return f"{START + timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S} UTC"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four versions of the seeded story, ten minutes apart; a second article takes its lead."""
    path = configure(tmp_path, KYIV, POST, story="kursk")
    pages = [
        extract_snapshot((SEED / f"{n}.html").read_bytes(), KYIV, None).snapshot
        for n in range(1, 5)
    ]
    lead = pages[0].paragraphs[0].text
    with ArchiveBuilder(tmp_path / "stories.db", [KYIV, POST], story="kursk") as archive:
        for number, each in enumerate(pages):
            archive.sees(each)
            if number == 0:
                archive.sees(snapshot("Second paper", FOUND, url=POST), 2)
            elif number == 2:
                archive.sees(snapshot("Second paper", FOUND, lead, url=POST), 2)
            archive.wait(600)
        for _ in range(2):
            archive.fails(Outcome.GONE, "404 Not Found", 404, 2)
            archive.wait(600)
        clock = archive.clock
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())
    return path


def test_a_seeded_story_is_searched(config: Path) -> None:
    result = watcher("search", '"January 10"', "--article", "1", config=config)
    assert result.exit_code == 0
    text = " ".join(result.output.split())
    assert "on Friday, [January 10], according to the first accounts" in text
    assert f"appeared in version 2, after {seconds(0)} and by {seconds(10)} gone in" in text
    assert f"gone in version 4, after {seconds(20)} and by {seconds(30)}" in text


def test_gone_and_current_divide_what_is_found(config: Path) -> None:
    def texts(*options: str) -> set[str]:
        done = watcher("search", "January", "--json", *options, config=config)
        return {f"{hit['article']['id']} {hit['text']}" for hit in as_json(done)["hits"]}

    gone, current, either = texts("--gone"), texts("--current"), texts()
    assert gone
    assert current
    assert gone | current == either
    assert not gone & current


def test_json_says_where_when_and_who_was_first(config: Path) -> None:
    with Archive(config.parent / "stories.db") as archive:
        lead = archive.snapshot(1).paragraphs[0].text
    [here, there] = as_json(watcher("search", f'"{lead}"', "--json", config=config))["hits"]
    if here["article"]["id"] == 2:
        here, there = there, here
    assert (here["text"], here["marks"]) == (lead, [[0, len(lead.rstrip("."))]])
    assert there["appearances"] == [
        {
            "place": "text",
            "appeared": {"version": 2, "after": at(0), "before": at(20)},
            "gone": None,
        }
    ]
    assert there["article"]["health"] == "gone"
    for hit in (here, there):
        first = hit["first"]
        assert (first["article"]["id"], first["version"], first["same"]) == (1, 1, "paragraph")
        assert (first["certain"], first["overlaps"], first["articles"]) == (True, [], 2)


def test_nothing_found_is_a_no(config: Path) -> None:
    result = watcher("search", "zebra", config=config)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "watcher: nothing found: no version of any article says that\n"
    result = watcher("search", "January", "--since", "1m", "--json", config=config)
    assert as_json(result, 1)["hits"] == []
    assert "none that the options leave" in result.stderr


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["one", "OR"], "cannot read the search at character 5: OR needs words behind it"),
        (['"one'], "cannot read the search at character 1: this quotation mark is never closed"),
        (["one", "--story", "kurks"], 'no story is named "kurks": did you mean "kursk"?'),
        (["one", "--since", "soon"], '--since "soon" is no time'),
        (["one", "--gone", "--current"], "exclude each other"),
    ],
)
def test_wrong_use_is_told_in_one_line(config: Path, typed: list[str], told: str) -> None:
    result = watcher("search", *typed, config=config)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("width", [60, 200])
def test_pages_fit_their_width(config: Path, width: int) -> None:
    for call in (["search", "captured OR January"], ["timeline", "kursk"]):
        result = watcher(*call, config=config, env={"COLUMNS": str(width)})
        longest = max(result.output.splitlines(), key=len)
        assert len(longest) <= width or KYIV in longest, longest


def test_the_timeline_tells_all_of_it_in_order(config: Path) -> None:
    result = watcher("timeline", "kursk", config=config)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "story kursk, 2 articles; times are UTC"
    assert lines.count(f"{START:%Y-%m-%d}") == 1
    text = " ".join(result.output.split())
    order = [
        "1 The Harbour Ledger version 1 (first seen)",
        "2 post.example version 1 (first seen)",
        "1 The Harbour Ledger version 2",
        "1 The Harbour Ledger version 3",
        "2 post.example version 2",
        "1 The Harbour Ledger version 4",
        "2 post.example unpublished",
    ]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert "1 paragraph stood in article 1 (The Harbour Ledger) before" in text
    assert "Corrected: article 1 (The Harbour Ledger), version 4." in text
    assert "article 2 (post.example), when unpublished." in text
    assert "article 1 (The Harbour Ledger) certainly had 1 shared paragraph first." in text
    assert "who was first cannot be known, as article 2" in text


def test_the_timeline_is_narrowed_and_turned(config: Path) -> None:
    def shown(*options: str) -> list[tuple[int, int | None]]:
        done = as_json(watcher("timeline", "kursk", "--json", *options, config=config))
        return [(each["article"], each["version"]) for each in done["entries"]]

    assert shown("--since", at(20), "--until", at(30)) == [(1, 3), (2, 2), (1, 4)]
    assert shown("--reverse") == shown()[::-1]
    assert shown("--since", "40m") == [(1, 3), (2, 2), (1, 4), (2, None)]
    result = watcher("timeline", "kursk", "--since", "2030-01-01", config=config)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nothing was seen" in result.stderr


def test_the_index_is_made_anew_where_verify_finds_it_wrong(config: Path) -> None:
    before = watcher("search", "January", config=config).output
    db = sqlite3.connect(config.parent / "stories.db", isolation_level=None)
    db.execute("DELETE FROM search_data")
    db.close()
    result = watcher("verify", "--quick", config=config)
    assert result.exit_code == 1
    assert "archive  search: the search index" in result.output
    assert "`watcher reindex` mends it" in result.output
    made = as_json(watcher("reindex", "--json", config=config))
    assert made["articles"] == 2
    assert watcher("verify", "--quick", config=config).exit_code == 0
    assert watcher("search", "January", config=config).output == before
