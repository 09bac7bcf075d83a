"""poll_article(): one article, once. The daemon, the command line and the tests all come here.

fetch with validators → 304 → same body → same outline → same text → extract → decide → record. The
gates stand cheapest first (gates.py).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from storage.store import Store
from watcher.background import Background
from watcher.core.decide import (
    ArticleState,
    Decision,
    Extracted,
    Failed,
    Observed,
    Policy,
    StillHeld,
    Unchanged,
    decide,
)
from watcher.core.model import Capture, Outcome, Via
from watcher.core.noise import NoiseWords
from watcher.core.quarantine import Held, PageMemory
from watcher.core.sites import NO_SITES, Sites
from watcher.core.standin import StandIn, challenged, may_name, section_front, stand_in
from watcher.core.text import content_digest
from watcher.core.times import whole_milliseconds
from watcher.core.urls import is_front_page, url_key
from watcher.errors import (
    ExtractionFailed,
    FetchFailed,
    NotAnArticle,
    StaleDecision,
    StorageBusy,
)
from watcher.gates import body_digest, look_at
from watcher.ports import Clock, Extractor, Fetcher

MANY_PARAGRAPHS = 100
"""Paragraphs, old and new together, beyond which comparing leaves the event loop. Its cost grows
with the square where everything was rewritten and moved: about 50 ms for 40 against 40."""

MUCH_TEXT = 100_000
"""Characters, old and new together, for which the same is true however few paragraphs there are:
one paragraph of as many words as a novel takes half a second."""

TRIES = 3

MISSING = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
SEEN = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)


def no_price(_: datetime) -> float | None:
    """No budget is kept: fixed intervals, or nothing known yet."""
    return None


@dataclass(frozen=True, slots=True)
class Poller:
    """What polling needs. `jitter` gives numbers in [0, 1); `extractor_name` is the one in use,
    which obeys `sites`.

    `price` tells what a request costs at a time, in adaptive polling.
    `sites` are the configuration's rules for sites, `noise_words` the words of counters and
    relative times. `busy_tries` is how often recording is tried while another process holds the
    write lock.
    """

    store: Store
    fetcher: Fetcher
    extractor: Extractor
    extractor_name: str
    clock: Clock
    policy: Policy
    jitter: Callable[[], float]
    noise_words: NoiseWords
    sites: Sites = NO_SITES
    busy_tries: int = 1
    price: Callable[[datetime], float | None] = no_price


@dataclass(frozen=True, slots=True)
class Polled:
    """One finished poll: the article as it was before, the decision, the ids of its events."""

    article: ArticleState
    decision: Decision
    events: tuple[str, ...]


async def poll_article(article: ArticleState, poller: Poller) -> Polled:
    """Polls a leased article and records what that means; recording gives the lease back.

    Raises StorageError if the outcome cannot be written: then nothing of it was, and the article
    is due again when its lease runs out.
    """
    fetched = await _fetched(article, poller)
    tries = 1
    while True:
        observed, now = await _observed(article, fetched, poller)
        try:
            return await _concluded(article, observed, now, poller)
        except StaleDecision:
            # The configuration or another process changed the article meanwhile.
            if tries == TRIES:
                raise
        tries += 1
        known, article = article, await poller.store.state(article.id)
        if article.latest != known.latest or article.held != known.held:
            # Somebody stored or held a page: the one we have may be older than it, and recording
            # it now would invent a way back. Only a new look tells.
            fetched = await _fetched(article, poller)


async def record_defect(article: ArticleState, defect: str, poller: Poller) -> Polled:
    """Records that a poll came to nothing by a defect of ours, so that it is not left unsaid."""
    failed = Failed(Outcome.EXTRACTION_FAILED, f"a defect in story watcher ({defect})")
    return await _concluded(article, failed, poller.clock.now(), poller)


async def _concluded(
    article: ArticleState, observed: Observed, now: datetime, poller: Poller
) -> Polled:
    at, jitter, policy = whole_milliseconds(now), poller.jitter(), poller.policy
    price = None if policy.adaptive is None else poller.price(now)
    if _is_long_work(observed):
        decision = await asyncio.to_thread(decide, article, observed, at, policy, jitter, price)
    else:
        decision = decide(article, observed, at, policy, jitter, price)
    for _ in range(poller.busy_tries - 1):
        # What was seen may be gone from the web by now, so it is not let go for a lock.
        with contextlib.suppress(StorageBusy):
            return Polled(article, decision, await poller.store.record(decision))
    return Polled(article, decision, await poller.store.record(decision))


def _is_long_work(observed: Observed) -> bool:
    """Whether the two texts take so long to compare that other polls must not wait for it."""
    if not isinstance(observed, Extracted) or observed.previous is None:
        return False
    texts = (*observed.previous.paragraphs, *observed.snapshot.paragraphs)
    return len(texts) > MANY_PARAGRAPHS or sum(len(each.text) for each in texts) > MUCH_TEXT


async def _fetched(article: ArticleState, poller: Poller) -> Capture | FetchFailed:
    """What the article's URL gives; if nothing is there any more, what its last address gives."""
    found = await _fetch(article.url, article, poller)
    if not (isinstance(found, Capture) and found.status in MISSING):
        return found
    moved = await poller.store.redirect_of(article.id)
    if moved is None or url_key(moved) == url_key(found.final_url):
        return found
    there = await _fetch(moved, article, poller)
    # Publishers drop old addresses: only an article that is missing at both is gone.
    return found if isinstance(there, Capture) and there.status in MISSING else there


