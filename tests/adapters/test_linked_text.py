"""The text of pages that show it by a script alone: read from their JSON-LD, or refused."""

from __future__ import annotations

import json

import pytest

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.linked.linkedtext import body_paragraphs
from watcher.core.model import Extraction
from watcher.errors import NotAnArticle

URL = "https://paper.example/2026/fire-at-the-mill-4711"
TEXTS = [
    "The old paper mill at Lom burned down to its walls in the night to Sunday.",
    "Forty firefighters from five towns were there until dawn, their chief said.",
    "What had set it on fire was not known; the mill has stood empty since 2019.",
]
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Fire at the mill of Lom",
    "url": URL,
    "datePublished": "2026-03-01T06:00:00Z",
    "articleBody": "\n".join(TEXTS),
}


def source(data: dict[str, object], body: str = "<div>Loading…</div>") -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    nav = "<nav><a href='/'>Front page</a><a href='/county'>County</a></nav>"
    return (
        f"<html><head><title>Fire at the mill of Lom</title>{script}</head>"
        f"<body>{nav}<h1>Fire at the mill of Lom</h1><main>{body}</main></body></html>"
    ).encode()


def read(data: dict[str, object], body: str = "<div>Loading…</div>") -> Extraction:
    return extract_snapshot(source(data, body), URL, "text/html")


def texts(found: Extraction) -> list[str]:
    return [paragraph.text for paragraph in found.snapshot.paragraphs]


@pytest.mark.parametrize(
    "body",
    ["<div>Loading…</div>", "", "<div id='root'></div><noscript>Please enable JavaScript to run"
     " this app.</noscript>", "<p>Loading…</p>"],
)  # fmt: skip
def test_a_page_without_its_text_is_read_from_its_data(body: str) -> None:
    found = read(ARTICLE, body)
    assert texts(found) == TEXTS
    assert found.is_linked
    assert found.fingerprint is not None


@pytest.mark.parametrize(
    "line",
    ["Read more: The mills of the Lom valley", "Sign up for our newsletter", "Anzeige",
     "4 min read", "Lees ook: De molen van Lom is weg.", "Follow us on all channels."],
)  # fmt: skip
def test_what_leads_elsewhere_is_no_text_in_the_data_either(line: str) -> None:
    told = [TEXTS[0], line, *TEXTS[1:]]
    assert texts(read({**ARTICLE, "articleBody": "\n".join(told)})) == TEXTS


def test_a_line_to_go_on_behind_the_data_shows_that_they_are_cut() -> None:
    with pytest.raises(NotAnArticle, match="hold only the beginning"):
        read({**ARTICLE, "articleBody": "\n".join([*TEXTS, "Continue reading…"])})


@pytest.mark.parametrize("first", [True, False])
def test_other_articles_in_the_data_are_not_read(first: bool) -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Bus drivers of the county go on strike",
        "url": "https://paper.example/2026/bus-drivers-strike-4702",
        "articleBody": "No bus has left the yard since Friday, and none will before Monday. " * 5,
    }
    graph = [other, ARTICLE] if first else [ARTICLE, other]
    script = f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'
    page = f"<html><head><title>The Paper</title>{script}</head><body><div id='app'></div></body>"
    found = extract_snapshot(page.encode(), URL, "text/html")
    assert found.snapshot.headline == "Fire at the mill of Lom"
    assert texts(found) == TEXTS


def test_a_standfirst_that_is_shown_stays() -> None:
    lead = "The museum that was to open in the mill next year has lost its home before it had one."
    assert texts(read(ARTICLE, f"<p>{lead}</p><div>Loading…</div>")) == [lead, *TEXTS]
    assert texts(read(ARTICLE, f"<p>{TEXTS[0]}</p><div>Loading…</div>")) == TEXTS


def test_a_page_that_shows_its_text_is_read_as_it_shows_it() -> None:
    shown = "".join(
        f"<p>{text}</p>" for text in [*TEXTS, "A paragraph that the data lack, of today."]
    )
    found = read(ARTICLE, shown)
    assert len(found.snapshot.paragraphs) == 4
    assert not found.is_linked


def test_no_letter_of_the_data_is_hidden_from_the_fingerprint() -> None:
    known = text_fingerprint(source(ARTICLE), "text/html")
    body = "\n".join(TEXTS)
    for at in range(0, len(body), 7):
        if body[at] != "\n":
            edited = f"{body[:at]}x{body[at + 1 :]}"
            assert (
                text_fingerprint(source({**ARTICLE, "articleBody": edited}), "text/html") != known
            )


