"""The values of a JSON-LD script, however broken it is."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

# The amount of white space is bounded where a pattern may begin with it: no quadratic time.
_WRAPPING = re.compile(r"<!--|-->|(?:/\*|//)?\s{0,9}(?:<!\[CDATA\[|\]\]>)\s{0,9}(?:\*/)?")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_BAD_ESCAPE = re.compile(r"\\(\\|[\"/bfnrt]|u[0-9a-fA-F]{4})|\\")
_ESCAPED_QUOTES = re.compile(r"^[\s\[]{0,9}\{\s{0,99}&(?:quot|#34|#x22);")
_BETWEEN = " \t\r\n;,\ufeff"


def parse_json_ld(script: str) -> Iterator[object]:
    """Every JSON value in the text of a script; nothing if it is beyond repair.

    Repaired is what is seen in the wild: comments and CDATA around it, trailing commas, escapes
    that JSON does not know, quotes escaped for HTML or single ones, several values running. Time
    and memory are linear in the script's length, whatever stands in it.
    """
    text = script.strip(_BETWEEN)
    if not text:
        return
    try:
        yield json.loads(text, strict=False)
    except (ValueError, RecursionError):
        # one value after another, as several may stand in one script
        yield from _values(_repaired(text))


def _repaired(text: str) -> str:
    if _ESCAPED_QUOTES.match(text):
        text = html.unescape(text)
    if '"' not in text:
        text = text.replace("'", '"')
    text = _TRAILING_COMMA.sub(r"\1", _WRAPPING.sub(" ", text))
    return _BAD_ESCAPE.sub(lambda match: match[0] if match[1] else "", text).strip(_BETWEEN)


def _values(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(text) and text[at] in _BETWEEN:
            at += 1
