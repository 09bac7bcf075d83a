"""Bytes of a page to text, the way browsers do it. Never raises."""

from __future__ import annotations

import re
from functools import lru_cache

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

# The encodings of the WHATWG Encoding Standard under Python's names. Anything else that Python
# can look up (hex, idna, unicode_escape …) is no encoding of the web.
_WEB_ENCODINGS = frozenset({
    "utf-8", "cp866", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6",
    "iso8859-7", "iso8859-8", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15",
    "iso8859-16", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp874", "cp1250", "cp1251",
    "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "gb18030", "big5hkscs",
    "euc_jp", "iso2022_jp", "cp932", "cp949", "utf-16", "utf-16-le", "utf-16-be",
})  # fmt: skip

_SINGLE_BYTE = frozenset(
    name for name in _WEB_ENCODINGS if name.startswith(("cp125", "iso8859", "koi8", "mac-"))
)
# Labels of the standard that Python's codecs do not know.
_MORE_LABELS = {
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode20utf8": "utf-8",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-gbk": "gb18030",
    "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "x-sjis": "cp932",
    "windows-949": "cp949",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ukrainian": "mac-cyrillic",
    "dos-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
}
_LABEL = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_PRESCAN = 4096


def decode_html(body: bytes, content_type: str | None) -> str:
    """The text of an HTML page.

    The encoding is, in this order: the byte order mark, the charset of the Content-Type header,
    the one declared in the first 4,096 bytes (meta charset, meta http-equiv, XML declaration;
    not a single-byte one if the body is UTF-8 all the same, as saved pages often are), UTF-8
    if the body is valid UTF-8, windows-1252. Labels mean what the WHATWG Encoding Standard says
    (iso-8859-1 is windows-1252). Undecodable bytes become U+FFFD.
    """
    name, bom = read_bom(body)
    if name is not None and bom is not None:
        return to_unicode(body[len(bom) :], name)
    told = _told(body, content_type)
    if told is not None:
        return to_unicode(body, told)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return to_unicode(body, "cp1252")


def is_read_as_utf8(body: bytes, content_type: str | None) -> bool:
    """True if `decode_html` would read the whole body as UTF-8, valid or not."""
    if read_bom(body)[0] is not None:
        return False
    told = _told(body, content_type)
    if told is not None:
        return told == "utf-8"
    return body.isascii() or _is_utf8(body)


def _told(body: bytes, content_type: str | None) -> str | None:
    """The encoding that the header or the page names, under Python's name for it."""
    header = _of_header(content_type)
    if header is not None:
        return header
    declared = _declared(body[:_PRESCAN])
    if declared is None or (declared in _SINGLE_BYTE and _is_utf8(body)):
        return None
    # a declaration that could be read as ASCII cannot be written in UTF-16
    return "utf-8" if declared.startswith("utf-16") else declared


@lru_cache(maxsize=64)
def _of_header(content_type: str | None) -> str | None:
    return _usable(http_content_type_encoding(content_type), content_type or "")


# Outline, fingerprint and extraction ask the same of a body, one soon after the other.
@lru_cache(maxsize=8)
def _declared(start: bytes) -> str | None:
    text = start.decode("latin-1")
    return _usable(html_body_declared_encoding(text), text)


def _is_utf8(body: bytes) -> bool:
    """True for UTF-8 with other than ASCII in it: no text in another encoding looks like that."""
    try:
        return not body.isascii() and bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _usable(name: str | None, declaration: str) -> str | None:
    """`name` if the web knows it, else what a rarer label in the declaration stands for."""
    if name in _WEB_ENCODINGS:
        return name
    match = _LABEL.search(declaration)
    return _MORE_LABELS.get(match[1].lower()) if match else None
