"""/healthz says what `watcher status` does, /metrics counts what happened; no page is quoted."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from tests.service.rig import World, html, page, world
from tests.service.test_daemon import Lines, finish, made
from tests.site import Answer
from watcher.adapters.healthport import HealthPort, Page
from watcher.bulletin import Bulletin
from watcher.core.model import Outcome
from watcher.daemon import Daemon
from watcher.health import Surroundings
from watcher.vitals import Vitals

TEXT = "The river rose above the quay wall, said Ida Brook of the council."
A, B = page("Edition one of river news", TEXT), page("Edition two of river news", TEXT)
FINE = Surroundings(["desk"], None, free=10**12)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


def vitals(here: World, daemon: Daemon, around: Surroundings = FINE) -> Vitals:
    numbers = {"polls_under_way": 0.0, "deliveries_under_way": 0.0, "writer_queue": 0.0}
    return Vitals(here.database, here.clock, daemon.metrics, lambda: around, lambda: numbers)


def health(asked: Vitals) -> tuple[int, dict[str, Any]]:
    found = asked.health({})
    return found.status, json.loads(found.body)


def samples(asked: Vitals) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample that Prometheus would read, by the library's own parser."""
    text = asked.measured(asked.numbers()).body.decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def a_day(here: World, log: Lines) -> Daemon:
    """A new version that one endpoint takes and one does not, and an article that is broken."""
    here.subscribe("desk", "wire")
    here.site.on("/desk", Answer(status=204))
    here.site.on("/wire", Answer(status=500))
    here.site.on("/flood", html(A), html(B))
    here.site.on("/broken", Answer(status=404))
    here.site.on("/wall", Answer(status=403))
    await here.watch("/flood", "/broken", "/wall")
    daemon = made(here, log)
    for _ in range(2):
        await daemon.poll_tick()
        await finish(daemon)
        await daemon.delivery_tick()
        await finish(daemon)
        here.clock.advance(600)
    return daemon


async def test_metrics_count_what_happened(here: World) -> None:
    daemon = await a_day(here, Lines())
    daemon.metrics.built("0.1.0", "reading / 1")
    found = samples(vitals(here, daemon))
    assert found["storywatcher_polls_total", (("outcome", "new-version"),)] == 2
    assert found["storywatcher_polls_total", (("outcome", "gone"),)] == 2
    assert found["storywatcher_polls_total", (("outcome", "blocked"),)] == 2
    assert found["storywatcher_poll_duration_seconds_count", ()] == 6
    assert found["storywatcher_events_total", (("type", "article.updated"),)] == 1
    attempts = "storywatcher_delivery_attempts_total"
    assert found[attempts, (("endpoint", "desk"), ("result", "delivered"))] == 1
    assert found[attempts, (("endpoint", "wire"), ("result", "failed"))] == 1
    states = "storywatcher_deliveries"
    assert found[states, (("endpoint", "wire"), ("state", "pending"))] == 1
    assert found[states, (("endpoint", "desk"), ("state", "delivered"))] == 1
    assert found["storywatcher_oldest_pending_delivery_seconds", (("endpoint", "wire"),)] == 600
    assert found["storywatcher_articles", (("health", "gone"),)] == 1
    assert found["storywatcher_articles_due", ()] == 3
    assert found["storywatcher_articles_late", ()] == 0
    assert found["storywatcher_versions", ()] == 2
    assert found["storywatcher_archive_readable", ()] == 1
    assert found["storywatcher_disk_free_bytes", ()] == 10**12
    assert found["storywatcher_database_bytes", ()] > 0
    [build] = [dict(labels) for name, labels in found if name == "storywatcher_build_info"]
    assert build["version"] == "0.1.0"
    here.clock.advance(3600)
    assert samples(vitals(here, daemon))["storywatcher_articles_late", ()] == 3


async def test_requests_are_timed_however_they_end(here: World) -> None:
    daemon = made(here, Lines())
    here.fetcher._timed = daemon.metrics.fetched
    here.site.on("/flood", html(A))
    here.site.on("/reset", Answer(raw=b"", ending="reset"))
    await here.watch("/flood", "/reset")
    await daemon.poll_tick()
    await finish(daemon)
    assert samples(vitals(here, daemon))["storywatcher_fetch_duration_seconds_count", ()] == 2


