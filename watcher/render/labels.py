"""How an edit and a change are put into words, the same in every rendering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.core.compare import FORM_ALONE, is_noise, is_typographic
from watcher.core.link_changes import describe_links
from watcher.core.model import Change, Edit, KindChange, LinkChange, NoticeChange, Word
from watcher.core.notice_changes import describe_notices
from watcher.core.words import likeness, words
from watcher.render.unseen import look_alike, made_visible
from watcher.render.view import DiffView

MARKS = {"equal": "=", "insert": "+", "delete": "-", "replace": "~", "split": "<", "merge": ">"}

_KINDS = {
    "paragraph": "a paragraph",
    "heading": "a heading",
    "list-item": "a list item",
    "quote": "a quotation",
    "caption": "a caption",
    "table-row": "a row of a table",
    "live-post": "a post of a live blog",
}


def link_name(change: LinkChange) -> str:
    """What is told of a link, as "link changed at “the ministry”"."""
    return f"{describe_links([change]).removeprefix('1 ')} at “{change.words}”"


class Labels:
    """What is said of each edit of a change. Paragraphs are counted from 1."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._ways = _directions(change.edits)
        self._kinds: dict[tuple[int, ...], KindChange] = {(k.new,): k for k in change.kinds}

    def is_folded(self, edit: Edit) -> bool:
        """Whether a reader of changes can do without the paragraph."""
        return edit.op == "equal" and not edit.moved and edit.new not in self._kinds

    def note(self, edit: Edit) -> str:
        """The label if the mark beside the paragraph does not say it all, else ""."""
        if edit.op in ("insert", "delete"):
            return ""
        several = len(edit.old) + len(edit.new) > 2
        said = edit.moved or several or edit.new in self._kinds or is_typographic(edit)
        said = said or is_noise(edit, self._change)
        return self.text(edit) if said else ""

    def text(self, edit: Edit) -> str:
        """What happened, as "moved up, was paragraph 9, edited"."""
        olds, news = _numbers(edit.old), _numbers(edit.new)
        if edit.op == "insert":
            return f"paragraph {news} added"
        if edit.op == "delete":
            return f"paragraph {olds} removed"
        told: list[str] = []
        if edit.moved:
            told.append(f"moved {self._ways[edit.new]}, was paragraph {olds}")
        if edit.op == "split":
            told.append(f"paragraph {olds} split into {news}")
        elif edit.op == "merge":
            told.append(f"paragraphs {olds} merged into {news}")
        elif len(edit.old) > 1:
            told.append(f"paragraphs {olds} rewritten as {news}")
        elif is_noise(edit, self._change):
            told.append("learned noise")
        elif is_typographic(edit):
            told.append(f"changed in {FORM_ALONE}")
        elif edit.op == "replace":
            told.append("edited")
        told += [self.kind(edit)] if self.kind(edit) else []
        return ", ".join(told)

    def kind(self, edit: Edit) -> str:
        """As "now a heading, was a paragraph"; "" if the kind is the same."""
        kind = self._kinds.get(edit.new)
        if kind is None:
            return ""
        before, after = (_KINDS.get(each, each) for each in (kind.before, kind.after))
        return f"now {after}, was {before}"


def _directions(edits: Sequence[Edit]) -> dict[tuple[int, ...], str]:
    """For each edit that moved, by its new indexes: "up" or "down" past those that stayed."""
    ways: dict[tuple[int, ...], str] = {}
    above = -1
    for edit in edits:
        if edit.moved:
            ways[edit.new] = "down" if edit.old[0] < above else "up"
        elif edit.old and edit.new:
            above = edit.old[0]
    return ways


def for_reading(steps: Sequence[Word]) -> list[Word]:
    """The words of an edit as a reader can see them: hidden characters that changed are named,
    and where a space became the end of a paragraph, only the end comes or goes."""
    return made_visible(_joints(steps))


def told_apart(old: str | None, new: str | None) -> list[Word] | None:
    """The word diff of a headline or notice for reading, None if the two are better shown whole.

    That is where less than half of them is the same: then marks outnumber what stayed.
    """
    if old is None or new is None:
        return None
    steps = words(old, new)
    if likeness(steps) < 0.5 and not look_alike(old, new):
        return None
    return made_visible(steps)


def _joints(steps: Sequence[Word]) -> list[Word]:
    """Where a space became the end of a paragraph, or the end a space, only the end comes or
    goes; the space stands before it on either side."""
    read: list[Word] = []
    for op, text in steps:
        before = read[-1] if read else (0, "")
        if before[0] * op < 0 and {before[1], text} == {" ", "\n"}:
            read[-1:] = [(0, " "), before if text == " " else (op, text)]
        else:
            read.append((op, text))
    return read


def notice_name(change: NoticeChange) -> str:
    """Which notice and what became of it, as "correction added"."""
    return describe_notices([change])


def unchanged(count: int) -> str:
    """What stands for a folded run."""
    return f"{count} {'paragraph' if count == 1 else 'paragraphs'} unchanged"


def versions(view: DiffView) -> str:
    """Which versions are compared, "" where they have no numbers."""
    if view.before.version is None or view.after.version is None:
        return ""
    return f"version {view.before.version} to {view.after.version}"


def window(view: DiffView) -> str:
    """When the change happened, as far as anyone can know; "" where nobody can."""
    after, before = view.window
    if after is None or before is None:
        return ""
    return f"changed after {clock(after)} and by {clock(before)}"


def clock(when: datetime) -> str:
    """A time for people: UTC, to the second."""
    return when.strftime("%Y-%m-%d %H:%M:%S UTC")


def _numbers(indexes: Sequence[int]) -> str:
    numbers = [str(at + 1) for at in indexes]
    return " and ".join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)
