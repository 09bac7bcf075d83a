"""dev.py on machines it has not met: too old, half equipped, offline, interrupted."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def sound(name: str) -> dict[str, Any]:
    """What pip-audit says of a package that nothing is known against."""
    return {"name": name, "version": "1", "vulns": []}


class Machine:
    """A checkout without an environment, on which programs only seem to run."""

    def __init__(self, dev: ModuleType, root: Path) -> None:
        self.dev = dev
        self.root = root
        self.ran: list[str] = []
        self.failing: dict[str, str] = {}
        self.advisories: list[dict[str, Any]] | None = [sound("thing"), sound("other")]
        (root / "requirements").mkdir()
        (root / "requirements" / "dev.txt").write_text("thing==1\n")
        (root / "requirements" / "audit.txt").write_text("auditor==1\n")
        (root / "pyproject.toml").write_text("[project]\n")

    def heard(self, command: list[Any]) -> SimpleNamespace:
        line = " ".join(map(str, command)).replace(f"{self.root}/", "")
        kinds = ("audit", "-m venv", "-r req", "-e", "-m pytest", "-m", "lint")
        kind = next(k for k in kinds if k in line)
        self.ran.append(kind)
        if kind == "audit":
            self._audit(line)
        if kind == "-m venv":
            python = self.root / ".venv" / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()
        output = next((text for part, text in self.failing.items() if part in line), None)
        return SimpleNamespace(returncode=int(output is not None), stdout=output or "fine\n")

    def _audit(self, line: str) -> None:
        if "-m venv" in line:
            (self.root / ".venv" / "audit").mkdir(parents=True, exist_ok=True)
        if "pip_audit" in line and self.advisories is not None:
            told = json.dumps({"dependencies": self.advisories, "fixes": []})
            (self.root / ".venv" / "audit" / "found.json").write_text(told)


@pytest.fixture
def dev() -> ModuleType:
    """A copy of dev.py of its own for each test."""
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def machine(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(dev, tmp_path)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "AUDIT", tmp_path / ".venv" / "audit")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "setup.stamp")
    monkeypatch.setattr(dev, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(dev, "heard", machine.heard)
    return machine


def test_an_old_python_can_read_the_file() -> None:
    source = (ROOT / "dev.py").read_text()
    tree = ast.parse(source, feature_version=(3, 6))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        for alias in (node.names if isinstance(node, ast.Import) else [])
    }
    assert imported <= sys.stdlib_module_names
    assert "__future__" not in source


def test_an_old_python_gets_one_line() -> None:
    pretend = (
        "import sys, runpy; sys.version_info = (3, 8, 1, 'final', 0); "
        "sys.argv = ['dev.py', 'test']; runpy.run_path('dev.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Python 3.11 or newer is needed and this is 3.8" in done.stderr
    assert "dev.py test" in done.stderr


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_gets_one_line_with_the_remedy(
    machine: Machine,
    module: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        machine.dev.importlib.util, "find_spec", lambda name: None if name == module else real(name)
    )
    assert machine.dev.main(["setup"]) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert f"comes without {module}" in said
    assert f"python3.{sys.version_info[1]}-venv" in said
    assert machine.ran == []


def test_set_up_is_done_once(machine: Machine) -> None:
    assert machine.dev.main(["setup"]) == 0
    assert machine.ran == ["-m venv", "-r req", "-e"]
    assert machine.dev.main(["setup"]) == 0
    assert machine.ran == ["-m venv", "-r req", "-e"]


def test_a_change_of_the_project_file_installs_only_the_project(machine: Machine) -> None:
    machine.dev.set_up()
    (machine.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    machine.ran.clear()
    machine.dev.set_up()
    assert machine.ran == ["-e"]


def test_a_change_of_the_requirements_makes_the_environment_anew(machine: Machine) -> None:
    machine.dev.set_up()
    left_over = machine.root / ".venv" / "left-over"
    left_over.touch()
    (machine.root / "requirements" / "dev.txt").write_text("thing==2\n")
    machine.ran.clear()
    machine.dev.set_up()
    assert machine.ran == ["-m venv", "-r req", "-e"]
    assert not left_over.exists()


@pytest.mark.parametrize("step", ["-m venv", "-r ", "-e "])
def test_an_interrupted_set_up_is_made_good(machine: Machine, step: str) -> None:
    machine.failing = {step: "killed\n"}
    with pytest.raises(machine.dev.Problem, match="killed"):
        machine.dev.set_up()
    assert not machine.dev.is_ready()
    machine.failing = {}
    machine.dev.set_up()
    assert machine.dev.is_ready()
    assert machine.ran[-3:] == ["-m venv", "-r req", "-e"]


def test_an_environment_whose_python_vanished_is_made_anew(machine: Machine) -> None:
    machine.dev.set_up()
    (machine.root / ".venv" / "bin" / "python").unlink()
    machine.ran.clear()
    machine.dev.set_up()
    assert machine.ran == ["-m venv", "-r req", "-e"]


def test_a_moved_checkout_does_not_trust_its_environment(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = machine.dev.stamps()
    monkeypatch.setattr(machine.dev, "ROOT", machine.root / "elsewhere")
    (machine.root / "elsewhere").mkdir()
    (machine.root / "elsewhere" / "pyproject.toml").write_text("[project]\n")
    after = machine.dev.stamps()
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)


def test_no_network_is_said_so(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    noise = [f"Collecting thing {number}" for number in range(40)]
    last = "ERROR: Could not find a version that satisfies the requirement thing==1"
    machine.failing = {"-r ": "\n".join([*noise, last])}
    assert machine.dev.main(["test"]) == 1
    said = capsys.readouterr().err
    assert last in said
    assert "package index did not answer" in said
    assert "Collecting thing 3\n" not in said


def test_a_wrong_hash_is_not_called_a_network_failure(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.failing = {"-r ": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n"}
    assert machine.dev.main(["setup"]) == 1
    said = capsys.readouterr().err
    assert "DO NOT MATCH THE HASHES" in said
    assert "network" not in said


def test_check_prints_a_line_a_step_and_the_first_failure_last(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.dev.set_up()
    machine.failing = {"-m mypy": "watcher/x.py:1: error\nFound 1 error\n", "lint-": "broken\n"}
    assert machine.dev.main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    verdicts = [line.split(" s ")[0].split()[-2] for line in lines[:7]]
    assert verdicts == ["ok", "ok", "FAILED", "FAILED", "ok", "ok", "ok"]
    assert lines[8:] == [
        "---- mypy --strict ----",
        "watcher/x.py:1: error",
        "Found 1 error",
        "",
        "2 of 7 checks failed",
    ]


def test_check_is_content_when_every_step_is(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.dev.main(["check", "--without-tests"]) == 0
    assert "-m pytest" not in machine.ran
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 5 checks failed"


BROKEN = {"name": "thing", "version": "1", "vulns": [{"id": "PYSEC-2026-1"}, {"id": "GHSA-x"}]}
SKIPPED = {"name": "thing", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("advisories", "failing", "status", "told"),
    [
        ([sound("a"), sound("b")], {}, 0, "ok     | 2 packages, 0 with known vulnerabilities"),
        ([BROKEN, sound("b")], {}, 1, "FAILED | 2 packages, 1 with known vulnerabilities"),
        ([BROKEN, SKIPPED], {}, 1, "FAILED | 1 packages, 1 with known"),
        ([SKIPPED, sound("b")], {}, 0, "1 NOT AUDITED, unknown to the database"),
        ([SKIPPED, SKIPPED], {}, 0, "NOT DONE | 0 packages"),
        (None, {"pip_audit": "x\nConnectionError: no route\n"}, 0, "NOT DONE | the advisory"),
        (
            None,
            {"audit.txt": "ERROR: No matching distribution\n"},
            0,
            "pip-audit could not be inst",
        ),
    ],
    ids=["sound", "broken", "broken, part unknown", "part unknown", "unknown", "mute", "offline"],
)
def test_the_audit_says_what_it_knows_and_what_it_does_not(
    machine: Machine,
    advisories: list[dict[str, Any]] | None,
    failing: dict[str, str],
    status: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine.advisories, machine.failing = advisories, failing
    assert machine.dev.main(["check", "--without-tests"]) == status
    lines = capsys.readouterr().out.splitlines()
    (line,) = [each for each in lines if each.startswith("pip-audit")]
    verdict, _, text = line.removeprefix("pip-audit").strip().partition(" s  ")
    shown = " ".join(verdict.split()[:-1])
    assert told.replace(" ", "") in f"{shown}|{text}".replace(" ", "")
    assert ("thing 1: PYSEC-2026-1, GHSA-x" in lines) is bool(status)
    assert lines[-1] == f"{status} of 5 checks failed"


def test_the_auditor_is_installed_once(machine: Machine) -> None:
    for _ in range(2):
        assert machine.dev.run_audit() == ""
    assert machine.ran.count("audit") == 4  # its environment, its packages, two audits
    (machine.root / "requirements" / "audit.txt").write_text("auditor==2\n")
    assert machine.dev.make_auditor() == ""
    assert machine.ran.count("audit") == 6


@pytest.mark.parametrize("words", [["chekc"], ["check", "--fast"], ["bench"], ["bench", "nothing"]])
def test_wrong_use_exits_with_two_and_says_what_there_is(
    machine: Machine, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.dev.main(words) == 2
    assert "usage: python3 dev.py" in capsys.readouterr().err
    assert machine.ran == []


def test_help_names_every_command(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    said = capsys.readouterr().out
    assert [name for name in dev.COMMANDS if f"\n  {name}" not in said] == []


@pytest.mark.parametrize("line", ["--index-url https://mirror.example/simple", "-i mirror", "-f x"])
def test_a_lock_file_that_names_a_host_is_not_written(
    machine: Machine, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compile_with_host(command: list[Any]) -> int:
        Path(command[command.index("-o") + 1]).write_text(f"{line}\nthing==2\n")
        return 0

    monkeypatch.setattr(machine.dev, "seen", compile_with_host)
    with pytest.raises(machine.dev.Problem, match="was not written"):
        machine.dev.resolve(machine.root, machine.root, "dev.txt", [])
    assert (machine.root / "requirements" / "dev.txt").read_text() == "thing==1\n"
