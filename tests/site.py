"""A scriptable HTTP site on loopback, written on raw streams so that it can misbehave.

    async with Site() as site:
        site.on("/a", Answer(body=PAGE, headers={"ETag": '"1"'}), Answer(status=404))
        capture = await fetcher.fetch(site.url("/a"), None)
        assert site.requests[0].headers["user-agent"].startswith("storywatcher/")

Answers of a path are given one after the other; the last one is given ever after. An answer with
an ETag or Last-Modified becomes a 304 when the request has the same validator.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, Self

from aiohttp.abc import AbstractResolver, ResolveResult

HOST = "127.0.0.1"
LOOPBACK = (f"{HOST}/32",)

Ending = Literal["keep", "close", "hang", "reset"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One scripted answer.

    `raw` replaces status line, headers and body byte for byte. `promise` is the Content-Length to
    announce (None: the true one; -1: none, so the end of the connection ends the body). `ending`
    says what happens after the last byte: keep or close the connection, hang with it open until
    the site stops, or reset it. `held` makes the answer wait for an event first.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    promise: int | None = None
    ending: Ending = "keep"
    held: asyncio.Event | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


Script = Callable[[Asked], Answer]
NOT_FOUND = Answer(status=404, body=b"nothing here")


class Site:
    """The site. `requests` are those seen so far; `connections` counts the accepted ones."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Asked] = []
        self.connections = 0
        self.arrived = asyncio.Event()
        self._tls = tls
        self._answers: dict[str, list[Answer] | Script] = {}
        self._stopped = asyncio.Event()
        self._handlers: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    def on(self, path: str, *answers: Answer) -> None:
        """Scripts a path: these answers in turn, then the last one for good."""
        self._answers[path] = list(answers)

    def script(self, path: str, answer: Script) -> None:
        """Scripts a path with a function of the request."""
        self._answers[path] = answer

    def url(self, path: str = "/", host: str = HOST) -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Asked]:
        """The requests for one path."""
        return [each for each in self.requests if each.path == path]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, HOST, 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server is not None
        self._server.close()
        self._stopped.set()
        for handler in tuple(self._handlers):
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        handler = asyncio.create_task(self._serve(reader, writer, self.connections))
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> None:
        ending: Ending = "close"
        try:
            while (asked := await _read(reader, connection)) is not None:
                self.requests.append(asked)
                answer = self._answer(asked)
                self.arrived.set()
                if answer.held is not None:
                    await answer.held.wait()
                writer.write(_bytes(answer, asked))
                await writer.drain()
                ending = answer.ending
                if ending == "hang":
                    await self._stopped.wait()
                if ending != "keep":
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            await _end(writer, ending)

    def _answer(self, asked: Asked) -> Answer:
        answers = self._answers.get(asked.path, [NOT_FOUND])
        if callable(answers):
            return answers(asked)
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Names(AbstractResolver):
    """Resolves the names it was given, each to one or more addresses, and refuses all others."""

    def __init__(self, **addresses: str) -> None:
        self.addresses = {name.replace("_", "."): at.split() for name, at in addresses.items()}
        self.looked_up: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.looked_up.append(host)
        host.encode("idna")  # as the system's resolver does, and it raises UnicodeError
        if host not in self.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.addresses[host]
        ]

    async def close(self) -> None:
        pass


async def _read(reader: asyncio.StreamReader, connection: int) -> Asked | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body, connection)


def _bytes(answer: Answer, asked: Asked) -> bytes:
    if answer.raw is not None:
        return answer.raw
    status, body, headers = answer.status, answer.body, dict(answer.headers)
    if status == 200 and _same(headers, asked):
        status, body = 304, b""
    if answer.promise != -1 and status != 304:
        headers["Content-Length"] = str(len(body) if answer.promise is None else answer.promise)
    phrase = HTTPStatus(status).phrase
    lines = [
        f"HTTP/1.1 {status} {phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _same(headers: Mapping[str, str], asked: Asked) -> bool:
    if "if-none-match" in asked.headers:
        return asked.headers["if-none-match"] == headers.get("ETag")
    since = asked.headers.get("if-modified-since")
    return since is not None and since == headers.get("Last-Modified")


async def _end(writer: asyncio.StreamWriter, ending: Ending) -> None:
    if ending == "reset":
        connection: Any = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return
    writer.close()
    with contextlib.suppress(OSError, ssl.SSLError):
        await writer.wait_closed()
