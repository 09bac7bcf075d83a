"""Headline, byline and times against reviewed ones, how often each other field is found, cost."""

from __future__ import annotations

import gzip
import json
import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path

from lxml.html import HtmlElement, HTMLParser, document_fromstring

from watcher.adapters.page.metadata.metadata import Metadata, read_metadata
from watcher.adapters.page.source.charset import decode_html
from watcher.adapters.page.times.written_time import written_time

HEADLINE_TARGET, PUBLISHED_TARGET, MODIFIED_TARGET, COST_TARGET = 0.97, 0.95, 0.95, 1.0
_FIELDS = ("byline", "publisher", "section", "canonical", "language", "access", "modified")
_NOT_WORD = re.compile(r"[\W_]+")
# Whatever stands in the page's source as a time of modification, read without any structure.
_MODIFIED = re.compile(
    r'"dateModified"\s*:\s*"([^"]{8,40})"'
    r'|<meta[^>]{0,200}(?:article:modified_time|og:updated_time|dateModified)["\'][^>]{0,40}'
    r'content=["\']([^"\']{8,40})["\']'
)
_ZONES = timedelta(hours=14)


@dataclass(frozen=True)
class _Page:
    name: str
    truth: dict[str, object]
    html: str
    tree: HtmlElement
    found: Metadata
    seconds: float

    @property
    def half(self) -> str:
        # the metadata was developed on the one half of the publishers, never looking at the other
        first = sha1(str(self.truth["publisher"]).encode(), usedforsecurity=False).digest()[0]
        return "held" if first % 2 else "develop"


def report(data: Path, worst: bool = False) -> list[str]:
    """The lines to print: each measure for the publishers developed on, the others, and all.

    `data` holds `extraction_paragraphs`. With `worst`, the pages that miss are listed, those of
    the publishers developed on alone.
    """
    pages = list(_pages(data / "extraction_paragraphs"))
    lines = [f"metadata of {len(pages)} pages            develop   held out        all   to reach"]
    lines += [
        _line("headline as the truth has it", pages, _headline),
        _line("headline, where the page shows the truth's", pages, _shown, HEADLINE_TARGET),
        _line("published, to the minute", pages, _published, PUBLISHED_TARGET),
        _line("modified, where the page has one", pages, _modified, MODIFIED_TARGET),
        _line("byline, the same names", pages, _byline),
    ]
    lines += [
        _line(f"{name} found", pages, lambda page, n=name: getattr(page.found, n) is not None)
        for name in _FIELDS
    ]
    cost = sum(page.seconds for page in pages) / len(pages) * 1000
    lines.append(f"  metadata, CPU ms a page {cost:.2f}, to reach {COST_TARGET:.1f} or less")
    if worst:
        lines += _misses(pages)
    return lines


def _pages(folder: Path) -> Iterator[_Page]:
    for truth in json.loads((folder / "truth.json").read_text()):
        html = decode_html(gzip.decompress((folder / truth["file"]).read_bytes()), "text/html")
        tree = document_fromstring(html.encode("utf-8", "replace"), HTMLParser(encoding="utf-8"))
        read_metadata(tree, truth["url"])
        start = time.process_time()
        found = read_metadata(tree, truth["url"])
        seconds = time.process_time() - start
        yield _Page(Path(truth["file"]).name, truth, html, tree, found, seconds)


def _line(name: str, pages: list[_Page], measure: object, target: float | None = None) -> str:
    assert callable(measure)
    columns = []
    for half in ("develop", "held", ""):
        got = [measure(page) for page in pages if half in ("", page.half)]
        counted = [bool(value) for value in got if value is not None]
        columns.append(f"{sum(counted):3d}/{len(counted):<3d} {_share(counted)}")
    return f"  {name:44s}{'  '.join(columns)}{'' if target is None else f'   {target:.1%}'}"


def _share(values: list[bool]) -> str:
    return f"{sum(values) / len(values):6.1%}" if values else "     -"


def _headline(page: _Page) -> bool:
    return _letters(page.found.headline) == _letters(str(page.truth["title"]))


def _shown(page: _Page) -> bool | None:
    """None for a title that readers of the page do not see: it comes from a mark, not the text."""
    title = _letters(str(page.truth["title"]))
    seen = "".join(
        text for text in page.tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    )
    return _headline(page) if title in _letters(seen) else None


def _published(page: _Page) -> bool | None:
    told = page.truth["publishing_date"]
    if not isinstance(told, str):
        return None
    return page.found.published is not None and _same(
        datetime.fromisoformat(told), datetime.fromisoformat(page.found.published)
    )


def _modified(page: _Page) -> bool | None:
    told = {written_time(text) for pair in _MODIFIED.findall(page.html) for text in pair if text}
    moments = [datetime.fromisoformat(text) for text in told if text]
    if not moments:
        return None
    found = page.found.modified
    return found is not None and any(
        _same(moment, datetime.fromisoformat(found)) for moment in moments
    )


def _same(told: datetime, found: datetime) -> bool:
    """The same minute. Where the truth has no zone, the zone found may be any; where it is a date
    alone, the date counts."""
    if told.tzinfo is not None:
        return found.tzinfo is not None and _minute(told) == _minute(found)
    if (told.hour, told.minute) == (0, 0):
        return abs(found.replace(tzinfo=None) - told) <= _ZONES + timedelta(days=1)
    away = told.replace(second=0, microsecond=0) - found.replace(tzinfo=None, second=0)
    if found.tzinfo is None:
        return not away
    return abs(away) <= _ZONES and away % timedelta(minutes=15) == timedelta()


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _byline(page: _Page) -> bool:
    told = page.truth["authors"]
    names = told if isinstance(told, list) else []
    return _letter_set(names) == _letter_set((page.found.byline or "").split(", "))


def _letter_set(names: Iterable[str]) -> set[str]:
    return {_letters(name) for name in names} - {""}


def _letters(text: str) -> str:
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _misses(pages: list[_Page]) -> list[str]:
    lines = []
    for page in (page for page in pages if page.half == "develop"):
        if not _headline(page):
            lines += [f"  {page.name} headline", f"      {page.truth['title']}"]
            lines.append(f"      {page.found.headline}")
        if _published(page) is False:
            times = (page.truth["publishing_date"], page.found.published)
            lines.append(f"  {page.name} published {times[0]}, found {times[1]}")
        if _modified(page) is False:
            lines.append(f"  {page.name} modified, found {page.found.modified}")
    return lines
