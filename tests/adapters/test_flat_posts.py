"""Live blogs without elements of their own for posts: a clock's reading, and texts up to the next.

And what looks alike and is none: timelines, programmes, timetables, scores.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from watcher.adapters.page.html import extract_snapshot
from watcher.core.compare import compare, describe
from watcher.core.model import Snapshot

TEXTS = (
    "The footbridge at the mill was taken away by the water, the fire service of the valley said.",
    "Pumps from three towns arrived before sunrise and were put to use at once, said the service.",
    "The council met during the night and asked people to stay at home until the water falls.",
    "Rain is forecast until Thursday, the weather office said, forty millimetres of it by noon.",
    "The first of the three villages can be reached by boat again, says the mayor of the town.",
)
CLOCKS = ("14:05", "13:50", "13:50", "12:10", "11:30")
HALVES = ("2.05pm", "1.50pm", "1.50pm", "12.10pm", "11.30am")
LEAD = (
    "<p>The river has left its bed in the whole of the lower valley and cut off three villages.</p>"
)
DECLARED = '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'
URL = "https://news.example/a/flood"


def read(
    inside: str, headline: str = "Flood in the valley", head: str = "", url: str = URL
) -> Snapshot:
    page = f"""<html lang="en"><head><title>{headline}</title>{head}
    <meta property="article:published_time" content="2026-03-01T08:00:00Z"></head><body><main>
    <article><h1>{headline}</h1>{LEAD}{inside}</article></main></body></html>"""
    return extract_snapshot(page.encode(), url, "text/html; charset=utf-8").snapshot


# A post by its reading c, the same with a.m. or p.m. h, its number from the oldest n, its text t.
FORMS = {
    "a heading": "<h3>{c}</h3><p>{t}</p><p>More of it at {n}.</p>",
    "a heading with a title": "<h2>{c} GMT – Title {n}</h2><p>{t}</p>",
    "a heading with a time": "<h2><time datetime='2026-03-01T{c}:00Z'>{c}</time></h2><p>{t}</p>",
    "a heading with an id": "<h3 id=p{n}>{c}</h3><p>{t}</p>",
    "an anchor before it": "<a name=p{n}></a><h3>{c}</h3><p>{t}</p>",
    "a heading in a header": "<div><header><h3>{c}</h3></header><p>{t}</p></div>",
    "bold": "<p><b>{c}</b> {t}</p>",
    "bold, twice": "<p><b><span>{c}</span></b> {t}</p><p>More of it at {n}.</p>",
    "a line of its own": "<p><strong>{h}</strong></p><p>{t}</p>",
    "a line with a rule": "<hr><p>{c} Uhr</p><p>{t}</p>",
    "a line with a date": "<p><strong>3 May, {c} GMT</strong></p><p>{t}</p>",
    "a time": "<p><time>{c}</time></p><p>{t}</p>",
    "plain": "<p>{c}: {t}</p>",
    "brackets": "<p>[{c}] {t}</p>",
    "wide brackets": "<p>【{c}】{t}</p>",
    "an item": "<li>{c} – {t}</li>",
    "a bold item": "<li><b>{c}</b> {t}</li>",
    "a definition": "<dt>{c}</dt><dd>{t}</dd>",
    "boxes": "<div><div>{c}</div><div>{t}</div></div>",
    "a row": "<tr><td>{c}</td><td>{t}</td></tr>",
    "rows": "<tr><td><b>{c}</b></td></tr><tr><td><p>{t}</p><p>That is all.</p></td></tr>",
    "line breaks": "<b>{c}</b><br>{t}<br><br>",
    "a word before": "<p><strong>Kl. {c}:</strong> {t}</p>",
    "Spanish": "<p><strong>A las {c}h.</strong> {t}</p>",
    "Italian": "<p><strong>Ore {c} - Titolo</strong><br>{t}</p>",
    "Japanese": "<h3>{c}分</h3><p>{t}</p>",
}


def blog(form: str, shown: Sequence[int], texts: Sequence[str] = TEXTS) -> Snapshot:
    mark = {"Italian": ".", "Japanese": "時"}.get(form, ":")
    told = "".join(
        FORMS[form].format(c=CLOCKS[at].replace(":", mark), h=HALVES[at], n=9 - at, t=texts[at])
        for at in shown
    )
    around = {"<li": "ul", "<dt": "dl", "<tr": "table"}
    tag = around.get(FORMS[form][:3], "div")
    return read(f"<{tag}>{told}</{tag}>")


@pytest.mark.parametrize("form", FORMS)
def test_posts_are_known_by_their_readings(form: str) -> None:
    before, after = (blog(form, shown) for shown in (range(1, 5), range(5)))
    keys = [post.key for post in after.posts]
    assert len(set(keys)) == 5
    assert [post.key for post in before.posts] == keys[1:]
    assert {p.kind for p in after.paragraphs[1:]} <= {"live-post", "heading", "table-row"}
    sizes = {post.count for post in after.posts}
    assert len(sizes) == 1, "each begins with its own reading"
    assert describe(compare(before, after)) in (
        f"{count} paragraph{'s' * (count > 1)} added" for count in sizes
    )
    edited = [text.replace("forty", "fifty") for text in TEXTS]
    assert describe(compare(after, blog(form, range(5), edited))) == "1 paragraph edited"


@pytest.mark.parametrize("form", ["a heading", "bold", "a line of its own", "an item"])
def test_a_second_post_of_a_minute_renames_none(form: str) -> None:
    before, after = (blog(form, shown) for shown in ((0, 2, 3, 4), (0, 1, 2, 3, 4)))
    keys = [post.key for post in before.posts]
    assert [post.key for post in after.posts] == [keys[0], f"{keys[1]} 2", *keys[1:]]
    assert describe(compare(before, after)).endswith("added")


@pytest.mark.parametrize(
    ("clocks", "count"),
    [
        (("0:15", "23:50", "22:10", "21:05", "20:00"), 5),
        (("10:15", "9:50", "22:10", "10:15", "9:10"), 5),
        (("9:15", "14:50", "13:10", "12:00", "11:10"), 5),
        (("3 p.m.", "2:10 p.m.", "1 p.m.", "noon", "11 a.m."), 4),
    ],
)
def test_another_day_and_a_post_pinned_on_top_break_no_order(
    clocks: Sequence[str], count: int
) -> None:
    found = read("".join(f"<h3>{c}</h3><p>{t}</p>" for c, t in zip(clocks, TEXTS, strict=True)))
    assert len(found.posts) == count


RISING = "".join(
    f"<p><b>{clock}</b> – {text}</p>" for clock, text in zip(CLOCKS[::-1], TEXTS, strict=True)
)


@pytest.mark.parametrize(
    ("headline", "head", "url"),
    [
        ("LIVE: Flood in the valley", "", URL),
        ("Flood in the valley – live", "", URL),
        ("Flood in the valley: live updates", "", URL),
        ("EN DIRECT. La crue", "", URL),
        ("Hochwasser im Newsblog", "", URL),
        ("实时更新：河水上涨", "", URL),
        ("Flood in the valley", DECLARED, URL),
        ("Flood in the valley", "", "https://news.example/live/flood"),
        ("Flood in the valley", "", "https://news.example/flood-live-blog-12"),
    ],
)
def test_oldest_first_needs_a_page_that_says_that_it_is_live(
    headline: str, head: str, url: str
) -> None:
    assert len(read(RISING, headline, head, url).posts) == 5
    assert not read(RISING).posts


def listed(clocks: Sequence[str], form: str, texts: Sequence[str] = TEXTS) -> str:
    return "".join(form.format(c=c, t=t) for c, t in zip(clocks, texts, strict=False))


@pytest.mark.parametrize(
    ("inside", "headline"),
    [
        (RISING, "How the day went"),
        (listed(("20:15", "21:00", "22:15", "0:30"), "<p><b>{c}</b> {t}</p>"), "Live music on TV"),
        (listed(("9:50", "9:45", "9:30", "9:10"), "<p>{c} {t}</p>"), "Four marks"),
        (listed(("9.50", "9.45", "9.30", "9.10"), "<p>{c} – {t}</p>"), "Four marks"),
        (listed(("3:16", "3:14", "3:12", "2:55"), "<p>{c} {t}</p>"), "Four verses"),
        (listed(("1:45.3", "1:44.9", "1:43.2", "1:42.5"), "<li>{c}: {t}</li>"), "The race"),
        (listed(("22:30", "20:15", "18:00", "15:30"), "<h4>{c}</h4><p>{t}</p>"), "Cinema tonight"),
        (
            "<table>"
            + listed(("18:05", "17:40", "16:10"), "<tr><td>{c}<td>LH 12<td>{t}</tr>")
            + "</table>",
            "Flights",
        ),
        (listed(CLOCKS[:2], "<h3>{c}</h3><p>{t}</p>"), "Twice"),
        (listed(CLOCKS, "<p>{c} – {t}</p>", ("Tea", "A walk", "Lunch", "Mass", "Tour")), "Plan"),
        (
            listed(("9:00", "8:00", "7:00"), "<li>{c}–18:00 {t}</li>", ("Mon", "Wed", "Sat")),
            "Opening hours",
        ),
        (LEAD * 6 + listed(CLOCKS[::2], "<h3>{c}</h3><p>{t}</p>"), "How the day went"),
        (
            listed(("14:05", "13:10", "12:30", "11:00"), "<p>{c} was when it began. {t}</p>"),
            "How the day went",
        ),
    ],
)  # fmt: skip
def test_what_only_has_clocks_is_no_live_blog(inside: str, headline: str) -> None:
    found = read(inside, headline)
    assert not found.posts
    assert "live-post" not in {p.kind for p in found.paragraphs}


COUNTED = (
    "<h3 id=post-{n}>{c}</h3><p>{t}</p>",
    "<div id=post-{n}><time datetime='2026-03-01T{c}:00Z'>{c}</time><p>{t}</p></div>",
)


@pytest.mark.parametrize("form", COUNTED)
def test_names_that_count_from_the_newest_on_name_nothing(form: str) -> None:
    def made(first: int) -> Snapshot:
        shown = zip(CLOCKS[first:], TEXTS[first:], strict=True)
        return read("".join(form.format(n=n, c=c, t=t) for n, (c, t) in enumerate(shown)))

    before, after = made(1), made(0)
    assert [post.key for post in before.posts] == [post.key for post in after.posts][1:]
    assert describe(compare(before, after)).endswith("added")


def test_names_made_from_readings_name_nothing() -> None:
    inside = listed(CLOCKS, "<h3 id=at-{c}>{c}</h3><p>{t}</p>").replace("at-13:50", "at-13:50-2", 1)
    assert [p.key for p in read(inside).posts] == ["14:05", "13:50 2", "13:50", "12:10", "11:30"]


def test_names_in_json_ld_go_before_readings() -> None:
    updates = [
        {"@type": "BlogPosting", "@id": f"#p{5 - at}", "articleBody": f"{CLOCKS[at]} {text}"}
        for at, text in enumerate(TEXTS)
    ]
    blog = json.dumps({"@type": "LiveBlogPosting", "liveBlogUpdate": updates})
    head = f'<script type="application/ld+json">{blog}</script>'
    told = read(listed(CLOCKS, "<h3>{c}</h3><p>{t}</p>"), head=head).posts
    assert [post.key for post in told] == ["#p5", "#p4", "#p3", "#p2", "#p1"]


@pytest.mark.parametrize("form", ["<p><b>{c}</b> – {t}</p>", "<h3>{c} – Title</h3><p>{t}</p>"])
def test_posts_that_the_page_shows_otherwise_have_the_names_of_the_data(form: str) -> None:
    updates = [
        {"@type": "BlogPosting", "@id": f"#p{5 - at}", "headline": "Unseen", "articleBody": text}
        for at, text in enumerate(TEXTS)
    ]
    blog = json.dumps({"@type": "LiveBlogPosting", "liveBlogUpdate": updates})
    head = f'<script type="application/ld+json">{blog}</script>'
    told = read(listed(CLOCKS, form), head=head).posts
    assert [post.key for post in told] == ["#p5", "#p4", "#p3", "#p2", "#p1"]


def test_a_pinned_post_without_a_date_is_no_move() -> None:
    shown = list(zip(CLOCKS, TEXTS, strict=True))
    made = "<h3>{}</h3><p>{}</p>"
    plain = read("".join(made.format(*post) for post in shown))
    for at in (3, 4):
        pinned = [shown[at], *shown[:at], *shown[at + 1 :]]
        told = read("".join(made.format(*post) for post in pinned))
        assert not [e for e in compare(plain, told).edits if e.op != "equal" or e.moved]


def test_one_post_is_enough_where_the_page_declares_a_live_blog() -> None:
    inside = listed(CLOCKS[:1], "<h3>{c}</h3><p>{t}</p>")
    assert [post.key for post in read(inside, head=DECLARED).posts] == ["14:05"]


BODIES = {
    "a mention": "<p>{t}</p><p>At 13:50 and at 12:10 it was seen by the mill.</p>",
    "an author": "<p>Anna Berg</p><p>{t}</p>",
    "a quote": "<p>{t}</p><blockquote><p>The water falls, says the mayor. 14:02</p></blockquote>",
    "a list": "<p>{t}</p><ul><li>The road is shut.</li><li>The bridge is open.</li></ul>",
    "a subhead": "<p>{t}</p><h4>What follows</h4><p>More of it is to be told soon.</p>",
}
SUMMARY = "".join(f"<li>{CLOCKS[at]} {TEXTS[at][:48]}</li>" for at in (0, 2, 4))


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("summary", ["", f"<h2>Key points</h2><ul>{SUMMARY}</ul>"])
@pytest.mark.parametrize(
    "form",
    ["<h3>{c}</h3>{b}", "<div><div>{c}</div>{b}</div>", "<b>{c}</b><br>{b}",
     "<div class=e><span>{c}</span>{b}</div>", "<p><strong>{c}</strong></p>{b}"],
)  # fmt: skip
def test_what_stands_in_a_post_or_sums_posts_up_parts_none(
    form: str, summary: str, body: str
) -> None:
    def told(first: int, texts: Sequence[str] = TEXTS) -> Snapshot:
        posts = (
            form.format(c=CLOCKS[at], b=BODIES[body].format(t=texts[at])) for at in range(first, 5)
        )
        return read(f"{summary}<div>{''.join(posts)}</div>")

    before, after = told(1), told(0)
    assert [post.key for post in after.posts] == ["14:05", "13:50 2", "13:50", "12:10", "11:30"]
    assert [post.key for post in before.posts] == [post.key for post in after.posts][1:]
    assert len({post.count for post in after.posts[:-1]}) == 1
    added = compare(before, after)
    assert not [edit for edit in added.edits if edit.op not in ("equal", "insert") or edit.moved]
    edited = told(0, [text.replace("forty", "fifty") for text in TEXTS])
    assert describe(compare(after, edited)) == "1 paragraph edited"
