"""The command replay: a story of seeds/ as a publisher on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import asyncio
    from datetime import timedelta

    from watcher.adapters.net.replay_site import ReplaySite
    from watcher.core.seed import SeedStep
    from watcher.ports import Clock

Seeds = Annotated[Path, typer.Option(metavar="DIR", help="The folder of the stories.")]

TICK = 0.1
"""Seconds between two looks at the story's clock."""


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(replay)


def replay(
    story: Annotated[
        str, typer.Argument(metavar="STORY", help="A story's name, or a folder that holds one.")
    ],
    speed: Annotated[
        float, typer.Option(metavar="N", min=0.001, help="How many times as fast as it happened.")
    ] = 60.0,
    port: Annotated[
        int, typer.Option(metavar="P", min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 0,
    seeds: Seeds = Path("seeds"),
) -> None:
    """Serve a recorded story on loopback, on a faster clock.

    It answers as the story's publisher did, prints the address and a configuration to follow it
    with, and each step as it comes. Ctrl-C ends it.

    \b
    Example:
      watcher replay kursk-captives --speed 600
    """
    import asyncio

    from watcher.adapters.clock import SystemClock

    folder = _folder(story, seeds)
    asyncio.run(_until_stopped(folder, speed, port, SystemClock()))


def _folder(story: str, seeds: Path) -> Path:
    from watcher.errors import UsageError

    for folder in (seeds / story, Path(story)):
        if (folder / "story.toml").is_file():
            return folder
    if not seeds.is_dir():
        raise UsageError(f'no story "{story}" and no folder {seeds}: name the folder with --seeds')
    names = sorted(each.parent.name for each in seeds.glob("*/story.toml"))
    raise UsageError(f'{seeds} has no story "{story}"; it has: {", ".join(names) or "none"}')


async def _until_stopped(folder: Path, speed: float, port: int, clock: Clock) -> None:
    import asyncio
    import signal

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    await serve(folder, speed, port, clock, stopping)
    typer.echo("Stopped.")


async def serve(
    folder: Path, speed: float, port: int, clock: Clock, stopping: asyncio.Event
) -> None:
    """Serves the story until `stopping` is set; prints each step as it comes."""
    import asyncio
    import contextlib

    from watcher.adapters.net.replay_site import ReplaySite, accelerated
    from watcher.core.text import printable

    def told(index: int, step: SeedStep) -> None:
        if index == 0:
            typer.echo(printable(_introduction(site, speed), newlines=True))
        place = f"step {index + 1} of {len(site.story.steps)}"
        typer.echo(printable(f"{_clock(step.at)}  {place}: {_says(step)}"))

    site = ReplaySite(folder, port=port, story_time=accelerated(clock, speed), on_step=told)
    await site.start()
    try:
        while not stopping.is_set():
            site.advance()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), TICK)
    finally:
        await site.aclose()


def _introduction(site: ReplaySite, speed: float) -> str:
    story = site.story
    urls = list(dict.fromkeys(site.base + step.path for step in story.steps))
    return f"""{story.title}: {story.shows}
At {speed:g} times its speed, on {" and ".join(urls)}

A configuration to follow it with:

  database = "replay.db"

  [polling]
  mode = "fixed"
  interval = "1s"

  [http]
  per_host_delay = "0s"
  allow_networks = ["127.0.0.1/32"]

  [[story]]
  name = "{story.name}"
  urls = ["{site.article_url}"]
"""


def _says(step: SeedStep) -> str:
    if step.location is not None:
        return f"{step.path} answers {step.status} and leads to {step.location} ({step.file})"
    return f"{step.path} answers {step.status}" + (f" with {step.file}" if step.file else "")


def _clock(at: timedelta) -> str:
    minutes, seconds = divmod(int(at.total_seconds()), 60)
    return f"{minutes // 60:>3}:{minutes % 60:02}:{seconds:02}"
