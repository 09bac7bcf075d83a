"""HTML to a snapshot: metadata, the article's paragraphs, the fast fingerprint.

The page is parsed once. Metadata is read first, as reading the text takes the tree apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from lxml.html import HtmlElement

from config.phrases import shipped_phrases
from watcher.adapters.page.extractor import EXTRACTOR
from watcher.adapters.page.gate.fingerprint import read_page_text
from watcher.adapters.page.kinds.pagecheck import is_open, refuse_other_pages, signs_ahead
from watcher.adapters.page.kinds.pagesigns import read_signs
from watcher.adapters.page.linked.linkednotices import corrections_beside
from watcher.adapters.page.linked.linkedtext import (
    LinkedText,
    instead_of,
    is_shown,
    linked_headline,
    linked_text,
)
from watcher.adapters.page.live.liveblog import PostMarks, assign_posts, find_posts, linked_marks
from watcher.adapters.page.metadata.metadata import Metadata, read_metadata
from watcher.adapters.page.source.anchors import PageLinks
from watcher.adapters.page.source.blocks import read_blocks
from watcher.adapters.page.source.boilerplate import is_live
from watcher.adapters.page.source.folded import unfold
from watcher.adapters.page.source.parsing import parse_html, utf8_source
from watcher.adapters.page.source.revealing import reveal
from watcher.adapters.page.source.siterules import drop_elements, keep_elements, obeyed
from watcher.adapters.page.text.library import library_paragraphs
from watcher.adapters.page.text.notice_places import notices_beside
from watcher.adapters.page.text.sift import Told, article_paragraphs
from watcher.core.model import Extraction, Notice, Outcome, Paragraph, Snapshot
from watcher.core.notices import (
    find_notices,
    is_bracketed,
    is_developing_label,
    is_notice_label,
    tells_update,
)
from watcher.core.phrases import Phrases
from watcher.core.sites import NO_RULES, SiteRules
from watcher.core.text import clean
from watcher.errors import NotAnArticle

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
_START = 2048

_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")


def extract_snapshot(
    body: bytes,
    url: str,
    content_type: str | None,
    rules: SiteRules = NO_RULES,
    phrases: Phrases | None = None,
) -> Extraction:
    """The snapshot of a page, and its fast fingerprint if that one sees all of the snapshot.

    `body` has its content encodings undone; `content_type` is the header's value, if any. `rules`
    are the configuration's for the page, `phrases` those of notices, the shipped ones by default.
    Raises NotAnArticle for an empty body, anything that is not HTML and a page without
    paragraphs, ExtractionFailed if the library fails on the page.
    """
    _refuse_other_than_html(body, content_type)
    source = utf8_source(body, content_type)
    page = (body, url, content_type, source)
    phrases = phrases or shipped_phrases()
    try:
        return _read(page, rules, phrases, partial(_ruled, source, rules))
    except NotAnArticle as error:
        # A box that asks for consent may lie over an article that is all there.
        is_covered = error.outcome in (None, Outcome.CONSENT_WALL)
        if not is_covered or not reveal(_ruled(source, rules)):
            raise
    return _read(page, rules, phrases, partial(_revealed, source, rules))


def _read(
    page: tuple[bytes, str, str | None, bytes],
    rules: SiteRules,
    phrases: Phrases,
    parse: Callable[[], HtmlElement],
) -> Extraction:
    body, url, content_type, source = page
    tree = parse()
    metadata = read_metadata(tree, url)
    links = PageLinks(tree, url)
    marks = find_posts(
        tree, says_live=b"iveBlog" in source, is_live=is_live(metadata.headline, url)
    )
    ahead = signs_ahead(tree, url, metadata.published)
    told = Told(
        metadata.headline,
        _description(tree),
        metadata.byline,
        lambda text: _is_notice(text, metadata.language, phrases),
    )
    second = partial(library_paragraphs, parse, metadata.headline)
    kept = keep_elements(tree, rules)
    blocks = read_blocks(tree, lambda text: is_notice_label(text, metadata.language, phrases))
    found, beside = article_paragraphs(blocks, told, second)
    signs = cache(lambda: ahead or read_signs(parse(), url))
    told_headline = linked_headline(metadata.linked)
    is_asked = told_headline is not None and not is_shown(found)
    linked = linked_text(metadata.linked) if is_asked else None
    before = None if linked is None else instead_of(found, blocks, linked)
    is_linked = before is not None and is_open(signs(), metadata.access)
    if linked is not None and before is not None and is_linked:
        _refuse_cut(linked)
        found = [*before, *linked.paragraphs]
        marks = linked_marks(linked.posts) if linked.posts else marks
    paragraphs = tuple(obeyed(found, metadata.headline, blocks.blocks, kept, rules))
    doubts = refuse_other_pages(signs, paragraphs, metadata.published)
    around = notices_beside(
        blocks,
        paragraphs,
        metadata.headline,
        lambda pairs: find_notices(pairs, metadata.language, phrases),
        lambda text: is_developing_label(text, metadata.language, phrases),
        lambda text: tells_update(text, metadata.language, phrases),
    )
    snapshot = _snapshot(metadata, paragraphs, (beside, around), marks, url, phrases)
    read = [*blocks.blocks, *(block for part in kept for block in part.blocks)]
    in_text, forms = links.of(paragraphs, read, snapshot.paragraphs)
    snapshot = replace(snapshot, links=in_text)
    shown = read_page_text(body, content_type, linked=is_linked)
    covers = shown is not None and shown.covers(_texts(snapshot), metadata.sources, forms)
    return Extraction(
        snapshot,
        shown.fingerprint if shown is not None and covers else None,
        gate=doubts.gate,
        is_lead=doubts.is_lead,
        place=doubts.place,
        is_linked=is_linked,
        linked_headline=told_headline,
    )


def _refuse_cut(linked: LinkedText) -> None:
    if not linked.is_whole:
        raise NotAnArticle(
            "no paragraphs: a script puts the text into the page, and the data beside it (JSON-LD)"
            " hold only the beginning"
        )


def _snapshot(
    metadata: Metadata,
    paragraphs: tuple[Paragraph, ...],
    beside: tuple[Sequence[str], Iterable[Notice]],
    marks: PostMarks,
    url: str,
    phrases: Phrases,
) -> Snapshot:
    told, posts = assign_posts(paragraphs, marks)
    datelines, around = beside
    inside = find_notices(told, metadata.language, phrases)
    # a label or line by the headline may be a paragraph as well, or stand there twice
    known: set[tuple[str, str]] = {(notice.kind, notice.text) for notice in inside}
    outside = tuple(
        _unknown(
            (
                replace(notice, place=None)
                for line in datelines
                for notice in find_notices([("paragraph", line)], metadata.language, phrases)
            ),
            known,
        )
    )
    shown = (*outside, *inside, *_unknown(around, known))
    return Snapshot(
        headline=metadata.headline,
        byline=metadata.byline,
        published=metadata.published,
        modified=metadata.modified,
        paragraphs=told,
        url=url,
        publisher=metadata.publisher,
        section=metadata.section,
        language=metadata.language,
        canonical=metadata.canonical,
        access=metadata.access,
        notices=(*shown, *_linked_corrections(metadata, shown, told, phrases)),
        posts=posts,
    )


def _linked_corrections(
    metadata: Metadata,
    shown: Sequence[Notice],
    paragraphs: Sequence[Paragraph],
    phrases: Phrases,
) -> Iterator[Notice]:
    corrections = [each for article in metadata.linked for each in article.corrections]
    if corrections:
        find = partial(find_notices, language=metadata.language, phrases=phrases)
        yield from corrections_beside(corrections, shown, paragraphs, find)


def _unknown(around: Iterable[Notice], known: set[tuple[str, str]]) -> Iterator[Notice]:
    """The notices that are not known yet, each once."""
    for notice in around:
        if (notice.kind, notice.text) not in known:
            known.add((notice.kind, notice.text))
            yield notice


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


def _ruled(source: bytes, rules: SiteRules) -> HtmlElement:
    tree = parse_html(source)
    unfold(tree)
    drop_elements(tree, rules)
    return tree


def _revealed(source: bytes, rules: SiteRules) -> HtmlElement:
    tree = _ruled(source, rules)
    reveal(tree)
    return tree


def _is_notice(text: str, language: str | None, phrases: Phrases) -> bool:
    found = find_notices([("paragraph", text)], language, phrases)
    # lines of update are times as a rule; in brackets they tell what an agency's desk has done
    return any(notice.kind != "update" or is_bracketed(notice.text) for notice in found) or (
        bool(found) and tells_update(text, language, phrases)
    )


def _description(tree: HtmlElement) -> str:
    """What the page says of itself in a sentence: most repeat their standfirst there."""
    told = {
        key.strip().lower(): meta.get("content") or ""
        for meta in tree.iter("meta")
        if (key := meta.get("property") or meta.get("name"))
    }
    return clean(next((told[key] for key in _DESCRIPTIONS if told.get(key)), ""))
