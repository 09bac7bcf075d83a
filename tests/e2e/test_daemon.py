"""The daemon as people run it: a process, a publisher and a receiver on loopback."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from storage.archive import Archive
from tests.command import as_json, configure, process, watcher
from tests.e2e.running import Receiver, Running, daemon, gone, rewrite
from tests.service.rig import html, page
from tests.site import Answer, Asked, Site

EVERY_SECOND = 'interval = "1s"'
A, B, C = (page(f"River, edition {number}") for number in (1, 2, 3))
HANG = Answer(raw=b"", ending="hang")


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as opened:
        yield opened


def edition(running: Running, number: int):  # type: ignore[no-untyped-def]
    return running.until("polled", lambda line: line.get("version") == number)


async def test_an_update_reaches_the_receiver_and_the_daemon_stops_in_order(
    site: Site, tmp_path: Path
) -> None:
    desk = Receiver(site)
    site.on("/flood", html(A, '"1"'))
    config = configure(tmp_path, site.url("/flood"), webhook=site.url("/hook"), extra=EVERY_SECOND)
    async with daemon(config) as running:
        started = await running.until("started")
        assert (started["pid"], started["articles"]) == (running.process.pid, 1)
        await edition(running, 1)
        # Worker processes read hostile pages: they know nothing they do not need.
        worker = running.workers()[0]
        assert b"DESK_SECRET" not in Path(f"/proc/{worker}/environ").read_bytes()
        site.on("/flood", html(B, '"2"'))
        (message,) = await desk.until(1)
        assert message["type"] == "article.updated"
        await running.until("delivered")
        # A second daemon is turned away, with the first one's pid.
        second = await asyncio.to_thread(
            process, "--config", config, "run", cwd=tmp_path, env={"DESK_SECRET": "M" * 44}
        )
        assert second.returncode == 3
        assert f"process {running.process.pid}" in second.stderr
        assert "Traceback" not in second.stderr
        health = as_json(watcher("status", "--json", config=config))
        assert health["daemon"]["pid"] == running.process.pid
        workers = running.workers()
        assert await running.stop() == 0
    for pid in workers:
        await gone(pid)
    assert [line["event"] for line in running.lines[-2:]] == ["stopping", "stopped"]
    health = as_json(watcher("status", "--json", config=config))
    assert health["daemon"]["pid"] is None
    assert health["daemon"]["stopped_at"] is not None


async def test_a_killed_daemon_loses_nothing_and_stores_nothing_twice(
    site: Site, tmp_path: Path
) -> None:
    """Killed while a delivery and a poll are under way; the next one takes both over."""
    desk = Receiver(site)
    hold = asyncio.Event()
    desk.answers = [Answer(status=204, held=hold)]
    site.on("/flood", html(A))
    site.on("/storm", HANG)
    config = configure(
        tmp_path,
        site.url("/flood"),
        site.url("/storm"),
        webhook=site.url("/hook"),
        extra=EVERY_SECOND,
    )
    async with daemon(config) as first:
        await edition(first, 1)
        site.on("/flood", html(B), html(C))
        await desk.until(1)
        workers = first.workers()
        first.process.kill()
        await first.ended()
    for pid in workers:
        await gone(pid)
    hold.set()
    site.on("/storm", html(A))
    async with daemon(config) as second:
        started = await second.until("started")
        assert started["taken_over"] >= 2
        await second.until("polled", lambda line: line["article"] == 2)
        await desk.until(3)
        await second.until("delivered", count=2)
        assert await second.stop() == 0
    with Archive(tmp_path / "stories.db") as archive:
        headlines = [version.headline for version in archive.versions(1)]
        assert headlines == [f"River, edition {number}" for number in (1, 2, 3)]
        assert len(archive.versions(2)) == 1
        events = [event.id for event in archive.events(1)]
        assert {delivery.state for delivery in archive.deliveries()} == {"delivered"}
    assert [identity for identity, _ in desk.bodies] == [events[0], events[0], events[1]]
    assert desk.bodies[0] == desk.bodies[1]


async def test_stopping_does_not_wait_for_what_hangs(site: Site, tmp_path: Path) -> None:
    desk = Receiver(site)
    desk.answers = [HANG]
    site.on("/flood", html(A))
    site.on("/slow", HANG)
    config = configure(
        tmp_path,
        site.url("/flood"),
        site.url("/slow"),
        webhook=site.url("/hook"),
        extra=EVERY_SECOND,
    )
    async with daemon(config) as running:
        await edition(running, 1)
        site.on("/flood", html(B))
        await desk.until(1)
        site.on("/flood", html(B, '"2"'))
        assert await running.stop() == 0
    (given_up,) = running.all("drain-gave-up")
    assert (given_up["polls"], given_up["deliveries"]) == (1, 1)
    assert running.lines[-1]["event"] == "stopped"
    with Archive(tmp_path / "stories.db") as archive:
        (delivery,) = archive.deliveries()
        assert (delivery.state, delivery.attempts) == ("pending", 0)


async def test_the_configuration_is_taken_while_it_runs(site: Site, tmp_path: Path) -> None:
    site.on("/flood", html(A))
    site.on("/storm", html(A))
    config = configure(tmp_path, site.url("/flood"), webhook=site.url("/hook"), extra=EVERY_SECOND)
    good = config.read_text()
    async with daemon(config) as running:
        await edition(running, 1)
        rewrite(config, good + "\nbroken = [")
        refused = await running.until("config-refused")
        assert "not valid TOML" in refused["faults"][0]
        more = good.replace(site.url("/flood"), site.url("/storm"))
        rewrite(config, more)
        taken = await running.until("config-taken")
        assert (taken["articles"], taken["added"], taken["retired"]) == (1, 1, 1)
        await running.until("polled", lambda line: line["article"] == 2)
        running.process.send_signal(signal.SIGHUP)
        await running.until("config-taken", count=2)
        assert await running.stop(signal.SIGINT) == 0


async def test_what_was_seen_while_the_database_was_locked_is_not_lost(
    site: Site, tmp_path: Path
) -> None:
    """An edition that is online only while another program holds the lock."""
    site.on("/flood", html(A))
    config = configure(tmp_path, site.url("/flood"), extra=EVERY_SECOND)
    async with daemon(config) as running:
        await edition(running, 1)
        locked, asked = asyncio.Event(), asyncio.Event()

        def second(_: Asked) -> Answer:
            asked.set()
            site.on("/flood", html(C))
            return replace(html(B), held=locked)

        site.script("/flood", second)
        await asked.wait()
        other = sqlite3.connect(tmp_path / "stories.db", isolation_level=None, timeout=60)
        other.execute("BEGIN IMMEDIATE")
        locked.set()
        await running.until("poll_tick-failed")
        other.execute("COMMIT")
        other.close()
        await running.until("recovered")
        await edition(running, 3)
        assert await running.stop() == 0
    with Archive(tmp_path / "stories.db") as archive:
        headlines = [version.headline for version in archive.versions(1)]
    assert headlines == [f"River, edition {number}" for number in (1, 2, 3)]
