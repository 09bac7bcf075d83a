"""watcher diff in two columns and step by step, and compare in two columns."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.builders import ArchiveBuilder, snapshot
from tests.command import as_json, configure, dangerous, watcher
from watcher.render.patch import patch_text

FLOOD = "https://news.example/flood"
DAM = "https://news.example/dam"
LEAD = "The river Aller rose by two metres overnight, the town council said on Monday."
SCHOOLS = "Two schools in the lower town will stay closed until Wednesday."
TRAINS = "Trains between Oster and Weil run again since the early morning."
HALL = "About 200 people were brought to the sports hall during the night."
HOSTILE = "Evil \x1b]0;owned\x07\x1b[31mred\x9b2J \u202etxet\u202c end"
ARABIC = "أعلن المجلس يوم السبت أن منسوب النهر ارتفع مترين خلال الليل في المدينة القديمة."
CHINESE = "市政府星期六表示，河水在夜间上涨了两米，老城区的两所学校将关闭到星期三。"
VERSIONS = (
    snapshot("River rises", LEAD, SCHOOLS, TRAINS),
    snapshot("River rises", LEAD.replace("two", "three"), SCHOOLS, TRAINS),
    snapshot("River falls", TRAINS, LEAD.replace("two", "three"), SCHOOLS, HALL),
    snapshot("River falls", TRAINS, LEAD.replace("two", "three"), f"{SCHOOLS} {HALL}"),
)
SCRIPTS = (
    snapshot("أخبار النهر", ARABIC, CHINESE, HOSTILE, "Plain."),
    snapshot(
        "أخبار جديدة",
        ARABIC.replace("السبت", "الأحد"),
        CHINESE.replace("两米", "三米"),
        HOSTILE + " more",
        "Plain.",
    ),
)
COLOUR = re.compile("\x1b\\[[0-9;]*m")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An article with four versions, and one in other scripts with two."""
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD, DAM]) as archive:
        for number, each in enumerate(VERSIONS):
            archive.sees(each)
            if number < len(SCRIPTS):
                archive.sees(SCRIPTS[number], 2)
            archive.wait(600)
    return configure(tmp_path, FLOOD, DAM)


def told(config: Path, *arguments: str, width: int = 100) -> str:
    result = watcher("diff", *arguments, config=config, env={"COLUMNS": str(width)})
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("option", ["-y", "--side-by-side"])
def test_two_columns_show_old_and_new_beside_each_other(config: Path, option: str) -> None:
    lines = told(config, "1", "1..2", option, width=130).splitlines()
    [row] = [line for line in lines if "[-two-]" in line]
    old, new = row.split(" ~ ")
    assert old.startswith("The river Aller rose by [-two-] metres")
    assert new.startswith("The river Aller rose by {+three+} metres")
    assert lines[-1] == "… 2 paragraphs unchanged"


def test_two_columns_say_what_moved_and_merged(config: Path) -> None:
    lines = told(config, "1", "1..3", "-y", width=200).splitlines()
    assert "moved up, was paragraph 3" in lines
    [row] = [line for line in lines if line.startswith(TRAINS)]
    assert re.fullmatch(re.escape(TRAINS) + " += " + re.escape(TRAINS), row)
    merged = told(config, "1", "3..4", "-y", width=200).splitlines()
    assert "paragraphs 3 and 4 merged into 3" in merged
    assert any(f"{SCHOOLS} [-¶ -]About 200" in line for line in merged)


@pytest.mark.parametrize("width", [24, 60, 200])
@pytest.mark.parametrize("options", [(), ("-y",)])
def test_every_script_keeps_to_the_width(
    config: Path, width: int, options: tuple[str, ...]
) -> None:
    shown = told(config, "2", *options, width=width)
    lines = [line for line in shown.splitlines() if DAM not in line]
    assert max(map(cell_len, lines)) <= width
    assert dangerous(shown) == []
    joined = re.sub(r"\s+", "", shown)
    assert "[-السبت-]" in joined
    assert "{+الأحد+}" in joined
    assert "三" in joined


