"""Boxes around an article that the fast parse leaves out, as no extraction takes text from them.

What an extraction takes may depend on the share of the text that a box holds. So a box is left
out by what it is alone, and only if it can hold no prose. What of it may be a notice stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from watcher.adapters.page.gate.oddity import Allowance, OddPage
from watcher.adapters.page.source.css import find, tag_ids
from watcher.adapters.page.text.notice_places import own_words

BOXES = ("footer", "aside", "form", "dialog")
_ARTICLES = frozenset(("article", "main"))
# Each box is looked through; a page with more is so odd that it goes without a fingerprint.
_MOST_BOXES = 200
# Shorter than any sentence of an article that matters alone, longer than labels of teasers.
_PROSE = 80
# What divides no text; of forms of text, those in which notices are set.
_LINK = tag_ids(("a",))["a"]
_INLINE = frozenset(tag_ids((
    "abbr", "b", "cite", "em", "font", "i", "ins", "mark", "q", "small", "span", "strong", "sub",
    "sup", "time", "u",
)).values())  # fmt: skip
_PIECE = "\x02"


def strip_chrome(
    boxes: Sequence[LexborNode], headings: Sequence[LexborNode], allowance: Allowance
) -> None:
    """Remove page footers and boxes of links. Raises OddPage for too many boxes.

    `boxes` are the elements of BOXES, `headings` the h1, both in page order. A footer outside of
    the article is the site's, where the page marks its article. Of other boxes (asides, forms,
    dialogs, an article's footer) those go whose text is mostly links and holds no long piece that
    is none: a notice has words of its own, and so has the article, which some pages wrap whole in
    such a box.
    """
    if len(boxes) > _MOST_BOXES:
        raise OddPage
    marks_article = bool(boxes) and any(map(_in_article, headings))
    # inner ones first, so that no node is touched after its parent is gone
    for node in reversed(boxes):
        if _is_site_footer(node, marks_article):
            allowance.spend(node.text_lexbor())
            _clear(node)
        elif _is_link_list(node, allowance):
            _clear(node)


def _clear(node: LexborNode) -> None:
    """Remove a box but for what may be notices of the article."""
    for part in reversed(find("*", node)):
        tag = part.tag_id
        if tag == _LINK:
            part.replace_with(" ")
        elif tag in _INLINE:
            part.unwrap()
    node.merge_text_nodes()
    words = own_words(node.text(separator=_PIECE, skip_empty=True, strip=True).split(_PIECE))
    if words:
        node.insert_before(f" {words} ")
    node.decompose()


def _is_site_footer(node: LexborNode, marks_article: bool) -> bool:
    return marks_article and node.tag == "footer" and not _in_article(node)


def _in_article(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _ARTICLES:
            return True
        parent = parent.parent
    return False


def _is_link_list(node: LexborNode, allowance: Allowance) -> bool:
    whole = allowance.spend(node.text_lexbor())
    links = find("a", node)
    if not links:
        return not whole.strip()
    linked = [allowance.spend(link.text_lexbor()) for link in links]
    letters = _letters(whole)
    own = letters - _letters(" ".join(linked))
    if 2 * own >= letters:
        return False
    return len(whole) < _PROSE or not _has_prose(node, linked)


def _letters(text: str) -> int:
    return sum(map(len, text.split()))


def _has_prose(node: LexborNode, linked: list[str]) -> bool:
    long = {piece for piece in node.text(separator=_PIECE).split(_PIECE) if len(piece) >= _PROSE}
    return any(len(piece.strip()) >= _PROSE for piece in long.difference(linked))
