"""The body of a page to a tree, for the extraction: as UTF-8, without what no tree can hold."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.page.source.charset import decode_html, is_read_as_utf8
from watcher.errors import NotAnArticle

# Characters that the library cannot write into a tree; it would give up the whole page.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\f\r"})
_FORM_FEED = bytes.maketrans(b"\f", b" ")
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bBcC]|[01][eEfF]|1[0-9a-dA-D]));",
    re.IGNORECASE,
)


def utf8_source(body: bytes, content_type: str | None) -> bytes:
    """The text of a page, as `decode_html` reads it, for `parse_html`."""
    html = decode_html(body, content_type)
    # most bodies are what would come of encoding their text
    is_same = "\ufffd" not in html and is_read_as_utf8(body, content_type)
    source = body if is_same else html.encode("utf-8", "replace")
    source = source.translate(_FORM_FEED, _CONTROLS)
    if "\uffff" in html or "\ufffe" in html:
        source = _NONCHARACTERS.sub(b"", source)
    return _CONTROL_REFERENCE.sub(b"", source) if b"&#" in source else source


def parse_html(source: bytes) -> HtmlElement:
    """The tree of a page. Raises NotAnArticle if there is no document in it."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    # lxml.html's own lookup calls Python for every element that is touched
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = etree.fromstring(source, parser=parser)
    except etree.LxmlError as error:
        raise NotAnArticle(f"not HTML: no document in the body ({error})") from error
    if not isinstance(tree, HtmlElement):
        raise NotAnArticle("not HTML: no document in the body")
    return tree
