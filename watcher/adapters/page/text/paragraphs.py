"""trafilatura's result tree to paragraphs with kinds, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element

from watcher.core.model import Paragraph, ParagraphKind
from watcher.core.text import clean

# Noncharacters: pages cannot mean them, and the library passes them through.
CAPTION_START, CAPTION_END = "\ufdd0", "\ufdd1"
BLANK_LINE = "\ufdd2"
_LINE = "\ufdd3"
HEADLINE_START, HEADLINE_END = "\ufdd4", "\ufdd5"

_CAPTION = re.compile(f"{CAPTION_START}([^{CAPTION_END}]*){CAPTION_END}")
_HEADLINE = re.compile(f"{HEADLINE_START}[^{HEADLINE_END}]*{HEADLINE_END}")
_BORDER = re.compile(rf"{BLANK_LINE}|{_LINE}\s*{_LINE}")
_BLOCKS: dict[str, ParagraphKind] = {
    "p": "paragraph",
    "code": "paragraph",
    "head": "heading",
    "item": "list-item",
    "quote": "quote",
    "row": "table-row",
}
_CELL_BORDER = " | "


def read_paragraphs(body: _Element) -> Iterator[Paragraph]:
    """The paragraphs of a result tree.

    Two line breaks running split a paragraph, a single one is a space. A block inside a list
    item or quote takes over its kind; nested items stand after the text they belong to. A table
    row is one paragraph, its filled cells joined by " | ". What is marked as the headline is
    left out.
    """
    yield from _flow(body, "paragraph")


def _flow(element: _Element, kind: ParagraphKind) -> Iterator[Paragraph]:
    buffer = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag == "lb":
            buffer.append(_LINE)
        elif tag in _BLOCKS or tag in ("list", "table"):
            yield from _flush(buffer, kind)
            buffer = []
            yield from _block(child, kind)
        else:
            yield from _inline(child, kind, buffer)
        buffer.append(child.tail or "")
    yield from _flush(buffer, kind)


def _inline(element: _Element, kind: ParagraphKind, buffer: list[str]) -> Iterator[Paragraph]:
    if element.find(".//list") is None and element.find(".//p") is None:
        buffer.extend(_LINE if part is None else part for part in _parts(element))
    else:
        yield from _flush(buffer, kind)
        buffer.clear()
        yield from _flow(element, kind)


def _parts(element: _Element) -> Iterator[str | None]:
    """The texts of an element in order, None for a line break."""
    yield element.text or ""
    for child in element:
        if child.tag == "lb":
            yield None
        else:
            yield from _parts(child)
        yield child.tail or ""


def _block(element: _Element, kind: ParagraphKind) -> Iterator[Paragraph]:
    if element.tag == "row":
        cells = (clean("".join(part or " " for part in _parts(cell))) for cell in element)
        text = _CELL_BORDER.join(cell for cell in cells if cell)
        if text:
            yield Paragraph("table-row", text)
        return
    own = _BLOCKS.get(str(element.tag), kind)
    inherits = own == "paragraph" and kind in ("list-item", "quote")
    yield from _flow(element, kind if inherits else own)


def _flush(buffer: list[str], kind: ParagraphKind) -> Iterator[Paragraph]:
    text = _HEADLINE.sub("", "".join(buffer))
    if not text or text.isspace():
        return
    at = 0
    for match in _CAPTION.finditer(text):
        yield from _pieces(text[at : match.start()], kind)
        yield from _pieces(match[1], "caption")
        at = match.end()
    yield from _pieces(text[at:], kind)


def _pieces(text: str, kind: ParagraphKind) -> Iterator[Paragraph]:
    for piece in _BORDER.split(text):
        cleaned = clean(piece.replace(_LINE, " "))
        if cleaned:
            yield Paragraph(kind, cleaned)
