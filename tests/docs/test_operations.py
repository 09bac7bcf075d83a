"""What docs/operations.md promises and its deploy files set."""

from __future__ import annotations

import configparser
import re
from contextlib import closing
from pathlib import Path

from storage.connection import open_for_writing
from tests.command import configure, watcher
from watcher.bulletin import SLOWEST
from watcher.core.model import Outcome
from watcher.core.retry import SCHEDULE
from watcher.daemon import DRAIN_SECONDS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
STOP_PROMISE = 20


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read(ROOT / "docs" / "deploy" / "watcher.service")
    return parser


def test_every_outcome_is_explained() -> None:
    rows = set(re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE, re.MULTILINE))
    assert {outcome.value for outcome in Outcome} <= rows


def test_every_log_event_is_explained() -> None:
    source = "".join(path.read_text() for path in (ROOT / "watcher").rglob("*.py"))
    logged = set(re.findall(r"(?:log\.(?:info|warning|error)|tell)\(\s*\"([a-z-]+)\"", source))
    assert logged
    assert {name for name in logged if f"`{name}`" not in PAGE} == set()


def test_the_retry_schedule_is_the_real_one() -> None:
    assert f"about {round(sum(SCHEDULE) / 3600)} hours" in PAGE
    assert len(SCHEDULE) == 8
    assert "tried eight times" in PAGE


def test_stopping_leaves_time_to_drain() -> None:
    timeout = int(unit()["Service"]["TimeoutStopSec"])
    assert DRAIN_SECONDS < STOP_PROMISE < timeout
    assert f"--stop-timeout {timeout}" in PAGE


def test_the_unit_is_hardened_and_does_not_restart_on_a_broken_configuration() -> None:
    service = unit()["Service"]
    assert service["ExecStart"].endswith("/watcher run")
    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")
    # Half of it is the time between two signs of life: no round of housekeeping takes so long.
    assert int(service["WatchdogSec"]) / 2 > 3 * SLOWEST
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/watcher"
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("on-failure", "2")


def test_the_container_copies_what_exists_and_installs_by_hash() -> None:
    text = (ROOT / "docs" / "deploy" / "Containerfile").read_text().replace("\\\n", " ")
    sources = [
        name
        for line in text.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    ]
    assert {"watcher", "config", "storage", "pyproject.toml"} <= set(sources)
    assert [name for name in sources if not (ROOT / name).exists()] == []
    installs = [part for part in re.split(r"&&|RUN", text) if "pip install" in part]
    assert len(installs) == 3
    assert all("--require-hashes" in part or "--no-deps --no-index" in part for part in installs)


def test_the_documented_backup_of_an_open_database_can_be_restored(tmp_path: Path) -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith("watcher backup "))
    copy = tmp_path / "copy.db"
    config = configure(tmp_path, "https://news.example/flood")
    with closing(open_for_writing(tmp_path / "stories.db")) as database:
        database.conn.execute(
            "INSERT INTO story (name, added_at) VALUES ('flood', '2026-01-31T00:00:00.000Z')"
        )
        typed = line.replace("/var/backups/stories-2026-01-31.db", str(copy)).split()[1:]
        assert watcher(*typed, config=config).exit_code == 0
    with closing(open_for_writing(copy)) as restored:
        assert restored.execute("SELECT name FROM story").fetchall() == [("flood",)]
        assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
