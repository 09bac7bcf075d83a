"""timeline(): what happened in a story, over all its articles, in the order of time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from storage.articlefacts import ArticleFacts, load_facts
from storage.findings import find_kinds, has_kind
from storage.observations import Run, list_runs
from storage.stories import known_story
from watcher.core.firsts import Claim, First, first_of
from watcher.core.model import EventType, NoticeChange, Weight
from watcher.core.times import from_text

CORRECTING = frozenset({"correction", "clarification", "editors-note", "retraction"})
"""Kinds of notices by which an article says that it was wrong, or may have been."""

_REMOVED = "claim-removed"


@dataclass(frozen=True, slots=True)
class Shared:
    """Paragraphs that came with a version and stand, or stood, in another article as well.

    `article` was seen with them first; `before` of them it certainly had before, `unsure` of them
    were seen in windows that overlap.
    """

    article: ArticleFacts
    before: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A version, or an event that is no version, in the window (after, by].

    `happened` is "version", or what the type of the event says behind its "article.". `sentence`
    says what changed, `weight` and `score` how much it matters; both are None for a first version.
    `after` is None if nothing is known from before.
    """

    happened: str
    article: ArticleFacts
    after: datetime | None
    by: datetime
    sentence: str
    headline: str
    weight: Weight | None = None
    score: float | None = None
    version: int | None = None
    kind: str | None = None
    new_headline: bool = False
    revert_of: int | None = None
    untold: str | None = None
    notices: tuple[NoticeChange, ...] = ()
    takes_back: bool = False
    shared: tuple[Shared, ...] = ()

    @property
    def corrects(self) -> bool:
        """True if a notice came, or was reworded, by which the article corrects itself."""
        return any(each.kind in CORRECTING and each.new is not None for each in self.notices)

    @property
    def removes(self) -> bool:
        """True if text went that nothing restates, a notice did, or the whole article.

        A line that says no more than that the story is developing, or when it was updated, is no
        such notice: it goes from every article in the end.
        """
        return (
            self.happened == "unpublished"
            or self.takes_back
            or any(each.new is None and each.kind in CORRECTING for each in self.notices)
        )


@dataclass(frozen=True, slots=True)
class Had:
    """Of the paragraphs that it shares with others, how many an article certainly had first, and
    how many it was seen with first, in windows that overlap."""

    article: ArticleFacts
    first: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A story. `first` is who was seen with the story first, None before the first version."""

    story: str
    articles: tuple[ArticleFacts, ...]
    entries: tuple[Entry, ...]
    first: First | None
    had: tuple[Had, ...]


def timeline(db: Database, story: str) -> Timeline:
    """All versions and events of a story's articles, the oldest first.

    Raises UsageError for an unknown story, with the nearest names.
    """
    name = known_story(db, story)
    facts = load_facts(
        db,
        [
            number
            for (number,) in db.conn.execute(
                "SELECT a.id FROM article a JOIN story s ON s.id = a.story_id WHERE s.name = ?",
                (name,),
            )
        ],
    )
    firsts = _firsts(db, facts)
    entries = [
        entry
        for article in facts.values()
        for entry in (*_versions(db, article, facts, firsts), *_events(db, article))
    ]
    entries.sort(key=lambda entry: (entry.by, entry.article.id, entry.version or 0))
    claims = [Claim(entry.article.id, 1, None, entry.by) for entry in entries if entry.version == 1]
    return Timeline(
        name, tuple(facts.values()), tuple(entries), first_of(claims), _had(facts, firsts)
    )


_VERSIONS = """
SELECT v.number, v.kind, c.after, v.seen_from, v.headline, coalesce(c.sentence, v.summary),
       c.weight, c.score, v.revert_of, v.untold,
       coalesce(c.notices, '[]'), c.headline IS NOT NULL,
       coalesce(c.found, 0), c.findings
