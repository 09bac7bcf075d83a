"""list, log, show and diff over an archive with a history."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import ArchiveBuilder, snapshot
from tests.command import as_json, configure, dangerous, watcher
from tests.fakes import START
from watcher.adapters.clock import SystemClock
from watcher.cli.output import Progress
from watcher.core.model import Outcome
from watcher.core.times import to_text

FLOOD = "https://news.example/flood"
DAM = "https://news.example/dam"
HOSTILE = "Evil \x1b]0;owned\x07\x1b[31mred\x9b2J \u202etxet\u202c end"


def at(minutes: int) -> str:
    return to_text(START + timedelta(minutes=minutes))


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An article with four versions, failures and a gap between them; another never seen."""
    path = configure(tmp_path, FLOOD, DAM)
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD, DAM]) as archive:
        archive.sees(snapshot("River rises", "The river rose by two metres.", "Roads are shut."))
        archive.wait(600)
        archive.unchanged()
        archive.wait(600)
        archive.fails(Outcome.GONE, "404 Not Found", 404)
        archive.wait(600)
        archive.fails(Outcome.GONE, "404 Not Found", 404)
        archive.wait(600)
        second = snapshot("River rises fast", "The river rose by three metres.", "Roads are shut.")
        archive.sees(second)
        archive.wait(600)
        archive.sees(snapshot("River rises", "The river rose by two metres.", "Roads are shut."))
        archive.wait(4 * 3600)
        archive.sees(
            snapshot(
                "River rises",
                "The river rose by two metres.",
                "Roads are shut.",
                modified="2026-01-12T10:00:00Z",
            )
        )
        now = archive.clock.now()
    monkeypatch.setattr(SystemClock, "now", lambda self: now)
    return path


def test_list_shows_every_article_with_its_last_change(config: Path) -> None:
    lines = watcher("list", config=config).stdout.splitlines()
    assert lines[0].split() == ["ID", "STORY", "HEALTH", "VERSIONS", "LAST", "CHANGE", "ARTICLE"]
    assert lines[1].split()[:4] == ["1", "flood", "live", "4"]
    assert "2026-01-12 06:50:00–10:50:00 UTC" in lines[1]
    assert lines[1].endswith("River rises")
    assert lines[2].split()[:6] == ["2", "flood", "new", "0", "never", "seen"]
    assert lines[2].endswith(DAM)


def test_list_as_json(config: Path) -> None:
    flood, dam = as_json(watcher("list", "--json", config=config))["articles"]
    assert (flood["id"], flood["url"], flood["versions"]) == (1, FLOOD, 4)
    assert flood["last_change"] == {"after": at(50), "before": at(290)}
    assert flood["polls"] == 7
    assert (dam["headline"], dam["last_change"], dam["last_outcome"]) == (None, None, None)


def test_list_of_an_unknown_story_is_a_no(config: Path) -> None:
    result = watcher("list", "--story", "fire", config=config)
    assert (result.exit_code, result.stdout) == (1, "")
    assert 'no article belongs to a story "fire"' in result.stderr
    assert as_json(watcher("list", "--story", "fire", "--json", config=config), 1) == {
        "articles": []
    }


def test_list_names_a_removed_article_and_one_that_waits(config: Path, tmp_path: Path) -> None:
    configure(tmp_path, FLOOD, DAM, "https://news.example/new")
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]):
        pass
    result = watcher("list", config=config)
    assert result.stdout.splitlines()[2].split()[2] == "removed"
    assert "2 configured articles are not in the archive yet" in result.stderr


def test_log_tells_the_whole_history_newest_first(config: Path) -> None:
    text = watcher("log", "river", config=config).stdout
    wanted = [
        "article 1, story flood: https://news.example/flood",
        "live; 7 polls, the last at 2026-01-12 10:50:00 UTC",
        "version 4  cosmetic, score 0.1, metadata only",
        "changed     after 2026-01-12 06:50:00 UTC",
        "and by 2026-01-12 10:50:00 UTC",
        "Only the modified time changed",
        "nobody looked: 2026-01-12 06:50:00–10:50:00 UTC",
        "revert of 1",
        "version 2",
        "headline changed",
        "gone: 404 Not Found, 2 polls, 2026-01-12 06:20:00–06:30:00 UTC",
        "version 1",
        "first seen  2026-01-12 06:00:00 UTC",
        "seen until  2026-01-12 06:10:00 UTC",
    ]
    rest = text
    for each in wanted:
        assert each in rest
        rest = rest.partition(each)[2]


