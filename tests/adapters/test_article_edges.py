"""The edges of an article: what badly chosen names, boxes without any, and folded places hide."""

from __future__ import annotations

import re

import pytest

from tests.adapters.test_article_text import LAST, LEAD, MORE, inside, kinds, page, texts
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot

PROSE = "The harbour master said the quay would stay shut until divers had looked at every pile."
EVENING = "All that happened on the quay, every evening at six, and what the sea will do."
AUTHOR = '<meta name="author" content="Mira Holt">'
TEXT = [LEAD, MORE, LAST]
NO_FIGURES = dict.fromkeys(map(ord, "0123456789"), "n")


@pytest.mark.parametrize(
    "name",
    [
        "paywall", "callout", "follow", "follow-up", "banner", "banner-text", "promo", "campaign",
        "subscribe", "social", "share", "market-share", "login", "register", "menu", "dateline",
        "has-ads", "no-comments", "ad-free", "poll", "weather", "widget",
    ],
)  # fmt: skip
def test_prose_with_nothing_to_click_on_is_text_whatever_its_name(name: str) -> None:
    assert inside(f'<p class="{name}">{PROSE}</p>') == [PROSE]
    assert inside(f'<div class="{name}"><p>{PROSE}</p></div>') == [PROSE]
    assert inside(f'<div id="{name}"><h3>The piles</h3><p>{PROSE}</p></div>')[-1] == PROSE


@pytest.mark.parametrize("name", ["paywall", "promo", "follow", "subscribe", "banner", "share"])
def test_a_named_box_that_leads_elsewhere_is_left_out(name: str) -> None:
    assert inside(f'<div class="{name}"><p>{EVENING}</p><a href="/l">Go on</a></div>') == []
    assert inside(f'<div class="{name}"><p>{EVENING}</p><button>Go on</button></div>') == []
    assert inside(f'<p class="{name}">Four crowns a month</p>') == []
    cards = "".join(f'<div><p>{EVENING}</p><a href="/{n}">Go on</a></div>' for n in range(4))
    long = "".join(f"<p>{MORE} It was the {n}th time.</p>" for n in range(9))
    assert EVENING not in inside(f'{long}<div class="{name}">{cards}</div>')


@pytest.mark.parametrize("names", ["paywall", "newsletter related", "comments", "promo ad"])
def test_the_body_is_the_body_whatever_other_names_it_has(names: str) -> None:
    both = page().replace('"article-body"', f'"article-body {names}"')
    assert texts(both) == TEXT
    # beside so much of it that the body is a small part of the page
    long = "".join(f"<p>{LEAD} It was the {n}th time, she said.</p>" for n in range(30))
    assert texts(both.replace("</main>", f'<section class="comments">{long}</section></main>')) == (
        TEXT
    )


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><h3>The letter</h3><p>{EVENING}</p><div><input type='email'></div></div>",
        f"<section><p>{EVENING}</p><form><input name='m'><button>Send it</button></form></section>",
        f"<div><p>Sign up for the letter</p><p>{EVENING}</p><p><a href='/l'>Sign up</a></p></div>",
        f"<div><b>Sign up for the letter</b><p>{EVENING}</p><button>Sign up</button></div>",
        f"<div><img src='m.jpg'><p>Mira Holt is our correspondent. {EVENING}</p></div>",
        f"<div><h4>Mira Holt</h4><p>She is our correspondent. {EVENING}</p></div>",
        f"<div><a rel='sponsored' href='/x'>Half price sofas</a><p>{EVENING}</p></div>",
        f"<div><span>Advertisement</span><p>{EVENING}</p></div>",
        f"<div><div>Anzeige</div><div>{EVENING}</div></div>",
        f"<div data-ad-slot='7'><p>{EVENING}</p></div>",
        f"<div aria-label='Advertisement'><p>{EVENING}</p></div>",
        "<div><a href='/x'>Dredging starts in spring</a><p>3 May 2026</p></div>",
        f"<div><h4><a href='/x'>Dredging starts</a></h4><p>{EVENING}</p><p>3 May 2026</p></div>",
        "<section><h2>More from the isles</h2><article><h3><a href='/x'>Dredging starts</a></h3>"
        "<p>Two ships are on the way.</p></article><article><h3><a href='/y'>Fish is cheap</a></h3>"
        "<p>A kilo of cod costs a crown.</p></article></section>",
        "<p>You may also like...</p>",
        "<p>This slideshow requires JavaScript.</p>",
        "<p>Click\u00a0here\u00a0to read <a href='/x'>all of it</a>.</p>",
        "<p>Reporting by Mira Holt and Jon Aske; editing by Tove Lind</p>",
    ],
)
def test_boxes_without_a_name_are_left_out_for_what_they_hold(markup: str) -> None:
    assert texts(page(markup, head=AUTHOR)) == TEXT


