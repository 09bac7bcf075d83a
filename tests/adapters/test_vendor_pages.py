"""Pages as vendors and servers make them, and articles about the same: either is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters import other_pages as other
from watcher.adapters.page.html import extract_snapshot
from watcher.core.model import Extraction, Outcome
from watcher.errors import NotAnArticle

URL = "https://weir-gazette.example/2026/11/20/customs-house-4711"
HEADLINE = "Customs house to open"


def lines(name: str) -> list[str]:
    table = (Path(__file__).parent / "data" / name).read_text("utf-8")
    return [line for line in table.splitlines() if line and not line.startswith("#")]


def read(page: str) -> Extraction:
    return extract_snapshot(page.encode("utf-8"), URL, "text/html; charset=utf-8")


def outcome(page: str) -> Outcome | None:
    with pytest.raises(NotAnArticle) as refused:
        read(page)
    return refused.value.outcome


def parts(line: str, most: int = -1) -> list[str]:
    return [part.strip() for part in line.split("|", most)]


@pytest.mark.parametrize("line", lines("vendor_pages.txt"), ids=lambda line: line[:48])
def test_a_page_of_a_vendor_or_server_is_named(line: str) -> None:
    kind, title, body = parts(line, 2)
    assert outcome(other.page(title, body)) == kind
    assert outcome(other.framed(title, body)) == kind


@pytest.mark.parametrize("line", lines("pages_by_language.txt"), ids=lambda line: line[:40])
def test_walls_and_flashes_of_a_language_are_told_apart(line: str) -> None:
    language, kind, title, text, *buttons = parts(line)
    if kind == "article":
        page = other.article(title, f"<p>{text}</p>", head="")
        assert [each.text for each in read(page).snapshot.paragraphs] == [text]
        return
    below = "".join(f"<button>{button}</button>" for button in buttons)
    below += "<form><input type=password></form>" if kind == Outcome.LOGIN_PAGE else ""
    headed = "" if kind == Outcome.GEO_BLOCK else f"<h1>{title}</h1>"
    framed = other.framed(title, f"{headed}<p>{text}</p>{below}", lang=language)
    assert outcome(framed) == kind
    assert outcome(other.page(title, f"<p>{text}</p>{below}", lang=language)) == kind


@pytest.mark.parametrize("line", lines("articles_about_walls.txt"), ids=lambda line: line[:40])
def test_an_article_about_such_things_is_an_article(line: str) -> None:
    headline, *texts = parts(line.removeprefix("!"))
    body = "".join(f"<p>{text}</p>" for text in texts)
    dated = other.DATED.replace('"x"', f'"{headline}"')
    for head in (dated,) if line.startswith("!") else (dated, ""):
        found = read(other.article(headline, body, head=head))
        assert [each.text for each in found.snapshot.paragraphs] == texts
        assert not found.is_lead


COVER = """<div id="cmp-host"><div class="cmp-popup"><h2>We value your privacy</h2><p>We and our 812
partners store and/or access information on a device. Details are in our privacy policy.</p>
<button>Accept all</button></div></div>"""


@pytest.mark.parametrize(
    "whole",
    [
        f"<div>{other.ARTICLE}</div>",
        f'<div style="filter: blur(6px)">{other.ARTICLE}</div>',
        f'<div style="visibility: hidden">{other.ARTICLE}</div>',
        f'<div style="color: red; display:none !important">{other.ARTICLE}</div>',
        f"<div hidden>{other.ARTICLE}</div>",
    ],
)
@pytest.mark.parametrize("head", [other.DATED, ""])
def test_an_article_beneath_a_wall_is_the_article(whole: str, head: str) -> None:
    page = other.page(HEADLINE, COVER + whole.format(headline=HEADLINE), head)
    found = read(page).snapshot
    assert found.headline == HEADLINE
    assert len(found.paragraphs) == 6


def test_a_hidden_template_is_no_article_beneath_a_wall() -> None:
    template = f"<div hidden><h1>Page not found</h1>{'<p>The page does not exist.</p>' * 3}</div>"
    assert outcome(other.page("Weir", COVER + template)) is Outcome.CONSENT_WALL
    unheaded = other.ARTICLE.format(headline="").replace("<h1></h1>", "")
    assert outcome(other.page("Weir", f"{COVER}<div hidden>{unheaded}</div>")) is (
        Outcome.CONSENT_WALL
    )


def test_what_is_shown_again_does_not_help_a_page_behind_a_gate() -> None:
    whole = other.ARTICLE.format(headline=HEADLINE)
    page = other.framed("Members only", f"<h1>Subscribe to read</h1><div hidden>{whole}</div>")
    assert outcome(page) is Outcome.PAYWALL


@pytest.mark.parametrize("head", [other.DATED, '<meta property="og:type" content="website">'])
def test_teasers_alone_are_no_article(head: str) -> None:
    for own in ("", f"<article><h1>{HEADLINE}</h1></article><h2>Most read</h2>"):
        assert outcome(other.framed("Gazette", own + other.TEASERS, head)) is None
    briefs = other.TEASERS.replace("<a ", "<b ").replace("</a>", "</b>")
    assert read(other.framed("In brief", f"<h1>In brief</h1>{briefs}", head)).snapshot.paragraphs
    posts = other.TEASERS.replace("/a/", "#post-")
    assert read(other.framed("Live", f"<h1>Live</h1>{posts}", head)).snapshot.paragraphs


PICTURES = "".join(
    f'<figure><img src="/{n}.jpg"><figcaption>{text}</figcaption></figure>'
    for n, text in enumerate(("The tower at dawn.", "Two masons carry the bell down the steps."))
)


def test_pictures_tell_a_story_where_the_page_says_that_it_is_one() -> None:
    story = f"<article><h1>{HEADLINE}</h1>{PICTURES}</article>"
    found = read(other.framed(HEADLINE, story, other.DATED)).snapshot
    assert [each.kind for each in found.paragraphs] == ["caption", "caption"]
    assert outcome(other.framed(HEADLINE, story)) is None
    lead = story.replace(PICTURES, PICTURES[: len(PICTURES) // 2].partition("</figure>")[0])
    assert outcome(other.framed(HEADLINE, lead, other.DATED)) is None


def test_a_gate_that_a_script_draws_stands_before_a_text_that_is_cut() -> None:
    cut = f"{other.LEAD}<p>Carpenters will begin with the roof, where slates have come…</p>"
    gate = '<div id="poool-widget"></div>'
    assert read(other.article(HEADLINE, cut + gate)).is_lead
    assert not read(other.article(HEADLINE, cut)).is_lead
    assert not read(other.article(HEADLINE, other.PROSE + gate, head=other.LOCKED)).is_lead
    assert not read(other.article(HEADLINE, other.FLASH + gate, head=other.LOCKED)).is_lead
