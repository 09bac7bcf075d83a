"""The fast text fingerprint: blind to page noise, never to article text, headline or dates.

It digests the page's text outside chrome (navigation, footer, asides, forms, scripts …) with
its paragraphs, and the metadata that the extraction reads. Other attributes, comments, scripts
and the amount of white space do not count. Where it is unclear whether something is noise, it
counts: a wrong inclusion costs one full extraction, a wrong exclusion would hide news.

The fast parse is another parser than the extraction's. So an extraction hands out a fingerprint
only if `PageText.covers` everything that it extracted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from watcher.adapters.charset import decode_html, is_read_as_utf8
from watcher.adapters.chrome import strip_chrome
from watcher.adapters.coverage import PageText
from watcher.adapters.folded import unfold_source
from watcher.adapters.jsonld import linked_articles
from watcher.adapters.marks import ITEM_PROPERTIES, META_ATTRIBUTES, META_KEYS
from watcher.adapters.oddity import Allowance, OddPage, is_odd
from watcher.core.text import clean

# What the extraction never takes text from, whatever it holds.
_INERT = "script,style,noscript,template,svg,iframe,select,picture,button,object,canvas"
# Where one of these is left open, the fast parse puts the rest of the page into it, and the
# extraction's does not. So it counts if it holds more than a label.
_MAY_BE_OPEN = frozenset(("button", "object", "canvas"))
_LABEL = 200
_HEAD = 'script[type*="ld+json" i],meta[content],link[rel~=canonical i],base[href]'
_ADDRESS = "link[rel~=canonical i][href]"
_MARKED = "[itemprop],[property]:not(meta),time,abbr[title]"
_INLINE = (
    "a,abbr,acronym,b,bdi,bdo,big,cite,code,data,del,dfn,em,font,i,ins,kbd,label,mark,nobr,q,s,"
    "samp,small,span,strike,strong,sub,sup,tt,u,var,wbr"
)
_PROSE = frozenset(("p", "li", "blockquote", "h2", "h3", "h4", "figcaption", "td", "dd"))
# Where a paragraph begins and ends and of which kind it is, and what makes another text of the
# same letters: struck, inserted, raised, lowered, quoted.
_FORMS = (
    "p,h1,h2,h3,h4,h5,h6,li,blockquote,figcaption,caption,tr,td,th,dt,dd,pre,br,"
    "del,s,strike,ins,sub,sup,q"
)
# Prose is this near around a time that stands in it.
_NEAR = 8
# No page has these in its text for a reader.
_PIECE, _PART = "\x02", "\x03"
# Members of JSON-LD that differ from one answer to the next and that no extraction reads.
_VOLATILE = re.compile(
    r'"(?:\w*Count|ratingValue|image|thumbnail|thumbnailUrl|contentUrl|embedUrl)"\s*:\s*'
    r'(?:"[^"\\]*"|[\d.]+|\{[^{}]*\}|\[[^{}\[\]]*\])'
)
_SPACES = bytes.maketrans(b"\t\n\r\f\v", b"     ")
_RUN_OF_SPACES = re.compile(b"  +")
_CLOCK_OR_YEAR = re.compile(r"\d[:.h]\d\d|\b(?:19|20)\d\d\b")
_ITEM_NAMES = frozenset((*ITEM_PROPERTIES, "name"))
_ITEM_VALUES = ("content", "datetime", "itemid", "href", "resource")


def text_fingerprint(body: bytes, content_type: str | None) -> str | None:
    """The fingerprint of a page as 64 hexadecimal digits, None for a page too odd to have one."""
    parts = _read(body, content_type)
    return None if parts is None else _digest(parts)


def read_page_text(body: bytes, content_type: str | None) -> PageText | None:
    """All that the fast parse sees of a page, None for a page too odd to have a fingerprint."""
    parts = _read(body, content_type)
    if parts is None:
        return None
    values = {clean(value) for value in parts.values}
    for article in linked_articles(parts.scripts):
        values.update(article.texts())
    blocks = tuple(folded for piece in parts.text.split(_PIECE) if (folded := clean(piece)))
    return PageText(_digest(parts), blocks, frozenset(values))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is digested: texts of JSON-LD, values of marks, all text, and the forms of text."""

    scripts: list[str]
    values: list[str]
    text: str
    forms: list[str]


