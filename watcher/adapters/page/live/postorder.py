"""Posts that a live blog keeps on top, put where their time has them.

A post that is pinned, or that its page shows on top and in its place, is no other news than it was
before. Only posts at the very top are touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from watcher.core.model import Paragraph, Post

_MOST_PINNED = 3
# Fewer posts have no order that one on top could break.
_FEWEST = 3


def unpinned(
    paragraphs: Sequence[Paragraph], posts: Sequence[Post]
) -> tuple[tuple[Paragraph, ...], tuple[Post, ...]]:
    """The paragraphs and posts with what is pinned in its place, and without a second copy of it.

    The order of posts may be newest first or oldest first. Without times, only copies go.
    """
    pinned, is_falling = _pinned(posts)
    if not pinned:
        return tuple(paragraphs), tuple(posts)
    rest = list(posts[pinned:])
    known = {post.key for post in rest}
    moved = [post for post in posts[:pinned] if post.key not in known]
    for post in moved:
        later = (n for n, other in enumerate(rest) if _is_before(post, other, is_falling))
        rest.insert(next(later, len(rest)), post)
    start, stop = posts[0].first, posts[-1].first + posts[-1].count
    # what stands behind a post and before the next one goes with it
    ends = {post: after.first for post, after in pairwise(posts)} | {posts[-1]: stop}
    told, placed = list(paragraphs[:start]), []
    for post in rest:
        placed.append(replace(post, first=len(told)))
        told += paragraphs[post.first : ends[post]]
    return (*told, *paragraphs[stop:]), tuple(placed)


def _pinned(posts: Sequence[Post]) -> tuple[int, bool]:
    """How many posts on top break the order of the others, and whether that is newest first."""
    copies = _copies(posts)
    if copies:
        later, is_falling = _pinned(posts[copies:])
        return copies + later, is_falling
    for count in range(1, min(_MOST_PINNED, len(posts) - _FEWEST) + 1):
        times = [post.time or "" for post in posts[count:]]
        if not all(times) or times[0] == times[-1]:
            continue
        is_falling = times[0] > times[-1]
        if not all(a >= b if is_falling else a <= b for a, b in pairwise(times)):
            continue
        last, first = posts[count - 1], posts[count]
        if all(post.time for post in posts[:count]) and _is_before(first, last, is_falling):
            return count, is_falling
    return 0, False


def _copies(posts: Sequence[Post]) -> int:
    """How many posts on top stand in their place as well."""
    keys = [post.key for post in posts]
    for count in range(min(_MOST_PINNED, len(posts)), 0, -1):
        if all(key in keys[count:] for key in keys[:count]):
            return count
    return 0


def _is_before(one: Post, other: Post, is_falling: bool) -> bool:
    """True if one post's time has it before another, in the blog's order."""
    first, second = one.time or "", other.time or ""
    return first > second if is_falling else first < second