async def _fetch(url: str, article: ArticleState, poller: Poller) -> Capture | FetchFailed:
    try:
        memory = article.memory if article.held is None else article.held.memory
        return await poller.fetcher.fetch(url, memory.validators)
    except FetchFailed as error:
        return error


async def _observed(
    article: ArticleState, fetched: Capture | FetchFailed, poller: Poller
) -> tuple[Observed, datetime]:
    if isinstance(fetched, Capture):
        observed = await _observe(article, fetched, poller)
        if isinstance(observed, Failed) and observed.outcome is Outcome.SOFT_404:
            return await _elsewhere(article, fetched, observed, poller)
        if isinstance(observed, Unchanged | Extracted):
            observed = replace(observed, fresh_for=fetched.fresh_for)
        return observed, fetched.fetched_at
    failed = Failed(fetched.outcome, fetched.detail, fetched.status, fetched.retry_after)
    return failed, poller.clock.now()


async def _elsewhere(
    article: ArticleState, found: Capture, missing: Failed, poller: Poller
) -> tuple[Observed, datetime]:
    """What the article's last address gives, where its own only says that nothing is there."""
    moved = await poller.store.redirect_of(article.id)
    if moved is None or url_key(moved) in (url_key(found.final_url), url_key(found.url)):
        return missing, found.fetched_at
    there = await _fetch(moved, article, poller)
    if isinstance(there, FetchFailed):
        failed = Failed(there.outcome, there.detail, there.status, there.retry_after)
        return failed, poller.clock.now()
    observed = await _observe(article, there, poller)
    if isinstance(observed, Failed) and observed.outcome.is_missing:
        return missing, found.fetched_at
    return observed, there.fetched_at


async def _observe(article: ArticleState, capture: Capture, poller: Poller) -> Observed:
    owner = None
    if capture.status in SEEN and capture.final_url != article.url:
        owner = await poller.store.owner_of_url(url_key(capture.final_url))
        if owner is not None and owner.watched and owner.article_id != article.id:
            # That text is told as the other article's: here it would be told twice, and as news.
            there = f"redirects to article {owner.article_id}, {capture.final_url}"
            return Failed(Outcome.NOT_ARTICLE, there, capture.status)
    if capture.status == HTTPStatus.NOT_MODIFIED:
        return await _not_modified(article, capture, poller)
    if capture.status != HTTPStatus.OK:
        return await _refused(capture, poller)
    if is_front_page(capture.final_url) and not is_front_page(article.url):
        return Failed(Outcome.SOFT_404, "a redirect to the front page of the site", 200)
    moved_to = capture.final_url if capture.permanent and owner is None else None
    look = await look_at(article, capture, poller.extractor, poller.sites)
    if look.page == "latest":
        return Unchanged(look.via, capture.status, look.memory, moved_to)
    if look.page == "held" and article.held is not None:
        return await _still_held(
            article, article.held, capture, look.memory, look.via, moved_to, poller
        )
    return await _extract(article, capture, look.memory, moved_to, poller)


async def _not_modified(article: ArticleState, capture: Capture, poller: Poller) -> Observed:
    status, held = capture.status, article.held
    memory = article.memory if held is None else held.memory
    if article.latest is None or memory.validators is None:
        named = _status_text(status)
        return Failed(Outcome.BAD_RESPONSE, f"{named}, though nothing was known yet", status)
    if held is None:
        return Unchanged(Via.NOT_MODIFIED, status, memory)
    moved = capture.final_url if capture.permanent else None
    if moved is not None and await poller.store.owner_of_url(url_key(moved)) is not None:
        moved = None
    return await _still_held(article, held, capture, memory, Via.NOT_MODIFIED, moved, poller)


