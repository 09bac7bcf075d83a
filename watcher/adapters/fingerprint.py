"""The fast text fingerprint: blind to page noise, never to article text, headline or dates.

It digests the page's text outside chrome (navigation, footer, asides, forms, scripts …), block
by block, and the metadata that the extraction reads. Attributes, comments, scripts and the
amount of white space do not count. Where it is unclear whether something is noise, it counts: a
wrong inclusion costs one full extraction, a wrong exclusion would hide news.

The fast parse is another parser than the extraction's. So an extraction hands out a fingerprint
only if `PageText.covers` everything that it extracted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.adapters.charset import decode_html
from watcher.adapters.jsonld import linked_articles
from watcher.adapters.marks import ITEM_PROPERTIES, META_KEYS
from watcher.core.text import clean

# What the extraction never takes text from, whatever it holds.
_INERT = [
    "script", "style", "noscript", "template", "svg", "iframe", "button", "select", "picture",
    "object", "canvas",
]  # fmt: skip
_CHROME = "nav,footer"
# Chrome on most pages, but some wrap the whole article in one of these.
_WRAPPERS = "aside,form,dialog"
_ARTICLE_MARKS = "h1,[itemprop~=articleBody]"
_INLINE = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "tt", "u", "var", "wbr",
]  # fmt: skip
_PROSE = frozenset({"p", "li", "blockquote", "h2", "h3", "h4", "figcaption", "td", "dd"})
# The tags that make a paragraph's kind, and br, which can split one.
_KINDS = "h1,h2,h3,h4,h5,h6,li,blockquote,figcaption,tr,br"
_MARK = "\x02"
_NOT_WORD = re.compile(r"[\W_]+")
_MAX_PIECES = 6


@dataclass(frozen=True, slots=True)
class PageText:
    """What the fast parse saw: the fingerprint, the text of the blocks, the metadata's values."""

    fingerprint: str
    blocks: tuple[str, ...]
    values: frozenset[str]

    def covers(self, texts: Iterable[str], sources: Iterable[str]) -> bool:
        """True if every text and every metadata source stands in what was fingerprinted.

        Compared are letters and digits in order. A text may be found in a few pieces, since an
        extraction may leave out something that stands inside a paragraph.
        """
        text = clean(" ".join(self.blocks))
        missing = [t for t in texts if t not in text]
        missing.extend(s for s in sources if s not in self.values and s not in text)
        if not missing:
            return True
        letters = _letters(text)
        return all(_found(part, letters) for part in missing)


def text_fingerprint(body: bytes, content_type: str | None) -> str:
    """The fingerprint of a page as 64 hexadecimal digits."""
    return read_page_text(decode_html(body, content_type)).fingerprint


def read_page_text(html: str) -> PageText:
    """What the fast parse sees of a page that is already decoded."""
    page = LexborHTMLParser(html)
    articles = linked_articles(node.text() for node in page.css('script[type*="ld+json" i]'))
    page.strip_tags(_INERT, recursive=True)
    _strip_chrome(page)
    values = _marked_values(page)
    for article in articles:
        values.extend(
            text
            for text in (
                article.headline,
                *article.authors,
                *article.agencies,
                article.published,
                article.modified,
                article.description,
            )
            if text
        )
    kinds = "".join(_kind(node) for node in page.css(_KINDS))
    page.unwrap_tags(_INLINE)
    page.merge_text_nodes()
    blocks = _blocks(page)
    # no value or block holds a control character, so their borders are unambiguous
    told = "\x02".join(("\n".join(values), kinds, "\n".join(blocks)))
    digest = sha256(told.encode("utf-8", "surrogatepass"))
    return PageText(digest.hexdigest(), tuple(blocks), frozenset(values))


def _strip_chrome(page: LexborHTMLParser) -> None:
    # inner ones first, so that no node is touched after its parent is gone
    for node in reversed(page.css(f"{_CHROME},{_WRAPPERS}")):
        if node.tag in ("nav", "footer") or not _may_be_article(node):
            node.decompose()


def _may_be_article(node: LexborNode) -> bool:
    if node.css_first(_ARTICLE_MARKS) is not None:
        return True
    # a box without links inside the article: facts, a notice, a correction
    return (
        node.tag == "aside"
        and _has_ancestor(node, frozenset({"article"}))
        and node.css_first("a") is None
    )


def _has_ancestor(node: LexborNode, tags: frozenset[str]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False


def _marked_values(page: LexborHTMLParser) -> list[str]:
    """The raw values of meta tags, itemprops and times, in page order. Removes shown times.

    The text of a time outside prose is often relative ("3 minutes ago"); its datetime is not.
    """
    values: list[str] = []
    for node in page.css("meta[content]"):
        attributes = node.attributes
        for name in ("property", "name", "itemprop"):
            if (attributes.get(name) or "").strip().lower() in META_KEYS:
                values.append(clean(attributes.get("content") or ""))
                break
    for node in page.css("[itemprop]"):
        attributes = node.attributes
        if not set((attributes.get("itemprop") or "").split()).isdisjoint(
            (*ITEM_PROPERTIES, "name")
        ):
            values.append(clean(attributes.get("content") or attributes.get("datetime") or ""))
    for node in page.css("time"):
        values.append(clean(node.attributes.get("datetime") or ""))
        if not _has_ancestor(node, _PROSE):
            node.decompose()
    return values


def _kind(node: LexborNode) -> str:
    return f"{node.tag} "


def _blocks(page: LexborHTMLParser) -> list[str]:
    root = page.root
    if root is None:
        return []
    pieces = root.text(separator=_MARK).split(_MARK)
    return [folded for piece in pieces if (folded := " ".join(piece.split()))]


def _letters(text: str) -> str:
    return _NOT_WORD.sub("", text).casefold()


def _found(text: str, seen: str) -> bool:
    """True if `text` stands in `seen` in at most a few pieces, in order."""
    rest, start = _letters(text), 0
    for _ in range(_MAX_PIECES):
        at = seen.find(rest, start)
        if at >= 0:
            return True
        length = _longest_prefix(rest, seen, start)
        if length < min(12, len(rest)):
            return False
        start = seen.find(rest[:length], start) + length
        rest = rest[length:]
    return False


def _longest_prefix(text: str, seen: str, start: int) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if seen.find(text[:middle], start) >= 0:
            low = middle
        else:
            high = middle - 1
    return low
