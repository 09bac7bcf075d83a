"""The outline of a page: its source without what is never read, compared before any parse.

Blanked are scripts other than JSON-LD, styles and comments, the attributes of images, fields and
links to files, and nonces; all else stays byte for byte. So equal outlines have equal fingerprints,
at a third of their cost.

Whether "<script>" begins a script depends on what stands before it: in an attribute or a textarea
it is text. A scanner of bytes cannot know, but the parser can, and it need only be asked once: with
a probe in place of each that is blanked, it must find exactly these probes, as scripts, styles,
comments and elements. What was blanked cannot lead out of its place (its tag ends surely, a script
ends at its end tag and holds no "<!--"). So in another page with the same outline the parser comes
to the same places in the same state, whatever is blanked there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from watcher.adapters.page.gate.oddity import is_odd
from watcher.adapters.page.source.charset import is_read_as_utf8
from watcher.adapters.page.source.css import find


def _up_to_end(name: bytes) -> bytes:
    """What begins with a name, and whatever stands up to its end tag."""
    return rb"%b[ \t\n\r\f>][^<]*+(?:<(?!/%b)[^<]*+)*+" % (name, name)


# A start tag's attributes such that it ends at the ">" behind them, whatever stands in them.
_SPACE = rb"[ \t\n\r\f]"
_VALUE = rb"""(?:"[^"<>]*+"|'[^'<>]*+'|[\w./:;?&,%+=-]++(?=[ \t\n\r\f>]))"""


def _attributes(refused: bytes = b"") -> bytes:
    """Any number of them, none of which begins with what is refused."""
    one = (rb"(?!%b)" % refused if refused else b"") + rb"[\w:.-]++(?:=" + _VALUE + rb")?+"
    return rb"(?:" + _SPACE + rb"++" + one + rb")*+" + _SPACE + rb"*+"


def _holding(name: bytes, word: bytes) -> bytes:
    """An attribute with a word in its value, or with a reference that may be a letter of it."""
    found = rb"(?:(?i:" + word + rb")|&)"
    values = (rb"\"[^\"<>]*?", rb"'[^'<>]*?", rb"[^\s\"'<>]*?")
    return rb"(?i:%b)=(?:%b)" % (name, b"|".join(value + found for value in values))


_END = rb"(?=[ \t\n\r\f/>])"
# JSON-LD is read; of links to files, the page's own address; from any element, marks.
_DATA = _holding(b"type", b"json")
_OWN = _holding(b"rel", b"canonical")
_MARK = rb"(?=[iIpPrR])(?:(?i:itemprop|property)|" + _OWN + rb")"
# In tables a hidden field stands elsewhere than others: what is kept of its name is shorter.
_HIDDEN = (
    _attributes(rb"(?i:type)=")
    + rb"""(?<=[ \t\n\r\f])(?i:type=(?:"hidden"|'hidden'|hidden(?=[ \t\n\r\f/>])))"""
)
# In each of these, its one group is what is kept. What is left out of a script or style has
# nothing doubtful in it.
_SOURCE = (
    rb"(?=s[ct])(?P<raw>script|style)" + _attributes(_DATA) + rb">"
    rb"[^<]*+(?:<(?!/?(?i:(?P=raw))|!--)[^<]*+)*+</(?P=raw)" + _END
)
# "<!-->" and "<!--->" are whole comments, and "--!>" ends one
_COMMENT = rb"(!)--(?!-?>)[^-<]*+(?:(?:-(?!-!?>)|<(?!!--))[^-<]*+)*+-->"
# Elements without text, of which nothing but marks is read.
_TAG = (
    rb"(?=[ils][imno])(img|source|link|inpu(?=t" + _HIDDEN + rb")|input)(?:(?<=inpu)t)?+"
    + _attributes(_MARK) + rb"/?+>"
)  # fmt: skip
# Whatever stands in these up to their end tags is text or markup of another kind: left as it is,
# and so are scripts that are data or doubtful.
_OTHERS = (
    b"script", b"style", b"noscript", b"template", b"textarea", b"title", b"svg", b"math",
    b"iframe", b"xmp", b"noembed", b"noframes",
)  # fmt: skip
_WHOLE = rb"((?=!)!--(?!-?>)[^-]*+(?:-(?!->)[^-]*+)*+"
for _first in sorted({name[:1] for name in _OTHERS}):
    _rests = b"|".join(_up_to_end(name) for name in _OTHERS if name.startswith(_first))
    _WHOLE += rb"|(?=%b)(?:%b)" % (_first, _rests)
