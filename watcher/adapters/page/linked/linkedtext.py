"""The article's text as its page's JSON-LD tells it, for pages that show it by a script alone.

Such a page has "Loading…" or a standfirst where its text will be, and the whole of it in the
article's `articleBody`, or in the posts under `liveBlogUpdate`. It is taken only if the page itself
shows next to nothing of it, is free to read, and the data hold all of it: not a cut beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watcher.adapters.page.linked.jsonld import LinkedArticle
from watcher.adapters.page.linked.linkedposts import LinkedPost, plain_text
from watcher.adapters.page.source.blocks import Page
from watcher.adapters.page.source.boilerplate import begins_with_label, is_call, is_label
from watcher.adapters.page.source.readertalk import speaks_to_reader
from watcher.adapters.page.text.prose import is_sentence, letters
from watcher.core.model import Paragraph
from watcher.core.text import as_shown

_LEAST = 120
"""Letters: a flash has more, and what has less may be a description."""
_MULTIPLE = 3
"""So many times as much as the page shows must its data hold. A lead is a third at most."""
_FOREIGN = 2
"""The same of a shown text of which nothing stands in the data: a standfirst is shorter."""
_SHOWN = 1200
"""Letters from which a page shows an article, however many more its data hold."""
_POSTS_SHOWN, _FEW = 0.1, 300
"""Share of the letters of a live blog's posts that its page may show, and how many: from there on
it shows posts, and then those are read. JSON-LD may hold hundreds that a page shows on demand."""
_TELLING = 20
"""Letters from which a text does not stand in another by chance."""
_PROMISED = 0.8
"""Share of the words that an article has by its own account that its data must hold."""
_PROSE = 60
"""Characters of a sentence that is shown and is more than a label: a standfirst."""

_ENDS = ("…", "...", "[…]", "[...]", "(…)", "(...)")
_LINE = re.compile(r"[^\S\n]*(?:\r\n|\r|\n|\u2028|\u2029)\s*")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
# Two paragraphs whose border was lost: "… said.The next …".
_GLUED = re.compile(r"(?<=[^\W\d_A-Z][.!?])(?=[A-Z][^\W\d_]+\s)|(?<=[^\W\d_][.!?][”\"»])(?=[A-Z])")
_WRAPPED = 0.5


@dataclass(frozen=True, slots=True)
class LinkedText:
    """A text from JSON-LD, with the headline told beside it, and the posts that it is made of.

    `is_whole` is false if it shows itself to be only a beginning.
    """

    headline: str
    paragraphs: tuple[Paragraph, ...]
    posts: tuple[LinkedPost, ...] = ()
    is_whole: bool = True


def linked_text(articles: Iterable[LinkedArticle]) -> LinkedText | None:
    """The text of the first of the articles that has one; the posts of a live blog go first."""
    for article in articles:
        if article.posts:
            return _of_posts(article)
        texts = body_paragraphs(article.body or "")
        if texts:
            told = tuple(Paragraph("paragraph", text) for text in texts)
            return LinkedText(article.headline or "", told, (), _is_whole(article, texts))
    return None


def instead_of(
    found: Sequence[Paragraph], page: Page, linked: LinkedText
) -> tuple[Paragraph, ...] | None:
    """What of the shown text stands before the linked one, which is the article's; None if the page
    shows its article, so that `found` is that.
    """
    read = _size(found)
    if read >= _SHOWN:
        return None
    told = letters("".join(paragraph.text for paragraph in linked.paragraphs))
    if len(told) < _LEAST or read >= len(told) / _FOREIGN:
        return None
    shown = [letters(block.text) for block in page.blocks]
    known = sum(len(text) for text in shown if len(text) >= _TELLING and text in told)
    most = min(_FEW, _POSTS_SHOWN * len(told)) if linked.posts else len(told) / _MULTIPLE
    if known > most or (known and read >= len(told) / _MULTIPLE):
        return None
    return tuple(
        p
        for p in found
        if len(p.text) >= _PROSE and is_sentence(p.text) and letters(p.text) not in told
    )


def linked_headline(articles: Iterable[LinkedArticle]) -> str | None:
    """The headline that is told beside `linked_text`, None if there is none."""
    for article in articles:
        if article.posts or next(_body_texts(article.body or ""), None) is not None:
            return article.headline or ""
    return None


def is_shown(found: Sequence[Paragraph]) -> bool:
    """True if a page shows so much that no text in its data can be its article instead."""
    return _size(found) >= _SHOWN


def _size(found: Sequence[Paragraph]) -> int:
    return sum(len(letters(p.text)) for p in found if p.kind != "caption")


def body_paragraphs(body: str) -> list[str]:
    """The paragraphs of an articleBody, which may be text with line ends, HTML, or one long line.

    Where lines were broken at a width, only empty ones part paragraphs; in one line, sentences
    without a space between them do.
    """
    return list(_body_texts(body))


def _body_texts(body: str) -> Iterator[str]:
    text = plain_text(body)
    lines = [line for line in _LINE.split(text) if line.strip()]
    if len(lines) == 1:
        lines = _GLUED.split(lines[0])
    elif _is_wrapped(lines):
        lines = _BLANK.split(text)
    shown = filter(None, map(as_shown, lines))
    # "Continue reading…" shows that the rest is missing
    return (text for text in shown if text.endswith(_ENDS) or not _leads_elsewhere(text))


def _leads_elsewhere(text: str) -> bool:
    """True for what a system puts among the paragraphs: "Read more: …", "Sign up for …"."""
    return (
        is_label(text)
        or speaks_to_reader(text)
        or (is_call(text) and not is_sentence(text))
        or (begins_with_label(text) and not is_sentence(text))
    )


def _is_wrapped(lines: Sequence[str]) -> bool:
    """True if most lines go on in the middle of a sentence."""
    going_on = sum(1 for line in lines[1:] if line.lstrip()[:1].islower())
    return going_on > _WRAPPED * (len(lines) - 1)


def _is_whole(article: LinkedArticle, texts: Sequence[str]) -> bool:
    if texts[-1].endswith(_ENDS):
        return False
    # in scripts without spaces, characters are counted
    count = sum(len(text.split()) + sum(c > "\u2e80" for c in text) for text in texts)
    return article.words is None or count >= _PROMISED * article.words


def _of_posts(article: LinkedArticle) -> LinkedText:
    paragraphs: list[Paragraph] = []
    is_whole = True
    for post in article.posts:
        texts = body_paragraphs(post.body)
        if post.headline and not (texts and letters(texts[0]) == letters(post.headline)):
            paragraphs.append(Paragraph("heading", post.headline))
        paragraphs += [Paragraph("paragraph", text) for text in texts]
        is_whole = is_whole and not (texts and texts[-1].endswith(_ENDS))
    return LinkedText(article.headline or "", tuple(paragraphs), article.posts, is_whole)
