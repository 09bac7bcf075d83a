"""The daemon's ticks, one at a time: what fails stays where it is, what stops loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import watcher.daemon
import watcher.dispatch
import watcher.payload
from storage.articles import WatchedArticle
from tests.fakes import settle
from tests.service.rig import INTERVAL, SECRET, World, html, page, to
from tests.site import Answer
from watcher.core.alerts.alert import Alert
from watcher.core.model import Outcome
from watcher.daemon import Daemon, Setup
from watcher.dispatch import deliver_due
from watcher.errors import ConfigError, StorageBusy

A, B = page("River, edition 1"), page("River, edition 2")
ACCEPTED = Answer(status=204)
HANG = Answer(raw=b"", ending="hang")


class Lines:
    """A log that can be waited for. `loud` is what it holds unless somebody wants every line."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.loud: list[tuple[str, dict[str, Any]]] = []
        self._more = asyncio.Event()

    def debug(self, event: str, **facts: Any) -> None:
        self.said.append((event, facts))
        self._more.set()

    def info(self, event: str, **facts: Any) -> None:
        self.loud.append((event, facts))
        self.debug(event, **facts)

    warning = error = info

    def events(self) -> list[str]:
        return [event for event, _ in self.said]

    def all(self, event: str) -> list[dict[str, Any]]:
        return [facts for name, facts in self.said if name == event]

    async def until(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        """Waits until an event was said so often."""
        async with asyncio.timeout(30):
            while len(self.all(event)) < count:
                self._more.clear()
                await self._more.wait()
        return self.all(event)


class Faulty:
    """A store some of whose methods fail or wait first."""

    def __init__(self, store: Any, **before: Callable[[], Any]) -> None:
        self._store = store
        self.before = before

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        first = self.before.get(name)
        if first is None:
            return method

        async def call(*arguments: Any, **named: Any) -> Any:
            result = first()
            if result is not None:
                await result
            return await method(*arguments, **named)

        return call


@pytest.fixture
def log() -> Lines:
    return Lines()


@pytest.fixture
def daemon(here: World, log: Lines) -> Daemon:
    return made(here, log)


def made(here: World, log: Lines, *paths: str) -> Daemon:
    async def unchanged(forced: bool) -> Setup | None:
        return None

    articles = tuple(WatchedArticle(here.site.url(path), "flood", INTERVAL) for path in paths)
    setup = Setup(articles, here.poller, here.dispatcher, per_host=2)
    return Daemon(setup, unchanged, here.database, log)


async def finish(daemon: Daemon) -> None:
    """Waits for everything a tick set going, and what that set going."""
    async with asyncio.timeout(30):
        while under_way := daemon._under_way():
            await asyncio.wait(under_way)


async def test_a_round_goes_on_without_waiting_for_the_next_tick(
    here: World, daemon: Daemon
) -> None:
    paths = [f"/flood/{number}" for number in range(9)]
    for path in paths:
        here.site.on(path, html(A))
    await here.watch(*paths)
    await daemon.poll_tick()
    assert len(daemon.polls) == 2  # one host, two places
    await finish(daemon)
    assert sorted(asked.path for asked in here.site.requests) == paths
    assert await here.due() == []


async def test_a_defect_on_one_article_stops_no_other_and_is_told(
    here: World, daemon: Daemon, log: Lines
) -> None:
    for path in ("/flood", "/storm"):
        here.site.on(path, html(A, '"1"'))
    await here.watch("/flood", "/storm")
    extract = here.reading.extract

    async def crash(body: bytes, url: str, kind: str | None) -> Any:
        if url.endswith("/flood"):
            raise KeyError("a defect")
        return await extract(body, url, kind)

    here.reading.extract = crash  # type: ignore[method-assign]
    await daemon.poll_tick()
    await finish(daemon)
    assert [facts["article"] for facts in log.all("poll-crashed")] == [1]
    with here.archive() as archive:
        assert [archive.runs(n)[0].outcome for n in (1, 2)] == [
            Outcome.EXTRACTION_FAILED,
            Outcome.NEW_VERSION,
        ]
    # It is polled again like any other that failed, and found when the defect is mended.
    here.reading.extract = extract  # type: ignore[method-assign]
    here.clock.advance(INTERVAL)
    await daemon.poll_tick()
    await finish(daemon)
    assert len(here.texts(1)) == 1


async def test_a_poll_that_cannot_be_recorded_rests_and_is_made_again(
    here: World, daemon: Daemon, log: Lines
) -> None:
    here.site.on("/flood", html(A))
    await here.watch("/flood")
    failing = [StorageBusy("locked")]

    def refuse() -> None:
        if failing:
            raise failing.pop()

    store = Faulty(here.store, record=refuse)
    daemon.setup = replace(daemon.setup, poller=replace(here.poller, store=store))  # type: ignore[arg-type]
    await daemon.poll_tick()
    await finish(daemon)
    assert log.all("poll-failed")[0]["reason"] == "locked"
    assert await here.due() == []
    here.clock.advance(60)
    await daemon.poll_tick()
    await finish(daemon)
    assert len(here.texts()) == 1


async def test_what_keeps_failing_is_said_once_and_when_it_is_over(
    here: World, daemon: Daemon, log: Lines
) -> None:
    failing = [StorageBusy("locked")] * 3 + [KeyError("a defect")] * 2

    def refuse() -> None:
        if failing:
            raise failing.pop(0)

    store = Faulty(here.store, lease_due=refuse)
    daemon.setup = replace(daemon.setup, poller=replace(here.poller, store=store))  # type: ignore[arg-type]
    for _ in range(7):
        await daemon._guarded(daemon.poll_tick)
    assert log.events() == ["poll_tick-failed", "poll_tick-crashed", "recovered"]


async def test_an_article_that_is_late_before_its_poll_has_ended_is_polled_again(
    here: World, log: Lines
) -> None:
    here.site.on("/flood", html(A), html(B))
    await here.watch("/flood")
    daemon = made(here, log, "/flood")
    record, ticked = here.store.record, []

    class Recorded:
        """The store; a tick comes when the first poll is on record and its task goes on."""

        def __getattr__(self, name: str) -> Any:
            return getattr(here.store, name)

        async def record(self, *arguments: Any, **named: Any) -> Any:
            done = await record(*arguments, **named)
            if not ticked:
                ticked.append(True)
                here.clock.advance(2 * INTERVAL)
                await daemon.poll_tick()
            return done

    poller = replace(here.poller, store=Recorded())  # type: ignore[arg-type]
    daemon.setup = replace(daemon.setup, poller=poller)
    await daemon.poll_tick()
    await finish(daemon)
    assert [line["version"] for line in log.all("polled")] == [1, 2]


async def test_a_retry_that_is_due_before_its_attempt_has_ended_is_sent(
    here: World, log: Lines
) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=503), ACCEPTED)
    await changed(here)
    daemon = made(here, log)
    settled, ticked = here.store.settle_delivery, []

    class Settled:
        """The store; a tick comes when the first attempt is on record and its task goes on."""

        def __getattr__(self, name: str) -> Any:
            return getattr(here.store, name)

        async def settle_delivery(self, *arguments: Any, **named: Any) -> Any:
            done = await settled(*arguments, **named)
            if not ticked:
                ticked.append(True)
                here.clock.advance(15)
                await daemon.delivery_tick()
            return done

    store: Any = Settled()
    daemon.setup = replace(daemon.setup, dispatcher=replace(here.dispatcher, store=store))
    await daemon.delivery_tick()
    await finish(daemon)
    assert len(here.received("desk")) == 2
    assert log.events() == ["delivery-failed", "recovered", "delivered"]


