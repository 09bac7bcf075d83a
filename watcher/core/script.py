"""Edit scripts in the small form in which they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from watcher.core.model import Edit, Op, Word

_LETTERS: dict[Op, str] = {"replace": "r", "split": "s", "merge": "m"}
_OPS = {letter: op for op, letter in _LETTERS.items()}


def compact(edits: Iterable[Edit]) -> list[list[Any]]:
    """An edit script as JSON-able lists without its texts; expand() is the exact inverse.

    ["=", old, new, count] is a run of equal paragraphs (with a fifth element 1: moved),
    ["+", new, count] of inserts, ["-", old, count] of deletes. Others are
    [letter, [old…], [new…], moved, similarity, [op, length, op, length…]], where letter is
    r(eplace), s(plit) or m(erge) and the lengths, in characters, cut the word diff out of the
    texts.
    """
    data: list[list[Any]] = []
    for edit in edits:
        if edit.op in _LETTERS:
            steps = [number for op, text in edit.words for number in (op, len(text))]
            data.append(
                [
                    _LETTERS[edit.op],
                    [*edit.old],
                    [*edit.new],
                    int(edit.moved),
                    edit.similarity,
                    steps,
                ]
            )
        elif not (data and _continues(data[-1], edit)):
            data.append(_run(edit))
    return data


def full(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    """An edit script as JSON-able objects with all its texts; expand() is the exact inverse.

    For a script whose old texts are kept nowhere else.
    """
    return [
        {
            "op": edit.op,
            "old": [*edit.old],
            "new": [*edit.new],
            "moved": edit.moved,
            "similarity": edit.similarity,
            "words": [[*word] for word in edit.words],
        }
        for edit in edits
    ]


def expand(
    data: Sequence[Sequence[Any] | Mapping[str, Any]], old: Sequence[str], new: Sequence[str]
) -> tuple[Edit, ...]:
    """The edit script that compact() or full() made storable, given the paragraphs of both
    versions; what full() made needs no paragraphs.

    Raises ValueError if the texts are not those the script was made from.
    """
    edits: list[Edit] = []
    try:
        for entry in data:
            if isinstance(entry, Mapping):
                edits.append(_whole(entry))
            else:
                edits += _expand_one(entry, old, new)
    except (IndexError, KeyError) as fault:
        raise ValueError("the stored edit script is not of these two versions") from fault
    return tuple(edits)


def _run(edit: Edit) -> list[Any]:
    if edit.op == "equal":
        return ["=", edit.old[0], edit.new[0], 1] + ([1] if edit.moved else [])
    return ["+", edit.new[0], 1] if edit.op == "insert" else ["-", edit.old[0], 1]


def _continues(last: list[Any], edit: Edit) -> bool:
    """Counts the edit into the last run if it continues it."""
    this = _run(edit)
    if last[0] != this[0] or len(last) != len(this):
        return False
    count = last[3] if this[0] == "=" else last[2]
    starts = 3 if this[0] == "=" else 2
    if [start + count for start in last[1:starts]] != this[1:starts]:
        return False
    last[starts] = count + 1
    return True


def _whole(entry: Mapping[str, Any]) -> Edit:
    return Edit(
        entry["op"],
        tuple(entry["old"]),
        tuple(entry["new"]),
        entry["moved"],
        entry["similarity"],
        tuple((op, text) for op, text in entry["words"]),
    )


def _expand_one(entry: Sequence[Any], old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    kind = entry[0]
    if kind == "=":
        _, i, j, count, moved = (*entry, 0)[:5]
        return [
            Edit(
                "equal", (i + n,), (j + n,), bool(moved), 1.0, ((0, _same(old[i + n], new[j + n])),)
            )
            for n in range(count)
        ]
    if kind == "+":
        span = range(entry[1], entry[1] + entry[2])
        return [Edit("insert", (), (at,), False, 0.0, ((1, new[at]),)) for at in span]
    if kind == "-":
        span = range(entry[1], entry[1] + entry[2])
        return [Edit("delete", (at,), (), False, 0.0, ((-1, old[at]),)) for at in span]
    _, olds, news, moved, similarity, steps = entry
    before, after = "\n".join(old[at] for at in olds), "\n".join(new[at] for at in news)
    words = _cut(steps, before, after)
    return [Edit(_OPS[kind], tuple(olds), tuple(news), bool(moved), similarity, words)]


def _same(old: str, new: str) -> str:
    if old != new:
        raise ValueError("paragraphs stored as equal are not: the script is of other versions")
    return new


def _cut(steps: Sequence[int], before: str, after: str) -> tuple[Word, ...]:
    words: list[Word] = []
    i = j = 0
    for op, length in zip(steps[::2], steps[1::2], strict=True):
        text = before[i : i + length] if op <= 0 else after[j : j + length]
        if len(text) != length or (op == 0 and text != after[j : j + length]):
            raise ValueError("the stored word diff does not fit the texts of these versions")
        words.append((op, text))
        i += length if op <= 0 else 0
        j += length if op >= 0 else 0
    if (i, j) != (len(before), len(after)):
        raise ValueError("the stored word diff does not fit the texts of these versions")
    return tuple(words)
