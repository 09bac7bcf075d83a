"""Boxes around an article that the fast parse leaves out, as no extraction takes text from them.

What an extraction takes may depend on the share of the text that a box holds. So a box is left
out by what it is alone, and only if it can hold no prose. What of it may be a notice stays.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.adapters.notice_places import own_words
from watcher.adapters.oddity import Allowance, OddPage

_BOXES = "footer,aside,form,dialog"
_ARTICLES = frozenset(("article", "main"))
# Each box is looked through; a page with more is so odd that it goes without a fingerprint.
_MOST_BOXES = 200
# Shorter than any sentence of an article that matters alone, longer than labels of teasers.
_PROSE = 80


def strip_chrome(page: LexborHTMLParser, allowance: Allowance) -> None:
    """Remove navigation, page footers and boxes of links. Raises OddPage for too many boxes.

    A footer outside of the article is the site's, where the page marks its article. Of other
    boxes (asides, forms, dialogs, an article's footer) those go whose text is mostly links and
    holds no long piece that is none: a notice has words of its own, and so has the article, which
    some pages wrap whole in such a box.
    """
    page.strip_tags(["nav"])
    boxes = page.css(_BOXES)
    if len(boxes) > _MOST_BOXES:
        raise OddPage
    marks_article = bool(boxes) and page.css_first("article h1,main h1") is not None
    # inner ones first, so that no node is touched after its parent is gone
    for node in reversed(boxes):
        if _is_site_footer(node, marks_article) or _is_link_list(node, allowance):
            _clear(node, allowance)


def _clear(node: LexborNode, allowance: Allowance) -> None:
    """Remove a box but for what may be notices of the article."""
    words = own_words(allowance.spend(node.html or ""))
    if words:
        node.insert_before(f" {words} ")
    node.decompose()


def _is_site_footer(node: LexborNode, marks_article: bool) -> bool:
    return node.tag == "footer" and marks_article and not _in_article(node)


def _in_article(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _ARTICLES:
            return True
        parent = parent.parent
    return False


def _is_link_list(node: LexborNode, allowance: Allowance) -> bool:
    whole = allowance.spend(node.text_lexbor())
    links = node.css("a")
    if not links:
        return not whole.strip()
    linked = [allowance.spend(link.text_lexbor()) for link in links]
    own = _letters(whole) - sum(map(_letters, linked))
    return 2 * own < _letters(whole) and not _has_prose(node, linked)


def _letters(text: str) -> int:
    return sum(map(len, text.split()))


def _has_prose(node: LexborNode, linked: list[str]) -> bool:
    long = {piece for piece in node.text(separator="\x02").split("\x02") if len(piece) >= _PROSE}
    return any(len(piece.strip()) >= _PROSE for piece in long.difference(linked))
