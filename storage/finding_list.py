"""Findings across the archive, newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from storage.findings import finding_of, load_findings
from storage.material import load_sides
from watcher.core.model import WEIGHTS, Finding, Weight
from watcher.core.times import from_text, to_text


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


_FOUND = """
SELECT f.kind, f.sentence, f.old, f.new, f.evidence, f.weight, f.score, f.version_id,
       f.article_id, a.url, s.name, coalesce(v.headline, l.headline, ''), v.number, e.type,
       c.after, f.at, c.from_version_id
FROM finding f
JOIN article a ON a.id = f.article_id
JOIN story s ON s.id = a.story_id
LEFT JOIN version v ON v.id = f.version_id
LEFT JOIN change c ON c.version_id = f.version_id
LEFT JOIN event e ON e.seq = f.event_seq
LEFT JOIN schedule h ON h.article_id = f.article_id
LEFT JOIN version l ON l.id = h.version_id
"""
_NEWEST_FIRST = "ORDER BY f.at DESC, f.version_id DESC, f.event_seq DESC, f.id LIMIT ?"


# By the indexes of versions and events: findings need none of articles.
_OF_ARTICLE = """(f.version_id IN (SELECT id FROM version WHERE article_id = ?)
 OR f.event_seq IN (SELECT seq FROM event WHERE article_id = ?))"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which findings: of these kinds, from this time on, of a story, of an article, of at least
    this weight; None is any."""

    kinds: Collection[str] | None = None
    since: datetime | None = None
    story: str | None = None
    article_id: int | None = None
    weight: Weight | None = None


def list_findings(
    db: Database, chosen: Chosen, *, limit: int = -1, whole: bool = False
) -> list[FindingRecord]:
    """The newest findings, those of a change in their order.

    Words of more than some length are cut out of the texts with `whole`, else left out.
    """
    where, values = _conditions(chosen)
    rows = db.conn.execute(f"{_FOUND} {where} {_NEWEST_FIRST}", (*values, limit)).fetchall()
    found: list[FindingRecord] = []
    for version_id, group in groupby(rows, key=lambda row: row[7]):
        many = list(group)
        known = _whole_words(db, version_id, many) if whole else {}
        for row in many:
            finding = finding_of(row[:7], None, None)
            key = (finding.kind, finding.sentence, finding.evidence)
            found.append(_record(row, known.get(key, finding)))
    return found


def _conditions(chosen: Chosen) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []

    def among(column: str, values_of: Sequence[str]) -> None:
        parts.append(f"{column} IN ({', '.join('?' * len(values_of))})")
        values.extend(values_of)

    if chosen.kinds is not None:
        among("f.kind", sorted(chosen.kinds))
    if chosen.weight is not None:
        among("f.weight", WEIGHTS[WEIGHTS.index(chosen.weight) :])
    for condition, value in (
        ("f.at >= ?", None if chosen.since is None else to_text(chosen.since)),
        ("s.name = ?", chosen.story),
    ):
        if value is not None:
            parts.append(condition)
            values.append(value)
    if chosen.article_id is not None:
        parts.append(_OF_ARTICLE)
        values += (chosen.article_id, chosen.article_id)
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


_Key = tuple[str, str, tuple[object, ...]]


def _whole_words(db: Database, version_id: int | None, rows: list[Any]) -> dict[_Key, Finding]:
    """The findings of a change with all their words, if any are stored without."""
    if version_id is None or all(None not in (row[2], row[3]) for row in rows):
        return {}
    sides = load_sides(db, rows[0][16], version_id)
    if sides is None:
        return {}
    findings = load_findings(db, version_id, sides[0], sides[1])
    return {(each.kind, each.sentence, each.evidence): each for each in findings}


def _record(row: Any, finding: Finding) -> FindingRecord:
    article_id, url, story, headline, number, event, after, at = row[8:16]
    return FindingRecord(
        article_id=article_id,
        url=url,
        story=story,
        headline=headline,
        version=number,
        event=event,
        after=None if after is None else from_text(after),
        before=from_text(at),
        finding=finding,
    )
