"""Runs the command line, in this process or as one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from typer import testing
from typer.main import get_command
from typer.testing import CliRunner, Result

from watcher.cli.main import app

# Building the tree of commands takes longer than most commands; a process does it once as well.
vars(testing)["_get_command"] = cache(get_command)

ROOT = Path(__file__).resolve().parents[1]
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

# What a terminal may obey instead of showing it.
DANGEROUS = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
DANGEROUS -= {ord("\n")}


def watcher(
    *arguments: object,
    config: Path | None = None,
    env: Mapping[str, str | None] | None = None,
    given: bytes | None = None,
) -> Result:
    """One call of the command in this process, as in a pipe."""
    start = [] if config is None else ["--config", str(config)]
    settings = {"COLUMNS": None, "WATCHER_CONFIG": None, "NO_COLOR": None, **(env or {})}
    words = [*start, *map(str, arguments)]
    return CliRunner(env=settings).invoke(app, words, input=given, prog_name="watcher")


def as_json(result: Result, status: int = 0) -> Any:
    """The one JSON document on standard output."""
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def process(
    *arguments: object, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """One call of the command as a process of its own, its output in pipes."""
    return subprocess.run(
        [sys.executable, "-m", "watcher", *map(str, arguments)],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment for processes: the sources on the path, nothing of the user's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **(more or {})}


def dangerous(text: str) -> list[str]:
    """The characters of a text that a terminal may obey."""
    return [repr(char) for char in text if ord(char) in DANGEROUS]


def configure(
    folder: Path,
    *urls: str,
    story: str = "flood",
    webhook: str | None = None,
    extra: str = "",
    polling: str = 'mode = "fixed"',
) -> Path:
    """Writes a configuration for pages and webhooks on this machine; gives its path."""
    listed = ", ".join(json.dumps(url) for url in urls)
    text = f"""\
database = "stories.db"

[http]
contact = "mailto:desk@example.org"
per_host_delay = "0s"
allow_networks = ["127.0.0.1/32"]

[[story]]
name = "{story}"
urls = [{listed}]
{extra}

[polling]
{polling}
"""
    if webhook is not None:
        text += f'\n[[webhook]]\nname = "desk"\nurl = "{webhook}"\nsecret = "env:DESK_SECRET"\n'
    path = folder / "watcher.toml"
    path.write_text(text)
    return path
