"""The cheap gates of a poll: is a page one that we know? The cheapest is asked first.

Same body → same outline → same fingerprint. Each costs a few times the one before, and each is
blind to more of what is no news; the page counts as the known one if any of them says so.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from watcher.core.decision import ArticleState, validators_of
from watcher.core.model import Capture, Via
from watcher.core.quarantine import PageMemory
from watcher.core.sites import Sites
from watcher.ports import Extractor

LARGE_BODY = 500_000
"""Bytes from which even hashing and the fast parse leave the event loop."""

UNPROVED, REFUTED = "?", "!"
"""Before an outline: nobody asked the parser yet whether it is sure; the parser says that it is
not. It is asked when a second page in a row has the outline: on a page that always changes outside
of what an outline blanks, asking would be in vain."""

T = TypeVar("T")
_Page = Literal["latest", "held"]


@dataclass(frozen=True, slots=True)
class Look:
    """What the gates made of a page: the one that `page` names, or another if that is None.

    `memory` is what the next poll should know of it; of another page, it has no fingerprint yet.
    """

    memory: PageMemory
    via: Via = Via.SAME_TEXT
    page: _Page | None = None


async def look_at(
    article: ArticleState, capture: Capture, extractor: Extractor, sites: Sites
) -> Look:
    """Compares a page with that of the latest version and the one that is held."""
    body, content_type = capture.body, capture.header("content-type")
    large = len(body) >= LARGE_BODY
    known = _known(article)
    seen = PageMemory(validators_of(capture), await maybe_threaded(large, body_digest, body))
    for name, memory in reversed(known.items()):
        if memory.body_digest == seen.body_digest:
            return Look(replace(memory, validators=seen.validators), Via.SAME_BODY, name)
    bare = await maybe_threaded(large, extractor.outline, body, content_type)
    outline = sites.fingerprint(bare, capture.final_url)
    if outline is not None:
        mark = _mark(outline, known)
        if mark == UNPROVED and any(m.outline == UNPROVED + outline for m in known.values()):
            mark = "" if await asyncio.to_thread(extractor.is_outline_sure, body) else REFUTED
        seen = replace(seen, outline=mark + outline)
        for name, memory in known.items() if not mark else ():
            if memory.fingerprint is not None and _bare(memory.outline) == outline:
                return Look(replace(seen, fingerprint=memory.fingerprint), page=name)
    if any(memory.fingerprint is not None for memory in known.values()):
        bare = await maybe_threaded(large, extractor.fingerprint, body, content_type)
        fingerprint = sites.fingerprint(bare, capture.final_url)
        for name, memory in known.items():
            if fingerprint is not None and memory.fingerprint == fingerprint:
                return Look(replace(seen, fingerprint=fingerprint), page=name)
    return Look(seen)


def _mark(outline: str, known: Mapping[_Page, PageMemory]) -> str:
    """What is known of an outline; nothing of one that no known page has."""
    marks = {memory.outline for memory in known.values()}
    return next((mark for mark in ("", REFUTED) if mark + outline in marks), UNPROVED)


def _bare(outline: str | None) -> str:
    return (outline or "").lstrip(UNPROVED + REFUTED)


def _known(article: ArticleState) -> dict[_Page, PageMemory]:
    known: dict[_Page, PageMemory] = {}
    if article.latest is not None:
        known["latest"] = article.memory
    if article.held is not None:
        known["held"] = article.held.memory
    return known


def body_digest(body: bytes) -> str:
    """SHA-256 of a body as 64 hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


async def maybe_threaded(threaded: bool, function: Callable[..., T], *arguments: object) -> T:
    """What a function gives, from a thread if it may take long."""
    if threaded:
        return await asyncio.to_thread(function, *arguments)
    return function(*arguments)
