"""What `watcher list` prints, and an article as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watcher.cli.common import counted, span, when
from watcher.cli.failures import answer_no, complain
from watcher.cli.output import DIM, GREEN, RED, YELLOW, Page, print_json
from watcher.cli.sources import found_json
from watcher.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from config.load import Loaded
    from storage.archive import Archive
    from storage.article_records import ArticleRecord

STYLES = {"live": GREEN, "gone": YELLOW, "unreachable": RED, "settled": DIM}


def print_list(archive: Archive, loaded: Loaded, story: str | None, *, as_json: bool) -> None:
    """Prints the articles, of one story or all; says what is configured but not polled yet."""
    articles = archive.articles(story)
    if as_json:
        found = archive.found_by()
        print_json(
            {
                "articles": [
                    {**_listed(archive, each), "found": found_json(found.get(each.id))}
                    for each in articles
                ]
            }
        )
    elif articles:
        page = Page()
        page.table(
            ("ID", "STORY", "HEALTH", "VERSIONS", "LAST CHANGE", "ARTICLE"),
            [_row(archive, article) for article in articles],
        )
        page.show()
    _tell_waiting(archive, loaded, story)
    if not articles:
        raise answer_no(
            "the archive has no article yet: `watcher add URL`, then `watcher poll`"
            if story is None
            else f'no article belongs to a story "{story}": `watcher list` shows them all'
        )


def health_of(article: ArticleRecord) -> str:
    """The article's health, or that it is not watched any more."""
    return article.health if article.watched else "removed"


def article_json(article: ArticleRecord) -> dict[str, Any]:
    """An article with its latest state."""
    return {
        "id": article.id,
        "url": article.url,
        "story": article.story,
        "headline": article.headline,
        "health": article.health,
        "watched": article.watched,
        "versions": article.versions,
        "seen_from": article.seen_from,
        "seen_until": article.seen_until,
        "polls": article.polls,
        "last_poll_at": article.last_at,
        "last_outcome": None if article.last_outcome is None else article.last_outcome.value,
        "last_detail": article.last_detail,
        "failures": article.failures,
        "quiet_since": article.quiet_since,
        "next_poll_at": article.next_poll_at if article.watched else None,
    }


def not_seen_since(archive: Archive, article: ArticleRecord) -> datetime | None:
    """The first of the polls in a row, up to the last, that did not see the article."""
    from storage.observations import failing_since

    return failing_since(archive.runs(article.id)) if article.failures else None


def _listed(archive: Archive, article: ArticleRecord) -> dict[str, Any]:
    old = archive.versions(article.id)[-2] if article.versions > 1 else None
    window = None if old is None else {"after": old.seen_until, "before": article.seen_from}
    since = not_seen_since(archive, article)
    return {**article_json(article), "not_seen_since": since, "last_change": window}


def _row(archive: Archive, article: ArticleRecord) -> list[str | tuple[str, str]]:
    health = health_of(article)
    hidden = article.watched and article.failures > 0 and article.last_outcome is not None
    style = YELLOW if hidden and health == "live" else STYLES.get(health, "")
    # of an article that is gone, "gone" says it all
    is_told = not hidden or article.last_outcome == health
    return [
        str(article.id),
        article.story,
        (style, health if is_told else f"{health}, {article.last_outcome}"),
        str(article.versions),
        _last_change(archive, article),
        article.headline or article.url,
    ]


def _last_change(archive: Archive, article: ArticleRecord) -> str:
    if article.seen_from is None:
        return "never seen"
    if article.versions == 1:
        return f"none since {when(article.seen_from)}"
    return span(archive.versions(article.id)[-2].seen_until, article.seen_from)


def _tell_waiting(archive: Archive, loaded: Loaded, story: str | None) -> None:
    known = {article.url for article in archive.articles() if article.watched}
    waiting = [
        article
        for article in loaded.articles
        if article.url not in known
        and (story is None or article.story == story)
        and not _is_watched(archive, article.url)
    ]
    if waiting:
        told = counted(len(waiting), "configured article is", "configured articles are")
        complain(f"{told} not in the archive yet: `watcher poll` or a running daemon takes them up")


def _is_watched(archive: Archive, url: str) -> bool:
    """True also for an address that a watched article moved to."""
    try:
        return archive.article(url).watched
    except UsageError:
        return False
