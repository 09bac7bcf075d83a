"""Which old paragraphs became which new ones: equal text first, then likeness, then order."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence

from watcher.core.candidates import candidates
from watcher.core.carried import Claimed, carried
from watcher.core.chain import Weight, heaviest_chain, in_order, outweighed, passed_over
from watcher.core.even import even_pairs
from watcher.core.exact import Link, anchorage, exact_links
from watcher.core.firm import Proof, is_firm, is_look_alike
from watcher.core.parts import touching
from watcher.core.similarity import Features, Overlap, features, weight_of
from watcher.core.words import words

# Of the weight of two paragraphs this much is shared. In order, position speaks for a pair as
# well: on human alignments (revised essays, retold fables, German texts made simpler) going from
# 0.28 to this found more true pairs at the same precision, which 0.2 began to cost. Out of order
# nothing else speaks, so only what nobody would call a coincidence counts.
IN_ORDER = 0.22
ANYWHERE = 0.75
# A turn of phrase ("it is no secret that") is soon half of a short text: fewer words than these
# prove nothing unless they are this much of both. With six, look-alikes came in; with ten, short
# reworded paragraphs went out.
WORDS = 8
FEW = 0.35
# What is left when all that keeps its order is linked has little else to belong to.
LEFT_OVER = 0.6
# Beside a link that moved, a pair out of order needs less (and firm.Proof has the last word).
BESIDE = 0.4
# A part belongs to a whole if at least this share of its words is found there, unclaimed by
# other parts, with a run of words that does not come about by chance: from 0.3 and from runs of
# four down, wrong parts grew faster than right ones on human paragraphs and sentences.
PART = 0.35
RUN = 5
# A containment link says less than a link of wholes of the same share.
DISCOUNT = 0.8


def find_links(
    old: Sequence[str], new: Sequence[str], light: Collection[str], proof: Proof
) -> tuple[list[Link], set[Link]]:
    """Pairs (old, new) of paragraphs that carry the same content, sorted; and which gave way.

    An index may stand in several pairs (a split or a merge) or in none (insert or delete). A pair
    that gave way is of equal text, crosses heavier edited pairs, and so is the one that moved.
    Pairs of equal text of `light` that are in the way of a heavier edited pair are left out.
    `proof` tells which edited pairs may be out of order.
    """
    exact = exact_links(old, new, light)
    gone, come = {i for i, _ in exact}, {j for _, j in exact}
    olds = [at for at in range(len(old)) if at not in gone]
    news = [at for at in range(len(new)) if at not in come]
    if not olds or not news:
        return exact, set()
    left, right = features([old[at] for at in olds], [new[at] for at in news])
    search = _Search(old, new, (exact, light, proof), (olds, news), (left, right))
    return search.links(), search.yielded


class _Search:
    """The links among paragraphs that are equal to none."""

    def __init__(
        self,
        old: Sequence[str],
        new: Sequence[str],
        known: tuple[list[Link], Collection[str], Proof],
        free: tuple[list[int], list[int]],
        said: tuple[list[Features], list[Features]],
    ) -> None:
        self._texts = (old, new)
        exact, self._light, self._proof = known
        self._found = list(exact)
        self._exact = set(exact)
        self._olds, self._news = free
        self._left, self._right = said
        self._drawn: dict[Link, Overlap] = {}
        self._old_mask: dict[int, int] = defaultdict(int)
        self._new_mask: dict[int, int] = defaultdict(int)
        self._old_taken: set[int] = set()
        self._new_taken: set[int] = set()
        self.yielded: set[Link] = set()
        self._pairs = candidates(self._left, self._right, self._opposite())
        self.yielded = self._outweighed()

    def links(self) -> list[Link]:
        self._take_sure()
        self._let_go()
        self._take_beside()
        self._take_parts()
        self._take_wholes(IN_ORDER, ordered=True)
        self._take_parts()
        self._take_carried()
        self._take_wholes(LEFT_OVER, ordered=False)
        loose = (set(self._olds), set(self._news))
        loose[0].difference_update(i for i, _ in self._found)
        loose[1].difference_update(j for _, j in self._found)
        fresh = [link for link in self._found if link not in self._exact]
        return sorted(self._found + touching(*self._texts, fresh, loose))

    def _opposite(self) -> list[Link]:
        """Positions of free paragraphs at the same place of a gap with as many on both sides."""
        walls = self._chain()
        gaps: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for which, places in enumerate((self._olds, self._news)):
            for position, at in enumerate(places):
                gaps[bisect_left(walls[which], at)][which].append(position)
        even = (gap for gap in gaps.values() if len(gap[0]) == len(gap[1]))
        return [pair for gap in even for pair in zip(*gap, strict=True)]

    def _outweighed(self) -> set[Link]:
        if not self._exact:
            return set()
        old, new = self._texts
        aside = passed_over(old, new, self._found, self._likely(FEW), self._light)
        self._found = [link for link in self._found if link not in aside]
        self._exact.difference_update(aside)
        # Edited paragraphs that are firm can be told to have moved; others would be lost.
        return {
            link
            for link, passed in outweighed(old, new, self._found, self._likely(ANYWHERE)).items()
            if not all(is_firm(words(old[i], new[j])) for i, j in passed)
        }

    def _likely(self, least: float) -> dict[Link, float]:
        """The likeliest pairs, one for each index, and how alike they are."""
        scored = [(self._score(pair), pair.old, pair.new) for pair in self._pairs]
        strong = sorted((-score, i, j) for score, i, j in scored if score >= least)
        scores = {(self._olds[i], self._news[j]): -score for score, i, j in strong}
        return {link: scores[link] for link in one_each(list(scores))}

    def _take_sure(self) -> None:
        """Nearly equal pairs: of partners nearly as like, the one that keeps the order."""
        old, new = self._texts
        free = [old[at] for at in self._olds], [new[at] for at in self._news]
        scored = [(self._score(pair), pair) for pair in self._pairs]
        even = even_pairs(scored, free, ANYWHERE)
        links = [(*link, self._weight(link)) for link in self._found]
        for score, pair in even:
            i, j = self._olds[pair.old], self._news[pair.new]
            # Of what is quite even, that which is nearest.
            links.append((i, j, (0, round(1000 * score), -abs(i - j))))
        chain = heaviest_chain(links) if even else set()
        for at, (_, pair) in enumerate(even, len(self._found)):
            if at in chain:
                self._take(pair)
        self._take_wholes(ANYWHERE, ordered=False)

    def _take_beside(self) -> None:
        """Pairs out of order right beside links that are so, too: blocks move together."""
        if in_order(self._found):
            return
        scored = [(self._score(pair), pair) for pair in self._pairs if self._both_free(pair)]
        ranked = sorted(
            ((score, pair) for score, pair in scored if score >= BESIDE),
            key=lambda item: (-item[0], item[1].old, item[1].new),
        )
        beside = set(self._found)
        for _, pair in ranked:
            i, j = self._olds[pair.old], self._news[pair.new]
            if beside.isdisjoint(((i - 1, j - 1), (i + 1, j + 1))) or not self._both_free(pair):
                continue
            if self._proof.holds((i, j), beside):
                self._take(pair)
                beside.add((i, j))

    def _let_go(self) -> None:
        """Gives up links that are out of order and not firm, so that others can be found."""
        if in_order(self._found):
            return
        stay = set(zip(*self._chain(), strict=True))
        kept = {
            link: pair
            for link, pair in self._drawn.items()
            if link in stay or self._proof.holds(link, self._exact)
        }
        if len(kept) == len(self._drawn):
            return
        self._found = sorted(self._exact)
        self._drawn = {}
        for held in (self._old_mask, self._new_mask, self._old_taken, self._new_taken):
            held.clear()
        for pair in kept.values():
            self._take(pair)

    def _take_wholes(self, least: float, *, ordered: bool) -> None:
        scored = [(self._score(pair), pair) for pair in self._pairs if self._both_free(pair)]
        strong = [(score, pair) for score, pair in scored if score >= least]
        strong.sort(key=lambda item: (-item[0], item[1].old, item[1].new))
        walls = self._chain() if ordered and strong else None
        for score, pair in strong:
            if not self._both_free(pair):
                continue
            if walls is not None:
                if pair.common < WORDS and score < FEW:
                    continue
                i, j = self._olds[pair.old], self._news[pair.new]
                gap = bisect_left(walls[0], i)
                if gap != bisect_left(walls[1], j):
                    continue
                if is_look_alike(self._texts[0][i], self._texts[1][j]):
                    continue
                walls[0].insert(gap, i)
                walls[1].insert(gap, j)
            self._take(pair)

    def _both_free(self, pair: Overlap) -> bool:
        return pair.old not in self._old_taken and pair.new not in self._new_taken

    def _score(self, pair: Overlap) -> float:
        part = max(pair.of_old, pair.of_new) if pair.run >= RUN else 0.0
        return max(pair.both, DISCOUNT * part)

    def _take_parts(self) -> None:
        ranked: list[tuple[float, Overlap]] = []
        for pair in self._pairs:
            if (pair.old in self._old_taken) == (pair.new in self._new_taken):
                continue
            share = self._fresh_share(pair)
            if share >= PART:
                ranked.append((share, pair))
        ranked.sort(key=lambda item: (-item[0], item[1].old, item[1].new))
        for _, pair in ranked:
            free = (pair.old not in self._old_taken) or (pair.new not in self._new_taken)
            if free and self._fresh_share(pair) >= PART:
                self._take(pair)

    def _take_carried(self) -> None:
        """Sentences carried over the border between neighbours that are linked already."""
        olds = {
            at: Claimed(self._left[position].code, self._old_mask[position])
            for position, at in enumerate(self._olds)
        }
        news = {
            at: Claimed(self._right[position].code, self._new_mask[position])
            for position, at in enumerate(self._news)
        }
        self._found += carried(self._drawn, olds, news)

    def _fresh_share(self, pair: Overlap) -> float:
        """How much of the free side the taken side holds that no other link has claimed."""
        if pair.run < RUN:
            return 0.0
        left, right = self._left[pair.old], self._right[pair.new]
        if pair.old in self._old_taken:
            fresh = weight_of(pair.old_mask & ~self._old_mask[pair.old], left.weights)
            return fresh / right.total if right.total else 0.0
        fresh = weight_of(pair.new_mask & ~self._new_mask[pair.new], right.weights)
        return fresh / left.total if left.total else 0.0

    def _take(self, pair: Overlap) -> None:
        link = (self._olds[pair.old], self._news[pair.new])
        self._found.append(link)
        self._drawn[link] = pair
        self._old_taken.add(pair.old)
        self._new_taken.add(pair.new)
        self._old_mask[pair.old] |= pair.old_mask
        self._new_mask[pair.new] |= pair.new_mask

    def _chain(self) -> tuple[list[int], list[int]]:
        """The old and the new indexes of links that keep their order, as many as can."""
        weighed = [(*link, self._weight(link)) for link in one_each(self._found)]
        chain = sorted(weighed[at][:2] for at in heaviest_chain(weighed))
        return [i for i, _ in chain], [j for _, j in chain]

    def _weight(self, link: Link) -> Weight:
        size = len(self._texts[0][link[0]])
        if link in self.yielded:
            return (0, 0, size)
        held = anchorage(self._texts[0][link[0]], self._light) if link in self._exact else 0
        return (held, 1000, size)


def one_each(links: Sequence[Link]) -> list[Link]:
    """The links without those whose old or new index an earlier one has."""
    gone: set[int] = set()
    come: set[int] = set()
    kept: list[Link] = []
    for i, j in links:
        if i not in gone and j not in come:
            kept.append((i, j))
            gone.add(i)
            come.add(j)
    return kept
