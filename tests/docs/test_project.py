"""House rules that a reader of the sources can check: they hold for every file, always."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("watcher", "config", "storage")
PRODUCTION = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
LONGEST_FILE = 400
CLOCK = "watcher/adapters/clock.py"
CLOCK_READS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}
BROAD = {"Exception", "BaseException"}
GUARDS = {
    "watcher/daemon.py",  # one article's failure is logged and must not stop the others
    "watcher/adapters/workers/extraction_worker.py",  # a page that trips a defect is an outcome
    "watcher/adapters/added_rules.py",  # a package that cannot be loaded is named, not obeyed
    "watcher/core/findings/find.py",  # a rule of others that fails must not cost the version
    "watcher/payload.py",  # one event's defect must not hold up the others of its digest
    "storage/writer.py",  # the writer's thread hands every error to the caller that waits for it
}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
MACHINE_PATH = re.compile(r"(?<![\w.$])/(home|Users|root|work|mnt)/[\w.-]+|/tmp/[\w.-]+")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in PRODUCTION:
        yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    """Every text file of the project, as git sees it, or as it lies there without git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        hidden = {".venv", ".git", "build", "dist"}
        paths = [p for p in ROOT.rglob("*") if not hidden & set(p.relative_to(ROOT).parts)]
    suffixes = {".py", ".md", ".toml", ".txt", ".json", ".html", ".service", ".sql", ""}
    return [path for path in paths if path.is_file() and path.suffix in suffixes]


def faults(where: str, tree: ast.Module) -> Iterator[str]:
    """What of the house rules a module breaks, one line each."""
    for node in ast.walk(tree):
        line = f"{where}:{getattr(node, 'lineno', 1)}"
        if isinstance(node, ast.Assert):
            yield f"{line}: assert in production code"
        elif isinstance(node, ast.ExceptHandler) and is_broad(node) and where not in GUARDS:
            yield f"{line}: broad except"
        elif isinstance(node, ast.Global):
            yield f"{line}: global state"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, called = ast.unparse(node.func.value).rpartition(".")[2], node.func.attr
            if called in CLOCK_READS.get(owner, ()) and where != CLOCK:
                yield f"{line}: reads the clock: {owner}.{called}"
            if (owner, called) == ("time", "sleep"):
                yield f"{line}: blocks the thread: time.sleep"


def is_broad(handler: ast.ExceptHandler) -> bool:
    """True for `except:` and for handlers of all errors that do not raise again."""
    caught = {ast.unparse(handler.type)} if handler.type else set(BROAD)
    if isinstance(handler.type, ast.Tuple):
        caught = {ast.unparse(item) for item in handler.type.elts}
    again = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    return bool(caught & BROAD) and not again


def test_production_code_keeps_the_house_rules() -> None:
    assert PRODUCTION
    assert [fault for where, tree in parsed() for fault in faults(where, tree)] == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("assert x", "assert"),
        ("try: f()\nexcept Exception: pass", "broad except"),
        ("try: f()\nexcept (OSError, BaseException): pass", "broad except"),
        ("try: f()\nexcept: pass", "broad except"),
        ("def f():\n    global x", "global state"),
        ("datetime.now(UTC)", "reads the clock"),
        ("datetime.datetime.utcnow()", "reads the clock"),
        ("time.time()", "reads the clock"),
        ("time.sleep(1)", "blocks"),
    ],
)
def test_a_broken_house_rule_is_noticed(source: str, fault: str) -> None:
    assert [fault in found for found in faults("watcher/x.py", ast.parse(source))] == [True]


def test_what_the_rules_allow_is_not_reported() -> None:
    source = "try: f()\nexcept Exception:\n    undo()\n    raise\nclock.now()"
    assert list(faults("watcher/x.py", ast.parse(source))) == []


def test_no_unfinished_work_in_production_code() -> None:
    lines = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in [*PRODUCTION, ROOT / "dev.py"]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert lines == []


def evasions(tree: ast.Module) -> Iterator[str]:
    """Where a test waits for the clock on the wall, or may be left out."""
    for node in ast.walk(tree):
        text = ast.unparse(node) if isinstance(node, ast.Call | ast.Attribute) else ""
        if isinstance(node, ast.Call) and re.match(r"(time|asyncio)\.sleep\((?!0\))", text):
            yield text
        if re.fullmatch(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)", text):
            yield text


def test_no_test_sleeps_or_is_left_out() -> None:
    found = [
        f"{name_of(path)}: {evasion}"
        for path in (ROOT / "tests").rglob("*.py")
        for evasion in evasions(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(0.1)",
        "await asyncio.sleep(delay)",
        "pytest.skip('no')",
        "@pytest.mark.xfail\ndef f(): ...",
    ],
)
def test_an_evasion_is_noticed(source: str) -> None:
    assert len(list(evasions(ast.parse(source)))) == 1


def test_giving_other_tasks_a_turn_is_no_evasion() -> None:
    assert list(evasions(ast.parse("await asyncio.sleep(0)"))) == []


def test_no_file_is_too_long() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in [*PRODUCTION, ROOT / "dev.py"]
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_every_module_says_what_it_is() -> None:
    assert [where for where, tree in parsed() if not ast.get_docstring(tree)] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in PRODUCTION}
    assert [name_of(f) for f in folders if not (f / "__init__.py").exists()] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in tracked()
        if path != Path(__file__).resolve() and path.name != "LICENSE"
        for match in MACHINE_PATH.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt", "audit.txt"])
def test_requirements_are_pinned_hashed_and_name_no_host(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=sha256:)", text, re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line[:1] != "#"]
    pinned = re.compile(r"[\w.-]+==[\w.]+( ; [^#]+?)? ?(--hash=sha256:[0-9a-f]{64} ?)+")
    assert lines
    assert [line for line in lines if not pinned.fullmatch(line)] == []


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def test_both_requirement_files_pin_the_same_versions() -> None:
    runtime, dev = locked("runtime.txt"), locked("dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for wanted, name in [
        (project["project"]["dependencies"], "runtime.txt"),
        (project["dependency-groups"]["dev"], "dev.txt"),
    ]:
        names = {re.split(r"[<>=;! ]", line)[0].replace(".", "-").lower() for line in wanted}
        assert names - set(locked(name)) == set()


def test_the_version_is_said_once() -> None:
    import watcher

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert watcher.__version__ == project["version"]
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text()


def test_the_licence_is_the_one_the_metadata_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "LICENSE").read_text()
    assert project["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_continuous_integration_calls_the_readmes_test_command() -> None:
    command = "python3 dev.py test"
    assert command in (ROOT / "README.md").read_text()
    assert re.search(rf"^{re.escape(command)}\b", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                path = (page.parent / target).resolve()
                if not path.exists():
                    broken.append(f"{name_of(page)}: {target}")
    assert broken == []


def test_json_in_documents_is_json() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        for block in re.findall(r"^```json\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            json.loads(block)
