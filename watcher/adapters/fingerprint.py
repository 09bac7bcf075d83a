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
_ARTICLES = frozenset(("article", "main"))
NOTES = ("aside", "footer")
"""Boxes that may hold a notice: kept inside an article if nothing in them is a link or a form."""
_MOST_TAGS = 10_000
_MOST_ATTRIBUTES = 15_000
_LONGEST_TAG = 65_000
_LONG_TAG = re.compile(rb"<[a-zA-Z/][^<>]{%d}" % (_LONGEST_TAG - 2))
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


def text_fingerprint(body: bytes, content_type: str | None) -> str | None:
    """The fingerprint of a page as 64 hexadecimal digits, None for a page too odd to have one."""
    if is_odd(body):
        return None
    return read_page_text(decode_html(body, content_type)).fingerprint


def is_odd(body: bytes) -> bool:
    """True for a page that the fast parse must not be given, as it could hold up the service.

    The parser takes quadratic time for deep nesting and for very many attributes; it runs without
    a time limit, unlike the full extraction. No news page that we saw comes near these numbers.
    """
    if body.count(b"<") > _MOST_TAGS or body.count(b"=") > _MOST_ATTRIBUTES:
        return True
    # a tag can be no longer than what stands between two brackets, which is cheap to know
    longest = max(map(len, body.split(b">")))
    return longest > _LONGEST_TAG and _LONG_TAG.search(body) is not None


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
    boxes = page.css(f"{_CHROME},{_WRAPPERS}")
    if not boxes:
        return
    wraps_article = _above(page.css(_ARTICLE_MARKS))
    has_links = _above(page.css("a,form,button,input"))
    inside_article = _Inside(_ARTICLES)
    # inner ones first, so that no node is touched after its parent is gone
    for node in reversed(boxes):
        if node.tag != "nav" and node.mem_id in wraps_article and node.tag != "footer":
            continue
        # a box without links inside the article: facts, a notice, a correction
        is_note = node.tag in NOTES and node.mem_id not in has_links and inside_article(node)
        if not is_note:
            node.decompose()


def _above(nodes: Iterable[LexborNode]) -> set[int]:
    """All that stands above one of the nodes. Linear: no node is visited twice."""
    seen: set[int] = set()
    for node in nodes:
        parent = node.parent
        while parent is not None and parent.mem_id not in seen:
            seen.add(parent.mem_id)
            parent = parent.parent
    return seen


class _Inside:
    """Tells whether a node stands inside one of the tags; what was learned on the way is kept, or
    a deeply nested page would take quadratic time."""

    def __init__(self, tags: frozenset[str]) -> None:
        self._tags = tags
        self._known: dict[int, bool] = {}

    def __call__(self, node: LexborNode) -> bool:
        passed: list[int] = []
        found = False
        parent = node.parent
        while parent is not None:
            known = self._known.get(parent.mem_id)
            if known is not None:
                found = known
                break
            passed.append(parent.mem_id)
            if parent.tag in self._tags:
                found = True
                break
            parent = parent.parent
        for identity in passed:
            self._known[identity] = found
        return found


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
    in_prose = _Inside(_PROSE)
    for node in page.css("time"):
        values.append(clean(node.attributes.get("datetime") or ""))
        if not in_prose(node):
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