def test_a_box_that_turns_makes_no_version() -> None:
    pages = [
        page(f"<div><span>Advertisement</span><p>{text}</p></div>")
        for text in (
            EVENING,
            "Half price sofas in all six shops of the sofa house, this week only.",
        )
    ]
    assert texts(pages[0]) == texts(pages[1]) == TEXT


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><p>{PROSE}</p></div>",
        f"<section><h3>The piles</h3><p>{PROSE}</p></section>",
        f"<div><p>{PROSE}</p><input type='text' readonly value='https://news.example/a#4'></div>",
        f"<div><p>{PROSE}</p><button>Share</button></div>",
        f"<div><p>{PROSE}</p><p><a href='/x'>The report</a> is open to all.</p></div>",
        f"<div><p>Join us or drown, the banner read.</p><p>{PROSE}</p></div>",
    ],
)
def test_boxes_of_the_text_are_kept(markup: str) -> None:
    assert PROSE in inside(markup)


def test_items_of_a_list_of_stories_are_the_text() -> None:
    items = "".join(
        f"<div><h3><a href='/{n}'>Story number {n}</a></h3><p>{PROSE} It was no. {n}.</p></div>"
        for n in range(9)
    )
    assert inside(items) == [
        text for n in range(9) for text in (f"Story number {n}", f"{PROSE} It was no. {n}.")
    ]


def test_every_part_of_the_text_in_a_box_with_a_field_is_still_the_text() -> None:
    parts = "".join(
        f"<div><p>{LEAD} It was the {n}th time.</p><textarea></textarea></div>" for n in range(5)
    )
    whole = f"<html><body><article><h1>Ferry stops</h1><div>{parts}</div></article></body></html>"
    assert len(texts(whole)) == 5


def test_a_last_line_on_the_author_is_left_out() -> None:
    line = "<p><em>Mira Holt is our correspondent in the harbour.</em></p>"
    whole = page(head=AUTHOR).replace(f"<p>{LAST}</p>", f"<p>{LAST}</p>{line}")
    assert texts(whole) == TEXT
    assert inside("<p>Mira Holt is the name of the ferry.</p>") == [
        "Mira Holt is the name of the ferry."
    ]


def test_a_last_heading_goes_only_with_links_that_are_left_out() -> None:
    def ending(markup: str) -> list[str]:
        return texts(page().replace(f"<p>{LAST}</p>", f"<p>{LAST}</p>{markup}"))[3:]

    assert ending("<h2>What comes next</h2>") == ["What comes next"]
    assert ending("<h2>What comes next</h2><div class='share'><a href='#'>Mail</a></div>") == [
        "What comes next"
    ]
    links = "<ul><li><a href='/x'>Dredging starts</a></li><li><a href='/y'>Fish</a></li></ul>"
    assert ending(f"<h2>More boats</h2>{links}") == []
    assert ending(f"<h2>Boats</h2><h3>More boats</h3>{links}") == []
    assert inside(f"<h2>More boats</h2>{links}<h2>The crew</h2>") == ["The crew"]
    assert inside(f"<h2>The crew</h2>{links}<p>{PROSE}</p>") == ["The crew", PROSE]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<p>The three reports:</p><ul><li><a href='/1'>On the engines</a></li>"
            "<li><a href='/2'>On the crew</a></li></ul>",
            ["The three reports:", "On the engines", "On the crew"],
        ),
        (
            "<p>The office has two reports:</p><p><a href='/1'>On the engines</a></p>"
            "<p><a href='/2'>On the crew</a></p><p>Why?</p><p><a href='/3'>Fish prices</a></p>",
            ["The office has two reports:", "On the engines", "On the crew", "Why?"],
        ),
        (
            "<ul><li>The engines failed.</li><li><a href='/2'>The crew of the boat</a></li></ul>",
            ["The engines failed.", "The crew of the boat"],
        ),
        ("<p>Read more:</p><ul><li><a href='/1'>On the engines</a></li></ul>", []),
    ],
)
def test_links_that_the_text_announces_are_its_own(markup: str, expected: list[str]) -> None:
    assert inside(markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote class='twitter-tweet'><p>{}</p>— A. (@a) <a href='/1'>3 May</a></blockquote>",
        "<figure><blockquote><p>{}</p></blockquote><figcaption>Jon Aske</figcaption></figure>",
        "<div class='embed widget'><blockquote><p>{}</p><a href='/1'>3 May</a></blockquote></div>",
        "<div class='social-embed'><blockquote><p>{}</p><a href='/1'>A.</a></blockquote></div>",
    ],
)
def test_what_is_set_into_the_text_from_elsewhere_is_kept(markup: str) -> None:
    said = "We are all safe on the quay, thank you."
    assert ("quote", said) in kinds(page(markup.format(said)))


