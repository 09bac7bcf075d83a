"""Which links of a text lead elsewhere, came or went, and how to say it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from watcher.core.model import Edit, Link, LinkChange, Snapshot
from watcher.core.urls import link_form

_Side = dict[int, list[Link]]


def compare_links(edits: Sequence[Edit], old: Snapshot, new: Snapshot) -> tuple[LinkChange, ...]:
    """What became of the links of paragraphs that stayed, in page order. Linear in their number.

    In paragraphs that belong together, a link is the same one if its words are, then if it leads
    to the same place; what is left on both sides is one link, if it is one on each side. What
    came or went with a whole paragraph is no change of a link, nor is one that left its paragraph
    for another.
    """
    if not old.links and not new.links:
        return ()
    before, after = _by_paragraph(old.links), _by_paragraph(new.links)
    changed: list[LinkChange] = []
    gone: list[Link] = []
    come: list[Link] = []
    carried: Counter[str] = Counter()
    for edit in edits:
        olds = [link for at in edit.old for link in before.get(at, ())]
        news = [link for at in edit.new for link in after.get(at, ())]
        if not edit.old or not edit.new:
            carried.update(link_form(link.url) for link in (*olds, *news))
        elif [link_form(link.url) for link in olds] != [link_form(link.url) for link in news]:
            pairs, rest, others = _paired(olds, news, old, new)
            changed += [LinkChange(_words(b, new), a, b) for a, b in pairs]
            gone += rest
            come += others
    for link in _without(gone, come, carried):
        changed.append(LinkChange(_words(link, old), link, None))
    for link in _without(come, gone, carried):
        changed.append(LinkChange(_words(link, new), None, link))
    if not changed and [p.text for p in old.paragraphs] == [p.text for p in new.paragraphs]:
        changed += _one_by_one(old, new)
    return tuple(sorted(changed, key=_place))


def _by_paragraph(links: Iterable[Link]) -> _Side:
    found: _Side = defaultdict(list)
    for link in links:
        found[link.paragraph].append(link)
    return found


def _paired(
    olds: Sequence[Link], news: Sequence[Link], old: Snapshot, new: Snapshot
) -> tuple[list[tuple[Link, Link]], list[Link], list[Link]]:
    """The links that lead elsewhere now, those that went and those that came."""
    waiting: dict[str, list[Link]] = defaultdict(list)
    for link in reversed(news):
        waiting[_words(link, new)].append(link)
    same = [(a, waiting[words].pop()) for a in olds if waiting.get(words := _words(a, old))]
    taken = {id(link) for pair in same for link in pair}
    rest = [link for link in olds if id(link) not in taken]
    others = [link for link in news if id(link) not in taken]
    rest, others = _without(rest, others), _without(others, rest)
    if len(rest) == len(others) == 1:
        same.append((rest.pop(), others.pop()))
    return [(a, b) for a, b in same if link_form(a.url) != link_form(b.url)], rest, others


def _without(
    links: Iterable[Link], others: Iterable[Link], more: Counter[str] | None = None
) -> list[Link]:
    """The links that lead where none of the others does, each as often as it does not."""
    there = Counter(link_form(link.url) for link in others)
    there.update(more or {})
    left = []
    for link in links:
        form = link_form(link.url)
        if there[form]:
            there[form] -= 1
        else:
            left.append(link)
    return left


def _one_by_one(old: Snapshot, new: Snapshot) -> Iterator[LinkChange]:
    """Links of one text that only changed places among other words, as they follow each other."""
    for a, b in zip_longest(old.links, new.links):
        if a is None or b is None or link_form(a.url) != link_form(b.url):
            yield LinkChange(_words(a, old) if b is None else _words(b, new), a, b)


def _words(link: Link, snapshot: Snapshot) -> str:
    return snapshot.paragraphs[link.paragraph].text[link.start : link.end]


def _place(change: LinkChange) -> tuple[int, int, bool]:
    link = change.new or change.old
    return (0, 0, False) if link is None else (link.paragraph, link.start, change.new is None)


def describe_links(changes: Sequence[LinkChange]) -> str:
    """For example "2 links changed, 1 added"; empty if there is nothing to say."""
    ways = Counter(
        "added" if each.old is None else "removed" if each.new is None else "changed"
        for each in changes
    )
    told = [(ways[way], way) for way in ("changed", "added", "removed") if ways[way]]
    if not told:
        return ""
    (count, way), *rest = told
    first = f"{count} {'link' if count == 1 else 'links'} {way}"
    return ", ".join([first, *(f"{n} {what}" for n, what in rest)])
