"""The article fields of a page's JSON-LD, however it is nested and however broken it is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from watcher.adapters.page.linked.jsonrepair import parse_json_ld
from watcher.adapters.page.linked.linkednotices import Corrections, LinkedCorrection, is_correction
from watcher.adapters.page.linked.linkedposts import LinkedPost, linked_posts
from watcher.core.text import clean

_Node = dict[str, object]

# Objects under these keys speak of something else than the page's article.
_ELSEWHERE = frozenset({
    "itemListElement", "hasPart", "mentions", "isPartOf", "citation", "relatedLink", "about",
    "video", "image", "publisher", "comment", "liveBlogUpdate", "author", "creator",
    "contributor", "editor", "sourceOrganization", "breadcrumb", "potentialAction", "review",
    "speakable", "sameAs", "isBasedOn", "provider", "copyrightHolder", "significantLink",
})  # fmt: skip
_ARTICLE_ENDINGS = ("article", "posting")
_ARTICLE_TYPES = frozenset({"report", "review", "advertisercontentarticle", "claimreview"})
_NOT_ARTICLES = frozenset({"jobposting"})
_PAGE_TYPES = frozenset({"webpage", "itempage", "collectionpage", "creativework"})

_LIST = "itemListElement"
_BODIES = ("articleBody", "text")

_QUOTED = r'("(?:[^"\\\n]|\\.)*")'
_LAST_RESORT = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage|isAccessibleForFree)"'
    rf"\s*:\s*(?:{_QUOTED}(?=\s*[,}}\]])|(true|false))",
    re.DOTALL,
)
_LAST_NAME = re.compile(
    rf'"(author|publisher)"\s*:\s*[\[{{][^\]}}]{{0,300}}?"name"\s*:\s*{_QUOTED}'
)
_MAX_OBJECTS = 20_000
_MOST_VALUES = 50
_MOST_ITEMS = 200
# Keys with the vocabulary's name: "schema:headline". No quote stands unescaped in a text.
_PREFIXED = re.compile(r'"(?:schema:|https?://schema\.org/)(\w+)"(?=\s*:)')


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """What one JSON-LD object says of an article, in the raw texts of the page.

    `authors` are people, `agencies` the organisations named as authors. `urls` are the addresses
    that it calls its own: url, @id, mainEntityOfPage. `access` is what it says of being free:
    "true" or "false"; `part_access` the same of its parts. `trail` are the names on the way from
    the site's front to the page, which an object of its own tells. `body` is the article's text
    with its line ends or tags, `words` how many words it has by its own account, `posts` are those
    of a live blog, `corrections` what it says was wrong. `is_listed` is true for an object in a
    list, which may be of other articles.
    """

    headline: str | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    description: str | None = None
    publisher: str | None = None
    section: str | None = None
    language: str | None = None
    access: str | None = None
    part_access: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    body: str | None = None
    words: int | None = None
    posts: tuple[LinkedPost, ...] = ()
    corrections: tuple[LinkedCorrection, ...] = ()
    is_article: bool = False
    is_listed: bool = False

    def texts(self) -> Iterator[str]:
        """Every text that metadata is made from, in the order of the fields."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("body", "posts", "corrections"):
                continue
            if isinstance(value, tuple):
                yield from value
            elif isinstance(value, str):
                yield value


def linked_articles(scripts: Iterable[str]) -> tuple[LinkedArticle, ...]:
    """The article objects in the texts of a page's JSON-LD scripts, in page order.

    Articles come before mere web pages that carry dates. Names are found through references
    (`@id`) over all scripts. From a script that cannot be parsed, the commonest fields are
    picked out by pattern.
    """
    return _linked_articles(tuple(filter(None, scripts)))


# A page's metadata, its fingerprint and its signs are made from the same scripts, one soon after
# the other.
@lru_cache(maxsize=2)
def _linked_articles(scripts: tuple[str, ...]) -> tuple[LinkedArticle, ...]:
    nodes: list[tuple[_Node | LinkedArticle, bool]] = []
    names: dict[str, str] = {}
    for script in scripts:
        values = list(parse_json_ld(_PREFIXED.sub(r'"\1"', script)))
        nodes.extend(_objects(values, names) if values else ((a, False) for a in _salvage(script)))
    objects = [node for node, is_listed in nodes if isinstance(node, dict) and not is_listed]
    corrections = Corrections(node for node in objects if is_correction(_types(node)))
    found = [
        article
        for node, is_listed in nodes
        if (
            article := node
            if isinstance(node, LinkedArticle)
            else _article(node, names, is_listed, corrections)
        )
    ]
    if loose := tuple(corrections.loose()):
        at = next((at for at, a in enumerate(found) if a.is_article and not a.is_listed), None)
        if at is not None:
            found[at] = replace(found[at], corrections=(*found[at].corrections, *loose))
    return tuple(sorted(found, key=lambda a: (a.is_listed, not a.is_article, bool(a.trail))))