def test_log_stops_after_as_many_versions_as_asked_for(config: Path) -> None:
    text = watcher("log", "1", "-n", "2", config=config).stdout
    assert "version 3" in text
    assert "version 2" not in text
    assert "404" not in text


def test_log_as_json_has_versions_runs_and_events(config: Path) -> None:
    found = as_json(watcher("log", "1", "--json", config=config))
    assert [v["number"] for v in found["versions"]] == [4, 3, 2, 1]
    assert [v["kind"] for v in found["versions"]] == ["metadata", "text", "text", "first"]
    assert [v["revert_of"] for v in found["versions"]] == [None, 1, None, None]
    assert found["versions"][2]["window"] == {"after": at(10), "before": at(40)}
    assert found["versions"][3]["window"] is None
    gone = next(run for run in found["runs"] if run["outcome"] == "gone")
    assert (gone["polls"], gone["first_at"], gone["last_at"]) == (2, at(20), at(30))
    types = [event["type"] for event in reversed(found["events"])]
    assert types[:3] == ["article.unpublished", "article.restored", "article.updated"]
    assert found["article"]["urls"] == [FLOOD]


def test_log_says_that_nobody_has_looked_since(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda self: START + timedelta(days=2))
    text = watcher("log", "1", config=config).stdout
    assert "nobody has looked since 2026-01-12 10:50:00 UTC" in text


@pytest.mark.parametrize(
    ("wanted", "headline"),
    [
        ("1", "River rises"),
        ("1@2", "River rises fast"),
        ("1@first", "River rises"),
        ("flood@2026-01-12T06:45:00Z", "River rises fast"),
        (f"{FLOOD}@2", "River rises fast"),
    ],
)
def test_show_prints_the_version_that_is_meant(config: Path, wanted: str, headline: str) -> None:
    assert watcher("show", wanted, config=config).stdout.splitlines()[0] == headline


def test_show_as_json(config: Path) -> None:
    found = as_json(watcher("show", "1@2", "--json", config=config))
    assert found["version"]["number"] == 2
    assert found["headline"] == "River rises fast"
    assert found["paragraphs"][1] == {"kind": "paragraph", "text": "Roads are shut."}


@pytest.mark.parametrize(
    ("wanted", "pair"),
    [
        ((), (3, 4)),
        (("2",), (1, 2)),
        (("1..3",), (1, 3)),
        (("2..",), (2, 4)),
        (("..2",), (1, 2)),
        (("first..latest",), (1, 4)),
        (("2026-01-12T06:00Z..2026-01-12T06:45Z",), (1, 2)),
        (("3..2",), (3, 2)),
    ],
)
def test_diff_takes_the_versions_that_are_meant(
    config: Path, wanted: tuple[str, ...], pair: tuple[int, int]
) -> None:
    found = as_json(watcher("diff", "1", *wanted, "--json", config=config))
    assert (found["from"]["version"], found["to"]["version"]) == pair


def test_diff_shows_the_change_in_words(config: Path) -> None:
    text = watcher("diff", "1", "2", config=config).stdout
    assert "version 1 to 2" in text
    assert "[-two-]{+three+}" in text
    assert "… 1 paragraph unchanged" in text


def test_diff_forms(config: Path, tmp_path: Path) -> None:
    patch = watcher("diff", "1", "2", "--format", "patch", config=config).stdout
    assert "-The river rose by two metres.\n+The river rose by three metres.\n" in patch
    page = watcher("diff", "1", "2", "--format", "html", config=config).stdout
    assert page.startswith("<!doctype html>")
    form = json.loads(watcher("diff", "1", "2", "--format", "json", config=config).stdout)
    target = tmp_path / "diff.json"
    done = watcher("diff", "1", "2", "--format", "json", "--output", target, config=config)
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads(target.read_text()) == form
    watcher("diff", "1", "2", "-o", target, config=config)
    assert "{+three+}" in target.read_text()


