"""Extractors: full extraction off the event loop, in worker processes or in a thread.

Own processes rather than an executor: a page that crashes or hangs ends its own worker and no
other page's, each worker holds only what extraction needs (not the daemon's modules), and the
time limit holds even inside a C library.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import watcher
from watcher.adapters.page.gate.fastgates import FastGates
from watcher.core.model import Extraction, Link, Notice, Outcome, Paragraph, Post, Snapshot
from watcher.core.sites import AS_SHIPPED, Reading, SiteRules
from watcher.errors import ExtractionFailed, NotAnArticle

MOST_MEMORY = 1024
"""MiB that a page may add to a worker. Ten megabytes of ordinary page need a third of it; of
nothing but tags, three gigabytes before the time is up."""

_LENGTH = 4
_MIB = 1024 * 1024
_INHERITED = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
    "PYTHONHOME", "PYTHONUTF8", "PYTHONWARNINGS", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
)  # fmt: skip
"""What a worker may need of the service's environment."""


class ExtractionPool(FastGates):
    """An Extractor over worker processes, started when first needed.

    `workers` is how many at most (default: one for each CPU that this process may use),
    `time_limit` the seconds that one page may take, `max_resident` the size in MiB at which a
    worker is replaced: one huge page must not leave its memory behind. `max_memory` is what one
    page may add to a worker, in MiB. Close it with `aclose`.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        time_limit: float = 20.0,
        max_resident: int = 128,
        max_memory: int = MOST_MEMORY,
    ) -> None:
        count = workers or _processors()
        self._slots = asyncio.Semaphore(count)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._time_limit = time_limit
        self._max_resident = max_resident
        self._max_memory = max_memory
        self._closed = False

    def under(self, reading: Reading) -> ObedientExtractor:
        """An Extractor over these workers that reads pages as a configuration wants it."""
        return ObedientExtractor(self, reading)

    async def extract(
        self, body: bytes, url: str, content_type: str | None, reading: Reading = AS_SHIPPED
    ) -> Extraction:
        """The full extraction in a worker.

        Raises NotAnArticle, or ExtractionFailed if the library fails, takes longer than the
        time limit, or the worker dies. Other pages are not affected by any of these.
        """
        question = _question(url, content_type, reading.sites.of(url))
        async with self._slots:
            worker = await self._take(reading.notices)
            reused = worker.served
            try:
                answer = await self._ask(worker, question, body)
            except _WorkerDied as death:
                # an idle worker may have been killed from outside: no fault of this page
                if not reused or death.timed_out or self._closed:
                    raise
                answer = await self._ask(await self._start(reading.notices), question, body)
        return _extraction(answer)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers now running."""
        return tuple(worker.pid for worker in (*self._idle, *self._busy) if worker.alive)

    async def aclose(self) -> None:
        """End all workers and wait for them. Pages still being extracted fail."""
        self._closed = True
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        await asyncio.gather(*(worker.stop() for worker in workers))

    async def _ask(self, worker: _Worker, question: bytes, body: bytes) -> dict[str, object]:
        self._busy.add(worker)
        try:
            return await worker.ask(question, body)
        finally:
            self._busy.discard(worker)
            # one that was cut off amid a page would answer the next one with this one's
            if worker.ready and worker.resident <= self._max_resident and not self._closed:
                self._idle.append(worker)
            else:
                await worker.stop()

    async def _take(self, notices: Mapping[str, Any] | None) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            # one with other phrases is of a configuration that is not in force any more
            if worker.alive and worker.notices == notices:
                return worker
            await worker.stop()
        return await self._start(notices)

    async def _start(self, notices: Mapping[str, Any] | None) -> _Worker:
        self._refuse_if_closed()
        worker = await _Worker.start(self._time_limit, self._max_memory, notices)
        try:
            self._refuse_if_closed()
        except ExtractionFailed:
            await worker.stop()
            raise
        return worker

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise ExtractionFailed("extraction was stopped: the service is shutting down")


@dataclass(frozen=True, slots=True)
class ObedientExtractor(FastGates):
    """An Extractor that obeys a configuration: pages under way are read by the one they began
    with, whatever is reloaded meanwhile."""

    pool: ExtractionPool
    reading: Reading

    async def extract(self, body: bytes, url: str, content_type: str | None) -> Extraction:
        """The full extraction in a worker; see ExtractionPool.extract."""
        return await self.pool.extract(body, url, content_type, self.reading)


