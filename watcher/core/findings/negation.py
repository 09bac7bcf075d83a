"""Yes that became no, and no that became yes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from watcher.core.findings.comparison import Comparison, Region, Which
from watcher.core.findings.lexemes import Lookup
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.reading import Counterparts, Side, counterparts
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding

# So many characters beside a negation may have changed with it; where more did, it is another
# statement that is denied.
_NEAR = 40
_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "on", "nie", "не")
_SHORTEST = 3

Hit = tuple[int, int, str]


def _look(about: Comparison) -> Iterator[Finding]:
    lookup, none = _negations(about.words)
    for each in counterparts(about):
        old, new = _hits(each.old, lookup, none), _hits(each.new, lookup, none)
        if len(old) == len(new) or _is_rewritten(each):
            continue
        which: Which = "old" if len(old) > len(new) else "new"
        found = _turned(each, which, old if which == "old" else new)
        if found is not None:
            yield _state(about, each, which, *found)


def _is_rewritten(each: Counterparts) -> bool:
    """Whether more than two thirds of the sentences were replaced."""
    regions = each.regions()
    gone = sum(region.old_end - region.old_start for region in regions)
    come = sum(region.new_end - region.new_start for region in regions)
    lengths = [sum(s.end - s.start for s in side.stretches) for side in (each.old, each.new)]
    return min(gone, come) * 3 > 2 * min(lengths)


@lru_cache(maxsize=64)
def _negations(words: Lexicon) -> tuple[Lookup, frozenset[str]]:
    """The negations of a language with what looks like one and is none ("not only")."""
    none = words.list("no_negations")
    return Lookup(words.list("negations") | none), none


def denials(side: Side) -> list[Hit]:
    """Start, end and folded words of what denies something on a side."""
    return _hits(side, *_negations(side.words))


def _hits(side: Side, lookup: Lookup, none: frozenset[str]) -> list[Hit]:
    found: list[Hit] = []
    hits = lookup.spans(side.line)
    if not hits:
        return found
    hedges = [each for each in side.hedges if " " in each[2]]
    for hit in hits:
        if any(start <= hit[0] and hit[1] <= end for start, end, _ in hedges):
            continue  # "not immediately clear" doubts, and denies nothing
        behind = side.text[hit[1] : hit[1] + 3].lstrip(". ")
        # "no. 5" is a number
        if hit[2] not in none and not (hit[2] == "no" and behind[:1].isdigit()):
            found.append(hit)
    return found


def _turned(each: Counterparts, which: Which, hits: list[Hit]) -> tuple[Hit, Region] | None:
    """The first negation that stands in a small change, and that change."""
    for region in each.regions():
        if _is_prefixed(each, which, region):
            continue
        start, end = (
            (region.old_start, region.old_end)
            if which == "old"
            else (region.new_start, region.new_end)
        )
        longest = max(region.old_end - region.old_start, region.new_end - region.new_start)
        side = each.old if which == "old" else each.new
        alone = (
            longest - (end - start) == 0
            and min(region.old_end - region.old_start, region.new_end - region.new_start) == 0
        )
        for hit in hits:
            if start < hit[1] and hit[0] < end and longest <= _NEAR:
                if alone and _denies_more(side, hit[1], end):
                    continue
                return hit, region
    return None


def _is_prefixed(each: Counterparts, which: Which, region: Region) -> bool:
    """Whether a prefix denies what the negation of a side did: "not safe", "unsafe"."""
    old = each.old.text[region.old_start : region.old_end].casefold().split()
    new = each.new.text[region.new_start : region.new_end].casefold().split()
    denied, prefixed = (old, new) if which == "old" else (new, old)
    return any(
        word[size:] in denied
        for word in prefixed
        for size in (2, 3)
        if word.startswith(_PREFIXES) and len(word) - size >= _SHORTEST
    )


def _denies_more(side: Side, start: int, end: int) -> bool:
    """Whether a negation came, or went, with what it denies ("not the pier but")."""
    grammar = side.words.list("stop_words")
    return any(
        start <= each.start < end and each.sort != "mark" and each.folded not in grammar
        for each in side.line
    )


def _state(
    about: Comparison, each: Counterparts, which: Which, hit: Hit, region: Region
) -> Finding:
    spans = each.passage.spans(which, hit[0], hit[1])
    if which == "old":
        spans += each.passage.spans("new", region.new_start, region.new_end)
    else:
        spans = each.passage.spans("old", region.old_start, region.old_end) + spans
    side = each.old if which == "old" else each.new
    done = "dropped" if which == "old" else "added"
    return about.state("negation-changed", f"“{side.text[hit[0] : hit[1]].lower()}” {done}", spans)


RULE = SimpleRule(name="negation", kinds=("negation-changed",), look=_look, needs=("negations",))