async def test_no_label_grows_with_the_articles_and_nothing_is_quoted(here: World) -> None:
    daemon = await a_day(here, Lines())
    asked = vitals(here, daemon)
    many = len(samples(asked))
    paths = [f"/many/{number}" for number in range(12)]
    for path in paths:
        here.site.on(path, html(A))
    await here.watch(*paths, "/flood", "/broken", "/wall")
    for _ in range(7):
        await daemon.poll_tick()
        await finish(daemon)
    more = samples(asked)
    assert len(more) - many <= len(Outcome) + 4  # a new outcome or health, no article
    labels = {key for _, pairs in more for key, _ in pairs}
    assert labels <= {
        "outcome", "type", "endpoint", "result", "state", "health", "step", "le", "version",
        "extractor", "python", "sqlite",
    }  # fmt: skip
    text = asked.measured({}).body + asked.health({}).body
    for secret in ("Edition", "river", "quay", "Ida", "127.0.0.1", "/flood", "403 Forbidden"):
        assert secret not in text.decode()


async def test_healthz_is_what_status_says(here: World) -> None:
    daemon = await a_day(here, Lines())
    asked = vitals(here, daemon, Surroundings(["desk", "wire"], None, free=1, min_free=2))
    status, found = health(asked)
    assert (status, found["ok"]) == (503, False)
    assert [each["alarm"] for each in found["problems"]] == ["disk-nearly-full"]
    # An article that is gone needs nobody; one behind a wall does.
    [article] = found["articles"]
    assert (article["alarm"], article["outcome"]) == ("article-not-seen", "blocked")
    assert article["since"] == "2026-01-12T06:00:00.000Z"
    assert "ask the publisher" in article["remedy"]


async def test_healthz_is_fine_when_all_is(here: World) -> None:
    here.site.on("/flood", html(A))
    await here.watch("/flood")
    daemon = made(here, Lines())
    await daemon.poll_tick()
    await finish(daemon)
    assert health(vitals(here, daemon)) == (
        200,
        {"ok": True, "at": "2026-01-12T06:00:00.000Z", "problems": [], "articles": [],
         "more_articles": 0},
    )  # fmt: skip


async def test_an_archive_that_is_not_there_is_told_with_what_the_daemon_says(here: World) -> None:
    daemon = made(here, Lines())
    note = "2026-01-12T05:00:00.000Z stories.db was moved"
    asked = vitals(here, daemon, Surroundings([], 1, note))
    here.database.rename(here.database.with_name("away.db"))
    status, found = health(asked)
    assert status == 503
    assert [each["alarm"] for each in found["problems"]] == ["archive-unreadable", "standstill"]
    assert samples(asked)["storywatcher_archive_readable", ()] == 0


async def test_many_who_ask_cost_no_more_than_one(here: World) -> None:
    daemon = made(here, Lines())
    made_anew, go_on, threads = [], threading.Event(), set()

    def around() -> Surroundings:
        made_anew.append(1)
        threads.add(threading.current_thread())
        go_on.wait(30)
        return FINE

    asked = replace(vitals(here, daemon), around=around)
    ask = asked.pages()["/healthz"]
    crowd = [asyncio.create_task(ask()) for _ in range(50)]
    await asyncio.sleep(0)
    # Polling goes on while somebody looks: the look is in a thread of its own.
    here.site.on("/flood", html(A))
    await here.watch("/flood")
    await here.poll(after=0.0)
    go_on.set()
    pages = await asyncio.gather(*crowd)
    assert len(made_anew) == 1
    assert len({id(each) for each in pages}) == 1
    assert threading.main_thread() not in threads


async def test_the_daemon_listens_moves_and_ends_with_its_configuration(here: World) -> None:
    async def fine() -> Page:
        return Page(200, "text/plain", b"fine")

    log, port = Lines(), HealthPort({"/healthz": fine})
    daemon = made(here, log)
    daemon.bulletin = Bulletin(port=port)
    daemon.setup = replace(daemon.setup, listen=("127.0.0.1", 0))
    wanted = [replace(daemon.setup, listen=None), None]

    async def reload(forced: bool) -> Any:
        return wanted.pop(0)

    daemon.reload = reload
    running = asyncio.create_task(daemon.run())
    await log.until("started")
    async with asyncio.timeout(30):
        while port.address is None:  # noqa: ASYNC110  # it takes a few turns of the loop
            await asyncio.sleep(0)
    await daemon.housekeeping_tick()
    assert port.address is None
    daemon.stopping.set()
    await running


async def test_a_port_that_is_taken_stops_nobody_and_is_tried_again(here: World) -> None:
    taken = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    number = taken.sockets[0].getsockname()[1]
    log, port = Lines(), HealthPort({})
    daemon = made(here, log)
    daemon.bulletin = Bulletin(port=port)
    daemon.setup = replace(daemon.setup, listen=("127.0.0.1", number))
    await here.store.start_daemon(1, here.clock.now())
    for _ in range(3):
        await daemon.housekeeping_tick()
    assert [event for event, _ in log.loud] == ["port-failed"]
    taken.close()
    await taken.wait_closed()
    await daemon.housekeeping_tick()
    assert port.address == ("127.0.0.1", number)
    assert log.events()[-1] == "recovered"
    await port.close()
