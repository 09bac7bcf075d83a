"""Hostile texts through every command there is, its every form, and its faults.

The commands are read from the program: one that is not called here, or an option, is a failure.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.main import get_command
from typer.testing import Result

from storage.archive import Archive
from tests.builders import ArchiveBuilder
from tests.command import DANGEROUS, SECRET, configure, dangerous, watcher
from tests.e2e.running import daemon
from tests.security.payloads import PAYLOADS
from tests.security.test_archive import page
from tests.security.test_renderings import said
from tests.site import Answer, Site
from watcher.cli.deliveries import app as deliveries
from watcher.cli.diffs import Choice
from watcher.cli.main import app
from watcher.cli.replay import serve
from watcher.core.model import Outcome, Snapshot

# What a page can say, and a few at a time, so that each is near others.
SAYABLE = [
    text.encode("utf-8", "replace").decode("utf-8")[:300] for text in PAYLOADS.values() if text
]
PORTIONS = [SAYABLE[start : start + 24] for start in range(0, len(SAYABLE), 24)]
URLS = [f"https://news.example/{number}" for number in range(len(PORTIONS))]
# What an argument of a program can hold.
WORDS = [text for text in SAYABLE if "\0" not in text]
WORD = "".join(text[:200] for text in WORDS)
ONES = ["\x1b]0;owned\x07\x1b[2J", "one\r\n+++ b/owned\n", "\u202etxt.exe", "[bold red]x[/] $(id)"]

# Every command with all that it may be told, once for each of its forms. In braces: an article,
# a page and an older one, a file that is not there, a story, a hostile word.
CALLS: dict[str, list[list[str]]] = {
    "init": [["{new}.toml"], ["{new}.toml", "--contact", "{word}"]],
    "check": [[], ["--json"], ["--schema"]],
    "add": [["https://news.example/{word}", "--story", "{word}"], ["{word}", "--json"]],
    "remove": [["{word}"], ["{article}", "--json"]],
    "run": [["--verbose"]],
    "poll": [["{word}"], ["--all"], ["--all", "--json"]],
    "list": [[], ["--json"], ["--story", "flood"], ["--story", "{word}"]],
    "log": [["{article}"], ["{article}", "--json"], ["{article}", "-n", "1"]],
    "show": [["{article}"], ["{article}@1", "--json"]],
    "diff": [
        ["{article}"], ["{article}", "1..2", "--json"], ["{article}", "--side-by-side"],
        ["{article}", "--each", "--exit-code"],
        *(["{article}", "--format", form] for form in get_args(Choice)),
        ["{article}", "--format", "html", "--output", "{new}"], ["{article}", "{word}..2"],
    ],
    "findings": [
        [], ["--json"], ["--kind", "{word}"], ["--kind", "headline-changed", "--weight", "notable"],
        ["--story", "{word}", "--since", "9d", "-n", "3"], ["--since", "{word}"],
        ["--article", "{article}"],
    ],
    "blame": [["{article}"], ["{article}", "--all"], ["{article}", "--json"]],
    "search": [
        ["{word}"], ["news", "--json"], ["{word}", "--story", "flood", "--current"],
        ["NOT", "{word}"], ["a*", "--article", "{article}", "--gone", "--since", "9d"],
        ["Monday", "-n", "3"], ["{word}", "--story", "{word}"], ["x", "--since", "{word}"],
    ],
    "timeline": [
        ["flood"], ["flood", "--json", "--reverse"], ["{word}"],
        ["flood", "--since", "2026-01-01", "--until", "{word}"],
    ],
    "reindex": [[], ["--json"]],
    "explain": [["{article}"], ["{article}", "--json"]],
    "status": [[], ["--json"]],
    "extract": [["{page}"], ["{page}", "--json"], ["{word}"]],
    "compare": [
        ["{old}", "{page}"], ["{old}", "{page}", "--json"], ["{old}", "{page}", "--side-by-side"],
        *(["{old}", "{page}", "--format", form] for form in get_args(Choice)),
        ["{old}", "{page}", "--exit-code", "--output", "{new}"], ["{old}", "{word}"],
    ],
    "reprocess": [["1"], ["2", "--json"], ["3", "--apply"], ["{word}"]],
    "verify": [["{article}"], ["--json"], ["--quick"], ["--head", "{word}"]],
    "backup": [["{new}"], ["{new}", "--json"], ["{page}", "--force"], ["{page}"]],
    "simulate": [
        ["--from-archive", "--requests-per-hour", "5"],
        ["--from-archive", "--requests-per-hour", "5", "--json", "--policy", "fixed"],
        ["--trace", "{page}", "--requests-per-hour", "5", "--days", "1", "--peak", "2"],
        ["--trace", "{new}", "--requests-per-hour", "{word}"],
    ],
    "tune": [[], ["--write", "--json"]],
    "replay": [["{story}", "--speed", "1", "--port", "70000"], ["{word}", "--seeds", "{word}"]],
    "deliveries list": [[], ["--json"], ["--state", "dead"], ["-n", "3"], ["--state", "{word}"],
                        ["--state", "gathered"], ["--state", "suppressed", "--json"]],
    "deliveries show": [["1"], ["2", "--json"], ["{word}"]],
    "deliveries retry": [["1"], ["2", "--json"], ["{word}"]],
    "alert list": [[], ["--json"]],
    "alert test": [["{article}"], ["{article}", "--json"], ["{article}", "--alert", "{word}"]],
    "webhook test": [["desk"], ["desk", "--json"], ["{word}"]],
    "webhook enable": [["desk"], ["desk", "--json"], ["{word}"]],
}  # fmt: skip
# These ask hosts, or go on until they are stopped: tests of their own are below.
ELSEWHERE = {"run", "poll"}


def leaves() -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its whole name."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        for sub, each in (inner or {}).items():
            yield from walk(f"{name} {sub}".strip(), each)

    yield from walk("", get_command(app))


def test_every_command_is_called_with_every_option() -> None:
    assert deliveries.registered_commands
    commands = dict(leaves())
    assert set(CALLS) == set(commands)
    for name, command in commands.items():
        called = {word for call in CALLS[name] for word in call}
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert called.intersection(parameter.opts), f"{name} {parameter.opts[0]}"
            else:
                assert any(call and not call[0].startswith("-") for call in CALLS[name]), name


def everything(portion: list[str], mark: str, url: str) -> Snapshot:
    """One article that says all of it in each of its fields and paragraphs."""
    whole = said(" ".join(portion), mark)
    texts = [paragraph for text in portion for paragraph in said(text, mark).paragraphs]
    return replace(whole, paragraphs=tuple(texts), url=url)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    configure(folder, *URLS, webhook="http://127.0.0.1:9/")
    with ArchiveBuilder(folder / "stories.db", URLS, endpoints=["desk"]) as builder:
        for mark in ("Monday", "Friday"):
            for article, portion in enumerate(PORTIONS, 1):
                builder.sees(everything(portion, mark, URLS[article - 1]), article)
            builder.wait(60)
        for article, portion in enumerate(PORTIONS, 1):
            builder.fails(Outcome.BLOCKED, " ".join(portion), 403, article)
        builder.delivers("desk", 500)
    (folder / "page.html").write_bytes(page(" ".join(SAYABLE)))
    (folder / "old.html").write_bytes(page("nothing"))
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy, as some commands write."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def filled(call: list[str], folder: Path, article: int, word: str) -> list[str]:
    # a name of a file may be any text without a slash, of some length
    name = word.replace("/", "_")[:60]
    places = {
        "article": str(article), "page": str(folder / "page.html"), "word": word,
        "old": str(folder / "old.html"), "new": str(folder / f"new{name}"),
        "story": str(folder / name),
    }  # fmt: skip
    return [re.sub(r"\{(\w+)\}", lambda found: places[found[1]], part) for part in call]


def quiet(result: Result, name: str) -> None:
    assert result.exit_code in (0, 1, 2, 3), (name, result.output)
    for text in (result.stdout, result.stderr):
        assert dangerous(text) == [], (name, text)
        assert "defect" not in text, (name, text)
        assert "Traceback" not in text, (name, text)
    # no text becomes a line of its own among what the program says of itself
    assert not re.search(r"^(\+\+\+ b/owned|Set-Cookie:)", result.stderr, re.MULTILINE), name


SHOWING = [name for name in CALLS if name not in ELSEWHERE]


@pytest.mark.parametrize("name", SHOWING)
def test_a_command_is_quiet_in_every_form(folder: Path, name: str) -> None:
    config, before = folder / "watcher.toml", set(folder.parent.rglob("*"))
    kept = config.read_bytes()
    for call in CALLS[name]:
        articles = range(1, len(PORTIONS) + 1) if "{article}" in call else (1,)
        for article in articles:
            for word in ONES if "word" in str(call) or "new" in str(call) else ONES[:1]:
                told = filled(call, folder, article, word)
                result = watcher(*name.split(), *told, config=config, env={"DESK_SECRET": SECRET})
                quiet(result, f"{name} {told}")
                if "--json" in call and result.stdout:
                    json.loads(result.stdout)
                config.write_bytes(kept)
    # what came into being has the name that was asked for, and stands where it should
    made = {path.name for path in set(folder.parent.rglob("*")) - before}
    assert all(path.startswith(("new", "stories.db")) for path in made), made


# It starts workers at each call, and prints like the others.
@pytest.mark.parametrize("name", [name for name in SHOWING if name != "reprocess"])
def test_a_command_is_quiet_on_a_terminal(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it may use colours, which are ours; nothing else is for the terminal to obey."""
    monkeypatch.setattr("watcher.cli.output.on_terminal", lambda: True)
    config, shown = folder / "watcher.toml", ""
    env = {"DESK_SECRET": SECRET, "PAGER": "cat", "TERM": "xterm", "COLUMNS": "100"}
    for call in CALLS[name]:
        for article in range(1, len(PORTIONS) + 1) if "{article}" in call else (1,):
            told = filled(call, folder, article, ONES[0])
            result = watcher(*name.split(), *told, config=config, env=env)
            shown += result.stdout
    assert dangerous(re.sub(r"\x1b\[[0-9;]{0,9}m", "", shown)) == []
    if name in ("diff", "compare", "log"):
        assert "\x1b[" in shown  # so this was a terminal


