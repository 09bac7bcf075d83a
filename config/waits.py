"""How long is waited between polls: what the tables of a configuration say of it together.

min_interval <= interval <= max_interval must hold wherever one of them is written, and an article
that settles must have been looked at. A bound that is written nowhere yields to the interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from config.document import Document
from config.faults import Faults, Loc
from config.quantities import duration, duration_text, quiet
from config.settings import Article, Polling, Story
from watcher.core.schedule.terms import Terms
from watcher.core.urls import url_fault, url_key

BOUNDS = (("min_interval", -1), ("max_interval", 1), ("stop_after_quiet", 1))
"""Which bounds the interval has, and on which side of it each must be."""


def interval_of(polling: Polling, *tables: Article | Story | None) -> timedelta:
    """The interval of an article: of the first table that says one, else that of [polling]."""
    own = (table.interval for table in tables if table is not None)
    return next((span for span in own if span is not None), polling.interval)


def terms_of(polling: Polling, *tables: Article | Story | None) -> Terms:
    """What else holds for an article: of the first table that says it, else of [polling]."""

    def said(key: str) -> Any:
        own = (getattr(table, key) for table in tables if table is not None)
        return next((value for value in own if value is not None), getattr(polling, key, None))

    return Terms(
        shortest=said("min_interval").total_seconds(),
        longest=said("max_interval").total_seconds(),
        weight=said("weight") or 1.0,
        quiet=said("stop_after_quiet").total_seconds() or None,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """A span of time and the table that says it, None if it is the default."""

    span: timedelta
    loc: Loc | None


_Spans = Mapping[str, _Said]


def check_waits(document: Document, faults: Faults) -> None:
    """Adds a fault for every table in which an interval and its bounds contradict each other."""
    usual = Polling()
    keys = ("interval", *(key for key, _ in BOUNDS))
    spans: _Spans = {key: _Said(getattr(usual, key), None) for key in keys}
    table: Any = document.data.get("polling")
    if isinstance(table, dict):
        spans = _checked(document, faults, ("polling",), table, spans)
    of_article: dict[str, _Spans] = {}
    for number, story in document.tables("story"):
        own = _checked(document, faults, ("story", number), story, spans)
        urls = story.get("urls")
        for url in urls if isinstance(urls, list) else ():
            if isinstance(url, str) and url_fault(url) is None:
                of_article[url_key(url)] = own
    for number, article in document.tables("article"):
        url = article.get("url")
        inherited = spans
        if isinstance(url, str) and url_fault(url) is None:
            inherited = of_article.get(url_key(url), spans)
        _checked(document, faults, ("article", number), article, inherited)


def _checked(
    document: Document, faults: Faults, loc: Loc, table: Mapping[str, Any], inherited: _Spans
) -> _Spans:
    """What holds in a table."""
    spans = dict(inherited)
    for key in inherited:
        if key in table:
            try:
                read = quiet if key == "stop_after_quiet" else duration
                spans[key] = _Said(read(table[key]), loc)
            except ValueError:
                return spans  # told with the other values that are not well formed
    interval = spans["interval"]
    for key, side in BOUNDS:
        bound = spans[key]
        if bound.loc is None or not bound.span or loc not in (bound.loc, interval.loc):
            continue
        if (bound.span - interval.span) * side < timedelta(0):
            named, other = (key, "interval") if bound.loc == loc else ("interval", key)
            faults.add((*loc, named), _contradiction(document, named, other, spans))
    return spans


def _contradiction(document: Document, named: str, other: str, spans: _Spans) -> str:
    one, two = spans[named], spans[other]
    where = "" if two.loc is None or two.loc == one.loc else f" in {document.label(two.loc)}"
    shorter = one.span < two.span
    return (
        f'"{named}" in {document.label(one.loc or ())} is {duration_text(one.span)},'
        f' {"shorter" if shorter else "longer"} than "{other}"{where}'
        f" ({duration_text(two.span)}); make it at {'least' if shorter else 'most'} as long"
    )
