"""systemd's protocol over a real datagram socket, and what the daemon tells by it and when."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.service.rig import World, world
from tests.service.test_daemon import Faulty, Lines, made
from watcher.adapters.servicemanager import ServiceManager
from watcher.bulletin import SLOWEST, Bulletin
from watcher.daemon import Daemon, Setup
from watcher.errors import ConfigError, StorageBusy, StorageError


class Systemd:
    """The receiving end."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind("\0" + address[1:] if address[0] == "@" else address)

    def all(self) -> list[str]:
        """What has come and was not read yet."""
        found = []
        while True:
            try:
                found.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return found

    async def until(self, wanted: str) -> list[str]:
        """Waits for a message that begins so; gives all up to it."""
        loop, found = asyncio.get_running_loop(), list[str]()
        async with asyncio.timeout(30):
            while not (found and found[-1].startswith(wanted)):
                found.append((await loop.sock_recv(self.socket, 4096)).decode())
        return found


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Systemd]:
    name = f"@watcher-{secrets.token_hex(8)}"
    listening = Systemd(str(tmp_path / "notify") if request.param == "path" else name)
    yield listening
    listening.socket.close()


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


def test_every_message_is_a_datagram_as_the_protocol_wants_it(systemd: Systemd) -> None:
    manager = ServiceManager(systemd.address)
    manager.ready()
    manager.status("2 articles;\nunder way: \x00 1 poll")
    manager.reloading()
    manager.ready()
    manager.alive()
    manager.stopping()
    ready, status, reloading, again, alive, stopping = systemd.all()
    assert (ready, again, alive, stopping) == ("READY=1", "READY=1", "WATCHDOG=1", "STOPPING=1")
    assert status.startswith("STATUS=2 articles; under way:")
    assert "\n" not in status
    first, second = reloading.split("\n")
    assert first == "RELOADING=1"
    moment = int(second.removeprefix("MONOTONIC_USEC="))
    assert abs(moment - time.monotonic() * 1e6) < 60e6


def test_what_is_known_is_not_said_again_and_who_stops_is_never_ready(systemd: Systemd) -> None:
    manager = ServiceManager(systemd.address)
    for _ in range(3):
        manager.ready()
        manager.status("the same")
    manager.stopping()
    manager.ready()
    manager.reloading()
    assert systemd.all() == ["READY=1", "STATUS=the same", "STOPPING=1"]


@pytest.mark.parametrize(
    "address", [None, "", "@", "/", "relative", "vsock:2:1234", "/nowhere/notify", "/" + "x" * 300]
)
def test_a_manager_that_is_not_there_is_no_reason_to_fail(address: str | None) -> None:
    manager = ServiceManager(address, 30.0)
    manager.ready()
    manager.status("x")
    manager.alive()
    manager.stopping()


