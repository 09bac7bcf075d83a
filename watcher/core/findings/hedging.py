"""Words that hold a statement at arm's length, put in or taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from watcher.core.findings.comparison import Comparison, Region, Which
from watcher.core.findings.reading import Counterparts, Side, counterparts
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding

# More text than this that came or went in one piece brings its own statement with it: that it is
# hedged says nothing of what stood there before. A hedge of several words is such a statement.
_PIECE = 60
_SEVERAL = 3

Hit = tuple[int, int, str]


def _look(about: Comparison) -> Iterator[Finding]:
    for each in counterparts(about):
        old, new = _hits(each.old), _hits(each.new)
        if not old and not new:
            continue
        _cancel(each, old, new, each.regions())
        sides: tuple[tuple[Which, list[Hit]], ...] = (("old", old), ("new", new))
        for which, left in sides:
            for hit in left:
                if _is_beside(each, which, hit):
                    yield _state(about, each, which, hit)


def _hits(side: Side) -> list[Hit]:
    """Start, end and folded text of the hedges of a side, without the month of May."""
    found = side.hedges
    if not found:
        return []
    months = [(each.start, each.end) for each in side.moments]
    return [
        hit
        for hit in found
        if not any(start <= hit[0] < end for start, end in months)
        and not (hit[2] == "may" and _is_month(side, hit[0]))
    ]


def _is_month(side: Side, at: int) -> bool:
    """Whether "May" has a capital inside of a sentence."""
    return side.text[at].isupper() and all(at != one.start for one in side.stretches)


def _cancel(each: Counterparts, old: list[Hit], new: list[Hit], regions: Sequence[Region]) -> None:
    """Takes out the hedges of both sides, and those that stand for each other."""
    for before in list(old):
        for after in new:
            # "are not expected to" has a shorter one than "are expected to"
            if before[2].endswith(after[2]) or after[2].endswith(before[2]):
                old.remove(before)
                new.remove(after)
                break
    for before in list(old):
        for after in new:
            if any(
                r.old_start < before[1] and before[0] < r.old_end
                and r.new_start < after[1] and after[0] < r.new_end
                for r in regions
            ):  # fmt: skip
                old.remove(before)
                new.remove(after)
                break

    for left, other in ((old, each.new), (new, each.old)):
        # "it is not known" and "is not known": the list need not have all of it
        tails = {hit: hit[2].partition(" ")[2] for hit in left if hit[2].count(" ") >= _SEVERAL - 1}
        if tails:
            said = " ".join(lexeme.folded for lexeme in other.line)
            left[:] = [hit for hit in left if hit not in tails or tails[hit] not in said]


def _is_beside(each: Counterparts, which: Which, hit: Hit) -> bool:
    """Whether the hedge came to, or went from, what stands on both sides."""
    for region in each.passage.regions:
        start, end = (
            (region.old_start, region.old_end)
            if which == "old"
            else (region.new_start, region.new_end)
        )
        if start < hit[1] and hit[0] < end:
            other = (
                region.new_end - region.new_start
                if which == "old"
                else region.old_end - region.old_start
            )
            alone = other < (end - start) / 4
            return not alone or end - start <= _PIECE or len(hit[2].split()) >= _SEVERAL
    return True


def _state(about: Comparison, each: Counterparts, which: Which, hit: Hit) -> Finding:
    done = "dropped" if which == "old" else "added"
    side = each.old if which == "old" else each.new
    said = side.text[hit[0] : hit[1]]
    return about.state(
        f"hedging-{done}", f"“{said.lower()}” {done}", each.passage.spans(which, hit[0], hit[1])
    )


RULE = SimpleRule(
    name="hedging", kinds=("hedging-added", "hedging-dropped"), look=_look, needs=("hedges",)
)
