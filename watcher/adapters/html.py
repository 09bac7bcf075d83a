"""HTML to a snapshot, through trafilatura and an own walk of the metadata.

The page is parsed once. Metadata is read first, since trafilatura changes the tree it is given.
Before it gets the tree, what it would throw away anyway is dropped (it then runs twice as
fast), and what it would throw away wrongly is turned into something it keeps: captions, times
and inline quotations in prose, an aside, form or dialog that wraps the whole article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Document, Extractor

from watcher.adapters.charset import decode_html
from watcher.adapters.extractor import EXTRACTOR
from watcher.adapters.fingerprint import read_page_text
from watcher.adapters.metadata import read_metadata
from watcher.adapters.pagecheck import refuse_other_pages
from watcher.adapters.paragraphs import (
    BLANK_LINE,
    CAPTION_END,
    CAPTION_START,
    HEADLINE_END,
    HEADLINE_START,
    read_paragraphs,
)
from watcher.core.model import Extraction, Paragraph, Snapshot
from watcher.core.text import clean
from watcher.errors import ExtractionFailed, NotAnArticle

__all__ = ["EXTRACTOR", "extract_snapshot"]

_HTML_TYPES = ("text/html", "application/xhtml+xml")
# Types that servers give to HTML pages by mistake: the body decides.
_VAGUE_TYPES = ("", "text/plain", "application/octet-stream", "text/xml", "application/xml")
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "an image or a recording"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
)
_FEED = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF|svg)[\s>]", re.IGNORECASE)
_TAG = re.compile(rb"<[a-z!]", re.IGNORECASE)
# Characters that the library cannot write into a tree; it would give up the whole page.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\f\r"})
_FORM_FEED = bytes.maketrans(b"\f", b" ")
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bBcC]|[01][eEfF]|1[0-9a-dA-D]));",
    re.IGNORECASE,
)
_START = 2048

_INERT = (
    "style", "noscript", "template", "iframe", "svg", "button", "select", "picture", "source",
    "object", "canvas", "video", "audio", "embed", "map",
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


def extract_snapshot(body: bytes, url: str, content_type: str | None) -> Extraction:
    """The snapshot of a page, and its fast fingerprint if that one sees all of the snapshot.

    `body` has its content encodings undone; `content_type` is the header's value, if any.
    Raises NotAnArticle for an empty body, anything that is not HTML and a page without
    paragraphs, ExtractionFailed if the library fails on the page.
    """
    _refuse_other_than_html(body, content_type)
    html = decode_html(body, content_type)
    tree = _parse(html)
    metadata = read_metadata(tree, url)
    paragraphs = tuple(_article_paragraphs(tree, html, metadata.headline))
    doubts = refuse_other_pages(lambda: _parse(html), url, paragraphs, metadata.published)
    snapshot = Snapshot(
        headline=metadata.headline,
        byline=metadata.byline,
        published=metadata.published,
        modified=metadata.modified,
        paragraphs=paragraphs,
        url=url,
    )
    page = read_page_text(body, content_type)
    covers = page is not None and page.covers(_texts(snapshot), metadata.sources)
    return Extraction(
        snapshot,
        page.fingerprint if page is not None and covers else None,
        gate=doubts.gate,
        is_lead=doubts.is_lead,
        place=doubts.place,
    )


def _texts(snapshot: Snapshot) -> Iterator[str]:
    yield from (paragraph.text for paragraph in snapshot.paragraphs)
    yield from (notice.text for notice in snapshot.notices)


def _refuse_other_than_html(body: bytes, content_type: str | None) -> None:
    start = body[:_START].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise NotAnArticle("empty: the server sent no page")
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise NotAnArticle(f"not HTML: the body is {what}")
    if start[4:8] == b"ftyp":
        raise NotAnArticle("not HTML: the body is a video")
    mime = (content_type or "").partition(";")[0].strip().lower()
    if mime not in _HTML_TYPES and mime not in _VAGUE_TYPES:
        raise NotAnArticle(f"not HTML: the server says it is {clean(mime)[:80]}")
    if start[:1] in b"{[" and not _TAG.search(start[:1] + start[1:80].lstrip()[:1]):
        raise NotAnArticle("not HTML: the body is JSON")
    if b"<" not in body:
        raise NotAnArticle("not HTML: the body is plain text")
    if start.startswith(b"<?xml") and (_FEED.search(start) and b"<html" not in start.lower()):
        raise NotAnArticle("not HTML: the body is an XML feed")


def _parse(html: str) -> HtmlElement:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    # lxml.html's own lookup calls Python for every element that is touched
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    source = html.encode("utf-8", "replace").translate(_FORM_FEED, _CONTROLS)
    source = _CONTROL_REFERENCE.sub(b"", _NONCHARACTERS.sub(b"", source))
    try:
        tree = etree.fromstring(source, parser=parser)
    except etree.LxmlError as error:
        raise NotAnArticle(f"not HTML: no document in the body ({error})") from error
    if not isinstance(tree, HtmlElement):
        raise NotAnArticle("not HTML: no document in the body")
    return tree


def _article_paragraphs(tree: HtmlElement, html: str, headline: str) -> list[Paragraph]:
    try:
        blocks, found = _run(tree, _ENOUGH, headline)
        if blocks > 1 or sum(len(p.text) for p in found) > 4 * _ENOUGH:
            return found
        # On a short page trafilatura may fall back to one lump of all the page's text. Asked
        # for less, it gives the few paragraphs there are, or nothing if there are none.
        found = _run(_parse(html), 1, headline)[1]
        if not _has_own_words(_parse(html)):
            return []
    except _LIBRARY_FAULTS as error:
        raise ExtractionFailed(f"trafilatura failed: {type(error).__name__}: {error}") from error
    if not found and (size := _prose_size(_parse(html))) > 4 * _ENOUGH:
        # the library keeps some of its own faults to itself and gives nothing then
        raise ExtractionFailed(f"trafilatura found nothing in {size} characters of paragraphs")
    return found


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
    for script in list(tree.iter("script")):
        # the library knows how to read an article's text from JSON-LD
        if "ld+json" not in (script.get("type") or ""):
            script.drop_tree()
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
