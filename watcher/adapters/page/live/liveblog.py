"""The posts of a live blog: where the page marks them, and which paragraphs belong to each.

Found are the common forms: schema.org's liveBlogUpdate, as microdata or, where the elements of the
page have no identity, as JSON-LD, and repeated elements of one tag that each carry an identity of
their own (a data-…-id, or an id that differs by its figures alone or stands on one class) and,
unless the page says that it is a live blog, a time or a clock's reading. Elements of one class
without an identity are known by their times, or by the time of the day that they begin with. A page
that does not say so is one only if such elements hold most of its text; cards, teasers and comments
look alike, but the extraction takes nothing from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from lxml import etree
from lxml.html import HtmlElement

from watcher.adapters.page.linked.jsonrepair import parse_json_ld
from watcher.adapters.page.linked.linkedposts import MOST_POSTS, LinkedPost, linked_post, plain_text
from watcher.adapters.page.live.flatposts import flat_posts, is_counted, may_open
from watcher.adapters.page.live.postforms import (
    HOLDERS,
    Groups,
    by_clock,
    by_time,
    form_of,
    has_clock,
    identity_of,
    letters_of,
    numbered,
    time_of,
)
from watcher.adapters.page.live.postorder import unpinned
from watcher.adapters.page.live.postplaces import PostMark, placed_posts
from watcher.adapters.page.times.isotime import iso_time
from watcher.core.model import Paragraph, Post
from watcher.core.text import clean

_LIVE_BLOG = re.compile(r"LiveBlogPosting|liveBlogUpdate")
_DECLARED = etree.XPath(
    "boolean(//@itemtype[contains(., 'LiveBlogPosting')] "
    "or //@itemprop[contains(., 'liveBlogUpdate')])"
)
_FEW = 3
"""Posts of a page that does not call itself a live blog: two boxes alike are common on any."""
_FEW_DECLARED = 1
_MOST = 0.5
"""Share of the article's letters that such posts must hold."""
_MOST_OBJECTS = 20_000
_BEGINNING, _READING = 24, 16
"""Letters by which a post is known in the data, and the most that its clock's reading has."""


@dataclass(frozen=True, slots=True)
class PostMarks:
    """The posts that a page marks, in page order, and whether it calls itself a live blog."""

    posts: tuple[PostMark, ...]
    is_declared: bool


def find_posts(tree: HtmlElement, *, says_live: bool = True, is_live: bool = False) -> PostMarks:
    """What a parsed page marks as posts. The tree is not changed.

    `says_live` is false for a page whose source has no name of schema.org for live blogs,
    `is_live` true for one whose headline or address says that it is one.
    """
    is_declared = says_live and _is_live_blog(tree)
    few = _FEW_DECLARED if is_declared else _FEW
    may_be = may_open(tree)
    best = (
        _largest(_named(tree), is_declared)
        or _largest(by_time(tree, few), is_declared)
        or _largest(by_clock(may_be, _FEW), is_declared)
    )
    flat = flat_posts(may_be, is_declared=is_declared, is_live=is_live)
    marks = tuple(PostMark(p.key, p.told, letters_of(p.text), p.is_item) for p in flat)
    is_flat = _size(best) < _size(marks)
    best = marks if is_flat else best
    if is_declared:
        told = list(islice(_linked(tree), MOST_POSTS))
        linked = tuple(map(_mark, told))
        # names that the data give outlive an edit of what is shown; readings of a clock may not
        if _size(best) < _MOST * _size(linked) or (
            is_flat and _size(linked) >= _MOST * _size(best)
        ):
            best = (_named_as(best, told) if is_flat else ()) or linked
    return PostMarks(best, is_declared)


def _named_as(flat: Sequence[PostMark], linked: Iterable[LinkedPost]) -> tuple[PostMark, ...]:
    """The posts that readings of a clock tell, with the names and times of those in the data that
    begin with the same words; () if most have none. What is shown may differ from the data."""
    found: dict[str, LinkedPost] = {}
    for told in linked:
        body = letters_of(plain_text(told.body))
        for letters in (body, letters_of(told.headline) + body):
            if len(letters) >= _BEGINNING:
                found.setdefault(letters[:_BEGINNING], told)
    named: list[PostMark] = []
    taken: set[str] = set()
    for mark in flat:
        starts = (mark.letters[at : at + _BEGINNING] for at in range(_READING))
        post = next((found[start] for start in starts if start in found), None)
        if post is None or post.key in taken:
            named.append(mark)
        else:
            taken.add(post.key)
            named.append(replace(mark, key=post.key, told=post.told or mark.told))
    return tuple(named) if 2 * len(taken) >= len(named) else ()


def linked_marks(posts: Sequence[LinkedPost]) -> PostMarks:
    """The posts of a live blog that are read from JSON-LD, as its page would mark them."""
    return PostMarks(tuple(map(_mark, posts)), is_declared=True)