def test_a_byline_that_only_a_reader_sees_is_no_text() -> None:
    assert texts(page(before="<p>By Mira Holt</p>")) == TEXT


def test_the_headlines_own_article_goes_before_more_prose_beside_it() -> None:
    others = "".join(
        f"<article class='box'><h3><a href='/{n}'>Boat {n}</a></h3><p>{MORE} So it went {n} times, "
        f"and {n} more.</p></article>"
        for n in range(6)
    )
    whole = (
        f"<html><body><article><h1>Ferry stops</h1><p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p>"
        f"</article><article class='all'>{others}</article></body></html>"
    )
    assert texts(whole) == TEXT


def test_captions_in_a_gallery_of_a_list_are_captions() -> None:
    item = "<li class='photo'><img src='a.jpg'><div class='caption'><p>The pier.</p></div></li>"
    assert ("caption", "The pier.") in kinds(page(f"<ul>{item}</ul>"))


DETAILS = f"<details><summary>What is a lee shore?</summary>{PROSE}</details>"


def test_what_a_reader_may_unfold_is_text() -> None:
    assert kinds(page(DETAILS))[2:4] == [("heading", "What is a lee shore?"), ("paragraph", PROSE)]


def folded(before: str, after: str) -> str:
    """A page whose body stands between two tags."""
    return (
        page()
        .replace('<div class="article-body">', f'{before}<div class="article-body">')
        .replace("</div></article>", f"</div>{after}</article>")
    )


FOLDS = {
    "noscript": ("<noscript>", "</noscript>"),
    "in capitals": ("<NOSCRIPT class='lazy'>", "</NOSCRIPT>"),
    "shadow": ('<my-text><template shadowrootmode="open">', "</template></my-text>"),
    "closed shadow": ("<my-text><template shadowrootmode=closed>", "</template></my-text>"),
}


@pytest.mark.parametrize("fold", FOLDS)
def test_a_folded_body_is_read_and_every_change_of_it_is_seen(fold: str) -> None:
    whole = folded(*FOLDS[fold])
    first = extract_snapshot(whole.encode(), "https://news.example/a", "text/html")
    assert [p.text for p in first.snapshot.paragraphs] == TEXT
    assert first.fingerprint is not None
    for old, new in (("ninety", "nineteen"), ("Monday.", "Monday"), ("Nobody", "Somebody")):
        changed = whole.replace(old, new).encode()
        assert text_fingerprint(changed, "text/html") != first.fingerprint


def test_what_stands_in_noscript_too_is_read_once() -> None:
    body = f"<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p>"
    twice = page().replace("</article>", f"<noscript>{body}</noscript></article>")
    assert texts(twice) == TEXT


def test_a_request_for_scripts_and_a_plain_template_are_no_text() -> None:
    asked = "<noscript><p>Please switch JavaScript on, or you will see no pictures here.</p>"
    unused = f"<template><p>{PROSE}</p></template>"
    assert inside(f"{asked}</noscript>{unused}") == []


@pytest.mark.parametrize("item", ["12 dead: full list", "Aid: 4,000 crowns for each house"])
def test_a_list_of_one_link_with_a_figure_behind_the_text_is_text(item: str) -> None:
    assert inside(f'<ul><li><a href="/l">{item}</a></li></ul>') == [item]
    assert inside(f"<ul><li><a href='/l'>{item.translate(NO_FIGURES)}</a></li></ul>") == []


@pytest.mark.parametrize("item", ["Read more: 12 dead", "1,200 comments", "12 comments"])
def test_a_list_of_one_link_that_leads_elsewhere_is_not(item: str) -> None:
    assert inside(f'<ul><li><a href="/l">{item}</a></li></ul>') == []


@pytest.mark.parametrize("date", ["3 May 2026", "Posted: 3 May 2026, 10.00", "Udgivet 3. maj 2026"])
@pytest.mark.parametrize(
    "name", ["date", "post-date", "entry date", "published", "fecha", "dateline"]
)
def test_a_line_that_is_named_a_date_is_no_text_however_short_the_article(
    name: str, date: str
) -> None:
    short = (
        f"<html><head><title>Bus off the road</title></head><body><h1>Bus off the road</h1>"
        f'<article><p class="{name}">{date}</p><p>Two were hurt on Sunday near the bridge.</p>'
        "</article></body></html>"
    )
    assert texts(short) == ["Two were hurt on Sunday near the bridge."]


