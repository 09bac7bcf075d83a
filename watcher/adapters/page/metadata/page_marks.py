"""Where the marks of metadata stand in a page, collected in one walk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.page.linked.jsonld import LinkedArticle, linked_articles
from watcher.adapters.page.metadata.marks import ITEM_PROPERTIES, META_ATTRIBUTES, META_KEYS
from watcher.core.text import clean

RELATED = ("aside", "nav", "footer")
"""Tags that hold marks of other articles, or of the site."""

# Of a <meta>, a property is read as a key. By way of the attributes it takes half the time that a
# test of each element does.
_ITEMS = etree.XPath(
    "descendant::*/@itemprop/.. | descendant::*/@property/parent::*[not(self::meta)]"
)
_LINKS = etree.XPath("descendant::a[@rel]")
_TAGS = ("html", "meta", "link", "base", "script", "title", "h1", "h2", "time")
_ARTICLE_KINDS = ("article", "posting", "report", "review")
# What is described here is no article and no page that could hold one.
_OTHER_KINDS = (
    "person", "organization", "corporation", "object", "comment", "comments", "list", "listitem",
    "element", "wpfooter", "wpsidebar", "product", "offer", "event", "place", "rating", "action",
    "brand", "address", "website", "profilepage",
)  # fmt: skip
_AGENTS = ("author", "creator", "publisher")
_ADDRESSES = ("mainEntityOfPage", "url")
_ACCESS = "isAccessibleForFree"
# No page that we saw has half as many; bounds for hostile ones.
_MOST_ITEMS = 2000
_MOST_VALUES = 50
_MOST_PARTS = 100


@dataclass(slots=True)
class PageMarks:
    """What a page says of itself in marks, in page order, by key.

    `metas` has the values of `<meta>` by the keys of META_KEYS. `items` has the properties of
    microdata and RDFa by name, for each described thing that is an article; `loose_items` those
    that stand in no such thing, or in one that can hold articles.
    """

    metas: dict[str, list[str]] = field(default_factory=dict)
    items: list[dict[str, list[str]]] = field(default_factory=list)
    loose_items: dict[str, list[str]] = field(default_factory=dict)
    articles: tuple[LinkedArticle, ...] = ()
    h1: list[HtmlElement] = field(default_factory=list)
    h2: list[HtmlElement] = field(default_factory=list)
    title: str = ""
    language: str = ""
    canonical: str = ""
    base: str = ""
    rel_authors: list[str] = field(default_factory=list)
    pubdates: list[str] = field(default_factory=list)

    def values(self, keys: Iterable[str]) -> Iterator[str]:
        """The values of these meta keys, in the order of the keys."""
        for key in keys:
            yield from self.metas.get(key, ())


def collect_marks(tree: HtmlElement) -> PageMarks:
    """The marks of a parsed page. The tree is not changed."""
    page = PageMarks()
    scripts: list[str] = []
    for element in tree.iter(*_TAGS):
        match element.tag:
            case "meta":
                _collect_meta(element, page)
            case "link":
                if "canonical" in (element.get("rel") or "").lower().split():
                    page.canonical = page.canonical or clean(element.get("href") or "")
            case "script":
                if "ld+json" in (element.get("type") or "").lower() and element.text:
                    scripts.append(element.text)
            case "title":
                page.title = page.title or clean(element.text_content())
            case "html":
                page.language = clean(element.get("lang") or element.get("xml:lang") or "")
            case "base":
                page.base = page.base or clean(element.get("href") or "")
            case "h1":
                page.h1.append(element)
            case "time":
                if "pubdate" in element.attrib:
                    page.pubdates.append(clean(element.get("datetime") or ""))
            case _:
                page.h2.append(element)
    _collect_items(tree, page)
    links = (a for a in elements(_LINKS(tree)) if "author" in a.get("rel", "").lower().split())
    for element in islice(links, _MOST_VALUES):
        if not inside(element, RELATED):
            page.rel_authors.append(clean(element.text_content()))
    page.articles = linked_articles(scripts)
    return page


def elements(result: object) -> Iterator[HtmlElement]:
    """The elements among what an XPath gave."""
    return (
        (node for node in result if isinstance(node, HtmlElement))
        if isinstance(result, list)
        else iter(())
    )


def inside(element: HtmlElement, tags: Iterable[str]) -> bool:
    """True if the element stands inside one of the tags."""
    return next(element.iterancestors(*tags), None) is not None


def _collect_meta(element: HtmlElement, page: PageMarks) -> None:
    for attribute in META_ATTRIBUTES:
        name = element.get(attribute)
        if name is None or (attribute == "itemprop" and _owner(element) is not None):
            continue
        key = META_KEYS.get(name.strip().lower())
        if key is not None and (content := clean(element.get("content") or "")):
            _add(page.metas, key, content)


def _add(values: dict[str, list[str]], key: str, value: str) -> None:
    found = values.setdefault(key, [])
    if value and len(found) < _MOST_VALUES:
        found.append(value)


def _collect_items(tree: HtmlElement, page: PageMarks) -> None:
    groups: dict[HtmlElement, dict[str, list[str]]] = {}
    for element in islice(elements(_ITEMS(tree)), _MOST_ITEMS):
        names = _item_names(element, page)
        if not names:
            continue
        owner = _owner(element)
        kinds = _kinds(owner)
        if any(kind.endswith(_OTHER_KINDS) for kind in kinds):
            # a part of the page that is not free is all that some say of access
            if names == [_ACCESS] and any(kind.endswith("webpageelement") for kind in kinds):
                _add(page.loose_items, _ACCESS, _item_value(element, _ACCESS))
            continue
        is_article = owner is not None and any(kind.endswith(_ARTICLE_KINDS) for kind in kinds)
        if _is_elsewhere(element, owner if is_article else None):
            continue
        group = page.loose_items
        if owner is not None and is_article:
            if owner not in groups and len(groups) == _MOST_VALUES:
                continue
            group = groups.setdefault(owner, {})
        for name in names:
            if len(group.get(name, ())) < _MOST_VALUES:
                _add(group, name, _item_value(element, name))
    page.items = list(groups.values())


def _is_elsewhere(element: HtmlElement, article: HtmlElement | None) -> bool:
    """True if it stands outside of what tells of the article. The article's own footer does."""
    box = next(element.iterancestors(*RELATED), None)
    if box is None:
        return False
    return box.tag != "footer" or article is None or article not in box.iterancestors()


