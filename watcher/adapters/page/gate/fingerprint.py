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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from watcher.adapters.page.gate.chrome import BOXES, strip_chrome
from watcher.adapters.page.gate.coverage import PageText
from watcher.adapters.page.gate.oddity import Allowance, OddPage, is_odd
from watcher.adapters.page.linked.jsonld import linked_articles
from watcher.adapters.page.linked.linkedtext import linked_text
from watcher.adapters.page.metadata.marks import ITEM_PROPERTIES, META_ATTRIBUTES, META_KEYS
from watcher.adapters.page.source.blocks import UNFOLDING
from watcher.adapters.page.source.boilerplate import HIDDEN_CLASSES
from watcher.adapters.page.source.charset import decode_html, is_read_as_utf8
from watcher.adapters.page.source.css import find, tag_ids
from watcher.adapters.page.source.folded import holds_prose, unfold_source
from watcher.core.text import clean
from watcher.core.urls import link_query

# What the extraction never takes text from, whatever it holds.
_FOLDS = ("noscript", "template")
_INERT = (
    "style", *_FOLDS, "svg", "iframe", "select", "picture", "button", "object", "canvas",
)  # fmt: skip
# Where one of these is left open, the fast parse puts the rest of the page into it, and the
# extraction's does not. So it counts if it holds more than a label.
_MAY_BE_OPEN = ("button", "object", "canvas")
_LABEL = 200
_MARKED = "[itemprop],[property]:not(meta),abbr[title]"
_UNSEEN = ("none", "hidden", "clip")
_TOLD = ",".join((
    _MARKED, "[hidden]", *(f"[style*={word}]" for word in _UNSEEN),
    *(f".{name}" for name in sorted(HIDDEN_CLASSES)),
))  # fmt: skip
_INLINE = (
    "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "math", "mi", "mn", "mo", "ms", "mtext", "nobr",
    "output", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "tt", "u", "var", "wbr",
)  # fmt: skip
_PROSE = frozenset(("p", "li", "blockquote", "h2", "h3", "h4", "figcaption", "td", "dd"))
# Where a paragraph begins and ends and of which kind it is, and what makes another text of the
# same letters: struck, inserted, raised, lowered, quoted.
_FORMS = (
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption", "caption", "tr",
    "td", "th", "dt", "dd", "pre", "del", "s", "strike", "ins", "sub", "sup", "q",
)  # fmt: skip
_SINGLE = ("script", "link", "meta", "base", "nav", "time", "br", "a")
_IDS = tag_ids((*_INERT, *BOXES, *_INLINE, *_FORMS, *_SINGLE))
_ABBR, _BUTTON, _H1 = _IDS["abbr"], _IDS["button"], _IDS["h1"]
_OPEN_IDS = frozenset(_IDS[tag] for tag in _MAY_BE_OPEN)
_FOLD_IDS = frozenset(_IDS[tag] for tag in _FOLDS)
# Making a text of a tag anew takes longer than looking it up.
_FORM_NAMES = {_IDS[tag]: tag for tag in _FORMS}
_GROUPS = (
    BOXES,
    [tag for tag in _FORMS if tag not in _INLINE],
    _INERT,
    [tag for tag in _INLINE if tag not in _FORMS],
    [tag for tag in _INLINE if tag in _FORMS],
)
_GROUP_OF = {
    _IDS[tag]: at
    for at, tags in enumerate((*_GROUPS, *((tag,) for tag in _SINGLE)))
    for tag in tags
}
# Prose is this near around a time that stands in it.
_NEAR = 8
# No page has these in its text for a reader.
_PIECE, _PART, _LINE = "\x02", "\x03", "\x04"
# Members of JSON-LD that differ from one answer to the next and that no extraction reads.
_VOLATILE = re.compile(
    r'"(?:\w*Count|ratingValue|image|thumbnail|thumbnailUrl|contentUrl|embedUrl)"\s*:\s*'
    r'(?:"[^"\\]*"|[\d.]+|\{[^{}]*\}|\[[^{}\[\]]*\])'
)
_SPACES = bytes.maketrans(b"\t\n\r\f\v", b"     ")
# Two spaces, and then any number: one that begins with two letters is looked for faster.
_RUN_OF_SPACES = re.compile(b"   *")
_CLOCK_OR_YEAR = re.compile(r"\d[:.h]\d\d|\b(?:19|20)\d\d\b")
_ITEM_NAMES = frozenset((*ITEM_PROPERTIES, "name"))
_ITEM_VALUES = ("content", "datetime", "itemid", "href", "resource")


def text_fingerprint(body: bytes, content_type: str | None) -> str | None:
    """The fingerprint of a page as 64 hexadecimal digits, None for a page too odd to have one."""
    parts = _read(body, content_type)
    return None if parts is None else _digest(parts)


