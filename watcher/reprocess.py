"""reprocess(): an article's versions read anew from the stored bodies, by today's extractor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from storage.store import Store
from storage.stored_history import StoredHistory
from watcher.core.compare import compare, describe, differs
from watcher.core.findings.find import Rulebook
from watcher.core.history import Came, derive, renewed
from watcher.core.model import Change, Extraction, Snapshot
from watcher.core.recast import in_one_form
from watcher.core.sites import NO_SITES, Sites
from watcher.core.text import snapshot_digest
from watcher.errors import (
    ExtractionFailed,
    NotAnArticle,
    StaleDecision,
    StorageError,
    UsageError,
)
from watcher.ports import Clock, Extractor

TRIES = 3

Verdict = Literal["same", "differs", "unreadable"]


@dataclass(frozen=True, slots=True)
class Reread:
    """One version: `detail` says how today's reading differs, or why there is none.

    `joined` is true if it now reads the same as the version before, from which it differed;
    `refound` if its change has other findings by today's rules and word lists.
    """

    number: int
    verdict: Verdict
    detail: str = ""
    joined: bool = False
    refound: bool = False


@dataclass(frozen=True, slots=True)
class Reprocessed:
    """One article. `rebuilt` says that its history was written anew, `renewed` that the findings
    of its changes were, `refusal` why not."""

    article_id: int
    url: str
    versions: tuple[Reread, ...]
    rebuilt: bool = False
    renewed: bool = False
    refusal: str | None = None

    @property
    def differs(self) -> bool:
        """True if any version does not read as it is stored."""
        return any(version.verdict != "same" for version in self.versions)

    @property
    def refound(self) -> bool:
        """True if any change has other findings today."""
        return any(version.refound for version in self.versions)


@dataclass(frozen=True, slots=True)
class Reprocessor:
    """What reprocessing needs; `extractor_name` is the one in use, which obeys `sites`. `rulebook`
    says what changes mean."""

    store: Store
    extractor: Extractor
    extractor_name: str
    clock: Clock
    sites: Sites = NO_SITES
    rulebook: Rulebook = Rulebook()  # noqa: RUF009  it is frozen


async def reprocess(article_id: int, parts: Reprocessor, *, apply: bool) -> Reprocessed:
    """Reads every version of an article anew; with `apply` rebuilds the history if it differs.

    A history is rebuilt as a whole or not at all: in two readings side by side, edits would appear
    that nobody made. So it stays as it is while a version cannot be read any more, and while
    deliveries about it wait. The daemon may run: if it stores a version meanwhile, all is read
    again. Where all reads as it is stored, findings that differ today are written anew.
    """
    tries = 1
    while True:
        history = await parts.store.history(article_id)
        found = await _read(history, parts)
        changes = _renewed(history, parts.rulebook)
        report = _report(history, found, changes)
        needed = _is_needed(history, report, parts)
        if not apply or not (needed or changes):
            return report
        try:
            if needed:
                return await _rebuilt(history, report, found, parts)
            return await _with_findings(history, report, changes, parts)
        except StaleDecision:
            if tries == TRIES:
                raise
        tries += 1


_Read = Snapshot | str
"""A version as today's extractor reads it, or why it cannot."""


async def _read(history: StoredHistory, parts: Reprocessor) -> list[_Read]:
    found: list[_Read] = []
    before: Extraction | None = None
    for version in history.versions:
        try:
            page = await parts.store.previous_page(version.id)
            read = await parts.extractor.extract(page.body, page.url, page.content_type)
        except (NotAnArticle, ExtractionFailed, StorageError) as error:
            found.append(str(error))
        else:
            found.append(read.snapshot)
            if before is not None and isinstance(found[-2], Snapshot):
                found[-1], found[-2] = in_one_form(read, found[-2], before)
            before = read
    return found


def _renewed(history: StoredHistory, rulebook: Rulebook) -> dict[int, Change]:
    """The stored changes that have other findings today, with these, by the versions' ids."""
    changes = {}
    for version in history.versions:
        if version.came is None:
            continue
        old, change = version.came
        came = Came(version.after, version.seen_from, version.revert_of)
        now = renewed(old, version.snapshot, change, came, rulebook)
        if (now.findings, now.coverage) != (change.findings, change.coverage):
            changes[version.id] = now
    return changes


def _report(
    history: StoredHistory, found: Sequence[_Read], changes: Mapping[int, Change]
) -> Reprocessed:
    rereads: list[Reread] = []
    for at, (version, now) in enumerate(zip(history.versions, found, strict=True)):
        number, refound = at + 1, version.id in changes
        if isinstance(now, str):
            rereads.append(Reread(number, "unreadable", now, refound=refound))
            continue
        before = found[at - 1] if at else ""
        joined = (
            isinstance(before, Snapshot)
            and snapshot_digest(before) == snapshot_digest(now)
            and history.versions[at - 1].snapshot_digest != version.snapshot_digest
        )
        if snapshot_digest(now) == version.snapshot_digest:
            rereads.append(Reread(number, "same", joined=joined, refound=refound))
        else:
            detail = _difference(version.snapshot, now)
            rereads.append(Reread(number, "differs", detail, joined, refound))
    return Reprocessed(history.article_id, history.url, tuple(rereads))


def _difference(stored: Snapshot, now: Snapshot) -> str:
    change = compare(stored, now)
    if not differs(change):
        return "only the place of notices or links, or the bounds of posts changed"
    return describe(change)


def _is_needed(history: StoredHistory, report: Reprocessed, parts: Reprocessor) -> bool:
    """Also if only the reader's name is an older one: then no poll need read anew any more."""
    reader = _reader(history, parts)
    return report.differs or any(v.extractor != reader for v in history.versions)


def _reader(history: StoredHistory, parts: Reprocessor) -> str:
    """The name for a history that is read anew: that of what reads the latest page today."""
    url = history.versions[-1].snapshot.url if history.versions else history.url
    return parts.sites.reader(parts.extractor_name, url)


async def _rebuilt(
    history: StoredHistory, report: Reprocessed, found: Sequence[_Read], parts: Reprocessor
) -> Reprocessed:
    lost = [version.number for version in report.versions if version.verdict == "unreadable"]
    if lost:
        names = ", ".join(str(number) for number in lost)
        return _refused(
            report,
            f"version {names} cannot be read any more: the history stays as it was read when it"
            " was stored",
        )
    derived = derive(
        [each for each in found if isinstance(each, Snapshot)],
        [(version.after, version.seen_from) for version in history.versions],
        parts.rulebook,
    )
    stored = [(version.id, version.snapshot_digest) for version in history.versions]
    try:
        await parts.store.rebuild(
            history.article_id, stored, derived, _reader(history, parts), parts.clock.now()
        )
    except UsageError as refusal:
        return _refused(report, str(refusal))
    return Reprocessed(report.article_id, report.url, report.versions, rebuilt=True)


async def _with_findings(
    history: StoredHistory, report: Reprocessed, changes: Mapping[int, Change], parts: Reprocessor
) -> Reprocessed:
    stored = [(version.id, version.snapshot_digest) for version in history.versions]
    try:
        await parts.store.renew_findings(history.article_id, stored, changes, parts.clock.now())
    except UsageError as refusal:
        return _refused(report, str(refusal))
    return Reprocessed(report.article_id, report.url, report.versions, renewed=True)


def _refused(report: Reprocessed, why: str) -> Reprocessed:
    return Reprocessed(report.article_id, report.url, report.versions, refusal=why)
