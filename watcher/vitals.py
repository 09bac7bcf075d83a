"""The daemon's answers to monitoring: /healthz, as `watcher status` sees it, and /metrics.

Both look at the archive in a thread, on a connection of their own, and never more often than they
can afford: whoever asks in between gets the last answer again. No text of a page is in them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.archive import Archive
from watcher.adapters.disk import stored_bytes
from watcher.adapters.healthport import Ask, Page
from watcher.core.times import to_text
from watcher.errors import StorageError
from watcher.health import LATE, Alarm, Problem, Surroundings, Trouble, examine, without_archive
from watcher.metrics import CONTENT_TYPE, Metrics, Scene
from watcher.ports import Clock

FRESH = 2.0
"""Seconds for which an answer is given again."""

COST = 20
"""It is given for so many times the time that it took, if that is longer: both answers together
take at most a tenth of a processor, however large the archive and however often somebody asks."""

MOST_ARTICLES = 100
"""Of the articles that need a person, so many are named."""


@dataclass(slots=True)
class _Kept:
    """An answer that is made by one at a time, and kept for a while."""

    make: Callable[[Mapping[str, float]], Page]
    numbers: Callable[[], Mapping[str, float]]
    page: Page | None = None
    until: float = 0.0
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self) -> Page:
        loop = asyncio.get_running_loop()
        async with self._making:
            if self.page is None or loop.time() >= self.until:
                began = loop.time()
                self.page = await asyncio.to_thread(self.make, self.numbers())
                ended = loop.time()
                self.until = ended + max(FRESH, COST * (ended - began))
            return self.page


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the answers are made from. `around` is asked off the event loop, `numbers`, those of the
    process by the names of the metrics, on it."""

    database: Path
    clock: Clock
    metrics: Metrics
    around: Callable[[], Surroundings]
    numbers: Callable[[], Mapping[str, float]]

    def pages(self) -> dict[str, Ask]:
        """The answers by their path."""
        made = {"/healthz": self.health, "/metrics": self.measured}
        return {path: _Kept(make, self.numbers).ask for path, make in made.items()}

    def health(self, _: Mapping[str, float]) -> Page:
        """200 if nothing needs a person, else 503; the reasons as JSON."""
        now, around = self.clock.now(), self.around()
        try:
            with Archive(self.database) as archive:
                found = examine(archive, around, now)
        except StorageError as error:
            problems = without_archive(self.database, str(error), around, now)
            return _json(503, _told(problems, (), now))
        needing = [each for each in found.troubles if each.needs_person]
        return _json(503 if found.needs_person else 200, _told(found.problems, needing, now))

    def measured(self, process: Mapping[str, float]) -> Page:
        """All metrics."""
        now, around = self.clock.now(), self.around()
        numbers = dict(process) | {"database_bytes": float(stored_bytes(self.database))}
        if around.free is not None:
            numbers["disk_free_bytes"] = float(around.free)
        gauges = None
        try:
            with Archive(self.database) as archive:
                gauges = archive.gauges(now, LATE)
        except StorageError:
            pass
        return Page(200, CONTENT_TYPE, self.metrics.page(Scene(now, numbers, gauges)))


def _told(problems: Sequence[Problem], needing: Sequence[Trouble], now: datetime) -> dict[str, Any]:
    return {
        "ok": not problems and not needing,
        "at": now,
        "problems": [_problem(each) for each in problems],
        "articles": [_article(each) for each in needing[:MOST_ARTICLES]],
        "more_articles": max(0, len(needing) - MOST_ARTICLES),
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {"alarm": problem.alarm.value, "what": problem.what, "remedy": problem.remedy}


def _article(trouble: Trouble) -> dict[str, Any]:
    """By number and outcome: a headline or a detail may be a page's own words."""
    outcome = trouble.article.last_outcome
    return {
        "alarm": Alarm.ARTICLE_NOT_SEEN.value,
        "id": trouble.article.id,
        "outcome": None if outcome is None else outcome.value,
        "since": trouble.since,
        "remedy": trouble.remedy,
    }


def _json(status: int, document: dict[str, Any]) -> Page:
    text = json.dumps(document, default=to_text)
    return Page(status, "application/json", f"{text}\n".encode())
