"""The verdict on a soak: a leak is told from a curve that levels off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench._soak_curve import Sample, judge, plot, table

LEVEL = [
    Sample(
        polls=10_000 * n,
        versions=500 + 225 * n,
        hours=5.0 * n,
        rss=100.0 + 8 * (1 - 0.5**n),
        workers=120.0 + n % 3,
        handles=230 + n % 2,
        tasks=3 + n % 2,
        threads=7,
        wal=4.3,
        database=12.0 + 0.7 * n,
        cpu=9.0 * n,
    )
    for n in range(21)
]


def test_a_curve_that_levels_off_is_fine() -> None:
    assert [each for each in judge(LEVEL) if not each.ok] == []
    assert len(table(LEVEL)) == 22
    assert all(len(line.split()) >= 3 for line in plot(LEVEL))


@pytest.mark.parametrize(
    ("name", "grows"),
    [
        ("memory of the service", lambda n, s: replace(s, rss=s.rss + 0.8 * n)),
        ("memory of the workers", lambda n, s: replace(s, workers=s.workers + 5 * n)),
        ("file handles", lambda n, s: replace(s, handles=s.handles + 2 * n)),
        ("tasks", lambda n, s: replace(s, tasks=s.tasks + 2 * n)),
        ("threads", lambda n, s: replace(s, threads=s.threads + n)),
        ("write-ahead log", lambda n, s: replace(s, wal=s.wal + 0.3 * n)),
        ("bytes of the database", lambda n, s: replace(s, database=s.database + 0.05 * n * n)),
        ("processor time a poll", lambda n, s: replace(s, cpu=s.cpu + 0.4 * n * n)),
    ],
)
def test_a_leak_is_named(name, grows) -> None:  # type: ignore[no-untyped-def]
    found = judge([grows(n, each) for n, each in enumerate(LEVEL)])
    assert [each.told.startswith(name) for each in found if not each.ok] == [True]
