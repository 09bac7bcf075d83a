"""Who had a text first among the articles of a story."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from storage.articlefacts import ArticleFacts, load_facts
from storage.match import all_of
from watcher.core.firsts import Claim, first_of
from watcher.core.times import from_text
from watcher.core.tokens import words_of

Same = Literal["paragraph", "words"]

_FEWEST_WORDS = 5
"""Of a text that is looked for in longer ones: fewer words stand in texts about anything."""

_LONGEST_WORDS = 4
"""Long words are rare, so a few of them leave few texts to be read."""

_MOST_READ = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """An article that had a text from a version on, which came in the window (after, by].

    `same` says whether it is the same paragraph, or the same words in the same order within
    another one. `after` is None if it was there at our first look.
    """

    article: ArticleFacts
    version: int
    after: datetime | None
    by: datetime
    same: Same


@dataclass(frozen=True, slots=True)
class Origin:
    """Who was seen to have a text first; `overlaps` are those who may yet have been earlier,
    `holders` counts the articles of the story that ever had it."""

    first: Holder
    overlaps: tuple[Holder, ...]
    holders: int


_CLAIMS = """
SELECT a.article_id, v.number, c.after, v.seen_from, a.paragraph_id
FROM appearance a
JOIN article r ON r.id = a.article_id
JOIN story t ON t.id = r.story_id
JOIN version v ON v.id = a.version_id
LEFT JOIN change c ON c.version_id = a.version_id
WHERE a.paragraph_id IN (SELECT value FROM json_each(?)) AND t.name = ?
"""


def find_origin(db: Database, story: str, text_id: int, text: str) -> Origin | None:
    """Who had a text first in a story; None if only one article ever had it."""
    (articles,) = db.conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM article a JOIN story s ON s.id = a.story_id"
        " WHERE s.name = ? LIMIT 2)",
        (story,),
    ).fetchone()
    if articles < 2:
        return None
    same: dict[tuple[int, int], Same] = {}
    claims: list[Claim] = []
    ids = [text_id, *_with_words(db, text_id, text)]
    for article_id, version, after, by, found_id in db.conn.execute(
        _CLAIMS, (json.dumps(ids), story)
    ):
        known = None if after is None else from_text(after)
        claims.append(Claim(article_id, version, known, from_text(by)))
        if same.get((article_id, version)) != "paragraph":
            same[article_id, version] = "paragraph" if found_id == text_id else "words"
    first = first_of(claims)
    holders = {claim.article_id for claim in claims}
    if first is None or len(holders) < 2:
        return None
    facts = load_facts(db, holders)

    def holder(claim: Claim) -> Holder:
        which = same[claim.article_id, claim.version]
        return Holder(facts[claim.article_id], claim.version, claim.after, claim.by, which)

    return Origin(
        holder(first.claim), tuple(holder(claim) for claim in first.overlaps), len(holders)
    )


def _with_words(db: Database, text_id: int, text: str) -> Collection[int]:
    """Other texts that hold the words of this one in the same order, the oldest ones."""
    words = words_of(text)
    if len(words) < _FEWEST_WORDS:
        return ()
    longest = sorted(set(words), key=lambda word: (-len(word), word))[:_LONGEST_WORDS]
    if len(longest[0]) < _LONGEST_WORDS:
        # A script without spaces, whose words are single letters.
        longest = [" ".join(words[:20])]
    rows = db.conn.execute(
        "SELECT p.id, p.text FROM search s JOIN paragraph p ON p.id = s.rowid"
        " WHERE search MATCH ? AND s.rowid != ? ORDER BY s.rowid LIMIT ?",
        (all_of(longest), text_id, _MOST_READ),
    )
    said = f" {' '.join(words)} "
    return [number for number, other in rows if said in f" {' '.join(words_of(other))} "]
