"""Which paragraphs of an article belong to which post that its page marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from watcher.adapters.page.live.postforms import letters_of
from watcher.adapters.page.times.isotime import iso_time
from watcher.core.model import Paragraph, Post

_TELLING = 20
"""Letters from which a text tells which post it is of; "Read more" stands in many."""
_NEAR, _FAR = 2, 50
"""How many posts ahead a paragraph is sought: an extraction may have left out some."""
_BEFORE, _STARTS = 60, 6
"""Paragraphs in which the first post is looked for, and how many of them are tried: a summary on
top may have the words of posts below it."""


@dataclass(frozen=True, slots=True)
class PostMark:
    """A post as the page marks it; `told` is the raw text of its time, `letters` its text's
    letters and digits. `is_item` is true for one that is an item of a list."""

    key: str
    told: str
    letters: str
    is_item: bool = False

    @property
    def time(self) -> str | None:
        """The time of the post as an ISO text."""
        return iso_time(self.told)


def placed_posts(paragraphs: Sequence[Paragraph], marks: Sequence[PostMark]) -> list[Post]:
    """The posts that hold any of the paragraphs, in page order, each with its place.

    A paragraph belongs to the first post, from the last one found on, that has its letters. What
    stands before the first post is a summary: it is left out if more posts are found without it.
    """
    if not marks:
        return []
    texts = [letters_of(paragraph.text) for paragraph in paragraphs]
    best: list[Post] = []
    for start in islice(_starts(texts, marks), _STARTS):
        posts = list(_walk(texts, marks, start))
        if len(posts) > len(best):
            best = posts
        if len(best) == len(marks):
            break
    return best


def _starts(texts: Sequence[str], marks: Sequence[PostMark]) -> Iterator[int]:
    """Where the first post may begin: anywhere at first, then wherever its words stand."""
    yield 0
    first = marks[0].letters
    for at, text in enumerate(texts[1:_BEFORE], 1):
        if text and (first.startswith(text) or (len(text) >= _TELLING and text in first)):
            yield at


def _walk(texts: Sequence[str], marks: Sequence[PostMark], start: int) -> Iterator[Post]:
    """One walk through both: linear, since neither goes back."""
    at, current, read = 0, None, 0
    for place in range(start, len(texts)):
        letters = texts[place]
        found = _of(letters, marks, at, read) if letters else None
        if found is None:
            continue
        if current is not None and found == at:
            # What the post does not have but stands amid its paragraphs is a part of it as well.
            current = replace(current, count=place + 1 - current.first)
        else:
            if current is not None:
                yield current
            at, read = found, 0
            current = Post(marks[found].key, marks[found].time, place, 1)
        read = max(read, marks[at].letters.find(letters, read) + len(letters))
    if current is not None:
        yield current


def _of(letters: str, marks: Sequence[PostMark], at: int, read: int) -> int | None:
    """The post that has a text: the one under way, whose letters were `read` so far, or a later
    one. A short text that it had already, as a clock or an author's name, is the next one's."""
    is_short = len(letters) < _TELLING
    nearest = range(at, min(at + (_NEAR if is_short else _FAR), len(marks)))
    found = next((n for n in nearest if letters in marks[n].letters), None)
    if found != at or not is_short or not read or at + 1 == len(marks):
        return found
    after = marks[at + 1].letters
    is_next = after.startswith(letters)
    return at + (is_next or (letters in after and letters not in marks[at].letters[read:]))
