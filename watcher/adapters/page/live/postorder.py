"""Posts that a live blog keeps on top, put where their time has them.

A post that is pinned, or that its page shows on top and in its place, is no other news than it was
before. Only posts at the very top are touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from watcher.core.model import Paragraph, Post

_MOST_PINNED = 3
# The key of a post without a time: a clock's reading, with a number for another one of the same.
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)([ap]?)(?: \d+)?")
# Fewer posts have no order that one on top could break.
_FEWEST = 3


def unpinned(
    paragraphs: Sequence[Paragraph], posts: Sequence[Post]
) -> tuple[tuple[Paragraph, ...], tuple[Post, ...]]:
    """The paragraphs and posts with what is pinned in its place, and without a second copy of it.

    The order of posts may be newest first or oldest first. Without times, only copies go.
    """
    when = _times(posts)
    pinned, is_falling = _pinned(posts, when)
    if not pinned:
        return tuple(paragraphs), tuple(posts)
    rest = list(posts[pinned:])
    known = {post.key for post in rest}
    moved = [post for post in posts[:pinned] if post.key not in known]
    for post in moved:
        # among posts of one time it is the first, as before it was seen to break the order
        later = (n for n, o in enumerate(rest) if not _is_before(when[o], when[post], is_falling))
        rest.insert(next(later, len(rest)), post)
    start, stop = posts[0].first, posts[-1].first + posts[-1].count
    # what stands behind a post and before the next one goes with it
    ends = {post: after.first for post, after in pairwise(posts)} | {posts[-1]: stop}
    told, placed = list(paragraphs[:start]), []
    for post in rest:
        placed.append(replace(post, first=len(told)))
        told += paragraphs[post.first : ends[post]]
    return (*told, *paragraphs[stop:]), tuple(placed)


def _times(posts: Sequence[Post]) -> Mapping[Post, str]:
    """When each post was written, as far as it can be compared: its time, or where no post has
    one, the reading of the clock that names it."""
    if any(post.time for post in posts):
        return {post: post.time or "" for post in posts}
    readings = [_CLOCK.fullmatch(post.key) for post in posts]
    return {post: _of_day(found) for post, found in zip(posts, readings, strict=True)}


def _of_day(reading: re.Match[str] | None) -> str:
    if reading is None:
        return ""
    hour, half = int(reading[1]), reading[3]
    return f"{hour % 12 + 12 * (half == 'p') if half else hour:02}:{reading[2]}"


def _pinned(posts: Sequence[Post], when: Mapping[Post, str]) -> tuple[int, bool]:
    """How many posts on top break the order of the others, and whether that is newest first."""
    copies = _copies(posts)
    if copies:
        later, is_falling = _pinned(posts[copies:], when)
        return copies + later, is_falling
    for count in range(1, min(_MOST_PINNED, len(posts) - _FEWEST) + 1):
        times = [when[post] for post in posts[count:]]
        if not all(times) or times[0] == times[-1]:
            continue
        is_falling = times[0] > times[-1]
        if not all(a >= b if is_falling else a <= b for a, b in pairwise(times)):
            continue
        last, first = when[posts[count - 1]], when[posts[count]]
        if all(when[post] for post in posts[:count]) and _is_before(first, last, is_falling):
            return count, is_falling
    return 0, False


def _copies(posts: Sequence[Post]) -> int:
    """How many posts on top stand in their place as well."""
    keys = [post.key for post in posts]
    for count in range(min(_MOST_PINNED, len(posts)), 0, -1):
        if all(key in keys[count:] for key in keys[:count]):
            return count
    return 0


def _is_before(one: str, other: str, is_falling: bool) -> bool:
    """True if a post of one time stands before one of another, in the blog's order."""
    return one > other if is_falling else one < other
