"""Headline, byline and times of a page, from everything that publishers mark them up with.

The order of preference, first found wins:

headline   the h1 that shows the article's headline, as readers see it (not the SEO title);
           itemprop=headline; JSON-LD headline; og:title; twitter:title; <title>
byline     JSON-LD author names; <meta name=author> and its many spellings; article:author that
           is no URL; itemprop=author; rel=author; organisations that JSON-LD names as author
published  JSON-LD datePublished; article:published_time; itemprop=datePublished; the many other
           <meta> dates; <time pubdate>; the first <time datetime> in the article's header
modified   JSON-LD dateModified; article:modified_time; itemprop=dateModified; og:updated_time
           and the other <meta> spellings

JSON-LD goes first for times, since it carries seconds and zone most often. Where a page names
several articles (related ones), the one whose headline the page shows is taken. A time that
cannot be understood counts as absent, so the next source is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.isotime import iso_time
from watcher.adapters.jsonld import LinkedArticle, linked_articles
from watcher.adapters.marks import (
    AUTHOR_KEYS,
    HEADLINE_KEYS,
    ITEM_PROPERTIES,
    META_KEYS,
    MODIFIED_KEYS,
    PUBLISHED_KEYS,
)
from watcher.core.text import clean

_ITEMS = etree.XPath("descendant::*[@itemprop]")
_REL_AUTHORS = etree.XPath("descendant::a[contains(concat(' ', @rel, ' '), ' author ')]")
_PUBDATES = etree.XPath("descendant::time[@pubdate]")
_NEAR = 4
_OUTSIDE = ("nav", "footer")
_RELATED = ("aside", "nav", "footer")
_BY = re.compile(r"(?:by|von|par|por|di|door)\s*:?\s+(?=\S)", re.IGNORECASE)
_NO_NAME = ("@", "/", "www.", "(", "{", "[")
_HEADLINE_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's metadata. Times are ISO texts as Snapshot documents them.

    `sources` are the raw texts of the page that the four fields were made from.
    """

    headline: str
    byline: str | None
    published: str | None
    modified: str | None
    sources: tuple[str, ...]


@dataclass(slots=True)
class _Page:
    """Where the marks stand in a page, collected in one walk."""

    metas: dict[str, list[str]]
    items: dict[str, list[str]]
    articles: tuple[LinkedArticle, ...]
    h1: list[HtmlElement]
    title: str
    times: list[str]
    rel_authors: list[str]


def read_metadata(tree: HtmlElement) -> Metadata:
    """The metadata of a parsed page. The tree is not changed."""
    page = _collect(tree)
    headline = _headline(page)
    linked = _best_linked(page.articles, headline)
    names, byline_sources = _byline(page, linked)
    published, published_source = _first_time(_published_texts(page, linked))
    modified, modified_source = _first_time(_modified_texts(page, linked))
    sources = (headline, *byline_sources, published_source, modified_source)
    return Metadata(
        headline=headline,
        byline=names,
        published=published,
        modified=modified,
        sources=tuple(text for text in sources if text),
    )


def _collect(tree: HtmlElement) -> _Page:
    page = _Page({}, {}, (), [], "", [], [])
    scripts: list[str] = []
    for element in tree.iter("meta", "script", "title", "h1"):
        match element.tag:
            case "meta":
                _collect_meta(element, page)
            case "script":
                if "ld+json" in (element.get("type") or "").lower() and element.text:
                    scripts.append(element.text)
            case "title":
                page.title = page.title or clean(element.text_content())
            case _:
                page.h1.append(element)
    _collect_times(tree, page)
    for element in _elements(_ITEMS(tree)):
        _collect_item(element, page)
    for element in _elements(_REL_AUTHORS(tree)):
        if not _inside(element, _RELATED):
            page.rel_authors.append(clean(element.text_content()))
    page.articles = linked_articles(scripts)
    return page


def _elements(result: object) -> Iterator[HtmlElement]:
    return (
        (node for node in result if isinstance(node, HtmlElement))
        if isinstance(result, list)
        else iter(())
    )


