"""How an edit and a change are put into words, the same in every rendering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.core.compare import is_typographic
from watcher.core.model import Edit, NoticeChange, Word
from watcher.core.notice_changes import describe_notices
from watcher.render.view import DiffView

MARKS = {"equal": "=", "insert": "+", "delete": "-", "replace": "~", "split": "<", "merge": ">"}


def label(edit: Edit, way: str = "") -> str:
    """What happened to the paragraphs of an edit, counted from 1, as "moved up, was paragraph 9".

    `way` is the edit's entry in directions(), if it moved.
    """
    olds, news = _numbers(edit.old), _numbers(edit.new)
    if edit.op == "insert":
        return f"paragraph {news} added"
    if edit.op == "delete":
        return f"paragraph {olds} removed"
    told: list[str] = []
    if edit.moved:
        told.append(f"moved {way}".strip() + f", was paragraph {olds}")
    if edit.op == "split":
        told.append(f"paragraph {olds} split into {news}")
    elif edit.op == "merge":
        told.append(f"paragraphs {olds} merged into {news}")
    elif len(edit.old) > 1:
        told.append(f"paragraphs {olds} rewritten as {news}")
    elif is_typographic(edit):
        told.append("white space or Unicode form alone")
    elif edit.op == "replace":
        told.append("edited")
    return ", ".join(told)


def directions(edits: Sequence[Edit]) -> dict[tuple[int, ...], str]:
    """For each edit that moved, by its new indexes: "up" or "down" past those that stayed."""
    ways: dict[tuple[int, ...], str] = {}
    above = -1
    for edit in edits:
        if edit.moved:
            ways[edit.new] = "down" if edit.old[0] < above else "up"
        elif edit.old and edit.new:
            above = edit.old[0]
    return ways


def joints(steps: Sequence[Word]) -> list[Word]:
    """The words of an edit for reading: where a space became the end of a paragraph, or the end
    a space, only the end comes or goes; the space stands before it on either side."""
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
    return f"changed after {_clock(after)} and by {_clock(before)}"


def _clock(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M:%S UTC")


def _numbers(indexes: Sequence[int]) -> str:
    numbers = [str(at + 1) for at in indexes]
    return " and ".join([", ".join(numbers[:-1]), numbers[-1]] if len(numbers) > 1 else numbers)
