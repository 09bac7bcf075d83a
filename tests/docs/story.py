"""One small story, followed by the real service on loopback: the examples of docs/formats.md.

Two articles for fifty minutes: the first changes, goes away, comes back and moves; the second stops
answering. The clock is ours, so is what is random; everything else is the real thing.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from config.alerts import audience_of
from config.load import load
from storage.articles import WatchedArticle
from tests.command import configure, watcher
from tests.fakes import FakeClock
from tests.service.rig import SECRET, World, html, to, world
from tests.site import Answer, Asked
from watcher.adapters.clock import SystemClock
from watcher.adapters.logs import json_log
from watcher.adapters.net.webhook import sign
from watcher.adapters.page.extractor import EXTRACTOR
from watcher.daemon import Daemon, Setup
from watcher.dispatch import deliver_due

FOLDER = "/srv/desk"
PUBLISHER = "https://news.example"
EXTRACTOR_NAME = "trafilatura 2.3.1 / 1"
PID = 4711
DISK_FREE = 48_200_000_000
IDS = [
    "evt_Wq3zR8yLk1vTn0Xa", "evt_b7Jd5uPfSg2mHc9E", "evt_oY4xQ6iNtZ0rKw8V", "evt_2f9cWx9E9bxFh1l5",
    "evt_Gp1sMeC7aBj3DuO6",
]  # fmt: skip

FIRST = (
    "The river Aller rose by two metres overnight, the town council said on Monday.",
    "Two schools in the lower town will stay closed until Wednesday.",
    "Trains between Oster and Weil run again since the early morning.",
    "This is a developing story.",
)
SECOND = (
    "The river Aller rose by three metres overnight, the town council said on Monday.",
    "Trains between Oster and Weil run again since the early morning.",
    "Two schools in the lower town will stay closed until Wednesday.",
    "About 200 people were brought to the sports hall during the night.",
    "This is a developing story.",
)
DAM = (
    "Engineers found no damage at the Oster dam on Monday. They will look at it again on Friday.",
    "The road over the dam is closed.",
    "Buses take the old bridge until then.",
    "A photograph that was shown here before is not of this dam.",
)
DAM_LATER = (
    "Engineers found no damage at the Oster dam on Monday.",
    "They will look at it again on Friday.",
    "The road over the dam is closed. Buses take the old bridge until then.",
)
FERRY = (
    ("Ferry waits at the pier", "The night ferry waits until the water has fallen."),
    ("Ferry waits until Friday", "The night ferry waits until the water has fallen."),
    ("Ferry waits until Friday", "The night ferry waits until Friday."),
)
BROKEN = """\
[[story]]
name = "flood"
intervall = "5m"
urls = ["https://news.example/flood", "news.example/dam"]
"""


def page(
    headline: str, texts: tuple[str, ...], modified: str | None = None, byline: str | None = None
) -> bytes:
    """A publisher's page."""
    meta = [f'<meta property="og:title" content="{headline}">']
    if modified:
        meta.append('<meta property="article:published_time" content="2026-01-12T05:40:00Z">')
        meta.append(f'<meta property="article:modified_time" content="{modified}">')
    if byline:
        meta.append(f'<meta name="author" content="{byline}">')
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<!doctype html><html><head><title>{headline}</title>{''.join(meta)}</head>"
        f"<body><article><h1>{headline}</h1>{body}</article></body></html>"
    ).encode()


HEAD = re.compile(r"\b([0-9]+):[0-9a-f]{64}\b")
HEAD_NAME = r"\1:" + "5f" * 32
"""The ledger covers addresses and times, so its head is another one in every run."""


@dataclass(frozen=True)
class Scene:
    """The story under way: a world, its configuration, and the words of this page for both."""

    world: World
    folder: Path

    @property
    def config(self) -> Path:
        """The configuration of the commands."""
        return self.folder / "watcher.toml"

    async def command(self, line: str, status: int = 0) -> str:
        """What a command prints; addresses and folder as the page has them, in and out."""
        typed = line.replace(PUBLISHER, self.world.site.url("")).split()[1:]
        typed = [
            str(self.folder / word) if word.endswith((".html", ".db")) else word for word in typed
        ]
        config = self.folder / "broken.toml" if status == 2 else self.config
        done = await asyncio.to_thread(watcher, *typed, config=config, env={"DESK_SECRET": SECRET})
        if done.exit_code != status:
            raise ValueError(f"{line}: exit status {done.exit_code}\n{done.output}")
        return self.told(done.stdout)

    def told(self, text: str) -> str:
        """A text with the names of the page for what differs from run to run."""
        for real, name in (
            (self.world.site.url(""), PUBLISHER),
            ("127.0.0.1", PUBLISHER.removeprefix("https://")),
            (str(self.folder), FOLDER),
            (EXTRACTOR, EXTRACTOR_NAME),
        ):
            text = text.replace(real, name)
        return HEAD.sub(HEAD_NAME, text)

    async def step(self, *articles: int, after: float = 600.0) -> None:
        """Time passes; these articles are polled; what is due is delivered."""
        self.world.clock.advance(after)
        for article in articles:
            await self.world.poll(article, after=0)
        await deliver_due(self.world.dispatcher)

    def alert(self, text: str) -> None:
        """Adds alerts to the configuration, and a second webhook for them; they decide from now."""
        second = f'[[webhook]]\nname = "wire"\nurl = "{self.world.site.url("/wire")}"\n'
        second += 'secret = "env:DESK_SECRET"\n'
        self.config.write_text(f"{self.config.read_text()}{second}{text}")
        settings = load(self.config, {"DESK_SECRET": SECRET}).settings
        audience, here = audience_of(settings), self.world
        policy = replace(
            here.poller.policy, endpoints=audience.endpoints, stories=audience.stories,
            alerts=audience.alerts,
        )  # fmt: skip
        here.poller = replace(here.poller, policy=policy)
        here.dispatcher = replace(here.dispatcher, alerts=audience.alerts)

    def received(self) -> list[Asked]:
        """What reached the endpoint, every signature checked."""
        return self.world.received("desk")

    def signed(self, asked: Asked) -> tuple[dict[str, str], str]:
        """A received message with the names of the page, signed anew: it says other bytes now."""
        body = self.told(asked.body.decode())
        at = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), UTC)
        again = sign(SECRET, asked.headers["webhook-id"], body.encode(), at)
        return {**asked.headers, **again}, body


