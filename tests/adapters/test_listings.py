"""Feeds and sitemaps as they are served, and as nobody should serve them."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.adapters.net.listings import LONGEST_TEXT, MOST_ITEMS, read_listing
from watcher.core.listing import Item, Listing
from watcher.errors import NotAListing

URL = "https://news.example/feeds/all.xml"
NOON = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)

RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Weir Gazette</title><link>https://news.example/</link>
<atom:link rel="self" href="https://news.example/feeds/all.xml"/>
<item><title>River tops &amp; breaks the wall</title><link>/flood?a=1&amp;b=2</link>
<description>&lt;p&gt;Crews &lt;b&gt;moved&lt;/b&gt; people.&lt;/p&gt;</description>
<pubDate>Mon, 12 Jan 2026 11:00:00 GMT</pubDate>
<atom:updated>2026-01-12T13:00:00+01:00</atom:updated>
<guid isPermaLink="false">tag-7</guid></item>
<item><title><![CDATA[Mill <i>burns</i>]]></title><guid>https://news.example/mill</guid></item>
<item><title>No address</title></item>
<item><title>Not for the web</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel>
<item><title>River</title><link>https://news.example/flood</link><dc:date>2026-01-12T12:00:00Z</dc:date></item>
</rdf:RDF>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>feed</id>
<link href="https://news.example/"/><updated>2026-01-12T12:30:00Z</updated>
<entry><title type="html">River &amp;lt;3</title><id>urn:7</id><link rel="edit" href="/edit/7"/>
<link href="https://news.example/flood"/><summary>Crews moved people.</summary>
<published>2026-01-12T09:00:00Z</published><updated>2026-01-12T12:00:00Z</updated></entry></feed>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://news.example/flood </loc><lastmod>2026-01-12</lastmod>
<image:image><image:loc>https://news.example/i.jpg</image:loc></image:image>
<news:news><news:publication><news:name>Gazette</news:name></news:publication>
<news:publication_date>2026-01-12T12:00:00Z</news:publication_date>
<news:title>River tops the wall</news:title>
<news:keywords>river, flood</news:keywords></news:news></url>
<url><loc>https://news.example/mill</loc></url></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://news.example/s1.xml.gz</loc><lastmod>2026-01-12T12:00:00Z</lastmod></sitemap>
</sitemapindex>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "7", "url": "/flood", "title": "River", "content_html": "<p>Crews moved.</p>",
                "date_published": "2026-01-12T09:00:00Z", "date_modified": "2026-01-12T12:00:00Z",
            },
            {"id": 8, "url": 8},
            "nonsense",
        ],
    }
).encode()  # fmt: skip


def read(body: bytes) -> Listing:
    return read_listing(body, URL, 10_000_000)


def test_rss() -> None:
    river, mill = read(RSS).items
    assert river == Item(
        "https://news.example/flood?a=1&b=2",
        "River tops & breaks the wall",
        "Crews moved people.",
        "tag-7",
        NOON,
    )
    assert (mill.url, mill.title, mill.updated) == ("https://news.example/mill", "Mill burns", None)


@pytest.mark.parametrize("body", [RDF, ATOM, JSON], ids=["RSS 1.0", "Atom", "JSON Feed"])
def test_other_feeds(body: bytes) -> None:
    listing = read(body)
    (item,) = listing.items
    assert listing.kind == "feed"
    assert (item.url, item.updated) == ("https://news.example/flood", NOON)
    assert item.title.startswith("River")


def test_sitemaps() -> None:
    listing = read(SITEMAP)
    river, mill = listing.items
    assert listing.kind == "sitemap"
    assert (river.url, river.title, river.summary, river.updated) == (
        "https://news.example/flood", "River tops the wall", "river, flood", NOON,
    )  # fmt: skip
    assert mill.url == "https://news.example/mill"
    assert read(gzip.compress(SITEMAP)) == listing


def test_an_index_of_sitemaps() -> None:
    listing = read(INDEX)
    assert (listing.items, [part.url for part in listing.parts]) == (
        (),
        ["https://news.example/s1.xml.gz"],
    )


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{declared}"?>' + RSS.decode().partition("?>")[2]
    text = text.replace("River tops", "Größe")
    assert read(text.encode(encoding)).items[0].title == "Größe & breaks the wall"


def test_what_stands_before_a_fault_counts() -> None:
    for broken in (RSS[:-120], RSS.replace(b"Mill <i>", b"\x01\xff &nbsp; <i>")):
        assert read(broken).items[0].title == "River tops & breaks the wall"


BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = (
    b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>'
)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no XML"),
        (b"plain text", "no XML"),
        (b"<html><body><p>Not found</p></body></html>", "begins with <html>"),
        (b"{", "no JSON"),
        (b'{"items": 7}', "no list of items"),
        (b"{" * 100_000, "no JSON"),
        (b'{"items":' + b"[" * 100_000, "no JSON"),
        (BOMB + b"<rss>&b;</rss>", "declares entities"),
        ((BOMB + b"<rss>&b;</rss>").decode().encode("utf-16"), "declares entities"),
        (OUTSIDE, "declares entities"),
        (b"<rss>" + b"<a>" * 200 + b"</rss>", "nested too deeply"),
        (b"\x1f\x8bnonsense", "cannot be unpacked"),
        (gzip.compress(b"<rss>" + b" " * 20_000_000), "cannot be unpacked"),
        (gzip.compress(RSS)[:-20], "cannot be unpacked"),
    ],
)
def test_what_lists_nothing_says_why(body: bytes, why: str) -> None:
    with pytest.raises(NotAListing, match=why):
        read(body)


def test_a_doctype_without_entities_asks_nobody() -> None:
    doctype = b'<!DOCTYPE rss SYSTEM "http://my.netscape.invalid/rss-0.91.dtd">'
    assert len(read(RSS.replace(b"<rss ", doctype + b"<rss ", 1)).items) == 2


def test_entries_and_texts_are_bounded() -> None:
    many = b"<urlset>" + b"<url><loc>https://a.example/</loc></url>" * (MOST_ITEMS + 500)
    assert len(read(many).items) == MOST_ITEMS
    long = b"<rss><item><link>/a</link><title>" + b"x" * 100_000 + b"</title></item></rss>"
    assert len(read(long).items[0].title) == LONGEST_TEXT


def test_an_entry_takes_little_memory() -> None:
    """Watching the memory of as many as there may be would take long."""
    some = b"<urlset>" + b"<url><loc>https://a.example/</loc></url>" * (MOST_ITEMS // 20)
    tracemalloc.start()
    try:
        assert len(read(some).items) == MOST_ITEMS // 20
        assert tracemalloc.get_traced_memory()[1] < 1_000 * MOST_ITEMS // 20
    finally:
        tracemalloc.stop()


PIECES = st.sampled_from(
    b"<rss> <item> </item> <link>/a</link> <title> <![CDATA[ ]]> <!-- &amp; &x; <?pi?> \x00 \xff"
    b" <url><loc> </loc></url> { <!DOCTYPE 2026-99-99 <updated> </updated> xmlns='a'".split()
)


@given(st.lists(PIECES, max_size=30).map(b"".join))
def test_any_bytes_are_a_listing_or_a_reason(body: bytes) -> None:
    try:
        listing = read(b"<rss>" + body)
    except NotAListing:
        return
    assert all(item.url.startswith("https://news.example/") for item in listing.items)
