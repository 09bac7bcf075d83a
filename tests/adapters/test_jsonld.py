"""JSON-LD: whose article it is, what it says, and what is left of it when it is broken."""

from __future__ import annotations

import json
import time

import pytest

from tests.adapters.test_metadata import ld, read
from watcher.adapters.page.linked.jsonld import LinkedArticle, linked_articles

URL = "https://paper.example/isles/ferry-stops"


def only(script: object) -> LinkedArticle:
    (found,) = linked_articles([script if isinstance(script, str) else json.dumps(script)])
    return found


def test_every_field_of_an_article() -> None:
    found = only({
        "@type": "NewsArticle",
        "@id": "#article",
        "url": URL,
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"{URL}#page"},
        "headline": "Ferry stops",
        "author": [{"@type": "Person", "givenName": "Ada", "familyName": "Berg"}, "Bo Lund"],
        "publisher": {"@type": "Organization", "name": "The Paper"},
        "articleSection": ["Isles", "News"],
        "inLanguage": {"@type": "Language", "name": "Danish", "alternateName": "da"},
        "isAccessibleForFree": False,
        "hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": "False"}],
        "datePublished": {"@value": "2026-11-20"},
        "dateModified": 1795167000,
        "description": "A &quot;last&quot; trip",
    })  # fmt: skip
    assert found == LinkedArticle(
        headline="Ferry stops",
        authors=("Ada Berg", "Bo Lund"),
        agencies=(),
        published="2026-11-20",
        modified="1795167000",
        description='A "last" trip',
        publisher="The Paper",
        section="Isles",
        language="da",
        access="false",
        part_access=("false",),
        urls=(URL, "#article", f"{URL}#page"),
        is_article=True,
    )
    assert set(found.texts()) >= {"Ferry stops", "Bo Lund", "false", URL, "Isles"}


def test_references_are_followed_over_all_scripts() -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "Ferry stops",
        "author": {"@id": "#ada"},
        "publisher": {"@id": "#paper"},
    }
    elsewhere = {"@type": "WebPage", "author": {"@id": "#ada", "name": "Ada Berg"}}
    paper = {"@graph": [{"@type": "NewsMediaOrganization", "@id": "#paper", "name": "The Paper"}]}
    (found,) = linked_articles([json.dumps(part) for part in (article, elsewhere, paper)])
    assert (found.authors, found.publisher) == (("Ada Berg",), "The Paper")


@pytest.mark.parametrize(
    "script",
    [
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Ferry stops&quot;}",
        '{"@type":"NewsArticle","headline":"Ferry stops","description":"it\\\'s"}',
        '\ufeff{"@type":"NewsArticle","headline":"Ferry stops",}',
        '{"@type":"WebSite"}\n{"@type":"NewsArticle","headline":"Ferry stops"}',
        '{"@type":"NewsArticle","headline":"Ferry stops","description":"a "quoted" word"}',
    ],
)
def test_broken_scripts(script: str) -> None:
    assert [article.headline for article in linked_articles([script])] == ["Ferry stops"]


def test_what_can_be_picked_out_of_a_script_beyond_repair() -> None:
    found = only(
        '{"@type":"NewsArticle" "headline":"Ferry stops",'
        '"author":[{"@type":"Person","name":"Ada Berg"}],"publisher":{"name":"The Paper"},'
        '"articleSection":"Isles","isAccessibleForFree":false,"inLanguage":"da",'
        '"dateModified":"2026-11-20"'
    )
    assert (found.headline, found.authors, found.publisher) == (
        "Ferry stops", ("Ada Berg",), "The Paper",
    )  # fmt: skip
    assert (found.section, found.access, found.language) == ("Isles", "false", "da")


@pytest.mark.parametrize(
    "script",
    [
        "[" + " " * 300_000 + "x",
        '{"a":' + ", " * 150_000,
        '{"headline"' + " " * 300_000,
        '"author":{' * 30_000,
        "{}" * 100_000 + "x",
        "\\" * 300_000 + "{",
        "<!--" * 70_000,
    ],
)
def test_no_script_takes_long(script: str) -> None:
    start = time.process_time()
    linked_articles([script])
    # milliseconds if linear; minutes if quadratic
    assert time.process_time() - start < 3


OTHER = {
    "@type": "NewsArticle",
    "url": "https://paper.example/other",
    "headline": "Harbour dredged anew",
    "datePublished": "2020-01-01",
}
OWN = {
    "@type": "NewsArticle",
    "mainEntityOfPage": f"{URL}/",
    "headline": "SEO words without much in common",
    "datePublished": "2026-11-20",
}


