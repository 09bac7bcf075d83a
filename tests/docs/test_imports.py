"""The strata of docs/architecture.md hold, and each way to break them is noticed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("watcher", "config", "storage")
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

PLANTED = {
    # file: (the line planted there, the contract that must break, how the report names it)
    "watcher/core/planted_up.py": ("import watcher.ports", "strata", "watcher.ports"),
    "watcher/core/planted_store.py": ("import storage", "strata", "storage"),
    "storage/planted_up.py": ("import watcher.ports", "strata", "watcher.ports"),
    "storage/planted_side.py": ("import config", "strata", "config"),
    "config/planted_side.py": ("import storage", "strata", "storage"),
    "watcher/adapters/page/source/planted_back.py": (
        "import watcher.adapters.page.text",
        "pages",
        "watcher.adapters.page.text",
    ),
    "watcher/adapters/planted_store.py": ("import storage", "adapters", "storage"),
    "watcher/core/planted_clock.py": ("import time", "core", "time"),
    "watcher/core/planted_late.py": ("def f(): import os", "core", "os"),
    "storage/planted_net.py": ("import httpx", "network", "httpx"),
    "config/planted_net.py": ("from socket import socket", "network", "socket"),
    "watcher/adapters/planted_sql.py": ("import sqlite3", "sql", "sqlite3"),
    "config/planted_sql.py": ("from sqlite_utils import Database", "sql", "sqlite_utils"),
    "storage/planted_print.py": ("from rich.table import Table", "terminal", "rich"),
    "config/planted_typer.py": ("import typer", "terminal", "typer"),
    "watcher/core/planted_html.py": ("from lxml import html", "html", "lxml"),
    "watcher/adapters/planted_cron.py": ("import apscheduler.job", "scheduler", "apscheduler"),
    "storage/planted_gauge.py": (
        "from prometheus_client import REGISTRY",
        "metrics",
        "prometheus_client",
    ),
    "storage/planted_model.py": ("from pydantic import BaseModel", "settings", "pydantic"),
}


def contracts() -> dict[str, str]:
    """Name of each contract by its id."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract["name"] for contract in options["contracts"]}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_tree(target: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, target / package, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


@pytest.fixture(scope="module")
def planted_report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the tree with every violation planted in it."""
    folder = copy_of_the_tree(tmp_path_factory.mktemp("planted"))
    for path, (line, _, _) in PLANTED.items():
        (folder / path).write_text(f"{line}\n")
    done = lint(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_the_tree_keeps_every_contract() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(contracts())} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("path", PLANTED)
def test_a_planted_violation_is_caught(planted_report: str, path: str) -> None:
    _, contract, imported = PLANTED[path]
    importer = path.removesuffix(".py").replace("/", ".")
    name = contracts()[contract]
    assert re.search(rf"^{re.escape(name)} BROKEN", planted_report, re.MULTILINE)
    details = planted_report.partition("Broken contracts")[2]
    parts = re.split(r"\n([^\n]+)\n-{3,}\n", details)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert f"{importer} -> {imported} (l.1)" in sections[name]


def test_a_violation_in_ports_is_caught(tmp_path: Path) -> None:
    folder = copy_of_the_tree(tmp_path)
    with (folder / "watcher/ports.py").open("a") as ports:
        ports.write("\nimport storage\n")
    done = lint(folder)
    assert done.returncode == 1
    assert f"{contracts()['ports']} BROKEN" in done.stdout


def test_every_contract_is_proved_by_a_planted_violation() -> None:
    assert {contract for _, contract, _ in PLANTED.values()} | {"ports"} == set(contracts())


def test_every_module_of_watcher_has_its_stratum() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    strata = re.findall(r"[\w.]+", " ".join(options["contracts"][0]["layers"]))
    modules = {
        path.stem for path in (ROOT / "watcher").iterdir() if path.suffix == ".py" or path.is_dir()
    } - {"__init__", "__pycache__"}
    assert {f"watcher.{module}" for module in modules} <= set(strata)
