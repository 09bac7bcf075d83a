"""The outline of a page: its source without what is never read, compared before any parse.

Blanked are scripts other than JSON-LD, styles and comments, the attributes of images, fields and
links to files, and nonces; all else stays byte for byte. So equal outlines have equal fingerprints,
at less than half of their cost.

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


def _any_case(word: bytes) -> bytes:
    return b"".join(b"[%c%c]" % (c, c - 32) for c in word)


def _inside(name: bytes) -> bytes:
    """What an element of raw text holds up to its end tag, if nothing in it is doubtful."""
    return rb"[^<]*+(?:<(?!/?" + _any_case(name) + rb"|!--)[^<]*+)*+"


def _up_to_end(name: bytes) -> bytes:
    """Whatever stands up to an end tag."""
    return rb"[^<]*+(?:<(?!/%b)[^<]*+)*+" % name


# A start tag's attributes such that it ends at the ">" behind them, whatever stands in them.
_SPACE = rb"[ \t\n\r\f]"
_VALUE = rb"""(?:"[^"<>]*+"|'[^'<>]*+'|[\w./:;?&,%+=-]++(?=[ \t\n\r\f>]))"""
_ATTRIBUTES = rb"(?:" + _SPACE + rb"++[\w:.-]++(?:=" + _VALUE + rb")?+)*+" + _SPACE + rb"*+"
_END = rb"(?=[ \t\n\r\f/>])"
# Whatever stands in these up to their end tags is text or markup of another kind: left as it is,
# and so are scripts that are data or doubtful.
_OTHERS = (
    b"script", b"style", b"noscript", b"template", b"textarea", b"title", b"svg", b"math",
    b"iframe", b"xmp", b"noembed", b"noframes",
)  # fmt: skip

# Elements without text, of which nothing but marks is read.
_TAGS = (b"img", b"input", b"source", b"link")
_SOURCES = re.compile(
    rb"<script(" + _ATTRIBUTES + rb")>" + _inside(b"script") + rb"</(script)" + _END
    + rb"|<style" + _ATTRIBUTES + rb">" + _inside(b"style") + rb"</(style)" + _END
    # "<!-->" and "<!--->" are whole comments, and "--!>" ends one
    + rb"|<!(--)(?!-?>)[^-<]*+(?:(?:-(?!-!?>)|<(?!!--))[^-<]*+)*+-->"
    + rb"|<(" + b"|".join(_TAGS) + rb")" + _ATTRIBUTES + rb"/?+>"
    + rb"|<!--(?!-?>)[^-]*+(?:-(?!->)[^-]*+)*+"
    + b"".join(rb"|<%b[ \t\n\r\f>]" % name + _up_to_end(name) for name in _OTHERS)
)  # fmt: skip
_NONCE = re.compile(_SPACE + rb"++nonce=" + _VALUE)
_BLANK = {
    b"script": b"<script></script", b"style": b"<style></style", b"--": b"<!---->",
    **{tag: b"<%b>" % tag for tag in _TAGS},
}  # fmt: skip
_HIDDEN = b'<input type="hidden">'
_PROBES = {
    b"<script></script": b"<script><b>%d</script",
    b"<style></style": b"<style><b>%d</style",
    b"<!---->": b"<!--<b>%d-->",
    _HIDDEN: b'<input type="hidden" x-probe="%d">',
    **{b"<%b>" % tag: b'<%b x-probe="%%d">' % tag for tag in _TAGS},
}
# Marks are read from any element; of links to files, the page's own address.
_READ = (b"itemprop", b"property")
_OWN = (b"canonical", b"&")
# JSON-LD, or a type that only the parser can read.
_DATA = re.compile(rb"json|type=[^ ]*&", re.IGNORECASE)


def page_outline(body: bytes, content_type: str | None) -> str | None:
    """The outline of a page as 64 hexadecimal digits, None for one that is not read as UTF-8."""
    if not is_read_as_utf8(body, content_type):
        return None
    return sha256(_SOURCES.sub(_blanked, body)).hexdigest()


def is_outline_sure(body: bytes) -> bool:
    """Whether what is blanked in a page's outline is to the parser what it seems to be.

    True for one page is true for all of the same outline.
    """
    if is_odd(body):
        return False
    probes: list[str] = []

    def probed(match: re.Match[bytes]) -> bytes:
        blank = _blanked(match)
        probe = _PROBES.get(blank)
        if probe is None or match.lastindex is None:
            return blank
        probes.append(f"{match[match.lastindex].decode()} {len(probes)}")
        return probe % (len(probes) - 1)

    source = _SOURCES.sub(probed, body)
    page = LexborHTMLParser(source, options=LexborDocumentOptions.WO_EVENTS, scripting=True)
    if page.root is None:
        return False
    return sorted(_found(page.root)) == sorted(probes)


def _blanked(match: re.Match[bytes]) -> bytes:
    if match.lastindex is None:
        return match[0]
    kind = match[match.lastindex]
    if kind == b"script":
        attributes = match[1]
        if attributes and _DATA.search(attributes):
            return b"<script" + _NONCE.sub(b"", attributes) + match[0][7 + len(attributes) :]
    elif kind not in (b"style", b"--"):
        tag = match[0].lower()
        if any(word in tag for word in (_READ + _OWN if kind == b"link" else _READ)):
            return match[0]
        # in tables a hidden field stands elsewhere than others
        if kind == b"input" and b"hidden" in tag:
            return _HIDDEN
    return _BLANK[kind]


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
