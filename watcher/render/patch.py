"""A change as a unified diff, a paragraph a line, that `git apply` and `patch` accept."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from watcher.core.model import METADATA, Snapshot
from watcher.core.text import printable
from watcher.render.labels import Labels
from watcher.render.view import DiffView


def to_patch(view: DiffView) -> str:
    """The unified diff from one version's patch_text() to the other's; empty if they agree.

    Both are called article.txt, or article-ID.txt out of an archive, under a/ and b/. The files
    do not hold the kinds of paragraphs: those that differ are told in lines before the first
    file's name, which `git apply` and `patch` pass over.
    """
    name = "article.txt" if view.article_id is None else f"article-{view.article_id}.txt"
    old, new = list(_lines(view.before.snapshot)), list(_lines(view.after.snapshot))
    lines = unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")
    labels = Labels(view.change)
    told = [
        f"# paragraph {edit.new[0] + 1}: {labels.kind(edit)}"
        for edit in view.change.edits
        if labels.kind(edit)
    ]
    return "".join(f"{line}\n" for line in (*told, *lines))


def patch_text(snapshot: Snapshot) -> str:
    """A version as the text file that the patch is for."""
    return "".join(f"{line}\n" for line in _lines(snapshot))


def _lines(snapshot: Snapshot) -> Iterator[str]:
    yield printable(snapshot.headline)
    for name in METADATA:
        value = getattr(snapshot, name)
        if value is not None:
            yield printable(f"{name}: {value}")
    for notice in snapshot.notices:
        if notice.place is None:
            yield printable(f"{notice.kind}: {notice.text}")
    yield ""
    for paragraph in snapshot.paragraphs:
        yield printable(paragraph.text)
