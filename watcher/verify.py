"""verify(): is the archive what it was written as? Only reads; a daemon may run meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from storage.check_alerts import check_alerts
from storage.check_article import check_article
from storage.check_file import (
    Head,
    check_file,
    check_paragraphs,
    check_references,
    check_seals,
)
from storage.check_page import PageWalk, StoredPage
from storage.check_search import check_appearances, check_search
from storage.faults import Fault
from storage.reader import Reader
from watcher.core.text import snapshot_digest
from watcher.errors import ExtractionFailed, NotAnArticle, StorageError
from watcher.ports import Extractor

AT_ONCE = 4
"""Articles verified side by side: as many as keep the workers of two to four processors busy,
no more, because each has a page and the one before it in memory."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """What verifying needs; `extractor` None leaves out reading pages anew.

    `name_for` names the extractor with the rules that it obeys on the page of a URL.
    """

    reader: Reader
    extractor: Extractor | None
    name_for: Callable[[str], str]


@dataclass(slots=True)
class Verified:
    """What was verified. `other_extractors` counts versions that another extractor read.

    Those cannot be read again without that extractor; everything else of them was verified.
    """

    articles: int = 0
    versions: int = 0
    pages: int = 0
    reread: int = 0
    other_extractors: Counter[str] = field(default_factory=Counter)
    head: Head | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def first_bad(self) -> dict[int, int | None]:
        """The first bad version of each article with a fault; None where no version is named."""
        found: dict[int, int | None] = {}
        for fault in self.faults:
            if fault.article_id is None:
                continue
            known = found.get(fault.article_id)
            named = [number for number in (known, fault.version) if number is not None]
            found[fault.article_id] = min(named, default=None)
        return dict(sorted(found.items()))


async def verify(
    parts: Verifier,
    articles: Sequence[int],
    on_article: Callable[[], object],
    noted: Head | None = None,
) -> Verified:
    """Checks the whole file and these articles; `on_article` hears of each that is done.

    `noted` is a head of the ledger that must still be there. Damage is told as faults.
    """
    found = Verified()
    found.faults += await _whole(parts.reader, found, noted)
    waiting = iter(articles)

    async def work() -> None:
        for article_id in waiting:
            await _article(article_id, parts, found)
            on_article()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    found.faults.sort(key=lambda each: (each.article_id or 0, each.version or 0))
    return found


async def _whole(reader: Reader, found: Verified, noted: Head | None) -> list[Fault]:
    faults = []
    checks = (check_file, check_references, check_paragraphs, check_search, check_alerts)
    for check in checks:
        try:
            faults += await reader.call(check)
        except StorageError as error:
            faults.append(Fault("file", str(error)))
    try:
        found.head, broken = await reader.call(lambda db: check_seals(db, noted))
    except StorageError as error:
        broken = [Fault("file", str(error))]
    return faults + broken


async def _article(article_id: int, parts: Verifier, found: Verified) -> None:
    found.articles += 1
    try:
        found.faults += await parts.reader.call(lambda db: check_article(db, article_id))
        found.faults += await parts.reader.call(lambda db: check_appearances(db, article_id))
        walk = PageWalk(article_id)
        while (page := await parts.reader.call(walk.step)) is not None:
            found.pages += 1
            found.versions += len(page.readings)
            if page.fault is not None:
                found.faults.append(page.fault)
            else:
                await _reread(article_id, page, parts, found)
    except StorageError as error:
        found.faults.append(Fault("file", str(error), article_id))


async def _reread(article_id: int, page: StoredPage, parts: Verifier, found: Verified) -> None:
    name = parts.name_for(page.url)
    for reading in page.readings:
        if reading.extractor != name:
            found.other_extractors[reading.extractor] += 1
    todo = [reading for reading in page.readings if reading.extractor == name]
    if not todo or parts.extractor is None or page.body is None:
        return
    try:
        read = await parts.extractor.extract(page.body, page.url, page.content_type)
        digest, why = snapshot_digest(read.snapshot), "its stored page reads otherwise"
    except (NotAnArticle, ExtractionFailed) as error:
        digest, why = "", f"its stored page cannot be read: {error}"
    for reading in todo:
        found.reread += 1
        if digest != reading.snapshot_digest:
            detail = f"version {reading.number}: {why}"
            found.faults.append(Fault("reading", detail, article_id, reading.number))
