"""The outline of a page: its source without what is never read, compared before any parse.

Blanked are scripts other than JSON-LD, styles and comments, with their attributes; all else stays
byte for byte. So equal outlines have equal fingerprints, at a fourth of their cost.

Whether "<script>" begins a script depends on what stands before it: in an attribute or a textarea
it is text. A scanner of bytes cannot know, but the parser can, and it need only be asked once: with
a probe in place of each that is blanked, it must find exactly these probes, as scripts, styles and
comments. What was blanked cannot lead out of its place (its tag ends surely, a script ends at its
end tag and holds no "<!--"). So in another page with the same outline the parser comes to the same
places in the same state, whatever is blanked there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from watcher.adapters.charset import is_read_as_utf8
from watcher.adapters.css import find
from watcher.adapters.oddity import is_odd

# A start tag's attributes such that it ends at the ">" behind them, whatever stands in them.
_SPACE = rb"[ \t\n\r\f]"
_VALUE = rb"""(?:"[^"<>]*+"|'[^'<>]*+'|[\w./:;?&,%+=-]++(?=[ \t\n\r\f>]))"""
_ATTRIBUTES = rb"(?:" + _SPACE + rb"++[\w:.-]++(?:=" + _VALUE + rb")?+)*+" + _SPACE + rb"*+>"
# Whatever stands in these up to their end tags is text or markup of another kind: left as it is,
# and so are scripts that are data or doubtful.
_OTHERS = (
    b"script", b"style", b"noscript", b"template", b"textarea", b"title", b"svg", b"math",
    b"iframe", b"xmp", b"noembed", b"noframes",
)  # fmt: skip


def _inside(name: bytes) -> bytes:
    """What an element of raw text holds up to its end tag, if nothing in it is doubtful."""
    letters = b"".join(b"[%c%c]" % (c, c - 32) for c in name)
    return rb"[^<]*+(?:<(?!/?" + letters + rb"|!--)[^<]*+)*+"


_END = rb"(?=[ \t\n\r\f/>])"
_SOURCES = re.compile(
    rb"<script(?![^<>]*[jJ][sS][oO][nN])" + _ATTRIBUTES + _inside(b"script") + rb"</(script)" + _END
    + rb"|<style" + _ATTRIBUTES + _inside(b"style") + rb"</(style)" + _END
    # "<!-->" and "<!--->" are whole comments, and "--!>" ends one
    + rb"|<!(--)(?!-?>)[^-<]*+(?:(?:-(?!-!?>)|<(?!!--))[^-<]*+)*+-->"
    + rb"|<!--(?!-?>)[^-]*+(?:-(?!->)[^-]*+)*+"
    + b"".join(rb"|<%b[ \t\n\r\f>][^<]*+(?:<(?!/%b)[^<]*+)*+" % (name, name) for name in _OTHERS)
)  # fmt: skip
_BLANK = {b"script": b"<script></script", b"style": b"<style></style", b"--": b"<!---->"}
_PROBES = {
    b"script": b"<script><b>%d</script", b"style": b"<style><b>%d</style", b"--": b"<!--<b>%d-->",
}  # fmt: skip


def page_outline(body: bytes, content_type: str | None) -> str | None:
    """The outline of a page as 64 hexadecimal digits, None for one that is not read as UTF-8."""
    if not is_read_as_utf8(body, content_type):
        return None
    return sha256(_SOURCES.sub(_blanked, body)).hexdigest()


def is_outline_sure(body: bytes) -> bool:
    """Whether what is blanked in a page's outline are scripts, styles and comments to the parser.

    True for one page is true for all of the same outline.
    """
    if is_odd(body):
        return False
    probes: list[str] = []

    def probed(match: re.Match[bytes]) -> bytes:
        if match.lastindex is None:
            return match[0]
        kind = match[match.lastindex]
        probes.append(f"{kind.decode()} <b>{len(probes)}")
        return _PROBES[kind] % (len(probes) - 1)

    source = _SOURCES.sub(probed, body)
    page = LexborHTMLParser(source, options=LexborDocumentOptions.WO_EVENTS, scripting=True)
    if page.root is None:
        return False
    return sorted(_found(page.root)) == sorted(probes)


def _blanked(match: re.Match[bytes]) -> bytes:
    return match[0] if match.lastindex is None else _BLANK[match[match.lastindex]]


def _found(root: LexborNode) -> Iterator[str]:
    """The probes that are whole scripts, styles and comments."""
    for node in find("script,style", root):
        text = node.text_lexbor()
        if text.startswith("<b>"):
            yield f"{node.tag} {text}"
    for node in (*root.traverse(include_text=True), *_beside(root)):
        if node.is_comment_node and (content := node.comment_content or "").startswith("<b>"):
            yield f"-- {content}"


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