def _item_names(element: HtmlElement, page: PageMarks) -> list[str]:
    """The names of properties that an element holds; RDFa of other vocabularies goes to metas."""
    names = (element.get("itemprop") or "").split()
    # of a <meta>, property and name are keys
    told = "" if element.tag == "meta" else element.get("property") or ""
    for token in told.split():
        key = META_KEYS.get(token.lower())
        if key is not None and ":" in token:
            value = clean(element.get("content") or element.text_content())
            _add(page.metas, key, value)
        names.append(token.removeprefix("schema:"))
    return [name for name in dict.fromkeys(names) if name in ITEM_PROPERTIES]


def _owner(element: HtmlElement) -> HtmlElement | None:
    """The described thing that a property belongs to."""
    for holder in element.iterancestors():
        if "itemscope" in holder.attrib or "typeof" in holder.attrib:
            return holder
    return None


def _kinds(owner: HtmlElement | None) -> list[str]:
    if owner is None:
        return []
    return (owner.get("itemtype") or owner.get("typeof") or "").lower().split()


def _item_value(element: HtmlElement, name: str) -> str:
    value = element.get("content") or element.get("datetime")
    if value is None and name in _ADDRESSES:
        value = element.get("itemid") or element.get("href") or element.get("resource") or ""
    if value is None and name in _AGENTS:
        value = _agent_name(element)
    return clean(_short_text(element) if value is None else value)


def _agent_name(element: HtmlElement) -> str | None:
    for part in islice(element.iter(), _MOST_PARTS):
        if "name" in (part.get("itemprop") or part.get("property") or "").split():
            return part.get("content") or _short_text(part)
    return None


def _short_text(element: HtmlElement) -> str:
    """The text of an element, or the beginning of a long one."""
    return "".join(islice(element.itertext(), _MOST_PARTS))