async def _still_held(
    article: ArticleState,
    held: Held,
    capture: Capture,
    memory: PageMemory,
    via: Via,
    moved_to: str | None,
    poller: Poller,
) -> Observed:
    """The held page was recognised. Once it is confirmed, it is read from its stored body."""
    still = StillHeld(via, capture.status, memory)
    if not held.is_over(capture.fetched_at):
        return still
    stored = await poller.store.held_capture(held.capture_id)
    bare = PageMemory(body_digest=body_digest(stored.body))
    observed = await _extract(article, stored, bare, moved_to, poller)
    return replace(observed, recognised=still) if isinstance(observed, Extracted) else observed


async def _refused(capture: Capture, poller: Poller) -> Failed:
    """What an answer that is neither a page nor a 304 means, by its status and what it says."""
    failed = _without_content(capture)
    named = challenged(capture)
    if named is None and capture.body:
        named = await _said_on(capture, poller)
    if named is None or not may_name(capture.status, named[0]):
        return failed
    return replace(failed, outcome=named[0], detail=f"{failed.detail}: {named[1]}")


async def _said_on(capture: Capture, poller: Poller) -> StandIn | None:
    """What the page of a refusal says that it is; None if it does not say."""
    content_type = capture.header("content-type")
    try:
        found = await poller.extractor.extract(capture.body, capture.final_url, content_type)
    except NotAnArticle as error:
        return None if error.outcome is None else (error.outcome, str(error))
    except ExtractionFailed:
        return None
    return stand_in(capture.url, capture.final_url, found, None)


def _without_content(capture: Capture) -> Failed:
    status = capture.status
    named = _status_text(status)
    if status in MISSING:
        outcome = Outcome.GONE
    elif status == HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS:
        outcome = Outcome.GEO_BLOCK
    elif status in (401, 402, 403, 429):
        outcome = Outcome.BLOCKED
    elif 400 <= status < 500:
        outcome = Outcome.CLIENT_ERROR
    elif status >= 500:
        outcome = Outcome.SERVER_ERROR
    elif status in (201, 202, 203, 204, 205, 206):
        outcome = Outcome.NOT_ARTICLE
    else:
        outcome = Outcome.BAD_RESPONSE
    return Failed(outcome, named, status, capture.retry_after)


def _status_text(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


async def _extract(
    article: ArticleState,
    capture: Capture,
    seen: PageMemory,
    moved_to: str | None,
    poller: Poller,
) -> Observed:
    content_type = capture.header("content-type")
    try:
        found = await poller.extractor.extract(capture.body, capture.final_url, content_type)
    except NotAnArticle as error:
        return _no_article(article, capture, error)
    except ExtractionFailed as error:
        return Failed(Outcome.EXTRACTION_FAILED, str(error), capture.status)
    reader = poller.sites.reader(poller.extractor_name, capture.final_url)
    background = Background(poller.store, poller.extractor, reader, poller.clock)
    found, previous, is_stored = await background.compared(article, found)
    instead = stand_in(article.url, capture.final_url, found, previous)
    if instead is not None:
        return Failed(*instead, capture.status)
    known_as = await background.same_as(article, found.snapshot)
    if known_as is not None:
        same = f"is article {known_as}: its canonical link and its headline say so"
        return Failed(Outcome.NOT_ARTICLE, same, capture.status)
    rules = poller.sites.of(capture.final_url)
    counters = await background.counters(
        article, previous, found.snapshot, poller.noise_words, rules
    )
    revert_of = None
    if article.latest is not None and previous is not found.snapshot:
        revert_of = await poller.store.find_content(
            article.id, content_digest(found.snapshot), article.latest.number
        )
    return Extracted(
        capture=capture,
        body_digest=seen.body_digest or body_digest(capture.body),
        outline=seen.outline,
        snapshot=found.snapshot,
        fingerprint=poller.sites.fingerprint(found.fingerprint, capture.final_url),
        extractor=reader,
        previous=previous,
        previous_is_stored=is_stored,
        revert_of=revert_of,
        moved_to=moved_to,
        host=await background.host(article, previous, found.snapshot),
        held=await background.held(article, found.snapshot),
        noise=counters.went_on,
        learned=counters.learned,
        still=counters.still,
        last_seen=await background.last_seen(article, previous, found.snapshot),
    )


def _no_article(article: ArticleState, capture: Capture, error: NotAnArticle) -> Failed:
    outcome, detail = error.outcome, str(error)
    if outcome is None and section_front(article.url, capture.final_url):
        outcome, detail = Outcome.SOFT_404, f"a redirect to {capture.final_url}: {detail}"
    return Failed(outcome or Outcome.NOT_ARTICLE, detail, capture.status)
