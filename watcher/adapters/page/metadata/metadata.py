"""What a page says of its article beside the text, from everything that publishers mark up.

The order of preference; the first that gives something is taken:

headline   the heading that shows the article's headline, as readers see it (not the SEO title);
           JSON-LD headline; itemprop=headline; og:title, twitter:title and the other meta
           spellings; <title>; a site's name at the end of a told one is cut off
byline     people that JSON-LD names as author; <meta name=author> and its many spellings;
           itemprop=author; rel=author; a line by the headline that is marked as byline or begins
           with "by"; then names that are the publisher's own, and organisations
published  JSON-LD datePublished; article:published_time; itemprop=datePublished; the many other
           <meta> dates; <time pubdate>; times by the headline (<time datetime>, hAtom); dates
           written there
modified   JSON-LD dateModified; article:modified_time; itemprop=dateModified; og:updated_time
           and the other <meta> spellings; times by the headline that say "updated"; such dates
publisher  JSON-LD publisher; itemprop=publisher; og:site_name and the other <meta> spellings
section    JSON-LD articleSection; itemprop; article:section and the other <meta> spellings; the
           first step of the JSON-LD BreadcrumbList below the site's front
canonical  <link rel=canonical>; og:url; what JSON-LD and microdata call the article's own address
language   JSON-LD inLanguage; itemprop; <html lang>; content-language and the other spellings;
           og:locale
access     JSON-LD isAccessibleForFree, of the article, then of its parts; itemprop;
           article:content_tier and the other <meta> spellings

JSON-LD goes first for times, since it carries seconds and zone most often. A source that is more
precise goes before one that is vaguer if both can be one moment: a local time gets its zone,
a date its clock time. Where a page names several articles (related ones), the one that has the
page's address or the headline that the page shows is taken, and several objects that speak of
that one complete each other. What cannot be understood counts as absent, so the next source is
asked. Nothing is guessed: written dates that are ambiguous count as absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from lxml.html import HtmlElement

from watcher.adapters.page.linked.jsonld import LinkedArticle
from watcher.adapters.page.metadata.access import Access, linked_access, marked_access
from watcher.adapters.page.metadata.addresses import absolute_address, address_key, host_names
from watcher.adapters.page.metadata.byline import apart_from, names_of, shown_names
from watcher.adapters.page.metadata.headline import ShownHeadline, agreement, find_headline
from watcher.adapters.page.metadata.language_tag import language_tag
from watcher.adapters.page.metadata.marks import (
    ACCESS_KEYS,
    AUTHOR_KEYS,
    CANONICAL_KEYS,
    HEADLINE_KEYS,
    LANGUAGE_KEYS,
    MODIFIED_KEYS,
    PUBLISHED_KEYS,
    PUBLISHER_KEYS,
    SECTION_KEYS,
)
from watcher.adapters.page.metadata.page_marks import PageMarks, collect_marks
from watcher.adapters.page.metadata.stamps import times_in, written_in
from watcher.adapters.page.text.vicinity import Line, lines_near
from watcher.adapters.page.times.best_time import best_time
from watcher.adapters.page.times.written_time import written_time

_SAME_HEADLINE = 0.6
# The same, both ways, of an article in a list: related ones have headlines much alike.
_LISTED = 0.9
_LONGEST_NAME = 200
# A bound for hostile pages; lists of related articles have a few dozen.
_MOST_ARTICLES = 500


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's metadata, in the forms that Snapshot documents.

    `sources` are the raw texts of the page that the other fields were made from. `linked` are the
    objects of JSON-LD that are sure to speak of the article, the surest first.
    """

    headline: str
    byline: str | None
    published: str | None
    modified: str | None
    publisher: str | None
    section: str | None
    canonical: str | None
    language: str | None
    access: Access | None
    sources: tuple[str, ...]
    linked: tuple[LinkedArticle, ...] = ()


