"""Aligns the paragraphs of two versions: the edit script from one to the other."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from watcher.core.chain import Weight, heaviest_chain, in_order
from watcher.core.exact import FURNITURE, Link, anchorage, common_ends, furniture, in_gaps
from watcher.core.firm import Proof, is_firm
from watcher.core.links import find_links, one_each
from watcher.core.model import Edit, Op, Word
from watcher.core.tokens import words_of
from watcher.core.words import likeness, side, words

# The least share of the shorter paragraph that must stand unmarked in an edit.
_VISIBLE = 0.08
# Unless so much of both are the same words, in another order.
_TURNED = 0.4

_Group = tuple[tuple[int, ...], tuple[int, ...]]


def align(old: Sequence[str], new: Sequence[str]) -> tuple[Edit, ...]:
    """The edit script from the paragraphs `old` to the paragraphs `new`.

    Every index of both stands in exactly one edit. Edits are ordered by their first new
    paragraph; a delete stands where its paragraph was, before what came in its place. `moved`
    marks the fewest edits, and among those the shortest, without which the order is the same.
    The same input gives the same script anywhere, and align(new, old) is its mirror image:
    inserts for deletes, splits for merges.
    """
    ends = head, tail = common_ends(old, new)
    size = len(old) - head - tail
    left, right = old[head : head + size], new[head : len(new) - tail]
    # One of the two directions is computed, the other mirrored: they can then never disagree.
    if list(left) > list(right):
        groups = {(olds, news): moved for (news, olds), moved in _placed(new, old, ends).items()}
    else:
        groups = _placed(old, new, ends)
    shift = len(new) - len(old)
    middle = [_edit(group, moved, left, right, head) for group, moved in groups.items()]
    drawn = [edit for edit in middle if not _says_nothing(edit)]
    if len(drawn) < len(middle):
        drawn = _really_moved(drawn, old, new)
    return (
        *(_same(at, at, old[at]) for at in range(head)),
        *_completed(drawn, old, new, (head, head + size, len(new) - tail)),
        *(_same(at, at + shift, old[at]) for at in range(head + size, len(old))),
    )


def _completed(
    edits: list[Edit], old: Sequence[str], new: Sequence[str], bounds: tuple[int, int, int]
) -> tuple[Edit, ...]:
    """The edits of linked paragraphs with those of the rest; from and to where they reach."""
    start, old_stop, new_stop = bounds
    gone = set(range(start, old_stop)).difference(*(edit.old for edit in edits))
    come = set(range(start, new_stop)).difference(*(edit.new for edit in edits))
    edits = edits + [_lone("insert", (), (at,), ((1, new[at]),)) for at in come]
    return ordered(edits, [_lone("delete", (at,), (), ((-1, old[at]),)) for at in sorted(gone)])


def apply(old: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """The new paragraphs, from the old ones and an edit script of align().

    Raises ValueError if the script does not start from `old`.
    """
    placed: dict[int, str] = {}
    for edit in edits:
        before = "\n".join(old[at] for at in edit.old if at < len(old))
        if before != side(edit.words, -1):
            raise ValueError(f"the {edit.op} of old paragraphs {edit.old} is not of these texts")
        after = side(edit.words, 1)
        texts = after.split("\n") if len(edit.new) > 1 else [after]
        placed.update(zip(edit.new, texts, strict=False))
    return [placed[at] for at in range(len(placed))]


def _placed(
    all_old: Sequence[str], all_new: Sequence[str], ends: tuple[int, int]
) -> dict[_Group, bool]:
    """The groups of linked paragraphs between the common ends, and whether each moved."""
    head, tail = ends
    old, new = all_old[head : len(all_old) - tail], all_new[head : len(all_new) - tail]
    light = furniture(all_old, all_new) if set(old) & set(new) else frozenset[str]()
    proof = Proof(all_old, all_new, head, light)
    links, yielded = find_links(old, new, light, proof)
    groups = _groups(links, old, new)
    stay = _staying(groups, old, new, yielded, light)
    if len(stay) == len(groups) and not light:
        return dict.fromkeys(groups, False)
    astray = _doubtful([groups[at] for at in range(len(groups)) if at not in stay], proof, old, new)
    if astray:
        # What does not hold together out of order may still hold paragraphs that are the same.
        equal = [
            ((i,), (j,))
            for olds, news in astray
            for i, j in one_each([(i, j) for i in olds for j in news if old[i] == new[j]])
        ]
        groups = sorted({*groups}.difference(astray).union(equal))
        stay = _staying(groups, old, new, yielded, light)
    # Furniture is never carried about: what does not stay is paired anew, in order, between
    # what does, and else goes here and comes there.
    kept = [
        (at, group)
        for at, group in enumerate(groups)
        if at in stay or not _is_equal(group, old, new) or old[group[0][0]] not in light
    ]
    walls = sorted(_place(groups[at], old, new) for at in stay)
    taken = [(i, j) for _, (olds, news) in kept for i in olds for j in news]
    paired = in_gaps(old, new, walls, taken, (range(len(old)), range(len(new))))
    return {group: at not in stay for at, group in kept} | {((i,), (j,)): False for i, j in paired}


def _doubtful(
    groups: Sequence[_Group], proof: Proof, old: Sequence[str], new: Sequence[str]
) -> list[_Group]:
    """Those of some groups out of order that may not be: too little shows that they are one."""
    firm = {group for group in groups if _is_equal(group, old, new)}
    for group in groups:
        if len(group[0]) > 1 or len(group[1]) > 1:
            if is_firm(_edit(group, True, old, new, 0).words):
                firm.add(group)
        elif group not in firm and proof.holds((group[0][0], group[1][0])):
            firm.add(group)
    beside = {(olds[0], news[0]) for olds, news in firm}
    return [
        group
        for group in groups
        if group not in firm
        and (
            len(group[0]) > 1
            or len(group[1]) > 1
            or not proof.holds((group[0][0], group[1][0]), beside)
        )
    ]


def _staying(
    groups: Sequence[_Group],
    old: Sequence[str],
    new: Sequence[str],
    yielded: set[Link],
    light: Collection[str],
) -> set[int]:
    """The positions of the groups that keep their order.

    Equal paragraphs do before edited ones, `yielded` ones only if none minds.
    """
    places = [_place(group, old, new) for group in groups]
    if in_order(places):
        return set(range(len(groups)))
    links: list[tuple[int, int, Weight]] = []
    for place, group in zip(places, groups, strict=True):
        size = sum(len(old[at]) for at in group[0]) + sum(len(new[at]) for at in group[1])
        if not _is_equal(group, old, new):
            weight = (0, min(size, 2 * FURNITURE), size)
        elif place in yielded:
            weight = (0, 0, size)
        else:
            weight = (anchorage(old[place[0]], light), 0, size)
        links.append((*place, weight))
    return heaviest_chain(links)


def _is_equal(group: _Group, old: Sequence[str], new: Sequence[str]) -> bool:
    return len(group[0]) == len(group[1]) == 1 and old[group[0][0]] == new[group[1][0]]


def _place(group: _Group, old: Sequence[str], new: Sequence[str]) -> Link:
    return _longest(group[0], old), _longest(group[1], new)


def _longest(indexes: tuple[int, ...], texts: Sequence[str]) -> int:
    return indexes[0] if len(indexes) == 1 else max(indexes, key=lambda at: len(texts[at]))


def _groups(links: Iterable[Link], old: Sequence[str], new: Sequence[str]) -> list[_Group]:
    """The connected components of the links, by their first old paragraph."""
    links = sorted(links)
    if len({i for i, _ in links}) == len({j for _, j in links}) == len(links):
        return [((i,), (j,)) for i, j in links]
    of_old: dict[int, int] = {}
    of_new: dict[int, int] = {}
    members: dict[int, list[Link]] = {}
    for number, (i, j) in enumerate(links):
        members[number] = [(i, j)]
        for known in {of_old.get(i, number), of_new.get(j, number)} - {number}:
            members[number] += members.pop(known)
        for a, b in members[number]:
            of_old[a] = of_new[b] = number
    groups: list[_Group] = []
    for linked in members.values():
        groups += _components(linked, old, new)
    return sorted(groups)


def _components(linked: list[Link], old: Sequence[str], new: Sequence[str]) -> list[_Group]:
    olds, news = sorted({i for i, _ in linked}), sorted({j for _, j in linked})
    # Joined by line feeds, paragraphs that hold some themselves could not be told apart again.
    torn = len(olds) > 1 and any("\n" in old[at] for at in olds)
    if torn or (len(news) > 1 and any("\n" in new[at] for at in news)):
        return [((i,), (j,)) for i, j in one_each(sorted(linked))]
    return [(tuple(olds), tuple(news))]


def _same(i: int, j: int, text: str) -> Edit:
    return Edit("equal", (i,), (j,), False, 1.0, ((0, text),))


def _edit(group: _Group, moved: bool, old: Sequence[str], new: Sequence[str], start: int) -> Edit:
    """The edit of a group of paragraphs of `old` and `new`, whose first stand at `start`."""
    olds, news = group
    if _is_equal(group, old, new):
        text = new[news[0]]
        return Edit("equal", (olds[0] + start,), (news[0] + start,), moved, 1.0, ((0, text),))
    shifted = (tuple(at + start for at in olds), tuple(at + start for at in news))
    before, after = "\n".join(old[at] for at in olds), "\n".join(new[at] for at in news)
    op: Op = "replace"
    if len(olds) == 1 < len(news):
        op = "split"
    elif len(news) == 1 < len(olds):
        op = "merge"
    steps = words(before, after)
    return Edit(op, *shifted, moved, likeness(steps), steps)


def _says_nothing(edit: Edit) -> bool:
    """Whether a link survived that no reader could see: nearly every word struck and rewritten.

    Two paragraphs may share words that the word diff drops as chance; then the honest report is
    one gone and one new. Changes of case, marks or order alone are kept, however much they touch.
    """
    if edit.op != "replace" or len(edit.old) > 1:
        return False
    before, after = side(edit.words, -1), side(edit.words, 1)
    same = sum(len(text) for op, text in edit.words if op == 0)
    if same >= _VISIBLE * min(len(before), len(after)):
        return False
    # A sentence turned round has nothing in its place and is still the same.
    gone, come = words_of(before), words_of(after)
    return 2 * (Counter(gone) & Counter(come)).total() < _TURNED * (len(gone) + len(come))


def _really_moved(edits: list[Edit], old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """The edits, moved only where one that stays stands on another side of them."""
    places = [(_longest(edit.old, old), _longest(edit.new, new)) for edit in edits]
    stay = [place for edit, place in zip(edits, places, strict=True) if not edit.moved]
    told: list[Edit] = []
    for edit, (i, j) in zip(edits, places, strict=True):
        moved = edit.moved and any((a < i) != (b < j) for a, b in stay)
        if not moved:
            stay.append((i, j))
        told.append(replace(edit, moved=moved))
    return told


def _lone(op: Op, olds: tuple[int, ...], news: tuple[int, ...], steps: tuple[Word, ...]) -> Edit:
    return Edit(op, olds, news, False, 0.0, steps)


def ordered(edits: list[Edit], deletes: list[Edit]) -> tuple[Edit, ...]:
    """By first new paragraph; a delete right after the last edit before it that stayed."""
    edits.sort(key=lambda edit: edit.new)
    walls = [edit.old[0] for edit in edits if edit.old and not edit.moved]
    after: dict[int, list[Edit]] = {}
    for delete in deletes:
        place = bisect_right(walls, delete.old[0])
        after.setdefault(walls[place - 1] if place else -1, []).append(delete)
    ordered = after.get(-1, [])
    for edit in edits:
        ordered.append(edit)
        if edit.old and not edit.moved:
            ordered += after.get(edit.old[0], [])
    return tuple(ordered)