async def test_a_hanging_endpoint_delays_no_other(here: World, log: Lines) -> None:
    here.subscribe("desk", "wire")
    here.site.on("/desk", HANG)
    here.site.on("/wire", ACCEPTED)
    paths = [f"/flood/{number}" for number in range(6)]
    for path in paths:
        here.site.on(path, html(A), html(B))
    await here.watch(*paths)
    for article in range(1, 7):
        await here.poll(article, after=0.0)
        await here.poll(article, after=0.0)
    daemon = made(here, log)
    await daemon.delivery_tick()
    await log.until("delivered", 6)
    await settle()
    assert {facts["endpoint"] for facts in log.all("delivered")} == {"wire"}
    hanging = [delivery.endpoint for delivery in daemon.deliveries.values()]
    assert hanging == ["desk"] * 4
    daemon.stopping.set()
    for task in tuple(daemon.deliveries):
        task.cancel()
    await finish(daemon)


async def changed(here: World) -> None:
    here.site.on("/flood", html(A), html(B))
    await here.watch("/flood")
    await here.poll(after=0.0)
    await here.poll(after=0.0)


async def test_a_message_that_cannot_be_made_ends_as_dead(
    here: World, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.subscribe("desk")
    here.site.on("/desk", ACCEPTED)
    await changed(here)

    def crash(material: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr(watcher.dispatch, "message", crash)
    daemon = made(here, log)
    for _ in range(8):
        await daemon.delivery_tick()
        await finish(daemon)
        here.clock.advance(40_000)
    assert [line.get("repeated") for line in log.all("delivery-crashed")] == [None, 1, 1, 1, 3]
    assert len(log.all("delivery-dead")) == 1
    with here.archive() as archive:
        assert [(d.state, d.attempts) for d in archive.deliveries()] == [("dead", 8)]


async def test_an_event_that_cannot_be_made_is_left_out_of_its_digest_and_that_is_said(
    here: World, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.alert(Alert("all", ("desk",), every=timedelta(minutes=15)))
    here.site.on("/desk", ACCEPTED)
    here.site.on("/flood", *(html(page(f"River, edition {n}")) for n in range(3)))
    await here.watch("/flood")
    for _ in range(3):
        await here.poll(after=1.0)
    with here.archive() as archive:
        first, second = (event.id for event in archive.events())
    event_payload = watcher.payload.event_payload

    def crash(material: Any) -> Any:
        if material.event.id == first:
            raise KeyError("a defect")
        return event_payload(material)

    monkeypatch.setattr(watcher.payload, "event_payload", crash)
    here.clock.advance(1000)
    daemon = made(here, log)
    await daemon.delivery_tick()
    await finish(daemon)
    (body,) = (json.loads(asked.body) for asked in here.received("desk"))
    assert [each["id"] for each in body["data"]["events"]] == [second]
    assert [each["id"] for each in body["data"]["left_out"]] == [first]
    (line,) = log.all("event-left-out")
    assert (line["left_out"], line["endpoint"]) == (first, "desk")
    assert line["reason"] == "KeyError('a defect')"


async def test_a_digest_that_cannot_be_made_holds_up_nothing_else(here: World, log: Lines) -> None:
    here.subscribe("desk")
    here.site.on("/desk", ACCEPTED)
    await changed(here)

    def crash() -> None:
        raise KeyError("a defect")

    daemon = made(here, log)
    store: Any = Faulty(here.dispatcher.store, close_digests=crash)
    daemon.setup = replace(daemon.setup, dispatcher=replace(here.dispatcher, store=store))
    await daemon.delivery_tick()
    await finish(daemon)
    assert len(here.received("desk")) == 1
    assert "digest-crashed" in log.events()


async def test_an_endpoint_that_wants_no_more_is_told(here: World, log: Lines) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=410))
    await changed(here)
    daemon = made(here, log)
    await daemon.delivery_tick()
    await finish(daemon)
    assert log.all("endpoint-disabled")[0]["endpoint"] == "desk"
    [failed] = log.all("delivery-failed")
    assert failed["waits"] == "until the endpoint is enabled"
    assert "retry_at" not in failed


async def test_an_endpoint_with_another_url_is_enabled_and_that_is_said(
    here: World, log: Lines
) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=410))
    here.site.on("/new-desk", ACCEPTED)
    await changed(here)
    daemon = made(here, log)
    moved = replace(here.dispatcher.endpoints["desk"], url=here.site.url("/new-desk"))
    setup = replace(daemon.setup, dispatcher=replace(here.dispatcher, endpoints={"desk": moved}))

    async def reconfigured(forced: bool) -> Setup | None:
        return setup

    await daemon.delivery_tick()
    await finish(daemon)
    assert log.all("endpoint-enabled") == []
    daemon.reload = reconfigured
    await daemon.housekeeping_tick()
    assert log.all("endpoint-enabled") == [{"endpoint": "desk", "reason": "it has another URL"}]
    here.clock.advance(60)
    await daemon.delivery_tick()
    await finish(daemon)
    assert len(here.received("new-desk")) == 1


