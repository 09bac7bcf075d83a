"""The recorded update times of the data folder, as the benchmark of schedules takes them."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.core.schedule.fit import History
from watcher.core.schedule.traces import Trace

SEED = 6
DAY = 86400.0
DAYS = 14
MEASURED = {"live_blogs": 100, "fire_incidents": 300, "advice_pages": 100}
FITTED = {"live_blogs": 400, "fire_incidents": 1200, "advice_pages": 131}
"""Of other articles, so many are fitted on: about the mixture that is measured."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An article and the times of its updates, in seconds; the first is its publication."""

    article: str
    updates: tuple[float, ...]


def read(folder: Path, name: str) -> list[Recorded]:
    """The articles of one file."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        Recorded(
            r["article"], tuple(sorted(datetime.fromisoformat(t).timestamp() for t in r["updates"]))
        )
        for r in records
    ]


def measured_and_fitted(folder: Path) -> tuple[list[Trace], list[History]]:
    """What is measured, and what was fitted on: no article is in both."""
    chance = random.Random(SEED)
    traces: list[Trace] = []
    histories: list[History] = []
    for name, count in MEASURED.items():
        articles = read(folder, name)
        chance.shuffle(articles)
        for place, article in enumerate(articles[: count + FITTED[name]]):
            start = _start(article, chance) if name == "advice_pages" else article.updates[0]
            after = [at - start for at in article.updates if at > start]
            kept = tuple(at for at in after if at <= DAYS * DAY)
            if place < count:
                traces.append(Trace(article.article, name, kept, name))
            else:
                histories.append(History(name, kept, DAYS * DAY))
    return traces, histories


def _start(article: Recorded, chance: random.Random) -> float:
    """A random window begins within the article's life; its start counts as publication."""
    first, last = article.updates[0], article.updates[-1] - DAYS * DAY
    return chance.uniform(first, max(first, last))
