"""What of a page is the article: all of it, and nothing else. Each page shows one kind of fault."""

from __future__ import annotations

import contextlib
import time

import pytest

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.core.compare import compare, describe
from watcher.errors import NotAnArticle

LEAD = "The ferry to the outer islands has stopped for the day, the harbour office said on Monday."
MORE = "Two of its four engines failed within an hour, and the crew turned back off the lighthouse."
LAST = "Nobody was hurt, and all ninety passengers are being taken to the hotel by the fish market."

ABOUT = "Ninety passengers sit in a hotel, and the islands wait for bread"


def texts(page: str) -> list[str]:
    found = extract_snapshot(page.encode(), "https://news.example/a", "text/html").snapshot
    return [paragraph.text for paragraph in found.paragraphs]


def kinds(page: str) -> list[tuple[str, str]]:
    found = extract_snapshot(page.encode(), "https://news.example/a", "text/html").snapshot
    return [(paragraph.kind, paragraph.text) for paragraph in found.paragraphs]


def page(inside: str = "", *, head: str = "", before: str = "", after: str = "") -> str:
    return f"""<html><head><title>Ferry stops | Paper</title>{head}</head><body>
    <main><article><h1>Ferry stops</h1>{before}<div class="article-body"><p>{LEAD}</p>
    <p>{MORE}</p>{inside}<p>{LAST}</p></div></article>{after}</main></body></html>"""


def inside(markup: str) -> list[str]:
    """What is extracted of markup that stands before the last paragraph."""
    found = texts(page(markup))
    assert (found[0], found[1], found[-1]) == (LEAD, MORE, LAST)
    return found[2:-1]


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="ad-slot">Half price sofas, this week only.</div>',
        "<div>Advertisement</div>",
        "<p>Advertisement</p>",
        "<p>ADVERTISEMENT:</p>",
        "<div>Sponsored by the sofa house, which has beds too</div>",
        '<div class="inArticleAd"><p>Half price sofas, this week only, in all six sho.</p></div>',
        '<p><strong>Read more:</strong> <a href="/x">Dredging starts in the spring.</a></p>',
        '<p>READ MORE: <a href="/x">Dredging starts</a></p>',
        '<p><a href="/x">Dredging starts in spring</a></p>',
        '<p><a href="/x">HOW TO SPEND A DAY ON THE OUTER ISLANDS WITHOUT A FERRY?</a></p>',
        '<ul><li><a href="/x">Dredging starts</a></li><li><a href="/y">Fish prices</a></li></ul>',
        "<section><h3>Related stories</h3><ul><li>Dredging starts soon</li></ul></section>",
        '<div class="newsletter-box"><p>The best of the quay, every evening, by mail.</p></div>',
        '<div class="share"><span>Share</span><a href="#">Mail</a></div>',
        "<p>Sign up for our evening letter</p>",
        "<p>Follow us on Facebook</p>",
        "<p>Do you have a story? Write to desk@paper.example</p>",
        "<p>© 2026 The Paper</p>",
        "<form><p>Enter your address to get the evening letter of this newspaper.</p></form>",
        "<p hidden>This text is shown to nobody who reads this page in a browser at all.</p>",
        '<div style="display: none"><p>This text is shown to nobody who reads this page.</p></div>',
        '<div class="cookie-notice"><p>We store biscuits in your browser, for us all.</p></div>',
        "<aside class='teaser'><h4>Elsewhere</h4><p><a href='/x'>Dredging</a> starts.</p></aside>",
        "<p>By Mira Holt</p>",
        "<nav><a href='/x'>Town</a></nav>",
        "<p>Lesen Sie auch</p>",
        "<p>Lire aussi : Le dragage commence au printemps</p>",
        "<p>関連記事</p>",
    ],
)
def test_what_surrounds_an_article_is_left_out(markup: str) -> None:
    found = texts(page(markup, head='<meta name="author" content="Mira Holt">'))
    assert found == [LEAD, MORE, LAST]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Why?</p>", "Why?"),
        ("<p>More.</p>", "More."),
        (
            '<p><a href="/report">The inspector has put the whole of her report online.</a></p>',
            "The inspector has put the whole of her report online.",
        ),
        (
            "<div>The office expects the next boat on Tuesday morning, if the sea is calm.</div>",
            "The office expects the next boat on Tuesday morning, if the sea is calm.",
        ),
        ("<div class='overflow-hidden'><p>The sea was calm.</p></div>", "The sea was calm."),
        ("<div class='hidden md:block'><p>The sea was calm.</p></div>", "The sea was calm."),
        ("<p>The office named <output>90</output> people.</p>", "The office named 90 people."),
        ("<p><label>Note</label> the time.</p>", "Note the time."),
        ("<p>If <math><mi>v</mi><mo>=</mo><mn>9</mn></math> knots.</p>", "If v=9 knots."),
        ("<p>A <my-term>lee shore</my-term> is near.</p>", "A lee shore is near."),
        ("<p>It cost 10<sup>6</sup> crowns.</p>", "It cost 10⁶ crowns."),
        ("<p>CO<sub>2</sub> was measured.</p>", "CO₂ was measured."),
        ("<p>On the 21<sup>st</sup> he left.</p>", "On the 21st he left."),
        ("<p>He is in <ruby>東京<rt>とうきょう</rt></ruby>.</p>", "He is in 東京(とうきょう)."),
        (
            "<p>In <ruby>東京<rp>[</rp><rt>とうきょう</rt><rp>]</rp></ruby>.</p>",
            "In 東京[とうきょう].",
        ),
        ("<p>It took <s>twelve</s> fourteen hours.</p>", "It took fourteen hours."),
        (
            '<p>The <a href="/x">report<span class="sr-only"> in a tab</span></a> is out.</p>',
            "The report is out.",
        ),
    ],
)  # fmt: skip
def test_what_belongs_to_an_article_is_kept(markup: str, expected: str) -> None:
    plain = (
        expected if not expected.startswith("<") else expected.partition(">")[2].partition("<")[0]
    )
    assert inside(markup) == [plain]


