"""Reads feeds (RSS, Atom, JSON Feed) and sitemaps: bounded, without entities, asking nobody.

An own reader: five fields of each entry are wanted, and the well-known library for feeds is
untyped, opens what it takes for names of files, and cleans HTML that nobody shows here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from watcher.adapters.net.decoding import BoundedDecoder
from watcher.adapters.page.times.isotime import iso_time
from watcher.core.listing import Item, Listing, SourceKind
from watcher.core.urls import url_fault
from watcher.errors import FetchFailed, NotAListing

MOST_ITEMS = 50_000
"""Entries read of one document: as many as a sitemap may have (sitemaps.org)."""

LONGEST_TEXT = 2000
"""Characters kept of a title or summary."""

DEEPEST = 64
_ROOTS: dict[str, SourceKind] = {
    "rss": "feed",
    "RDF": "feed",
    "feed": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
}
_ENTRIES = frozenset({"item", "entry", "url", "sitemap"})
_TITLES = frozenset({"title"})
_SUMMARIES = frozenset({"description", "summary", "keywords", "content"})
_TIMES = frozenset(
    {"pubDate", "date", "updated", "published", "modified", "lastmod", "publication_date"}
)
_TAG = re.compile(r"<[^<>]{0,1000}>")
_GZIP = b"\x1f\x8b"


def read_listing(body: bytes, url: str, most: int) -> Listing:
    """What a document at `url` lists. `most` bounds what is unpacked, in bytes.

    Raises NotAListing, saying why, for what is neither feed nor sitemap.
    """
    if body.startswith(_GZIP):
        body = _unpacked(body, most)
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _json_feed(body, url)
    # In any encoding that XML may have: each character has its byte somewhere.
    if b"<!ENTITY" in body.replace(b"\0", b""):
        raise NotAListing("it declares entities, which no feed needs")
    return _xml(body, url)


def _unpacked(body: bytes, most: int) -> bytes:
    decoder = BoundedDecoder("gzip", most)
    try:
        decoder.feed(body)
        return decoder.finish()
    except FetchFailed as error:
        raise NotAListing(f"it cannot be unpacked: {error.detail}") from error


def _xml(body: bytes, url: str) -> Listing:
    kind: SourceKind | None = None
    items: list[Item] = []
    parts: list[Item] = []
    for name, entry in _entries(body):
        if kind is None:
            kind = _ROOTS.get(name)
            if kind is None:
                raise NotAListing(f"it is neither feed nor sitemap: it begins with <{name[:40]}>")
        if entry is None:
            continue
        item = _item(entry, url)
        if item is not None:
            (parts if name == "sitemap" else items).append(item)
        if len(items) + len(parts) >= MOST_ITEMS:
            break
    if kind is None:
        raise NotAListing("it is no XML that can be read, and no JSON Feed")
    return Listing(kind, tuple(items), tuple(parts))


def _entries(body: bytes) -> Iterator[tuple[str, Any]]:
    """The name of the root with None, then each entry's name and element, forgotten afterwards."""
    depth, root = 0, True
    try:
        for event, element in etree.iterparse(
            BytesIO(body),
            events=("start", "end"),
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ):
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise NotAListing("its elements are nested too deeply")
            name = _name(element)
            if root:
                root = False
                yield name, None
            elif event == "end" and name in _ENTRIES:
                yield name, element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        # What stood before the fault counts.
        if root:
            raise NotAListing("it is no XML that can be read, and no JSON Feed") from error


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _item(entry: Any, url: str) -> Item | None:
    link = guid = title = ""
    summaries: list[str] = []
    times: list[datetime] = []
    for element in entry.iterdescendants():
        name = _name(element)
        if name == "link" and element.get("rel", "alternate") == "alternate":
            link = link or (element.get("href") or _text(element)).strip()
        elif name == "loc" and _name(element.getparent()) in _ENTRIES:
            link = _text(element).strip()
        elif name in ("guid", "id"):
            guid = guid or _text(element).strip()
            if name == "guid" and element.get("isPermaLink", "true") == "true":
                link = link or guid
        elif name in _TITLES:
            title = title or _plain(_text(element))
        elif name in _SUMMARIES:
            summaries.append(_plain(_text(element)))
        elif name in _TIMES:
            times += _time(_text(element))
    return _made(url, link, title, " ".join(summaries), guid, times)


def _made(
    url: str, link: str, title: str, summary: str, guid: str, times: list[datetime]
) -> Item | None:
    try:
        there = urljoin(url, link).partition("#")[0]
    except ValueError:
        return None
    if not link or url_fault(there) is not None:
        return None
    return Item(there, title, summary[:LONGEST_TEXT], guid[:LONGEST_TEXT], max(times, default=None))


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _plain(text: str) -> str:
    """A title or summary without markup, which feeds write as text."""
    return " ".join(_TAG.sub(" ", text[: 4 * LONGEST_TEXT]).split())[:LONGEST_TEXT]


def _time(text: object) -> list[datetime]:
    """The time that a text means; a local one counts as UTC, as it is only ever a hint."""
    told = iso_time(text) if isinstance(text, str) else None
    if told is None:
        return []
    moment = datetime.fromisoformat(told)
    return [moment if moment.tzinfo else moment.replace(tzinfo=UTC)]


def _json_feed(body: bytes, url: str) -> Listing:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAListing("it is no JSON that can be read") from error
    entries = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(entries, list):
        raise NotAListing("it is JSON, but no JSON Feed: it has no list of items")
    items = (_json_item(entry, url) for entry in entries[:MOST_ITEMS] if isinstance(entry, dict))
    return Listing("feed", tuple(item for item in items if item is not None))


def _json_item(entry: dict[str, Any], url: str) -> Item | None:
    def text(*names: str) -> str:
        return next((entry[n] for n in names if isinstance(entry.get(n), str) and entry[n]), "")

    times = [*_time(entry.get("date_modified")), *_time(entry.get("date_published"))]
    summary = _plain(text("summary", "content_text", "content_html"))
    return _made(
        url, text("url", "external_url"), _plain(text("title")), summary, text("id"), times
    )