def _objects(values: list[object], names: dict[str, str]) -> Iterator[tuple[_Node, bool]]:
    """Every object that may be the article, in page order, and whether it stands in a list; names
    of all objects into `names`.

    Stack and count are bounded.
    """
    stack = [(value, True, False) for value in reversed(values)]
    for _ in range(_MAX_OBJECTS):
        if not stack:
            return
        value, here, is_listed = stack.pop()
        if isinstance(value, list):
            stack.extend((child, here, is_listed) for child in reversed(value))
        elif isinstance(value, dict):
            key, name = value.get("@id"), value.get("name")
            if isinstance(key, str) and isinstance(name, str):
                names.setdefault(key, name)
            if here or _is_trail(value):
                yield value, is_listed
            # the parts of a page are its articles, those of an article are not
            parts = {"hasPart"} if "hasPart" in value and _is_page(value) else set()
            if _LIST in value and not _is_trail(value):
                parts.add(_LIST)
            stack.extend(
                (child, here and (key not in _ELSEWHERE or key in parts), is_listed or key == _LIST)
                for key, child in reversed(value.items())
                if isinstance(child, dict | list)
            )


def _types(node: _Node) -> list[str]:
    return [
        kind.rpartition("/")[2].rpartition(":")[2].lower() for kind in _texts(node.get("@type"))
    ]


def _is_page(node: _Node) -> bool:
    return any(kind in _PAGE_TYPES for kind in _types(node)) and "headline" not in node


def _is_trail(node: _Node) -> bool:
    return _LIST in node and "breadcrumblist" in _types(node)


def _trail(node: _Node) -> Iterator[str]:
    """The names of a list of crumbs, without the site's front."""
    steps = [item for item in _flat(node[_LIST]) if isinstance(item, dict)]
    for step in sorted(steps, key=_position):
        item = step.get("item")
        inner = item if isinstance(item, dict) else {"@id": item}
        address = _first(inner.get("@id")) or _first(inner.get("url")) or ""
        name = _first(step.get("name")) or _first(inner.get("name"))
        if name and urlsplit(address).path.strip("/") not in ("", "index", "index.html"):
            yield name


def _position(step: _Node) -> int:
    told = _first(step.get("position")) or ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 4 else 0


def _article(
    node: _Node, names: Mapping[str, str], is_listed: bool, corrections: Corrections
) -> LinkedArticle | None:
    types = _types(node)
    if _is_trail(node):
        trail = tuple(islice(_trail(node), _MOST_VALUES))
        return LinkedArticle(trail=trail) if trail else None
    is_article = any(
        (kind.endswith(_ARTICLE_ENDINGS) or kind in _ARTICLE_TYPES) and kind not in _NOT_ARTICLES
        for kind in types
    )
    if not types and "@type" not in node and node.get("headline"):
        # no type at all, but what only articles have
        is_article = bool(node.get("datePublished") or node.get("articleBody"))
    if not is_article and not (node.get("datePublished") and _PAGE_TYPES.intersection(types)):
        return None
    authors = list(islice(_named(node.get("author") or node.get("creator"), names), _MOST_VALUES))
    publisher = node.get("publisher") or node.get("sourceOrganization") or node.get("provider")
    return LinkedArticle(
        headline=_first(node.get("headline")) or (is_article and _first(node.get("name"))) or None,
        authors=tuple(name for name, is_agency in authors if not is_agency),
        agencies=tuple(name for name, is_agency in authors if is_agency),
        published=_first(node.get("datePublished")),
        modified=_first(node.get("dateModified")),
        description=_first(node.get("description")),
        publisher=next((name for name, _ in _named(publisher, names)), None),
        section=_first(node.get("articleSection")) or _name(node.get("articleSection")),
        language=_language(node.get("inLanguage")),
        access=_boolean(node.get("isAccessibleForFree")),
        part_access=tuple(dict.fromkeys(_part_access(node.get("hasPart")))),
        urls=tuple(dict.fromkeys(islice(_urls(node), _MOST_VALUES))),
        body=_body(node) if is_article else None,
        words=_number(node.get("wordCount")),
        posts=tuple(linked_posts(node.get("liveBlogUpdate"))) if is_article else (),
        corrections=tuple(corrections.of(node)) if is_article else (),
        is_article=is_article,
        is_listed=is_listed,
    )


