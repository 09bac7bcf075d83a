"""Findings across the archive, newest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlite_utils import Database

from storage.findings import find_kinds, unpacked
from storage.material import load_sides
from watcher.core.model import WEIGHTS, Finding, Weight
from watcher.core.times import from_text, to_milliseconds, to_text


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A stored finding and what it is about.

    `version` is the number of the version whose change it is of, which came after `after` and
    not after `before`; of an event without a version, `event` is the type and `before` its time.
    """

    article_id: int
    url: str
    story: str
    headline: str
    version: int | None
    event: str | None
    after: datetime | None
    before: datetime
    finding: Finding


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which findings: of these kinds, from this time on, of a story, of an article, of at least
    this weight; None is any."""

    kinds: Collection[str] | None = None
    since: datetime | None = None
    story: str | None = None
    article_id: int | None = None
    weight: Weight | None = None


_CHANGES = """
SELECT v.seen_from, c.findings, c.sentence, c.from_version_id, c.version_id,
       v.article_id, a.url, s.name, v.headline, v.number, NULL, c.after
FROM change c
JOIN version v ON v.id = c.version_id
JOIN article a ON a.id = v.article_id
JOIN story s ON s.id = a.story_id
WHERE c.found != 0 {where}
ORDER BY c.at DESC, c.version_id DESC
"""

_EVENTS = """
SELECT e.created_at, e.findings, e.summary, NULL, NULL,
       e.article_id, a.url, s.name, coalesce(l.headline, ''), NULL, e.type, NULL
FROM event e
JOIN article a ON a.id = e.article_id
JOIN story s ON s.id = a.story_id
LEFT JOIN schedule h ON h.article_id = e.article_id
LEFT JOIN version l ON l.id = h.version_id
WHERE e.findings IS NOT NULL {where}
ORDER BY e.created_at DESC, e.seq DESC
"""


def list_findings(
    db: Database, chosen: Chosen, *, limit: int = -1, whole: bool = False
) -> list[FindingRecord]:
    """The newest findings, those of a change in their order; those of changes before those of
    events of the same moment.

    The words of a change's findings are cut out of the texts with `whole`, else left out.
    """
    changes, events = _rows(db, _CHANGES, chosen), _rows(db, _EVENTS, chosen)
    newest = merge(changes, events, key=lambda row: str(row[0]), reverse=True)
    found = (
        _record(row, each)
        for row in newest
        for each in _findings(db, row, whole=whole)
        if _is_wanted(each, chosen)
    )
    return list(found if limit < 0 else islice(found, limit))


def _rows(db: Database, query: str, chosen: Chosen) -> Iterator[tuple[Any, ...]]:
    """What changes, or events, that may have such findings hold, one after the other."""
    parts: list[str] = []
    values: list[Any] = []
    are_changes = query is _CHANGES
    if chosen.kinds is not None and are_changes:
        parts.append("AND c.found & ?")
        values.append(find_kinds(db, chosen.kinds))
    if chosen.since is not None:
        parts.append("AND c.at >= ?" if are_changes else "AND e.created_at >= ?")
        values.append(to_milliseconds(chosen.since) if are_changes else to_text(chosen.since))
    if chosen.story is not None:
        parts.append("AND s.name = ?")
        values.append(chosen.story)
    if chosen.article_id is not None:
        # by the indexes of versions and events
        parts.append(
            "AND c.version_id IN (SELECT id FROM version WHERE article_id = ?)"
            if are_changes
            else "AND e.article_id = ?"
        )
        values.append(chosen.article_id)
    yield from db.conn.execute(query.format(where=" ".join(parts)), values)


def _findings(db: Database, row: tuple[Any, ...], *, whole: bool) -> tuple[Finding, ...]:
    """All findings of a change or event."""
    _, data, sentence, old_id, new_id, *_ = row
    sides = load_sides(db, old_id, new_id) if whole and new_id is not None else None
    return unpacked(data, sentence) if sides is None else sides[2].findings


def _is_wanted(finding: Finding, chosen: Chosen) -> bool:
    if chosen.kinds is not None and finding.kind not in chosen.kinds:
        return False
    return chosen.weight is None or WEIGHTS.index(finding.weight) >= WEIGHTS.index(chosen.weight)


def _record(row: tuple[Any, ...], finding: Finding) -> FindingRecord:
    article_id, url, story, headline, number, event, after = row[5:]
    return FindingRecord(
        article_id=article_id,
        url=url,
        story=story,
        headline=headline,
        version=number,
        event=event,
        after=None if after is None else from_text(after),
        before=from_text(row[0]),
        finding=finding,
    )