@dataclass(slots=True)
class _Reading:
    """A page while it is read: its marks, what of them is the article's, the lines by it."""

    page: PageMarks
    url: str
    headline: ShownHeadline
    linked: tuple[LinkedArticle, ...] = ()
    items: tuple[dict[str, list[str]], ...] = ()
    language: str | None = None
    sources: list[str] = field(default_factory=list)
    stamps: dict[str, str] = field(default_factory=dict)
    _lines: tuple[Line, ...] | None = None

    def lines(self) -> tuple[Line, ...]:
        """The lines by the headline, read only if they are asked for."""
        if self._lines is None:
            shown = self.headline.element
            self._lines = () if shown is None else lines_near(shown)
        return self._lines

    def item(self, *names: str) -> Iterator[str]:
        """The values of the article's microdata under these names."""
        for group in self.items:
            for name in names:
                yield from group.get(name, ())


def read_metadata(tree: HtmlElement, url: str = "") -> Metadata:
    """The metadata of a parsed page that was read from `url`. The tree is not changed."""
    page = collect_marks(tree)
    reading = _Reading(page, url, _headline(page, url))
    reading.sources.append(reading.headline.text)
    canonical = _canonical(reading)
    addresses = {address_key(text) for text in (url, canonical or "")} - {""}
    own = _own(page.articles, reading.headline.text, addresses)
    reading.linked = own or tuple(a for a in page.articles[:1] if not a.is_listed)
    reading.items = _own_items(page, reading.headline.text)
    reading.language = _language(reading)
    publisher = _first(reading, _publishers(reading))
    return Metadata(
        headline=reading.headline.text,
        byline=_byline(reading),
        published=_time(reading, _published(reading)),
        modified=_time(reading, _modified(reading)),
        publisher=publisher,
        section=_first(reading, _sections(reading)),
        canonical=canonical or _linked_address(reading),
        language=reading.language,
        access=_access(reading),
        sources=tuple(dict.fromkeys(text for text in reading.sources if text)),
        linked=tuple(article for article in own if article.is_article),
    )


def _headline(page: PageMarks, url: str) -> ShownHeadline:
    here = {address_key(text) for text in (url, page.canonical or "")} - {""}
    told = [
        *(
            article.headline
            # where no heading shows it, the first one told is the headline
            for article in sorted(
                page.articles, key=lambda article: here.isdisjoint(map(address_key, article.urls))
            )
            if article.headline and article.is_article and not article.is_listed
        ),
        *(
            text
            for group in (*page.items, page.loose_items)
            for text in group.get("headline", ())[:1]
        ),
        *(page.metas[key][0] for key in HEADLINE_KEYS if key in page.metas),
    ]
    sites = (
        *page.values(PUBLISHER_KEYS),
        *(article.publisher or "" for article in page.articles),
        *host_names(url),
    )
    return find_headline(page.h1, page.h2, told, page.title, sites)


def _own(
    articles: tuple[LinkedArticle, ...], headline: str, addresses: set[str]
) -> tuple[LinkedArticle, ...]:
    """The JSON-LD objects that are sure to speak of this page's article, the surest first.

    One in a list counts only if no other does: lists are of related articles as a rule.
    """

    def sureness(article: LinkedArticle) -> int:
        told = article.headline or ""
        named = bool(told) and agreement(headline, told) > _SAME_HEADLINE
        here = not addresses.isdisjoint(map(address_key, article.urls))
        if article.is_listed and not here:
            named = named and min(agreement(headline, told), agreement(told, headline)) > _LISTED
        return 4 * here + 2 * named + article.is_article if here or named else 0

    sure = sorted(
        ((sureness(article), article) for article in articles[:_MOST_ARTICLES]),
        key=itemgetter(0),
        reverse=True,
    )
    found = tuple(article for how, article in sure if how)
    alone = tuple(article for article in found if not article.is_listed)
    return alone or found[:1]


def _own_items(page: PageMarks, headline: str) -> tuple[dict[str, list[str]], ...]:
    """The microdata of the article, then that which stands in no article."""
    named = [
        group
        for group in page.items
        if any(agreement(headline, text) > _SAME_HEADLINE for text in group.get("headline", ())[:1])
    ]
    return (*(named or page.items[:1]), page.loose_items)