def test_struck_text_is_gone_and_its_striking_is_seen() -> None:
    before, after = "<p>Twelve died.</p>", "<p><del>Twelve</del> Eleven died.</p>"
    struck = "<p><s>Twelve died.</s></p>"
    assert inside(before) == ["Twelve died."]
    assert inside(after) == ["Eleven died."]
    assert inside(struck) == []
    seen = {text_fingerprint(page(markup).encode(), "text/html") for markup in (before, struck)}
    assert len(seen) == 2


def test_pulled_quotes_repeat_and_other_quotes_say() -> None:
    said = f"<p>{LAST.replace('all', 'his')} “We were never afraid of the sea,” said the mate.</p>"
    pulled = "<blockquote>“We were never afraid of the sea”</blockquote>"
    signed = "<blockquote>„We were never afraid of the sea“ Jon Aske, mate</blockquote>"
    new = "<blockquote>“The sea does as it likes,” he said later.</blockquote>"
    found = kinds(page(said + pulled + signed + new))
    assert [text for kind, text in found if kind == "quote"] == [
        "“The sea does as it likes,” he said later."
    ]


@pytest.mark.parametrize(
    "pulled",
    [
        '<aside class="pullquote"><p>{}</p></aside>',
        "<aside><p>“{}”</p></aside>",
        '<p class="big-quote">{}</p>',
    ],
)
@pytest.mark.parametrize("tag", ["p", "blockquote"])
def test_what_is_pulled_out_goes_and_what_it_repeats_stays(pulled: str, tag: str) -> None:
    quote = "We were never afraid of the sea"
    said = f"“{quote},” said the mate."
    found = kinds(page(f"<{tag}>{said}</{tag}>{pulled.format(quote)}"))
    assert [text for _, text in found if quote in text] == [said]


def test_what_a_box_alone_says_stays() -> None:
    said = "The ferry was built in 1971 and has room for ninety cars."
    assert said in texts(page(f'<aside class="quote-of-the-day"><p>{said}</p></aside>'))


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="standfirst">Engines fail off the lighthouse</p>',
        '<div class="article__dek">Ninety people are back on land.</div>',
        f"<h2>{ABOUT}</h2>",
    ],
)
def test_a_standfirst_before_the_body_is_kept(markup: str) -> None:
    described = f'<meta name="description" content="{ABOUT}">'
    found = texts(page(before=f"<header>{markup}</header>", head=described))
    assert len(found) == 4
    assert found[1:] == [LEAD, MORE, LAST]


@pytest.mark.parametrize(
    "line",
    [
        "<div>By Mira Holt <time>3 May 2026, 10.00</time> Updated <time>3 May, 11.30</time></div>",
        '<p class="byline">By Mira Holt, our correspondent in the harbour of the outer islands</p>',
        "<div>4 min read</div>",
        '<div class="breadcrumbs"><a href="/">Home</a> Harbour news of this week or last</div>',
    ],
)  # fmt: skip
def test_lines_between_headline_and_body_are_left_out(line: str) -> None:
    assert texts(page(before=line)) == [LEAD, MORE, LAST]


