"""watcher blame: since when each paragraph stands there, over real archives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.builders import ArchiveBuilder, snapshot
from tests.command import as_json, configure, dangerous, watcher
from tests.fakes import START
from watcher.core.model import Outcome, Snapshot
from watcher.core.times import to_text

FLOOD = "https://news.example/flood"
LEAD = "The river Aller rose by two metres overnight, the town council said on Monday."
RISEN = LEAD.replace("two", "three")
SCHOOLS = "Two schools in the lower town will stay closed until Wednesday."
TRAINS = "Trains between Oster and Weil run again since the early morning."
DAM = "Engineers found no damage at the Oster dam when they went over it."
HALL = "About 200 people were brought to the sports hall during the night."
HOSTILE = "Evil \x1b]0;owned\x07\x1b[31mred\x9b2J \u202etxet\u202c end"
ARABIC = "أعلن المجلس يوم السبت أن منسوب النهر ارتفع مترين خلال الليل في المدينة القديمة."
CHINESE = "市政府星期六表示，河水在夜间上涨了两米，老城区的两所学校将关闭到星期三。"

Archived = Callable[..., Path]


def at(minutes: int) -> str:
    return to_text(START + timedelta(minutes=minutes))


def step(version: int, after: int | None, before: int) -> dict[str, object]:
    return {
        "version": version,
        "after": None if after is None else at(after),
        "before": at(before),
    }


@pytest.fixture
def archived(tmp_path: Path) -> Archived:
    """Writes an archive: each version is seen twice, ten minutes apart; gives the configuration."""

    def write(*versions: Snapshot) -> Path:
        with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
            for each in versions:
                archive.sees(each)
                archive.wait(600)
                archive.unchanged()
                archive.wait(600)
        return configure(tmp_path, FLOOD)

    return write


def told(config: Path, *more: str, width: int = 200) -> str:
    result = watcher("blame", "1", *more, config=config, env={"COLUMNS": str(width)})
    assert result.exit_code == 0, result.output
    return result.stdout


def numbers(config: Path) -> list[tuple[str, int, int]]:
    """Each paragraph with the versions in which it appeared and was altered."""
    paragraphs = as_json(watcher("blame", "1", "--json", config=config))["paragraphs"]
    return [(p["text"], p["appeared"]["version"], p["altered"]["version"]) for p in paragraphs]


def test_blame_shows_versions_and_windows(archived: Archived) -> None:
    config = archived(
        snapshot("River rises", LEAD, SCHOOLS, DAM), snapshot("River rises", RISEN, DAM, HALL)
    )
    assert (
        told(config)
        == f"""\
River rises
article 1, version 2: https://news.example/flood

     appeared in version 1, first seen 2026-01-12 06:00:00 UTC
     altered in version 2, after 2026-01-12 06:10:00 UTC and by 2026-01-12 06:20:00 UTC
  1  {RISEN}

     appeared in version 1, first seen 2026-01-12 06:00:00 UTC
  2  {DAM}

     appeared in version 2, after 2026-01-12 06:10:00 UTC and by 2026-01-12 06:20:00 UTC
  3  {HALL}
"""
    )


def test_all_adds_what_went_and_when(archived: Archived) -> None:
    config = archived(
        snapshot("River rises", LEAD, SCHOOLS, DAM), snapshot("River rises", RISEN, DAM, HALL)
    )
    assert (
        told(config, "--all").removeprefix(told(config))
        == f"""
     appeared in version 1, first seen 2026-01-12 06:00:00 UTC
     gone in version 2, after 2026-01-12 06:10:00 UTC and by 2026-01-12 06:20:00 UTC
  -  {SCHOOLS}
