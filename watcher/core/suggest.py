"""Which texts go on changing by themselves: what a rule for the site might drop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core.model import Change, Snapshot
from watcher.core.noise import LONGEST
from watcher.core.regexes import regex_fault

LASTING = 3
"""Changes in a row, up to the latest, in which a text must have been all that changed. Two could be
chance; more would ask for more alerts about nothing before help comes."""

_NUMBER = re.compile(r"\d[\d.,:]*(?<![.,:])")
_ANY_NUMBER = r"[\d.,:]+"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text of which nothing but numbers changed, and nothing else with it, `changes` times in a
    row: how it reads now, and the expression that would drop it."""

    text: str
    pattern: str
    changes: int


def suggestions(steps: Sequence[tuple[Change, Snapshot, Snapshot]]) -> tuple[Suggestion, ...]:
    """What the latest changes of an article suggest.

    `steps` are changes with their two texts, oldest first, the last one being the latest. Only a
    person can tell a counter from a toll: so these are suggestions, and never applied.
    """
    lasting: dict[str, int] = {}
    for place, (change, old, new) in enumerate(reversed(steps)):
        shapes = _shapes(change, old, new)
        if not shapes:
            break
        for shape in shapes:
            if lasting.get(shape, 0) == place:
                lasting[shape] = place + 1
    if not steps:
        return ()
    now = {shape_of(paragraph.text): paragraph.text for paragraph in steps[-1][2].paragraphs}
    return tuple(
        Suggestion(now[shape], pattern, count)
        for shape, count in sorted(lasting.items())
        if count >= LASTING and shape in now and not regex_fault(pattern := _pattern(now[shape]))
    )


def shape_of(text: str) -> str:
    """A text with its numbers made alike."""
    return _NUMBER.sub("0", text)


def _shapes(change: Change, old: Snapshot, new: Snapshot) -> frozenset[str]:
    """The shapes of short texts whose numbers changed, empty if anything else did."""
    if change.headline or change.metadata or change.kinds:
        return frozenset()
    found = set()
    for edit in change.edits:
        if edit.op == "equal" and not edit.moved:
            continue
        if edit.op != "replace" or edit.moved or len(edit.old) != 1 or len(edit.new) != 1:
            return frozenset()
        before, after = old.paragraphs[edit.old[0]].text, new.paragraphs[edit.new[0]].text
        if shape_of(before) != shape_of(after) or len(after) > LONGEST:
            return frozenset()
        found.add(shape_of(after))
    return frozenset(found)


def _pattern(text: str) -> str:
    parts = [re.escape(part).replace(r"\ ", " ") for part in _NUMBER.split(text)]
    return f"^{_ANY_NUMBER.join(parts)}$"
