"""Text that a page holds where no parser shows it at once, and where it is shown to a reader all
the same: the body of an article in noscript, until a script loads it, and declarative shadow trees.

The extraction and the fast fingerprint must take the same places for text: what one of them opens,
the other opens too. The fingerprint, which sees no more than the source, opens somewhat more.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from watcher.core.text import clean

_MODES = frozenset(("open", "closed"))
# Characters of paragraphs: pages ask for JavaScript in fewer.
_PROSE = 250
# Letters of a paragraph by which it is found elsewhere on the page.
_TELLING = 60
_PARAGRAPH = re.compile(rb"<p[\s>]", re.IGNORECASE)
_NOSCRIPT = re.compile(rb"<(/?)noscript(?=[\s/>])", re.IGNORECASE)
_TEMPLATE = re.compile(rb"<(/?)template(?=[\s/>])", re.IGNORECASE)
_SHADOW = re.compile(rb"<template\s[^<>]*\bshadowroot(?:mode)?\s*=", re.IGNORECASE)
_SOME_FOLD = re.compile(rb"<noscript|<template", re.IGNORECASE)
_OPENED = b"x-opened"


def unfold(tree: HtmlElement) -> None:
    """Make such places of a parsed page elements like others."""
    folded = list(tree.iter("template", "noscript"))
    for element in folded:
        if element.tag == "template" and _is_shadow(element):
            element.tag = "div"
    for element in folded:
        if element.tag != "noscript" or len(element) == 0:
            continue
        texts = [clean(p.text_content()) for p in element.iter("p")]
        if sum(map(len, texts)) >= _PROSE and not _stands_elsewhere(max(texts, key=len), tree):
            element.tag = "div"


def unfold_source(source: bytes) -> bytes:
    """The source of a page with every such place as an element like others, in linear time."""
    if not _SOME_FOLD.search(source):
        return source
    if _SHADOW.search(source):
        source = _TEMPLATE.sub(rb"<\g<1>" + _OPENED, source)
    pieces: list[bytes] = []
    at, start = 0, None
    for tag in _NOSCRIPT.finditer(source):
        if not tag[1]:
            start = tag if start is None else start
            continue
        if start is not None and holds_prose(source, start.end(), tag.start()):
            pieces += (source[at : start.start()], b"<", _OPENED)
            pieces += (source[start.end() : tag.start()], b"</", _OPENED)
            at = tag.end()
        start = None
    return b"".join((*pieces, source[at:])) if pieces else source


def holds_prose(source: bytes, start: int = 0, stop: int | None = None) -> bool:
    """True if a part of a source, as noscript has it, may be the body of an article."""
    stop = len(source) if stop is None else stop
    return stop - start >= _PROSE and _PARAGRAPH.search(source, start, stop) is not None


def _is_shadow(element: HtmlElement) -> bool:
    mode = element.get("shadowrootmode") or element.get("shadowroot") or ""
    return mode.strip().lower() in _MODES


def _stands_elsewhere(text: str, tree: HtmlElement) -> bool:
    """True if a text is also on the page outside of noscript: then a script has put it there."""
    start = text[:_TELLING]
    return any(
        clean(paragraph.text_content())[:_TELLING] == start
        and next(paragraph.iterancestors("noscript", "template"), None) is None
        for paragraph in tree.iter("p")
    )