FROM version v LEFT JOIN change c ON c.version_id = v.id
WHERE v.article_id = ? ORDER BY v.number
"""

Claims = Mapping[int, tuple[First, Sequence[Claim]]]
"""Of each paragraph that several articles hold: who had it first, and all claims."""


def _versions(
    db: Database, article: ArticleFacts, facts: Mapping[int, ArticleFacts], firsts: Claims
) -> list[Entry]:
    shared = _shared(article.id, facts, firsts)
    removed = find_kinds(db, [_REMOVED])
    return [
        Entry(
            "version",
            article,
            None if after is None else from_text(after),
            from_text(by),
            sentence,
            headline,
            weight,
            score,
            number,
            kind,
            bool(new_headline) or number == 1,
            revert_of,
            untold,
            tuple(NoticeChange(*fields) for fields in json.loads(notices)),
            has_kind(_REMOVED, removed, kinds, findings, sentence),
            shared.get(number, ()),
        )
        for number, kind, after, by, headline, sentence, weight, score, revert_of, untold, notices,
        new_headline, kinds, findings in db.conn.execute(_VERSIONS, (article.id,))
    ]  # fmt: skip


_CLAIMS = """
SELECT a.paragraph_id, a.article_id, v.number, c.after, v.seen_from
FROM appearance a
JOIN version v ON v.id = a.version_id
LEFT JOIN change c ON c.version_id = a.version_id
WHERE a.place = 'text' AND a.article_id IN (SELECT value FROM json_each(?1))
  AND EXISTS (SELECT 1 FROM appearance b WHERE b.paragraph_id = a.paragraph_id
    AND b.place = 'text' AND b.article_id != a.article_id
    AND b.article_id IN (SELECT value FROM json_each(?1)))
ORDER BY a.paragraph_id, v.seen_from
"""


def _firsts(db: Database, facts: Mapping[int, ArticleFacts]) -> Claims:
    claims: dict[int, dict[int, Claim]] = defaultdict(dict)
    for text, article, version, after, by in db.conn.execute(_CLAIMS, (json.dumps([*facts]),)):
        known = None if after is None else from_text(after)
        claims[text].setdefault(article, Claim(article, version, known, from_text(by)))
    found = {}
    for text, each in claims.items():
        first = first_of(each.values())
        if first is not None:
            found[text] = (first, tuple(each.values()))
    return found


def _shared(
    article_id: int, facts: Mapping[int, ArticleFacts], firsts: Claims
) -> dict[int, tuple[Shared, ...]]:
    """By version: what came with it and was seen in another article first."""
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for first, claims in firsts.values():
        for claim in claims:
            if claim.article_id == article_id and first.claim.article_id != article_id:
                pair = counts[claim.version, first.claim.article_id]
                pair[not first.claim.is_before(claim)] += 1
    found: dict[int, tuple[Shared, ...]] = {}
    for (version, other), (before, unsure) in sorted(counts.items()):
        found[version] = (*found.get(version, ()), Shared(facts[other], before, unsure))
    return found


def _had(facts: Mapping[int, ArticleFacts], firsts: Claims) -> tuple[Had, ...]:
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for first, _ in firsts.values():
        counts[first.claim.article_id][not first.is_certain] += 1
    had = [Had(facts[article], *each) for article, each in counts.items()]
    return tuple(sorted(had, key=lambda each: (-each.first, -each.unsure, each.article.id)))


def _events(db: Database, article: ArticleFacts) -> list[Entry]:
    rows = db.conn.execute(
        "SELECT e.type, e.created_at, e.summary, e.weight, e.score,"
        " coalesce((SELECT v.headline FROM version v"
        " WHERE v.article_id = e.article_id AND v.seen_from <= e.created_at"
        " ORDER BY v.number DESC LIMIT 1), '') FROM event e"
        " WHERE e.article_id = ? AND e.type != ? ORDER BY e.seq",
        (article.id, EventType.UPDATED.value),
    ).fetchall()
    runs = list_runs(db, article.id) if rows else []
    return [
        Entry(
            kind.removeprefix("article."),
            article,
            *_window(kind, from_text(at), runs),
            summary,
            headline,
            weight,
            score,
        )
        for kind, at, summary, weight, score, headline in rows
    ]


def _window(kind: str, at: datetime, runs: Sequence[Run]) -> tuple[datetime | None, datetime]:
    """When what an event tells of happened: after the last look that did not show it yet.

    An article counts as gone or unreachable only after several polls: it was so from the first of
    them on. Of a run of polls only its ends are known.
    """
    gone, failing = kind == EventType.UNPUBLISHED, kind == EventType.UNREACHABLE
    before: datetime | None = None
    by = at
    for run in runs:
        if run.first_at >= at:
            break
        holds = run.outcome.is_seen is not (kind == EventType.RESTORED)
        if holds:
            before = run.last_at if run.last_at < at else run.first_at
            by = at
        elif by == at and (run.outcome.is_missing if gone else failing):
            by = run.first_at
    return before, by
