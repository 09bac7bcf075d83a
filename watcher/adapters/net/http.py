"""Fetches articles: redirects hop by hop, one deadline, bounded bodies, manners towards hosts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from watcher.adapters.net.client import GuardedClient, Reply, Target
from watcher.adapters.net.decoding import ACCEPT_ENCODING, BoundedDecoder, too_large
from watcher.adapters.net.freshness import parse_fresh_for
from watcher.adapters.net.manners import HostManners, Timers
from watcher.adapters.net.retry_after import parse_retry_after
from watcher.adapters.net.robots import RobotsGate
from watcher.core.hostlimits import HostLimit
from watcher.core.model import Capture, Outcome, Validators
from watcher.core.robots import MOST_BYTES
from watcher.errors import FetchFailed
from watcher.ports import Clock, RobotsStore

MOST_REDIRECTS = 10
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_NOT_MODIFIED = 304
_TELLING = frozenset({*range(400, 500), 503} - {404, 410})
"""Statuses whose page may say more: a challenge, a wall, maintenance. A 404 says all there is."""
_TELLING_BODY = 500_000
"""Bytes of such a page; an explanation for people is shorter, and the rest would be for nothing."""
_TELLING_SECONDS = 5.0
"""For reading such a page: the status is known, so nobody should wait long for the reasons."""


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How to fetch. `timeout` and `per_host_delay` in seconds, `max_body` in bytes decoded.

    `timeout` is for a whole fetch with its redirects; waiting for a host's turn does not count.
    """

    user_agent: str
    timeout: float = 30.0
    max_body: int = 10_000_000
    per_host_concurrency: int = 2
    per_host_delay: float = 1.0
    limits: tuple[HostLimit, ...] = ()
    respect_robots: bool = True


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for: only the first `most` bytes, if set; pages pass the gate of robots.txt."""

    accept: str
    most: int | None = None
    gated: bool = True


_PAGE = _Wanted("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
_LISTING = _Wanted(
    "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8"
)
_ROBOTS = _Wanted("text/plain,*/*;q=0.5", most=MOST_BYTES, gated=False)


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: Target
    permanent: bool


def user_agent(version: str, contact: str) -> str:
    """Says honestly who asks and how to reach them: `storywatcher/0.1 (+mailto:desk@…)`."""
    told = "".join(char for char in contact if " " < char <= "~" and char not in "()")
    return f"storywatcher/{version} (+{told})" if told else f"storywatcher/{version}"


class HttpFetcher:
    """A watcher.ports.Fetcher over a guarded client, which it shares and does not close.

    Building one is cheap. `robots` keeps copies of robots.txt; without it, or where the policy
    does not respect that file, it is not asked. `timers` measure the manners' delays; None means
    the running loop. `timed` hears the seconds of every request, however it ended.
    """

    def __init__(
        self,
        client: GuardedClient,
        policy: FetchPolicy,
        clock: Clock,
        *,
        robots: RobotsStore | None = None,
        timers: Timers | None = None,
        timed: Callable[[float], object] | None = None,
    ) -> None:
        self._timed = timed
        self._client = client
        self._clock = clock
        self._policy = policy
        self._manners = HostManners(
            policy.per_host_concurrency, policy.per_host_delay, policy.limits, timers=timers
        )
        self._gate = None if robots is None else RobotsGate(self._robots_file, robots, clock)

    def reconfigure(self, policy: FetchPolicy) -> None:
        """Another policy from the next fetch on; manners apply at once."""
        self._policy = policy
        self._manners.reconfigure(policy.per_host_concurrency, policy.per_host_delay, policy.limits)

    async def fetch(self, url: str, validators: Validators | None) -> Capture:
        """One response, whatever its status; the body is read for 2xx.

        That of a refusal is read if it is short and comes at once, for what it says of the
        reasons; else it is empty, as for all other statuses.

        Validators are sent only to the URL that gave them (`final_url` of their capture), which a
        redirect may lead to. Every address on the way must be one that robots.txt allows. Raises
        FetchFailed where no answer can be used, and StorageError where copies of that file cannot.
        """
        return await self._fetch(url, validators, _PAGE)

    async def fetch_listing(self, url: str, validators: Validators | None) -> Capture:
        """The same for a feed or sitemap."""
        return await self._fetch(url, validators, _LISTING)

    async def aclose(self) -> None:
        """Ends what is still asked for in the background; the client is not closed."""
        if self._gate is not None:
            await self._gate.aclose()

    async def _robots_file(self, url: str, validators: Validators | None) -> Capture:
        return await self._fetch(url, validators, _ROBOTS)

    async def _fetch(self, url: str, validators: Validators | None, wanted: _Wanted) -> Capture:
        policy = self._policy
        target = Target.parse(url)
        seen = {target.text}
        permanent: bool | None = None
        seconds = policy.timeout
        loop = asyncio.get_running_loop()
        while True:
            least = 0.0
            if wanted.gated and policy.respect_robots and self._gate is not None:
                least = await self._gate.enter(target.origin, target.host, target.text)
            async with self._manners.turn(target.host, least):
                started = loop.time()
                try:
                    async with asyncio.timeout(seconds):
                        answer = await self._exchange(
                            url, target, validators, permanent, policy, wanted
                        )
                except TimeoutError as error:
                    raise FetchFailed(
                        Outcome.TIMEOUT,
                        f"{target.host} did not answer in full within {policy.timeout:g} s.",
                    ) from error
                finally:
                    took = loop.time() - started
                    if self._timed is not None:
                        self._timed(took)
                seconds -= took
            if isinstance(answer, Capture):
                return answer
            permanent = answer.permanent and permanent is not False
            target = _follow(target, answer, seen)

    async def _exchange(
        self,
        url: str,
        target: Target,
        validators: Validators | None,
        permanent: bool | None,
        policy: FetchPolicy,
        wanted: _Wanted,
    ) -> Capture | _Redirect:
        here = url if permanent is None else target.text
        conditional = _conditional(validators, here, target.text)
        reply = await self._client.send("GET", target, _headers(policy, wanted) | conditional)
        try:
            now = self._clock.now()
            headers = reply.headers()
            if reply.status in _REDIRECTS and (location := _header(headers, "location")):
                return _Redirect(target.join(location), reply.status in _PERMANENT)
            if reply.status == _NOT_MODIFIED and not conditional:
                raise FetchFailed(
                    Outcome.BAD_RESPONSE,
                    f'{target.host} answered "not modified" to a request without conditions.',
                    status=reply.status,
                )
            return Capture(
                fetched_at=now,
                url=url,
                final_url=here,
                status=reply.status,
                headers=headers,
                body=await _body(reply, headers, policy.max_body, wanted.most),
                permanent=permanent is True,
                retry_after=parse_retry_after(_header(headers, "retry-after"), now),
                fresh_for=parse_fresh_for(headers),
            )
        finally:
            await reply.close()


def _headers(policy: FetchPolicy, wanted: _Wanted) -> dict[str, str]:
    return {
        "User-Agent": policy.user_agent,
        "Accept": wanted.accept,
        "Accept-Encoding": ACCEPT_ENCODING,
    }


def _conditional(validators: Validators | None, *here: str) -> dict[str, str]:
    if validators is None or validators.url not in here:
        return {}
    pairs = (
        ("If-None-Match", validators.etag),
        ("If-Modified-Since", validators.last_modified),
    )
    # What cannot be sent back byte for byte is left out: that costs a full answer, no more.
    return {name: text for name, text in pairs if text and text.isascii() and text.isprintable()}


def _follow(target: Target, redirect: _Redirect, seen: set[str]) -> Target:
    following = redirect.target
    if following.text in seen:
        raise FetchFailed(
            Outcome.REDIRECT_LOOP, f"{target.host} redirects in a circle, without ever a page."
        )
    if len(seen) > MOST_REDIRECTS:
        raise FetchFailed(
            Outcome.REDIRECT_LOOP,
            f"{target.host} still redirects after {MOST_REDIRECTS} redirects; no further.",
        )
    seen.add(following.text)
    return following


async def _body(
    reply: Reply, headers: tuple[tuple[str, str], ...], max_body: int, most: int | None
) -> bytes:
    if most is not None:
        return await _first_bytes(reply, headers, most) if reply.status == 200 else b""
    if reply.status in _TELLING:
        return await _telling_body(reply, headers, min(max_body, _TELLING_BODY))
    if not 200 <= reply.status < 300:
        return b""
    return await _whole_body(reply, headers, max_body)


async def _telling_body(reply: Reply, headers: tuple[tuple[str, str], ...], most: int) -> bytes:
    """The page of a refusal; empty if it is no page, too large, slow or broken."""
    if "html" not in (_header(headers, "content-type") or "html"):
        return b""
    try:
        async with asyncio.timeout(_TELLING_SECONDS):
            return await _whole_body(reply, headers, most)
    except (FetchFailed, TimeoutError):
        return b""


async def _whole_body(reply: Reply, headers: tuple[tuple[str, str], ...], max_body: int) -> bytes:
    length = _header(headers, "content-length") or ""
    if length.isascii() and length.isdigit() and len(length) < 20 and int(length) > max_body:
        raise too_large(max_body)
    decoder = BoundedDecoder(_encodings(headers), max_body)
    await reply.read(decoder.feed)
    return decoder.finish()


async def _first_bytes(reply: Reply, headers: tuple[tuple[str, str], ...], most: int) -> bytes:
    decoder = BoundedDecoder(_encodings(headers), most)
    try:
        await reply.read(decoder.feed)
    except FetchFailed as error:
        if error.outcome is not Outcome.TOO_LARGE:
            raise
        return decoder.beginning()
    return decoder.finish()


def _encodings(headers: tuple[tuple[str, str], ...]) -> str:
    return ",".join(value for name, value in headers if name == "content-encoding")


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    return next((value for key, value in headers if key == name), None)
