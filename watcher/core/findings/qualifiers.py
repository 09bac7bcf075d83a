"""Offices that were held once, or are held for another: "former", "acting" put in or taken out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from watcher.core.findings.comparison import Which
from watcher.core.findings.lexemes import Lexeme
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.reading import Counterparts, Side
from watcher.core.model import Span

# So many words of an office may stand between the qualifier and the name.
_OFFICE = 6
_IN_OFFICES = frozenset(["of", "the", "for", "and", "de", "du", "des", "la", "del", "di", "van"])


class Qualified(NamedTuple):
    """A sentence, and the evidence of both sides; one of them has none."""

    sentence: str
    old: tuple[Span, ...]
    new: tuple[Span, ...]


def qualified(each: Counterparts, words: Lexicon) -> Iterator[Qualified]:
    """The qualifiers of offices that stand on one side only, beside a name and an office that
    stand on both."""
    known = words.list("title_qualifiers")
    sides: tuple[tuple[Which, Side, Side], ...] = (
        ("old", each.old, each.new),
        ("new", each.new, each.old),
    )
    said = {
        which: {_bare(one) for one in side.line if one.folded in known or "'" in one.folded} & known
        for which, side, _ in sides
    }
    if said["old"] == said["new"]:
        return
    for which, side, other in sides:
        alone = said[which] - said["new" if which == "old" else "old"]
        for at, one in enumerate(side.line if alone else ()):
            if _bare(one) not in alone or not _is_changed(each, which, one):
                continue
            name = _whose(side, at, other, words)
            if name is not None:
                spans = each.passage.spans(which, one.start, one.end)
                done = "dropped" if which == "old" else "added"
                told = f"“{_bare(one)}” {done} beside {name}"
                yield Qualified(told, *((spans, ()) if which == "old" else ((), spans)))


def _bare(one: Lexeme) -> str:
    """A word without the article that is written together with it: "l'ancien"."""
    folded = one.folded
    return folded.rpartition("'")[2] or folded if "'" in folded else folded


def _is_changed(each: Counterparts, which: Which, one: Lexeme) -> bool:
    start, end = one.start, one.end
    return any(
        low < end and start < high
        for low, high in (
            (r.old_start, r.old_end) if which == "old" else (r.new_start, r.new_end)
            for r in each.regions()
        )
    )


def _whose(side: Side, at: int, other: Side, words: Lexicon) -> str | None:
    """The name beside the office that is qualified; None if the other side has not both."""
    said = other.text.casefold()
    behind = at + 2 if at + 1 < len(side.line) and side.line[at + 1].text == "-" else at + 1
    if behind >= len(side.line):
        return None
    grammar = words.list("stop_words") - _IN_OFFICES
    for name in side.names:
        between = side.line[at + 1 : name.first]
        if name.text.split()[-1] not in other.text or any(w.folded in grammar for w in between):
            continue
        if name.first <= at <= name.last or at < name.first <= behind + _OFFICE:
            start, end = side.line[behind].start, name.end
        elif name.last < at <= name.last + 3 and side.line[name.last + 1].text == ",":
            start, end = side.line[behind].start, side.line[behind].end
        else:
            continue
        if side.text[start:end].casefold() in said:
            return name.text
    return None
