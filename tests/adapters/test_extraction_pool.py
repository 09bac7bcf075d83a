"""The extraction pool: real worker processes, and what becomes of pages and workers."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.other_pages import LEADS, SOFT_404
from tests.adapters.pages import ALL, HARBOUR
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.workers.extraction_pool import ExtractionPool
from watcher.core.model import Extraction, Outcome
from watcher.core.sites import Reading, SiteRules, Sites
from watcher.errors import ExtractionFailed, NotAnArticle

CONTENT_TYPE = "text/html; charset=utf-8"
URL = "https://news.example/ü"
COUNTED = """<html lang=en><head><title>Dyke gives way</title></head><body><article>
<h1>Dyke gives way</h1><p>Water came over the dyke at Oster before dawn, and the mill is cut off</p>
<p class=count>Read by 4,311 people in the town until now.</p>
<p>The council moved ninety people into the sports hall, where the school cooked for them.</p>
<p>Seen and read again by the desk of this paper in the evening.</p>
<p>Put right: the dyke is four metres high.</p></article></body></html>"""
ENOUGH = 60_000  # milliseconds that a process may take to end, many times what it takes


@pytest.fixture
async def pool() -> AsyncIterator[ExtractionPool]:
    made = ExtractionPool(1)
    yield made
    await made.aclose()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once a worker process has been started."""
    event = asyncio.Event()
    really_start = asyncio.create_subprocess_exec

    async def start(*args: Any, **options: Any) -> asyncio.subprocess.Process:
        process = await really_start(*args, **options)
        event.set()
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    return event


def directly(page: str) -> Extraction:
    return extract_snapshot(page.encode(), URL, CONTENT_TYPE)


def ends(pidfd: int) -> bool:
    """True once the process behind the descriptor has ended."""
    waiting = select.poll()
    waiting.register(pidfd, select.POLLIN)
    return bool(waiting.poll(ENOUGH))


async def test_no_worker_before_it_is_needed(pool: ExtractionPool) -> None:
    assert pool.fingerprint(HARBOUR.encode(), CONTENT_TYPE) == directly(HARBOUR).fingerprint
    assert pool.pids == ()


async def test_workers_give_what_extraction_gives(pool: ExtractionPool) -> None:
    pages = [*ALL.values()] * 3
    found = await asyncio.gather(*(pool.extract(p.encode(), URL, CONTENT_TYPE) for p in pages))
    assert found == [directly(page) for page in pages]
    assert len(pool.pids) == 1


async def test_what_speaks_against_an_article_is_kept(pool: ExtractionPool) -> None:
    lead, url = LEADS["marked as locked"].encode(), "https://quay.example/subscribe"
    found = await pool.extract(lead, url, CONTENT_TYPE)
    assert found == extract_snapshot(lead, url, CONTENT_TYPE)
    assert (found.is_lead, found.place) == (True, Outcome.PAYWALL)


async def test_refusals_keep_their_reason_and_the_worker(pool: ExtractionPool) -> None:
    with pytest.raises(NotAnArticle, match="not HTML: the body is a PDF document"):
        await pool.extract(b"%PDF-1.7", URL, None)
    with pytest.raises(NotAnArticle) as refused:
        await pool.extract(SOFT_404["plain"].encode(), URL, CONTENT_TYPE)
    assert refused.value.outcome is Outcome.SOFT_404
    pids = pool.pids
    assert await pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE) == directly(HARBOUR)
    assert pool.pids == pids


async def test_signals_meant_for_the_service_do_not_cut_a_page_short(pool: ExtractionPool) -> None:
    await pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE)
    (pid,) = pool.pids
    for meant_for_service in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(pid, meant_for_service)
    assert await pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE) == directly(HARBOUR)
    assert pool.pids == (pid,)
    assert os.getpgid(pid) != os.getpgid(0)


async def test_a_page_that_takes_too_long_fails_alone() -> None:
    pool = ExtractionPool(1, time_limit=1e-6)
    for _ in range(2):
        with pytest.raises(ExtractionFailed, match="took longer than 1e-06 s"):
            await pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE)
        assert pool.pids == ()
    await pool.aclose()


async def test_a_worker_killed_between_pages_costs_no_page(pool: ExtractionPool) -> None:
    await pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    assert await pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE) == directly(HARBOUR)
    assert pid not in pool.pids


async def test_a_worker_that_dies_on_a_page_fails_that_page_only(started: asyncio.Event) -> None:
    pool = ExtractionPool(1)
    body = HARBOUR.encode()
    doomed = asyncio.create_task(pool.extract(body, URL, CONTENT_TYPE))
    waiting = asyncio.create_task(pool.extract(body, URL, CONTENT_TYPE))
    await started.wait()
    os.kill(pool.pids[0], signal.SIGKILL)
    with pytest.raises(ExtractionFailed, match=r"died on the page \(exit status -9\)"):
        await doomed
    assert await waiting == directly(HARBOUR)
    await pool.aclose()


