"""What a page is judged against: the latest version, the page that is held, the host's others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from storage.store import Store
from watcher.core.decision import ArticleState
from watcher.core.drift import NOTHING_KNOWN, HostFacts, texts_that_changed
from watcher.core.model import Extraction, Snapshot
from watcher.core.noise import NoiseWords, noise_between, templates, without_noise
from watcher.core.recast import in_one_form, may_be_linked
from watcher.core.sites import SiteRules
from watcher.core.text import snapshot_digest
from watcher.core.urls import url_fault, url_key
from watcher.errors import ExtractionFailed, NotAnArticle, PageDamaged
from watcher.ports import Clock, Extractor


@dataclass(frozen=True, slots=True)
class Counters:
    """What is known of an article's counters: the fields `noise`, `learned` and `still` of an
    Extracted."""

    went_on: frozenset[str] = frozenset()
    learned: frozenset[str] = frozenset()
    still: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """Reads what is stored as the extractor of today does.

    `reader` names it with the rules that it obeys on the page in question. After an upgrade, or a
    change of the rules, stored pages are read anew, so that this never looks like an edit.
    """

    store: Store
    extractor: Extractor
    reader: str
    clock: Clock

    async def compared(
        self, article: ArticleState, found: Extraction
    ) -> tuple[Extraction, Snapshot | None, bool]:
        """What was found and the latest version, in one form, and whether that is what is stored.

        The version is None if there is none. Where the page's JSON-LD holds the article's text,
        the one may have been read from there, and the other from what the page shows.
        """
        latest = article.latest
        if latest is None:
            return found, None, True
        if snapshot_digest(found.snapshot) == latest.snapshot_digest:
            return found, found.snapshot, True
        is_known = latest.extractor == self.reader
        if is_known:
            stored = await self.store.previous_snapshot(latest.id)
            is_likely = found.linked_headline is not None
            if not is_likely or not (found.is_linked or may_be_linked(stored)):
                return found, stored, True
        try:
            page = await self.store.previous_page(latest.id)
        except PageDamaged:
            # What was read from it is still there. An article with a damaged page is followed on.
            return found, await self.store.previous_snapshot(latest.id), True
        try:
            anew = await self.extractor.extract(page.body, page.url, page.content_type)
        except (NotAnArticle, ExtractionFailed):
            return found, page.snapshot, True
        before = page.snapshot if is_known else anew.snapshot
        snapshot, before = in_one_form(found, before, anew)
        return replace(found, snapshot=snapshot), before, before == page.snapshot

    async def same_as(self, article: ArticleState, found: Snapshot) -> int | None:
        """The watched article that a new one turns out to be, by its canonical link.

        Some sites give all pages of a section one canonical link: headlines must agree as well.
        """
        canonical = found.canonical
        if article.latest is not None or canonical is None or url_fault(canonical):
            return None
        owner = await self.store.owner_of_url(url_key(canonical))
        if owner is None or not owner.watched or owner.article_id == article.id:
            return None
        latest = (await self.store.state(owner.article_id)).latest
        if latest is None:
            return None
        known = await self.store.previous_snapshot(latest.id)
        return owner.article_id if known.headline == found.headline else None

    async def held(self, article: ArticleState, found: Snapshot) -> Snapshot | None:
        """The page that is held; None if there is none, or it cannot be read any more."""
        held = article.held
        if held is None:
            return None
        same = held.snapshot_digest == snapshot_digest(found)
        if same and held.extractor == self.reader:
            return found
        try:
            page = await self.store.held_capture(held.capture_id)
        except PageDamaged:
            return None
        content_type = page.header("content-type")
        try:
            read = await self.extractor.extract(page.body, page.final_url, content_type)
        except (NotAnArticle, ExtractionFailed):
            return None
        return read.snapshot

    async def counters(
        self,
        article: ArticleState,
        previous: Snapshot | None,
        found: Snapshot,
        words: NoiseWords,
        rules: SiteRules,
    ) -> Counters:
        """The counters and relative times that went on since the latest version."""
        if previous is None or previous is found:
            return Counters()
        noise = noise_between(previous, found, words, rules)
        if not noise and not templates(found, words):
            return Counters()
        learned = await self.store.learned_noise(article.id)
        still = previous if noise else without_noise(previous, found, learned, words, rules)
        return Counters(noise, learned, None if still is previous else still)

    async def last_seen(
        self, article: ArticleState, previous: Snapshot | None, found: Snapshot
    ) -> datetime | None:
        """When the latest version was last confirmed live; None if nothing changed since."""
        if article.latest is None or previous is found:
            return None
        return await self.store.seen_until(article.latest.id)

    async def host(
        self, article: ArticleState, previous: Snapshot | None, found: Snapshot
    ) -> HostFacts:
        """What else changed on the host lately, as far as it bears on this change."""
        if previous is None or previous is found:
            return NOTHING_KNOWN
        came, went = texts_that_changed(previous, found)
        return await self.store.host_facts(article.id, came, went, self.clock.now())