def _byline(reading: _Reading) -> str | None:
    page, linked = reading.page, reading.linked
    organisations = [*_publishers(reading), *page.values(PUBLISHER_KEYS)]
    marked = [
        next((article.authors for article in linked if article.authors), ()),
        *(page.metas.get(key, ()) for key in AUTHOR_KEYS),
        tuple(reading.item("author", "creator")),
        page.rel_authors,
    ]
    for raw in marked:
        if names := apart_from(names_of(raw), organisations):
            reading.sources.extend(raw)
            return ", ".join(names)
    names, texts = shown_names(reading.lines())
    if names:
        reading.sources.extend(texts)
        return ", ".join(names)
    for raw in (*marked, *(article.agencies for article in linked)):
        if names := names_of(raw):
            reading.sources.extend(raw)
            return ", ".join(names)
    return None


def _time(reading: _Reading, texts: Iterable[str]) -> str | None:

    def read(text: str) -> str | None:
        return written_time(text, reading.language)

    value, source = best_time(texts, read)
    reading.sources.append(reading.stamps.get(source, source))
    return value


def _written(reading: _Reading, *, updates: bool) -> Iterator[str]:
    for stamp in written_in(reading.lines(), reading.language, updates=updates):
        reading.stamps[stamp.text] = stamp.source
        yield stamp.text


def _published(reading: _Reading) -> Iterator[str]:
    yield from (article.published or "" for article in reading.linked)
    yield from reading.page.metas.get(PUBLISHED_KEYS[0], ())
    yield from reading.item("datePublished")
    yield from reading.page.values(PUBLISHED_KEYS[1:])
    yield from reading.page.pubdates
    lines = reading.lines()
    yield from times_in(lines, updates=False)
    yield from _written(reading, updates=False)


def _modified(reading: _Reading) -> Iterator[str]:
    yield from (article.modified or "" for article in reading.linked)
    yield from reading.page.metas.get(MODIFIED_KEYS[0], ())
    yield from reading.item("dateModified")
    yield from reading.page.values(MODIFIED_KEYS[1:])
    lines = reading.lines()
    yield from times_in(lines, updates=True)
    yield from _written(reading, updates=True)


def _publishers(reading: _Reading) -> Iterator[str]:
    yield from (article.publisher or "" for article in reading.linked)
    yield from reading.item("publisher")
    yield from reading.page.values(PUBLISHER_KEYS)


def _sections(reading: _Reading) -> Iterator[str]:
    yield from (article.section or "" for article in reading.linked)
    yield from reading.item("articleSection")
    yield from reading.page.values(SECTION_KEYS)
    # the page itself ends its own trail
    told = reading.headline.text
    for article in reading.page.articles:
        yield from (step for step in article.trail if agreement(step, told) < _SAME_HEADLINE)


def _first(reading: _Reading, texts: Iterable[str]) -> str | None:
    """The first text that is a name: not empty, no address, not too long."""
    for text in texts:
        if text and len(text) <= _LONGEST_NAME and "://" not in text:
            reading.sources.append(text)
            return text
    return None


def _language(reading: _Reading) -> str | None:
    for text in (
        *(article.language or "" for article in reading.linked),
        *reading.item("inLanguage"),
        reading.page.language,
        *reading.page.values(LANGUAGE_KEYS),
    ):
        if (tag := language_tag(text)) is not None:
            reading.sources.append(text)
            return tag
    return None


def _access(reading: _Reading) -> Access | None:
    access, text = linked_access(reading.linked)
    marked = (
        *(("isaccessibleforfree", text) for text in reading.item("isAccessibleForFree")),
        *((key, text) for key in ACCESS_KEYS for text in reading.page.metas.get(key, ())),
    )
    for key, value in marked:
        if access is not None:
            break
        access, text = marked_access(key, value), value
    if access is not None:
        reading.sources.append(text)
    return access


def _canonical(reading: _Reading) -> str | None:
    page = reading.page
    for text in (page.canonical, *page.values(CANONICAL_KEYS)):
        if (address := absolute_address(text, page.base, reading.url)) is not None:
            reading.sources.append(text)
            return address
    return None


def _linked_address(reading: _Reading) -> str | None:
    linked = (url for article in reading.linked if article.is_article for url in article.urls)
    for text in (*linked, *reading.item("mainEntityOfPage", "url")):
        if (address := absolute_address(text, reading.page.base, reading.url)) is not None:
            reading.sources.append(text)
            return address
    return None
