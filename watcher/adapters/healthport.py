"""A small HTTP server on loopback for monitoring. It answers two questions and no others.

Written on plain streams, so that what a stranger can make it do is all here: one request a
connection, a head of a few kilobytes within a few seconds, GET and HEAD, and a Host header that
names this very port, since a web page may lead its readers' browsers here under a name of its own
(DNS rebinding).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from watcher.errors import PortUnusable

LARGEST_HEAD = 8192
SECONDS = 5.0
"""For reading a request, and as long again for an answer to be taken."""

MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    status: int
    content_type: str
    body: bytes


Ask = Callable[[], Awaitable[Page]]
Address = tuple[str, int]


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class HealthPort:
    """Answers `pages`, by path. `listen` may be called again with another address, or none."""

    def __init__(self, pages: Mapping[str, Ask]) -> None:
        self._pages = dict(pages)
        self._server: asyncio.Server | None = None
        self._wanted: Address | None = None
        self._open: set[asyncio.Task[object]] = set()

    @property
    def address(self) -> Address | None:
        """Where it really listens, None if it does not."""
        if self._server is None:
            return None
        host, port = self._server.sockets[0].getsockname()[:2]
        return host, port

    async def listen(self, wanted: Address | None) -> None:
        """Listens there from now on; None ends it. Raises PortUnusable.

        Only loopback addresses are taken, whoever asks: what is told here is for this machine.
        """
        if wanted == self._wanted:
            return
        await self.close()
        if wanted is None:
            return
        host, port = wanted
        if not ipaddress.ip_address(host).is_loopback:
            raise PortUnusable(f"{host} is no loopback address: use 127.0.0.1 or [::1]")
        try:
            self._server = await asyncio.start_server(
                self._connected, host, port, limit=LARGEST_HEAD, backlog=MOST_AT_ONCE
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise PortUnusable(
                f"cannot listen on {_shown(wanted)}: {reason}; name another port in [daemon]"
            ) from error
        self._wanted = wanted

    async def close(self) -> None:
        """Ends it; answers under way are cut off."""
        server, self._server, self._wanted = self._server, None, None
        if server is not None:
            server.close()
            # Who only holds a connection open must not hold up the end.
            under_way = tuple(self._open)
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
            await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
        try:
            if len(self._open) <= MOST_AT_ONCE:
                async with asyncio.timeout(2 * SECONDS):
                    await self._answer(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass
        finally:
            if task is not None:
                self._open.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method = "GET"
        try:
            async with asyncio.timeout(SECONDS):
                method, path, headers = await _head(reader)
            page = await self._page(method, path, headers)
        except TimeoutError:
            page = _told(HTTPStatus.REQUEST_TIMEOUT, "the request came too slowly")
        except _Refused as refused:
            page = _told(refused.status, str(refused))
        writer.write(_bytes(page, head_only=method == "HEAD"))
        await writer.drain()

    async def _page(self, method: str, path: str, headers: Mapping[str, str]) -> Page:
        if method not in ("GET", "HEAD"):
            raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are answered")
        if headers.get("host") not in self._names():
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, "ask by the address of this port")
        ask = self._pages.get(path)
        if ask is None:
            raise _Refused(HTTPStatus.NOT_FOUND, f"there are {' and '.join(self._pages)}")
        return await ask()

    def _names(self) -> set[str]:
        if self.address is None:
            return set()
        host, port = self.address
        return {_shown((host, port)), f"localhost:{port}"}


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise _Refused(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the request is too large"
        ) from None
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise _Refused(HTTPStatus.BAD_REQUEST, "that is no HTTP/1.1 request")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or name.lower() in headers:
            raise _Refused(HTTPStatus.BAD_REQUEST, "that is no header, or one for the second time")
        headers[name.lower()] = value.strip(" \t")
    return words[0], words[1].partition("?")[0], headers


def _told(status: HTTPStatus, reason: str) -> Page:
    return Page(status, "text/plain; charset=utf-8", f"{reason}\n".encode())


def _bytes(page: Page, *, head_only: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {page.status} {HTTPStatus(page.status).phrase}",
        f"Content-Type: {page.content_type}",
        f"Content-Length: {len(page.body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'none'",
        "Cross-Origin-Resource-Policy: same-origin",
        *(["Allow: GET, HEAD"] if page.status == HTTPStatus.METHOD_NOT_ALLOWED else []),
        "Connection: close",
    ]
    head = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    return head + b"\r\n" + (b"" if head_only else page.body)


def _shown(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
