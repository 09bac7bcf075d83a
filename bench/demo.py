"""The main job in half a minute: `python3 dev.py demo`.

A publisher on loopback tells the story of two captives step by step on an accelerated clock; the
real daemon, as a process of its own, follows it; a receiver that knows only the Standard Webhooks
package checks every signature. What is shown is read from the daemon's log, from the archive and
from the webhooks received.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import shlex
import shutil
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from rich.console import Console
from standardwebhooks import Webhook, WebhookVerificationError

from watcher.adapters.clock import SystemClock
from watcher.adapters.net.replay_site import ReplaySite, load_story
from watcher.api import open_archive
from watcher.core.seed import SeedStep
from watcher.core.text import printable
from watcher.render.terminal import to_terminal
from watcher.views import diff_view

ROOT = Path(__file__).resolve().parent.parent
STORY = ROOT / "seeds" / "kursk-captives"
SECONDS = 26.0
LIMIT = 50.0
CONFIG = """\
database = "stories.db"

[polling]
mode = "fixed"
interval = "1s"

[http]
contact = "mailto:demo@example.org"
per_host_delay = "0s"
allow_networks = ["127.0.0.1/32"]

[[story]]
name = "kursk-captives"
urls = ["{article}"]
webhooks = ["desk"]

[[webhook]]
name = "desk"
url = "{receiver}"
secret = "env:DEMO_WEBHOOK_SECRET"
"""


@dataclass(slots=True)
class Demo:
    """What the demo sees: steps served, versions logged, webhooks received."""

    console: Console
    folder: Path
    secret: str
    last_step: int
    speed: float
    polls: Counter[str] = field(default_factory=Counter)
    verified: list[str] = field(default_factory=list)
    refused: int = 0
    versions: int = 0
    began: datetime | None = None
    quiet: Counter[str] = field(default_factory=Counter)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def story_time(self) -> timedelta:
        """The story's clock runs from the first version on: a slow start must not cost a step."""
        if self.began is None:
            return timedelta(0)
        return (SystemClock().now() - self.began) * self.speed

    def say(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)

    def on_step(self, index: int, step: SeedStep) -> None:
        minutes = int(step.at.total_seconds() // 60)
        clock = f"{minutes // 60}:{minutes % 60:02d}"
        self.say(f"\n── {clock} into the story: the publisher puts step {index + 1} online", "bold")

    async def receive(self, request: web.Request) -> web.Response:
        """The receiver: it accepts only what verifies."""
        body = await request.read()
        try:
            Webhook(self.secret).verify(body, dict(request.headers))
        except WebhookVerificationError as error:
            self.refused += 1
            self.say(f"webhook refused: {error}", "bold red")
            return web.Response(status=400)
        message = json.loads(body)
        identity = request.headers["webhook-id"]
        self.show_change(message)
        self.say(
            f"webhook  {message['type']}  {identity[:16]}…  {len(body)} bytes, signature verified",
            "cyan",
        )
        self.verified.append(identity)
        if len(self.verified) >= self.last_step:
            self.done.set()
        return web.Response(status=204)

    def show_change(self, message: dict[str, object]) -> None:
        data = message["data"]
        if not isinstance(data, dict) or "edits" not in data:
            return
        with open_archive(self.folder / "stories.db") as archive:
            article = data["article"]["id"]
            versions = archive.versions(article)
            old, new = (versions[data[end]["version"] - 1] for end in ("from", "to"))
            view = diff_view(archive.ref(article), archive.pair(old, new))
        text = to_terminal(view, self.console.width, colour=self.console.is_terminal)
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()

    async def follow(self, log: asyncio.StreamReader, copy: Path) -> None:
        """Reads the daemon's log lines, keeps them, and shows what they tell."""
        with copy.open("wb") as file:
            while line := await log.readline():
                file.write(line)
                file.flush()
                self.on_line(line)

    def on_line(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            self.say(printable(line.decode("utf-8", "replace").rstrip()), "red")
            return
        name = entry.get("event")
        if name == "polled":
            outcome = entry["outcome"]
            self.polls[entry.get("via") or outcome] += 1
            if outcome == "unchanged":
                self.quiet[entry["via"]] += 1
                return
            for via, count in self.quiet.items():
                self.say(f"poll     unchanged ({via}), {count} in a row", "dim")
            self.quiet.clear()
            if outcome == "new-version":
                self.began = self.began or SystemClock().now()
                self.versions = entry["version"]
                self.say(f"poll     version {entry['version']}: {entry['detail']}", "green")
            else:
                self.say(f"poll     {outcome}: {entry['detail']}", "yellow")
        elif name in ("started", "stopped"):
            self.say(f"daemon   {name} (process {entry['pid']})", "dim")
        elif entry.get("level") in ("warning", "error"):
            self.say(f"daemon   {line.decode().rstrip()}", "yellow")


async def start_receiver(demo: Demo) -> tuple[web.AppRunner, str]:
    """Listens for webhooks on a free port; gives the runner and the URL."""
    application = web.Application()
    application.router.add_post("/hook", demo.receive)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"


async def run(folder: Path) -> int:
    """Runs the demo in a folder; 0 if every change came through, verified."""
    console = Console(soft_wrap=True)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    story = load_story(STORY)
    length: timedelta = story.steps[-1].at
    speed = length.total_seconds() / SECONDS
    demo = Demo(console, folder, secret, last_step=len(story.steps) - 1, speed=speed)
    site = ReplaySite(STORY, story_time=demo.story_time, on_step=demo.on_step)
    demo.say(f"{story.title}: {len(story.steps)} steps of {length} in {SECONDS:.0f} s", "bold")
    await site.start()
    receiver, hook = await start_receiver(demo)
    config = folder / "watcher.toml"
    config.write_text(CONFIG.format(article=site.article_url, receiver=hook), encoding="utf-8")
    daemon = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "watcher", "--config", str(config), "run", "--verbose",
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "DEMO_WEBHOOK_SECRET": secret},
    )  # fmt: skip
    if daemon.stderr is None:
        return 1
    following = asyncio.create_task(demo.follow(daemon.stderr, folder / "daemon.log"))
    gone = asyncio.create_task(daemon.wait())
    finished = asyncio.create_task(demo.done.wait())
    await asyncio.wait({gone, finished}, timeout=LIMIT, return_when=asyncio.FIRST_COMPLETED)
    if daemon.returncode is None:
        daemon.send_signal(signal.SIGTERM)
    await gone
    await following
    finished.cancel()
    await receiver.cleanup()
    await site.aclose()
    return conclude(demo, site, config)


