"""Feeds and sitemaps on the command line: a look at one, and their state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from watcher.cli.common import counted
from watcher.cli.output import BOLD, DIM, Page
from watcher.core.text import printable

if TYPE_CHECKING:
    from storage.sources import SourceRecord
    from watcher.sources import SourcePolled


def look_line(polled: SourcePolled) -> str | None:
    """A look at a source in one line; None if it found nothing and nothing went wrong."""
    decision, found, source = polled.decision, polled.found, polled.source
    if not (decision.failures or decision.detail or found.added or found.hinted):
        return None
    told = [decision.detail] if decision.detail else []
    if found.added:
        told.append(f"{counted(len(found.added), 'new article')}")
    if found.hinted:
        told.append(f"{counted(found.hinted, 'poll')} brought forward")
    return printable(f"{source.kind:>7}  {decision.outcome:<14}  {'; '.join(told)}  ({source.url})")


def look_json(polled: SourcePolled) -> dict[str, Any]:
    """A look at a source for programs."""
    decision = polled.decision
    return {
        "kind": polled.source.kind,
        "url": polled.source.url,
        "story": polled.source.story,
        "at": decision.at,
        "outcome": decision.outcome,
        "detail": decision.detail,
        "status": decision.status,
        "added": list(polled.found.added),
        "hinted": polled.found.hinted,
        "next_poll_at": decision.next_poll_at,
    }


def source_lines(page: Page, sources: Sequence[SourceRecord]) -> None:
    """The state of the sources, for `status`."""
    for source in sources:
        following = counted(source.following, "article")
        told = f"{source.listed} listed, {source.matched} match, {following} followed"
        if source.polled_at is None:
            told = "not looked at yet"
        page.line((BOLD, f"{source.kind.capitalize():<10}"), f"{source.url} ({source.story})")
        page.line((DIM, f"          {told}"))
        if source.failures:
            page.prose(f"{source.outcome}: {source.detail}", indent=10)


def source_json(source: SourceRecord) -> dict[str, Any]:
    """The state of a source for programs."""
    return {
        "kind": source.kind,
        "url": source.url,
        "story": source.story,
        "outcome": source.outcome,
        "detail": source.detail,
        "failures": source.failures,
        "polled_at": source.polled_at,
        "read_at": source.read_at,
        "next_poll_at": source.next_poll_at,
        "listed": source.listed,
        "matched": source.matched,
        "following": source.following,
    }


def found_json(found: tuple[str, datetime] | None) -> dict[str, Any] | None:
    """By which source an article was found, for programs; None if it is configured."""
    return None if found is None else {"source": found[0], "until": found[1]}