def _named(tree: HtmlElement) -> Groups:
    """Elements with an identity, by what they have in common."""
    groups: Groups = {}
    for element in tree.iter(*HOLDERS):
        identity = identity_of(element)
        if identity is not None:
            name, value = identity
            form = (str(element.tag), name, form_of(element, name, value))
            groups.setdefault(form, []).append((element, value))
    return groups


def _largest(groups: Groups, is_declared: bool) -> tuple[PostMark, ...]:
    """The posts of the group with most text, of those that are enough."""
    few = _FEW_DECLARED if is_declared else _FEW
    best: tuple[PostMark, ...] = ()
    for members in groups.values():
        if len(members) >= few:
            marks = _pinned_down(tuple(_marks(members[:MOST_POSTS], timed=not is_declared)))
            if len(marks) >= few and _size(marks) > _size(best):
                best = marks
    return best


def assign_posts(
    paragraphs: Sequence[Paragraph], marks: PostMarks
) -> tuple[tuple[Paragraph, ...], tuple[Post, ...]]:
    """The paragraphs with those of posts as live-post, and the posts that hold any.

    Posts keep the order of the page; paragraphs without one stand outside of them. No posts are
    given for a page that does not call itself a live blog and has most of its text elsewhere.
    """
    posts = placed_posts(paragraphs, marks.posts)
    inside = {at for post in posts for at in range(post.first, post.first + post.count)}
    held = sum(len(paragraphs[at].text) for at in inside)
    whole = sum(len(paragraph.text) for paragraph in paragraphs)
    if not posts or not (marks.is_declared or (len(posts) >= _FEW and held >= _MOST * whole)):
        return tuple(paragraphs), ()
    items = {mark.key for mark in marks.posts if mark.is_item}
    own = ("paragraph", "list-item") if items else ("paragraph",)
    told = tuple(
        Paragraph("live-post", p.text) if at in inside and p.kind in own else p
        for at, p in enumerate(paragraphs)
    )
    return unpinned(told, posts)


def _is_live_blog(tree: HtmlElement) -> bool:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and _LIVE_BLOG.search(script.text or ""):
            return True
    return bool(_DECLARED(tree))


def _linked(tree: HtmlElement) -> Iterator[LinkedPost]:
    """The posts that the page's JSON-LD tells."""
    seen: set[str] = set()
    for post in filter(None, map(linked_post, _updates(tree))):
        if post.key not in seen:
            seen.add(post.key)
            yield post


def _mark(post: LinkedPost) -> PostMark:
    return PostMark(post.key, post.told, letters_of(f"{post.headline} {plain_text(post.body)}"))


def _updates(tree: HtmlElement) -> Iterator[dict[str, object]]:
    """The objects under liveBlogUpdate, however they are nested; as many as are looked at."""
    stack: list[tuple[object, bool]] = [
        (value, False)
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "") and "liveBlogUpdate" in (script.text or "")
        for value in parse_json_ld(script.text or "")
    ][::-1]
    for _ in range(_MOST_OBJECTS):
        if not stack:
            return
        value, is_update = stack.pop()
        if isinstance(value, list):
            stack.extend((child, is_update) for child in reversed(value))
        elif isinstance(value, dict) and is_update:
            yield value
        elif isinstance(value, dict):
            stack.extend(
                (child, key == "liveBlogUpdate")
                for key, child in reversed(value.items())
                if isinstance(child, dict | list)
            )


def _marks(members: Iterable[tuple[HtmlElement, str]], *, timed: bool) -> Iterator[PostMark]:
    """The members that have a text, and a time of the day if they must be `timed`: what has no
    more than a date is a step of a timeline.

    Of nested ones the outermost counts. A second one of the same name counts if it says the same:
    a page may show a post on top and in its place.
    """
    seen: dict[str, str] = {}
    last: HtmlElement | None = None
    for element, key in members:
        if last is not None and last in element.iterancestors():
            continue
        told = time_of(element)
        if not timed or "T" in (iso_time(told) or "") or has_clock(element):
            letters = letters_of(element.text_content())
            first = seen.setdefault(key, letters)
            if letters and (first in letters or letters in first):
                last = element
                yield PostMark(clean(key)[:200], told, letters, element.tag == "li")


def _pinned_down(marks: tuple[PostMark, ...]) -> tuple[PostMark, ...]:
    """The posts, by their times if their names only count them from the newest on: a new post
    would rename all others."""
    if not is_counted([mark.key for mark in marks]):
        return marks
    times = [mark.time or "" for mark in marks]
    if not all(times) or not all(a >= b for a, b in pairwise(times)) or times[0] == times[-1]:
        return marks
    keys = numbered(times, rising=False)
    return tuple(replace(mark, key=key) for mark, key in zip(marks, keys, strict=True))


def _size(marks: Iterable[PostMark]) -> int:
    return sum(len(mark.letters) for mark in marks)