def conclude(demo: Demo, site: ReplaySite, config: Path) -> int:
    """Says what happened, where it is kept, and what to type next."""
    complete = (
        demo.versions == len(site.story.steps)
        and len(set(demo.verified)) == demo.last_step
        and demo.refused == 0
    )
    polls = ", ".join(f"{count} {name}" for name, count in demo.polls.most_common())
    demo.say("\n── what happened", "bold")
    demo.say(f"polls      {sum(demo.polls.values())} ({polls})")
    demo.say(f"versions   {demo.versions} of {len(site.story.steps)}")
    demo.say(f"webhooks   {len(set(demo.verified))} of {demo.last_step}, signatures verified")
    demo.say(f"database   {demo.folder / 'stories.db'}")
    demo.say(f"daemon log {demo.folder / 'daemon.log'}")
    if not complete:
        demo.say("\nThe demo did not see every change: look at the daemon's log.", "bold red")
        return 1
    program = Path(sys.executable).parent / "watcher"
    shown = os.path.relpath(program) if program.exists() else "watcher"
    command = f"{shlex.quote(shown)} --config {shlex.quote(str(config))}"
    demo.say("\n── what to type next", "bold")
    for rest, what in (
        ("log 1", "every version and what changed in it"),
        ("diff 1 3..4", "the corrected date"),
        ("diff 1 first..latest", "from the flash to the full story"),
        ("deliveries", "the webhooks that were sent"),
    ):
        demo.say(f"  {command} {rest}   # {what}")
    return 0


def main() -> int:
    """Entry point. The folder stays, so that what was collected can be looked at."""
    folder = Path(tempfile.mkdtemp(prefix="storywatcher-demo-"))
    try:
        return asyncio.run(run(folder))
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
