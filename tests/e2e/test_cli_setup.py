"""init, check, add and remove, and what holds for every command."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.builders import ArchiveBuilder, snapshot
from tests.command import SECRET, as_json, configure, watcher
from watcher import __version__

FLOOD = "https://news.example/flood"
DAM = "https://news.example/dam"


def test_version() -> None:
    assert watcher("--version").stdout == f"watcher {__version__}\n"


def test_without_a_command_it_shows_the_help() -> None:
    assert "Usage: watcher" in watcher().output


def test_init_writes_a_configuration_that_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    result = watcher("init", path, "--contact", "mailto:desk@example.org")
    assert result.exit_code == 0
    assert str(path) in result.stdout
    assert tomllib.loads(path.read_text())["http"]["contact"] == "mailto:desk@example.org"
    assert watcher("check", config=path).exit_code == 0


def test_init_in_a_folder_and_where_the_environment_says(tmp_path: Path) -> None:
    watcher("init", tmp_path)
    assert (tmp_path / "watcher.toml").exists()
    watcher("init", env={"WATCHER_CONFIG": str(tmp_path / "other.toml")})
    assert (tmp_path / "other.toml").exists()


def test_init_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    path.write_text("# mine\n")
    result = watcher("init", path)
    assert result.exit_code == 2
    assert "exists already" in result.stderr
    assert path.read_text() == "# mine\n"


def test_init_refuses_what_it_could_not_read_again(tmp_path: Path) -> None:
    result = watcher("init", tmp_path, "--contact", "call me")
    assert result.exit_code == 2
    assert "contact" in result.stderr
    assert not (tmp_path / "watcher.toml").exists()
    assert watcher("init", tmp_path / "no" / "folder.toml").exit_code == 2


def test_check_says_what_there_is(tmp_path: Path) -> None:
    path = configure(tmp_path, FLOOD, webhook="https://hooks.example/x")
    result = watcher("check", config=path, env={"DESK_SECRET": SECRET})
    assert "1 article, 1 story, 1 webhook" in result.stdout
    assert SECRET not in result.output
    found = as_json(watcher("check", "--json", config=path, env={"DESK_SECRET": SECRET}))
    assert found["ok"] is True
    assert found["database"] == str(tmp_path / "stories.db")


def test_check_counts_no_story_in_which_nothing_stands(tmp_path: Path) -> None:
    path = tmp_path / "watcher.toml"
    watcher("init", path, "--contact", "mailto:desk@example.org")
    watcher("add", FLOOD, "--story", "flood", config=path)
    assert "fine: 1 article, 1 story, 0 webhooks." in watcher("check", config=path).stdout
    feed = '[[feed]]\nurl = "https://news.example/rss"\nstory = "ice"\nwords = ["ice"]\n'
    feed = f'[[story]]\nname = "ice"\n{feed}'
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{feed}", encoding="utf-8")
    assert "fine: 1 article, 2 stories, 0 webhooks, 1 feed" in watcher("check", config=path).stdout


def test_check_names_every_fault_with_its_line(tmp_path: Path) -> None:
    path = configure(tmp_path, FLOOD, webhook="https://hooks.example/x")
    path.write_text("databse = 1\n" + path.read_text().replace("0s", "soon"))
    result = watcher("check", config=path, env={"DESK_SECRET": None})
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert all(line.startswith(f"watcher: {path}:") for line in lines)
    assert [line.split(":")[2] for line in lines] == ["1", "6", "20"]
    assert '"database"' in lines[0]
    found = as_json(watcher("check", "--json", config=path, env={"DESK_SECRET": None}), 2)
    assert found["ok"] is False
    assert len(found["faults"]) == 3


def test_check_prints_the_schema() -> None:
    assert as_json(watcher("check", "--schema"))["title"] == "story watcher"


def test_a_missing_configuration_is_told(tmp_path: Path) -> None:
    result = watcher("list", config=tmp_path / "none.toml")
    assert result.exit_code == 2
    assert "watcher init" in result.stderr


def test_add_makes_a_story_and_keeps_comments(tmp_path: Path) -> None:
    path = configure(tmp_path, FLOOD, extra="# mind this")
    result = watcher("add", DAM, f"{FLOOD}?utm_source=x", "--story", "dams", config=path)
    assert f"Added to dams: {DAM}" in result.stdout
    assert f"Already in flood ({path}:10): {FLOOD}" in result.stdout
    assert "# mind this" in path.read_text()
    assert tomllib.loads(path.read_text())["story"][1] == {"name": "dams", "urls": [DAM]}


def test_add_as_json(tmp_path: Path) -> None:
    path = configure(tmp_path, FLOOD)
    found = as_json(watcher("add", "--json", DAM, FLOOD, config=path))
    assert found["story"] == "flood"
    assert found["added"] == [DAM]
    assert [each["known"] for each in found["existing"]] == [FLOOD]


@pytest.mark.parametrize(
    "url", ["news.example/x", "ftp://news.example/x", "https://a:b@news.example"]
)
def test_add_refuses_what_cannot_be_followed(tmp_path: Path, url: str) -> None:
    path = configure(tmp_path, FLOOD)
    before = path.read_text()
    assert watcher("add", url, config=path).exit_code == 2
    assert path.read_text() == before


def test_remove_by_url_and_by_part_before_the_first_poll(tmp_path: Path) -> None:
    path = configure(tmp_path, FLOOD, DAM)
    found = as_json(watcher("remove", "dam", "--json", config=path))
    assert found == {"removed": [{"url": DAM, "story": "flood"}], "unfollowed": [], "unknown": []}
    assert watcher("remove", f"{FLOOD}/", config=path).exit_code == 0
    assert tomllib.loads(path.read_text())["story"][0]["urls"] == []


def test_remove_by_id_headline_or_a_url_it_moved_to(tmp_path: Path) -> None:
    path = configure(tmp_path, FLOOD, DAM)
    moved = "https://news.example/flood-2"
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD, DAM]) as archive:
        archive.sees(snapshot("Water!", "Text."), moved_to=moved)
        archive.sees(snapshot("Concrete!", "Text."), 2)
    assert DAM in watcher("remove", "concrete", config=path).stdout
    assert FLOOD in watcher("remove", "1", config=path).stdout


def test_remove_tells_what_it_did_not_find_and_does_the_rest(tmp_path: Path) -> None:
    path = configure(tmp_path, FLOOD, DAM)
    result = watcher("remove", "https://news.example/fire", FLOOD, config=path)
    assert result.exit_code == 1
    assert f"Removed from flood: {FLOOD}" in result.stdout
    assert "https://news.example/fire is not in the configuration" in result.stderr
    assert watcher("remove", "news.example/", config=path).exit_code == 0
    assert watcher("remove", "news.example/", config=path).exit_code != 0


def test_an_unexpected_error_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("of \x1b[31mall things")

    monkeypatch.setattr("watcher.app.read_config", broken)
    result = watcher("list", config=configure(tmp_path, FLOOD))
    assert result.exit_code == 3
    (line,) = result.stderr.splitlines()
    assert line.startswith("watcher: this is a defect in story watcher (ZeroDivisionError: of all")
    told = watcher("list", config=configure(tmp_path, FLOOD), env={"WATCHER_DEBUG": "1"})
    assert "Traceback" in told.stderr


def test_an_interrupt_leaves_with_its_own_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("watcher.app.read_config", interrupted)
    result = watcher("list", config=configure(tmp_path, FLOOD))
    assert (result.exit_code, result.output) == (130, "")


def test_the_configuration_is_found_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(tmp_path, FLOOD)
    monkeypatch.chdir(tmp_path)
    assert json.loads(watcher("check", "--json").stdout)["articles"] == 1