def test_the_article_with_the_address_of_the_page_is_its_own() -> None:
    assert read(ld([OTHER, OWN]), "<h1>Ferry stops</h1>", URL).published == "2026-11-20"
    canonical = f"<link rel='canonical' href='{URL}?from=feed'>"
    assert read(canonical + ld([OTHER, OWN]), "<h1>Ferry stops</h1>").published == "2026-11-20"


def test_objects_of_one_article_complete_each_other() -> None:
    bare = {"@type": "NewsArticle", "url": URL, "datePublished": "2026-11-20"}
    page = {"@type": "WebPage", "url": URL, "datePublished": "2026-11-20T09:00:00Z",
            "dateModified": "2026-11-21", "inLanguage": "da-DK"}  # fmt: skip
    found = read(ld([OTHER, bare, page]), "", URL)
    assert (found.published, found.modified) == ("2026-11-20T09:00:00Z", "2026-11-21")
    assert found.language == "da-DK"


def test_what_posts_of_a_live_blog_say_is_not_said_of_the_blog() -> None:
    blog = {
        "@type": "LiveBlogPosting",
        "headline": "Ferry strike, live",
        "datePublished": "2026-11-20",
        "liveBlogUpdate": [{"@type": "BlogPosting", "datePublished": "2026-11-21"}],
    }
    assert only(blog).published == "2026-11-20"


PIER = {
    "@type": "NewsArticle",
    "headline": "Pier to be rebuilt",
    "datePublished": "2026-05-03T10:00:00Z",
    "articleSection": "Harbour",
    "author": {"@type": "Person", "name": "Mira Holt"},
    "isAccessibleForFree": False,
}


@pytest.mark.parametrize(
    "script",
    [
        json.dumps({"@type": "WebPage", "hasPart": [PIER]}),
        json.dumps({"@type": "WebPage", "mainEntity": [[PIER]]}),
        json.dumps({"@graph": [[{"@graph": [PIER]}]]}),
        json.dumps({f"schema:{key}": value for key, value in PIER.items() if key[0] != "@"}
                   | {"@type": "schema:NewsArticle"}),
        json.dumps({f"http://schema.org/{key}": value for key, value in PIER.items()
                    if key[0] != "@"} | {"@type": "http://schema.org/NewsArticle"}),
        json.dumps(PIER | {"author": {"@list": [[{"schema:name": "Mira Holt"}]]}}),
        json.dumps(PIER | {"isAccessibleForFree": 0}),
        json.dumps(PIER | {"isAccessibleForFree": "http://schema.org/False"}),
        json.dumps(PIER | {"articleSection": {"@type": "Thing", "name": "Harbour"}}),
        json.dumps(PIER).replace('"', "'").replace("false", "'false'"),
    ],
)  # fmt: skip
def test_the_rarer_forms_of_json_ld_say_the_same(script: str) -> None:
    found = only(script)
    assert (found.headline, found.published) == ("Pier to be rebuilt", "2026-05-03T10:00:00Z")
    assert (found.authors, found.section) == (("Mira Holt",), "Harbour")
    assert found.access == "false"


def test_the_parts_of_an_article_are_other_articles() -> None:
    other = PIER | {"headline": "Weir to be painted"}
    assert only(PIER | {"hasPart": other}).headline == "Pier to be rebuilt"


FERRY = {"@type": "NewsArticle", "headline": "Ferry stops at Aro", "datePublished": "2026-11-20"}
BODY = "<h1>Ferry stops at Aro</h1><p>The last ferry of the season left Aro on Friday evening.</p>"


def listed(*articles: dict[str, str]) -> str:
    items = [{"@type": "ListItem", "position": n, "item": a} for n, a in enumerate(articles, 1)]
    return ld({"@type": "ItemList", "itemListElement": items})


def test_the_article_in_a_list_is_read_if_it_is_this_one() -> None:
    other = {**FERRY, "headline": "Ferry starts again at Aro", "datePublished": "2026-03-01"}
    found = read(listed(other, FERRY) + BODY)
    assert found.published == "2026-11-20"
    by_address = {**other, "url": URL, "datePublished": "2026-11-21"}
    assert read(listed(other, by_address) + BODY, url=URL).published == "2026-11-21"


def test_lists_of_other_articles_tell_nothing_of_this_one() -> None:
    other = {**FERRY, "headline": "Ferry stops at Aro and Vik", "datePublished": "2026-03-01"}
    assert read(listed(other) + BODY).published is None
    again = {**FERRY, "datePublished": "2026-03-01"}
    assert read(listed(again) + ld(FERRY) + BODY).published == "2026-11-20"


def test_an_object_without_a_type_that_is_plainly_the_article_is_read() -> None:
    bare = {key: value for key, value in FERRY.items() if key != "@type"}
    assert read(ld(bare) + BODY).published == "2026-11-20"
    assert (
        read(ld({"headline": "Ferry stops at Aro", "dateModified": "2026"}) + BODY).modified is None
    )
