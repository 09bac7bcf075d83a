"""What `watcher search` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watcher.cli.common import counted, when
from watcher.cli.output import BOLD, DIM, GREEN, RED, YELLOW, Page, text_width
from watcher.core.snippet import snippet
from watcher.core.text import printable

if TYPE_CHECKING:
    from datetime import datetime

    from storage.articlefacts import ArticleFacts
    from storage.origin import Holder, Origin
    from storage.search import Found, Hit, Moment, Standing

_MARKED = f"{BOLD};{YELLOW}"


def found_page(found: Found) -> Page:
    """The hits, one block each, and whether there are more."""
    page = Page()
    for number, hit in enumerate(found.hits):
        if number:
            page.line()
        _hit(page, hit)
    if found.more:
        page.line()
        ranked = (
            ""
            if found.of_newest is None
            else f"; only the newest {found.of_newest} texts that match were ranked"
        )
        page.prose(
            f"There are more than these {counted(len(found.hits), 'hit')}: --limit shows more,"
            f" other words fewer{ranked}.",
            style=DIM,
        )
    return page


def _hit(page: Page, hit: Hit) -> None:
    article = hit.article
    page.prose(article.headline or "(no headline)", style=BOLD)
    page.line(
        (DIM, f"article {article.id}, {article.publisher}, story {article.story}: "), article.url
    )
    _snippet(page, hit)
    for standing in hit.standings:
        _standing(page, hit, standing)
    if hit.origin is not None:
        page.prose(origin_text(hit.origin, article), indent=4, style=DIM)


def _snippet(page: Page, hit: Hit) -> None:
    from watcher.cli.output import in_colour
    from watcher.render.wrap import wrap

    lead = "" if hit.kind == "paragraph" else f"{hit.kind}: "
    pieces = [(DIM, lead)]
    for is_meant, text in snippet(hit.text, hit.marks):
        shown = printable(text)
        if is_meant:
            pieces.append((_MARKED, shown) if in_colour() else ("", f"[{shown}]"))
        else:
            pieces.append(("", shown))
    for line in wrap(pieces, text_width() - 4):
        page.lines.append((("", "    "), *line))


def _standing(page: Page, hit: Hit, standing: Standing) -> None:
    place = "" if standing.place == hit.standings[-1].place else f" as {standing.place}"
    page.prose(f"appeared{place} in version {_time(standing.appeared)}", indent=4)
    if standing.gone is not None:
        page.prose(f"gone in version {_time(standing.gone)}", indent=4, style=RED)
    elif hit.article.health == "gone":
        page.prose("in its last version; the article itself is gone", indent=4, style=YELLOW)
    else:
        page.prose("still there", indent=4, style=GREEN)


def _time(moment: Moment) -> str:
    if moment.after is None:
        return f"{moment.version}, first seen {when(moment.by)}"
    return f"{moment.version}, after {when(moment.after)} and by {when(moment.by)}"


def origin_text(origin: Origin, here: ArticleFacts) -> str:
    """Who had a text first, as far as anyone can know, in a sentence."""
    first = origin.first
    which = "the same paragraph" if first.same == "paragraph" else "the same words"
    had = "here" if first.article.id == here.id else f"in {named(first.article)}"
    seen = f"version {first.version}, {window_text(first.after, first.by)}"
    told = f"of {origin.holders} articles of the story, we saw {which} first {had} ({seen})"
    if not origin.overlaps:
        return f"{told}; no other can have had it earlier"
    others = "; ".join(
        f"{named(each.article)}, {window_text(each.after, each.by)}" for each in origin.overlaps
    )
    return f"{told}; who had it first cannot be known, as that overlaps with {others}"


def named(article: ArticleFacts) -> str:
    """An article beside others."""
    return f"article {article.id} ({article.publisher})"


def window_text(after: datetime | None, by: datetime) -> str:
    """When something happened, as far as anyone can know."""
    if after is None:
        return f"there when we first looked, {when(by)}"
    return f"after {when(after)} and by {when(by)}"


def found_json(query: str, found: Found) -> dict[str, Any]:
    """All that was found, as docs/formats.md has it."""
    return {
        "query": query,
        "hits": [_hit_json(hit) for hit in found.hits],
        "more": found.more,
        "ranked_newest": found.of_newest,
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "article": facts_json(hit.article),
        "kind": hit.kind,
        "text": hit.text,
        "marks": [list(mark) for mark in hit.marks],
        "snippet": [[int(is_meant), text] for is_meant, text in snippet(hit.text, hit.marks)],
        "current": hit.is_current,
        "appearances": [
            {
                "place": each.place,
                "appeared": _moment_json(each.appeared),
                "gone": None if each.gone is None else _moment_json(each.gone),
            }
            for each in hit.standings
        ],
        "first": None if hit.origin is None else _origin_json(hit.origin),
    }


def facts_json(article: ArticleFacts) -> dict[str, Any]:
    """An article beside others; `publisher` is the host where the page names none."""
    return {
        "id": article.id,
        "url": article.url,
        "story": article.story,
        "headline": article.headline,
        "publisher": article.publisher,
        "health": article.health,
    }


def _moment_json(moment: Moment) -> dict[str, Any]:
    return {"version": moment.version, "after": moment.after, "before": moment.by}


def _origin_json(origin: Origin) -> dict[str, Any]:
    return {
        **_holder_json(origin.first),
        "certain": not origin.overlaps,
        "overlaps": [_holder_json(each) for each in origin.overlaps],
        "articles": origin.holders,
    }


def _holder_json(holder: Holder) -> dict[str, Any]:
    return {
        "article": facts_json(holder.article),
        "version": holder.version,
        "after": holder.after,
        "before": holder.by,
        "same": holder.same,
    }
