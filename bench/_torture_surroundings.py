"""What a tortured daemon meets: a publisher that never rests, a receiver that cannot be relied on.

Both note all they do, with the time of the monotonic clock, so that afterwards it can be judged
what had to be archived and what was told in which order.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from standardwebhooks import Webhook

from tests.e2e.running import SECRET
from tests.service.rig import html, page
from tests.site import Answer, Asked, Site
from watcher.core.alerts.alert import DIGEST

ENDPOINTS = ("desk", "wire")
"""They are told everything at once, as the story names them."""

ALERTED = ("paper", "pager")
"""They are told everything as well, when their alerts say: gathered, alone, or over a limit."""

MOST_REFUSALS = 4
"""Of one message by one endpoint: after eight it is given up, which is not what is tested."""


@dataclass(slots=True)
class Edition:
    """What an article said from `since` on, until `until`; when it was `served`."""

    number: int
    since: float
    until: float = float("inf")
    served: list[float] = field(default_factory=list)


@dataclass
class Publisher:
    """Articles that change all the time: mostly quickly, now and then after a while.

    `quick` and `slow` are the longest times in seconds that an edition stays online.
    """

    site: Site
    random: Random
    articles: int
    quick: float = 0.8
    slow: float = 5.0
    editions: list[list[Edition]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        for article in range(self.articles):
            self.editions.append([Edition(1, time.monotonic())])
            self.site.script(self.path(article), self._answer(article))

    def path(self, article: int) -> str:
        return f"/article/{article}"

    def url(self, article: int) -> str:
        return self.site.url(self.path(article))

    async def keep_changing(self) -> None:
        """Puts edition after edition online, each article in its own time, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for article in range(self.articles):
                tasks.create_task(self._change(article))

    async def _change(self, article: int) -> None:
        while True:
            longest = self.quick if self.random.random() < 0.6 else self.slow
            await asyncio.sleep(self.random.uniform(0.05, longest))
            now, editions = time.monotonic(), self.editions[article]
            editions[-1].until = now
            editions.append(Edition(len(editions) + 1, now))

    def _answer(self, article: int) -> Callable[[Asked], Answer]:
        def answer(asked: Asked) -> Answer:
            edition = self.editions[article][-1]
            edition.served.append(time.monotonic())
            self.asked.set()
            etag = f'"{edition.number}"' if article % 2 else None
            return html(body_of(article, edition.number), etag)

        return answer


def headline_of(article: int, edition: int) -> str:
    """The headline of an edition: no other has it."""
    return f"River {article} at the quay wall, edition {edition}"


def body_of(article: int, edition: int) -> bytes:
    """An edition's page: most paragraphs stay, some change, come or go."""
    texts = [
        f"The {n}. bridge over river {article} was looked after by crews of the lower town."
        for n in range(6)
    ]
    texts[edition % 6] = f"At the mill of river {article} they counted {edition} boats by noon."
    if edition % 3 == 0:
        del texts[(edition // 3) % 6]
    if edition % 4 == 0:
        texts.append(f"Edition {edition} adds what the harbour master of river {article} said.")
    return page(headline_of(article, edition), *texts)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A webhook that came in at an endpoint: which events it told, with their articles, in its
    order, and whether it was accepted."""

    endpoint: str
    message: str
    told: tuple[tuple[str, int], ...]
    accepted: bool


@dataclass
class Receiver:
    """Accepts, refuses, delays, drops, resets and ignores what comes, as chance will have it."""

    site: Site
    random: Random
    kind: bool = False
    arrivals: list[Arrival] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _refused: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*ENDPOINTS, *ALERTED):
            self.site.script(f"/{name}", self._answer(name))

    def _answer(self, endpoint: str) -> Callable[[Asked], Answer]:
        def answer(asked: Asked) -> Answer:
            Webhook(SECRET).verify(asked.body, dict(asked.headers))
            message = asked.headers["webhook-id"]
            accepted, given = self._decide(endpoint, message)
            told = told_by(message, json.loads(asked.body))
            self.arrivals.append(Arrival(endpoint, message, told, accepted))
            self.asked.set()
            return given

        return answer

    def _decide(self, endpoint: str, message: str) -> tuple[bool, Answer]:
        chance = self.random.random()
        refused = self._refused.get((endpoint, message), 0)
        if self.kind or refused >= MOST_REFUSALS or chance < 0.55:
            return True, Answer(status=204)
        if chance < 0.68:
            return True, Answer(status=200, held=_after(self.random.uniform(0.0, 0.6)))
        self._refused[endpoint, message] = refused + 1
        if chance < 0.78:
            return False, Answer(status=self.random.choice((500, 502, 404)))
        if chance < 0.85:
            return False, Answer(status=503, headers={"Retry-After": "1"})
        if chance < 0.92:
            return False, Answer(raw=b"", ending="reset")
        if chance < 0.98:
            return False, Answer(raw=b"HTTP/1.1 2", ending="close")
        return False, Answer(raw=b"", ending="hang")


def told_by(message: str, body: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    """The events of a message with their articles: the one that it is, or those of a digest."""
    if body["type"] == DIGEST:
        return tuple((each["id"], each["data"]["article"]["id"]) for each in body["data"]["events"])
    return ((message, body["data"]["article"]["id"]),)


def _after(seconds: float) -> asyncio.Event:
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, event.set)
    return event
