"""Publisher, section, canonical address, language, access: every place, and which goes first."""

from __future__ import annotations

import re
import time
from dataclasses import fields
from pathlib import Path

import pytest

from tests.adapters.test_metadata import ARTICLE, ld, read
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.metadata.language_tag import language_tag
from watcher.adapters.page.metadata.metadata import Metadata

URL = "https://paper.example/isles/ferry"
ITEM = "<div itemscope itemtype='https://schema.org/NewsArticle'>{}</div>"


def meta(key: str, content: str) -> str:
    return f"<meta name='{key}' content='{content}'>"


@pytest.mark.parametrize(
    ("head", "body", "publisher"),
    [
        (ld({**ARTICLE, "publisher": {"name": "The Paper"}}), "", "The Paper"),
        (ld({**ARTICLE, "sourceOrganization": "The Paper"}), "", "The Paper"),
        (meta("og:site_name", "The Paper"), "", "The Paper"),
        (meta("DC.publisher", "The Paper"), "", "The Paper"),
        (meta("dc:publisher", "The Paper"), "", "The Paper"),
        (meta("article:publisher", "https://social.example/paper"), "", None),
        (
            meta("og:site_name", "paper.example"),
            ITEM.format(
                "<p itemprop=publisher itemscope><b itemprop=name>The Paper</b>, Odrin</p>"
            ),
            "The Paper",
        ),
    ],
)
def test_the_publisher(head: str, body: str, publisher: str | None) -> None:
    assert read(head, body).publisher == publisher


@pytest.mark.parametrize(
    ("head", "body", "section"),
    [
        (ld({**ARTICLE, "articleSection": ["", "Isles"]}) + meta("section", "no"), "", "Isles"),
        (meta("article:section", "Isles") + meta("article:section", "News"), "", "Isles"),
        (meta("parsely-section", "Isles"), "", "Isles"),
        ("", ITEM.format("<meta itemprop=articleSection content=Isles>"), "Isles"),
        ("", "<p vocab='https://schema.org/' property='schema:articleSection'>Isles</p>", "Isles"),
        ("", "", None),
    ],
)
def test_the_section(head: str, body: str, section: str | None) -> None:
    assert read(head, body).section == section


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        (
            "<link rel='canonical' href='/isles/ferry-stops'>",
            "https://paper.example/isles/ferry-stops",
        ),
        (
            "<base href='https://cdn.example/a/'><link rel=canonical href=b>",
            "https://cdn.example/a/b",
        ),
        ("<link rel='CANONICAL' href='HTTPS://paper.example/a'>", "https://paper.example/a"),
        (
            "<link rel='canonical' href='https://paper.example/'>"
            "<meta property='og:url' content='https://paper.example/isles/f'>",
            "https://paper.example/isles/f",
        ),
        (ld({**ARTICLE, "url": "/isles/f"}), "https://paper.example/isles/f"),
        ("<link rel='canonical' href='javascript:void(0)'>", None),
        ("<link rel='canonical' href='https://[broken'>", None),
        ("<link rel='alternate' href='https://paper.example/da'>", None),
        ("", None),
    ],
)
def test_the_canonical_address(head: str, canonical: str | None) -> None:
    assert read(head, url=URL).canonical == canonical


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        ("pt_BR", "pt-BR"),
        ("pt-br", "pt-BR"),
        ("zh-hant-TW", "zh-Hant-TW"),
        ("EN-us", "en-US"),
        ("es-419", "es-419"),
        ("de-DE.UTF-8", "de-DE"),
        ("English", "en"),
        ("Deutsch", "de"),
        ("italiano (italian)", "it"),
        ("jp", "ja"),
        ("und", None),
        ("unknown", None),
        ("1", None),
        ("", None),
    ],
)
def test_languages_are_tags(text: str, tag: str | None) -> None:
    assert language_tag(text) == tag


def test_the_order_of_languages() -> None:
    page = read(ld({**ARTICLE, "inLanguage": "da-DK"}) + meta("og:locale", "en_US"))
    assert page.language == "da-DK"
    head = "<meta http-equiv='content-language' content='da'>" + meta("og:locale", "en_US")
    assert read(head).language == "da"
    assert read(meta("og:locale", "en_US")).language == "en-US"


