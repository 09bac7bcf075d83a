"""The port for monitoring: what it answers, what it refuses, and what it costs to annoy it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

import watcher.adapters.healthport
from watcher.adapters.healthport import LARGEST_HEAD, MOST_AT_ONCE, HealthPort, Page
from watcher.errors import PortUnusable


async def fine() -> Page:
    return Page(200, "application/json", b'{"ok": true}\n')


@pytest_asyncio.fixture
async def port() -> AsyncIterator[HealthPort]:
    opened = HealthPort({"/healthz": fine})
    await opened.listen(("127.0.0.1", 0))
    yield opened
    await opened.close()


def number(port: HealthPort) -> int:
    assert port.address is not None
    return port.address[1]


async def ask(port: HealthPort, raw: bytes) -> tuple[str, dict[str, str], bytes]:
    """What comes back for these bytes: status line, headers, body."""
    async with asyncio.timeout(30):
        reader, writer = await asyncio.open_connection("127.0.0.1", number(port))
        writer.write(raw)
        try:
            answer = await reader.read()
        finally:
            writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


def request(port: HealthPort, method: str = "GET", path: str = "/healthz", host: str = "") -> bytes:
    named = host or f"127.0.0.1:{number(port)}"
    return f"{method} {path} HTTP/1.1\r\nHost: {named}\r\n\r\n".encode()


async def test_it_answers_get_and_head(port: HealthPort) -> None:
    first, headers, body = await ask(port, request(port))
    assert (first, body) == ("HTTP/1.1 200 OK", b'{"ok": true}\n')
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    first, headers, body = await ask(port, request(port, "HEAD"))
    assert (first, headers["Content-Length"], body) == ("HTTP/1.1 200 OK", "13", b"")
    first, _, _ = await ask(port, request(port, host=f"localhost:{number(port)}"))
    assert first == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"])
async def test_no_other_method_is_answered(port: HealthPort, method: str) -> None:
    first, headers, _ = await ask(port, request(port, method))
    assert first == "HTTP/1.1 405 Method Not Allowed"
    assert headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{}", "127.0.0.1", "127.0.0.1:1", "localhost", "[::1]:{}",
             "127.0.0.1:{}.evil.example", "0.0.0.0:{}", "127.0.0.1:{}@evil.example"],
)  # fmt: skip
async def test_a_page_elsewhere_cannot_ask_under_a_name_of_its_own(
    port: HealthPort, host: str
) -> None:
    first, _, body = await ask(port, request(port, host=host.format(number(port))))
    assert first.startswith("HTTP/1.1 421 ")
    assert b"ok" not in body


@pytest.mark.parametrize("path", ["/", "/metricsx", "/../healthz", "//healthz", "/healthz/x", "*"])
async def test_nothing_else_is_there(port: HealthPort, path: str) -> None:
    first, _, body = await ask(port, request(port, path=path))
    assert first == "HTTP/1.1 404 Not Found"
    assert path.encode() not in body.replace(b"/healthz", b"")


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /healthz\r\n\r\n",
        b"GET /healthz HTTP/2\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_a_bad_request(port: HealthPort, raw: bytes) -> None:
    first, _, _ = await ask(port, raw)
    assert first == "HTTP/1.1 400 Bad Request"


async def test_a_request_without_a_host_is_not_ours(port: HealthPort) -> None:
    first, _, _ = await ask(port, b"GET /healthz HTTP/1.1\r\n\r\n")
    assert first.startswith("HTTP/1.1 421 ")


async def test_a_head_that_does_not_end_is_cut_off(port: HealthPort) -> None:
    raw = b"GET /healthz HTTP/1.1\r\n" + b"X: " + b"x" * (3 * LARGEST_HEAD)
    async with asyncio.timeout(30):
        reader, writer = await asyncio.open_connection("127.0.0.1", number(port))
        writer.write(raw)
        try:
            answer = await reader.read()
        except ConnectionResetError:  # it does not wait for what is still on its way
            answer = b"HTTP/1.1 431 "
        writer.close()
    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_who_sends_nothing_is_told_to_go(
    port: HealthPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher.adapters.healthport, "SECONDS", 0.05)
    first, _, _ = await ask(port, b"GET /healthz")
    assert first == "HTTP/1.1 408 Request Timeout"


async def test_few_are_served_at_once_and_the_others_hear_nothing(port: HealthPort) -> None:
    waiting = [
        await asyncio.open_connection("127.0.0.1", number(port)) for _ in range(MOST_AT_ONCE)
    ]
    async with asyncio.timeout(30):
        while len(port._open) < MOST_AT_ONCE:  # noqa: ASYNC110  # the server's own tasks
            await asyncio.sleep(0)
    reader, writer = await asyncio.open_connection("127.0.0.1", number(port))
    async with asyncio.timeout(30):
        assert await reader.read() == b""
    for _, each in [*waiting, (reader, writer)]:
        each.close()
    async with asyncio.timeout(30):
        while port._open:  # noqa: ASYNC110
            await asyncio.sleep(0)
    first, _, _ = await ask(port, request(port))
    assert first == "HTTP/1.1 200 OK"


async def test_it_moves_and_ends_when_told(port: HealthPort) -> None:
    before = number(port)
    await port.listen(("127.0.0.1", 0))  # the same wish: nothing happens
    assert number(port) == before
    taken = HealthPort({"/healthz": fine})
    with pytest.raises(PortUnusable, match=rf"cannot listen on .*:{before}: .*\[daemon\]"):
        await taken.listen(("127.0.0.1", before))
    assert taken.address is None
    await port.listen(None)
    assert port.address is None
    await taken.listen(("127.0.0.1", before))  # a failed wish is tried again
    assert number(taken) == before
    await taken.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "10.0.0.1"])
async def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(PortUnusable, match="no loopback address"):
        await HealthPort({}).listen((host, 0))


async def test_who_holds_a_connection_does_not_hold_up_the_end(
    port: HealthPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher.adapters.healthport, "SECONDS", 600.0)
    reader, writer = await asyncio.open_connection("127.0.0.1", number(port))
    writer.write(b"GET /healthz HTTP/1.1")
    async with asyncio.timeout(30):
        while not port._open:  # noqa: ASYNC110
            await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await port.close()
        with contextlib.suppress(ConnectionResetError):  # what it sent was not read to the end
            assert await reader.read() == b""
    writer.close()