@pytest.mark.parametrize("name", CALLS)
def test_a_command_is_quiet_about_whatever_it_is_told(folder: Path, name: str) -> None:
    """All of the corpus as an argument, and in each place of the configuration."""
    config = folder / "watcher.toml"
    for call in CALLS[name]:
        if "word" in str(call):
            quiet(watcher(*name.split(), *filled(call, folder, 1, WORD), config=config), name)
    kept = config.read_text()
    call = filled(CALLS[name][0], folder, 1, "x")
    places = ("stories.db", "mailto:desk@example.org", "0s", "flood", URLS[0], "127.0.0.1/32")
    everywhere = kept
    for old in places:
        everywhere = everywhere.replace(f'"{old}"', json.dumps(WORD))
    faulty = [everywhere, kept + f"{WORD} = 1", kept + f"[[{WORD}]]", kept + f'x = "{ONES[0]}"']
    for text in faulty:
        assert text != kept
        config.write_text(text, encoding="utf-8")
        checked = watcher("check", config=config, env={"DESK_SECRET": SECRET})
        quiet(checked, "check")
        if name != "run" or checked.exit_code:  # a daemon with a sound configuration goes on
            quiet(watcher(*name.split(), *call, config=config, env={"DESK_SECRET": SECRET}), name)
    quiet(watcher(*name.split(), *call, config=folder / ONES[0]), name)
    quiet(watcher(*name.split(), f"--{ONES[0]}", config=config), name)
    quiet(watcher(*name.split()[:-1], ONES[0], config=config), name)


