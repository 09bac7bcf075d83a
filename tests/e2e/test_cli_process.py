"""The command as a process of its own: pipes, terminals, pagers, signals, statuses."""

from __future__ import annotations

import os
import pty
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders import ArchiveBuilder, snapshot
from tests.command import ROOT, configure, dangerous, environment, process

FLOOD = "https://news.example/flood"
COMMAND = [sys.executable, "-m", "watcher"]
LONG = [f"Paragraph {number} of a long story." for number in range(60)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration, and an archive of a long article that changed."""
    path = tmp_path_factory.mktemp("desk")
    configure(path, FLOOD)
    with ArchiveBuilder(path / "stories.db", [FLOOD]) as archive:
        archive.sees(snapshot("River \x1b]0;owned\x07rises", *LONG, "Two metres."))
        archive.wait(600)
        archive.sees(snapshot("River \x1b]0;owned\x07rises", *LONG, "Three metres."))
    return path


def on_terminal(*arguments: str, cwd: Path, env: Mapping[str, str]) -> str:
    """What a terminal receives."""
    ours, theirs = pty.openpty()
    try:
        running = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=cwd,
            env=environment({"TERM": "xterm-256color", **env}),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.PIPE,
        )
        os.close(theirs)
        received = b""
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:  # Linux: the other side is closed
                break
            if not some:
                break
            received += some
        _, errors = running.communicate()
    finally:
        os.close(ours)
    assert (running.returncode, errors) == (0, b"")
    return received.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_nothing_else_to_obey(folder: Path) -> None:
    text = on_terminal("diff", "1", cwd=folder, env={"PAGER": "cat"})
    assert "\x1b[1mRiver rises\x1b[0m" in text
    assert "[-Two-]" not in text
    assert "owned" not in text
    styles = {part.partition("m")[0] for part in text.split("\x1b[")[1:]}
    assert all(style.replace(";", "").isdigit() for style in styles)
    assert "\x1b]" not in text


def test_a_terminal_that_wants_no_colours_gets_none(folder: Path) -> None:
    text = on_terminal("diff", "1", cwd=folder, env={"PAGER": "cat", "NO_COLOR": "1"})
    assert "[-Two-]{+Three+} metres." in text
    assert dangerous(text) == []


def test_long_output_goes_through_the_pager_on_a_terminal(folder: Path) -> None:
    text = on_terminal("show", "1", cwd=folder, env={"PAGER": "sed s/^/paged:/", "NO_COLOR": "1"})
    lines = text.splitlines()
    assert len(lines) > 60
    assert all(line.startswith("paged:") for line in lines)


def test_short_output_needs_no_pager(folder: Path) -> None:
    env = {"PAGER": "sed s/^/paged:/", "TERM": "dumb"}
    text = on_terminal("diff", "1", cwd=folder, env=env)
    assert "[-Two-]{+Three+}" in text
    assert "paged" not in text


def test_a_missing_pager_is_no_trouble(folder: Path) -> None:
    text = on_terminal("show", "1", cwd=folder, env={"PAGER": "no-such-pager", "NO_COLOR": "1"})
    assert "Paragraph 59" in text


def test_a_pipe_gets_plain_text_and_no_pager(folder: Path) -> None:
    done = process("show", "1", cwd=folder, env={"PAGER": "sed s/^/paged:/"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "Paragraph 59" in done.stdout
    assert "paged" not in done.stdout
    assert dangerous(done.stdout) == []
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_width_can_be_said(folder: Path) -> None:
    done = process("diff", "1", cwd=folder, env={"COLUMNS": "40"})
    assert 30 < max(map(len, done.stdout.splitlines())) <= 40


def test_a_reader_that_went_away_is_no_trouble(folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*COMMAND, "show", "1"],
            cwd=folder,
            env=environment(),
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def no_room() -> None:
    """Lets no file of the process grow, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize("arguments", [("check", "--schema"), ("--help",)])
def test_output_that_cannot_be_written_is_told(
    folder: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with (tmp_path / "out.txt").open("w") as target:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=folder,
            env=environment({"PYTHONDONTWRITEBYTECODE": "1"}),
            stdout=target,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            preexec_fn=no_room,
        )
    assert done.returncode == 3
    assert done.stderr.startswith("watcher: File too large")
    assert "Traceback" not in done.stderr


def test_a_terminal_without_the_letters_gets_question_marks(folder: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = process("diff", "1", cwd=folder, env=plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert "? 60 paragraphs unchanged" in done.stdout
    found = process("diff", "1", "--json", cwd=folder, env=plain)
    assert found.stdout.isascii()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("diff", "1", "1"), 1),
        (("lst",), 2),
        (("--config", "none.toml", "list"), 2),
        (("extract", "http://127.0.0.1:1/"), 3),
    ],
)
def test_statuses_are_those_of_the_documentation(
    folder: Path, arguments: tuple[str, ...], status: int
) -> None:
    done = process(*arguments, cwd=folder)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) == (status != 0)


def test_start_up_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, watcher.cli.main; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    heavy = "rich pydantic sqlite3 sqlite_utils httpx aiohttp asyncio trafilatura lxml"
    assert loaded & {*heavy.split(), "apscheduler", "structlog", "config", "storage"} == set()
    assert "watcher" in loaded


@contextmanager
def replaying(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    running = subprocess.Popen(
        [*COMMAND, "replay", *arguments],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_replay_shows_every_step_and_stops_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    seeds = str(ROOT / "seeds")
    with replaying("revert", "--speed", "100000", "--seeds", seeds, cwd=tmp_path) as running:
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(line)
            if "step 3 of 3" in line:
                break
        running.send_signal(ending)
        rest, errors = running.communicate()
    assert (running.returncode, errors) == (0, "")
    assert rest.endswith("Stopped.\n")
    text = "".join(said)
    assert 'allow_networks = ["127.0.0.1/32"]' in text
    assert "0:00:00  step 1 of 3" in text


def test_replay_in_wrong_use(tmp_path: Path) -> None:
    seeds = ROOT / "seeds"
    unknown = process("replay", "rivert", "--seeds", seeds, cwd=tmp_path)
    assert unknown.returncode == 2
    assert "it has: bot-challenge, consent-wall, date-only" in unknown.stderr
    nowhere = process("replay", "revert", cwd=tmp_path)
    assert nowhere.returncode == 2
    assert "--seeds" in nowhere.stderr
    with replaying("revert", "--seeds", str(seeds), cwd=tmp_path) as running:
        assert running.stdout is not None
        address = next(line for line in running.stdout if "http://" in line)
        port = address.split("127.0.0.1:")[1].partition("/")[0]
        taken = process("replay", seeds / "revert", "--port", port, cwd=tmp_path)
    assert taken.returncode == 2
    assert f"Port {port} on 127.0.0.1 is in use" in taken.stderr
