"""A publisher on loopback that replays a story of seeds/.

Validators are honoured as RFC 9110 has it (section 13.2.2: If-None-Match goes before
If-Modified-Since); a date must match exactly, as common servers have it.
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus
from itertools import count
from pathlib import Path

from aiohttp import web
from multidict import CIMultiDict

from watcher.core.seed import SeedStep, SeedStory, parse_story, step_at
from watcher.errors import UsageError
from watcher.ports import Clock

HOST = "127.0.0.1"

_HTML = "text/html; charset=utf-8"
_TYPES = {
    ".html": _HTML,
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_ETAG = re.compile(r'(?:W/)?("[^"]*")')


def accelerated(clock: Clock, speed: float) -> Callable[[], timedelta]:
    """A story's clock: time since this call, `speed` times as fast as `clock`."""
    began = clock.now()
    return lambda: (clock.now() - began) * speed


def load_story(folder: Path) -> SeedStory:
    """The story in a folder. Raises UsageError if there is none or it has faults."""
    try:
        text = (folder / "story.toml").read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{folder} holds no story: its story.toml cannot be read ({error.strerror}). "
            "Name a folder that has one."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{folder / 'story.toml'} is not UTF-8 text: save it as UTF-8.") from error
    try:
        return parse_story(text)
    except UsageError as error:
        raise UsageError(f"{folder / 'story.toml'} cannot be used:\n{error}") from error


class ReplaySite:
    """Serves a story over HTTP on 127.0.0.1, one step at a time.

    `story_time` gives the time since the story's start and so the step; without it the site stays
    on the first step until `set_step`. `on_step(index, step)` is called on every change of step,
    the first included, as soon as a request or `advance` notices it. `port` 0 takes a free one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        story_time: Callable[[], timedelta] | None = None,
        on_step: Callable[[int, SeedStep], None] | None = None,
    ) -> None:
        """Reads the whole folder. Raises UsageError if the story or a file of it is missing."""
        self.story = load_story(folder)
        self.requests: Counter[int] = Counter()
        """How many requests were answered with each status."""
        self.base = ""
        """The site's address without a closing slash, once it has started."""
        self._port = port
        self._story_time = story_time
        self._on_step = on_step
        self._pinned = 0
        self._current: int | None = None
        self._served = count(1)
        self._runner: web.AppRunner | None = None
        self._files = _read_files(folder, self.story)

    @property
    def article_url(self) -> str:
        """The URL to track: the path of the first step."""
        return self.base + self.story.steps[0].path

    async def start(self) -> str:
        """Listens; gives the base URL. Raises UsageError if the port cannot be had."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self._port).start()
        except OSError as error:
            await runner.cleanup()
            reason = "in use" if error.errno == errno.EADDRINUSE else f"not to be had ({error})"
            raise UsageError(
                f"Port {self._port} on {HOST} is {reason}: choose another one, or 0 for a free one."
            ) from error
        self._runner = runner
        self.base = f"http://{HOST}:{runner.addresses[0][1]}"
        self.advance()
        return self.base

    async def aclose(self) -> None:
        """Stops listening and closes every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def set_step(self, index: int) -> None:
        """Stays on one step from now on, whatever the time. Raises UsageError past the end."""
        if not 0 <= index < len(self.story.steps):
            raise UsageError(
                f"{self.story.name} has steps 0 to {len(self.story.steps) - 1}, not {index}."
            )
        self._story_time = None
        self._pinned = index
        self.advance()

    def advance(self) -> int:
        """The index of the step that stands now; reports it if it is a new one."""
        index = self._pinned
        if self._story_time is not None:
            index = step_at(self.story, self._story_time())
        if index != self._current:
            self._current = index
            if self._on_step is not None:
                self._on_step(index, self.story.steps[index])
        return index

    async def _answer(self, request: web.Request) -> web.Response:
        index = self.advance()
        response = self._respond(index, request.rel_url.raw_path, request.headers)
        self.requests[response.status] += 1
        return response

    def _respond(self, index: int, path: str, asked: Mapping[str, str]) -> web.Response:
        step = self.story.steps[index]
        status, place = step.status, step.path
        if step.location is not None:
            if path == step.path:
                return _plain(step.status, {**dict(step.headers), "Location": step.location})
            status, place = 200, step.location
        if path != place:
            return _plain(404, {})
        headers = CIMultiDict(step.headers)
        if step.file is None and status >= 400:
            return _plain(status, headers)
        body = self._body(step, 0)
        if status == 200 and step.validators:
            headers.setdefault("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"')
            headers.setdefault("Last-Modified", self._modified(index))
            if _not_modified(asked, headers):
                return web.Response(status=304, headers=headers)
        if step.noise:
            body = self._body(step, next(self._served))
        headers["Content-Type"] = step.content_type or _type_of(step.file)
        return web.Response(status=status, headers=headers, body=body)

    def _body(self, step: SeedStep, serial: int) -> bytes:
        """The step's file, its placeholders filled; another `serial` makes other noise."""
        body = self._files.get(step.file or "", b"")
        if not (step.file or "").endswith(".html"):
            return body
        text = body.decode().replace("{{base}}", self.base)
        text = text.replace("{{count}}", str(1200 + 7 * serial))
        tokens = count(1)
        return re.sub(r"\{\{noise\}\}", lambda _: _token(serial, next(tokens)), text).encode()

    def _modified(self, index: int) -> str:
        """Last-Modified: when the page that stands was first put there."""
        steps = self.story.steps
        while index and steps[index - 1].file == steps[index].file:
            index -= 1
        return format_datetime(self.story.starts + steps[index].at, usegmt=True)


def _read_files(folder: Path, story: SeedStory) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    faults = []
    for name in sorted({step.file for step in story.steps if step.file is not None}):
        try:
            files[name] = (folder / name).read_bytes()
            if name.endswith(".html"):
                files[name].decode()
        except OSError as error:
            faults.append(f"{folder / name} cannot be read: {error.strerror}.")
        except UnicodeDecodeError:
            faults.append(f"{folder / name} is not UTF-8 text: save it as UTF-8.")
    if faults:
        raise UsageError("\n".join(faults))
    return files


def _type_of(name: str | None) -> str:
    return _HTML if name is None else _TYPES.get(Path(name).suffix, "application/octet-stream")


def _token(serial: int, number: int) -> str:
    return hashlib.sha256(f"{serial}/{number}".encode()).hexdigest()[:16]


def _plain(status: int, headers: Mapping[str, str]) -> web.Response:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    page = f"<!doctype html>\n<title>{phrase}</title>\n<h1>{status} {phrase}</h1>\n"
    return web.Response(
        status=status, headers={**headers, "Content-Type": _HTML}, body=page.encode()
    )


def _not_modified(asked: Mapping[str, str], answer: Mapping[str, str]) -> bool:
    tags = asked.get("If-None-Match")
    if tags is not None:
        own = _ETAG.findall(answer["ETag"])
        return tags.strip() == "*" or any(tag in own for tag in _ETAG.findall(tags))
    return asked.get("If-Modified-Since") == answer["Last-Modified"]