def read_page_text(
    body: bytes, content_type: str | None, *, linked: bool = False
) -> PageText | None:
    """All that the fast parse sees of a page, None for a page too odd to have a fingerprint.

    With `linked`, the articles' texts in JSON-LD, which are digested in any case, are among its
    pieces.
    """
    parts = _read(body, content_type)
    if parts is None:
        return None
    values = {clean(value) for value in parts.values}
    pieces = parts.text.replace(_LINE, _PIECE).split(_PIECE)
    for article in linked_articles(parts.scripts):
        values.update(article.texts())
        pieces += (correction.told for correction in article.corrections)
        if linked and (told := linked_text([article])) is not None:
            pieces += (clean(paragraph.text) for paragraph in told.paragraphs)
    return PageText(_digest(parts), tuple(pieces), frozenset(values), tuple(parts.links))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is digested: texts of JSON-LD, values of marks, all text, the forms of text, and where
    links lead."""

    scripts: list[str]
    values: list[str]
    text: str
    forms: list[str]
    links: list[str]


def _digest(parts: _Parts) -> str:
    scripts = [_VOLATILE.sub("", script) for script in parts.scripts]
    lists = (scripts, parts.values, parts.forms, parts.links)
    told = _PART.join((*(each for texts in lists for each in (*texts, "")), parts.text))
    spaced = told.encode("utf-8", "surrogatepass").translate(_SPACES)
    # The amount of white space says nothing. Splitting and joining would take twice as long.
    return sha256(_RUN_OF_SPACES.sub(b" ", spaced)).hexdigest()


def _read(body: bytes, content_type: str | None) -> _Parts | None:
    if is_odd(body):
        return None
    # the parser works on UTF-8: bytes that are it need not become text and bytes again
    source = body if is_read_as_utf8(body, content_type) else decode_html(body, content_type)
    raw = source if isinstance(source, bytes) else source.encode("utf-8", "replace")
    page = _parse(raw)
    found = _Elements(page)
    folds = [node for node in found.inert if node.tag_id in _FOLD_IDS]
    if any(map(_may_be_folded, folds)):
        page = _parse(unfold_source(raw))
        found = _Elements(page)
    try:
        return _take_apart(page, found, Allowance())
    except OddPage:
        return None


def _parse(source: bytes) -> LexborHTMLParser:
    return LexborHTMLParser(source, options=LexborDocumentOptions.WO_EVENTS, scripting=True)


def _may_be_folded(node: LexborNode) -> bool:
    """True for what `unfold_source` may open: looking through the whole source takes longer."""
    if node.tag == "noscript":
        return holds_prose(node.text_lexbor().encode("utf-8", "replace"))
    return node.tag == "template" and any(name.startswith("shadow") for name in node.attributes)


class _Elements:
    """The elements of a page that matter to the fingerprint, in page order, from one search."""

    __slots__ = ("boxes", "forms", "inert", "inline", "inline_forms", "single")

    def __init__(self, page: LexborHTMLParser) -> None:
        groups: list[list[LexborNode]] = [[] for _ in (*_GROUPS, *_SINGLE)]
        self.boxes, self.forms, self.inert, self.inline, self.inline_forms = groups[: len(_GROUPS)]
        self.single = dict(zip(_SINGLE, groups[len(_GROUPS) :], strict=True))
        group_of = _GROUP_OF.get
        for node in [] if page.root is None else find("*", page.root):
            # most elements are in none
            if (group := group_of(node.tag_id)) is not None:
                groups[group].append(node)


def _take_apart(page: LexborHTMLParser, found: _Elements, allowance: Allowance) -> _Parts:
    """What is to be digested. A node that went has no parent and no text any more, and so has
    all that was in it; wherever nodes go, inner ones go first."""
    root = page.root
    if root is None:
        return _Parts([], [], "", [], [])
    scripts, values = _head(root, found)
    has_address = len(values) > 1
    values.extend(_metas(found.single["meta"]))
    values.extend(node.attributes.get("href") or "" for node in found.single["base"])
    for node in found.single["script"]:
        node.decompose()
    for node in reversed(found.inert):
        tag = node.tag_id
        if tag == _BUTTON and (_is_amid_words(node) or _is_heading(node)):
            node.unwrap()
        elif tag not in _OPEN_IDS or len(allowance.spend(node.text_lexbor())) <= _LABEL:
            node.decompose()
    for node in reversed(found.single["nav"]):
        node.decompose()
    strip_chrome(found.boxes, [n for n in found.forms if n.tag_id == _H1], allowance)
    # the extraction asks items for the page's address only where the head does not tell it
    item_values = _ITEM_VALUES[:2] if has_address else _ITEM_VALUES
    unseen = []
    for node in find(_TOLD, root):
        attributes = node.attributes
        if _is_unseen(attributes):
            unseen.append(node)
        # most of them are hidden alone
        if "itemprop" in attributes or "property" in attributes or node.tag_id == _ABBR:
            values.extend(_mark(node.tag, attributes, item_values))
    # what was hidden and is shown now is news, if it says something
    hidden = _forms(unseen, allowance)
    for node in reversed(found.single["time"]):
        if node.parent is not None:
            values.append(_time(node, allowance))
    for node in found.single["br"]:
        if node.parent is not None:
            node.replace_with(f" {_LINE} ")
    forms = _forms((*found.forms, *found.inline_forms), allowance)
    links = _links(found.single["a"])
    for node in (*found.inline, *found.inline_forms, *found.single["time"], *found.single["a"]):
        node.unwrap()
    page.merge_text_nodes()
    return _Parts(scripts, values, _text(root), [*hidden, "", *forms], links)


def _is_amid_words(button: LexborNode) -> bool:
    """True for a button with words behind it, which may be one of a sentence's words itself."""
    behind = button.next
    return behind is not None and behind.is_text_node and bool((behind.text_content or "").strip())