def _body(node: _Node) -> str | None:
    """The article's text as it stands there: its line ends part its paragraphs."""
    for key in _BODIES:
        if text := html.unescape("\n".join(_values(node.get(key)))).strip():
            return text
    return None


def _number(value: object) -> int | None:
    told = _first(value) or ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else None


def _named(value: object, names: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Names of authors or publishers, and whether each is an organisation."""
    for agent in _flat(value):
        if isinstance(agent, dict):
            reference = agent.get("@id")
            name = agent.get("name") or names.get(reference if isinstance(reference, str) else "")
            if not name:
                name = " ".join(_texts([agent.get("givenName"), agent.get("familyName")]))
            kinds = _texts(agent.get("@type"))
            agency = any(kind.lower().endswith(("organization", "corporation")) for kind in kinds)
            yield from ((text, agency) for raw in _values(name) if (text := _tidy(raw)))
        elif isinstance(agent, str) and (text := _tidy(names.get(agent, agent))):
            yield text, False


def _urls(node: _Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        for value in _listed(node.get(key)):
            if isinstance(value, dict):
                yield from (clean(text) for text in _texts([value.get("@id"), value.get("url")]))
            elif isinstance(value, str):
                yield clean(value)


def _language(value: object) -> str | None:
    for item in _listed(value):
        told = (item.get("alternateName"), item.get("name")) if isinstance(item, dict) else (item,)
        if text := next(filter(None, map(_first, told)), None):
            return text
    return None


def _boolean(value: object) -> str | None:
    value = next(iter(_listed(value)), None)
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, int | str):
        text = str(value).strip().lower().rpartition("/")[2]
        return {"0": "false", "1": "true"}.get(text, text)
    return None


def _part_access(value: object) -> Iterator[str]:
    for part in _listed(value):
        if isinstance(part, dict) and (access := _boolean(part.get("isAccessibleForFree"))):
            yield access


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _flat(value: object) -> Iterator[object]:
    """The items of lists in lists; "@list" and "@set" hold one in the long form of JSON-LD."""
    stack = [value]
    for _ in range(_MOST_ITEMS):
        if not stack:
            return
        item = stack.pop()
        if isinstance(item, dict):
            item = item.get("@list", item.get("@set", item))
        if isinstance(item, list):
            stack.extend(reversed(item))
        else:
            yield item


def _name(value: object) -> str | None:
    names = (item.get("name") for item in _flat(value) if isinstance(item, dict))
    return next(filter(None, map(_first, names)), None)


def _texts(value: object) -> list[str]:
    return [text for text in _listed(value) if isinstance(text, str)]


def _values(value: object) -> list[str]:
    """The texts of a value that may be a text, a list, or an object that holds its text."""
    found = (item.get("@value") if isinstance(item, dict) else item for item in _listed(value))
    return [text for text in found if isinstance(text, str)]


def _first(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return next((text for raw in _values(value) if (text := _tidy(raw))), None)


def _tidy(text: str) -> str:
    # publishers escape for HTML what JSON would not need escaped
    return clean(html.unescape(text))


def _salvage(script: str) -> Iterator[LinkedArticle]:
    found: dict[str, str] = {}
    for pattern in (_LAST_RESORT, _LAST_NAME):
        for key, quoted, *word in pattern.findall(script):
            try:
                text = _tidy(json.loads(quoted, strict=False)) if quoted else word[0]
            except ValueError:
                continue
            found.setdefault(key, text)
    if found:
        yield LinkedArticle(
            headline=found.get("headline"),
            authors=(found["author"],) if "author" in found else (),
            published=found.get("datePublished"),
            modified=found.get("dateModified"),
            publisher=found.get("publisher"),
            section=found.get("articleSection"),
            language=found.get("inLanguage"),
            access=_boolean(found.get("isAccessibleForFree")),
            is_article=True,
        )