@pytest.mark.parametrize(
    "data",
    [
        {**ARTICLE, "articleBody": f"{TEXTS[0]} {TEXTS[1]} What had set it …"},
        {**ARTICLE, "wordCount": 400},
    ],
)
def test_a_cut_text_is_no_article(data: dict[str, object]) -> None:
    with pytest.raises(NotAnArticle, match="only the beginning"):
        read(data)


def test_what_readers_do_not_get_to_see_is_not_read() -> None:
    with pytest.raises(NotAnArticle):
        read({**ARTICLE, "isAccessibleForFree": False})
    gate = f"<p>{TEXTS[0]}</p><h2>Subscribe to continue reading</h2><button>Subscribe</button>"
    found = read(ARTICLE, gate)
    assert found.is_lead
    assert not found.is_linked
    assert TEXTS[1] not in texts(found)


@pytest.mark.parametrize("spinner", ["Loading…", "Chargement en cours...", "Bitte warten …"])
def test_a_page_that_shows_nothing_but_that_it_loads_is_no_version(spinner: str) -> None:
    bare = {key: value for key, value in ARTICLE.items() if key != "articleBody"}
    with pytest.raises(NotAnArticle, match="no paragraphs"):
        read(bare, f"<article><p>{spinner}</p></article>")


def test_the_text_of_another_article_is_not_taken() -> None:
    other = {**ARTICLE, "headline": "Council votes on tolls", "url": "https://paper.example/tolls"}
    with pytest.raises(NotAnArticle):
        read(other)


def posts(*numbers: int, edited: int = 0) -> dict[str, object]:
    return {
        "@type": "LiveBlogPosting",
        "headline": "Fire at the mill of Lom",
        "datePublished": "2026-03-01T02:00:00Z",
        "liveBlogUpdate": [
            {
                "@type": "BlogPosting",
                "@id": f"{URL}#post-{number}",
                "headline": f"Report {number}",
                "datePublished": f"2026-03-01T0{number}:00:00Z",
                "articleBody": f"<p>{TEXTS[number % 3]}</p><p>Seen from the tower at {number}."
                f"{' Corrected.' if number == edited else ''}</p>",
            }
            for number in numbers
        ],
    }


def test_posts_that_stand_in_the_data_alone_are_live_posts() -> None:
    found = read(posts(4, 3, 2))
    assert [(post.key, post.time) for post in found.snapshot.posts] == [
        (f"{URL}#post-{number}", f"2026-03-01T0{number}:00:00Z") for number in (4, 3, 2)
    ]
    first = found.snapshot.posts[0]
    assert [found.snapshot.paragraphs[at].kind for at in range(first.count)] == [
        "heading", "live-post", "live-post",
    ]  # fmt: skip
    assert found.fingerprint not in (None, read(posts(4, 3, 2, edited=3)).fingerprint)


def test_posts_that_are_shown_are_read_from_the_page() -> None:
    shown = "".join(
        f"<article id='post-{n}'><time datetime='2026-03-01T0{n}:00:00Z'>{n}</time><p>{text}</p>"
        "</article>"
        for n, text in enumerate(TEXTS, 2)
    )
    data = posts(9, 8, 7, 6, 5, 4, 3, 2)
    found = read(data, shown)
    assert not found.is_linked
    assert len(found.snapshot.posts) == 3


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("One line.\nAnother line.", ["One line.", "Another line."]),
        ("One line.\r\n\r\nAnother line.", ["One line.", "Another line."]),
        ("A line that was\nbroken at a\nwidth.\n\nAnother.", ["A line that was broken at a width.",
                                                             "Another."]),
        ("<p>One <b>bold</b> line.</p><p>Two,<br>three.</p><script>x()</script>",
         ["One bold line.", "Two,", "three."]),
        ("The end of one.The beginning of another.", ["The end of one.",
                                                      "The beginning of another."]),
        ("Less than 5 < 6 and more > 3 stays.", ["Less than 5 < 6 and more > 3 stays."]),
        ("The U.S.Army said so at 5.30 on example.com today.", None),
        ("", []),
    ],
)  # fmt: skip
def test_a_body_is_parted_where_its_paragraphs_were(
    body: str, paragraphs: list[str] | None
) -> None:
    assert body_paragraphs(body) == ([body] if paragraphs is None else paragraphs)
