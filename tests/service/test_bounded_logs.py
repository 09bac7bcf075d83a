"""A failure that lasts for days is a few lines of the log, whatever fails and however often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.service.rig import World, html, page, world
from tests.service.test_daemon import Lines, finish, made
from tests.site import Answer
from watcher.daemon import Daemon

A, B = page("River, edition 1"), page("River, edition 2")
BROKEN = Answer(status=503)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


async def polls(here: World, daemon: Daemon, count: int, *, after: float = 600.0) -> None:
    for _ in range(count):
        await daemon.poll_tick()
        await finish(daemon)
        here.clock.advance(after)


async def test_a_failing_article_is_said_at_growing_intervals_and_when_it_is_back(
    here: World,
) -> None:
    here.site.on("/flood", html(A), BROKEN)
    await here.watch("/flood", interval=60.0)
    log = Lines()
    daemon = made(here, log)
    for _ in range(3 * 24 * 4):  # three days
        await polls(here, daemon, 1, after=900.0)
    asked = len(here.site.requests) - 1
    failures = [line for line in log.all("polled") if line["outcome"] == "server-error"]
    warned = [line for line in failures if "since" in line or line["failures"] == 1]
    assert warned[0]["failures"] == 1
    assert 4 <= len(warned) <= 7
    assert 1 + sum(line.get("repeated", 0) for line in warned) <= asked
    assert {line["since"] for line in warned[1:]} == {"2026-01-12T06:15:00.000Z"}
    here.site.on("/flood", html(A))
    await polls(here, daemon, 30)
    [back] = log.all("recovered")
    assert (back["article"], back["url"]) == (1, here.site.url("/flood"))
    assert back["since"] == "2026-01-12T06:15:00.000Z"


async def test_an_endpoint_that_is_down_is_said_once_for_all_its_deliveries(here: World) -> None:
    here.subscribe("desk", "wire")
    here.site.on("/desk", BROKEN)
    here.site.on("/wire", Answer(status=204))
    paths = [f"/flood/{number}" for number in range(30)]
    for path in paths:
        here.site.on(path, html(A), html(B))
    await here.watch(*paths)
    for article in range(1, 31):
        await here.poll(article, after=0.0)
        await here.poll(article, after=0.0)
    log = Lines()
    daemon = made(here, log)
    await daemon.delivery_tick()
    await finish(daemon)
    assert len(here.received("desk")) == 30
    told = [line for line in log.said if line[0] == "delivery-failed"]
    assert len(told) == 30  # for who wants every one ...
    loud = [line for line in log.loud if line[0] == "delivery-failed"]
    assert [facts["endpoint"] for _, facts in loud] == ["desk"]  # ... and one to be read
    assert len(log.all("delivered")) == 30
    here.site.on("/desk", Answer(status=204))
    here.clock.advance(60)
    await daemon.delivery_tick()
    await finish(daemon)
    [back] = log.all("recovered")
    assert (back["endpoint"], back["repeated"]) == ("desk", 29)


async def test_one_defect_on_every_article_shows_one_traceback(here: World) -> None:
    paths = [f"/flood/{number}" for number in range(20)]
    for path in paths:
        here.site.on(path, html(A))
    await here.watch(*paths)
    here.reading.breaks = KeyError("a defect")
    log = Lines()
    daemon = made(here, log)
    await polls(here, daemon, 3, after=100.0)
    crashed = [facts for event, facts in log.said if event == "poll-crashed"]
    assert sorted(facts["article"] for facts in crashed) == list(range(1, 21))
    assert sum(facts["exc_info"] is not None for facts in crashed) == 1


async def test_an_article_that_comes_and_goes_does_not_fill_the_log(here: World) -> None:
    here.site.script("/flood", lambda _: html(A) if len(here.site.requests) % 2 else BROKEN)
    await here.watch("/flood", interval=60.0)
    log = Lines()
    daemon = made(here, log)
    await polls(here, daemon, 200, after=60.0)
    assert len(here.site.requests) > 150
    lines = [event for event, _ in log.loud]
    assert lines.count("polled") <= 4  # three hours and its first version
    assert lines.count("recovered") <= 3


async def test_an_error_that_nobody_waits_for_is_said_once(here: World) -> None:
    log = Lines()
    daemon = made(here, log)
    loop = asyncio.get_running_loop()
    for number in range(1000):
        daemon._on_stray_error(loop, {"message": "nobody", "exception": KeyError(number % 2)})
    assert [line["error"] for line in log.all("stray-error")] == ["KeyError(0)", "KeyError(1)"]