_WHOLE += rb")"
# Most tags begin none of these, which two letters tell.
_SOURCES = re.compile(
    rb"<(?=[!ilmnstx][-acefimnotv])(?:" + b"|".join((_COMMENT, _SOURCE, _TAG, _WHOLE)) + rb")"
)
_NONCE = re.compile(_SPACE + rb"++nonce=" + _VALUE)
_DATA_TAG = re.compile(rb"script" + _attributes() + rb">")
# Stands in no UTF-8, so it keeps apart what is kept.
_BORDER = b"\xff"
_PROBES = {
    b"script": b"<script><b>%d</script",
    b"style": b"<style><b>%d</style",
    b"!": b"<!--<b>%d-->",
    b"inpu": b'<input type="hidden" x-probe="%d">',
    **{tag: b'<%b x-probe="%%d">' % tag for tag in (b"img", b"input", b"source", b"link")},
}
_NAMES = {b"!": b"--", b"inpu": b"input"}


def page_outline(body: bytes, content_type: str | None) -> str | None:
    """The outline of a page as 64 hexadecimal digits, None for one that is not read as UTF-8 or
    is none."""
    if _BORDER in body or not is_read_as_utf8(body, content_type):
        return None
    # splitting asks nothing of Python at each match; one group of each has matched
    parts = [part for part in _SOURCES.split(body) if part is not None]
    for at in range(1, len(parts), 2):
        if parts[at].startswith(b"script") and len(parts[at]) > len(b"script"):
            parts[at] = _without_nonce(parts[at])
    return sha256(_BORDER.join(parts)).hexdigest()


def _without_nonce(script: bytes) -> bytes:
    tag = _DATA_TAG.match(script)
    return script if tag is None else _NONCE.sub(b"", tag[0]) + script[tag.end() :]


def is_outline_sure(body: bytes) -> bool:
    """Whether what is blanked in a page's outline is to the parser what it seems to be.

    True for one page is true for all of the same outline.
    """
    if is_odd(body):
        return False
    probes: list[str] = []

    def probed(match: re.Match[bytes]) -> bytes:
        kept = match[match.lastindex or 0]
        probe = _PROBES.get(kept)
        if probe is None:
            return match[0]
        probes.append(f"{_NAMES.get(kept, kept).decode()} {len(probes)}")
        return probe % (len(probes) - 1)

    source = _SOURCES.sub(probed, body)
    page = LexborHTMLParser(source, options=LexborDocumentOptions.WO_EVENTS, scripting=True)
    if page.root is None:
        return False
    return sorted(_found(page.root)) == sorted(probes)


def _found(root: LexborNode) -> Iterator[str]:
    """The probes that are whole scripts, styles, comments and elements."""
    for node in find("script,style,[x-probe]", root):
        text = node.text_lexbor()
        if text.startswith("<b>"):
            yield f"{node.tag} {text[3:]}"
        elif "x-probe" in node.attributes:
            yield f"{node.tag} {node.attributes['x-probe']}"
    for node in (*root.traverse(include_text=True), *_beside(root)):
        if node.is_comment_node and (content := node.comment_content or "").startswith("<b>"):
            yield f"-- {content[3:]}"


def _beside(root: LexborNode) -> Iterator[LexborNode]:
    """What stands before and after the page's root."""
    before = root.prev
    while before is not None:
        yield before
        before = before.prev
    after = root.next
    while after is not None:
        yield after
        after = after.next