def _collect_meta(element: HtmlElement, page: _Page) -> None:
    content = clean(element.get("content") or "")
    if content:
        for attribute in ("property", "name", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key in META_KEYS:
                page.metas.setdefault(key, []).append(content)


def _collect_times(tree: HtmlElement, page: _Page) -> None:
    """Keep the times marked pubdate, then those in the smallest block that holds an h1 too."""
    found = list(_elements(_PUBDATES(tree)))
    for holder in dict.fromkeys(h for element in page.h1 for h in _holders(element)):
        near = [time for time in holder.iter("time") if not _inside(time, (*_RELATED, "li"))]
        if near:
            found.extend(near)
            break
    page.times.extend(value for time in found if (value := clean(time.get("datetime") or "")))


def _holders(element: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks around an h1, smallest first: at most its article's header or the like."""
    for holder in islice(element.iterancestors(), _NEAR):
        if holder.tag == "body":
            return
        yield holder


def _collect_item(element: HtmlElement, page: _Page) -> None:
    for name in (element.get("itemprop") or "").split():
        if name in ITEM_PROPERTIES and not _inside(element, _RELATED):
            value = element.get("content") or element.get("datetime")
            if value is None and name == "author":
                named = element.find('.//*[@itemprop="name"]')
                source = element if named is None else named
                value = source.get("content") or source.text_content()
            value = clean(element.text_content() if value is None else value)
            if value:
                page.items.setdefault(name, []).append(value)


def _inside(element: HtmlElement, tags: Iterable[str]) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _headline(page: _Page) -> str:
    told = [
        *page.items.get("headline", ())[:1],
        *(article.headline for article in page.articles if article.headline and article.is_article),
        *(page.metas[key][0] for key in HEADLINE_KEYS if key in page.metas),
        page.title,
    ]
    told = [text for text in told if text]
    shown = _shown_headline(page, told)
    return shown or next(iter(told), "")


def _shown_headline(page: _Page, told: list[str]) -> str:
    """The h1 that is the headline: the one that agrees best with what the page tells of itself.

    Logos and section names are often h1 too. So an h1 that agrees with nothing is taken only
    where it stands in the article and is as long as headlines are. A kicker inside the h1 is
    left out where the page tells the headline without it.
    """
    best, best_score = "", 0.0
    for element in page.h1:
        text = clean(element.text_content())
        if not text or _inside(element, _OUTSIDE):
            continue
        score = max((_agreement(text, other) for other in told), default=0.5)
        in_article = _inside(element, ("article", "main")) or element.get("itemprop") == "headline"
        if in_article and (score > 0.1 or len(text) >= _HEADLINE_LENGTH):
            score += 0.3
        if score > best_score:
            best, best_score = text, score
    if best_score < 0.3:
        return ""
    return next((t for t in told if len(t) > len(best) / 2 and best.endswith(f" {t}")), best)


def _agreement(shown: str, told: str) -> float:
    """Share of the shown headline's letter pairs that the told one has too: 0 to 1.

    Letter pairs rather than words, since many scripts do not space words. A name much shorter
    than the headline counts half.
    """
    pairs, other = _pairs(shown), _pairs(told)
    if not pairs:
        return 0.0
    share = len(pairs & other) / len(pairs)
    return share / 2 if len(told) > 2 * len(shown) else share


def _pairs(text: str) -> set[str]:
    text = text.casefold()
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _best_linked(articles: tuple[LinkedArticle, ...], headline: str) -> LinkedArticle | None:
    named = [a for a in articles if a.headline and _agreement(headline, a.headline) > 0.6]
    return next(iter(named or articles), None)


def _byline(page: _Page, linked: LinkedArticle | None) -> tuple[str | None, tuple[str, ...]]:
    for raw in (
        linked.authors if linked else (),
        *(page.metas.get(key, ()) for key in AUTHOR_KEYS),
        page.items.get("author", ()),
        page.rel_authors,
        linked.agencies if linked else (),
    ):
        names: dict[str, str] = {}
        for name in filter(None, map(_name, raw)):
            names.setdefault(name.casefold(), name)
        if names:
            return ", ".join(names.values()), tuple(raw)
    return None, ()


def _name(text: str) -> str | None:
    text = _BY.sub("", text, count=1) if _BY.match(text) else text
    text = text.strip(" ,;|")
    if not text or len(text) > 200 or "://" in text or text.startswith(_NO_NAME):
        return None
    return text


def _published_texts(page: _Page, linked: LinkedArticle | None) -> Iterator[str | None]:
    yield linked.published if linked else None
    yield from page.metas.get(PUBLISHED_KEYS[0], ())
    yield from page.items.get("datePublished", ())
    for key in PUBLISHED_KEYS[1:]:
        yield from page.metas.get(key, ())
    yield from page.times


def _modified_texts(page: _Page, linked: LinkedArticle | None) -> Iterator[str | None]:
    yield linked.modified if linked else None
    yield from page.metas.get(MODIFIED_KEYS[0], ())
    yield from page.items.get("dateModified", ())
    for key in MODIFIED_KEYS[1:]:
        yield from page.metas.get(key, ())


def _first_time(texts: Iterable[str | None]) -> tuple[str | None, str]:
    for text in texts:
        if text and (value := iso_time(text)) is not None:
            return value, text
    return None, ""
