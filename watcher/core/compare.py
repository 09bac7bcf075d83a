"""What changed from one snapshot to another, and how to say it in a sentence."""

from __future__ import annotations

from watcher.core.align import align
from watcher.core.model import METADATA, OPS, Change, Edit, Snapshot
from watcher.core.notice_changes import compare_notices, describe_notices
from watcher.core.posts import align_posts, post_times
from watcher.core.script import compact, expand, full
from watcher.core.tokens import without_form
from watcher.core.words import side

__all__ = ["compact", "compare", "describe", "expand", "full", "is_typographic", "summarise"]

_NAMES = {
    "byline": "byline",
    "published": "publication time",
    "modified": "modified time",
    "publisher": "publisher",
    "section": "section",
    "language": "language",
    "canonical": "canonical address",
    "access": "access",
    "posts": "time of posts",
}
_DONE = {
    "insert": "added",
    "delete": "removed",
    "replace": "edited",
    "split": "split",
    "merge": "merged",
    "moved": "moved",
}


def compare(old: Snapshot, new: Snapshot) -> Change:
    """The change from `old` to `new`.

    Paragraphs are compared by text: one whose kind alone changed is equal. `headline` is None
    and `metadata` lacks a field where both sides agree. `summary` counts the edits of each op,
    and under "moved" those that moved, whatever their op. A notice that stands in a paragraph is
    told as such beside the edit of the paragraph. Under "posts" the metadata has the times of the
    live blog's posts whose time changed.
    """
    edits = _align(old, new)
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in METADATA}
    times = post_times(old, new)
    if times is not None:
        pairs["posts"] = times
    return Change(
        edits=edits,
        headline=(old.headline, new.headline) if old.headline != new.headline else None,
        metadata={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
        summary=summarise(edits),
        notices=compare_notices(old.notices, new.notices),
    )


def _align(old: Snapshot, new: Snapshot) -> tuple[Edit, ...]:
    if {post.key for post in old.posts}.isdisjoint(post.key for post in new.posts):
        return align([p.text for p in old.paragraphs], [p.text for p in new.paragraphs])
    return align_posts(old, new)


def summarise(edits: tuple[Edit, ...]) -> dict[str, int]:
    """The number of edits of each op, and of those that moved."""
    counts: dict[str, int] = dict.fromkeys(OPS, 0)
    for edit in edits:
        counts[edit.op] += 1
    return {**counts, "moved": sum(edit.moved for edit in edits)}


def is_typographic(edit: Edit) -> bool:
    """True if an edited paragraph differs in nothing but white space or Unicode form."""
    if edit.op != "replace" or len(edit.old) > 1:
        return False
    return without_form(side(edit.words, -1)) == without_form(side(edit.words, 1))


def describe(change: Change) -> str:
    """One short sentence without a full stop: what changed, most important first.

    For example "headline changed; 2 paragraphs added, 1 edited, 1 moved" or "only the modified
    time changed".
    """
    counts = [(change.summary.get(op, 0), done) for op, done in _DONE.items()]
    text = ", ".join(f"{count} {done}" for count, done in counts if count)
    if text:
        count, _, rest = text.partition(" ")
        text = f"{count} {'paragraph' if count == '1' else 'paragraphs'} {rest}"
    notices = describe_notices(change.notices)
    fields = [told for name, told in _NAMES.items() if name in change.metadata]
    if text or notices:
        about = (["headline"] if change.headline else []) + [
            name for name in fields if name != _NAMES["modified"]
        ]
        told = (notices, f"{_listed(about)} changed" if about else "", text)
        return "; ".join(each for each in told if each)
    about = (["headline"] if change.headline else []) + fields
    if not about:
        return "nothing changed in text, headline, notices or metadata"
    return f"only the {_listed(about)} changed"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