@pytest.mark.parametrize(
    ("head", "access"),
    [
        (ld({**ARTICLE, "isAccessibleForFree": False}), "paywalled"),
        (ld({**ARTICLE, "isAccessibleForFree": "False"}), "paywalled"),
        (ld({**ARTICLE, "isAccessibleForFree": "http://schema.org/x"}), None),
        (ld({**ARTICLE, "isAccessibleForFree": True}), "free"),
        (ld({**ARTICLE, "isAccessibleForFree": ["true"]}), "free"),
        (
            ld({**ARTICLE, "hasPart": {"isAccessibleForFree": False, "cssSelector": ".rest"}}),
            "paywalled",
        ),
        (
            ld(
                {
                    **ARTICLE,
                    "isAccessibleForFree": True,
                    "hasPart": [{"isAccessibleForFree": False}],
                }
            ),
            "free",
        ),
        (ld({**ARTICLE, "hasPart": [{"isAccessibleForFree": True}]}), None),
        (meta("article:content_tier", "free"), "free"),
        (meta("article:content_tier", "locked"), "paywalled"),
        (meta("article:content_tier", "metered"), "paywalled"),
        (meta("isPremium", "1"), "paywalled"),
        (meta("isAccessibleForFree", "false"), "paywalled"),
        (meta("paywall", "perhaps"), None),
        ("", None),
    ],
)
def test_free_or_paywalled(head: str, access: str | None) -> None:
    assert read(head).access == access


def test_microdata_of_the_article_and_not_of_what_stands_in_it() -> None:
    body = ITEM.format(
        "<h1 itemprop=headline>Ferry stops</h1>"
        "<p itemprop=author itemscope itemtype='https://schema.org/Person'>"
        "<meta itemprop=url content='/ada'><b itemprop=name>Ada Berg</b> in Odrin</p>"
        "<div itemscope itemtype='https://schema.org/Comment'>"
        "<b itemprop=author>Troll</b><meta itemprop=datePublished content=2020-01-01></div>"
        "<div itemscope itemtype='https://schema.org/VideoObject'>"
        "<meta itemprop=datePublished content=2020-01-02></div>"
        "<footer><meta itemprop=datePublished content='2026-11-20'></footer>"
    )
    related = "<div itemscope itemtype='https://schema.org/NewsArticle'>"
    related += "<b itemprop=headline>Dredgers at work</b>"
    related += "<meta itemprop=datePublished content='2020-01-03'></div>"
    found = read("", related + body)
    assert (found.headline, found.byline, found.published) == (
        "Ferry stops", "Ada Berg", "2026-11-20",
    )  # fmt: skip


def test_rdfa_with_other_vocabularies() -> None:
    body = "<span property='dc:date dc:created' content='2026-11-20T09:30:00+01:00'>today</span>"
    assert read("", body).published == "2026-11-20T08:30:00Z"


def test_the_sources_are_all_that_was_read() -> None:
    article = {**ARTICLE, "publisher": {"name": "The Paper"}, "articleSection": "Isles",
               "inLanguage": "da", "isAccessibleForFree": False}  # fmt: skip
    found = read(ld(article) + f"<link rel=canonical href='{URL}'>", "<h1>Grain talks resume</h1>")
    assert set(found.sources) == {
        "Grain talks resume", "Sel Marku", "2026-11-21T06:00:00Z", "The Paper", "Isles", "da",
        "false", URL,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('content="The Paper"', 'content="The Post"'),
        ('content="Isles"', 'content="Sea"'),
        ('content="free"', 'content="locked"'),
        ('lang="da"', 'lang="sv"'),
        ("/isles/ferry", "/isles/ferries"),
        ('"isAccessibleForFree": false', '"isAccessibleForFree": true'),
        ('"inLanguage": "da"', '"inLanguage": "sv"'),
        ("By Ada Berg", "By Bo Lund"),
    ],
)
def test_the_fingerprint_sees_each_of_them(old: str, new: str) -> None:
    page = (
        '<html lang="da"><head><title>Ferry stops</title>'
        '<meta property="og:site_name" content="The Paper">'
        '<meta property="article:section" content="Isles">'
        '<meta property="article:content_tier" content="free">'
        f'<link rel="canonical" href="{URL}">'
        + ld({"@type": "NewsArticle", "inLanguage": "da", "isAccessibleForFree": False})
        + "</head><body><main><h1>Ferry stops</h1><p>By Ada Berg</p><p>The last ferry to the isles"
        " left the harbour at noon on Friday, and none will follow before spring.</p></main></body>"
    )
    assert old in page
    before = text_fingerprint(page.encode(), "text/html; charset=utf-8")
    assert before is not None
    assert text_fingerprint(page.replace(old, new).encode(), "text/html; charset=utf-8") != before


