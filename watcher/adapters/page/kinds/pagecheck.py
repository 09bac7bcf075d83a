"""Refuses pages that are something else than an article, after the extraction found its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lxml.html import HtmlElement

from watcher.adapters.page.kinds.pagesigns import page_words, read_signs
from watcher.core.model import Outcome, Paragraph
from watcher.core.pagekind import WHOLE, Doubts, doubts, is_beyond_doubt, page_kind
from watcher.core.pagesigns import PageSigns
from watcher.errors import NotAnArticle

# Comparing and storing cost time in the service itself, without a limit of time. The longest
# live blogs that keep one page have some thousand paragraphs; two million characters fill a
# thousand pages of a book.
MOST_PARAGRAPHS = 10_000
MOST_CHARACTERS = 2_000_000

_BOXES = ("div", "section", "article", "li", "td", "dd", "span", "br")
_LONG = 100
"""Characters from which a text in a box is more than a label."""

_PICTURES = 2
_TEASERS = 2


def signs_ahead(tree: HtmlElement, url: str, published: str | None) -> PageSigns | None:
    """The signs of a page that will hardly be beyond doubt, None for any other.

    They are read from the tree as it came, which is taken apart later: by then the page would
    have to be parsed once more.
    """
    prose = 0
    for size in _sizes(tree) if published is not None else ():
        prose += size
        if prose >= WHOLE:
            return None
    return read_signs(tree, url)


def _sizes(tree: HtmlElement) -> Iterator[int]:
    """Characters of what may be an article's text: paragraphs, then long texts in other boxes."""
    for paragraph in tree.iter("p"):
        yield sum(map(len, paragraph.itertext()))
    for box in tree.iter(*_BOXES):
        yield sum(len(text) for text in (box.text, box.tail) if text and len(text) >= _LONG)


def is_open(signs: PageSigns, access: str | None) -> bool:
    """Whether a page may be read by anybody: it shows no gate, and is no page of another kind.

    What stands in the data of one that is not is for search engines, and no part of what readers
    get to see.
    """
    words = page_words()
    if access == "paywalled" or page_kind(signs, words) is not None:
        return False
    return doubts(signs, words).gate is None


def refuse_other_pages(
    read: Callable[[], PageSigns], paragraphs: Sequence[Paragraph], published: str | None
) -> Doubts:
    """What still speaks against a page that is not refused.

    `read` gives the page's signs; it is asked only where there is doubt, so that ordinary pages
    cost nothing. Raises NotAnArticle, with the outcome, for a page of another kind and for one
    that is too long for an article, and without one for a page without paragraphs.
    """
    characters = sum(len(paragraph.text) for paragraph in paragraphs)
    if len(paragraphs) > MOST_PARAGRAPHS or characters > MOST_CHARACTERS:
        raise NotAnArticle(
            f"too long for an article: {len(paragraphs):,} paragraphs, {characters:,} characters",
            Outcome.TOO_LARGE,
        )
    if is_beyond_doubt(characters, published):
        return Doubts()
    signs, words = read(), page_words()
    kind = page_kind(signs, words)
    if kind is not None:
        raise NotAnArticle(kind.reason, kind.outcome)
    if not any(paragraph.kind not in ("heading", "caption") for paragraph in paragraphs):
        captions = sum(paragraph.kind == "caption" for paragraph in paragraphs)
        # Pictures may tell a story by themselves; one alone stands above a text that is missing.
        if not signs.is_article or captions < _PICTURES:
            raise NotAnArticle("no paragraphs: the page holds no text that reads as an article")
    if _only_teasers(signs, paragraphs):
        raise NotAnArticle("no text of its own: the page holds only teasers of other pages")
    return doubts(signs, words)


def _only_teasers(signs: PageSigns, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether all that was taken for the article's text stands in boxes that lead elsewhere.

    Front pages are such, and articles whose own text did not arrive.
    """
    texts = [each for each in paragraphs if each.kind != "heading"]
    if len(texts) < _TEASERS or any(each.kind == "live-post" for each in texts):
        return False
    cards = {block.text for block in signs.blocks if block.card}
    return all(each.text in cards for each in texts)
