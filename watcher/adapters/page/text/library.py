"""A second reading of a page, by trafilatura: which text of it is the article.

Before it gets the tree, what it would throw away anyway is dropped (it then runs twice as
fast), and what it would throw away wrongly is turned into something it keeps: captions, times
and inline quotations in prose, an aside, form or dialog that wraps the whole article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Document, Extractor

from watcher.adapters.page.text.paragraphs import (
    BLANK_LINE,
    CAPTION_END,
    CAPTION_START,
    HEADLINE_END,
    HEADLINE_START,
    read_paragraphs,
)
from watcher.core.model import Paragraph
from watcher.core.text import clean
from watcher.errors import ExtractionFailed

_INERT = (
    "script", "style", "noscript", "template", "iframe", "svg", "button", "select", "picture",
    "source", "object", "canvas", "video", "audio", "embed", "map",
)  # fmt: skip
_CHROME = ("nav", "footer", "aside", "dialog")
_WRAPPERS = ("aside", "form", "dialog")
_NOTES = ("aside", "footer")
_MEDIA = ("img", "picture", "video", "iframe", "svg", "object", "a", "div", "span", "figcaption")
_SIGNS = ("head", "script", "header", "h1", "a", "time", "label")
_FEW_CHARACTERS = 60
_ENOUGH = 250
_LIBRARY_FAULTS = (
    ArithmeticError, AttributeError, LookupError, RecursionError, RuntimeError, TypeError,
    ValueError, etree.LxmlError,
)  # fmt: skip


def library_paragraphs(parse: Callable[[], HtmlElement], headline: str) -> list[Paragraph]:
    """The article's paragraphs as trafilatura sees them, without the headline; [] for none.

    `parse` gives the page's tree as it came, a new one each time. Raises ExtractionFailed if the
    library fails on the page.
    """
    try:
        blocks, found = _run(parse(), _ENOUGH, headline)
        if blocks > 1 or sum(len(p.text) for p in found) > 4 * _ENOUGH:
            return found
        # On a short page trafilatura may fall back to one lump of all the page's text. Asked
        # for less, it gives the few paragraphs there are, or nothing if there are none.
        found = _run(parse(), 1, headline)[1]
        return found if _has_own_words(parse()) else []
    except _LIBRARY_FAULTS as error:
        raise ExtractionFailed(f"trafilatura failed: {type(error).__name__}: {error}") from error


def _has_own_words(tree: HtmlElement) -> bool:
    """False for a page with nothing to read but headlines, links, times and chrome.

    A paragraph that is marked as one always counts.
    """
    if _prose_size(tree):
        return True
    etree.strip_elements(tree, *_CHROME, *_INERT, *_SIGNS, with_tail=False)
    return len(clean(tree.text_content())) >= _FEW_CHARACTERS


def _prose_size(tree: HtmlElement) -> int:
    chrome = _chrome(tree)
    return sum(
        len(paragraph.text_content())
        for paragraph in tree.iter("p")
        if next(paragraph.iterancestors(*chrome, *_INERT), None) is None
    )


def _run(tree: HtmlElement, enough: int, headline: str) -> tuple[int, list[Paragraph]]:
    _prepare(tree)
    known = clean(headline).casefold()
    marked = _mark_headline(tree, known)
    document = bare_extraction(tree, options=_options(enough))
    if not isinstance(document, Document) or document.body is None:
        return 0, []
    found = read_paragraphs(document.body)
    return len(document.body), list(found if marked else _without_headline(found, known))


@cache
def _options(enough: int) -> Extractor:
    # a text format spares the library rendering a text of its own in the format "python"
    options = Extractor(output_format="txt", fast=True, recall=True, comments=False)
    options.min_extracted_size = enough
    return options


def _prepare(tree: HtmlElement) -> None:
    """Change the tree so that trafilatura keeps what belongs to the article, and runs fast."""
    for wrapper in list(tree.iter(*_WRAPPERS)):
        if wrapper.find(".//h1") is not None or wrapper.xpath(
            ".//*[contains(@itemprop, 'articleBody')]"
        ):
            wrapper.tag = "div"
    _keep_notes(tree)
    etree.strip_elements(tree, *_chrome(tree), with_tail=False)
    etree.strip_elements(tree, *_INERT, with_tail=False)
    for figure in list(tree.iter("figure")):
        _keep_caption(figure)
    for inline in list(tree.iter("time", "q")):
        if next(inline.iterancestors("p", "li", "blockquote"), None) is not None:
            inline.tag = "span"
    for line in tree.iter("br"):
        _mark_blank_line(line)


def _keep_notes(tree: HtmlElement) -> None:
    """Make boxes without links inside the article part of its text: facts, notices, corrections.

    One that stands after the text is put at its end, or it would be outside of what the library
    takes for the article.
    """
    notes = [
        note
        for note in tree.iter(*_NOTES)
        if next(note.iterancestors("article", "main"), None) is not None
        and next(note.iter("a", "form", "button", "input"), None) is None
    ]
    if not notes:
        return
    prose = [p for p in tree.iter("p") if next(p.iterancestors(*_CHROME), None) is None]
    places = {element: place for place, element in enumerate(tree.iter())}
    for note in notes:
        if prose and places[note] > places[prose[-1]] and note.text_content().strip():
            tail, note.tail = note.tail, None
            prose[-1].addnext(note)
            note.tail = tail
        note.tag = "div"


def _chrome(tree: HtmlElement) -> tuple[str, ...]:
    """The tags that hold no article on this page.

    The library spares chrome that holds all the paragraphs there are; so must we, save for
    navigation and footers: a page that has text only there has lost its article.
    """
    outside = [next(p.iterancestors(*_CHROME), None) is None for p in tree.iter("p")]
    return ("nav", "footer") if outside and not any(outside) else _CHROME


def _keep_caption(figure: HtmlElement) -> None:
    captions = [clean(c.text_content()) for c in figure.iter("figcaption")]
    text = " ".join(caption for caption in captions if caption)
    if not text or any(child.tag not in _MEDIA for child in figure):
        return
    tail = figure.tail
    figure.clear()
    figure.tag, figure.text, figure.tail = "p", f"{CAPTION_START}{text}{CAPTION_END}", tail


def _mark_blank_line(line: HtmlElement) -> None:
    # the library loses one of two line breaks running
    before = line.getprevious()
    if before is not None and before.tag == "br" and not (before.tail or "").strip():
        line.tail = f"{BLANK_LINE}{line.tail or ''}"


def _mark_headline(tree: HtmlElement, known: str) -> bool:
    """Mark each h1 that is the headline, to be left out later; true if there is one.

    It cannot go at once: the library takes the article's place in the page from it.
    """
    found = [h1 for h1 in tree.iter("h1") if known and clean(h1.text_content()).casefold() == known]
    for h1 in found:
        h1.text = f"{HEADLINE_START}{h1.text or ''}"
        if len(h1):
            h1[-1].tail = f"{h1[-1].tail or ''}{HEADLINE_END}"
        else:
            h1.text += HEADLINE_END
    return bool(found)


def _without_headline(paragraphs: Iterable[Paragraph], known: str) -> Iterator[Paragraph]:
    """The paragraphs without the headline, where that stands among the first ones.

    Only for a page whose headline is no h1: on others, what repeats it is a part of the text.
    """
    for index, paragraph in enumerate(paragraphs):
        if index < 3 and known and paragraph.text.casefold() == known:
            known = ""
            continue
        yield paragraph