ARTICLE_TAG = "<div itemscope itemtype='https://schema.org/Article'>"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", "<article>" + "<h1>a b</h1>" * 20_000),
        ("", "<h1>" + "x y" * 300_000 + "</h1>"),
        ("", (ARTICLE_TAG + "<b itemprop=author>") * 120 + "z" * 500_000),
        ("", (ARTICLE_TAG + "<b itemprop=author>q</b></div>") * 10_000),
        ("<meta name=author content='Ada Berg'>" * 20_000, ""),
        (meta("author", "by " * 200_000), ""),
        (f"<title>{'a - ' * 100_000}</title>" + meta("og:site_name", "a"), ""),
        ("", "<h1>Ferry</h1><p>" + "<span class=author>J D</span>" * 20_000),
        ("", "<h1>Ferry</h1>" + ("<div>" + "<i>x</i>" * 20) * 2_000),
        (ld([{**ARTICLE, "headline": f"h {i}", "url": f"/{i}"} for i in range(5000)]), ""),
        (ld({**ARTICLE, "author": ["Ada Berg"] * 20_000}), ""),
    ],
)
def test_no_page_takes_long(head: str, body: str) -> None:
    start = time.process_time()
    found = read(head, body)
    # milliseconds if linear; far more if not
    assert time.process_time() - start < 3
    assert len(found.sources) < 200


def test_every_field_has_its_order_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "metadata.md").read_text()
    rows = re.findall(r"^\| (\w+) \| [^|]+ \|$", page, re.MULTILINE)
    beside = ("sources", "linked")
    assert rows[1:] == [field.name for field in fields(Metadata) if field.name not in beside]


def crumbs(*steps: object) -> str:
    listed = [{"@type": "ListItem", "position": n, **step} for n, step in enumerate(steps, 1)]  # type: ignore[dict-item]
    return ld({"@type": "BreadcrumbList", "itemListElement": listed})


HOME = {"name": "Front", "item": "https://paper.example/"}
ISLES = {"item": {"@id": "https://paper.example/isles", "name": "Isles"}}
PORTS = {"item": {"url": "https://paper.example/isles/ports", "name": "Ports"}}


@pytest.mark.parametrize(
    ("head", "section"),
    [
        (crumbs(HOME, ISLES, PORTS), "Isles"),
        (crumbs(ISLES, PORTS), "Isles"),
        (crumbs(HOME, {"name": ARTICLE["headline"], "item": URL}), None),
        (crumbs(HOME), None),
        (ld({"@type": "WebPage", "breadcrumb": {"@type": "BreadcrumbList",
             "itemListElement": [[HOME], [ISLES]]}}), "Isles"),
        # the order that they name, not the one in which they stand
        (ld({"@type": "BreadcrumbList", "itemListElement": [
            {"position": 2, **PORTS}, {"position": "1", **ISLES}]}), "Isles"),
        (meta("article:section", "Sea") + crumbs(HOME, ISLES), "Sea"),
        (meta("prism.section", "Sea"), "Sea"),
    ],
)  # fmt: skip
def test_the_trail_to_the_page_tells_the_section(head: str, section: str | None) -> None:
    found = read(ld(ARTICLE) + head)
    assert found.section == section
    assert found.headline == ARTICLE["headline"]


def test_the_fingerprint_sees_the_trail() -> None:
    def page(step: dict[str, object]) -> bytes:
        return f"<html><head>{crumbs(HOME, step)}</head><body><p>x</p></body></html>".encode()

    assert text_fingerprint(page(ISLES), None) != text_fingerprint(page(PORTS), None)


@pytest.mark.parametrize(("told", "access"), [("False", "paywalled"), ("true", "free")])
def test_a_part_in_microdata_tells_the_access(told: str, access: str) -> None:
    part = (
        "<div itemprop=hasPart itemscope itemtype='https://schema.org/WebPageElement'>"
        f"<meta itemprop=isAccessibleForFree content={told}></div>"
    )
    assert read("", ITEM.format(part)).access == access
    pages = (f"<html><body>{part.replace(told, each)}</body></html>" for each in ("a", "b"))
    assert len({text_fingerprint(page.encode(), None) for page in pages}) == 2
