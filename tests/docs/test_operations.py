"""What docs/operations.md promises and its deploy files set."""

from __future__ import annotations

import configparser
import re
import shutil
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from storage.archive import Archive
from storage.check_file import check_file
from storage.connection import open_for_writing
from storage.gauges import Gauges
from storage.store import Store
from tests.builders import ArchiveBuilder, snapshot
from tests.command import configure, environment, watcher
from tests.fakes import START
from watcher.bulletin import SLOWEST
from watcher.core.model import Outcome
from watcher.core.retry import SCHEDULE
from watcher.daemon import DRAIN_SECONDS, Daemon
from watcher.health import Alarm
from watcher.metrics import Metrics, Scene

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


def test_every_alarm_has_an_entry_that_says_what_to_do() -> None:
    rows = runbook("alarm")
    assert set(rows) == {str(alarm) for alarm in Alarm}
    assert all(len(cells) == 3 and all(cells) for cells in rows.values())


def test_every_line_of_level_error_has_an_entry() -> None:
    """Those with names of their own, and those of the steps that may fail or crash."""
    source = "".join(path.read_text() for path in (ROOT / "watcher").rglob("*.py"))
    said = set(re.findall(r"log\.error\(\s*\"([a-z-]+)\"", source))
    steps = set(re.findall(r"(?:_shield|book\.failed)\(\s*\"([a-z]+)\"", source))
    steps |= {tick.__name__ for tick in (Daemon.poll_tick, Daemon.delivery_tick)}
    steps |= {Daemon.housekeeping_tick.__name__}
    assert {"poll", "delivery", "release", "stop", "enable", "port"} <= steps
    said |= {f"{step}-{ending}" for step in steps for ending in ("failed", "crashed")}
    rows = runbook("log line")
    assert set(rows) == said
    assert all(len(cells) == 3 and all(cells) for cells in rows.values())


def runbook(kind: str) -> dict[str, list[str]]:
    """The rows of a table of the page by each name in their first cell."""
    table = PAGE.partition(f"| {kind} | means | check | do |\n")[2].partition("\n\n")[0]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines()[1:]]
    return {name: row[1:] for row in rows for name in re.findall(r"`([a-z_-]+)`", row[0])}


def test_every_metric_is_explained() -> None:
    metrics = Metrics()
    metrics.built("0.1.0", "x / 1")
    metrics.polled("unchanged", 0.1)
    metrics.fetched(0.1)
    metrics.happened("article.updated")
    metrics.attempted("desk", "delivered")
    metrics.failed("poll")
    gauges = Gauges(
        {"live": 1}, 1, 1, 1, 1, 1, 1, {"desk": {"dead": 1}}, {"desk": START}, 1, {"desk": 1}
    )
    names = ("polls_under_way", "deliveries_under_way", "writer_queue", "extraction_workers")
    more = ("paused", "database_bytes", "disk_free_bytes")
    scene = Scene(START, dict.fromkeys((*names, *more), 1.0), gauges)
    text = metrics.page(scene).decode()
    told = set(re.findall(r"^# TYPE (storywatcher_\w+)", text, re.MULTILINE))
    told = {name for name in told if not name.endswith("_created")}
    page = (ROOT / "docs" / "formats.md").read_text()
    assert {f"storywatcher_{name}" for name in (*names, *more)} <= told
    assert told == set(re.findall(r"`(storywatcher_\w+)`", page))
    labels = set(re.findall(r"[{,](\w+)=", text)) - {"le"}
    assert {label for label in labels if f"`{label}`" not in page} == set()


def test_the_alerts_shown_ask_for_metrics_that_exist() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    named = set(re.findall(r"storywatcher_\w+", PAGE))
    assert named
    assert {name for name in named if f"`{name}`" not in page} == set()


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


def test_the_documented_restore_leads_back_to_the_backup(tmp_path: Path) -> None:
    """The commands of the page, as they stand there but for the folders."""
    (backup,) = (line for line in PAGE.splitlines() if line.startswith("watcher backup "))
    (block,) = re.findall(r"```console\n( +cd .*?)```", PAGE, re.DOTALL)
    folder, copy = tmp_path / "var", tmp_path / "copy.db"
    folder.mkdir()
    config = configure(folder, "https://news.example/flood")
    kept = snapshot("River rises", "One."), snapshot("River rises", "Two.")
    lost = snapshot("River rises", "Three.")
    with ArchiveBuilder(folder / "stories.db") as archive:
        for each in kept:
            archive.sees(each)
            archive.wait(60)
        typed = backup.replace("/var/backups/stories-2026-01-31.db", str(copy)).split()[1:]
        assert watcher(*typed, config=config).exit_code == 0
        archive.sees(lost)
        left = {path.name for path in folder.iterdir()}
        assert {"stories.db", "stories.db-wal", "stories.db-shm"} <= left
        # A power cut: what the daemon had open stays where it is.
        shutil.copytree(folder, tmp_path / "cut")
    shutil.rmtree(folder)
    (tmp_path / "cut").rename(folder)
    for written, real in (
        ("/var/lib/watcher", folder),
        ("/var/backups/stories-2026-01-31.db", copy),
        ("/etc/watcher/watcher.toml", config),
        ("/opt/storywatcher/bin/watcher", f"{sys.executable} -m watcher"),
    ):
        assert written in block
        block = block.replace(written, str(real))
    done = subprocess.run(
        ["sh", "-e", "-c", block], capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((folder / "stories.db").stat().st_mode) == 0o600
    assert {path.name for path in (folder / "before-restore").iterdir()} >= {
        "stories.db", "stories.db-wal",
    }  # fmt: skip
    Store(folder / "stories.db").close()
    with Archive(folder / "stories.db") as restored:
        assert [restored.snapshot(each.id) for each in restored.versions(1)] == [*kept]
        assert check_file(restored._db) == []
