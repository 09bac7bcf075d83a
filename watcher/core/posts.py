"""Live blogs: posts are known by their keys, so what was added is told from what was edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from watcher.core.align import align, ordered
from watcher.core.chain import heaviest_chain
from watcher.core.model import Edit, Post, Snapshot

# Noncharacter: no page's key ends so.
_ANEW = "\ufdd0"


def align_posts(old: Snapshot, new: Snapshot) -> tuple[Edit, ...]:
    """The edit script between two states of a live blog, with all the properties of align().

    Posts of one key are aligned with each other and nothing else, the other posts among
    themselves, and so what stands outside of posts. A post that changed its place among the
    others moved with all its paragraphs. Keys that the page's times give may change where a post
    of the same minute comes or goes: a post with all its words under another key is the same one,
    and two that share a key and nothing else are two.
    """
    before, after = _by_key(old.posts), _renamed(old, new)
    shared = [key for key in before if key in after]
    scripts = {
        key: _aligned(old, new, _places([before[key]]), _places([after[key]])) for key in shared
    }
    shared = [key for key in shared if any(edit.old and edit.new for edit in scripts[key])]
    paired = set(shared)
    stay = heaviest_chain(
        [
            (before[key].first, after[key].first, (0, 1, before[key].count + after[key].count))
            for key in shared
        ]
    )
    edits: list[Edit] = []
    for at, key in enumerate(shared):
        found = scripts[key]
        edits += found if at in stay else (_moved(edit) for edit in found)
    lone_old = _places(post for key, post in before.items() if key not in paired)
    lone_new = _places(post for key, post in after.items() if key not in paired)
    edits += _aligned(old, new, lone_old, lone_new)
    outside = (_outside(old, before.values()), _outside(new, after.values()))
    edits += _aligned(old, new, *outside)
    deletes = sorted((edit for edit in edits if not edit.new), key=lambda edit: edit.old)
    return ordered(_only_outer_moves([edit for edit in edits if edit.new]), deletes)


def post_times(old: Snapshot, new: Snapshot) -> tuple[str, str] | None:
    """The times of the posts whose time changed, before and after; None if there is none.

    Where no key is shared, posts are compared in page order: some sites name their posts anew
    with every page.
    """
    before, after = _by_key(old.posts), _by_key(new.posts)
    pairs = [(post, after[key]) for key, post in before.items() if key in after]
    pairs = pairs or list(zip(old.posts, new.posts, strict=False))
    changed = [(a.time or "none", b.time or "none") for a, b in pairs if a.time != b.time]
    if not changed:
        return None
    return "; ".join(a for a, _ in changed), "; ".join(b for _, b in changed)


def _by_key(posts: Iterable[Post]) -> dict[str, Post]:
    """The posts by key; one that repeats a key or overlaps another counts as outside of posts."""
    found: dict[str, Post] = {}
    end = 0
    for post in posts:
        if post.key not in found and post.first >= end:
            found[post.key] = post
            end = post.first + post.count
    return found


def _renamed(old: Snapshot, new: Snapshot) -> dict[str, Post]:
    """The new posts by key; one with the words of an old post has that one's key."""
    before, after = _by_key(old.posts), _by_key(new.posts)
    keys: dict[tuple[str, ...], list[str]] = {}
    for key, post in before.items():
        if after.get(key) is None or _words(old, post) != _words(new, after[key]):
            keys.setdefault(_words(old, post), []).append(key)
    found: dict[str, Post] = {}
    others: dict[str, Post] = {}
    for key, post in after.items():
        told = _words(new, post)
        if key in before and _words(old, before[key]) == told:
            found[key] = post
        elif same := keys.get(told):
            found[same.pop(0)] = post
        else:
            others[key] = post
    for key, post in others.items():
        # its key may be taken by one that was renamed to it
        found[key if key not in found else f"{key} {_ANEW}"] = post
    return {key: found[key] for key in sorted(found, key=lambda key: found[key].first)}


def _words(snapshot: Snapshot, post: Post) -> tuple[str, ...]:
    return tuple(p.text for p in snapshot.paragraphs[post.first : post.first + post.count])


def _places(posts: Iterable[Post]) -> list[int]:
    return [at for post in posts for at in range(post.first, post.first + post.count)]


def _outside(snapshot: Snapshot, posts: Iterable[Post]) -> list[int]:
    inside = set(_places(posts))
    return [at for at in range(len(snapshot.paragraphs)) if at not in inside]


def _aligned(
    old: Snapshot, new: Snapshot, before: Sequence[int], after: Sequence[int]
) -> list[Edit]:
    """The script between some of the paragraphs, with their indexes in the whole."""
    found = align(
        [old.paragraphs[at].text for at in before], [new.paragraphs[at].text for at in after]
    )
    return [
        replace(
            edit,
            old=tuple(before[at] for at in edit.old),
            new=tuple(after[at] for at in edit.new),
        )
        for edit in found
    ]


def _moved(edit: Edit) -> Edit:
    return replace(edit, moved=bool(edit.old and edit.new))


def _only_outer_moves(edits: list[Edit]) -> list[Edit]:
    """What stands outside of posts moves past posts if it has to: a summary put under them."""
    still = [edit for edit in edits if edit.old and not edit.moved]
    kept = heaviest_chain(
        [
            (edit.old[0], edit.new[0], (0, 1, sum(len(text) for _, text in edit.words)))
            for edit in still
        ]
    )
    gone = {still[at].new for at in range(len(still)) if at not in kept}
    return [_moved(edit) if edit.new in gone else edit for edit in edits]