def test_a_manager_that_does_not_read_makes_nobody_wait(systemd: Systemd) -> None:
    manager = ServiceManager(systemd.address)
    for number in range(10_000):
        manager.status(f"status {number}")
    assert systemd.all()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "-1"}, None),
        ({"WATCHDOG_USEC": "x"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_that_of_the_environment(
    environ: dict[str, str], seconds: float | None
) -> None:
    manager = ServiceManager.of({"NOTIFY_SOCKET": "@watcher-none", **environ}, 77)
    assert manager.watchdog_seconds == seconds
    assert ServiceManager.of(environ, 77).watchdog_seconds is None  # nobody to tell


def told_by(here: World, log: Lines, manager: ServiceManager) -> Daemon:
    daemon = made(here, log)
    daemon.bulletin = Bulletin(manager)
    return daemon


async def test_a_daemon_is_ready_reloads_beats_and_stops(here: World, systemd: Systemd) -> None:
    log = Lines()
    daemon = told_by(here, log, ServiceManager(systemd.address, watchdog_seconds=0.02))
    wanted = replace(daemon.setup, per_host=3)

    async def reload(forced: bool) -> Setup | None:
        return wanted if forced else None

    daemon.reload = reload
    running = asyncio.create_task(daemon.run())
    assert await systemd.until("READY=1") == ["READY=1"]
    assert log.events() == ["started"]  # it is ready once the archive is open and in order
    await systemd.until("WATCHDOG=1")
    os.kill(os.getpid(), signal.SIGHUP)
    await systemd.until("RELOADING=1\nMONOTONIC_USEC=")
    await systemd.until("READY=1")
    assert daemon.setup is wanted
    await systemd.until("STATUS=0 articles; under way: 0 polls, 0 deliveries")
    daemon.stopping.set()
    await systemd.until("STOPPING=1")
    await running
    assert not [told for told in systemd.all() if told.startswith(("READY", "RELOADING"))]


async def test_a_refused_configuration_ends_the_reload_all_the_same(
    here: World, systemd: Systemd
) -> None:
    daemon = told_by(here, Lines(), ServiceManager(systemd.address))

    async def reload(forced: bool) -> Setup | None:
        raise ConfigError(("line 3 is wrong",))

    daemon.reload = reload
    await here.store.start_daemon(1, here.clock.now())
    daemon._force_reload()
    await daemon._guarded(daemon.housekeeping_tick)
    states = [told.split("\n")[0] for told in systemd.all()]
    assert states[:2] == ["RELOADING=1", "READY=1"]
    assert states[2].endswith("the changed configuration has faults")


async def test_no_sign_of_life_while_the_writer_thread_hangs(here: World, systemd: Systemd) -> None:
    bulletin = Bulletin(ServiceManager(systemd.address, watchdog_seconds=60.0))
    bulletin.kept_at = asyncio.get_running_loop().time()
    assert await bulletin.beat(30.0, here.store.answered)
    assert systemd.all() == ["WATCHDOG=1"]
    go_on, reached = threading.Event(), threading.Event()

    def hang(_: Any) -> None:
        reached.set()
        go_on.wait(30)

    hanging = asyncio.create_task(here.store._writer.call(hang))
    await asyncio.to_thread(reached.wait, 30)
    beating = asyncio.create_task(bulletin.beat(30.0, here.store.answered))
    done, _ = await asyncio.wait([beating], timeout=0.05)
    assert not done
    assert systemd.all() == []
    go_on.set()
    await hanging
    assert await beating
    assert systemd.all() == ["WATCHDOG=1"]


async def test_no_sign_of_life_without_housekeeping(here: World, systemd: Systemd) -> None:
    bulletin = Bulletin(ServiceManager(systemd.address, watchdog_seconds=60.0))
    loop = asyncio.get_running_loop()
    for age, alive in ((SLOWEST / 2, True), (2 * SLOWEST, True), (31.0, False)):
        bulletin.kept_at = loop.time() - age
        assert await bulletin.beat(30.0, here.store.answered) is alive
    # However short its patience is: a round of housekeeping may take some seconds.
    bulletin.kept_at = loop.time() - SLOWEST / 2
    assert await bulletin.beat(0.1, here.store.answered)
    assert systemd.all() == ["WATCHDOG=1"] * 3


@pytest.mark.parametrize("error", [StorageBusy("locked"), StorageError("the disk is full")])
async def test_an_archive_that_refuses_is_no_hanging_daemon(
    here: World, systemd: Systemd, error: StorageError
) -> None:
    def refuse() -> None:
        raise error

    bulletin = Bulletin(ServiceManager(systemd.address, watchdog_seconds=60.0))
    bulletin.kept_at = asyncio.get_running_loop().time()
    store = Faulty(here.store, answered=refuse)
    assert await bulletin.beat(30.0, store.answered)
    assert systemd.all() == ["WATCHDOG=1"]


async def test_what_stands_still_is_said_and_noted(here: World, systemd: Systemd) -> None:
    failing = [StorageError("the disk is full"), StorageError("the disk is full")]

    def refuse() -> None:
        if failing:
            raise failing.pop()

    here.poller = replace(here.poller, store=Faulty(here.store, daemon_alive=refuse))  # type: ignore[arg-type]
    notes: list[str | None] = []
    daemon = told_by(here, Lines(), ServiceManager(systemd.address))
    daemon.bulletin.note = notes.append
    for _ in range(3):
        await daemon._guarded(daemon.housekeeping_tick)
    assert notes == ["2026-01-12T06:00:00.000Z the disk is full", None]
    assert "STATUS=stands still: the disk is full" in systemd.all()