HEAD = {"Content-Type": "text/html", "ETag": '"\x9b31m"', "X": "\x9d0;owned\x9c"}


def hostile(site: Site) -> list[str]:
    """Pages and answers on a site, each with a hostile text; gives their addresses."""
    for number, portion in enumerate(PORTIONS):
        site.on(f"/{number}", Answer(body=page(" ".join(portion)), headers=HEAD))
    for number, payload in enumerate(("\x1b]0;owned\x07", "\x9b2J", "\u202e", "a b\tc")):
        text = payload.encode()
        site.on(f"/r{number}", Answer(raw=b"HTTP/1.1 302 " + text + b"\r\nLocation: /" + text
                                      + b"\r\nContent-Length: 0\r\n\r\n"))  # fmt: skip
        site.on(f"/s{number}", Answer(raw=b"HTTP/1.1 500 " + text + b"\r\nRetry-After: " + text
                                      + b"\r\nContent-Length: 0\r\n\r\n"))  # fmt: skip
        site.on(f"/e{number}", Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Encoding: " + text
                                      + b"\r\nContent-Length: 1\r\n\r\nx"))  # fmt: skip
    return [site.url(path) for path in (
        *(f"/{number}" for number in range(len(PORTIONS))),
        *(f"/{kind}{number}" for kind in "rse" for number in range(4)),
    )]  # fmt: skip


