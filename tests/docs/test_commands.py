"""docs/commands.md names every command and shows what the commands really print."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.command import SECRET, watcher
from tests.docs.story import DISK_FREE, HEAD, HEAD_NAME
from tests.fakes import FakeClock
from tests.site import Answer, Site
from watcher.adapters.clock import SystemClock
from watcher.cli.main import app

PAGE = Path(__file__).resolve().parents[2] / "docs/commands.md"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
ALERT = re.compile(r"^```toml\n(\[\[alert\]\]\n.*?)^```", re.MULTILINE | re.DOTALL)
EVENT = re.compile(r"evt_[\w-]+")
EXTRACTOR = re.compile(r"trafilatura [0-9.]+ / [0-9]+")
OUTCOME = re.compile(r" +[0-9]+  [a-z-]+ ")
FOLDER = "/srv/desk"

TEXTS = (
    "The river Aller rose by two metres overnight, the town council said on Monday.",
    "Two schools in the lower town will stay closed until Wednesday.",
    "This is a developing story.",
)
LATER = (
    "The river Aller rose by three metres overnight, the town council said on Monday.",
    "Two schools in the lower town will stay closed until Wednesday.",
    "About 200 people were brought to the sports hall during the night.",
    "This is a developing story.",
)
DAM = (
    "Engineers found no damage at the Oster dam when they went over it on Monday.",
    "They will look at it again as soon as the water has fallen by a metre.",
)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its whole name."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield name, command
        for sub, inner in getattr(command, "commands", {}).items():
            yield from walk(f"{name} {sub}", inner)

    yield from walk("watcher", get_command(app))


def html(headline: str, texts: tuple[str, ...]) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{body}"
        "</article></body></html>"
    ).encode()


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = watcher(*name.split()[1:], "--help")
    assert result.exit_code == 0
    examples = re.split(r"Examples?[^:\n]*:\n", result.output)[1]
    assert f"  {name.partition(' ')[0]} " in examples
    assert name.split()[-1] in examples
    assert max(map(len, result.output.splitlines())) <= 80


@pytest.mark.parametrize("name", [name for name, _ in commands() if name != "watcher"])
def test_every_command_has_a_section_that_names_its_options(name: str) -> None:
    sections = re.split(r"^#+ ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = (each for each in sections if each.startswith(f"`{name}`\n"))
    command = dict(commands())[name]
    options = {o for p in command.params if p.param_type_name == "option" for o in p.opts}
    unsaid = {option for option in options - {"--json", "-o"} if f"`{option}" not in section}
    assert unsaid == set()


def test_every_section_is_about_a_command_that_exists() -> None:
    titles = re.findall(r"^#+ `(watcher [a-z ]+)`$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(titles) == sorted(name for name, _ in commands() if name != "watcher")


class Session:
    """Types the commands of the page in, one after the other, and notes what they print.

    The addresses of the page are those of a site on this machine; the clock is our own.
    """

    def __init__(self, folder: Path, site: Site, clock: FakeClock, alert: str) -> None:
        self._folder = folder
        self._alert = alert
        self._site = site
        self._clock = clock
        flood = [Answer(body=html("Aller floods lower town", TEXTS))]
        flood += [
            Answer(body=html("Aller floods lower town, 200 in hall", LATER)),
            Answer(status=404),
        ]
        site.on("/flood", *flood)
        site.on("/dam", Answer(body=html("Oster dam holds", DAM)))
        site.on("/hook", Answer(status=500), Answer(status=500), Answer(status=204))
        (folder / "old.html").write_bytes(html("Aller floods lower town", TEXTS))
        (folder / "new.html").write_bytes(html("Aller floods lower town, 200 in hall", LATER))

    async def play(self, block: str) -> str:
        """A block of the page with what its commands print now."""
        out = []
        for line in block.splitlines():
            if line == "# ten minutes later":
                self._clock.advance(timedelta(minutes=10).total_seconds())
                out.append(line)
            elif line == "# the alert is added":
                path = self._folder / "watcher.toml"
                path.write_text(f"{path.read_text()}\n{self._alert}")
                out.append(line)
            elif line.startswith("$ "):
                out += [line, *await self._type(line[2:])]
        return "".join(f"{line}\n" for line in out)

    async def _type(self, line: str) -> list[str]:
        base = self._site.url("")
        real = line.replace("https://news.example", base)
        result = await asyncio.to_thread(
            watcher, *shlex.split(real)[1:], env={"DESK_WEBHOOK_SECRET": SECRET}
        )
        if line.startswith("watcher init"):
            self._let_it_reach_the_site()
        said = result.output.replace(base, "https://news.example")
        said = said.replace("127.0.0.1", "news.example").replace(str(self._folder), FOLDER)
        said = EVENT.sub("evt_2f9cWx9E9bxFh1l5", said)
        said = HEAD.sub(HEAD_NAME, said)
        lines = EXTRACTOR.sub("trafilatura 2.3.1 / 1", said).splitlines()
        # Polls go on at the same time: which one ends first is left to chance.
        first = [line for line in lines if OUTCOME.match(line)]
        return [*sorted(first), *(line for line in lines if line not in first)]

    def _let_it_reach_the_site(self) -> None:
        path = self._folder / "watcher.toml"
        text = path.read_text()
        text = text.replace("allow_networks = []", 'allow_networks = ["127.0.0.1/32"]')
        text = text.replace('per_host_delay = "1s"', 'per_host_delay = "0s"')
        webhook = f'\n[[webhook]]\nname = "desk"\nurl = "{self._site.url("/hook")}"\n'
        path.write_text(text + webhook + 'secret = "env:DESK_WEBHOOK_SECRET"\n')


async def replayed(text: str, folder: Path, clock: FakeClock) -> str:
    """The page with the real output of every command in its console blocks."""
    async with Site() as site:
        (alert,) = ALERT.findall(text)
        session = Session(folder, site, clock, alert)
        parts = BLOCK.split(text)
        for place in range(1, len(parts), 2):
            parts[place] = f"```console\n{await session.play(parts[place])}```"
    return "".join(parts)


async def test_the_page_shows_what_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    monkeypatch.setattr(SystemClock, "now", lambda self: clock.now())
    monkeypatch.setattr("random.random", lambda: 0.0)
    monkeypatch.setattr("watcher.adapters.disk.free_bytes", lambda _: DISK_FREE)
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    now = await replayed(text, tmp_path, clock)
    (tmp_path / "commands.md").write_text(now, encoding="utf-8")
    assert now == text, f"the page as it should be lies in {tmp_path}"