@pytest.mark.parametrize(
    "notice",
    [
        "<div>Correction: an earlier version gave the number of passengers as nineteen.</div>",
        "<div><em>This article was amended on 4 May to correct the number of engines.</em></div>",
        "<footer><p>Clarification: the hotel is not by the fish market itself.</p></footer>",
    ],
)
def test_a_notice_right_after_the_article_is_kept(notice: str) -> None:
    found = texts(page(after=notice))
    assert found[:3] == [LEAD, MORE, LAST]
    assert len(found) == 4
    assert (
        texts(page(after="<div>The paper is printed on four days of the week.</div>")) == found[:3]
    )


def test_a_notice_in_a_box_of_the_text_is_kept() -> None:
    assert inside("<div><b>Correction:</b> there were four engines.</div>") == [
        "Correction: there were four engines."
    ]


def test_captions_are_told_from_text() -> None:
    found = kinds(page(
        "<figure><img src='a.jpg'><figcaption><p>The pier.</p> <span>Picture: Ola</span>"
        "</figcaption></figure><div class='photo'><img src='b.jpg'><div>The mate.</div></div>"
        "<div class='wp-caption'><img src='c.jpg'><p class='wp-caption-text'>The bow.</p></div>"
    ))  # fmt: skip
    assert [text for kind, text in found if kind == "caption"] == [
        "The pier. Picture: Ola", "The mate.", "The bow.",
    ]  # fmt: skip


def test_what_a_page_names_badly_is_kept_if_it_holds_the_article() -> None:
    whole = page().replace("<main>", '<main class="newsletter-page has-sidebar ads">')
    assert texts(whole) == [LEAD, MORE, LAST]
    named = page().replace("<p>", '<p class="author-text">')
    assert texts(named) == [LEAD, MORE, LAST]
    several = "".join(f"<p>{LAST} So it was {n} times.</p>" for n in range(3))
    assert len(inside(f'<div class="slideshow">{several}</div>')) == 3


def test_comments_are_left_out_however_long() -> None:
    comment = f"<p>{LEAD} I have seen it myself, and it was worse than that.</p>"
    found = texts(page(after=f'<section id="comments">{comment * 40}</section>'))
    assert found == [LEAD, MORE, LAST]


def test_a_page_without_any_h1() -> None:
    plain = page().replace("<h1>Ferry stops</h1>", '<div class="title">Ferry stops</div>')
    assert texts(plain) == [LEAD, MORE, LAST]
    bare = f"<html><body><div><div>{LEAD}<br><br>{MORE}<br><br>{LAST}</div></div></body></html>"
    assert texts(bare) == [LEAD, MORE, LAST]


def test_an_article_in_several_parts() -> None:
    parts = "".join(
        f'<div class="part"><p>{text}</p></div><div class="ad">Sofas</div>'
        for text in (LEAD, MORE, LAST)
    )
    assert texts(f"<html><body><div><h1>Ferry stops</h1>{parts}</div></body></html>") == [
        LEAD, MORE, LAST,
    ]  # fmt: skip


def test_a_layout_table_is_no_table_of_data() -> None:
    cells = f"<td><p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p></td><td><a href='/x'>Town</a></td>"
    found = kinds(f"<html><body><h1>Ferry stops</h1><table><tr>{cells}</tr></table></body></html>")
    assert found == [("paragraph", LEAD), ("paragraph", MORE), ("paragraph", LAST)]


def test_another_reading_decides_where_two_parts_could_be_meant() -> None:
    """An archive in front of the article, as long as it and without any name."""
    teasers = "".join(
        f"<div><b>{n}.</b> {MORE} It was the {n}th time in this year, the office said.</div>"
        for n in range(12)
    )
    text = "".join(f"<p>{LEAD} {LAST} This was said {n} times.</p>" for n in range(6))
    whole = (
        f"<html><body><div>{teasers}</div><div><h1>Ferry stops</h1>"
        f'<div class="entry-content">{text}</div></div></body></html>'
    )
    found = texts(whole)
    assert len(found) == 6
    assert all(LEAD in paragraph for paragraph in found)