def _is_heading(button: LexborNode) -> bool:
    """True for a button that is a heading's text: it unfolds what is under it."""
    around = button.parent
    return around is not None and around.tag in UNFOLDING


def _is_unseen(attributes: Mapping[str, str | None]) -> bool:
    style = attributes.get("style") or ""
    return (
        "hidden" in attributes
        or any(word in style for word in _UNSEEN)
        or not HIDDEN_CLASSES.isdisjoint((attributes.get("class") or "").split())
    )


def _text(root: LexborNode) -> str:
    """All text, with a border wherever a text ends: where only inline elements do, none does."""
    return root.text(separator=_PIECE, skip_empty=True, strip=True)


def _forms(nodes: Iterable[LexborNode], allowance: Allowance) -> list[str]:
    """The text of a form is that of all in it, so that a space lost between two tags shows."""
    spend, name = allowance.spend, _FORM_NAMES.get
    return [
        f"{name(n.tag_id) or n.tag} {spend(t)}" for n in nodes if (t := n.text_lexbor().strip())
    ]


def _links(nodes: Iterable[LexborNode]) -> list[str]:
    """Where the links that are left on the page lead, without places on a page and all of a query
    that names none."""
    told = (n.attrs.get("href") for n in nodes if n.parent is not None)
    found = []
    for href in filter(None, told):
        if "#" not in href and "?" not in href:
            found.append(href)
            continue
        page, _, query = href.partition("#")[0].partition("?")
        found.append(f"{page}{link_query(page, query)}" if query else page)
    return found


def _head(root: LexborNode, found: _Elements) -> tuple[list[str], list[str]]:
    """The texts of JSON-LD; the page's language, and the addresses that it calls its own."""
    values = [root.attributes.get("lang") or ""]
    for node in found.single["link"]:
        told = node.attrs
        rel = told.get("rel")
        if rel and "canonical" in rel.lower().split() and "href" in told:
            values.append(told["href"] or "")
    scripts = found.single["script"]
    data = [n for n in scripts if "ld+json" in (n.attrs.get("type") or "").lower()]
    return [node.text_lexbor() for node in data], values


def _metas(nodes: Iterable[LexborNode]) -> Iterator[str]:
    for node in nodes:
        attributes = node.attributes
        for name in META_ATTRIBUTES:
            key = attributes.get(name)
            if key and ((key := key.strip().lower()) in META_KEYS or key.endswith("description")):
                # a standfirst is known by its likeness to the page's description
                yield attributes.get("content") or ""
                break


def _mark(
    tag: str | None, attributes: Mapping[str, str | None], item_values: Iterable[str]
) -> Iterator[str]:
    """The raw values of a mark, with its names."""
    names = f"{attributes.get('itemprop') or ''} {attributes.get('property') or ''}"
    if not _ITEM_NAMES.isdisjoint(name.rpartition(":")[2] for name in names.split()):
        yield names
        yield from (attributes.get(key) or "" for key in item_values)
    if tag == "abbr":
        yield attributes.get("title") or ""


def _time(node: LexborNode, allowance: Allowance) -> str:
    """The moment of a time. Removes it if it is shown as relative.

    The text of a time outside prose is often relative ("3 minutes ago"); its datetime is not.
    """
    moment = node.attributes.get("datetime") or ""
    if moment and not _in_prose(node):
        shown = allowance.spend(node.text_lexbor())
        if not _CLOCK_OR_YEAR.search(shown):
            node.decompose()
    return moment


def _in_prose(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(_NEAR):
        if parent is None:
            return False
        if parent.tag in _PROSE:
            return True
        parent = parent.parent
    return False
