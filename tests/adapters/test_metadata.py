"""Metadata: headline, byline and times, from every way that pages give them."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from watcher.adapters.page.linked.jsonld import linked_articles
from watcher.adapters.page.metadata.metadata import Metadata, read_metadata
from watcher.adapters.page.times.isotime import iso_time


def read(head: str = "", body: str = "", url: str = "") -> Metadata:
    page = f"<html><head>{head}</head><body>{body}<p>text</p></body></html>"
    return read_metadata(document_fromstring(page), url)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Grain talks resume",
    "datePublished": "2026-11-21T06:00:00Z",
    "author": {"@type": "Person", "name": "Sel Marku"},
}


@pytest.mark.parametrize(
    "nested",
    [
        ARTICLE,
        [ARTICLE],
        [[{"@type": "WebSite"}], [ARTICLE]],
        {"@graph": [{"@type": "WebPage"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {"@type": "WebPage", "mainEntityOfPage": {"@graph": [ARTICLE]}},
        {**ARTICLE, "@type": ["Thing", "https://schema.org/ReportageNewsArticle"]},
        {**ARTICLE, "author": [{"name": ["Sel Marku"]}]},
        {**ARTICLE, "author": "Sel Marku"},
        {"@graph": [{**ARTICLE, "author": {"@id": "#p"}}, {"@id": "#p", "name": "Sel Marku"}]},
    ],
)
def test_json_ld_in_every_nesting(nested: object) -> None:
    found = read(ld(nested))
    assert found.headline == "Grain talks resume"
    assert found.byline == "Sel Marku"
    assert found.published == "2026-11-21T06:00:00Z"


@pytest.mark.parametrize(
    "script",
    [
        "<!-- {} -->",
        "//<![CDATA[\n{}\n//]]>",
        "/* <![CDATA[ */ {} /* ]]> */",
        "{};",
        '{} {{"@type": "WebSite"}}',
        '{},{{"broken": ',
        "\n\n {} \t",
    ],
)
def test_json_ld_in_odd_wrappings(script: str) -> None:
    (found,) = linked_articles([script.format(json.dumps(ARTICLE))])
    assert found.headline == "Grain talks resume"
    assert found.authors == ("Sel Marku",)


def test_json_ld_with_trailing_commas_and_raw_line_feeds() -> None:
    text = json.dumps(ARTICLE).replace("}}", ",},}").replace("talks resume", "talks\nresume")
    (found,) = linked_articles([text])
    assert found.headline == "Grain talks resume"


def test_what_is_left_of_truncated_json_ld() -> None:
    text = json.dumps({**ARTICLE, "headline": 'He said \\"no\\" & left'})[:-20] + '"oops'
    (found,) = linked_articles([text])
    assert found.published == "2026-11-21T06:00:00Z"


@given(st.text(max_size=200) | st.text('{}[]",:@ab1 \\', max_size=60))
def test_no_script_can_make_it_fail(script: str) -> None:
    assert isinstance(linked_articles([script]), tuple)


def test_deep_json_ld_does_not_exhaust_the_stack() -> None:
    assert linked_articles(["[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000]) == ()


def test_related_articles_are_not_the_article() -> None:
    other = {**ARTICLE, "headline": "Something else", "datePublished": "2020-01-01"}
    listing = {"@type": "ItemList", "itemListElement": [other]}
    found = read(ld(listing) + ld(other) + ld(ARTICLE), "<h1>Grain talks resume</h1>")
    assert found.published == "2026-11-21T06:00:00Z"


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        ("<title>T | Paper</title>", "", "T | Paper"),
        ("<title>T | Paper</title><meta property='og:title' content='T'>", "", "T"),
        (ld({**ARTICLE, "headline": "Fish &amp; chips"}), "", "Fish & chips"),
        ("<title>Ferry stops: why</title>", "<main><h1>Ferry stops</h1></main>", "Ferry stops"),
        ("<title>Ferry stops</title>", "<h1>The Paper</h1><h1>Ferry stops</h1>", "Ferry stops"),
        ("<title>Ferry stops</title>", "<nav><h1>Ferry stops now</h1></nav>", "Ferry stops"),
        (
            "<title>Why ferries stop</title>",
            "<article><h1>Outer islands cut off until at least Sunday</h1></article>",
            "Outer islands cut off until at least Sunday",
        ),
        (
            "<meta property='og:title' content='Ferry to the isles stops'>",
            "<article><h1><span>Islands</span> Ferry to the isles stops</h1></article>",
            "Ferry to the isles stops",
        ),
        ("", "<h1>Only this</h1>", "Only this"),
        # an h1 that is the site's name is no headline, and its name is cut off
        (
            "<title>Ferry stops - Paper</title><meta property='og:site_name' content='Paper'>",
            "<h1>Paper</h1>",
            "Ferry stops",
        ),
        # the h1 stands in the breadcrumbs, an h2 is what readers see, with a kicker
        (
            "<title>Isles: Ferry stops for good</title>"
            "<meta property='og:title' content='Ferry stops for good'>",
            "<nav><h1>Isles: Ferry stops for good</h1></nav>"
            "<article><h2><span>Isles</span><span>Ferry stops for good</span></h2></article>",
            "Ferry stops for good",
        ),
        # parts of a heading are told apart as the marks tell them
        (
            "<meta property='og:title' content='Isles: Ferry stops for good'>",
            "<main><h1><div>Isles</div><div>Ferry stops for good</div></h1></main>",
            "Isles: Ferry stops for good",
        ),
        (
            "<meta property='og:title' content='Isles: Ferry stops - for good'>",
            "<main><h1><span>Isles</span> <span>Ferry stops - for good</span></h1></main>",
            "Isles: Ferry stops - for good",
        ),
        ("<title>Ferry stops today</title>", "<h1>Ferry<br>stops today</h1>", "Ferry stops today"),
        ("<title>Ferry stops</title>", "<h1><b>F</b>erry stops<svg>i</svg></h1>", "Ferry stops"),
        # quotation marks as shown, not as told
        ("<title>Isle's ferry stops</title>", "<h1>Isle’s ferry stops</h1>", "Isle’s ferry stops"),
        (
            "<title>Ferry stops</title>",
            "<main><h1>Ferry stops</h1><h2>Ferry stops</h2><h2>Why</h2></main>",
            "Ferry stops",
        ),
        ("", "", ""),
    ],
)
def test_the_headline_is_the_one_shown(head: str, body: str, headline: str) -> None:
    assert read(head, body).headline == headline


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        ("<meta name='author' content='By Ana Ruiz'>", "", "Ana Ruiz"),
        ("<meta name='Author' content='Ana Ruiz'>", "", "Ana Ruiz"),
        ("<meta property='article:author' content='https://x.example/ana'>", "", None),
        ("", "<a rel='author' href='/ana'>Ana Ruiz</a>", "Ana Ruiz"),
        ("", "<aside><a rel='author' href='/bo'>Bo</a></aside>", None),
        ("", "<div itemprop='author'><b itemprop='name'>Ana Ruiz</b>, Odrin</div>", "Ana Ruiz"),
        (
            ld({**ARTICLE, "author": {"@type": "Organization", "name": "The Paper"}}),
            "<a rel='author'>Ana Ruiz</a>",
            "Ana Ruiz",
        ),
        (ld({**ARTICLE, "author": {"@type": "Organization", "name": "AB"}}), "", "AB"),
        (ld({**ARTICLE, "author": [{"name": n} for n in ("A B", "C D", "a b")]}), "", "A B, C D"),
    ],
)  # fmt: skip
def test_the_byline(head: str, body: str, byline: str | None) -> None:
    assert read(head, body).byline == byline


def test_times_from_the_other_sources() -> None:
    assert read("<meta name='date' content='2026-11-02'>").published == "2026-11-02"
    assert read("<meta itemprop='datePublished' content='2026-11-02'>").published == "2026-11-02"
    assert read("", "<time pubdate datetime='2026-11-02'>x</time>").published == "2026-11-02"
    shown = (
        "<article><header><h1>H</h1><time datetime='2026-11-02T10:00Z'>x</time></header></article>"
    )
    assert read("", shown).published == "2026-11-02T10:00:00Z"
    assert read("", "<ul><li><time datetime='2020-01-01'>x</time></li></ul>").published is None
    assert read("<meta name='last-modified' content='2026-11-03'>").modified == "2026-11-03"


def test_a_time_that_cannot_be_understood_leaves_the_next_source() -> None:
    found = read(
        ld({**ARTICLE, "datePublished": "last week"})
        + "<meta property='article:published_time' content='2026-11-20T10:00:00+02:00'>"
    )
    assert found.published == "2026-11-20T08:00:00Z"
    assert found.modified is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-20T09:30:00.123Z", "2026-11-20T09:30:00Z"),
        ("2026-11-20T09:30:00+0100", "2026-11-20T08:30:00Z"),
        ("2026-11-20 09:30:00 +05:30", "2026-11-20T04:00:00Z"),
        ("2026-11-20T09:30-05", "2026-11-20T14:30:00Z"),
        ("2026-11-20T09:30:00", "2026-11-20T09:30:00"),
        ("2026-11-20 09:30", "2026-11-20T09:30"),
        ("2026-11-20", "2026-11-20"),
        ("20261120", "2026-11-20"),
        ("2026/11/20", "2026-11-20"),
        ("Fri, 20 Nov 2026 09:30:00 GMT", "2026-11-20T09:30:00Z"),
        ("Fri, 20 Nov 2026 09:30:00 +0100", "2026-11-20T08:30:00Z"),
        ("1795167000", "2026-11-20T09:30:00Z"),
        ("1795167000000", "2026-11-20T09:30:00Z"),
        ("2026-11-20T09:30:00+01:00[Europe/Vienna]", "2026-11-20T08:30:00Z"),
        ("2026-11-20T09:30:00 GMT+0100", "2026-11-20T08:30:00Z"),
        ("2026-11-20 09:30:00.0", "2026-11-20T09:30:00"),
        ("2026-1-5", "2026-01-05"),
        ("20261120T093000Z", "2026-11-20T09:30:00Z"),
        (
            "Fri Nov 20 2026 09:30:00 GMT+0100 (Central European Standard Time)",
            "2026-11-20T08:30:00Z",
        ),
        ("Fri Nov 20 09:30:00 EST 2026", "2026-11-20T14:30:00Z"),
        ("Fri Nov 20 09:30:00 2026", "2026-11-20T09:30:00"),
        ("November 20, 2026", None),
        ("11/20/2026", None),
        ("20.11.2026", None),
        ("yesterday", None),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("20 Nov 2026 3:47 PM", None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_as_precise_as_the_page(text: str | None, iso: str | None) -> None:
    assert iso_time(text) == iso


@given(st.text("0123456789-:TZ+./ GMTJan,", max_size=30) | st.text(max_size=30))
def test_no_time_is_too_odd(text: str) -> None:
    value = iso_time(text)
    assert value is None or iso_time(value) == value


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("Harbour Post", ""),
        ("Harbour Post", '<meta property="og:site_name" content="Harbour Post">'),
        ("Why pilots fear the winter | Harbour Post", ""),
    ],
)
def test_a_lone_h1_is_the_headline_whatever_the_title_says(title: str, more: str) -> None:
    found = read_metadata(
        document_fromstring(
            f"<html><head><title>{title}</title>{more}</head><body><div><h1>Pier collapse: 2 dead"
            "</h1></div><div><p>The old pier gave way on Friday.</p></div></body></html>"
        )
    )
    assert found.headline == "Pier collapse: 2 dead"


TOWN = "River floods the old town"


@pytest.mark.parametrize(
    "h1",
    [
        f"<span class=badge>LIVE</span>{TOWN}",
        f"<b>Developing</b> {TOWN}",
        f"{TOWN}<span>BREAKING NEWS</span>",
        f"<div><span>En vivo</span></div><div>{TOWN}</div>",
        f"<span><small>Just in</small>{TOWN}</span>",
        f"<span>Live</span>: {TOWN}",
    ],
)
@pytest.mark.parametrize("title", [TOWN, "What we know of the flood", f"LIVE: {TOWN}"])
def test_a_badge_in_the_heading_is_no_part_of_the_headline(h1: str, title: str) -> None:
    assert read(f"<title>{title}</title>", f"<h1>{h1}</h1>").headline == TOWN


@pytest.mark.parametrize(
    ("h1", "title"),
    [
        ("<em>Breaking</em> Bad comes back", "Series"),
        ("<b>Breaking</b> Bad comes back", "Breaking Bad comes back"),
        ("<span>Live</span> music returns to the pier", "Pier"),
        ("<span>Live</span>", "Live"),
    ],
)
def test_a_word_of_the_headline_is_no_badge(h1: str, title: str) -> None:
    shown = re.sub("<[^>]+>", "", h1)
    assert read(f"<title>{title}</title>", f"<h1>{h1}</h1>").headline == shown


def test_a_heading_marked_as_the_headline_goes_before_the_trail_to_the_page() -> None:
    head = f'<title>Floods in short</title><meta property="og:title" content="{TOWN}">'
    trail = '<div class="trail"><h1>Floods in short</h1></div>'
    shown = f"<main><header><h2 itemprop=headline>{TOWN}</h2></header></main>"
    assert read(head, trail + shown).headline == TOWN
    # what only is marked, and says nothing that the page tells, is another article's
    other = shown.replace(TOWN, "Dredging starts in spring")
    assert read(head, trail + other).headline == "Floods in short"
