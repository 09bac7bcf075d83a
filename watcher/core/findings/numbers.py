"""Numbers, quantities, money, percentages, ages, dates and times that say something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from watcher.core.findings.amounts import Amount
from watcher.core.findings.comparison import Comparison, Region
from watcher.core.findings.moments import Moment
from watcher.core.findings.numerals import PRONOUN
from watcher.core.findings.reading import Counterparts, Side, counterparts
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding

_KINDS = {
    "number": "number-changed",
    "quantity": "quantity-changed",
    "ordinal": "number-changed",
    "money": "money-changed",
    "percentage": "percentage-changed",
    "age": "age-changed",
    "date": "date-changed",
    "time": "time-changed",
}
_TOLLS = {"dead": "death toll"}
_LABELS = {
    "money": "amount",
    "percentage": "percentage",
    "age": "age",
    "date": "date",
    "time": "time",
}
# Sorts that may become each other: "12 people" and "12", "12th" and "12"; "5 percent" and "5
# points".
_ALIKE = {
    "number": "count", "quantity": "count", "ordinal": "count", "percentage": "percentage",
    "money": "money", "age": "age",
}  # fmt: skip
# Within a stretch of so few characters that was replaced, a number stands for the number before
# it; in longer ones, what is counted must agree as well.
_SHORT = 40
_ENOUGH = 3
_MOST = 40

_Item = TypeVar("_Item", Amount, Moment)


def _look(about: Comparison) -> Iterator[Finding]:
    for each in counterparts(about):
        yield from _amounts(about, each)
        yield from _moments(about, each)


def _amounts(about: Comparison, each: Counterparts) -> Iterator[Finding]:
    old, new = list(each.old.amounts), list(each.new.amounts)
    if not old or not new:
        return
    regions = each.regions()
    for before, after in _slots(each, old, new, regions):
        old.remove(before)
        new.remove(after)
        yield _amount_finding(about, each, before, after)
    _cancel(each, old, new)
    scored = []
    for i, before in enumerate(old[:_MOST]):
        for j, after in enumerate(new[:_MOST]):
            score = _likeness(before, after, each, regions)
            if score >= _ENOUGH:
                scored.append((-score, abs(i - j), i, j))
    for i, j in _matched(scored):
        yield _amount_finding(about, each, old[i], new[j])


def _slots(
    each: Counterparts, old: Sequence[Amount], new: Sequence[Amount], regions: Sequence[Region]
) -> list[tuple[Amount, Amount]]:
    """Figures that were replaced one for one in a short stretch, though each may stand elsewhere
    on the other side ("3 to 4", "4 to 5"). Where things changed places, their figures go along."""
    found = []
    for region in regions:
        before = [a for a in old if a.start < region.old_end and region.old_start < a.end]
        after = [b for b in new if b.start < region.new_end and region.new_start < b.end]
        longest = max(region.old_end - region.old_start, region.new_end - region.new_start)
        if len(before) != 1 or len(after) != 1 or longest > _SHORT:
            continue
        one, other = before[0], after[0]
        if (one.value, one.bound) == (other.value, other.bound) or one.noun != other.noun:
            continue
        if _likeness(one, other, each, regions) >= _ENOUGH and (one, other) not in found:
            found.append((one, other))
    olds, news = [a for a, _ in found], [b for _, b in found]
    return [(a, b) for a, b in found if olds.count(a) == news.count(b) == 1]


def _cancel(each: Counterparts, old: list[Amount], new: list[Amount]) -> None:
    """Takes out what both sides say: first in the same words ("three", not "third"), then of the
    same toll. A bound that came or went says something else."""
    for step in range(3):
        for before in list(old):
            for after in new:
                if before.value != after.value or before.bound != after.bound:
                    continue
                if _ALIKE[before.sort] != _ALIKE[after.sort]:
                    continue
                if step < 1 and _told(each.old, before) != _told(each.new, after):
                    continue
                if step < 2 and before.toll != after.toll:
                    continue
                old.remove(before)
                new.remove(after)
                break


def _likeness(
    before: Amount, after: Amount, each: Counterparts, regions: Sequence[Region]
) -> float:
    if _ALIKE[before.sort] != _ALIKE[after.sort]:
        units = {before.unit, after.unit}
        if "%" not in units or not all("%" in unit or "point" in unit for unit in units):
            return 0
    if before.toll and after.toll and before.toll != after.toll:
        return 0
    # "half" may become "a third", but "half past nine" becomes "9.30"
    most = max(before.low, after.low)
    is_clock = (before.low < 1) != (after.low < 1) and most != most.to_integral_value()
    if is_clock and not (before.unit or before.noun == after.noun != ""):
        return 0
    # a score or a range is no number of its kind ("2-0", "two down")
    if (before.low == before.high) != (after.low == after.high) and not (
        before.unit or after.unit or before.toll or before.noun == after.noun != ""
    ):
        return 0
    score = 2.0 if before.toll and before.toll == after.toll else 0.0
    if before.value == after.value:
        score += 3  # what both sides say alike is taken out before: only the bound differs
    if score and all(
        _is_only(one.toll, side) for one, side in ((before, each.old), (after, each.new))
    ):
        score += 1
    if before.unit and before.unit == after.unit:
        score += 2
    elif before.unit and after.unit and before.low != after.low and before.sort == "quantity":
        score -= 1
    if before.noun and before.noun == after.noun:
        score += 2
    elif before.noun and after.noun and not before.toll and not _same_slot(before, after, each):
        score -= 1
    if _is_only_fraction(before, each.old) and _is_only_fraction(after, each.new):
        score += 3
    score += _neighbours(before, after, each)
    score += _region(before, after, regions)
    same_victims = before.toll != "" and before.toll == after.toll
    if score < _ENOUGH + 1 and not same_victims:
        score -= _is_pronoun(before, each.old) or _is_pronoun(after, each.new)
    return score


def _is_pronoun(one: Amount, side: Side) -> bool:
    """Whether a figure may be no figure: "one" is a pronoun as often."""
    return one.low == 1 and one.sort != "money" and len(side.text[one.at : one.end]) <= PRONOUN


def _is_only(toll: str, side: Side) -> bool:
    """Whether the sentences count those of one toll once."""
    return sum(one.toll == toll for one in side.amounts) == 1


def _is_only_fraction(one: Amount, side: Side) -> bool:
    """Whether a figure is the only one of its sentences with a fraction and without a unit: what
    it measures stands elsewhere ("a magnitude of 5.8", "8.45 to the dollar")."""
    return _is_bare_fraction(one) and sum(map(_is_bare_fraction, side.amounts)) == 1


def _is_bare_fraction(one: Amount) -> bool:
    return one.sort == "number" and one.low > 1 and one.low != one.low.to_integral_value()


def _same_slot(before: Amount, after: Amount, each: Counterparts) -> bool:
    return _neighbours(before, after, each) > 1


def _neighbours(before: Amount, after: Amount, each: Counterparts) -> float:
    """Whether the words right before and behind the numbers agree."""
    one, other = each.old.text, each.new.text
    left = one[max(0, before.start - 12) : before.start].split()[-1:]
    right = one[before.end : before.end + 12].split()[:1]
    score = (
        1.0 if left and left == other[max(0, after.start - 12) : after.start].split()[-1:] else 0.0
    )
    return score + (
        1.0 if right and right == other[after.end : after.end + 12].split()[:1] else 0.0
    )


def _region(before: _Item, after: _Item, regions: Sequence[Region]) -> float:
    """3 if a short stretch that was replaced holds both, 4 if it begins with them, 1 if a long one
    holds both."""
    for region in regions:
        if (
            region.old_start < before.end
            and before.start < region.old_end
            and region.new_start < after.end
            and after.start < region.new_end
        ):
            longest = max(region.old_end - region.old_start, region.new_end - region.new_start)
            if longest > _SHORT:
                return 1.0
            first = before.start <= region.old_start and after.start <= region.new_start
            return 4.0 if first else 3.0
    return 0.0


def _matched(scored: list[tuple[float, int, int, int]]) -> list[tuple[int, int]]:
    """Pairs, the best first, each index once; in order."""
    used_old: set[int] = set()
    used_new: set[int] = set()
    found = []
    for _, _, i, j in sorted(scored):
        if i not in used_old and j not in used_new:
            used_old.add(i)
            used_new.add(j)
            found.append((i, j))
    return sorted(found)


def _amount_finding(
    about: Comparison, each: Counterparts, before: Amount, after: Amount
) -> Finding:
    toll = after.toll or before.toll
    ranked = ""
    if before.sort in ("money", "percentage", "age"):
        label = _LABELS[before.sort]
    elif toll:
        label = _TOLLS.get(toll, f"number of {toll}")
    elif before.noun and before.noun == after.noun:
        ranks = _is_rank(each.old, before) and _is_rank(each.new, after)
        label = "" if ranks else f"number of {before.noun}"
        ranked = f" {before.noun}" if ranks else ""
    else:
        label = "" if before.unit and after.unit else "number"
    sort = after.sort if before.sort == "number" else before.sort
    if toll and sort == "quantity":
        sort = "number"
    return _state(about, each, _KINDS[sort], label, before, after, ranked)


def _is_rank(side: Side, one: Amount) -> bool:
    """Whether an English number says which of several: "the fifth attack"."""
    return side.text[one.at : one.end].casefold().endswith(("th", "first", "second", "third"))


def _moments(about: Comparison, each: Counterparts) -> Iterator[Finding]:
    old, new = list(each.old.moments), list(each.new.moments)
    if not old or not new:
        return
    for before in list(old):
        for after in new:
            if before.comparable(after) and not before.conflicts(after):
                old.remove(before)
                new.remove(after)
                break
    regions = each.regions()
    scored = []
    for i, before in enumerate(old[:_MOST]):
        for j, after in enumerate(new[:_MOST]):
            if before.comparable(after):
                score = _region(before, after, regions) + _neighbours_of(before, after, each)
                scored.append((-score, abs(i - j), i, j))
    for i, j in _matched(scored):
        yield _state(about, each, _KINDS[old[i].sort], _LABELS[old[i].sort], old[i], new[j])


def _neighbours_of(before: Moment, after: Moment, each: Counterparts) -> float:
    one, other = each.old.text, each.new.text
    left = one[max(0, before.start - 12) : before.start].split()[-1:]
    return 1.0 if left == other[max(0, after.start - 12) : after.start].split()[-1:] else 0.0


def _state(
    about: Comparison,
    each: Counterparts,
    kind: str,
    label: str,
    before: _Item,
    after: _Item,
    ranked: str = "",
) -> Finding:
    spans = (
        *each.passage.spans("old", before.start, before.end),
        *each.passage.spans("new", after.start, after.end),
    )
    told = f"{label} {_told(each.old, before)} → {_told(each.new, after)}{ranked}"
    return about.state(kind, told.lstrip(), spans)


def _told(side: Side, item: _Item) -> str:
    """The words of a number, without the capital of a sentence's beginning."""
    said = side.text[item.start : item.end]
    if isinstance(item, Amount) and said[:1].isupper() and said[1:2].islower():
        return said[0].lower() + said[1:]
    return said


RULE = SimpleRule(
    name="numbers",
    kinds=tuple(dict.fromkeys(_KINDS.values())),
    look=_look,
    uses=("number_words", "quantity_qualifiers", "months"),
)