async def test_an_old_url_that_answers_late_does_not_disable_the_new_one(
    here: World, log: Lines
) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=410))
    await changed(here)
    daemon = made(here, log)
    await daemon.delivery_tick()
    moved = replace(here.dispatcher.endpoints["desk"], url=here.site.url("/new-desk"))
    # The configuration changes while the old one is being asked.
    daemon.setup = replace(
        daemon.setup, dispatcher=replace(here.dispatcher, endpoints={"desk": moved})
    )
    await finish(daemon)
    assert [event for event in log.events() if event.startswith("endpoint")] == [
        "endpoint-disabled",
        "endpoint-enabled",
    ]


async def test_a_daemon_that_starts_enables_what_has_another_url(here: World, log: Lines) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=410))
    await changed(here)
    await deliver_due(here.dispatcher)
    moved = replace(here.dispatcher.endpoints["desk"], url=here.site.url("/new-desk"))
    here.dispatcher = replace(here.dispatcher, endpoints={"desk": moved})
    daemon = made(here, log)
    daemon.stopping.set()
    await daemon.run()
    assert [line["endpoint"] for line in log.all("endpoint-enabled")] == ["desk"]


async def test_an_unrecorded_attempt_is_made_again_when_its_lease_ends(
    here: World, log: Lines
) -> None:
    here.subscribe("desk")
    here.site.on("/desk", ACCEPTED)
    await changed(here)
    failing = [StorageBusy("locked")]

    def refuse() -> None:
        if failing:
            raise failing.pop()

    store = Faulty(here.store, settle_delivery=refuse)
    here.dispatcher = replace(here.dispatcher, store=store)  # type: ignore[arg-type]
    daemon = made(here, log)
    for _ in range(2):
        await daemon.delivery_tick()
        await finish(daemon)
        here.clock.advance(120)
    first, second = here.received("desk")
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert log.events() == ["delivery-failed", "delivered"]


