"""What a parsed page shows of its kind: title, headings, blocks of text, buttons, marks.

Read only for pages that may be no article, so it takes its time: a walk in document order over
what a reader would see. Sizes are bounded, whatever the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.page.linked.jsonld import linked_articles
from watcher.core.model import Outcome
from watcher.core.pagesigns import Block, PageSigns
from watcher.core.pagewords import PageWords, parse_page_words
from watcher.core.text import clean

_TABLE = Path(__file__).with_name("pagekinds.toml")

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "th", "tr", "ul",
})  # fmt: skip
_HEADINGS = ("h1", "h2", "h3")
_UNSEEN = frozenset({
    "head", "script", "style", "template", "noscript", "svg", "select", "option", "object",
    "canvas", "video", "audio", "map", "textarea",
})  # fmt: skip
_CHROME = ("nav", "footer")
# A page that hides all of itself shows it once it is drawn.
_TOP = ("html", "body")
_CONTROLS = frozenset(("input", "button"))
_STORIES = ("p", "li", "blockquote", "dd")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMES = frozenset({"id", "class", "src", "action", "name", "aria-label", "data-testid"})

_CARD = 400
"""Characters of a box, at most, that is headed by a link and so leads to another page."""

_CARD_ELEMENTS = 60
"""Elements of such a box at most, so that no page takes long however it nests."""

_KICKER = 60
"""Characters that may stand before the heading of such a box: a section's name, a date."""

_TEASED = ("h1", "h2", "h3", "h4")

_MOST_BLOCKS = 2000
_MOST_LETTERS = 2000
"""Characters of one block: the words that count stand at the beginning or in short blocks."""
_MOST_SCRIPT = 20_000
_MOST_NAMES = 500
"""Characters of attributes of one element; page builders write whole programs into some."""

