"""Pages that are not the article are told from those that are, whatever they are about."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lxml.html import document_fromstring

from tests.adapters import other_pages as other
from watcher.adapters.page.html import extract_snapshot
from watcher.adapters.page.kinds.pagecheck import refuse_other_pages, signs_ahead
from watcher.adapters.page.kinds.pagesigns import page_words
from watcher.core.model import Extraction, Outcome, Paragraph
from watcher.core.pagekind import Doubts
from watcher.core.pagesigns import PageSigns
from watcher.core.pagewords import KINDS
from watcher.errors import ExtractionFailed, NotAnArticle

URL = "https://weir-gazette.example/2026/11/20/customs-house-4711"
OTHERS: dict[Outcome, Mapping[str, str]] = {
    Outcome.BOT_CHALLENGE: other.CHALLENGES,
    Outcome.CONSENT_WALL: other.CONSENT,
    Outcome.GEO_BLOCK: other.GEO_BLOCKS,
    Outcome.SOFT_404: other.SOFT_404,
    Outcome.PAYWALL: other.PAYWALLS,
    Outcome.LOGIN_PAGE: other.LOGINS,
    Outcome.MAINTENANCE: other.MAINTENANCE,
}
NAMED = [
    pytest.param(outcome, page, id=f"{outcome}: {name}")
    for outcome, pages in OTHERS.items()
    for name, page in pages.items()
]


def read(page: str, url: str = URL) -> Extraction:
    return extract_snapshot(page.encode("utf-8"), url, "text/html; charset=utf-8")


def reading(page: str) -> str:
    try:
        read(page)
    except (NotAnArticle, ExtractionFailed):
        return "refused"
    return "read"


@pytest.mark.parametrize(("outcome", "page"), NAMED)
def test_a_page_that_is_no_article_is_named(outcome: Outcome, page: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        read(page)
    assert refused.value.outcome is outcome
    assert str(refused.value)


@pytest.mark.parametrize("page", other.ARTICLES.values(), ids=list(other.ARTICLES))
def test_an_article_stays_one_whatever_it_is_about(page: str) -> None:
    found = read(page)
    assert any(each.kind == "paragraph" for each in found.snapshot.paragraphs)
    assert not found.is_lead


@pytest.mark.parametrize("page", other.LEADS.values(), ids=list(other.LEADS))
def test_a_lead_before_a_gate_is_marked_as_one(page: str) -> None:
    found = read(page)
    assert found.is_lead
    assert found.gate


def test_an_article_without_a_gate_says_so() -> None:
    assert read(other.ARTICLES["a flash"]).gate is None


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/error/404", Outcome.SOFT_404),
        ("/404.html", Outcome.SOFT_404),
        ("/page-not-found/", Outcome.SOFT_404),
        ("/account/login?next=/a", Outcome.LOGIN_PAGE),
        ("/maintenance.html", Outcome.MAINTENANCE),
    ],
)
def test_an_address_names_a_page_that_says_nothing(path: str, outcome: Outcome) -> None:
    with pytest.raises(NotAnArticle) as refused:
        read(other.framed("The Weir Gazette", "<p>Hm.</p>"), f"https://weir-gazette.example{path}")
    assert refused.value.outcome is outcome


def test_an_article_at_such_an_address_is_an_article() -> None:
    assert read(other.article("Gone"), "https://weir-gazette.example/film/gone").snapshot.headline


def test_the_kind_that_an_address_names_is_kept_with_what_was_read() -> None:
    page = other.framed("Town", f"<h1>Town</h1>{other.PROSE}")
    assert read(page).place is None
    assert read(page, "https://weir-gazette.example/errors/404.html").place is Outcome.SOFT_404


def test_what_differs_between_polls_is_not_in_the_reason() -> None:
    """Runs of polls that ended alike are kept as one, and end alike only by the same words."""
    reasons = set()
    for number in ("77d0", "91aa"):
        page = other.page("", f"<p>Ray {number}: please verify you are human. Ref {number}</p>")
        with pytest.raises(NotAnArticle) as refused:
            read(page)
        reasons.add((refused.value.outcome, str(refused.value)))
    assert len(reasons) == 1


def test_a_page_beyond_doubt_is_not_looked_at() -> None:
    def signs() -> PageSigns:
        raise AssertionError("the page was looked at")

    text = "The river rose above the quay wall. " * 60
    long = [Paragraph("paragraph", text)]
    assert refuse_other_pages(signs, long, "2026-11-20") == Doubts()
    tree = document_fromstring(f"<p>{text}</p>")
    assert signs_ahead(tree, URL, "2026-11-20") is None
    assert signs_ahead(tree, URL, None) is not None
    assert signs_ahead(document_fromstring("<p>Short.</p>"), URL, "2026-11-20") is not None


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 3000 + "page not found",
        "<title>404</title>" * 500,
        "<h1>Not found" + "<a href=x>" * 5000,
        "<p>" + "subscribe to continue reading " * 20_000,
        "<p id='" + "cookie" * 50_000 + "'>We use cookies</p>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "wordCount": "99999999999',
        "<noscript>" + "enable javascript and cookies " * 1000,
        "<meta http-equiv=refresh content='0;url=/x'>",
        "<title>" + "| not found " * 3000,
        "<h1>\u202e404 \u0000 not \ufeff found</h1>",
        "<template><h1>Page not found</h1></template><p hidden>Page not found</p>",
        "<p>" + "verify * you * are * human " * 3000,
        "<frameset><frame src=/x></frameset>",
    ],
    ids=lambda page: page[:30],
)
def test_an_odd_page_is_read_or_refused(page: str) -> None:
    assert reading(f"<html><body>{page}") in ("read", "refused")


def test_hidden_words_do_not_count() -> None:
    page = other.article(
        "Customs house to open",
        other.FLASH,
        around='<div style="display: none"><h1>Page not found</h1><p>Page not found</p></div>',
        head="",
    )
    assert read(page).snapshot.paragraphs


def test_the_table_knows_every_kind_in_many_languages() -> None:
    words = page_words()
    said = {f.kind for phrases in words.spaced.values() for f in phrases if f.place == "titles"}
    assert said == set(KINDS)
    for text in ("page not found", "seite nicht gefunden", "страница не найдена", "页面不存在"):
        assert Outcome.SOFT_404 in {found.kind for found in words.find(text)}


WALLS = ("Are you human?", "Just a moment", "Page not found", "Access denied", "Log in")
SHORT = (
    "<p>Ever more sites make readers prove that they are, and the riddles get harder.</p>"
    "<p>Researchers in Ghent took the time: half a minute for each, they say.</p>"
)
LINKED = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{0}",'
    '"datePublished":"2026-11-20T09:00:00Z"}}</script>'
)
TAGGED = (
    '<meta property="og:title" content="{0}">'
    '<meta property="article:published_time" content="2026-11-20T09:00:00Z">'
)


def headed(headline: str, text: str, marks: str) -> str:
    head = f"<title>{headline} | The Weir</title>{marks.format(headline)}"
    return f"<html><head>{head}</head><body><h1>{headline}</h1><article>{text}</article></body>"


@pytest.mark.parametrize("marks", [LINKED, TAGGED])
@pytest.mark.parametrize("headline", WALLS)
def test_a_short_dated_article_may_have_the_words_of_a_wall_as_its_headline(
    headline: str, marks: str
) -> None:
    found = read(headed(headline, SHORT, marks)).snapshot
    assert found.headline == headline
    assert len(found.paragraphs) == 2
    told = "<p>Please verify you are human, sites say. Half of us fail.</p>" + SHORT
    assert len(read(headed("Are you human?", told, marks)).snapshot.paragraphs) == 3


@pytest.mark.parametrize("headline", WALLS)
def test_the_same_without_the_marks_of_an_article_is_a_wall(headline: str) -> None:
    with pytest.raises(NotAnArticle) as refused:
        read(headed(headline, "<p>Please wait while we check.</p>", ""))
    assert refused.value.outcome is not None


def test_a_template_that_marks_its_error_page_as_an_article_is_no_article() -> None:
    text = "<p>The page you are looking for does not exist or has been moved.</p>"
    with pytest.raises(NotAnArticle) as refused:
        read(headed("Page not found", text, LINKED))
    assert refused.value.outcome is Outcome.SOFT_404
