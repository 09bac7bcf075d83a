"""Two readings of one article brought into one form: from what a page shows, and from its JSON-LD.

A page may show its text at one time and leave it to a script at another; then it is read from the
JSON-LD, where paragraphs may run together and captions, subheads, lists and the standfirst are
mostly missing. That is no edit. So the linked reading is cut into paragraphs as the shown one is,
wherever it has the same words, and takes over what JSON-LD does not hold at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from watcher.core.model import Extraction, Link, Notice, Paragraph, Post, Snapshot

_TELLING = 20
"""Letters from which a text is looked for further on; a shorter one only where it must follow."""
_KINDS = ("caption", "heading", "list-item", "quote", "table-row")
_SHOWN = ("caption", "list-item", "quote", "table-row")
"""Kinds that are never read from JSON-LD; headings are those of posts."""
_SPACE = re.compile(r"\s+")
_MARKS = str.maketrans({
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—−", "-"),
})  # fmt: skip


def in_one_form(
    found: Extraction, before: Snapshot, reread: Extraction
) -> tuple[Snapshot, Snapshot]:
    """The snapshots to compare of a page that was `found` and of the version `before`.

    `reread` is what the stored page of that version gives. A version that differs from it already
    is in the form of what was shown earlier.
    """
    is_plain = reread.is_linked and reread.snapshot.paragraphs == before.paragraphs
    if found.is_linked and not is_plain:
        same_headline = found.linked_headline == reread.linked_headline
        return recast(found.snapshot, before, same_headline=same_headline), before
    if is_plain and not found.is_linked:
        same_headline = found.linked_headline == reread.linked_headline
        return found.snapshot, recast(before, found.snapshot, same_headline=same_headline)
    return found.snapshot, before


def may_be_linked(version: Snapshot) -> bool:
    """Whether a version may have been read from JSON-LD, which holds no links, captions or lists.

    One in the form of what was shown earlier may have been too, but needs no other form.
    """
    return not version.links and not any(p.kind in _SHOWN for p in version.paragraphs)


def recast(linked: Snapshot, shown: Snapshot, *, same_headline: bool) -> Snapshot:
    """A snapshot read from JSON-LD in the form of one that was read from what a page shows.

    Every word of its paragraphs stays, in order. With `same_headline` it takes the shown headline,
    as the one in JSON-LD did not change between the two.
    """
    if linked.posts and shown.posts:
        paragraphs, posts = _recast_posts(linked, shown)
    else:
        paragraphs = _cut(linked.paragraphs, shown.paragraphs)
        posts = linked.posts if paragraphs == linked.paragraphs else ()
    return replace(
        linked,
        headline=shown.headline if same_headline else linked.headline,
        paragraphs=paragraphs,
        notices=_notices(linked, shown, paragraphs),
        posts=posts,
        links=tuple(_links(shown, paragraphs)),
    )


def _recast_posts(
    linked: Snapshot, shown: Snapshot
) -> tuple[tuple[Paragraph, ...], tuple[Post, ...]]:
    """The posts of a live blog, each in the form of the shown one that it is, in the shown order.

    Shown posts that are older than all linked ones stay: JSON-LD lists the newest alone.
    """
    known = {post: other for post in linked.posts if (other := _same_post(post, linked, shown))}
    order = [shown.posts.index(other) for other in known.values()]
    is_reversed = len(order) > 1 and order[0] > order[-1]
    told: list[Paragraph] = list(_cut(_outside(linked), _outside(shown)))
    posts: list[Post] = []

    def add(post: Post, paragraphs: Sequence[Paragraph]) -> None:
        posts.append(replace(post, first=len(told), count=len(paragraphs)))
        told.extend(paragraphs)

    oldest = min((post.time or "" for post in linked.posts), default="")
    taken = set(known.values())
    left = [post for post in shown.posts if post not in taken and (post.time or "9") < oldest]
    falls = (shown.posts[0].time or "") >= (shown.posts[-1].time or "")
    for post in () if falls else left:
        add(post, _inside(shown, post))
    for post in reversed(linked.posts) if is_reversed else linked.posts:
        if (other := known.get(post)) is None:
            add(post, _inside(linked, post))
        else:
            cut = _cut(_inside(linked, post), _inside(shown, other))
            add(replace(other, time=post.time if post.time else other.time), cut)
    for post in left if falls else ():
        add(post, _inside(shown, post))
    return tuple(told), tuple(posts)


def _same_post(post: Post, linked: Snapshot, shown: Snapshot) -> Post | None:
    """The shown post that a linked one is: by its key, else by its words."""
    bare = re.split(r"[#/=]", post.key.rstrip("/"))[-1]
    own = _letters(" ".join(p.text for p in _inside(linked, post)))
    for other in shown.posts:
        if other.key == post.key or (bare and other.key == bare):
            return other
    for other in shown.posts:
        texts = [_letters(p.text) for p in _inside(shown, other)]
        if any(len(text) >= _TELLING and text in own for text in texts):
            return other
    return None


def _inside(snapshot: Snapshot, post: Post) -> tuple[Paragraph, ...]:
    return snapshot.paragraphs[post.first : post.first + post.count]


def _outside(snapshot: Snapshot) -> tuple[Paragraph, ...]:
    held = {at for post in snapshot.posts for at in range(post.first, post.first + post.count)}
    return tuple(p for at, p in enumerate(snapshot.paragraphs) if at not in held)


@dataclass(frozen=True, slots=True)
class _Run:
    """The letters of a text's paragraphs in one, with the paragraph and place of each."""

    letters: str
    places: tuple[tuple[int, int], ...]


