"""The article fields of a page's JSON-LD, however it is nested and however broken it is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from watcher.core.text import clean

# Objects under these keys speak of something else than the page's article.
_ELSEWHERE = frozenset({
    "itemListElement", "hasPart", "mentions", "isPartOf", "citation", "relatedLink", "about",
    "video", "image", "publisher", "comment", "liveBlogUpdate", "author", "creator",
    "contributor", "editor", "sourceOrganization", "breadcrumb", "potentialAction", "review",
    "speakable", "sameAs",
})  # fmt: skip
_ARTICLE_ENDINGS = ("article", "posting")
_ARTICLE_TYPES = frozenset({"report", "review", "advertisercontentarticle"})
_NOT_ARTICLES = frozenset({"jobposting"})
_PAGE_TYPES = frozenset({"webpage", "itempage", "collectionpage", "creativework"})

_WRAPPING = re.compile(r"<!--|-->|(?:/\*|//)?\s*(?:<!\[CDATA\[|\]\]>)\s*(?:\*/)?")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_LAST_RESORT = re.compile(
    r'"(headline|datePublished|dateModified)"\s*:\s*("(?:[^"\\\n]|\\.)*")', re.DOTALL
)
_MAX_OBJECTS = 5000


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """What one JSON-LD object says of an article; times are the raw texts of the page.

    `authors` are people, `agencies` the organisations named as authors.
    """

    headline: str | None
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    published: str | None
    modified: str | None
    description: str | None
    is_article: bool


def linked_articles(scripts: Iterable[str]) -> tuple[LinkedArticle, ...]:
    """The article objects in the texts of a page's JSON-LD scripts, in page order.

    Articles come before mere web pages that carry dates. Broken JSON is repaired where the
    damage is known (comments, CDATA, trailing commas, several values in one script); where it
    is not, headline and dates are picked out by pattern.
    """
    found: list[LinkedArticle] = []
    for script in scripts:
        values = list(_parse(script))
        if not values:
            found.extend(_salvage(script))
            continue
        objects = list(_objects(values))
        names = {
            key: name
            for node in objects
            if isinstance(key := node.get("@id"), str) and isinstance(name := node.get("name"), str)
        }
        found.extend(article for node in objects if (article := _article(node, names)))
    return tuple(sorted(found, key=lambda article: not article.is_article))


def _parse(script: str) -> Iterator[object]:
    text = script.strip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", _WRAPPING.sub(" ", text)).strip(" \t\r\n;")):
        try:
            yield json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while at < len(attempt):
        try:
            value, at = decoder.raw_decode(attempt, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(attempt) and attempt[at] in " \t\r\n;,":
            at += 1


def _objects(values: list[object]) -> Iterator[dict[str, object]]:
    """Every object that may be the article, in page order. Stack and count are bounded."""
    stack = values[::-1]
    for _ in range(_MAX_OBJECTS):
        if not stack:
            return
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            stack.extend(
                child
                for key, child in reversed(value.items())
                if key not in _ELSEWHERE and isinstance(child, dict | list)
            )


def _article(node: dict[str, object], names: dict[str, str]) -> LinkedArticle | None:
    types = [kind.rpartition("/")[2].lower() for kind in _texts(node.get("@type"))]
    is_article = any(
        (kind.endswith(_ARTICLE_ENDINGS) or kind in _ARTICLE_TYPES) and kind not in _NOT_ARTICLES
        for kind in types
    )
    if not is_article and not (node.get("datePublished") and _PAGE_TYPES.intersection(types)):
        return None
    authors = list(_authors(node.get("author") or node.get("creator"), names))
    return LinkedArticle(
        headline=_first(node.get("headline")) or (is_article and _first(node.get("name"))) or None,
        authors=tuple(name for name, is_agency in authors if not is_agency),
        agencies=tuple(name for name, is_agency in authors if is_agency),
        published=_first(node.get("datePublished")),
        modified=_first(node.get("dateModified")),
        description=_first(node.get("description")),
        is_article=is_article,
    )


def _authors(value: object, names: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Names of authors, and whether each is an organisation."""
    for author in value if isinstance(value, list) else [value]:
        if isinstance(author, dict):
            reference = author.get("@id")
            name = author.get("name") or names.get(reference if isinstance(reference, str) else "")
            agency = any("organization" in kind.lower() for kind in _texts(author.get("@type")))
            yield from ((_tidy(text), agency) for text in _texts(name))
        elif isinstance(author, str):
            yield _tidy(author), False


def _texts(value: object) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]


def _first(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        value = value.get("@value")
    return next((text for raw in _texts(value) if (text := _tidy(raw))), None)


def _tidy(text: str) -> str:
    # publishers escape for HTML what JSON would not need escaped
    return clean(html.unescape(text))


def _salvage(script: str) -> Iterator[LinkedArticle]:
    fields: dict[str, str] = {}
    for key, quoted in _LAST_RESORT.findall(script):
        try:
            fields.setdefault(key, _tidy(json.loads(quoted, strict=False)))
        except ValueError:
            continue
    if fields:
        yield LinkedArticle(
            headline=fields.get("headline"),
            authors=(),
            agencies=(),
            published=fields.get("datePublished"),
            modified=fields.get("dateModified"),
            description=None,
            is_article=True,
        )
