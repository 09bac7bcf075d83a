"""What is said of an article wherever it is named beside others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from watcher.core.urls import host_of


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """An article by its latest version; `publisher` is what its page says, else its host."""

    id: int
    url: str
    story: str
    headline: str | None
    publisher: str
    health: str
    versions: int


def load_facts(db: Database, article_ids: Iterable[int]) -> dict[int, ArticleFacts]:
    """Of these articles, by their ids."""
    rows = db.conn.execute(
        "SELECT a.id, a.url, s.name, v.headline, v.publisher, h.health, coalesce(v.number, 0)"
        " FROM article a JOIN story s ON s.id = a.story_id"
        " JOIN schedule h ON h.article_id = a.id LEFT JOIN version v ON v.id = h.version_id"
        " WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY a.id",
        (json.dumps(sorted(set(article_ids))),),
    )
    return {
        number: ArticleFacts(number, url, story, headline, publisher or host_of(url), *rest)
        for number, url, story, headline, publisher, *rest in rows
    }
