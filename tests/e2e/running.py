"""The daemon as a process of its own, and waiting for what it says."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook

from tests.command import environment
from tests.site import Answer, Asked, Site

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwdW4yLWNhbmFyeQ"
DEADLINE = 60.0

Line = dict[str, Any]


class Running:
    """A daemon and its log. Every line of its standard error must be a JSON object."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[Line] = []
        self.strays: list[str] = []
        self._more = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for raw in self.process.stderr:
            text = raw.decode()
            try:
                self.lines.append(json.loads(text))
            except ValueError:
                self.strays.append(text)
            self._more.set()
        self._more.set()

    def all(self, event: str) -> list[Line]:
        """The lines of one event so far."""
        return [line for line in self.lines if line["event"] == event]

    async def until(
        self, event: str, wanted: Callable[[Line], bool] = lambda _: True, count: int = 1
    ) -> Line:
        """Waits for the `count`-th line of an event that is wanted."""
        async with asyncio.timeout(DEADLINE):
            while True:
                found = [line for line in self.all(event) if wanted(line)]
                if len(found) >= count:
                    return found[count - 1]
                assert not self._reading.done(), (event, self.lines, self.strays)
                self._more.clear()
                await self._more.wait()

    async def taken(self, count: int = 1) -> None:
        """Waits until polls go by the `count`-th configuration that was taken up.

        One that was under way then goes by the one before. For daemons that log every poll, of
        one article.
        """
        await self.until("config-taken", count=count)
        await self.until("polled", count=len(self.all("polled")) + 1)

    async def ended(self) -> int:
        """Waits for the end of the process and of its log; gives the exit status."""
        async with asyncio.timeout(DEADLINE):
            await self._reading
            return await self.process.wait()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end."""
        self.process.send_signal(number)
        return await self.ended()

    def workers(self) -> list[int]:
        """The process ids of its extraction workers."""
        pid = self.process.pid
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in found]


@asynccontextmanager
async def daemon(
    config: Path, *options: str, secret: str = SECRET, env: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """Starts a daemon; kills it at the end if it still runs, and checks its log."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error::ResourceWarning",
        "-m",
        "watcher",
        "--config",
        str(config),
        "run",
        *options,
        env=environment({"DESK_SECRET": secret, **(env or {})}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    running = Running(process)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await running.ended()
        assert process.stdout is not None
        assert await process.stdout.read() == b""
    assert running.strays == []
    assert SECRET[6:] not in repr(running.lines)


def rewrite(config: Path, text: str) -> None:
    """Writes a configuration in one step, as editors do: the daemon never sees half of it."""
    aside = config.with_suffix(".new")
    aside.write_text(text)
    aside.replace(config)


class Receiver:
    """A receiver that accepts only what verifies with the reference library."""

    def __init__(self, site: Site, path: str = "/hook") -> None:
        self.got: list[dict[str, Any]] = []
        self.bodies: list[tuple[str, bytes]] = []
        self.answers: list[Answer] = []
        self._more = asyncio.Event()
        site.script(path, self._answer)

    def _answer(self, asked: Asked) -> Answer:
        message = Webhook(SECRET).verify(asked.body, dict(asked.headers))
        self.bodies.append((asked.headers["webhook-id"], asked.body))
        self.got.append(message)
        self._more.set()
        return self.answers.pop(0) if self.answers else Answer(status=204)

    async def until(self, count: int) -> list[dict[str, Any]]:
        """Waits for so many messages."""
        async with asyncio.timeout(DEADLINE):
            while len(self.got) < count:
                self._more.clear()
                await self._more.wait()
        return self.got


async def gone(pid: int) -> None:
    """Waits until a process that is not our child has ended."""
    import os

    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    try:
        async with asyncio.timeout(DEADLINE):
            await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