@contextmanager
def certain(clock: FakeClock) -> Iterator[None]:
    """Our own clock, no jitter, known ids."""
    ids = iter(IDS)
    with ExitStack() as stack:
        stack.enter_context(patch.object(SystemClock, "now", lambda self: clock.now()))
        stack.enter_context(patch("random.random", lambda: 0.0))
        stack.enter_context(patch("watcher.adapters.disk.free_bytes", lambda _: DISK_FREE))
        stack.enter_context(
            patch("secrets.token_urlsafe", lambda _: next(ids).removeprefix("evt_"))
        )
        yield


def _prepared(here: World, folder: Path) -> Scene:
    site = here.site
    first = page("Aller floods lower town", FIRST, "2026-01-12T05:55:00Z", "Ida Brook")
    second = page(
        "Aller floods lower town, 200 in hall", SECOND, "2026-01-12T06:04:00Z", "Ida Brook"
    )
    gone = Answer(status=404)
    site.on("/flood", html(first), html(second), gone, gone, html(second), to("/aller", 301))
    site.on("/aller", html(second))
    site.on("/dam", html(page("Oster dam holds", DAM)), Answer(status=503))
    refused, taken = Answer(status=500), Answer(status=204)
    site.on("/desk", refused, taken, taken, taken, taken, refused, taken)
    configure(
        folder, site.url("/flood"), site.url("/dam"), story="flood", webhook=site.url("/desk")
    )
    (folder / "broken.toml").write_text(BROKEN)
    (folder / "old.html").write_bytes(page("Oster dam holds", DAM))
    (folder / "new.html").write_bytes(page("Oster dam holds", DAM_LATER))
    return Scene(here, folder)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Scene]:
    """The story at its beginning, nothing polled yet."""
    async with world(folder) as here:
        here.subscribe("desk")
        here.poller = replace(here.poller, extractor_name=EXTRACTOR)
        with certain(here.clock):
            yield _prepared(here, folder)


class Lines(io.StringIO):
    """A log that plays a script: after a line of the next event named, what stands beside it."""

    def __init__(self, script: list[tuple[str, Callable[[], None]]]) -> None:
        super().__init__()
        self._script = script

    def write(self, text: str) -> int:
        if self._script and json.loads(text)["event"] == self._script[0][0]:
            self._script.pop(0)[1]()
        return super().write(text)


async def logged(folder: Path) -> str:
    """What the real daemon logs when it follows the first article for half an hour."""
    async with opened(folder) as scene:
        here = scene.world
        first, second = page("Aller floods lower town", FIRST), page("Aller floods", SECOND)
        here.site.on("/flood", html(first), html(second), html(second), Answer(status=404))
        here.site.on("/desk", Answer(status=500), Answer(status=204))
        script: list[tuple[str, Callable[[], None]]] = []
        lines = Lines(script)
        daemon = Daemon(
            setup=Setup(
                articles=(WatchedArticle(here.site.url("/flood"), "flood", 600.0),),
                poller=here.poller,
                dispatcher=here.dispatcher,
                per_host=2,
            ),
            reload=_nothing_new,
            database=here.database,
            log=json_log(lines, here.clock, verbose=True),
        )
        later = here.clock.advance
        script += [
            ("polled", lambda: later(600)),
            ("delivery-failed", lambda: later(5)),
            ("delivered", lambda: later(595)),
            ("polled", lambda: later(600)),
            ("polled", daemon.stopping.set),
        ]
        # on a busy machine the clock of the tests would seem to be set back
        with patch("os.getpid", lambda: PID), patch("watcher.ticking.LOOK", 3600.0):
            async with asyncio.timeout(60):
                await daemon.run()
        return scene.told(lines.getvalue())


async def _nothing_new(forced: bool) -> Setup | None:
    return None