def test_diff_of_a_single_version_is_a_no(config: Path) -> None:
    result = watcher("diff", "1", "first", config=config)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nothing before version 1" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("diff", "1", "2..2"), "both ends mean version 2"),
        (("diff", "1", "9"), "9"),
        (("diff", "1", "soon"), '"soon" is no version'),
        (("diff", "2"), "no version yet"),
        (("diff", "1", "2", "--output", "/nowhere/x"), "cannot write"),
        (("show", "1@7"), "1 to 4"),
        (("log", "fire"), 'no article matches "fire"'),
        (("log", "news.example"), "use an id: 1: River rises; 2: https://news.example/dam"),
        (("diff", "1", "--format", "pdf"), "pdf"),
        (("diff", "1", "--format", "html", "--json"), "contradict"),
        (("log", "http://"), "no article matches"),
        (("log", "ftp://news.example/flood"), "no article matches"),
        (("log", ""), "use an id"),
        (("show", "9" * 30), "no article matches"),
        (("show", "1@2026-99-99"), "is no version"),
        (("show", "1@2025-01-01"), "no version was seen"),
    ],
)
def test_wrong_use_is_told_with_what_to_do(
    config: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = watcher(*arguments, config=config)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "command", [("list",), ("log", "1"), ("show", "1"), ("diff", "1"), ("status",), ("deliveries",)]
)
def test_without_a_database_it_says_what_to_do(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = watcher(*command, config=configure(tmp_path, FLOOD))
    assert result.exit_code == 3
    assert "does not exist yet: run `watcher poll`" in result.stderr
    assert not (tmp_path / "stories.db").exists()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = configure(tmp_path, FLOOD, webhook="http://127.0.0.1:9/")
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD], endpoints=["desk"]) as archive:
        archive.sees(snapshot(HOSTILE, HOSTILE, "Plain.", byline=HOSTILE, modified=HOSTILE))
        archive.wait(60)
        archive.sees(snapshot(HOSTILE + "!", HOSTILE + " more", "Plain."))
        archive.wait(60)
        archive.fails(Outcome.BLOCKED, HOSTILE, 403)
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("log", "1"),
        ("show", "1@1"),
        ("diff", "1"),
        ("diff", "1", "--format", "patch"),
        ("status",),
        ("deliveries",),
        ("deliveries", "show", "1"),
        ("log", "no such"),
    ],
)
@pytest.mark.parametrize("json_too", [False, True])
def test_no_page_can_talk_to_the_terminal(
    hostile: Path, command: tuple[str, ...], json_too: bool
) -> None:
    more = ("--json",) if json_too and "--format" not in command else ()
    result = watcher(*command, *more, config=hostile)
    assert result.output
    assert dangerous(result.output) == []


def test_json_keeps_what_was_said_all_the_same(hostile: Path) -> None:
    assert as_json(watcher("show", "1@1", "--json", config=hostile))["headline"] == HOSTILE


class Screen(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    progress = Progress("polled")
    progress.step()
    progress.step()
    assert screen.getvalue() == "\r1 polled\x1b[K\r2 polled\x1b[K"
    progress.clear()
    progress.clear()
    assert screen.getvalue().endswith("2 polled\x1b[K\r\x1b[K")


def test_progress_is_silent_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    progress = Progress("polled")
    progress.step()
    progress.clear()
    assert pipe.getvalue() == ""


def test_an_article_that_hides_keeps_its_version_and_says_since_when(tmp_path: Path) -> None:
    config = configure(tmp_path, FLOOD)
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
        archive.sees(snapshot("River rises", "The river rose by two metres."))
        for _ in range(2):
            archive.wait(600)
            archive.fails(Outcome.PAYWALL, "only the beginning is shown", 200)
    assert "live, paywall" in watcher("list", config=config).stdout
    shown = watcher("show", "1", config=config)
    assert "The river rose by two metres." in shown.stdout
    assert "seen until 2026-01-12 06:00:00 UTC; not seen since 2026-01-12 06:10:00" in shown.stderr
    assert "paywall: only the beginning is shown" in shown.stderr
    (listed,) = as_json(watcher("list", "--json", config=config))["articles"]
    article = as_json(watcher("show", "1", "--json", config=config))["article"]
    assert listed["not_seen_since"] == article["not_seen_since"] == at(10)
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
        archive.wait(1800)
        archive.unchanged()
    assert watcher("show", "1", config=config).stderr == ""
    (listed,) = as_json(watcher("list", "--json", config=config))["articles"]
    assert listed["not_seen_since"] is None
