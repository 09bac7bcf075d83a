"""The one HTTP client of the service, behind the guard. Nothing else imports httpx.

Requests are httpx's and go to httpx's aiohttp transport directly: what httpx's client does above
its transport (redirects, cookies, authentication, unbounded decoding) is unwanted here, and it
costs as much time again as the exchange itself.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urljoin

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport

from watcher.adapters.net.failures import failure_of
from watcher.adapters.net.guard import ForbiddenAddress, Guard
from watcher.adapters.net.names import SystemNames
from watcher.core.model import Outcome
from watcher.core.urls import url_fault
from watcher.errors import FetchFailed

# Of one header, of all of them, and how many: twice and more what news sites send, and no more
# than browsers take. The bounds on one and on their number hold while they are read.
_MOST_HEADER_BYTES = 32 * 1024
_MOST_HEADERS = 200
_MOST_HEADERS_BYTES = 256 * 1024
# Stricter than URLs are: nothing else can be looked up or connected to. No zone ids of IPv6.
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_NO_BODY = httpx.ByteStream(b"")
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError)


class _Attempt:
    """What the guard did during one request; connecting happens in tasks of aiohttp's own."""

    __slots__ = ("opened", "refused")

    def __init__(self) -> None:
        self.opened = False
        self.refused: list[str] = []


