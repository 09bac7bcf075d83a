"""Articles with their latest state, for lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from watcher.core.model import Outcome
from watcher.core.times import from_text


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article with its latest state, for lists."""

    id: int
    url: str
    story: str
    watched: bool
    health: str
    headline: str | None
    versions: int
    seen_from: datetime | None
    seen_until: datetime | None
    interval: float
    next_poll_at: datetime
    failures: int
    last_outcome: Outcome | None
    last_detail: str
    last_at: datetime | None
    polls: int
    quiet_since: datetime | None = None


ARTICLES = """
SELECT a.id, a.url, s.name, h.watched, h.health, v.headline, coalesce(v.number, 0), v.seen_from,
       w.seen_until, h.interval, h.next_poll_at, h.failures, o.outcome,
       CASE o.outcome WHEN 'new-version' THEN v.summary ELSE coalesce(o.detail, '') END,
       o.last_at, coalesce((SELECT sum(count) FROM observation x WHERE x.article_id = a.id), 0),
       h.quiet_since
FROM article a
JOIN story s ON s.id = a.story_id
JOIN schedule h ON h.article_id = a.id
LEFT JOIN version v ON v.id = h.version_id
LEFT JOIN version_window w ON w.version_id = h.version_id
LEFT JOIN observation o ON o.id = h.observation_id
"""


def article_record(row: tuple[object, ...]) -> ArticleRecord:
    """An article from a row of ARTICLES."""
    values = list(row)
    values[3] = bool(values[3])
    for index in (7, 8, 10, 14, 16):
        text = values[index]
        values[index] = None if text is None else from_text(str(text))
    values[12] = None if values[12] is None else Outcome(str(values[12]))
    return ArticleRecord(*values)  # type: ignore[arg-type]  # the schema is STRICT