async def test_a_cancelled_page_leaves_no_answer_behind(
    pool: ExtractionPool, started: asyncio.Event
) -> None:
    cancelled = asyncio.create_task(pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE))
    await started.wait()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert pool.pids == ()
    ministry = ALL["ministry"]
    assert await pool.extract(ministry.encode(), URL, CONTENT_TYPE) == directly(ministry)


async def test_a_worker_that_grew_too_large_is_replaced() -> None:
    pool = ExtractionPool(1, max_resident=1)
    assert await pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE) == directly(HARBOUR)
    assert pool.pids == ()
    await pool.aclose()


async def test_closing_leaves_no_process() -> None:
    pool = ExtractionPool(2)
    pages = [p.encode() for p in ALL.values()]
    await asyncio.gather(*(pool.extract(page, URL, CONTENT_TYPE) for page in pages))
    assert len(pool.pids) == 2
    watched = [os.pidfd_open(pid) for pid in pool.pids]
    await pool.aclose()
    assert all(ends(pidfd) for pidfd in watched)
    for pidfd in watched:
        os.close(pidfd)
    assert pool.pids == ()
    with pytest.raises(ExtractionFailed, match="shutting down"):
        await pool.extract(pages[0], URL, CONTENT_TYPE)


async def test_closing_ends_pages_under_way(started: asyncio.Event) -> None:
    pool = ExtractionPool(1)
    under_way = asyncio.create_task(pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE))
    await started.wait()
    await pool.aclose()
    with pytest.raises(ExtractionFailed):
        await under_way
    assert pool.pids == ()


async def test_closing_while_a_worker_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = ExtractionPool(1)
    begun, closed = asyncio.Event(), asyncio.Event()
    really_start = asyncio.create_subprocess_exec

    async def start(*args: Any, **options: Any) -> asyncio.subprocess.Process:
        begun.set()
        await closed.wait()
        return await really_start(*args, **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    under_way = asyncio.create_task(pool.extract(HARBOUR.encode(), URL, CONTENT_TYPE))
    await begun.wait()
    await pool.aclose()
    closed.set()
    with pytest.raises(ExtractionFailed, match="shutting down"):
        await under_way
    assert pool.pids == ()


SERVICE = """
import asyncio, sys
from watcher.adapters.workers.extraction_pool import ExtractionPool
from tests.adapters.pages import HARBOUR
async def main():
    pool = ExtractionPool(2)
    await asyncio.gather(*(pool.extract(HARBOUR.encode(), "u", "text/html") for _ in range(4)))
    print(*pool.pids, flush=True)
    await asyncio.get_running_loop().create_future()
asyncio.run(main())
"""


def test_workers_do_not_outlive_a_killed_service() -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", SERVICE],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stdout is not None
        watched = [os.pidfd_open(int(pid)) for pid in service.stdout.readline().split()]
        service.kill()
    assert len(watched) == 2
    assert all(ends(pidfd) for pidfd in watched)
    for pidfd in watched:
        os.close(pidfd)


def test_the_worker_ends_with_its_input_and_prints_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "watcher.adapters.workers.extraction_worker", "5", "1024"],
        cwd=Path(__file__).parents[2],
        input=b"\x00\x00",
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")


async def test_workers_obey_the_rules_of_the_configuration(pool: ExtractionPool) -> None:
    rules = SiteRules("news.example", drop=(".count",), drop_text=("^Seen",))
    obedient = pool.under(Reading(Sites((rules,))))
    ruled = await obedient.extract(COUNTED.encode(), URL, CONTENT_TYPE)
    plain = await pool.extract(COUNTED.encode(), URL, CONTENT_TYPE)
    elsewhere = await obedient.extract(COUNTED.encode(), "https://other.example/", CONTENT_TYPE)
    assert plain.snapshot.paragraphs == elsewhere.snapshot.paragraphs
    assert len(plain.snapshot.paragraphs) - len(ruled.snapshot.paragraphs) == 2
    assert ruled == extract_snapshot(COUNTED.encode(), URL, CONTENT_TYPE, rules)
    assert obedient.fingerprint(COUNTED.encode(), CONTENT_TYPE) == plain.fingerprint
    assert len(pool.pids) == 1


async def test_another_table_of_notices_replaces_the_workers(pool: ExtractionPool) -> None:
    own = {"en": {"correction": {"labels": ["put right"]}}}
    assert (await pool.extract(COUNTED.encode(), URL, CONTENT_TYPE)).snapshot.notices == ()
    (first,) = pool.pids
    obedient = pool.under(Reading(notices=own))
    for _ in range(2):
        found = await obedient.extract(COUNTED.encode(), URL, CONTENT_TYPE)
        assert [notice.kind for notice in found.snapshot.notices] == ["correction"]
    (second,) = pool.pids
    assert second != first
    assert (await pool.extract(COUNTED.encode(), URL, CONTENT_TYPE)).snapshot.notices == ()
    assert pool.pids not in ((first,), (second,))