async def test_a_new_configuration_is_taken_even_if_it_cannot_be_stored_at_once(
    here: World, log: Lines
) -> None:
    here.site.on("/storm", html(A))
    failing = [StorageBusy("locked")]

    def refuse() -> None:
        if failing:
            raise failing.pop()

    here.poller = replace(here.poller, store=Faulty(here.store, sync_articles=refuse))  # type: ignore[arg-type]
    daemon, wanted = made(here, log), made(here, log, "/storm").setup
    read = [wanted, None, None]

    async def reload(forced: bool) -> Setup | None:
        return read.pop(0)

    daemon.reload = reload
    for _ in range(3):
        await daemon._guarded(daemon.housekeeping_tick)
    assert log.events() == ["housekeeping_tick-failed", "config-taken", "recovered"]
    assert daemon.setup is wanted
    assert await here.due() == [1]


async def test_a_refused_configuration_is_said_once_and_kept_for_status(
    here: World, log: Lines, daemon: Daemon
) -> None:
    faults = [ConfigError(("line 3 is wrong",)), ConfigError(("line 3 is wrong",))]

    async def reload(forced: bool) -> Setup | None:
        if faults:
            raise faults.pop()
        return daemon.setup

    daemon.reload = reload
    await here.store.start_daemon(1, here.clock.now())
    await daemon.housekeeping_tick()
    await daemon.housekeeping_tick()
    assert log.events() == ["config-refused"]
    with here.archive() as archive:
        told = archive.daemon()
        assert told is not None
        assert told.config_fault == "line 3 is wrong"
    await daemon.housekeeping_tick()
    with here.archive() as archive:
        told = archive.daemon()
        assert told is not None
        assert told.config_fault is None