def _digest(parts: _Parts) -> str:
    scripts = (_VOLATILE.sub("", script) for script in parts.scripts)
    told = f" {_PART} ".join((*scripts, "", *parts.values, "", *parts.forms, "", parts.text))
    # The amount of white space says nothing. Splitting and joining would take twice as long.
    spaced = told.encode("utf-8", "surrogatepass").translate(_SPACES)
    return sha256(_RUN_OF_SPACES.sub(b" ", spaced)).hexdigest()


def _read(body: bytes, content_type: str | None) -> _Parts | None:
    if is_odd(body):
        return None
    # the parser works on UTF-8: bytes that are it need not become text and bytes again
    source = body if is_read_as_utf8(body, content_type) else decode_html(body, content_type)
    raw = source if isinstance(source, bytes) else source.encode("utf-8", "replace")
    page = LexborHTMLParser(
        unfold_source(raw), options=LexborDocumentOptions.WO_EVENTS, scripting=True
    )
    try:
        return _take_apart(page, Allowance())
    except OddPage:
        return None


def _take_apart(page: LexborHTMLParser, allowance: Allowance) -> _Parts:
    """What is to be digested. Wherever nodes go, inner ones go first, so that none is touched
    after the one around it."""
    scripts, values = _head(page)
    for node in reversed(page.css(_INERT)):
        if node.tag not in _MAY_BE_OPEN or len(allowance.spend(node.text_lexbor())) <= _LABEL:
            node.decompose()
    strip_chrome(page, allowance)
    # the extraction asks items for the page's address only where the head does not tell it
    item_values = _ITEM_VALUES if page.css_first(_ADDRESS) is None else _ITEM_VALUES[:2]
    for node in reversed(page.css(_MARKED)):
        values.extend(_mark(node, item_values, allowance))
    # the text of a form is that of all in it, so that a space lost between two tags shows
    forms = [f"{node.tag} {allowance.spend(node.text_lexbor())}" for node in page.css(_FORMS)]
    for node in page.css(_INLINE):
        node.unwrap()
    page.merge_text_nodes()
    root = page.root
    text = "" if root is None else root.text(separator=f" {_PIECE} ", skip_empty=True)
    return _Parts(scripts, values, text, forms)


def _head(page: LexborHTMLParser) -> tuple[list[str], list[str]]:
    """The texts of JSON-LD, and the values that the head and its like tell."""
    root = page.root
    language = "" if root is None else root.attributes.get("lang") or ""
    scripts, values = [], [language]
    for node in page.css(_HEAD):
        match node.tag:
            case "script":
                scripts.append(node.text_lexbor())
            case "meta":
                attributes = node.attributes
                for name in META_ATTRIBUTES:
                    key = (attributes.get(name) or "").strip().lower()
                    # a standfirst is known by its likeness to the page's description
                    if key in META_KEYS or key.endswith("description"):
                        values.append(attributes.get("content") or "")
                        break
            case _:
                values.append(node.attributes.get("href") or "")
    return scripts, values


def _mark(node: LexborNode, item_values: Iterable[str], allowance: Allowance) -> Iterator[str]:
    """The raw values of a mark, with its names. Removes times that are shown as relative.

    The text of a time outside prose is often relative ("3 minutes ago"); its datetime is not.
    """
    attributes = node.attributes
    names = f"{attributes.get('itemprop') or ''} {attributes.get('property') or ''}"
    if not _ITEM_NAMES.isdisjoint(name.rpartition(":")[2] for name in names.split()):
        yield names
        yield from (attributes.get(key) or "" for key in item_values)
    if node.tag == "abbr":
        yield attributes.get("title") or ""
    elif node.tag == "time":
        moment = attributes.get("datetime") or ""
        yield moment
        if moment and not _in_prose(node):
            shown = allowance.spend(node.text_lexbor())
            if not _CLOCK_OR_YEAR.search(shown):
                node.decompose()


def _in_prose(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(_NEAR):
        if parent is None:
            return False
        if parent.tag in _PROSE:
            return True
        parent = parent.parent
    return False