def test_a_date_that_is_said_amid_the_text_is_text() -> None:
    assert inside('<p class="date">Friday, 8 May: gates open at 19.30</p>') == [
        "Friday, 8 May: gates open at 19.30"
    ]
    late = (
        "<p class=date>It happened on 3 May 2026.</p><p>Two were hurt on Sunday at the bridge.</p>"
    )
    head = "<title>Bus off the road</title>"
    found = texts(f"<html><head>{head}</head><body><h1>Bus off the road</h1>{late}</body></html>")
    assert found[0] == "It happened on 3 May 2026."
    toll = late.replace("It happened on 3 May 2026.", "Toll rises to 12")
    assert texts(f"<head>{head}</head><h1>Bus off the road</h1>{toll}")[0] == "Toll rises to 12"


SPOKEN = ["comment", "reply", "related", "newsletter", "author", "sidebar", "c-comment", "bio"]


@pytest.mark.parametrize("name", SPOKEN)
@pytest.mark.parametrize("tag", ["p", "div"])
def test_prose_between_two_paragraphs_is_text_though_it_is_named_like_a_box(
    name: str, tag: str
) -> None:
    inner = PROSE if tag == "p" else f"<p>{PROSE}</p>"
    box = f'<{tag} class="{name}">{inner}</{tag}>'
    assert inside(box) == [PROSE]
    seen = {
        text_fingerprint(page(each).encode(), "text/html")
        for each in ("", box, box.replace("quay", "pier"))
    }
    assert len(seen) == 3


@pytest.mark.parametrize("name", SPOKEN)
def test_a_box_of_such_a_name_that_is_one_is_left_out(name: str) -> None:
    assert inside(f'<div class="{name}"><p>{EVENING}</p><a href="/l">Go on</a></div>') == []
    assert inside(f'<div class="{name}"><p>{EVENING}</p><input name="mail"></div>') == []
    assert inside(f'<div class="{name}"><p>{EVENING}</p><button>Send</button></div>') == []
    assert inside(f'<div class="{name} ad"><p>{PROSE}</p></div>') == []
    assert PROSE not in texts(page(after=f'<div class="{name}"><p>{PROSE}</p></div>'))


FACTS = "<h3>The quay</h3><p>It was built of oak in 1788 and has burned down twice since then.</p>"


def test_an_aside_of_facts_may_have_a_link_in_its_prose() -> None:
    linked = '<p>A <a href="/q">stone quay</a> was planned in 1904, and again forty years on.</p>'
    assert len(inside(f"<aside>{FACTS}{linked}</aside>")) == 3
    more = '<p><a href="/q">Stone quay: the plan of 1904 that came to nothing</a></p>'
    assert inside(f"<aside>{FACTS}{more}</aside>") == []
    assert inside(f"<aside>{FACTS}{linked}<button>Share</button></aside>") == []
    assert inside(f'<aside class="related">{FACTS}{linked}</aside>') == []


@pytest.mark.parametrize(
    "line", ["1,204 views", "12 Kommentare", "Number of views (40)/Comments (2)"]
)
def test_a_counter_before_the_text_or_behind_it_is_left_out(line: str) -> None:
    counter = f'<p class="meta_text">{line}</p>'
    ahead = page().replace(f"<p>{LEAD}</p>", f"{counter}<p>{LEAD}</p>")
    behind = page().replace(f"<p>{LAST}</p>", f"<p>{LAST}</p>{counter}")
    assert texts(ahead) == texts(behind) == TEXT
    # amid it, polls must show that it changes by itself
    assert inside(counter) == [line]


@pytest.mark.parametrize(
    "facts",
    ["<p>1,200 dead</p>", "<ul><li>1,200 dead</li><li>12 comments</li></ul>",
     "<p>What the video of the quay had by noon:</p><p>1,204 views</p>"],
)  # fmt: skip
def test_figures_of_the_text_are_no_counters(facts: str) -> None:
    said = [part.partition("<")[0] for part in re.split("<(?:p|li)>", facts)[1:]]
    assert texts(page().replace(f"<p>{LAST}</p>", f"<p>{LAST}</p>{facts}")) == [*TEXT, *said]


def test_a_word_that_a_button_explains_is_one_of_its_sentence() -> None:
    said = "<p>The <button type='button'>{}</button> of the quay are being looked at by divers.</p>"
    assert inside(said.format("piles")) == ["The piles of the quay are being looked at by divers."]
    prints = {
        text_fingerprint(page(said.format(w)).encode(), "text/html") for w in ("piles", "ropes")
    }
    known = extract_snapshot(
        page(said.format("piles")).encode(), "https://p.example/a", "text/html"
    )
    assert known.fingerprint in prints
    assert len(prints) == 2
    assert inside("<p>Send this to a friend <button>Share</button></p>") == [
        "Send this to a friend"
    ]
