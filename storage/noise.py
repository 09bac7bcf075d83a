"""Noise inside articles that polls have learned: templates of counters and relative times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from watcher.core.decision import Decision
from watcher.core.noise import LEARNED_AFTER, SHARED_BY
from watcher.core.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class NoiseRecord:
    """A template seen to go on by itself `count` times.

    `learned_at` is when it became noise of the article, None if it has not; `of_site` is true if
    other articles of the host taught it.
    """

    template: str
    count: int
    first_at: datetime | None
    last_at: datetime | None
    learned_at: datetime | None
    of_site: bool


def count_noise(db: Database, decision: Decision) -> None:
    """Counts the templates that went on with a decision, and learns those seen often enough."""
    at = to_text(decision.at)
    db.conn.executemany(
        "INSERT INTO noise (article_id, template, count, first_at, last_at, learned_at)"
        " VALUES (?1, ?2, 1, ?3, ?3, NULL)"
        " ON CONFLICT (article_id, template) DO UPDATE SET count = count + 1, last_at = ?3,"
        " learned_at = coalesce(learned_at, CASE WHEN count + 1 >= ?4 THEN ?3 END)",
        [(decision.article_id, template, at, LEARNED_AFTER) for template in sorted(decision.noise)],
    )


def learned_noise(db: Database, article_id: int) -> frozenset[str]:
    """The templates that are noise on an article: its own, and those of its site."""
    own = db.conn.execute(
        "SELECT template FROM noise WHERE article_id = ? AND learned_at IS NOT NULL", (article_id,)
    )
    shared = db.conn.execute(_SHARED, (article_id, SHARED_BY))
    return frozenset(row[0] for row in (*own, *shared))


_SHARED = """
SELECT n.template FROM schedule h
JOIN schedule s ON s.host = h.host
JOIN noise n ON n.article_id = s.article_id
WHERE h.article_id = ? AND n.learned_at IS NOT NULL
GROUP BY n.template HAVING count(*) >= ?
"""


def list_noise(db: Database, article_id: int) -> list[NoiseRecord]:
    """What is known of noise on an article, by template."""
    rows = db.conn.execute(
        "SELECT template, count, first_at, last_at, learned_at FROM noise"
        " WHERE article_id = ? ORDER BY template",
        (article_id,),
    )
    own = {
        template: NoiseRecord(
            template,
            count,
            from_text(first),
            from_text(last),
            None if learned is None else from_text(learned),
            False,
        )
        for template, count, first, last, learned in rows
    }
    for template in sorted(learned_noise(db, article_id)):
        if template not in own or own[template].learned_at is None:
            known = own.get(template, NoiseRecord(template, 0, None, None, None, True))
            own[template] = NoiseRecord(
                template, known.count, known.first_at, known.last_at, None, True
            )
    return [own[template] for template in sorted(own)]
