"""A round of polls by hand: many articles, once, one host never in the way of another."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from watcher.core.decide import ArticleState
from watcher.core.urls import host_of
from watcher.errors import WatcherError
from watcher.poll import Polled, Poller, poll_article

POLLS_AT_ONCE = 64


async def poll_all(
    articles: Sequence[ArticleState],
    poller: Poller,
    on_polled: Callable[[Polled], None],
    *,
    per_host: int = 2,
) -> list[Polled]:
    """Polls leased articles, POLLS_AT_ONCE at a time; a failing one does not stop the others.

    At most `per_host` of a host are under way, so that a slow one never takes all the places. Once
    a host asks for patience, its other articles are given back unpolled.

    What is told and given back has no pages and paragraphs: those are in the archive, and those of
    a whole round would fill the memory. Raises the first WatcherError after all have been tried,
    their outcomes recorded.
    """
    hosts: dict[str, deque[ArticleState]] = {}
    for article in articles:
        hosts.setdefault(host_of(article.url), deque()).append(article)
    places = asyncio.Semaphore(POLLS_AT_ONCE)
    done: list[Polled] = []
    left: list[int] = []
    failures: list[WatcherError] = []

    async def work(waiting: deque[ArticleState]) -> None:
        while waiting:
            async with places:
                if not waiting:
                    return
                try:
                    polled = _without_texts(await poll_article(waiting.popleft(), poller))
                except WatcherError as error:
                    failures.append(error)
                    continue
            done.append(polled)
            on_polled(polled)
            if polled.decision.refusal is not None:
                left.extend(article.id for article in waiting)
                waiting.clear()

    workers = (work(each) for each in hosts.values() for _ in range(min(per_host, len(each))))
    ended = await asyncio.gather(*workers, return_exceptions=True)
    await poller.store.release(left)
    for error in (*ended, *failures):
        if error is not None:
            raise error
    return done


def _without_texts(polled: Polled) -> Polled:
    decision = replace(polled.decision, came=frozenset(), went=frozenset())
    if decision.hold is not None:
        hold = replace(decision.hold, capture=replace(decision.hold.capture, body=b""))
        decision = replace(decision, hold=hold)
    version = decision.version
    if version is not None:
        told = replace(
            version,
            snapshot=replace(version.snapshot, paragraphs=()),
            capture=replace(version.capture, body=b""),
            change=None,
        )
        decision = replace(decision, version=told)
    return replace(polled, decision=decision)
