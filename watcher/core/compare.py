"""What changed from one snapshot to another, and how to say it in a sentence."""

from __future__ import annotations

from watcher.core.align import align
from watcher.core.link_changes import compare_links, describe_links
from watcher.core.model import COMPARED, OPS, Change, Edit, KindChange, NoticeChange, Snapshot
from watcher.core.notice_changes import compare_notices, describe_notices
from watcher.core.posts import align_posts, post_times
from watcher.core.script import compact, expand, full
from watcher.core.tokens import without_form
from watcher.core.words import side

__all__ = [
    "FORM_ALONE", "compact", "compare", "describe", "differs", "expand", "full", "is_noise",
    "is_typographic", "notices_told", "says_otherwise", "summarise",
]  # fmt: skip

FORM_ALONE = "white space, invisible characters or Unicode form alone"
"""What a typographic edit changes."""

_NAMES = {
    "byline": "byline",
    "published": "publication time",
    "modified": "modified time",
    "publisher": "publisher",
    "section": "section",
    "language": "language",
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

    Paragraphs are compared by text: one whose kind alone changed is equal, and stands in `kinds`
    as any does that has one counterpart of another kind. `headline` is None
    and `metadata` lacks a field where both sides agree. `summary` counts the edits of each op,
    and under "moved" those that moved, whatever their op. A notice that stands in a paragraph is
    told as such beside the edit of the paragraph. Under "posts" the metadata has the times of the
    live blog's posts whose time changed.
    """
    edits = _align(old, new)
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in COMPARED}
    times = post_times(old, new)
    if times is not None:
        pairs["posts"] = times
    return Change(
        edits=edits,
        headline=(old.headline, new.headline) if old.headline != new.headline else None,
        metadata={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
        summary=summarise(edits),
        notices=compare_notices(old.notices, new.notices),
        kinds=_compare_kinds(edits, old, new),
        links=compare_links(edits, old, new),
    )


def _compare_kinds(edits: tuple[Edit, ...], old: Snapshot, new: Snapshot) -> tuple[KindChange, ...]:
    found: list[KindChange] = []
    for edit in edits:
        if len(edit.old) == len(edit.new) == 1:
            i, j = edit.old[0], edit.new[0]
            before, after = old.paragraphs[i].kind, new.paragraphs[j].kind
            if before != after:
                found.append(KindChange(i, j, before, after))
    return tuple(found)


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


def differs(change: Change) -> bool:
    """Whether anything at all changed; describe() says what."""
    told = (change.headline, change.metadata, change.notices, change.kinds, change.links)
    return any(told) or any(edit.op != "equal" or edit.moved for edit in change.edits)


def says_otherwise(old: Snapshot, new: Snapshot) -> bool:
    """Whether headline or text differ. A paragraph that only became a quote says the same."""
    return old.headline != new.headline or (
        [p.text for p in old.paragraphs] != [p.text for p in new.paragraphs]
    )


def is_typographic(edit: Edit) -> bool:
    """True if an edited paragraph differs in nothing but white space, invisible characters or
    Unicode form."""
    if edit.op != "replace" or len(edit.old) > 1:
        return False
    return without_form(side(edit.words, -1)) == without_form(side(edit.words, 1))


def is_noise(edit: Edit, change: Change) -> bool:
    """True if in an edited paragraph only learned noise went on."""
    return edit.op == "replace" and len(edit.old) == 1 and edit.old[0] in change.noise


def notices_told(change: Change) -> list[NoticeChange]:
    """The changes of notices, without "Updated an hour ago" in a paragraph that is noise."""
    noise = [edit.words for edit in change.edits if is_noise(edit, change)]
    went_on = {(side(words, -1), side(words, 1)) for words in noise}
    return [notice for notice in change.notices if (notice.old, notice.new) not in went_on]


def describe(change: Change) -> str:
    """One short sentence without a full stop: what changed, most important first.

    For example "headline changed; 2 paragraphs added, 1 edited, 1 moved" or "only the modified
    time changed".
    """
    text = _describe_edits(change)
    notices = describe_notices(notices_told(change))
    links = describe_links(change.links)
    fields = [told for name, told in _NAMES.items() if name in change.metadata]
    if change.kinds:
        fields.append(f"kind of {_paragraphs(len(change.kinds))}")
    if text or notices or links:
        about = (["headline"] if change.headline else []) + [
            name for name in fields if name != _NAMES["modified"]
        ]
        told = (notices, f"{_listed(about)} changed" if about else "", text, links)
        return "; ".join(each for each in told if each)
    about = (["headline"] if change.headline else []) + fields
    if not about:
        return "nothing changed in text, headline, notices or metadata"
    return f"only the {_listed(about)} changed"


def _describe_edits(change: Change) -> str:
    counts = {done: change.summary.get(op, 0) for op, done in _DONE.items()}
    shown = [edit for edit in change.edits if not is_noise(edit, change)]
    typographic = sum(map(is_typographic, shown))
    counts["edited"] -= typographic + sum(is_noise(edit, change) for edit in change.edits)
    counts[f"changed in {FORM_ALONE}"] = typographic
    told = [(count, done) for done, count in counts.items() if count]
    if not told:
        return ""
    (count, done), *rest = told
    return ", ".join([f"{_paragraphs(count)} {done}", *(f"{n} {what}" for n, what in rest)])


def _paragraphs(count: int) -> str:
    return f"{count} {'paragraph' if count == 1 else 'paragraphs'}"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
