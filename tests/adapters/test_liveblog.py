"""Posts of live blogs: how pages mark them, and which paragraphs are theirs."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from lxml import html

from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.live.liveblog import PostMarks, assign_posts, find_posts
from watcher.core.compare import compare, describe
from watcher.core.model import Paragraph, Post, Snapshot

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


FORMS = {
    "article": '<article id="p{n}"><time datetime="{time}">x</time><p>{text}</p></article>',
    "list": '<li class="u" id="u-{n}"><time datetime="{time}">x</time><p>{text}</p></li>',
    "post id": '<div data-post-id="{n}7"><span>1{n}.05</span><p>{text}</p></div>',
    "kicker": '<div id="post-{n}1"><i>1{n}:05</i><h3>Hour {n}</h3><p>{text}</p></div>',
    "classes": '<div class="c{n}" id="b-{n}"><time datetime="{time}">x</time><p>{text}</p></div>',
    "no id": '<article class="entry"><time datetime="{time}">x</time><p>{text}</p></article>',
    "numbers": '<div id="e{n}" data-timestamp="177235{n}000"><b>1{n}.05</b><p>{text}</p></div>',
    "bare": '<section id="s{n}"><time datetime="{time}">x</time><div>{text}</div></section>',
    "both": '<div class="e" id="live-entry-{n}" data-id="{n}"><i>1{n}h05</i><p>{text}</p></div>',
    "clock": '<div class="e"><div><span class="k">1{n}:05</span></div><p>{text}</p></div>',
    "am and pm": '<div class="e"><b>{n}:05 p.m. ET</b><h3>Hour {n}</h3><p>{text}</p></div>',
    "clock, edited": '<div class="e"><span>1{n}:05 (updated 18:10)</span><p>{text}</p></div>',
}
POSTS = (
    *reversed(TEXTS.values()),
    "Rain is forecast until Thursday, the weather office said.",
    "The first of the three villages can be reached by boat since noon.",
)


def blog(form: str, shown: Sequence[int], posts: Sequence[str] = POSTS) -> Snapshot:
    told = "".join(
        form.format(n=n, time=f"2026-03-01T1{n}:05:00+01:00", text=posts[n]) for n in shown
    )
    whole = f"""<html lang="en"><head><title>Flood in the valley: live | Paper</title>
    <meta property="article:published_time" content="2026-03-01T08:00:00Z"></head><body><main>
    <article><h1>Flood in the valley: live</h1><p>The river has left its bed in the whole of the
    lower valley, and three villages are cut off.</p><div>{told}</div><button>Load more</button>
    </article></main></body></html>"""
    return extract_snapshot(whole.encode(), "https://news.example/live", "text/html").snapshot


@pytest.mark.parametrize("form", FORMS)
def test_a_new_post_is_an_insert_and_one_edited_later_an_edit(form: str) -> None:
    before, after = (blog(FORMS[form], shown) for shown in ((2, 1, 0), (3, 2, 1, 0)))
    assert len(before.posts) == 3
    assert [post.key for post in after.posts][1:] == [post.key for post in before.posts]
    assert {p.kind for p in after.paragraphs[1:]} <= {"live-post", "heading"}
    added = compare(before, after)
    assert describe(added) in ("1 paragraph added", "2 paragraphs added")
    edited = tuple(text.replace("three towns", "four towns and a mill") for text in POSTS)
    assert describe(compare(after, blog(FORMS[form], (3, 2, 1, 0), edited))) == "1 paragraph edited"


@pytest.mark.parametrize("form", [FORMS["article"], FORMS["no id"], FORMS["list"]])
def test_a_pinned_post_is_no_move(form: str) -> None:
    plain = blog(form, (4, 3, 2, 1, 0))
    for shown in ((1, 4, 3, 2, 1, 0), (1, 4, 3, 2, 0), (0, 1, 4, 3, 2), (2, 0, 4, 3, 2, 1, 0)):
        pinned = blog(form, shown)
        assert [p.text for p in pinned.paragraphs] == [p.text for p in plain.paragraphs]
        assert pinned.posts == plain.posts
    form = FORMS["post id"]
    assert blog(form, (0, 2, 1, 0)).posts == blog(form, (2, 1, 0)).posts
    form = FORMS["article"]
    later = describe(compare(blog(form, (0, 3, 2, 1)), blog(form, (0, 4, 3, 2, 1))))
    assert later == "1 paragraph added"


def test_the_oldest_post_that_makes_room_is_no_move() -> None:
    form = FORMS["article"]
    change = compare(blog(form, (2, 1, 0)), blog(form, (3, 2, 1)))
    assert [change.summary[name] for name in ("insert", "delete", "moved")] == [1, 1, 0]


def test_oldest_first_is_an_order_too() -> None:
    form = FORMS["article"]
    assert blog(form, (3, 0, 1, 2)).posts == blog(form, (0, 1, 2, 3)).posts
    assert [post.key for post in blog(form, (0, 2, 1, 3)).posts] == ["p0", "p2", "p1", "p3"]


def test_two_posts_of_one_minute_keep_their_names_when_a_third_comes() -> None:
    def at(*posts: tuple[str, str]) -> Snapshot:
        form = '<div class="e"><span>{clock}</span><p>{text}</p></div>'
        told = "".join(form.format(clock=clock, text=text) for clock, text in posts)
        return blog(told.replace("{", "{{").replace("}", "}}"), (0,))

    first, second, third, fourth, fifth = POSTS
    old = (("14:05", second), ("14:05", first), ("9:50", fifth))
    before, after = at(*old), at(("14:07", fourth), ("14:05", third), *old)
    assert [post.key for post in before.posts] == ["14:05 2", "14:05", "9:50"]
    assert [post.key for post in after.posts] == ["14:07", "14:05 3", "14:05 2", "14:05", "9:50"]
    assert describe(compare(before, after)) == "2 paragraphs added"
    edited = at(("14:05", second.replace("three", "four")), *old[1:])
    assert describe(compare(before, edited)) == "1 paragraph edited"


def test_a_table_of_times_beside_an_article_is_no_live_blog() -> None:
    stops = "".join(f'<li class="s"><span>1{n}:05</span> Sund</li>' for n in range(5))
    told = blog(f"<p>{' '.join(POSTS)}</p><ul>{stops}</ul>", (0,))
    assert not told.posts


def test_boxes_with_no_more_than_a_date_are_a_timeline() -> None:
    box = '<div class="step"><time datetime="2026-03-0{}">{} March</time><p>{}</p></div>'
    steps = "".join(box.format(at, at, text) for at, text in enumerate(TEXTS.values(), 1))
    assert page(steps).posts == ()
    assert len(page(steps, DECLARED).posts) == 3


@pytest.mark.parametrize("tag", ["div", "article", "li"])
def test_posts_with_a_body_each_are_all_of_the_article(tag: str) -> None:
    posts = "".join(
        f'<{tag} itemprop=liveBlogUpdate itemscope id="{key}"><time itemprop=datePublished'
        f' datetime="2026-03-01T1{at}:00:00Z">1{at}:00</time><h3>Title {at}</h3>'
        f"<div itemprop=articleBody><p>{text}</p><p>{text[:-1]}, it is said.</p></div></{tag}>"
        for at, (key, text) in enumerate(reversed(TEXTS.items()))
    )
    whole = f"<html><body><main><h1>Flood in the valley</h1>{posts}</main></body></html>"
    told = extract_snapshot(whole.encode(), "https://news.example/flood", "text/html").snapshot
    assert [(post.key, post.count) for post in told.posts] == [("p1", 3), ("p2", 3), ("p3", 3)]