async def test_asking_for_a_reload_gets_an_answer_every_time(
    here: World, log: Lines, daemon: Daemon
) -> None:
    async def reload(forced: bool) -> Setup | None:
        raise ConfigError(("line 3 is wrong",))

    daemon.reload = reload
    for _ in range(2):
        daemon._force_reload()
        await daemon.housekeeping_tick()
    assert log.events() == ["config-refused"] * 2


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No tick comes by itself: tests call them."""
    for tick in ("POLL_TICK", "DELIVERY_TICK", "HOUSEKEEPING_TICK"):
        monkeypatch.setattr(watcher.daemon, tick, 3600.0)


@pytest.mark.usefixtures("still")
async def test_stopping_gives_up_what_hangs_and_loses_nothing(
    here: World, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher.daemon, "DRAIN_SECONDS", 0.05)
    here.subscribe("desk")
    here.site.on("/desk", HANG)
    here.site.on("/slow", HANG)
    await changed(here)
    daemon = made(here, log, "/flood", "/slow")
    running = asyncio.create_task(daemon.run())
    await log.until("started")
    await daemon.poll_tick()
    await daemon.delivery_tick()
    assert (len(daemon.polls), len(daemon.deliveries)) == (1, 1)
    daemon.stopping.set()
    await running
    assert log.events()[-3:] == ["stopping", "drain-gave-up", "stopped"]
    assert not daemon._under_way()
    # Nothing stays leased, and the next daemon takes over what hung.
    assert await here.due() == [2]
    here.site.on("/desk", ACCEPTED)
    again = made(here, log, "/flood", "/slow")
    running = asyncio.create_task(again.run())
    await log.until("started", 2)
    assert log.all("started")[1]["taken_over"] == 2
    await again.delivery_tick()
    await log.until("delivered")
    again.stopping.set()
    await running
    assert len({asked.headers["webhook-id"] for asked in here.received("desk")}) == 1


@pytest.mark.usefixtures("still")
async def test_stopping_amid_a_tick_leaves_no_article_leased(here: World, log: Lines) -> None:
    here.site.on("/flood", html(A))
    reached, go_on = asyncio.Event(), asyncio.Event()

    def hold() -> Any:
        reached.set()
        return go_on.wait()

    here.poller = replace(here.poller, store=Faulty(here.store, lease_due=hold))  # type: ignore[arg-type]
    daemon = made(here, log, "/flood")
    running = asyncio.create_task(daemon.run())
    await log.until("started")
    tick = asyncio.create_task(daemon.poll_tick())
    await reached.wait()
    daemon.stopping.set()
    await log.until("stopping")
    go_on.set()
    await asyncio.gather(running, tick)
    assert "drain-gave-up" not in log.events()
    assert len(here.texts()) == 1
    with here.archive() as archive:
        told = archive.daemon()
        assert told is not None
        assert told.stopped_at is not None


@pytest.mark.usefixtures("still")
async def test_a_lock_at_the_end_does_not_make_stopping_fail(here: World, log: Lines) -> None:
    def refuse() -> None:
        raise StorageBusy("locked")

    here.poller = replace(here.poller, store=Faulty(here.store, stop_daemon=refuse))  # type: ignore[arg-type]
    daemon = made(here, log)
    daemon.stopping.set()
    await daemon.run()
    assert log.events() == ["started", "stopping", "stop-failed", "stopped"]


@pytest.mark.usefixtures("still")
async def test_what_nobody_waits_for_is_a_line_of_the_log(here: World, log: Lines) -> None:
    daemon = made(here, log)
    running = asyncio.create_task(daemon.run())
    await log.until("started")
    asyncio.get_running_loop().call_exception_handler(
        {"message": "nobody waited", "exception": KeyError("x")}
    )
    assert log.all("stray-error")[0]["error"] == "KeyError('x')"
    daemon.stopping.set()
    await running


async def test_no_log_line_holds_the_secret(here: World, log: Lines, tmp_path: Path) -> None:
    here.subscribe("desk")
    here.site.on("/desk", Answer(status=500), Answer(raw=b"", ending="reset"), ACCEPTED)
    await changed(here)
    daemon = made(here, log)
    for _ in range(3):
        await daemon.delivery_tick()
        await finish(daemon)
        here.clock.advance(400)
    assert log.events() == ["delivery-failed", "delivery-failed", "recovered", "delivered"]
    assert SECRET[6:] not in repr(log.said)
    assert SECRET[6:].encode() not in here.database.read_bytes()


async def test_a_configured_address_of_a_watched_article_is_said(
    here: World, daemon: Daemon, log: Lines
) -> None:
    here.site.on("/flood", to("/the-flood", 301))
    here.site.on("/the-flood", html(A))
    await here.watch("/flood")
    await here.poll()
    both = made(here, log, "/flood", "/the-flood").setup

    async def changed(forced: bool) -> Setup | None:
        return both

    daemon.reload = changed
    await daemon.housekeeping_tick()
    [line] = log.all("same-article")
    assert (line["url"], line["article"]) == (here.site.url("/the-flood"), 1)
    # Also by a daemon that starts with it.
    starting = made(here, log, "/flood", "/the-flood")
    starting.stopping.set()
    await starting.run()
    assert len(log.all("same-article")) == 2
