"""The wheel, built and installed as a user would, then run from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("watcher", "config", "storage")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def run(*command: object, cwd: Path) -> str:
    """Run a program; gives its output, and fails with all it said if it failed."""
    # whoever runs the tests may have put the checkout on the path
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a clean copy, so that no leftover of an earlier build gets in."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        copytree(ROOT / package, source / package, ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy(ROOT / name, source)
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", target]
    run(*PIP, "wheel", *options, source, cwd=source)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment: the wheel, and the dependencies we have here."""
    home = tmp_path_factory.mktemp("home") / "env"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home.parent)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home)}))
    # A path line adds the folder but not its own path lines, so the checkout stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = home / "bin" / "python"
    options = ["--quiet", "--no-deps", "--no-index"]
    run(*PIP, "--python", python, "install", *options, wheel, cwd=home)
    return home / "bin"


def test_the_wheel_holds_exactly_our_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    (info,) = (top for top in tops if top.endswith(".dist-info"))
    assert tops - {info} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    assert f"{info}/licenses/LICENSE" in names
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for suffix in ("py", "toml")  # code, and the tables of data it reads
        for path in (ROOT / package).rglob(f"*.{suffix}")
    }
    assert {name for name in names if name.endswith((".py", ".toml"))} == sources


def test_the_command_runs_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    import watcher

    place = run(installed / "python", "-c", "import watcher; print(watcher.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(installed.parent)
    assert watcher.__version__ in run(installed / "watcher", "--version", cwd=tmp_path)
    assert "Usage" in run(installed / "watcher", "--help", cwd=tmp_path)


def test_a_first_session_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    program = installed / "watcher"
    run(program, "init", cwd=tmp_path)
    run(program, "check", cwd=tmp_path)
    page = "<html><body><article><h1>{0}</h1>{1}</article></body></html>"
    text = "<p>The river rose two metres overnight, the council said in a statement on Monday.</p>"
    more = "<p>Two schools in the lower town will stay closed until Wednesday, it added.</p>"
    (tmp_path / "old.html").write_text(page.format("River rises", text))
    (tmp_path / "new.html").write_text(page.format("River rises", text + more))
    assert "Two schools" in run(program, "compare", "old.html", "new.html", cwd=tmp_path)
