"""What the documents name is there: files, headings, commands with their options, keys."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from config.load import load
from watcher.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (".", "docs", "docs/deploy", "seeds", "bench")
PAGES = sorted(page for folder in FOLDERS for page in (ROOT / folder).glob("*.md"))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACE = re.compile(r"(?<![\w./-])(?:watcher|config|storage|seeds|tests|docs|bench)/[\w./-]*\w/?")
SHELLS = {"console", "sh"}

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """What links may name in a page: its headings, as they are written in an address."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def faults_of_link(page: Path, target: str) -> Iterator[str]:
    """Why a link leads nowhere, if it does not."""
    if "://" in target or target.startswith("mailto:"):
        return
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.is_relative_to(ROOT) or not path.exists():
        yield f"{target}: no such file"
    elif anchor and anchor not in anchors(path):
        yield f"{target}: no such heading"


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    links = LINK.findall(prose(page))
    assert [fault for target in links for fault in faults_of_link(page, target)] == []


def lines_to_type(page: Path) -> Iterator[str]:
    """Everything in a page that a person may type."""
    text = page.read_text(encoding="utf-8")
    for language, block in FENCE.findall(text):
        lines = block.replace("\\\n", " ").splitlines()
        if language == "console" and any(line.startswith("$ ") for line in lines):
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        if language in SHELLS:
            yield from lines
    yield from SPAN.findall(FENCE.sub("", text))


def calls(line: str) -> Iterator[list[str]]:
    """The calls of `watcher` in a line: the words behind its name."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return
    for place, word in enumerate(words[:-1]):
        before = words[place - 1] if place else "&&"
        starts = before in ("&&", "|", "watcher") or "=" in before
        # In `podman exec watcher watcher status` the first is a container.
        if word.rpartition("/")[2] == "watcher" and starts and words[place + 1] != "watcher":
            yield words[place + 1 :]


program = cache(lambda: get_command(app))


def faults_of_call(words: list[str]) -> Iterator[str]:
    """What of a call does not exist."""
    command: Any = program()
    common = {"--help", "--install-completion", "--show-completion"}
    waiting = iter(words)
    for word in waiting:
        if word in ("&&", "|", ">", "2>", "--"):
            return
        if word.startswith("-") and word != "-":
            options = {name: p for p in command.params for name in p.opts}
            name, equals, _ = word.partition("=")
            if name not in options and name not in common:
                yield f"{name} is no option of {command.name}"
            elif name in options and not options[name].is_flag and not equals:
                next(waiting, None)
        elif hasattr(command, "commands"):
            if word == "COMMAND":
                return
            if word not in command.commands:
                yield f"{word} is no command of {command.name}"
                return
            command = command.commands[word]


@every_page
def test_commands_exist_with_their_options(page: Path) -> None:
    faults = [
        f"{line}: {fault}"
        for line in lines_to_type(page)
        for call in calls(line)
        for fault in faults_of_call(call)
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("watcher lst", "lst is no command of watcher"),
        ("/opt/storywatcher/bin/watcher lst", "lst is no command of watcher"),
        ("sudo -u watcher WATCHER_CONFIG=x /opt/bin/watcher stats", "stats is no command"),
        ("podman exec watcher watcher stats", "stats is no command of watcher"),
        ("watcher --config x.toml run --verbos", "--verbos is no option of run"),
        ("watcher deliveries sho 1", "sho is no command of deliveries"),
        ("watcher diff flood 1..2 --format patch --nojson", "--nojson is no option of diff"),
        ("true && watcher check --schem", "--schem is no option of check"),
    ],
)
def test_a_call_that_cannot_work_is_noticed(line: str, fault: str) -> None:
    (found,) = [each for call in calls(line) for each in faults_of_call(call)]
    assert fault in found


@pytest.mark.parametrize(
    "line",
    [
        "watcher diff flood -- 1..2",
        "journalctl -u watcher -o cat -f",
        "podman run -d --name watcher --stop-timeout 25 storywatcher",
        "watcher COMMAND --help",
        "watcher extract -",
    ],
)
def test_what_is_right_or_no_call_is_not_reported(line: str) -> None:
    assert [each for call in calls(line) for each in faults_of_call(call)] == []


def test_the_pages_are_full_of_commands() -> None:
    found = [call for page in PAGES for line in lines_to_type(page) for call in calls(line)]
    assert len(found) > 60


@pytest.fixture(scope="module")
def tasks() -> Any:
    """dev.py as a module."""
    spec = importlib.util.spec_from_file_location("dev_of_the_documents", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@every_page
def test_tasks_of_dev_py_and_modules_exist(page: Path, tasks: Any) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"python3 dev\.py ([a-z]+)(?: ([a-z][\w-]*))?", text)
    assert [name for name, _ in named if name not in tasks.COMMANDS] == []
    benches = {argument for name, argument in named if name == "bench" and argument}
    assert [b for b in benches if not (ROOT / "bench" / f"{b}.py").exists()] == []
    modules = set(re.findall(r"python3? -m ([\w.]+)", text))
    assert [name for name in modules if importlib.util.find_spec(name) is None] == []


@every_page
def test_files_of_the_project_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    # A seed's or a reader's own files are not those of the project.
    diagrams = "".join(block for language, block in FENCE.findall(text) if not language)
    places = {
        place
        for part in [*SPAN.findall(FENCE.sub("", text)), diagrams]
        for place in PLACE.findall(part)
    }
    assert [place for place in sorted(places) if not (ROOT / place).exists()] == []


def test_the_configuration_in_the_readme_can_be_used(tmp_path: Path) -> None:
    blocks = dict(FENCE.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    (tmp_path / "watcher.toml").write_text(blocks["toml"], encoding="utf-8")
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwdW4y"
    loaded = load(tmp_path / "watcher.toml", {"DESK_WEBHOOK_SECRET": secret})
    assert [webhook.name for webhook in loaded.settings.webhooks] == ["desk"]