def _processors() -> int:
    """The processors this process may use; not every system can tell, then all there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _WorkerDied(ExtractionFailed):
    """A worker ended amid a page."""

    def __init__(self, detail: str, *, timed_out: bool) -> None:
        super().__init__(detail)
        self.timed_out = timed_out


class _Worker:
    """One worker process. `ready` is true while it waits for a page; `notices` are the phrases
    that it was started with."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        time_limit: float,
        notices: Mapping[str, Any] | None,
    ) -> None:
        self._process = process
        self._time_limit = time_limit
        self.notices = notices
        self.ready = True
        self.served = False
        self.resident = 0

    @classmethod
    async def start(
        cls, time_limit: float, max_memory: int, notices: Mapping[str, Any] | None
    ) -> _Worker:
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                "watcher.adapters.workers.extraction_worker",
                str(time_limit),
                str(max_memory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=_environment(),
                # a Ctrl-C at the terminal goes to the service, which drains its workers
                start_new_session=True,
            )
        except OSError as error:
            raise ExtractionFailed(f"no extraction process could be started: {error}") from error
        return cls(process, time_limit, notices)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, question: bytes, body: bytes) -> dict[str, object]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise ExtractionFailed("the extraction process has no pipes")
        # it hears the phrases before its first page, and keeps them
        known = [] if self.served else [json.dumps(self.notices).encode("ascii")]
        self.ready = False
        try:
            for frame in (*known, question, body):
                stdin.write(len(frame).to_bytes(_LENGTH))
                stdin.write(frame)
            await stdin.drain()
            size = int.from_bytes(await stdout.readexactly(_LENGTH))
            answer = json.loads(await stdout.readexactly(size))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise await self._death() from error
        self.ready = self.served = True
        self.resident = int(answer["resident"])
        return dict(answer)

    async def _death(self) -> _WorkerDied:
        code = await self._process.wait()
        if code == -signal.SIGALRM:
            detail = f"the page took longer than {self._time_limit:g} s to extract"
        else:
            detail = f"the extraction process died on the page (exit status {code})"
        return _WorkerDied(detail, timed_out=code == -signal.SIGALRM)

    async def stop(self) -> None:
        """End the process: an idle one by closing its input, a busy one by force."""
        if self.alive and not self.ready:
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()


def _environment() -> dict[str, str]:
    # the worker must find this very package, however the service found it
    here = str(Path(watcher.__file__).parent.parent)
    known = os.environ.get("PYTHONPATH")
    return {
        # pages are hostile, and the service's environment may hold the webhooks' secrets
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        # glibc would give a page's memory back after each page, and fault it in again
        "MALLOC_TRIM_THRESHOLD_": str(32 * _MIB),
        "MALLOC_MMAP_THRESHOLD_": str(16 * _MIB),
        "PYTHONPATH": os.pathsep.join((here, known) if known else (here,)),
    }


def _question(url: str, content_type: str | None, rules: SiteRules) -> bytes:
    lists = (rules.drop, rules.keep, rules.drop_text, rules.keep_text)
    told = {"url": url, "content_type": content_type, "rules": lists}
    return json.dumps(told).encode("ascii")


def _extraction(answer: dict[str, object]) -> Extraction:
    match answer:
        case {"refused": str(detail), "outcome": str() | None as outcome}:
            raise NotAnArticle(detail, None if outcome is None else Outcome(outcome))
        case {"failed": str(detail)}:
            raise ExtractionFailed(detail)
        case {
            "snapshot": dict(fields),
            "fingerprint": str() | None as fingerprint,
            "gate": str() | None as gate,
            "is_lead": bool(is_lead),
            "place": str() | None as place,
            "is_linked": bool(is_linked),
            "linked_headline": str() | None as linked_headline,
        }:
            paragraphs = tuple(Paragraph(*pair) for pair in fields.pop("paragraphs"))
            notices = tuple(Notice(**each) for each in fields.pop("notices"))
            posts = tuple(Post(**each) for each in fields.pop("posts"))
            links = tuple(Link(**each) for each in fields.pop("links"))
            snapshot = Snapshot(
                **fields, paragraphs=paragraphs, notices=notices, posts=posts, links=links
            )
            kind = None if place is None else Outcome(place)
            return Extraction(
                snapshot, fingerprint, gate, is_lead, kind, is_linked, linked_headline
            )
    raise ExtractionFailed("the extraction process gave an answer that makes no sense")