@pytest.mark.parametrize("option", ["-y", "--each"])
def test_colour_takes_the_place_of_the_marks(
    config: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    assert "\x1b" not in told(config, "1", "1..2", option)
    monkeypatch.setattr("watcher.cli.output.in_colour", lambda: True)
    shown = told(config, "1", "1..2", option)
    assert "\x1b[31;9mtwo\x1b[0m" in shown
    assert "\x1b[32;4mthree\x1b[0m" in shown
    assert "[-" not in COLOUR.sub("", shown)


def test_a_file_gets_no_colour(
    config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plain = told(config, "1", "1..2", "-y")
    monkeypatch.setattr("watcher.cli.output.in_colour", lambda: True)
    target = tmp_path / "diff.txt"
    assert told(config, "1", "1..2", "-y", "-o", str(target)) == ""
    assert target.read_text(encoding="utf-8") == plain


def headings(shown: str) -> list[str]:
    return re.findall(r"^version (\d to \d)", shown, re.MULTILINE)


@pytest.mark.parametrize("options", [(), ("-y",)])
@pytest.mark.parametrize(
    ("versions", "steps"),
    [
        ("1..4", ["1 to 2", "2 to 3", "3 to 4"]),
        ("first..", ["1 to 2", "2 to 3", "3 to 4"]),
        ("4..2", ["4 to 3", "3 to 2"]),
        ("3", ["2 to 3"]),
        ("3..4", ["3 to 4"]),
    ],
)
def test_each_walks_the_steps_either_way(
    config: Path, versions: str, steps: list[str], options: tuple[str, ...]
) -> None:
    shown = told(config, "1", versions, "--each", *options)
    assert headings(shown) == steps
    assert len(headings(told(config, "1", versions, *options))) == 1
    first, last = steps[0][0], steps[0][-1]
    assert shown.startswith(told(config, "1", f"{first}..{last}", *options))


@pytest.mark.parametrize("options", [(), ("--each",), ("--json",), ("--format", "html")])
def test_exit_code_says_whether_there_is_a_change(config: Path, options: tuple[str, ...]) -> None:
    plain = watcher("diff", "1", "1..2", *options, config=config)
    asked = watcher("diff", "1", "1..2", *options, "--exit-code", config=config)
    assert (plain.exit_code, asked.exit_code) == (0, 1)
    assert asked.stdout == plain.stdout


def test_exit_code_of_two_versions_that_agree_is_0(tmp_path: Path) -> None:
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
        for each in (VERSIONS[0], VERSIONS[1], VERSIONS[0]):
            archive.sees(each)
            archive.wait(600)
    config = configure(tmp_path, FLOOD)
    for versions, status in (("1..3", 0), ("2..3", 1)):
        result = watcher("diff", "1", versions, "--exit-code", config=config)
        assert result.exit_code == status
    assert watcher("diff", "1", "1..3", "--each", "--exit-code", config=config).exit_code == 1


def test_each_without_versions_is_the_last_change(config: Path) -> None:
    assert told(config, "1", "--each") == told(config, "1")


def test_each_as_json_holds_a_change_for_each_step(config: Path) -> None:
    def changes(versions: str) -> list[dict[str, object]]:
        arguments = ("diff", "1", versions, "--each", "--json")
        found = as_json(watcher(*arguments, config=config))
        assert list(found) == ["changes"]
        return list(found["changes"])

    assert changes("1..4") == [
        as_json(watcher("diff", "1", pair, "--json", config=config))
        for pair in ("1..2", "2..3", "3..4")
    ]
    back = changes("3..1")
    assert [(c["from"]["version"], c["to"]["version"]) for c in back] == [(3, 2), (2, 1)]  # type: ignore[index]
    # What happened between two versions happened in one window, whichever way it is read.
    assert [c["window"] for c in back] == [c["window"] for c in reversed(changes("1..3"))]


def test_the_window_of_a_walk_is_that_of_each_step(config: Path) -> None:
    shown = told(config, "1", "1..3", "--each", width=200)
    windows = re.findall(r"changed after (\S+ \S+) UTC and by (\S+ \S+) UTC", shown)
    assert windows == [
        ("2026-01-12 06:00:00", "2026-01-12 06:10:00"),
        ("2026-01-12 06:10:00", "2026-01-12 06:20:00"),
    ]


@pytest.mark.parametrize(("versions", "start", "end"), [("1..4", 0, 3), ("4..1", 3, 0)])
def test_patches_of_each_step_apply_one_after_the_other(
    config: Path, tmp_path: Path, versions: str, start: int, end: int
) -> None:
    patch = told(config, "1", versions, "--each", "--format", "patch")
    assert patch.count("--- a/article-1.txt") == 3
    target = tmp_path / "article-1.txt"
    target.write_text(patch_text(VERSIONS[start]), encoding="utf-8")
    git = shutil.which("git")
    assert git
    command = [git, "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=patch.encode(), check=True, capture_output=True)
    assert target.read_text(encoding="utf-8") == patch_text(VERSIONS[end])


@pytest.mark.parametrize(
    ("options", "told_why"),
    [
        (("--each", "--format", "html"), "leave --each out"),
        (("-y", "--format", "html"), "--side-by-side shows text, not html: leave one out"),
        (("-y", "--format", "patch"), "not patch"),
        (("-y", "--format", "json"), "not json"),
        (("-y", "--json"), "not json"),
        (("-y", "--each", "--json"), "not json"),
        (("--json", "--format", "patch", "--each"), "contradict"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    config: Path, tmp_path: Path, options: tuple[str, ...], told_why: str
) -> None:
    target = tmp_path / "out"
    result = watcher("diff", "1", "1..3", *options, "-o", target, config=config)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told_why in result.stderr
    assert not target.exists()


def test_each_with_the_same_version_at_both_ends_is_refused(config: Path) -> None:
    result = watcher("diff", "1", "2..2", "--each", config=config)
    assert result.exit_code == 2
    assert "both ends mean version 2" in result.stderr


def test_each_of_a_single_version_is_a_no(tmp_path: Path) -> None:
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
        archive.sees(VERSIONS[0])
    result = watcher("diff", "1", "--each", config=configure(tmp_path, FLOOD))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nothing before version 1" in result.stderr


@pytest.fixture
def pages(tmp_path: Path) -> tuple[Path, Path]:
    """Two pages in files."""
    paths = tmp_path / "old.html", tmp_path / "new.html"
    for path, found in zip(paths, VERSIONS[:2], strict=True):
        body = "".join(f"<p>{paragraph.text}</p>" for paragraph in found.paragraphs)
        path.write_text(
            f"<html><head><title>{found.headline}</title></head>"
            f"<body><article><h1>{found.headline}</h1>{body}</article></body></html>",
            encoding="utf-8",
        )
    return paths


def test_compare_in_two_columns(pages: tuple[Path, Path]) -> None:
    result = watcher("compare", *pages, "-y", "--exit-code", env={"COLUMNS": "130"})
    assert result.exit_code == 1
    [row] = [line for line in result.stdout.splitlines() if " ~ " in line]
    assert "[-two-]" in row.split(" ~ ")[0]
    assert "{+three+}" in row.split(" ~ ")[1]
    result = watcher("compare", pages[0], pages[0], "-y", "--exit-code")
    assert result.exit_code == 0
    assert "… 3 paragraphs unchanged" in result.stdout


def test_compare_tells_a_change_of_kinds_alone(pages: tuple[Path, Path]) -> None:
    old, new = pages
    text = old.read_text(encoding="utf-8")
    new.write_text(text.replace(f"<p>{SCHOOLS}</p>", f"<h2>{SCHOOLS}</h2>"), encoding="utf-8")
    result = watcher("compare", old, new, "--exit-code")
    assert result.exit_code == 1
    assert "only the kind of 1 paragraph changed" in result.stdout
    assert "= 2  now a heading, was a paragraph" in result.stdout
    found = as_json(watcher("compare", old, new, "--json"))
    assert found["kinds"] == [{"old": 1, "new": 1, "from": "paragraph", "to": "heading"}]
    page = watcher("compare", old, new, "--format", "html").stdout
    assert "paragraph 2: now a heading, was a paragraph</h2>" in page


def test_compare_refuses_columns_of_anything_but_text(pages: tuple[Path, Path]) -> None:
    for more in (("--json",), ("--format", "html")):
        result = watcher("compare", *pages, "-y", *more)
        assert result.exit_code == 2
        assert "--side-by-side shows text" in result.stderr
