"""search(): every version that ever said something, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.articlefacts import ArticleFacts, load_facts
from storage.highlight import find_marks
from storage.match import match_text
from storage.origin import Origin, find_origin
from watcher.core.query import Query
from watcher.core.times import from_text, to_text

RANKED = 1000
"""Texts that are ranked at most, the newest that match: what a common word matches is too much to
be weighed, and its rank says little."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts are wanted beside what they say.

    `current`: those in the latest version of their article; `gone`: those that no longer are.
    `since`: that came at that time or later; with `gone`, that went then.
    """

    story: str | None = None
    article_id: int | None = None
    current: bool = False
    gone: bool = False
    since: datetime | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Moment:
    """A version with the window in which it came; `after` is None for a first one."""

    version: int
    after: datetime | None
    by: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A stretch of versions that hold a text: when it came and, unless it is there, when it went.

    `place` is text, headline or notice.
    """

    place: str
    appeared: Moment
    gone: Moment | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that an article says, or said; `kind` is that of the paragraph, headline or notice.

    `marks` are the spans of characters that the search meant. `origin` says who had the text first
    among the articles of the story, None if no other one ever had it.
    """

    article: ArticleFacts
    kind: str
    text: str
    marks: tuple[tuple[int, int], ...]
    standings: tuple[Standing, ...]
    origin: Origin | None

    @property
    def is_current(self) -> bool:
        """True if the article's latest version holds the text."""
        return any(standing.gone is None for standing in self.standings)


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, the best first; `more` if there are others, `of_newest` how many texts were ranked
    if more than that match, None if all were."""

    hits: tuple[Hit, ...]
    more: bool
    of_newest: int | None


def search(db: Database, query: Query, wanted: Wanted) -> Found:
    """The texts that match, by how well they do (bm25), then the newest first."""
    match = match_text(query)
    ranked = _ranked(db, match, wanted)
    raw: list[_Raw] = []
    for text_id in ranked:
        raw += _hits_of(db, text_id, wanted)
        if len(raw) > wanted.limit:
            break
    kept = raw[: wanted.limit]
    texts = _texts(db, {each.text_id for each in kept})
    marks = find_marks(match, texts)
    facts = load_facts(db, {each.article_id for each in kept})
    hits = tuple(
        Hit(
            facts[each.article_id],
            _kind(db, each),
            texts[each.text_id],
            marks.get(each.text_id, ()),
            each.standings,
            find_origin(db, facts[each.article_id].story, each.text_id, texts[each.text_id]),
        )
        for each in kept
    )
    full = len(ranked) == RANKED
    return Found(hits, len(raw) > len(kept) or full, RANKED if full else None)


@dataclass(frozen=True, slots=True)
class _Raw:
    text_id: int
    article_id: int
    version_id: int
    standings: tuple[Standing, ...]


_RANKED = """
SELECT s.rowid, bm25(search) FROM search s WHERE search MATCH :match AND EXISTS (
  SELECT 1 FROM appearance a {joins} WHERE a.paragraph_id = s.rowid {where})
ORDER BY s.rowid DESC LIMIT :most
"""


def _ranked(db: Database, match: str, wanted: Wanted) -> list[int]:
    joins, where = [], []
    if wanted.story is not None:
        joins.append("JOIN article r ON r.id = a.article_id JOIN story t ON t.id = r.story_id")
        where.append("AND t.name = :story")
    if wanted.article_id is not None:
        where.append("AND a.article_id = :article")
    if wanted.current:
        where.append("AND a.gone_id IS NULL")
    if wanted.gone:
        where.append(
            "AND a.gone_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appearance b"
            " WHERE b.paragraph_id = a.paragraph_id AND b.article_id = a.article_id"
            " AND b.gone_id IS NULL)"
        )
    if wanted.since is not None:
        joins.append(f"JOIN version v ON v.id = a.{'gone' if wanted.gone else 'version'}_id")
        where.append("AND v.seen_from >= :since")
    rows = db.conn.execute(
        _RANKED.format(joins=" ".join(joins), where=" ".join(where)),
        {
            "match": match, "story": wanted.story, "article": wanted.article_id, "most": RANKED,
            "since": None if wanted.since is None else to_text(wanted.since),
        },
    ).fetchall()  # fmt: skip
    return [int(number) for number, _ in sorted(rows, key=lambda row: (round(row[1], 6), -row[0]))]


_APPEARANCES = """
SELECT a.article_id, t.name, a.version_id, a.place, v.number, c.after, v.seen_from,
       g.number, d.after, g.seen_from
FROM appearance a
JOIN article r ON r.id = a.article_id
JOIN story t ON t.id = r.story_id
JOIN version v ON v.id = a.version_id
LEFT JOIN change c ON c.version_id = a.version_id
LEFT JOIN version g ON g.id = a.gone_id
LEFT JOIN change d ON d.version_id = a.gone_id
WHERE a.paragraph_id = ? ORDER BY a.article_id, v.number
"""


def _hits_of(db: Database, text_id: int, wanted: Wanted) -> list[_Raw]:
    """The hits of one text, one for each article that is wanted, the newest first."""
    found: dict[int, list[tuple[int, Standing]]] = {}
    for article_id, story, version_id, place, *times in db.conn.execute(_APPEARANCES, (text_id,)):
        if wanted.story not in (None, story) or wanted.article_id not in (None, article_id):
            continue
        appeared, gone = _moment(times[:3]), _moment(times[3:])
        if appeared is not None:
            each = (version_id, Standing(place, appeared, gone))
            found.setdefault(article_id, []).append(each)
    hits = [
        _Raw(text_id, article_id, each[-1][0], tuple(standing for _, standing in each))
        for article_id, each in found.items()
        if _is_wanted([standing for _, standing in each], wanted)
    ]
    return sorted(hits, key=lambda hit: hit.standings[-1].appeared.by, reverse=True)


def _is_wanted(standings: list[Standing], wanted: Wanted) -> bool:
    current = any(standing.gone is None for standing in standings)
    if (wanted.current and not current) or (wanted.gone and current):
        return False
    if wanted.since is None:
        return True
    moments = [each.gone if wanted.gone else each.appeared for each in standings]
    return any(moment is not None and moment.by >= wanted.since for moment in moments)


def _moment(row: list[object]) -> Moment | None:
    number, after, by = row
    if number is None:
        return None
    known = None if after is None else from_text(str(after))
    return Moment(int(str(number)), known, from_text(str(by)))


def _texts(db: Database, ids: Iterable[int]) -> dict[int, str]:
    rows = db.conn.execute(
        "SELECT id, text FROM paragraph WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    )
    return {int(number): str(text) for number, text in rows}


def _kind(db: Database, hit: _Raw) -> str:
    place = hit.standings[-1].place
    if place != "text":
        return place
    row = db.conn.execute(
        "SELECT coalesce(kind, 'paragraph') FROM paragraph_run WHERE version_id = ?"
        " AND ? BETWEEN paragraph_id AND paragraph_id + count - 1 ORDER BY position LIMIT 1",
        (hit.version_id, hit.text_id),
    ).fetchone()
    return "paragraph" if row is None else str(row[0])
