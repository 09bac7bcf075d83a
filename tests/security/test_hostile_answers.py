"""Answers made to hurt: each ends in a named outcome, in bounded memory, and hurts no other."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import sys
import tracemalloc
import zlib

import brotli
import pytest

from tests.fakes import FakeClock
from tests.site import HOST, LOOPBACK, Answer, Site
from watcher.adapters.net.client import GuardedClient
from watcher.adapters.net.http import FetchPolicy, HttpFetcher
from watcher.core.model import Outcome
from watcher.errors import FetchFailed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIB = 1024 * 1024
LIMIT = MIB
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def coded(*names: str) -> bytes:
    return OK + f"Content-Encoding: {', '.join(names)}\r\n\r\n".encode()


def nested(times: int) -> bytes:
    data = bytes(32 * MIB)
    for _ in range(times):
        data = gzip.compress(data)
    return data


def frames(data: bytes, times: int) -> bytes:
    return data * times


# What is sent first, and what is sent over and over until the other side hangs up (or nothing).
ANSWERS: dict[str, tuple[bytes, bytes, Outcome]] = {
    "gzip bomb": (coded("gzip") + nested(1), b"", Outcome.TOO_LARGE),
    "gzip in gzip": (coded("gzip", "gzip") + nested(2), b"", Outcome.TOO_LARGE),
    "gzip three deep": (coded("gzip", "gzip", "gzip") + nested(3), b"", Outcome.TOO_LARGE),
    "gzip four deep": (coded(*["gzip"] * 4) + nested(4), b"", Outcome.BAD_RESPONSE),
    "encodings without end": (coded(*["gzip"] * 900), b"", Outcome.BAD_RESPONSE),
    "brotli bomb": (coded("br") + brotli.compress(bytes(64 * MIB)), b"", Outcome.TOO_LARGE),
    "brotli in brotli": (
        coded("br", "br") + brotli.compress(brotli.compress(bytes(64 * MIB))),
        b"",
        Outcome.TOO_LARGE,
    ),
    "zstd bomb": (coded("zstd") + zstd.compress(bytes(64 * MIB)), b"", Outcome.TOO_LARGE),
    "zstd in gzip": (
        coded("zstd", "gzip") + gzip.compress(zstd.compress(bytes(64 * MIB))),
        b"",
        Outcome.TOO_LARGE,
    ),
    "zstd, skippable frames": (
        coded("zstd"),
        frames(b"\x50\x2a\x4d\x18\0\0\0\0", 8000),
        Outcome.BAD_RESPONSE,
    ),
    "zstd, empty blocks": (coded("zstd") + b"(\xb5/\xfd\0X", bytes(60_000), Outcome.TOO_LARGE),
    "deflate bomb": (coded("deflate") + zlib.compress(bytes(32 * MIB)), b"", Outcome.TOO_LARGE),
    "deflate, empty blocks": (
        coded("deflate") + b"x\x9c",
        frames(b"\0\0\0\xff\xff", 13_000),
        Outcome.TOO_LARGE,
    ),
    "gzip, empty members": (coded("gzip"), gzip.compress(b"") * 400, Outcome.BAD_RESPONSE),
    "gzip, endless name": (coded("gzip") + b"\x1f\x8b\x08\x08" + bytes(6), b"n" * 65536,
                           Outcome.TOO_LARGE),
    "body without end": (OK + b"\r\n", b"x" * 65536, Outcome.TOO_LARGE),
    "chunks without end": (CHUNKED, b"4000\r\n" + b"x" * 0x4000 + b"\r\n", Outcome.TOO_LARGE),
    "chunk that promises much": (CHUNKED + b"FFFFFFFFFFFFFFF\r\n", b"x" * 65536, Outcome.TOO_LARGE),
    "length that promises much": (OK + b"Content-Length: 9999999999999\r\n\r\n", b"",
                                  Outcome.TOO_LARGE),
    "length without end": (OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", b"x" * 65536,
                           Outcome.BAD_RESPONSE),
    "negative length": (OK + b"Content-Length: -1\r\n\r\n", b"x", Outcome.BAD_RESPONSE),
    "two lengths": (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", b"",
                    Outcome.BAD_RESPONSE),
    "header without end": (OK + b"X: ", b"y" * 65536, Outcome.BAD_RESPONSE),
    "header name without end": (OK, b"y" * 65536, Outcome.BAD_RESPONSE),
    "headers without end": (OK, b"X: y\r\n" * 5000, Outcome.BAD_RESPONSE),
    "100 MB of headers": (OK + (b"X: " + b"y" * 30_000 + b"\r\n") * 100, b"X: y\r\n" * 5000,
                          Outcome.BAD_RESPONSE),
    "status without end": (b"HTTP/1.1 200 ", b"y" * 65536, Outcome.BAD_RESPONSE),
    "trailers without end": (CHUNKED + b"1\r\nx\r\n0\r\n", b"A: b\r\n" * 5000,
                             Outcome.BAD_RESPONSE),
    "folded header": (OK + b"X: y\r\n", b" z\r\n" * 9000, Outcome.BAD_RESPONSE),
    "null in a header": (OK + b"X: a\0b\r\n\r\n", b"", Outcome.BAD_RESPONSE),
    "wrong version": (b"HTTP/9.9 200 OK\r\n\r\n", b"", Outcome.BAD_RESPONSE),
    "HTTP/2": (b"\0\0\x12\4\0\0\0\0\0" + bytes(18), b"", Outcome.BAD_RESPONSE),
    "TLS alert": (b"\x15\x03\x01\0\x02\x02\x46", b"", Outcome.BAD_RESPONSE),
    "not compressed at all": (coded("gzip") + b"<p>hello</p>", b"", Outcome.BAD_RESPONSE),
}  # fmt: skip
# These never end by themselves and never grow: only the deadline ends them.
SLOW = {
    "silence": (b"", b""),
    "slow headers": (OK + b"X-A: b\r\nX-", b""),
    "slow body": (OK + b"Content-Length: 1000\r\n\r\n<p>", b""),
    "slow chunk": (CHUNKED + b"5\r\nhe", b""),
    "slow bomb": (coded("gzip") + gzip.compress(bytes(MIB))[:20], b""),
    "provisional answers": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
    "one more moment": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "blank lines": (b"", b"\r\n"),
    "chunk size without end": (CHUNKED, b"0"),
}


class Hostile:
    """A server that sends what it is told to every connection, and counts who hung up."""

    def __init__(self, first: bytes, more: bytes) -> None:
        self.first, self.more = first, more
        self.sent = 0
        self.left = asyncio.Event()

    async def __aenter__(self) -> str:
        self.server = await asyncio.start_server(self._answer, HOST, 0)
        return f"http://{HOST}:{self.server.sockets[0].getsockname()[1]}/"

    async def __aexit__(self, *error: object) -> None:
        self.server.close()
        await self.left.wait()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await self._send(writer, self.first)
            while self.more:
                await self._send(writer, self.more)
            if self.more == b"" and self.first in [first for first, _ in SLOW.values()]:
                await reader.read()  # until the client gives up
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.left.set()
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        await writer.drain()
        if writer.is_closing():
            raise ConnectionResetError
        self.sent += len(data)
        await asyncio.sleep(0)


async def outcome(url: str, seconds: float) -> Outcome | int:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client = GuardedClient(LOOPBACK, ssl_context=trust)
    policy = FetchPolicy("storywatcher/0.1", seconds, max_body=LIMIT, per_host_delay=0)
    try:
        return (await HttpFetcher(client, policy, FakeClock()).fetch(url, None)).status
    except FetchFailed as error:
        return error.outcome
    finally:
        await client.aclose()


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_hostile_answer_has_its_outcome(name: str) -> None:
    first, more, expected = ANSWERS[name]
    hostile = Hostile(first, more)
    async with hostile as url:
        tracemalloc.start()
        try:
            found = await outcome(url, 60)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert found is expected
    # the page at its largest, once more while it is put together, buffers of both ends
    assert peak < 4 * LIMIT + 2 * max(len(first), len(more))
    assert hostile.sent <= len(first) + 16 * MIB


@pytest.mark.parametrize("name", SLOW)
async def test_the_deadline_ends_what_never_ends(name: str) -> None:
    async with Hostile(*SLOW[name]) as url:
        assert await outcome(url, 0.1) is Outcome.TIMEOUT


async def test_the_rest_of_the_round_is_not_affected(site: Site) -> None:
    """All of them at once through one client, and a page among them that is simply fetched."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client = GuardedClient(LOOPBACK, ssl_context=trust)
    policy = FetchPolicy("storywatcher/0.1", 60, LIMIT, per_host_concurrency=64, per_host_delay=0)
    fetcher = HttpFetcher(client, policy, FakeClock())
    site.on("/a", Answer(body=b"<p>Fine.</p>"))
    servers = [Hostile(first, more) for first, more, _ in ANSWERS.values()]
    urls = [await server.__aenter__() for server in servers]
    ended = await asyncio.gather(
        *(fetcher.fetch(url, None) for url in urls),
        *(fetcher.fetch(site.url("/a"), None) for _ in range(5)),
        return_exceptions=True,
    )
    for server in servers:
        await server.__aexit__()
    await client.aclose()
    *hostile, one, two, three, four, five = ended
    assert [getattr(each, "outcome", each) for each in hostile] == [o for *_, o in ANSWERS.values()]
    assert {getattr(each, "body", each) for each in (one, two, three, four, five)} == {
        b"<p>Fine.</p>"
    }
