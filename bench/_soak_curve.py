"""The curve of a soak: samples, whether they level off, a table and a plot."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench._processes import _sizes, _tree

BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the service holds at one moment. Sizes in MB, `cpu` in seconds of its process so far."""

    polls: int
    versions: int
    hours: float
    rss: float
    workers: float
    handles: int
    tasks: int
    threads: int
    wal: float
    database: float
    cpu: float


def sample(polls: int, versions: int, hours: float, database: Path) -> Sample:
    """Measures this process and its extraction workers (Linux)."""
    own, *others = _tree(os.getpid())
    status = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines()
    )
    return Sample(
        polls=polls,
        versions=versions,
        hours=hours,
        rss=_sizes(own)[1] / 1024,
        workers=sum(_sizes(pid)[1] for pid in others if _is_worker(pid)) / 1024,
        handles=len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        tasks=len(asyncio.all_tasks()),
        threads=int(status["Threads"]),
        wal=_megabytes(Path(f"{database}-wal")),
        database=_megabytes(database),
        cpu=time.process_time(),
    )


def _is_worker(pid: int) -> bool:
    try:
        return b"extraction_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6 if path.exists() else 0.0


@dataclass(frozen=True, slots=True)
class Bound:
    """How much a quantity may have grown from the third quarter of a soak to the last.

    `part` of what it was or `least`, whichever is more: chance has its share in every one.
    """

    name: str
    unit: str
    part: float
    least: float
    of: Callable[[Sample], float]


BOUNDS = (
    Bound("memory of the service", "MB", 0.03, 3.0, lambda s: s.rss),
    Bound("memory of the workers", "MB", 0.10, 10.0, lambda s: s.workers),
    Bound("file handles", "", 0.0, 8.0, lambda s: s.handles),
    Bound("tasks", "", 0.0, 4.0, lambda s: s.tasks),
    Bound("threads", "", 0.0, 2.0, lambda s: s.threads),
    Bound("write-ahead log", "MB", 0.10, 1.0, lambda s: s.wal),
)

DEARER = 1.3
"""How many times what it took in the second quarter a version or a poll may take in the last."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one quantity levels off, and the figures that say so."""

    ok: bool
    told: str


def judge(samples: Sequence[Sample]) -> list[Verdict]:
    """What levels off and what does not; needs eight samples at least."""
    return [
        *(_levels_off(bound, samples) for bound in BOUNDS),
        _steady(
            "bytes of the database a version", samples,
            lambda a, b: (b.database - a.database) * 1e6 / max(b.versions - a.versions, 1),
        ),
        _steady(
            "processor time a poll in µs", samples,
            lambda a, b: (b.cpu - a.cpu) * 1e6 / max(b.polls - a.polls, 1),
        ),
    ]  # fmt: skip


def _levels_off(bound: Bound, samples: Sequence[Sample]) -> Verdict:
    quarter = len(samples) // 4
    third = median(bound.of(each) for each in samples[-2 * quarter : -quarter])
    last = median(bound.of(each) for each in samples[-quarter:])
    allowed = max(bound.part * third, bound.least)
    unit = f" {bound.unit}" if bound.unit else ""
    told = (
        f"{bound.name}: {third:.1f}{unit} in the third quarter, {last:.1f}{unit} in the last"
        f" ({last - third:+.1f}, at most {allowed:+.1f})"
    )
    return Verdict(last - third <= allowed, told)


def _steady(
    name: str, samples: Sequence[Sample], cost: Callable[[Sample, Sample], float]
) -> Verdict:
    quarter = len(samples) // 4
    second = cost(samples[quarter], samples[2 * quarter])
    last = cost(samples[-1 - quarter], samples[-1])
    told = (
        f"{name}: {second:,.0f} in the second quarter, {last:,.0f} in the last"
        f" (at most {DEARER:g} times as many)"
    )
    return Verdict(last <= DEARER * second, told)


def table(samples: Sequence[Sample]) -> list[str]:
    """One line a sample."""
    lines = [
        "   polls  versions  hours  service MB  workers MB  handles  tasks  threads"
        "  wal MB  database MB  µs/poll"
    ]
    before: Sample | None = None
    for s in samples:
        spent = "" if before is None else f"{(s.cpu - before.cpu) * 1e6 / _polls(before, s):9.0f}"
        lines.append(
            f"{s.polls:8,}{s.versions:10,}{s.hours:7.0f}{s.rss:12.1f}{s.workers:12.1f}"
            f"{s.handles:9}{s.tasks:7}{s.threads:9}{s.wal:8.2f}{s.database:13.2f}{spent}"
        )
        before = s
    return lines


def _polls(before: Sample, after: Sample) -> int:
    return max(after.polls - before.polls, 1)


def plot(samples: Sequence[Sample]) -> list[str]:
    """One line of bars for each quantity, each from nothing to its largest value."""
    series: list[tuple[str, Callable[[Sample], float]]] = [
        *((bound.name, bound.of) for bound in BOUNDS),
        ("database", lambda s: s.database),
    ]
    lines = []
    for name, of in series:
        values = [of(each) for each in samples]
        top = max(values) or 1.0
        bars = "".join(BARS[min(int(value / top * 8), 7)] for value in values)
        lines.append(f"{name:>22} {bars} {top:,.1f}")
    return lines
