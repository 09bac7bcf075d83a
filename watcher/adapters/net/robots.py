"""Asks robots.txt before a page is fetched; see core/robots.py for what its answers mean."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from watcher.core.model import Capture, Outcome, Validators
from watcher.core.robots import (
    FRESH_FOR,
    Answered,
    RobotsCopy,
    Rules,
    Unanswered,
    is_long,
    renewed,
    verdict,
)
from watcher.errors import FetchFailed
from watcher.ports import Clock, RobotsStore

MOST_ORIGINS = 256
"""Files whose rules stay at hand. Those of others are read from the archive when needed."""

T = TypeVar("T")
FetchFile = Callable[[str, Validators | None], Awaitable[Capture]]


class RobotsGate:
    """Lets pass what robots.txt allows. Copies live in the store, parsed rules here.

    `fetch` gets the beginning of a file, with manners and behind the guard like everything else.
    """

    def __init__(self, fetch: FetchFile, store: RobotsStore, clock: Clock) -> None:
        self._fetch = fetch
        self._store = store
        self._clock = clock
        self._known: OrderedDict[str, tuple[RobotsCopy, Rules | None]] = OrderedDict()
        self._asking: dict[str, asyncio.Future[FetchFailed | None]] = {}

    async def enter(self, origin: str, host: str, url: str) -> float:
        """The delay in seconds that the site asks for between two requests.

        Raises FetchFailed: robots if the URL may not be fetched, and what kept the file from
        being read if nobody can know.
        """
        failed = None
        if self._due(await self._recall(origin)):
            failed = await self._ask_once(origin, host)
        copy, rules = await self._recalled(origin)
        now = self._clock.now()
        holds = verdict(copy, now)
        if holds == "none":
            raise failed or FetchFailed(
                Outcome.SERVER_ERROR, f"The robots.txt of {host} {copy.detail}."
            )
        if holds == "all" or rules is None or copy.body is None:
            return 0.0
        if not await _maybe_threaded(is_long(copy.body), rules.allow, url):
            wait = max((copy.check_at - now).total_seconds(), 0.0)
            detail = f"The robots.txt of {host} does not allow this page to be fetched."
            raise FetchFailed(Outcome.ROBOTS, detail, retry_after=wait)
        return rules.delay

    def _due(self, copy: RobotsCopy | None) -> bool:
        now = self._clock.now()
        # A clock that was set back must not make a copy hold for longer than it may.
        return copy is None or not now < copy.check_at <= now + FRESH_FOR

    async def _recall(self, origin: str) -> RobotsCopy | None:
        """The copy at hand if it holds, else the store's: another process may have renewed it."""
        known = self._known.get(origin)
        if known is not None and not self._due(known[0]):
            self._known.move_to_end(origin)
            return known[0]
        copy = await self._store.robots(origin)
        if copy is not None:
            await self._remember(copy)
        return copy

    async def aclose(self) -> None:
        """Ends what is still asked for, though nobody waits for it any more."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _recalled(self, origin: str) -> tuple[RobotsCopy, Rules | None]:
        if origin not in self._known:
            copy = await self._store.robots(origin)
            await self._remember(copy or RobotsCopy(origin, self._clock.now()))
        return self._known[origin]

    async def _remember(self, copy: RobotsCopy) -> None:
        known = self._known.get(copy.origin)
        rules = None
        if copy.body is not None:
            same = known is not None and known[0].body == copy.body
            rules = known[1] if same and known else None
            if rules is None:
                rules = await _maybe_threaded(is_long(copy.body), Rules, copy.body)
        self._known[copy.origin] = (copy, rules)
        self._known.move_to_end(copy.origin)
        while len(self._known) > MOST_ORIGINS:
            self._known.popitem(last=False)

    async def _ask_once(self, origin: str, host: str) -> FetchFailed | None:
        """Asks the site, unless somebody does already: then that answer serves both."""
        under_way = self._asking.get(origin)
        if under_way is not None:
            return await asyncio.shield(under_way)
        task = asyncio.ensure_future(self._ask(origin, host))
        self._asking[origin] = task
        task.add_done_callback(lambda _: self._asking.pop(origin, None))
        return await asyncio.shield(task)

    async def _ask(self, origin: str, host: str) -> FetchFailed | None:
        copy = await self._store.robots(origin)
        url, failed = f"{origin}/robots.txt", None
        answer: Answered | Unanswered
        try:
            capture = await self._fetch(url, _validators(copy, url))
        except FetchFailed as error:
            answer, failed = _without_answer(error, host)
        else:
            tags = (capture.header("etag"), capture.header("last-modified"))
            if capture.final_url != url:
                tags = (None, None)  # they belong to another address, which may change
            answer = Answered(capture.status, capture.body, *tags)
            failed = _refusal(capture, host)
            if failed is not None:
                answer = Unanswered(f"answered {capture.status}", capture.retry_after)
        now: datetime = self._clock.now()
        found = renewed(copy, origin, answer, now)
        if copy is None or replace(found, check_at=copy.check_at) != copy or found.body is not None:
            await self._store.keep_robots(found)
        await self._remember(found)
        return failed


def _validators(copy: RobotsCopy | None, url: str) -> Validators | None:
    if copy is None or copy.body is None or not (copy.etag or copy.last_modified):
        return None
    return Validators(url, copy.etag, copy.last_modified)


def _without_answer(
    error: FetchFailed, host: str
) -> tuple[Answered | Unanswered, FetchFailed | None]:
    if error.outcome is Outcome.REDIRECT_LOOP:
        return Answered(404), None  # RFC 9309, 2.3.1.2: as if there were none
    # What keeps the file from being read would keep the page from it as well: told as that.
    detail = f"could not be read: {error.detail}"
    failed = FetchFailed(
        error.outcome,
        f"The robots.txt of {host} {detail}",
        status=error.status,
        retry_after=error.retry_after,
    )
    return Unanswered(detail, error.retry_after), failed


def _refusal(capture: Capture, host: str) -> FetchFailed | None:
    """The failure of polls for whose sake the file was asked for, if nobody knows what it says."""
    status = capture.status
    if status < 500 and status != 429:
        return None
    return FetchFailed(
        Outcome.BLOCKED if status == 429 else Outcome.SERVER_ERROR,
        f"The robots.txt of {host} answered {status}; until it can be read, nothing is fetched.",
        status=status,
        retry_after=capture.retry_after,
    )


async def _maybe_threaded(threaded: bool, function: Callable[..., T], *given: object) -> T:
    if threaded:
        return await asyncio.to_thread(function, *given)
    return function(*given)