def _cut(linked: Sequence[Paragraph], shown: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """The linked paragraphs, cut as the shown ones, with what JSON-LD does not hold of these."""
    run = _run(linked)
    matches = dict(_matches(shown, run))
    if not matches:
        return tuple(linked)
    carried = set(_KINDS) - {shown[index].kind for index in matches}
    first = min(matches)
    standfirst = first - 1 if matches[first] == 0 else -1
    told: list[Paragraph] = []
    at = 0
    for index, paragraph in enumerate(shown):
        if index in matches:
            start = matches[index]
            told += _own(linked, run, at, start)
            at = start + len(_letters(paragraph.text))
            text = _between(linked, run, start, at)
            same = _plain(text) == _plain(paragraph.text)
            told.append(paragraph if same else Paragraph(paragraph.kind, text))
        elif paragraph.kind in carried or index == standfirst:
            told.append(paragraph)
    told += _own(linked, run, at, len(run.letters))
    return tuple(told)


def _own(paragraphs: Sequence[Paragraph], run: _Run, start: int, stop: int) -> Iterator[Paragraph]:
    """What no shown paragraph has, in the paragraphs that it came in."""
    while start < stop:
        place = run.places[start][0]
        end = next((at for at in range(start, stop) if run.places[at][0] != place), stop)
        yield Paragraph(paragraphs[place].kind, _between(paragraphs, run, start, end))
        start = end


def _matches(shown: Sequence[Paragraph], run: _Run) -> Iterator[tuple[int, int]]:
    """Which shown paragraphs stand in the run in order, and where each begins."""
    at = 0
    for index, paragraph in enumerate(shown):
        own = _letters(paragraph.text)
        if not own:
            continue
        far = len(own) >= _TELLING
        start = run.letters.find(own, at) if far else at
        if start >= 0 and run.letters.startswith(own, start):
            yield index, start
            at = start + len(own)


def _run(paragraphs: Sequence[Paragraph]) -> _Run:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for index, paragraph in enumerate(paragraphs):
        for at, character in enumerate(paragraph.text):
            for letter in _letters(character):
                letters.append(letter)
                places.append((index, at))
    return _Run("".join(letters), tuple(places))


def _between(paragraphs: Sequence[Paragraph], run: _Run, start: int, stop: int) -> str:
    """The text from one letter up to another, with the marks around them.

    Of marks between two words, those before a space belong to the first.
    """
    pieces: list[str] = []
    first, last = run.places[start], run.places[stop - 1]
    for index in range(first[0], last[0] + 1):
        text = paragraphs[index].text
        begin = 0 if index > first[0] or start == 0 else _border(text, first[1], start, run, index)
        end = len(text)
        if index == last[0] and stop < len(run.places) and run.places[stop][0] == index:
            end = _border(text, run.places[stop][1], stop, run, index)
        pieces.append(text[begin:end].strip())
    return " ".join(filter(None, pieces))


def _border(text: str, letter: int, number: int, run: _Run, index: int) -> int:
    """Where what comes before a letter ends: at the last space before it, else right before it."""
    before = run.places[number - 1]
    if before[0] != index:
        return 0
    space = next((at for at in range(letter - 1, before[1], -1) if text[at].isspace()), None)
    return letter if space is None else space + 1


def _letters(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain.casefold() if c.isalnum())


def _plain(text: str) -> str:
    """A text without what typesetting alone makes of it: kinds of quotes, dashes and spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_MARKS))


def _notices(
    linked: Snapshot, shown: Snapshot, paragraphs: Sequence[Paragraph]
) -> tuple[Notice, ...]:
    """The notices of both, each at the paragraph that says it."""
    if tuple(paragraphs) == shown.paragraphs:
        return shown.notices
    known = {(notice.kind, notice.text) for notice in linked.notices}
    outside = [n for n in shown.notices if n.place is None and (n.kind, n.text) not in known]
    placed = [
        replace(n, place=next((i for i, p in enumerate(paragraphs) if n.text in p.text), None))
        for n in linked.notices
    ]
    return (*outside, *placed)


def _links(shown: Snapshot, paragraphs: Sequence[Paragraph]) -> Iterator[Link]:
    """The links of what is shown, in the paragraphs: JSON-LD holds none.

    In a paragraph that reads otherwise, or that became another, a link is at its words; without
    them it went.
    """
    places: dict[str, list[int]] = {}
    for index, paragraph in enumerate(paragraphs):
        places.setdefault(paragraph.text, []).append(index)
    same: dict[int, int] = {}
    for index, paragraph in enumerate(shown.paragraphs):
        if waiting := places.get(paragraph.text):
            same[index] = waiting.pop(0)
    others = sorted(set(range(len(paragraphs))) - set(same.values()))
    last, start = 0, 0
    for link in shown.links:
        if link.paragraph in same:
            yield replace(link, paragraph=same[link.paragraph])
            continue
        words = shown.paragraphs[link.paragraph].text[link.start : link.end]
        for number in range(last, len(others)):
            text = paragraphs[others[number]].text
            found = text.find(words, start if number == last else 0)
            if found >= 0:
                yield Link(others[number], found, found + len(words), link.url)
                last, start = number, found + len(words)
                break
