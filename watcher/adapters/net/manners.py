"""Manners towards hosts: how many requests at once, and how long between the starts of two."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol

from watcher.core.hostlimits import HostLimit, limit_of


class Handle(Protocol):
    """A timer that can be called off."""

    def cancel(self) -> None:
        """The timer will not fire."""
        ...


class Timers(Protocol):
    """A monotonic clock with timers. An asyncio event loop is one."""

    def time(self) -> float:
        """Seconds since some fixed moment."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Handle:
        """Calls back once, `delay` seconds from now."""
        ...


class HostManners:
    """Hands out turns, per host first come first served.

    At most `concurrency` turns of a host are held at a time, and two turns start at least `delay`
    seconds apart, or as many as the host itself asked for. Hosts that nobody asks for are
    forgotten. `limits` hold for single hosts instead. `timers` defaults to the running loop.
    """

    def __init__(
        self,
        concurrency: int,
        delay: float,
        limits: Sequence[HostLimit] = (),
        *,
        timers: Timers | None = None,
    ) -> None:
        self._concurrency = concurrency
        self._delay = delay
        self._limits = limits
        self._timers = timers
        self._hosts: dict[str, _Host] = {}

    def turn(self, host: str, least: float = 0.0) -> _Turn:
        """An async context manager: waits for the host's turn and holds it.

        `least` is the delay in seconds that the host asks for; it holds where it is the longer one.
        """
        return _Turn(self, host, least)

    def reconfigure(self, concurrency: int, delay: float, limits: Sequence[HostLimit] = ()) -> None:
        """Other limits from now on, for those who wait as well."""
        self._concurrency = concurrency
        self._delay = delay
        self._limits = limits
        for name, host in tuple(self._hosts.items()):
            host.limit = limit_of(limits, name)
            host.stop_timer()
            self._advance(name, host)

    def known_hosts(self) -> int:
        """How many hosts are in use, waited for, or resting after a turn."""
        return len(self._hosts)

    def _clock(self) -> Timers:
        return self._timers or asyncio.get_running_loop()

    async def _acquire(self, name: str, least: float) -> None:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host(limit_of(self._limits, name))
        host.least = max(host.least, least)
        if not host.waiting and self._start(host):
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        host.waiting.append(turn)
        self._advance(name, host)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                # The turn was given in the same moment: pass it on.
                self._release(name)
            elif self._hosts.get(name) is host:
                self._advance(name, host)
            raise

    def _release(self, name: str) -> None:
        host = self._hosts[name]
        host.held -= 1
        self._advance(name, host)

    def _places(self, host: _Host) -> int:
        return self._concurrency if host.limit.concurrency is None else host.limit.concurrency

    def _delay_of(self, host: _Host) -> float:
        own = self._delay if host.limit.delay is None else host.limit.delay
        return max(own, host.least)

    def _rest(self, host: _Host) -> float:
        """Seconds until the host's next turn may start; 0 or less if it may now."""
        delay = self._delay_of(host)
        if host.started is None or not delay:
            return 0.0
        return host.started + delay - self._clock().time()

    def _start(self, host: _Host) -> bool:
        """Takes a turn if there is one to take now."""
        if host.held >= self._places(host) or self._rest(host) > 0:
            return False
        if self._delay_of(host):
            host.started = self._clock().time()
        host.held += 1
        return True

    def _advance(self, name: str, host: _Host) -> None:
        """Gives turns to those who may have them; else sets the timer or forgets the host."""
        waiting = host.waiting
        while waiting and (waiting[0].cancelled() or self._start(host)):
            turn = waiting.popleft()
            if not turn.cancelled():
                turn.set_result(None)
        if host.held >= self._places(host) or (host.held and not waiting):
            return  # the next release comes here again
        rest = self._rest(host)
        if rest > 0:
            if host.timer is None:
                host.timer = self._clock().call_later(rest, lambda: self._rested(name, host))
        elif not waiting:
            host.stop_timer()
            del self._hosts[name]

    def _rested(self, name: str, host: _Host) -> None:
        host.timer = None
        self._advance(name, host)


class _Host:
    __slots__ = ("held", "least", "limit", "started", "timer", "waiting")

    def __init__(self, limit: HostLimit) -> None:
        self.limit = limit
        self.held = 0
        self.least = 0.0
        self.started: float | None = None
        self.timer: Handle | None = None
        self.waiting: deque[asyncio.Future[None]] = deque()

    def stop_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class _Turn:
    __slots__ = ("_host", "_least", "_manners")

    def __init__(self, manners: HostManners, host: str, least: float) -> None:
        self._manners = manners
        self._host = host
        self._least = least

    async def __aenter__(self) -> None:
        await self._manners._acquire(self._host, self._least)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._manners._release(self._host)