async def test_polls_of_hostile_answers_are_quiet(site: Site, tmp_path: Path) -> None:
    config = configure(tmp_path, *hostile(site), webhook=site.url("/s0"))
    env = {"DESK_SECRET": SECRET}
    outcomes = ""
    for call in (*CALLS["poll"][1:], CALLS["poll"][1]):
        result = await asyncio.to_thread(watcher, "poll", *call, config=config, env=env)
        quiet(result, f"poll {call}")
        outcomes += result.stdout
    assert {"new-version", "server-error", "bad-response"} <= set(re.findall(r"[a-z-]+", outcomes))
    for call in (("webhook", "test", "desk"), ("webhook", "test", "desk", "--json")):
        quiet(await asyncio.to_thread(watcher, *call, config=config, env=env), "webhook test")
    with Archive(tmp_path / "stories.db") as archive:
        assert len(archive.articles()) == len(PORTIONS) + 12
    for name in ("list", "status", "deliveries list"):
        for form in ((), ("--json",)):
            quiet(watcher(*name.split(), *form, config=config), name)
    for article in range(1, len(PORTIONS) + 13):
        quiet(watcher("explain", article, config=config), "explain")


async def test_the_log_of_a_daemon_stays_lines_of_ascii(site: Site, tmp_path: Path) -> None:
    urls = hostile(site)
    config = configure(tmp_path, *urls, webhook=site.url("/s0"))
    async with daemon(config, "--verbose") as running:
        await running.until("polled", lambda line: True, len(urls))
        lines = [json.dumps(line, ensure_ascii=False) for line in running.lines]
    assert len(lines) >= len(urls)
    # each is one JSON object of ours: none began within another
    assert all("event" in json.loads(line) for line in lines)
    assert "owned" not in {json.loads(line)["event"] for line in lines}


class At:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 1, 12, 6, 10, tzinfo=UTC)


async def test_a_story_that_is_served_is_told_quietly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(WORD[:1500]).replace("\x7f", "\\u007f")
    (tmp_path / "story.toml").write_text(
        f'name = "flood"\ntitle = {text}\nshows = {text}\nstarts = 2026-01-12T06:10:00Z\n'
        '[[step]]\nat = "0m"\npath = "/flood"\nfile = "1.html"\n',
        encoding="utf-8",
    )
    (tmp_path / "1.html").write_bytes(page(WORD[:500]))
    stopping = asyncio.Event()
    served = asyncio.create_task(serve(tmp_path, 1.0, 0, At(), stopping))
    while "step 1 of 1" not in (told := capsys.readouterr().out):
        assert not served.done(), served
        await asyncio.sleep(0)
    stopping.set()
    await served
    assert dangerous(told) == []


def test_these_checks_can_fail() -> None:
    assert {ord(char) for char in WORD} & DANGEROUS
    assert len(WORDS) > 60