_IS_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:[^"]*/)?\w*(?:Article|BlogPosting|LiveBlog\w*)"')
_DATED = re.compile(r'"datePublished"\s*:\s*"\d')
_LOCKED = re.compile(r'"isAccessibleForFree"\s*:\s*"?(?:false|no|0)\b', re.IGNORECASE)
_LOCKED_PART = re.compile(r'"cssSelector"\s*:\s*(?:\[\s*)?"[.#]?([\w-]+)')
_WORDS = re.compile(r'"wordCount"\s*:\s*"?(\d{1,6})')
_META_DATES = frozenset({"article:published_time", "datepublished", "og:article:published_time"})


@cache
def page_words() -> PageWords:
    """The table beside this module."""
    return parse_page_words(_TABLE.read_text("utf-8"))


def read_signs(tree: HtmlElement, url: str) -> PageSigns:
    """The signs of a parsed page at `url`. The tree is not changed."""
    walk = _Walk(page_words())
    walk.over(tree)
    scripts = [
        script.text or ""
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
    ]
    linked = "\n".join(scripts)
    metas = dict(_metas(tree))
    words = [int(count) for count in _WORDS.findall(linked)]
    title = next(tree.iter("title"), None)
    return PageSigns(
        title="" if title is None else clean(title.text_content())[:_MOST_LETTERS],
        blocks=tuple(walk.blocks),
        path=_last_part(url),
        actions=tuple(walk.actions),
        unscripted=_unscripted(tree),
        marked=frozenset(walk.marked | _marked_in_scripts(tree)),
        passwords=walk.passwords,
        refreshes=metas.get("refresh") is not None,
        is_article=_calls_itself_article(linked, metas, tree),
        is_locked=bool(_LOCKED.search(linked)) or metas.get("access") in ("locked", "metered"),
        locked_size=_locked_size(tree, linked),
        words=max(words, default=None),
        headline=_headline(scripts, metas),
    )


def _headline(scripts: Sequence[str], metas: dict[str, str]) -> str:
    """What a page calls its article where it dates it too: walls and errors have no such marks."""
    told = (a.headline for a in linked_articles(scripts) if a.is_article and a.published)
    return next(filter(None, told), metas.get("title", "") if "dated" in metas else "")


def _last_part(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2].partition(".")[0].lower()


class _Walk:
    """A walk over a page that collects blocks of visible text and what surrounds them."""

    def __init__(self, words: PageWords) -> None:
        self._marks = {kind: marks for kind, marks in words.marks.items() if marks}
        self._some_mark = _some_of(tuple(m for marks in self._marks.values() for m in marks))
        # Pages name their elements alike over and over.
        self._kinds: dict[str, list[Outcome]] = {}
        self.blocks: list[Block] = []
        self.actions: list[str] = []
        self.marked: set[Outcome] = set()
        self.passwords = 0
        self._texts: list[str] = []
        self._linked = 0
        self._links = 0
        self._boxes: list[HtmlElement] = []
        self._banner: HtmlElement | None = None
        self._chrome = 0
        # Elements as keys, since the library makes another object once nobody holds the first.
        self._holders: dict[HtmlElement | None, int] = {}
        # Of the elements that are open, whether they are shown.
        self._shown: list[bool] = []
        # What holds a heading near enough to be headed by it, and which of it is a teaser.
        self._headed: set[HtmlElement] = set()
        self._cards: dict[HtmlElement, bool] = {}

    def over(self, tree: HtmlElement) -> None:
        """Walks over the whole tree. No recursion: pages nest as deep as they like."""
        for heading in tree.iter(*_TEASED):
            self._headed.update(islice(heading.iterancestors(), _CARD_ELEMENTS))
        walk = etree.iterwalk(tree, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if not self._enters(element):
                    walk.skip_subtree()
            else:
                self._leaves(element)
            if len(self.blocks) >= _MOST_BLOCKS:
                return

    def _enters(self, element: HtmlElement) -> bool:
        """Takes in an element's start; False if nothing of it is shown."""
        tag = element.tag
        attributes = element.items() if isinstance(element, HtmlElement) else ()
        is_shown = tag not in _UNSEEN and isinstance(element, HtmlElement)
        kinds: set[Outcome] = set()
        for name, value in attributes:
            if name in _NAMES:
                kinds.update(self._kinds_of(value))
            elif name == "hidden" or (name == "style" and _HIDDEN.search(value)):
                is_shown = is_shown and tag in _TOP
        if kinds:
            self._mark(element, kinds, is_shown)
        self._shown.append(is_shown)
        if not is_shown:
            return False
        if tag in _CONTROLS or (attributes and _looks_like_button(element, attributes)):
            self._take_control(element)
        if tag in _BLOCKS:
            self._flush()
            self._boxes.append(element)
        if tag in _CHROME:
            self._chrome += 1
        if tag == "a":
            self._links += 1
        if tag != "button":
            self._take(element.text)
        return True

    def _leaves(self, element: HtmlElement) -> None:
        tag = element.tag
        if self._shown.pop():
            if tag in _BLOCKS:
                self._flush()
                self._boxes.pop()
            if tag in _CHROME:
                self._chrome -= 1
            if tag == "a":
                self._links -= 1
            if self._banner is element:
                self._banner = None
        if tag == "br":
            self._texts.append(" ")
        self._take(element.tail)

    def _kinds_of(self, value: str) -> list[Outcome]:
        """The kinds that have a mark in an attribute's value."""
        kinds = self._kinds.get(value)
        if kinds is None:
            told = value[:_MOST_NAMES].lower()
            # most have none
            is_marked = self._some_mark.search(told)
            kinds = [k for k in self._marks if is_marked and self._has_mark(told, k)]
            self._kinds[value] = kinds
        return kinds

    def _mark(self, element: HtmlElement, kinds: set[Outcome], is_shown: bool) -> None:
        self.marked |= kinds
        # A box with a headline in it is the page: it only tells that there is a banner.
        asks = Outcome.CONSENT_WALL in kinds and is_shown and self._banner is None
        if asks and element.find(".//h1") is None:
            self._banner = element

    def _has_mark(self, told: str, kind: Outcome) -> bool:
        return any(map(told.__contains__, self._marks[kind]))

    def _take_control(self, element: HtmlElement) -> None:
        kind = (element.get("type") or "").lower()
        if kind == "password":
            self.passwords += 1
        if element.tag == "input" and kind not in ("submit", "button"):
            return
        told = element.get("value") if element.tag == "input" else element.text_content()
        if told and len(self.actions) < _MOST_BLOCKS and (text := clean(told[:_MOST_LETTERS])):
            self.actions.append(text)

    def _take(self, text: str | None) -> None:
        # white space says nothing before a text
        if text and (self._texts or not text.isspace()):
            self._texts.append(text)
            if self._links:
                self._linked += len(text.strip())

    def _flush(self) -> None:
        if not self._texts:
            return
        text = clean("".join(self._texts))
        linked, self._texts, self._linked = self._linked, [], 0
        if not text:
            return
        box = self._boxes[-1] if self._boxes else None
        tag = "" if box is None else str(box.tag)
        # Paragraphs of one story stand in one box; teasers stand in a box each.
        holder = box.getparent() if box is not None and tag in _STORIES else box
        self.blocks.append(
            Block(
                text=text[:_MOST_LETTERS],
                size=len(text),
                heading=_HEADINGS.index(tag) + 1 if tag in _HEADINGS else 0,
                linked=linked * 2 > len(text),
                chrome=self._chrome > 0,
                banner=self._banner is not None,
                card=self._is_in_card(box),
                holder=self._holders.setdefault(holder, len(self._holders)),
            )
        )

    def _is_in_card(self, box: HtmlElement | None) -> bool:
        """Whether a box, or the one around it, is a teaser."""
        return any(self._is_card(each) for each in (box, _above(box)) if each is not None)

    def _is_card(self, box: HtmlElement) -> bool:
        if box not in self._cards:
            may_be = box in self._headed and box.tag not in _TOP
            self._cards[box] = may_be and _leads_elsewhere(box)
        return self._cards[box]


def _above(box: HtmlElement | None) -> HtmlElement | None:
    return None if box is None else box.getparent()


def _leads_elsewhere(box: HtmlElement) -> bool:
    """Whether a box has few words and is headed by a link to another page."""
    heading: HtmlElement | None = None
    size = 0
    for number, element in enumerate(box.iter()):
        if number > _CARD_ELEMENTS or size > _CARD or not isinstance(element, HtmlElement):
            return False
        if element.tag in _TEASED:
            if heading is not None or size > _KICKER or element.tag == "h1" or element is box:
                return False
            heading = element
        size += len(element.text or "") + len(element.tail or "" if element is not box else "")
    if heading is None or size > _CARD:
        return False
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    leads = (link.get("href", "").strip() for link in links)
    # a heading that links to its own place names a post
    return any(href and "#" not in href for href in leads)


@cache
def _some_of(marks: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of the marks."""
    return re.compile(_alternatives(marks))


def _alternatives(marks: Iterable[str]) -> str:
    """A pattern that looks at each beginning once, several times as fast as one mark after the
    other."""
    begun: dict[str, list[str]] = {}
    for mark in marks:
        begun.setdefault(mark[:1], []).append(mark[1:])
    if "" in begun:
        return ""
    return "|".join(f"{re.escape(c)}(?:{_alternatives(rest)})" for c, rest in begun.items())


def _looks_like_button(element: HtmlElement, attributes: Iterable[tuple[str, str]]) -> bool:
    if ("role", "button") in attributes:
        return True
    named = element.get("class", "").lower() if element.tag == "a" else ""
    return "btn" in named or "button" in named


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip().lower()
        if (meta.get("http-equiv") or "").lower() == "refresh" and "url" in content:
            yield "refresh", content
        key = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if content and key == "og:type":
            yield "type", content
        if content and key == "og:title":
            yield "title", content
        if content and key in _META_DATES:
            yield "dated", content
        if key == "article:content_tier":
            yield "access", content


def _calls_itself_article(linked: str, metas: dict[str, str], tree: HtmlElement) -> bool:
    """Whether the page names itself an article and gives the date, as articles do.

    A type alone is worth nothing: templates put it on every page, the 404 among them.
    """
    if "dated" in metas or (_IS_ARTICLE.search(linked) and _DATED.search(linked)):
        return True
    return any("datePublished" in (e.get("itemprop") or "") for e in tree.iter("time", "meta"))


def _locked_size(tree: HtmlElement, linked: str) -> int | None:
    """Characters in the part that the page marks as locked; None if it marks none."""
    found = _LOCKED_PART.findall(linked)
    if not found:
        return None
    names = set(found)
    return sum(
        len(clean(element.text_content()))
        for element in tree.iter("div", "section", "article", "p", "main")
        if names.intersection((element.get("class") or "").split()) or element.get("id") in names
    )


def _unscripted(tree: HtmlElement) -> str:
    """What the page says to browsers that run no scripts."""
    told = (clean(element.text_content()) for element in tree.iter("noscript"))
    return " ".join(text for text in told if text)[:_MOST_LETTERS]


def _marked_in_scripts(tree: HtmlElement) -> set[Outcome]:
    """Kinds of which a script has a mark, in its address or its text."""
    marks = page_words().marks[Outcome.BOT_CHALLENGE]
    for script in tree.iter("script"):
        told = f"{script.get('src') or ''} {(script.text or '')[:_MOST_SCRIPT]}".lower()
        if any(map(told.__contains__, marks)):
            return {Outcome.BOT_CHALLENGE}
    return set()