@pytest.mark.parametrize(
    "odd",
    [
        "<div>" * 5_000 + f"<p>{LEAD}</p>",
        "<table><tr><td>" * 300 + f"<p>{LEAD}</p>",
        "<aside><footer>" * 300 + f"<p>{LEAD}</p>",
        f"<p>{LEAD}</p><i>" + "<b>" * 5_000,
        "<a href='/x'>" * 3_000 + f"<p>{LEAD}</p>",
        f"<my-x><p><my-x>{LEAD}</p></my-x></my-x></my-x>",
        "<p>" * 20_000 + f"<p>{LEAD}</p>",
        "<div class='a'><p>Six words of an odd page.</p></div>" * 10_000,
    ],
    ids=["deep", "tables", "boxes", "inline", "links", "custom", "empty", "many"],
)
def test_odd_pages_take_no_long_time(odd: str) -> None:
    start = time.process_time()
    # the parser gives up what is nested too deep for any page to be read
    with contextlib.suppress(NotAnArticle):
        assert texts(f"<html><body><h1>Ferry stops</h1>{odd}</body></html>")
    # the slowest takes half a second; quadratic work on it would take minutes
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("before", "after"),
    [("10 000 people", "10\u00a0000 people"), ("caf\u00e9", "cafe\u0301"), ("a b", "a\u2009b")],
)
def test_spaces_and_form_that_a_reader_hardly_sees_are_told_as_form_alone(
    before: str, after: str
) -> None:
    pages = [
        f"""<html lang="en"><head><title>Ferry stops | Paper</title></head><body><article>
        <h1>Ferry stops</h1><p>The ferry to the outer islands has stopped for the day.</p>
        <p>At the quay stood {text}, the harbour master said on Monday morning.</p>
        </article></body></html>"""
        for text in (before, after, after.replace(" ", "\n  "))
    ]
    old, new, reflowed = (
        extract_snapshot(page.encode(), "https://news.example/a", "text/html; charset=utf-8")
        for page in pages
    )
    assert old.fingerprint != new.fingerprint
    assert old.fingerprint is not None
    assert describe(compare(old.snapshot, new.snapshot)) == (
        "1 paragraph changed in white space, invisible characters or Unicode form alone"
    )
    assert reflowed.snapshot == new.snapshot


@pytest.mark.parametrize(
    "opening",
    [
        "<p>Two men died.</p>",
        "<h2>Nine dead</h2>",
        "<ul><li>Two dead</li><li>Nine hurt</li></ul>",
        "<blockquote>I saw it fall.</blockquote>",
        "<p>동쪽 부두가 폐쇄됐다.</p>",
    ],
)
def test_a_short_opening_of_the_body_is_its_text(opening: str) -> None:
    page = f"""<html><head><title>Ferry stops | Paper</title></head><body><main><article>
    <h1>Ferry stops</h1><div class="story-body">{opening}<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p>
    </div></article></main></body></html>"""
    found = texts(page)
    assert len(found) > 3
    assert found[-3:] == [LEAD, MORE, LAST]


@pytest.mark.parametrize(
    "sentence",
    [
        "Support our crews, the mayor said.",
        "Sign up to volunteer, the chair urged residents, or the pier is lost for good.",
        "Join us or drown, the banner on the quay read.",
        "Copyright law does not apply to the chart, the court held.",
    ],
)
def test_news_that_begins_like_a_call_is_news(sentence: str) -> None:
    page = f"""<html><head><title>Ferry stops | Paper</title></head><body><main><article>
    <h1>Ferry stops</h1><p>{LEAD}</p><p>{sentence}</p><p>{MORE}</p><p>{LAST}</p>
    </article></main></body></html>"""
    assert texts(page) == [LEAD, sentence, MORE, LAST]


@pytest.mark.parametrize(
    "line", ["<p>Updated 14:05</p>", '<div class="meta"><time>Updated 14:05</time></div>']
)
def test_an_update_line_by_the_headline_is_a_notice_beside_the_text(line: str) -> None:
    page = f"""<html lang="en"><head><title>Ferry stops | Paper</title></head><body><main><article>
    <h1>Ferry stops</h1>{line}<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p></article></main></body>
    </html>"""
    pages = [page, page.replace("14:05", "15:10")]
    before, after = (
        extract_snapshot(each.encode(), "https://news.example/a", "text/html") for each in pages
    )
    assert before.fingerprint != after.fingerprint
    assert describe(compare(before.snapshot, after.snapshot)).startswith("update line changed")


def test_what_is_said_beside_a_picture_on_top_is_text() -> None:
    said = "In March the ferry company and the town signed a treaty on the quay and its lamps."
    hero = '<div class="hero static-image"><img src="/q.jpg" alt="">{}</div>'
    assert texts(page(before=hero.format(f"<p>{said}</p>")))[0] == said
    assert texts(page(before=hero.format("<p>The quay by night</p>")))[0] != "The quay by night"
