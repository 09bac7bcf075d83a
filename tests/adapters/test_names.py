"""Looking names up: what the system says, and that a silent name server holds up nobody."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from watcher.adapters.net import names
from watcher.adapters.net.names import SystemNames


class System:
    """The system's resolver, with names that get no answer before `answer_all`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting = 0
        self.answered = threading.Event()
        self._begun = threading.Semaphore(0)
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)

    def _look_up(self, host: str, *more: Any) -> Any:
        if host.startswith("silent"):
            self.waiting += 1
            self._begun.release()
            self.answered.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._real("127.0.0.1", *more)

    def begun(self, count: int) -> None:
        for _ in range(count):
            assert self._begun.acquire(timeout=60)


@pytest.fixture
def system(no_network: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    resolver = System(monkeypatch)
    yield resolver
    resolver.answered.set()


async def test_a_name_has_the_systems_addresses(system: System) -> None:
    (found,) = await SystemNames().resolve("news.test", 8080)
    assert (found["host"], found["port"], found["family"]) == ("127.0.0.1", 8080, socket.AF_INET)
    assert found["hostname"] == "news.test"


@pytest.mark.parametrize("name", ["story.invalid", "x" * 70 + ".invalid", "\ud800.invalid"])
async def test_what_is_no_name_is_an_error(name: str) -> None:
    with pytest.raises((OSError, UnicodeError)):
        await SystemNames().resolve(name)


async def test_silent_name_servers_hold_up_no_other_name(system: System) -> None:
    resolver = SystemNames()
    silent = [asyncio.create_task(resolver.resolve(f"silent{n}.test")) for n in range(50)]
    async with asyncio.timeout(30):
        assert await resolver.resolve("news.test")
    assert not any(task.done() for task in silent)
    system.answered.set()
    ended = await asyncio.gather(*silent, return_exceptions=True)
    assert all(isinstance(each, socket.gaierror) for each in ended)


def test_the_program_ends_without_waiting_for_them(system: System) -> None:
    async def give_up() -> None:
        asking = asyncio.create_task(SystemNames().resolve("silent.test"))
        await asyncio.to_thread(system.begun, 1)
        asking.cancel()
        await asyncio.wait([asking])

    asyncio.run(give_up())  # would wait for the loop's own threads
    assert not system.answered.is_set()
    system.answered.set()


async def test_look_ups_given_up_keep_their_place_until_they_end(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "MOST_LOOK_UPS", 2)
    resolver = SystemNames()
    silent = [asyncio.create_task(resolver.resolve("silent.test")) for _ in range(2)]
    await asyncio.to_thread(system.begun, 2)
    for task in silent:
        task.cancel()
    third = asyncio.create_task(resolver.resolve("news.test"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not third.done()
    assert system.waiting == 2
    system.answered.set()
    async with asyncio.timeout(30):
        assert await third
