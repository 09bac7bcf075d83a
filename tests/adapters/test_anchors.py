"""The links of an article's text: which words, and where they lead."""

from __future__ import annotations

import pytest

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.core.model import Link, Snapshot
from watcher.core.sites import SiteRules
from watcher.core.text import snapshot_digest

URL = "https://news.example/2026/dam"
PROSE = (
    "Engineers looked at the dam again on Friday and found that the damage is greater than thought."
)


def page(*blocks: str, head: str = "") -> bytes:
    return (
        f"<html><head><title>Dam</title>{head}</head><body><article><h1>The dam holds</h1>"
        f"<p>{PROSE}</p>{''.join(blocks)}<p>{PROSE} Again.</p></article></body></html>"
    ).encode()


def read(*blocks: str, head: str = "") -> Snapshot:
    return extract_snapshot(page(*blocks, head=head), URL, "text/html").snapshot


def words(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(snapshot.paragraphs[n.paragraph].text[n.start : n.end], n.url) for n in snapshot.links]


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ("<p>The <a href='/report'>report</a> is out.</p>", "report"),
        ("<p>The <a href='/report'> report </a> is out.</p>", "report"),
        ("<p>The<a href='/report'>\n  new\n <b>report</b></a>\n is out.</p>", "new report"),
        ("<p>\u00a0The \u00adre<a href='/report'>port\u00a0two</a> is out.</p>", "port\u00a0two"),
        ("<p><a href='/report'>The whole sentence is a link, and it ends as one.</a></p>",
         "The whole sentence is a link, and it ends as one."),
        ("<p>Its depth is 8<sup><a href='/report'>2</a></sup> metres by now, they said.</p>", "²"),
        ("<ul><li>One of <a href='/report'>these</a> items.</li><li>Another one.</li></ul>",
         "these"),
        ("<table><tr><td>Depth</td><td>see <a href='/report'>the report</a></td></tr></table>",
         "the report"),
        ("<figure><img src='a.jpg'><figcaption>The dam. <a href='/report'>The <i>Post</i></a>"
         "</figcaption></figure>", "The Post"),
        ("<a href='/report'><p>The paragraph stands in a link that is around all of it here, "
         "and it says so.</p></a>",
         "The paragraph stands in a link that is around all of it here, and it says so."),
    ],
)  # fmt: skip
def test_a_link_has_its_words_and_its_target(block: str, found: str) -> None:
    assert words(read(block)) == [(found, "https://news.example/report")]


@pytest.mark.parametrize(
    ("href", "target"),
    [
        (
            "http://www.ministry.example/a?utm_source=x&id=3#top",
            "http://www.ministry.example/a?id=3",
        ),
        ("//ministry.example/a", "https://ministry.example/a"),
        ("../b c", "https://news.example/b%20c"),
        (" \n /a\n/b ", "https://news.example/a/b"),
    ],
)
def test_targets_are_absolute_and_plain(href: str, target: str) -> None:
    assert words(read(f'<p>The <a href="{href}">report</a> is out now.</p>')) == [
        ("report", target)
    ]


@pytest.mark.parametrize(
    "href",
    ["#note", "", "javascript:void(0)", "mailto:a@news.example", "ftp://a.example/b", "http://[",
     "https://user:word@a.example/", "/2026/dam", "/2026/dam?page=2#b", "https://"],
)  # fmt: skip
def test_what_leads_to_no_other_page_is_no_link(href: str) -> None:
    assert read(f'<p>The <a href="{href}">report</a> is out now.</p>').links == ()


def test_targets_are_relative_to_the_base_of_the_page() -> None:
    found = read("<p>The <a href='report'>report</a> is out.</p>", head="<base href='/docs/'>")
    assert words(found) == [("report", "https://news.example/docs/report")]


def test_links_outside_of_the_text_are_none() -> None:
    found = read("<nav><a href='/sport'>Sport</a></nav><footer><a href='/us'>About us</a></footer>")
    assert found.links == ()


def test_links_of_what_the_rules_keep_are_read() -> None:
    rules = SiteRules("news.example", keep=(".box",))
    body = page('<nav class="box">See <a href="/report">the report</a></nav>')
    assert words(extract_snapshot(body, URL, "text/html", rules).snapshot) == [
        ("the report", "https://news.example/report")
    ]


def test_many_links_in_one_paragraph_take_linear_time() -> None:
    many = " and ".join(f'<a href="/r/{n}">r{n}</a>' for n in range(5000))
    assert (
        len(read(f"<p>All of these reports: {many} say the same of it. {PROSE * 600}</p>").links)
        == 5000
    )


@pytest.mark.parametrize(
    ("before", "after", "is_new"),
    [
        ('<a href="/report/1">', '<a href="/report/2">', True),
        ('<a href="/report">', "", True),
        ('<a href="/report">', '<a href="https://other.example/report">', True),
        ('<a href="/report">', '<a href="http://www.news.example/report/">', False),
        ('<a href="/report">', '<a href="/report?session=77">', False),
        ('<a href="/report?v=21">', '<a href="/report?v=22">', False),
        ('<a href="/watch?t=4&v=aa1">', '<a href="/watch/?v=aa1#now">', False),
        ('<a href="/watch?v=aa1&t=4">', '<a href="/watch?v=bb2&t=4">', True),
        ('<a href="/story.php?sid=1&id=4">', '<a href="/story.php?sid=9&amp;id=4#top">', False),
        ('<a href="/story.php?sid=1&id=4">', '<a href="/story.php?sid=1&id=5">', True),
        ('<a href="/report">', '<a class="x" href="/report#part">', False),
    ],
)
def test_where_a_link_leads_makes_a_version(before: str, after: str, is_new: bool) -> None:
    bodies = [page(f"<p>The {link}report</a> is out now.</p>") for link in (before, after)]
    old, new = (extract_snapshot(body, URL, "text/html") for body in bodies)
    assert (snapshot_digest(old.snapshot) != snapshot_digest(new.snapshot)) is is_new
    assert old.fingerprint == text_fingerprint(bodies[0], "text/html")
    if is_new:
        assert old.fingerprint != new.fingerprint


def test_a_base_that_moves_all_links_is_seen() -> None:
    block = "<p>The <a href='report'>report</a>.</p>"
    prints = {
        text_fingerprint(page(block, head=f"<base href='{base}'>"), "text/html")
        for base in ("/docs/", "/archive/")
    }
    assert len(prints) == 2


def test_the_spans_are_those_of_the_paragraph() -> None:
    found = read("<p>The <a href='/a'>one</a> and the <a href='/b'>other</a>.</p>")
    assert found.links == (
        Link(1, 4, 7, "https://news.example/a"),
        Link(1, 16, 21, "https://news.example/b"),
    )
