"""The alarms that do not come from polls or webhooks: disk, files, a daemon that stands still."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.archive import Archive
from tests.builders import ArchiveBuilder, snapshot
from tests.command import SECRET, as_json, configure, watcher
from watcher.adapters import disk
from watcher.adapters.lockfile import DaemonLock
from watcher.cli.health import health_json, health_page
from watcher.core.wording import bytes_in_words
from watcher.health import LONG_HELD, Alarm, Health, Surroundings, examine

FINE = Surroundings(["desk"], None)


@pytest.fixture
def built(tmp_path: Path) -> Iterator[ArchiveBuilder]:
    with ArchiveBuilder(tmp_path / "stories.db") as archive:
        archive.sees(snapshot("River rises", "One."))
        yield archive


def health(built: ArchiveBuilder, around: Surroundings = FINE) -> Health:
    with Archive(built.path) as archive:
        return examine(archive, around, built.clock.now())


def alarms(built: ArchiveBuilder, around: Surroundings = FINE) -> list[str]:
    return [str(problem.alarm) for problem in health(built, around).problems]


def test_nothing_is_wrong(built: ArchiveBuilder) -> None:
    assert alarms(built) == []


@pytest.mark.parametrize(("free", "told"), [(499, True), (500, False), (None, False)])
def test_a_disk_that_is_nearly_full(built: ArchiveBuilder, free: int | None, told: bool) -> None:
    around = Surroundings([], None, free=free, min_free=500)
    assert alarms(built, around) == ["disk-nearly-full"] * told
    if told:
        [problem] = health(built, around).problems
        assert "499B left, less than 500B" in problem.what
        assert "min_free_disk" in problem.remedy


def test_an_archive_that_cannot_be_written(built: ArchiveBuilder) -> None:
    assert disk.read_only(built.path) is None
    mode = built.path.stat().st_mode
    built.path.chmod(0o400)
    try:
        why = disk.read_only(built.path)
    finally:
        built.path.chmod(mode)
    assert why == f"its owner may not write to {built.path}"
    assert alarms(built, Surroundings([], None, read_only=why)) == ["archive-read-only"]


def test_a_daemon_that_stands_still_says_why_and_does_not_hang(built: ArchiveBuilder) -> None:
    built.daemon_started(4711)
    note = "2026-01-12T06:00:05.000Z the disk is full: free some space"
    built.wait(30)
    assert alarms(built, Surroundings([], 4711, note)) == []  # a lock of half a minute is no alarm
    built.wait(120)
    [problem] = health(built, Surroundings([], 4711, note)).problems
    assert problem.alarm is Alarm.STANDSTILL
    assert "since 2026-01-12 06:00:05 UTC: the disk is full: free some space" in problem.what
    # Its last sign of life is older than the lock on which the next one waits.
    later = "2026-01-12T06:02:00.000Z the database is locked"
    assert alarms(built, Surroundings([], 4711, later)) == []
    for nonsense in ("", "x", "yesterday it rained"):
        assert alarms(built, Surroundings([], 4711, nonsense)) == ["daemon-hangs"]
    assert alarms(built, Surroundings([], None, note)) == ["daemon-died"]


def test_a_page_that_stays_held_waits_for_a_person(built: ArchiveBuilder) -> None:
    built.sees(snapshot("River rises", *(f"Line {n} of what was said." * 5 for n in range(20))))
    built.wait(60)
    built.sees(snapshot("River rises", "Subscribe to our letter."))
    [(_, page)] = health(built).held
    built.wait(LONG_HELD.total_seconds())
    assert "page-held" not in alarms(built)
    built.wait(1)
    [problem] = [each for each in health(built).problems if each.alarm is Alarm.PAGE_HELD]
    assert f"since {page.began_at:%Y-%m-%d %H:%M:%S} UTC" in problem.what
    assert "watcher poll 1" in problem.remedy


@pytest.mark.parametrize(
    ("mode", "who"),
    [(0o600, None), (0o640, "its whole group"), (0o644, "everybody"), (0o604, "everybody")],
)
def test_a_secret_that_others_may_read(tmp_path: Path, mode: int, who: str | None) -> None:
    config = configure(tmp_path, "https://news.example/flood", webhook="https://h.example/x")
    config.write_text(config.read_text().replace("env:DESK_SECRET", "file:desk.secret"))
    (tmp_path / "desk.secret").write_text(SECRET)
    (tmp_path / "desk.secret").chmod(mode)
    with ArchiveBuilder(tmp_path / "stories.db"):
        pass
    found = as_json(watcher("status", "--json", config=config), 1)  # nobody polls it, too
    told = [each["what"] for each in found["problems"] if each["alarm"] == "secret-exposed"]
    checked = watcher("check", config=config).stdout
    as_program = as_json(watcher("check", "--json", config=config))["exposed_secrets"]
    assert as_program == told
    if who is None:
        assert told == []
        assert "chmod" not in checked
    else:
        [what] = told
        assert who in what
        assert "desk.secret" in checked
    assert SECRET not in checked + str(found)


@pytest.mark.parametrize("width", [60, 200])
def test_every_alarm_can_be_read_at_any_width(
    built: ArchiveBuilder, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    built.daemon_started(4711)
    built.daemon_alive("watcher.toml:3: unknown key")
    built.wait(3600)
    around = Surroundings(
        [], 4711, "2026-01-12T06:00:00.000Z the disk is full", 10**8, 5 * 10**8,
        "its disk is mounted read-only", ("the file \"a\" can be read by everybody",),
    )  # fmt: skip
    found = health(built, around)
    text = health_page(found).text(colour=False)
    for problem in found.problems:
        assert f"{problem.alarm}:" in text
    assert text.count("    do: ") == len(found.problems) == 6
    names = str(built.path)
    assert [line for line in text.splitlines() if len(line) > width and names not in line] == []
    document = health_json(found)
    assert document["ok"] is False
    assert [each["alarm"] for each in document["problems"]] == [p.alarm for p in found.problems]


def test_status_reads_the_note_of_a_running_daemon(tmp_path: Path) -> None:
    config = configure(tmp_path, "https://news.example/flood")
    with ArchiveBuilder(tmp_path / "stories.db") as built:
        built.daemon_started(os.getpid())
        lock = DaemonLock(tmp_path / "stories.db")
        lock.acquire()
        lock.note("2026-01-12T06:00:00.000Z the disk is full: free some space")
        found = as_json(watcher("status", "--json", config=config), 1)
        lock.release()
    assert found["problems"][0]["alarm"] == "standstill"
    assert found["daemon"]["pid"] == os.getpid()
    assert found["disk_free"] > 0


def test_the_disk_has_room_and_the_files_a_size(built: ArchiveBuilder) -> None:
    assert (disk.free_bytes(built.path) or 0) > 0
    assert disk.stored_bytes(built.path) >= built.path.stat().st_size > 0
    nowhere = built.path / "nowhere" / "x.db"
    assert (disk.free_bytes(nowhere), disk.stored_bytes(nowhere)) == (None, 0)


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0B"), (999, "999B"), (1_500, "1.5KB"), (500_000_000, "500MB"),
                        (999_999_999, "1GB"), (1_234_567_890_123, "1.23TB")],
)  # fmt: skip
def test_bytes_in_words(count: int, told: str) -> None:
    assert bytes_in_words(count) == told
