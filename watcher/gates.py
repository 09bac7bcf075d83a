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

UNPROVED, REFUTED, VAIN = "?", "!", "-"
"""Marks of a remembered outline: nobody asked the parser yet whether it is sure; the parser says
that it is not; the page changes outside of what outlines blank, so that they are made in vain. The
parser is asked when a second page in a row has the outline. An unproved one has a mark for each
page in a row of which the fingerprint said that it is the same and the outline did not."""

_MOST_IN_VAIN = 3

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
    seen, page = await _outlined(seen, capture, known, extractor, sites)
    if page is None and any(memory.fingerprint is not None for memory in known.values()):
        bare = await maybe_threaded(large, extractor.fingerprint, body, content_type)
        fingerprint = sites.fingerprint(bare, capture.final_url)
        for name, memory in known.items():
            if fingerprint is not None and memory.fingerprint == fingerprint:
                outline = _after_another(seen.outline, memory.outline)
                return Look(replace(seen, fingerprint=fingerprint, outline=outline), page=name)
    return Look(seen, page=page)


async def _outlined(
    seen: PageMemory,
    capture: Capture,
    known: Mapping[_Page, PageMemory],
    extractor: Extractor,
    sites: Sites,
) -> tuple[PageMemory, _Page | None]:
    """A page with its outline, and which of the known ones it is by that."""
    body = capture.body
    if any(memory.outline == VAIN for memory in known.values()):
        return seen, None
    large = len(body) >= LARGE_BODY
    bare = await maybe_threaded(large, extractor.outline, body, capture.header("content-type"))
    outline = sites.fingerprint(bare, capture.final_url)
    if outline is None:
        return seen, None
    same = [memory.outline for memory in known.values() if _bare(memory.outline) == outline]
    if REFUTED + outline in same or not same:
        return replace(seen, outline=(REFUTED if same else UNPROVED) + outline), None
    if outline not in same and not await asyncio.to_thread(extractor.is_outline_sure, body):
        return replace(seen, outline=REFUTED + outline), None
    seen = replace(seen, outline=outline)
    for name, memory in known.items():
        if memory.fingerprint is not None and _bare(memory.outline) == outline:
            return replace(seen, fingerprint=memory.fingerprint), name
    return seen, None


def _bare(outline: str | None) -> str:
    return (outline or "").lstrip(UNPROVED + REFUTED)


def _after_another(outline: str | None, before: str | None) -> str | None:
    """What to remember of an outline where only the fingerprint told that the page is the same."""
    if outline is None or before is None or _bare(outline) == _bare(before):
        return VAIN if before == VAIN else outline
    # the mark that the outline has is one more
    in_vain = len(before) - len(before.lstrip(UNPROVED))
    return VAIN if in_vain == _MOST_IN_VAIN else UNPROVED * in_vain + outline


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