"""
    )


def test_the_json_has_the_windows_and_the_absences(archived: Archived) -> None:
    full, short = snapshot("River rises", LEAD, SCHOOLS), snapshot("River rises", RISEN)
    config = archived(full, short, snapshot("River rises", RISEN, SCHOOLS), short)
    plain = as_json(watcher("blame", "1", "--json", config=config))
    assert list(plain) == ["article", "version", "paragraphs"]
    assert (plain["article"]["id"], plain["version"]) == (1, 4)
    assert plain["paragraphs"] == [
        {
            "kind": "paragraph",
            "text": RISEN,
            "appeared": step(1, None, 0),
            "altered": step(2, 10, 20),
            "typographic": False,
            "away": [],
        }
    ]
    everything = as_json(watcher("blame", "1", "--all", "--json", config=config))
    assert everything.pop("gone") == [
        {
            "text": SCHOOLS,
            "appeared": step(1, None, 0),
            "altered": step(1, None, 0),
            "typographic": False,
            "away": [{"gone": step(2, 10, 20), "back": step(3, 30, 40)}],
            "gone": step(4, 50, 60),
        }
    ]
    assert everything == plain


def test_a_paragraph_that_was_away_says_so(archived: Archived) -> None:
    full, short = snapshot("River rises", LEAD, SCHOOLS), snapshot("River rises", LEAD)
    assert (
        "     appeared in version 1, first seen 2026-01-12 06:00:00 UTC\n"
        "     gone in version 2, after 2026-01-12 06:10:00 UTC and by 2026-01-12 06:20:00 UTC\n"
        "     back in version 3, after 2026-01-12 06:30:00 UTC and by 2026-01-12 06:40:00 UTC\n"
        f"  2  {SCHOOLS}\n"
    ) in told(archived(full, short, full))


def test_moves_splits_and_merges_are_followed(archived: Archived) -> None:
    config = archived(
        snapshot("River", LEAD, f"{SCHOOLS} {HALL}", DAM, TRAINS),
        snapshot("River", TRAINS, LEAD, SCHOOLS, HALL, DAM),
        snapshot("River", TRAINS, f"{LEAD} {SCHOOLS}", HALL, DAM),
    )
    assert numbers(config) == [
        (TRAINS, 1, 1),
        (f"{LEAD} {SCHOOLS}", 1, 3),
        (HALL, 1, 2),
        (DAM, 1, 1),
    ]


def test_an_edit_and_its_revert_are_both_alterations(archived: Archived) -> None:
    old, new = snapshot("River", LEAD, DAM), snapshot("River", RISEN, DAM)
    assert numbers(archived(old, new, old)) == [(LEAD, 1, 3), (DAM, 1, 1)]


def test_a_change_of_white_space_alone_is_said_to_be_one(archived: Archived) -> None:
    spaced = DAM.replace("Oster dam", "Oster\u00a0dam")
    config = archived(snapshot("River", LEAD, DAM), snapshot("River", LEAD, spaced))
    why = "(white space, invisible characters or Unicode form alone)"
    assert f"2026-01-12 06:20:00 UTC {why}" in re.sub(r"\s+", " ", told(config))
    paragraphs = as_json(watcher("blame", "1", "--json", config=config))["paragraphs"]
    assert [p["typographic"] for p in paragraphs] == [False, True]


def test_a_window_reaches_from_the_last_look_to_the_next_one_that_saw(tmp_path: Path) -> None:
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]) as archive:
        archive.sees(snapshot("River", LEAD))
        archive.wait(600)
        archive.fails(Outcome.TIMEOUT, "no answer within 30 s")
        archive.wait(7200)
        archive.sees(snapshot("River", RISEN))
    config = configure(tmp_path, FLOOD)
    [paragraph] = as_json(watcher("blame", "1", "--json", config=config))["paragraphs"]
    assert paragraph["altered"] == step(2, 0, 130)


def test_the_article_is_found_by_a_part_of_its_headline(archived: Archived) -> None:
    config = archived(snapshot("River rises", LEAD))
    assert watcher("blame", "river", config=config).stdout == told(config, width=80)


def test_an_article_without_a_version_says_what_to_do(tmp_path: Path) -> None:
    with ArchiveBuilder(tmp_path / "stories.db", [FLOOD]):
        pass
    for more in ((), ("--json",), ("--all",)):
        result = watcher("blame", "1", *more, config=configure(tmp_path, FLOOD))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "article 1 has no version yet: see `watcher status`" in result.stderr


def test_an_unknown_article_and_a_missing_database(archived: Archived, tmp_path: Path) -> None:
    result = watcher("blame", "fire", config=archived(snapshot("River", LEAD)))
    assert result.exit_code == 2
    assert 'no article matches "fire"' in result.stderr
    (tmp_path / "empty").mkdir()
    result = watcher("blame", "1", config=configure(tmp_path / "empty", FLOOD))
    assert result.exit_code == 3
    assert "does not exist yet: run `watcher poll`" in result.stderr


@pytest.mark.parametrize("more", [(), ("--all",), ("--all", "--json")])
def test_no_page_can_talk_to_the_terminal(archived: Archived, more: tuple[str, ...]) -> None:
    config = archived(
        snapshot(HOSTILE, HOSTILE, "Plain."),
        snapshot(HOSTILE, HOSTILE + " more", HALL),
        snapshot(HOSTILE + "!", HOSTILE + " more"),
    )
    result = watcher("blame", "1", *more, config=config)
    assert result.exit_code == 0
    assert dangerous(result.output) == []
    if "--json" in more:
        assert as_json(result)["paragraphs"][0]["text"] == HOSTILE + " more"


@pytest.mark.parametrize("width", [20, 60, 200])
def test_every_script_keeps_to_the_width(archived: Archived, width: int) -> None:
    config = archived(
        snapshot("أخبار النهر", ARABIC, CHINESE, DAM),
        snapshot("أخبار النهر", ARABIC.replace("مترين", "ثلاثة أمتار"), CHINESE),
    )
    lines = told(config, "--all", width=width).splitlines()
    # The line that names the article is never broken: an address is for copying.
    texts = [line for line in lines if FLOOD not in line]
    assert max(map(cell_len, texts)) <= width
    joined = "".join(line.strip() for line in texts)
    assert CHINESE in joined
    assert "ثلاثةأمتار" in joined.replace(" ", "")
    assert sum(line.startswith("  -  ") for line in lines) == 1


def test_in_colour_the_words_are_the_same(
    archived: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = archived(snapshot("River", LEAD, SCHOOLS), snapshot("River", RISEN))
    plain = told(config, "--all")
    monkeypatch.setattr("watcher.cli.output.in_colour", lambda: True)
    coloured = told(config, "--all")
    assert f"\x1b[31m{SCHOOLS}\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_long_histories_are_followed_to_the_first_version(archived: Archived) -> None:
    texts = [LEAD.replace("two", str(count)) for count in range(2, 14)]
    versions = [
        snapshot("River", *(f"{HALL} Update {n}." for n in range(count, 0, -1)), text, DAM)
        for count, text in enumerate(texts)
    ]
    found = numbers(archived(*versions))
    assert found[-2:] == [(texts[-1], 1, 12), (DAM, 1, 1)]
    assert [appeared for _, appeared, _ in found[:-2]] == list(range(12, 1, -1))
