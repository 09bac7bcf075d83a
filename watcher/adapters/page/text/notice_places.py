"""Notices that stand beside an article's text: in a footer, in a box after it, by the headline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from watcher.adapters.page.source.blocks import Block, Page
from watcher.adapters.page.source.boilerplate import (
    HIDDEN,
    STRONG,
    headline_badge,
    is_badge,
    is_label,
    judge,
)
from watcher.adapters.page.text.update_lines import update_lines
from watcher.core.model import Notice, Paragraph
from watcher.core.notices import is_bracketed
from watcher.core.text import clean

# Blocks after the text in which its notices stand: tags, authors and shares come first.
_NEAR = 12
# The same for sentences on the article in its own element: a list of others may stand between.
_FAR = 80
# Blocks before the headline and after it in which a label says how the story stands.
_ABOVE, _BELOW = 3, 2
# Characters; longer ones are an article, or terms of use.
_LONGEST = 1500
# Paragraphs from the end that a label can announce; before them it is a heading.
_EDGE = 4
_FOOT = re.compile(r"foot(?:er|ing|note)?s?", re.IGNORECASE)
_BOXES = frozenset(("nav", "aside", "footer", "form", "dialog"))
_ARTICLES = frozenset(("article", "main"))
_HEADINGS = frozenset(("h1", "h2"))
_GRAVE = frozenset(("correction", "clarification", "editors-note", "retraction"))
_STATED = _GRAVE | {"developing"}

# Characters: shorter texts are counters, names and dates.
_SAYS = 30
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", ":", "：")
Finder = Callable[[Sequence[tuple[str, str]]], tuple[Notice, ...]]
"""The notices among pairs of kind and text."""


def says_something(text: str) -> bool:
    """Whether a text in a box beside an article may be a notice of it: a sentence, or as long.

    The fast fingerprint counts these, and nothing else is read as a notice from such boxes.
    """
    wide = sum(character > "\u2e80" for character in text) if not text.isascii() else 0
    if len(text) + 2 * wide >= _SAYS:
        return True
    return text.rstrip("\"'”’»)] ").endswith(_ENDS)


def own_words(pieces: Iterable[str]) -> str:
    """Of a box's texts outside of links, as its blocks divide them, what may be notices: those
    that say something, with their labels."""
    texts = [text for text in map(clean, pieces) if text]
    kept: list[str] = []
    label = ""
    for text in texts:
        if says_something(text):
            kept += (label, text)
            label = ""
        else:
            # a label announces what follows; a counter does not
            label = "" if any(map(str.isdigit, text)) else text
    return " \n ".join(filter(None, kept))


def notices_beside(
    page: Page,
    paragraphs: Sequence[Paragraph],
    headline: str,
    find: Finder,
    is_status: Callable[[str], bool],
    tells_update: Callable[[str], bool],
) -> Iterator[Notice]:
    """The notices of an article that stand outside of its paragraphs.

    After the text, that is what corrects or explains it: in the site's footer only what says that
    it speaks of this article, or has a date to its label. By the headline it is a label that
    says that the story is developing, which `is_status` tells. `tells_update` tells a sentence
    that says what was updated.
    """
    kept = {paragraph.text: place for place, paragraph in enumerate(paragraphs)}
    told = clean(headline).casefold()
    at = next((i for i, block in enumerate(page.blocks) if _shows(block, told)), -1)
    last = max((i for i, block in enumerate(page.blocks) if block.text in kept), default=-1)
    if at >= 0:
        yield from _by_headline(page, kept, at, clean(headline), is_status)
        yield from _above(page, kept, at, find, tells_update)
    yield from update_lines(page, kept, at, last, find)
    if last >= 0:
        yield from _labelled(page, kept, last, find)
        yield from _after(page, kept, last, find, tells_update)
        yield from _farther(page, kept, last, find, tells_update)


def _by_headline(
    page: Page, kept: Mapping[str, int], at: int, headline: str, is_status: Callable[[str], bool]
) -> Iterator[Notice]:
    wrappers = _path(page, page.blocks[at].node)
    kicker = _beside(page.blocks[at].text, headline)
    top = {node for node in wrappers if page.nodes[node].tag in _HEADINGS}
    near = page.blocks[max(0, at - 1) : at + 2]
    inside = (block.text for block in near if top & _path(page, block.node))
    badge = next(filter(is_badge, (kicker, *inside)), "") or headline_badge(headline)
    if badge:
        yield Notice("developing", badge)
        return
    label, colon, _ = headline.partition(":")
    candidates = [kicker or (label if colon else "")]
    for index in range(max(0, at - _ABOVE), min(len(page.blocks), at + _BELOW + 1)):
        block = page.blocks[index]
        boxed = any(
            page.nodes[node].tag in _BOXES or page.nodes[node].marks & (HIDDEN | STRONG)
            for node in _path(page, block.node) - wrappers
        )
        if index != at and not boxed:
            candidates.append(block.text)
    status = next(filter(is_status, candidates), None)
    if status is not None:
        yield Notice("developing", status, kept.get(status))


def _above(
    page: Page,
    kept: Mapping[str, int],
    at: int,
    find: Finder,
    tells_update: Callable[[str], bool],
) -> Iterator[Notice]:
    """What a box above the headline says of the article: short ones are no part of its text."""
    wrappers = _path(page, page.blocks[at].node)
    for block in page.blocks[max(0, at - _ABOVE) : at]:
        text = block.text
        may_be = block.links == 0 and len(text) <= _LONGEST and text not in kept
        if (
            may_be
            and says_something(text)
            and not _is_barred(page, _path(page, block.node) - wrappers)
        ):
            # a label alone may be of another article
            own = _in_article(page, block.node)
            found = find([("paragraph" if own else "heading", text)])
            is_told = tells_update(text)
            yield from (Notice(n.kind, n.text) for n in found if is_told or n.kind in _STATED)


def _shows(block: Block, told: str) -> bool:
    if not told or block.kind != "heading":
        return False
    said = block.said
    return said.endswith(told) or (said.startswith(told) and is_badge(said[len(told) :]))


def _beside(text: str, headline: str) -> str:
    """What a heading says beside the headline, before or behind it."""
    if text.casefold().endswith(headline.casefold()):
        return text[: len(text) - len(headline)].strip()
    return text[len(headline) :].strip()


def _labelled(page: Page, kept: Mapping[str, int], last: int, find: Finder) -> Iterator[Notice]:
    """Last paragraphs under a label that is none itself, such as the summary of details."""
    for label, block in pairwise(page.blocks[: last + 1]):
        place = kept.get(block.text, -1)
        if place < len(kept) - _EDGE or label.text in kept or says_something(label.text):
            continue
        if not find([("paragraph", block.text)]):
            found = find([("paragraph", label.text), ("paragraph", block.text)])
            yield from (Notice(n.kind, n.text, place) for n in found if n.kind in _GRAVE)


def _after(
    page: Page,
    kept: Mapping[str, int],
    last: int,
    find: Finder,
    tells_update: Callable[[str], bool],
) -> Iterator[Notice]:
    wrappers = _path(page, page.blocks[last].node)
    label = ""
    for block in page.blocks[last + 1 : last + 1 + _NEAR]:
        around = _path(page, block.node) - wrappers
        text = block.text
        may_be = 2 * block.links <= len(text) <= _LONGEST and not _is_barred(page, around)
        if text in kept or not may_be:
            label = ""
            continue
        if says_something(text):
            # as a heading a label counts only if what follows is sure to speak of the article
            surely = _is_foot(page, around) and not _in_article(page, block.node)
            found = find([("heading" if surely else "paragraph", text)])
            if not found and label and not surely and not is_label(text):
                found = find([("paragraph", label), ("paragraph", text)])
            for notice in found:
                if (
                    notice.kind in _GRAVE
                    or (is_bracketed(notice.text) and not surely)
                    or tells_update(text)
                ):
                    yield Notice(notice.kind, notice.text)
        announces = len(text) < _SAYS or text.endswith((":", "："))
        label = text if announces else ""


def _farther(
    page: Page,
    kept: Mapping[str, int],
    last: int,
    find: Finder,
    tells_update: Callable[[str], bool],
) -> Iterator[Notice]:
    """What stands behind long lists in the article's own element and is sure to speak of it."""
    wrappers = _path(page, page.blocks[last].node)
    own = max((n for n in wrappers if page.nodes[n].tag in _ARTICLES), default=-1)
    if own < 0:
        return
    end = min(page.nodes[own].last, last + 1 + _FAR)
    for block in page.blocks[last + 1 + _NEAR : end]:
        text = block.text
        if block.links or not _SAYS <= len(text) <= _LONGEST or text in kept:
            continue
        found = find([("heading", text)])
        around = _path(page, block.node) - wrappers if found else set()
        if _is_barred(page, around) or any(page.nodes[n].tag == "article" for n in around):
            continue  # the next article may have notices of its own
        for notice in found:
            if notice.kind in _GRAVE or tells_update(text):
                yield Notice(notice.kind, notice.text)


def _path(page: Page, node: int) -> set[int]:
    path = set()
    while node >= 0:
        path.add(node)
        node = page.nodes[node].parent
    return path


def _is_barred(page: Page, around: set[int]) -> bool:
    """True in what is never the article's: navigation, comments, related articles; and in what no
    reader sees."""
    return any(
        page.nodes[node].tag == "nav"
        or page.nodes[node].marks & HIDDEN
        or _marks(page.nodes[node].names) & STRONG
        for node in around
    )


@lru_cache(maxsize=4096)
def _marks(names: str) -> int:
    return judge(_FOOT.sub("", names))


def _is_foot(page: Page, around: set[int]) -> bool:
    return any(
        page.nodes[node].tag == "footer" or _FOOT.search(page.nodes[node].names) for node in around
    )


def _in_article(page: Page, node: int) -> bool:
    return any(page.nodes[index].tag in _ARTICLES for index in _path(page, node))
