"""What the service manager is told: systemd's sd_notify protocol, man 3 sd_notify.

One datagram a message to the unix socket that $NOTIFY_SOCKET names; a name that begins with @ is
of the abstract namespace. Nothing here ever waits or raises: a manager that does not listen is no
reason to stop working.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Mapping

LONGEST_STATUS = 200
_STOPPING = "STOPPING=1"


class ServiceManager:
    """A watcher.ports.Manager that speaks to systemd; without a socket it speaks to nobody.

    `watchdog_seconds` is how long the manager waits for a sign of life, None if it does not.
    """

    def __init__(self, address: str | None = None, watchdog_seconds: float | None = None) -> None:
        self._address = _usable(address)
        self.watchdog_seconds = watchdog_seconds if self._address is not None else None
        self._state = ""
        self._status = ""

    @classmethod
    def of(cls, environ: Mapping[str, str], pid: int) -> ServiceManager:
        """The one that started the process `pid`, as its environment says."""
        watchdog = None
        usec = environ.get("WATCHDOG_USEC", "")
        # A shell between the manager and us passes on what was meant for itself.
        meant = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
        if meant and usec.isascii() and usec.isdigit() and 0 < int(usec) < 2**63:
            watchdog = int(usec) / 1_000_000
        return cls(environ.get("NOTIFY_SOCKET"), watchdog)

    def ready(self) -> None:
        """All is set up, or a new configuration is taken."""
        self._change("READY=1")

    def reloading(self) -> None:
        """A changed configuration is being read, until `ready`."""
        moment = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._change("RELOADING=1", f"MONOTONIC_USEC={moment}")

    def stopping(self) -> None:
        """What is under way is finished, then the process ends."""
        self._change(_STOPPING)

    def status(self, text: str) -> None:
        """What `systemctl status` shows; only a change is sent."""
        line = " ".join(text.split())[:LONGEST_STATUS]
        if line != self._status and self._tell(f"STATUS={line}"):
            self._status = line

    def alive(self) -> None:
        """A sign of life, due every `watchdog_seconds`."""
        self._tell("WATCHDOG=1")

    def _change(self, state: str, *more: str) -> None:
        # Who stops is not ready again, whatever was still under way.
        if self._state not in (state, _STOPPING) and self._tell(state, *more):
            self._state = state

    def _tell(self, *lines: str) -> bool:
        if self._address is None:
            return False
        with contextlib.suppress(OSError), socket.socket(_FAMILY, _KIND) as channel:
            channel.connect(self._address)
            channel.sendall("\n".join(lines).encode())
            return True
        return False


_FAMILY = socket.AF_UNIX
_KIND = socket.SOCK_DGRAM | getattr(socket, "SOCK_CLOEXEC", 0) | getattr(socket, "SOCK_NONBLOCK", 0)


def _usable(address: str | None) -> bytes | None:
    """The address as the kernel wants it; None for what is no unix socket (systemd knows vsock)."""
    if address is None or len(address) < 2 or address[0] not in "/@":
        return None
    name = os.fsencode(address)
    return b"\0" + name[1:] if name[:1] == b"@" else name
