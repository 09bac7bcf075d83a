"""Posts of live blogs: how pages mark them, and which paragraphs are theirs."""

from __future__ import annotations

import json

from lxml import html

from watcher.adapters.liveblog import PostMarks, assign_posts, find_posts
from watcher.core.model import Paragraph, Post

TEXTS = {
    "p3": "The footbridge at the mill was taken away by the water at ten.",
    "p2": "Pumps from three towns arrived before sunrise, the fire service said.",
    "p1": "The council met during the night and asked people to stay at home.",
}
DECLARED = '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'


def page(posts: str, head: str = "") -> PostMarks:
    return find_posts(html.fromstring(f"<html><head>{head}</head><body>{posts}</body></html>"))


def timed(form: str) -> str:
    return "".join(
        form.format(key=key, time=f"2026-03-01T1{at}:00+01:00", text=text)
        for at, (key, text) in enumerate(reversed(TEXTS.items()))
    )


def paragraphs(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph("paragraph", text) for text in texts)


def test_articles_with_an_id_and_a_time_are_posts() -> None:
    marks = page(
        timed('<article id="{key}"><time datetime="{time}">x</time><p>{text}</p></article>')
    )
    assert [(mark.key, mark.time) for mark in marks.posts] == [
        ("p1", "2026-03-01T09:00:00Z"),
        ("p2", "2026-03-01T10:00:00Z"),
        ("p3", "2026-03-01T11:00:00Z"),
    ]
    assert not marks.is_declared


def test_a_key_made_for_posts_goes_before_an_id() -> None:
    form = (
        '<div class="c" id="x{key}" data-post-id="{key}"><time datetime="{time}"></time>'
        "{text}</div>"
    )
    assert [mark.key for mark in page(timed(form)).posts] == ["p1", "p2", "p3"]


def test_boxes_without_a_time_are_posts_only_where_the_page_says_that_it_is_a_live_blog() -> None:
    boxes = timed('<div class="entry" id="{key}"><p>{text}</p></div>')
    assert page(boxes).posts == ()
    marks = page(boxes, DECLARED)
    assert [(mark.key, mark.time) for mark in marks.posts] == [
        ("p1", None), ("p2", None), ("p3", None),
    ]  # fmt: skip


def test_the_larger_of_two_groups_of_boxes_is_the_blog() -> None:
    cards = "".join(
        f'<li class="card" id="c{n}"><time datetime="2026-03-01">1 March</time>Ferry {n}</li>'
        for n in range(5)
    )
    marks = page(
        cards + timed('<section id="{key}"><time datetime="{time}"></time>{text}</section>')
    )
    assert [mark.key for mark in marks.posts] == ["p1", "p2", "p3"]


def test_posts_without_an_identity_are_known_from_json_ld() -> None:
    updates = [
        {
            "@type": "BlogPosting",
            "@id": f"https://news.example/live#{key}",
            "datePublished": "2026-03-01T10:00:00+01:00",
            "articleBody": text,
        }
        for key, text in TEXTS.items()
    ]
    blog = {"@graph": [{"@type": "LiveBlogPosting", "liveBlogUpdate": updates}]}
    head = f'<script type="application/ld+json">{json.dumps(blog)}</script>'
    marks = page(timed("<div><p>{text}</p></div>"), head)
    _, posts = assign_posts(paragraphs(*TEXTS.values()), marks)
    assert posts == tuple(
        Post(f"https://news.example/live#{key}", "2026-03-01T09:00:00Z", at, 1)
        for at, key in enumerate(TEXTS)
    )


def test_a_post_in_a_post_is_a_part_of_it() -> None:
    inner = '<div id="in-{key}"><time datetime="{time}"></time>{text}</div>'
    marks = page(timed(f'<div id="{{key}}"><time datetime="{{time}}"></time>{inner}</div>'))
    assert [mark.key for mark in marks.posts] == ["p1", "p2", "p3"]


def test_paragraphs_go_to_their_posts_and_the_summary_stays_outside() -> None:
    marks = page(
        timed(
            '<article id="{key}"><time datetime="{time}"></time><h3>At</h3><p>{text}</p></article>'
        ),
        DECLARED,
    )
    summary = "Rain is forecast until Thursday."
    told, posts = assign_posts(
        (
            Paragraph("paragraph", summary),
            Paragraph("heading", "At"),
            *paragraphs(TEXTS["p1"], TEXTS["p2"], TEXTS["p3"]),
        ),
        marks,
    )
    assert [p.kind for p in told] == ["paragraph", "heading", "live-post", "live-post", "live-post"]
    assert posts == (
        Post("p1", "2026-03-01T09:00:00Z", 1, 2),
        Post("p2", "2026-03-01T10:00:00Z", 3, 1),
        Post("p3", "2026-03-01T11:00:00Z", 4, 1),
    )


def test_a_post_that_the_extraction_left_out_has_no_paragraphs_and_is_none() -> None:
    marks = page(timed('<li id="{key}"><time datetime="{time}"></time>{text}</li>'), DECLARED)
    _, posts = assign_posts(paragraphs(TEXTS["p1"], TEXTS["p3"]), marks)
    assert [(post.key, post.first) for post in posts] == [("p1", 0), ("p3", 1)]


def test_an_article_with_boxes_beside_it_is_no_live_blog() -> None:
    marks = page(timed('<li id="{key}"><time datetime="{time}"></time>{text}</li>'))
    body = paragraphs(*(f"Paragraph {n} of a long report on the ferry." * 5 for n in range(9)))
    found = (*body, *paragraphs(*reversed(TEXTS.values())))
    assert assign_posts(found, marks) == (found, ())


def test_a_short_text_does_not_carry_the_search_away() -> None:
    posts = "".join(
        f'<li id="k{n}"><time datetime="2026-03-01"></time>Number {n} of all the news today'
        f"{' Read more' if n == 40 else ''}</li>"
        for n in range(60)
    )
    texts = [f"Number {n} of all the news today" for n in range(60)]
    texts.insert(1, "Read more")
    _, found = assign_posts(paragraphs(*texts), page(posts, DECLARED))
    assert [post.key for post in found] == [f"k{n}" for n in range(60)]
    assert found[0] == Post("k0", "2026-03-01", 0, 1)
    assert found[1] == Post("k1", "2026-03-01", 2, 1)
