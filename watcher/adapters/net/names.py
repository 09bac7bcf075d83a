"""Looks names up with the system's resolver, each in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

MOST_LOOK_UPS = 256
"""At once. A look-up goes on after its deadline, until the system gives it up: half a minute on
most. This is several times what the service asks for at a time, and bounds the threads."""


class SystemNames(AbstractResolver):
    """The system's name resolution, in which a name server that is silent delays nobody else.

    The event loop's own threads are a handful, so a few slow names would hold up all others, and
    the program could not end before they are given up. Belongs to one event loop.
    """

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(MOST_LOOK_UPS)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises OSError, or UnicodeError for what cannot be a name."""
        await self._room.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()

        def settle(found: list[Any] | None, fault: Exception | None) -> None:
            self._room.release()
            if answer.done():
                return  # nobody waits any more
            if fault is not None:
                answer.set_exception(fault)
            else:
                answer.set_result(found or [])

        def look_up() -> None:
            found, fault = None, None
            try:
                found = socket.getaddrinfo(
                    host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG
                )
            except (OSError, ValueError) as error:
                fault = error
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, found, fault)

        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=found_family,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for found_family, _, protocol, _, address in await answer
        ]

    async def close(self) -> None:
        """Nothing to close."""