_attempt: ContextVar[_Attempt | None] = ContextVar("attempt", default=None)


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed http or https URL. `text` is the URL without its fragment."""

    url: httpx.URL
    text: str
    host: str

    @classmethod
    def parse(cls, text: str) -> Target:
        """Raises FetchFailed, forbidden-address, for what is no plain web address."""
        try:
            return cls._checked(text)
        except (httpx.InvalidURL, ValueError) as error:
            raise _unusable("The URL is malformed; check how it is spelled.") from error

    @property
    def origin(self) -> str:
        """Scheme, host and port (RFC 6454): what one robots.txt speaks for."""
        return f"{self.url.scheme}://{self.url.netloc.decode('ascii')}"

    def join(self, location: str) -> Target:
        """The target that a Location header of this one's answer means (RFC 9110, 10.2.2).

        Raises FetchFailed: bad-response if malformed, forbidden-address if not for the web.
        """
        try:
            there = self._checked(urljoin(self.text, location.strip()))
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchFailed(
                Outcome.BAD_RESPONSE, f"{self.host} redirects to a malformed URL."
            ) from error
        except FetchFailed as error:
            raise FetchFailed(
                error.outcome, f"{self.host} redirects to a URL that is not fetched: {error.detail}"
            ) from error
        # An article may keep this address, so it must be one that an article can have.
        fault = url_fault(there.text)
        if fault is not None:
            raise FetchFailed(Outcome.BAD_RESPONSE, f"{self.host} redirects to a URL that {fault}.")
        return there

    @classmethod
    def _checked(cls, text: str) -> Target:
        url = httpx.URL(text)
        if url.scheme not in ("http", "https"):
            raise _unusable(
                "The URL does not begin with http:// or https://, so it is not fetched."
            )
        host = url.raw_host.decode()
        if url.userinfo:
            raise _unusable(
                f"The URL of {host} holds a user name or password; such URLs are not fetched."
            )
        if not _HOST.fullmatch(host) or not 0 < (url.port or 80) < 65536:
            raise httpx.InvalidURL("host or port")
        return cls(url, str(url).partition("#")[0], host)


class Reply:
    """An answer whose body is still to come. Must be closed; unread bytes drop the connection."""

    __slots__ = ("_host", "_pool", "_raw_headers", "_stream", "status")

    def __init__(self, response: httpx.Response, host: str, pool: _Pool) -> None:
        self.status = response.status_code
        self._raw_headers = response.headers.raw
        self._stream = response.stream
        self._host = host
        self._pool = pool

    def headers(self) -> tuple[tuple[str, str], ...]:
        """All headers in order, names in lower case."""
        return tuple((_text(name).lower(), _text(value)) for name, value in self._raw_headers)

    async def read(self, take: Callable[[bytes], None]) -> None:
        """Gives the body, still encoded, to `take` in chunks. Raises FetchFailed if it breaks off.

        An exception of `take` ends the reading and is passed on.
        """
        async with contextlib.aclosing(self._stream.__aiter__()) as chunks:  # type: ignore[union-attr, type-var]
            while True:
                try:
                    chunk = await anext(chunks)
                except StopAsyncIteration:
                    return
                except _FAILURES as error:
                    raise failure_of(error, self._host, ()) from error
                take(chunk)

    async def close(self) -> None:
        """Gives the connection back, or drops it if the body was not read to its end."""
        try:
            with contextlib.suppress(httpx.HTTPError, aiohttp.ClientError):
                await self._stream.aclose()  # type: ignore[union-attr]
        finally:
            await self._pool.leave()


class GuardedClient:
    """HTTP exchanges whose every connection passes the guard. Neither limits nor deadlines here.

    `resolver` and `ssl_context` replace the system's name resolution and trusted certificates
    (certifi's, or those of $SSL_CERT_FILE or $SSL_CERT_DIR). Building a client costs tens of
    milliseconds for the latter; it may be built outside of an event loop.
    """

    def __init__(
        self,
        allow_networks: Sequence[str] = (),
        *,
        resolver: AbstractResolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = Guard(allow_networks)
        self._networks = tuple(allow_networks)
        self._resolver = resolver
        self._ssl_context = ssl_context or httpx.create_ssl_context()
        self._pool: _Pool | None = None

    async def allow(self, networks: Sequence[str]) -> None:
        """Replaces `allow_networks`. Connections that the old ones permitted are not used again.

        Raises ConfigError if a network is malformed; then nothing changes.
        """
        if tuple(networks) == self._networks:
            return
        self._guard = Guard(networks)
        self._networks = tuple(networks)
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.retire()

    async def send(
        self, method: str, target: Target, headers: Mapping[str, str], content: bytes = b""
    ) -> Reply:
        """One request and the head of its answer; redirects are answers like any other.

        Header values are ASCII. Raises FetchFailed. The caller closes the reply.
        """
        pool = self._pool
        if pool is None:
            pool = self._pool = self._new_pool()
        attempt = _Attempt()
        request = httpx.Request(
            method,
            target.url,
            headers=headers,
            stream=httpx.ByteStream(content) if content else _NO_BODY,
        )
        request.read()
        reply: Reply | None = None
        pool.enter()
        token = _attempt.set(attempt)
        try:
            response = await pool.transport.handle_async_request(request)
            if sum(map(len, chain.from_iterable(response.headers.raw))) > _MOST_HEADERS_BYTES:
                await response.aclose()
                raise FetchFailed(
                    Outcome.BAD_RESPONSE, f"The headers of {target.host}'s answer are too long."
                )
            reply = Reply(response, target.host, pool)
        except _FAILURES as error:
            refused = () if attempt.opened else attempt.refused
            raise failure_of(error, target.host, refused) from error
        finally:
            _attempt.reset(token)
            if reply is None:
                await pool.leave()
        return reply

    async def aclose(self) -> None:
        """Closes all connections; exchanges under way fail. The client can be used again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.transport.aclose()

    def _new_pool(self) -> _Pool:
        guard = self._guard

        def open_socket(addr_info: tuple[Any, ...]) -> socket.socket:
            attempt = _attempt.get() or _Attempt()
            try:
                opened = guard.socket_factory(addr_info)
            except ForbiddenAddress as error:
                attempt.refused.append(str(error))
                raise
            attempt.opened = True
            return opened

        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                ssl=self._ssl_context,
                resolver=_Resolver(self._resolver or SystemNames()),
                socket_factory=open_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_MOST_HEADER_BYTES,
            max_field_size=_MOST_HEADER_BYTES,
            max_headers=_MOST_HEADERS,
        )
        return _Pool(AiohttpTransport(verify=self._ssl_context, client=session))


class _Pool:
    """A transport and how many exchanges use it; once retired, the last of them closes it."""

    __slots__ = ("_retired", "_users", "transport")

    def __init__(self, transport: AiohttpTransport) -> None:
        self.transport = transport
        self._users = 0
        self._retired = False

    def enter(self) -> None:
        self._users += 1

    async def leave(self) -> None:
        self._users -= 1
        await self._close_if_done()

    async def retire(self) -> None:
        self._retired = True
        await self._close_if_done()

    async def _close_if_done(self) -> None:
        if self._retired and not self._users:
            await self.transport.aclose()


class _Resolver(AbstractResolver):
    """Turns the ways a resolver can say "no such name" into the one that aiohttp understands."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            found = await self._resolver.resolve(host, port, family)
        except UnicodeError as error:
            raise socket.gaierror(socket.EAI_NONAME, "it is not a valid host name") from error
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "it has no usable address")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _unusable(sentence: str) -> FetchFailed:
    return FetchFailed(Outcome.FORBIDDEN_ADDRESS, sentence)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
