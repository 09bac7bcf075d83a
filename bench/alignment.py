"""How well and how fast versions are aligned, on real revisions: python bench/alignment.py

Needs the data folder beside the repository (../shared/data); says so if it is not there. Links
are pairs (old, new) that stand in one edit; equal text counts as a link like any other.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from watcher.core.align import align  # noqa: E402
from watcher.core.model import Edit  # noqa: E402
from watcher.core.similarity import features, overlap  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
Links = set[tuple[int, int]]


@dataclass(frozen=True)
class Pair:
    """What was judged of one pair of versions; `texts` where the links are of paragraphs."""

    name: str
    found: set[Any]
    true: set[Any]
    texts: tuple[Sequence[str], Sequence[str]] | None

    @property
    def mistakes(self) -> int:
        """How many links were invented or missed."""
        return len(self.found ^ self.true)


@dataclass
class Score:
    """Counts of right, found and true links, and the pairs with most mistakes."""

    right: int = 0
    found: int = 0
    true: int = 0
    pairs: list[Pair] = field(default_factory=list)

    def add(
        self,
        name: str,
        found: set[Any],
        true: set[Any],
        texts: tuple[Sequence[str], Sequence[str]] | None = None,
    ) -> None:
        """Counts one pair of versions."""
        self.right += len(found & true)
        self.found += len(found)
        self.true += len(true)
        if found != true:
            self.pairs.append(Pair(name, found, true, texts))

    def __str__(self) -> str:
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.true if self.true else 1.0
        both = 2 * self.right / (self.found + self.true) if self.found + self.true else 1.0
        return f"F1 {both:.4f}  precision {precision:.4f}  recall {recall:.4f}  of {self.true}"

    def worst(self, count: int) -> None:
        """Prints the pairs with most mistakes, and why each link was drawn or not."""
        for pair in sorted(self.pairs, key=lambda pair: -pair.mistakes)[:count]:
            print(f"    {pair.name}: {pair.mistakes} mistakes")
            for link in sorted(pair.found ^ pair.true):
                print(f"        {reason(pair, link)}")


def reason(pair: Pair, link: Any) -> str:
    """Why a link was invented or missed, as far as the texts can tell."""
    kind = "invented" if link in pair.found else "missed"
    if pair.texts is None:
        return f"{kind} {link}"
    (i, j), (old, new) = link, pair.texts
    if old[i] == new[j]:
        return f"{kind} {link}: the same text; the readers left it unlinked"
    left, right = features(old, new)
    loose = sum(n * left[i].weight[c] for c, n in (left[i].bag & right[j].bag).items())
    said = overlap(i, j, left[i], right[j], loose)
    shares = f"{said.of_old:.0%} of the old and {said.of_new:.0%} of the new stand in the other"
    others = sorted(a for a in pair.found | pair.true if a != link and (a[0] == i or a[1] == j))
    told = [a for a in others if a in pair.true], [a for a in others if a in pair.found]
    if kind == "invented":
        why = f"the readers chose {told[0]} alone" if told[0] else "the readers see two paragraphs"
    elif told[1]:
        why = f"{told[1]} took its place"
    elif any((a < i) != (b < j) for a, b in pair.found if a != i and b != j) and said.both > 0.5:
        why = "out of order, and not the same beyond doubt"
    else:
        why = "too few words in common"
    return f"{kind} {link}: {shares}; {why}"


def main(argv: Sequence[str]) -> int:
    """Prints the table, with `--worst` the ten worst pairs of each measure. 3 without data."""
    if not DATA.is_dir():
        print(f"bench alignment: there is no data folder at {DATA}; nothing measured")
        return 3
    worst = 10 if "--worst" in argv else 0
    for measure in (human, moves_splits_merges, false_moves):
        measure(worst)
    speed()
    return 0


def read(path: str) -> Iterator[Any]:
    """The objects of a gzipped JSON-lines file of the data folder."""
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def links_of(edits: Iterable[Edit]) -> Links:
    """All pairs of old and new indexes that stand in one edit."""
    return {(i, j) for edit in edits for i in edit.old for j in edit.new}


def difflib_links(old: Sequence[str], new: Sequence[str]) -> Links:
    """What a plain matcher finds: equal runs, and replaced runs paired in order by ratio."""
    links: Links = set()
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            links |= set(zip(range(i, i_end), range(j, j_end), strict=True))
        elif tag == "replace":
            links |= {
                (a, b)
                for a, b in zip(range(i, i_end), range(j, j_end), strict=False)
                if SequenceMatcher(None, old[a], new[b], autojunk=False).ratio() > 0.5
            }
    return links


def human_pairs(kind: str) -> Iterator[tuple[str, list[str], list[str], Links]]:
    """The pairs with human alignment, by sentence or by paragraph, with 0-based links."""
    key = {"sentences": "i", "paragraphs": "para"}[kind]
    for pair in read("alignment_human/pairs.jsonl.gz"):
        old, new = pair[f"old_{kind}"], pair[f"new_{kind}"]
        at_old = {each[key]: at for at, each in enumerate(old)}
        at_new = {each[key]: at for at, each in enumerate(new)}
        raw = pair["links"] if kind == "sentences" else (
            [(each["old"], each["new"]) for each in pair["para_links"]]
        )  # fmt: skip
        links = {(at_old[i], at_new[j]) for i, j in raw}
        yield pair["pair"], [e["text"] for e in old], [e["text"] for e in new], links


def tuned_half(names: Iterable[str]) -> set[str]:
    """The essays on which parameters were chosen; the others verify them. Both drafts of one
    essay stand on one side."""
    essays = sorted({name.split("_")[0] for name in names})
    random.Random(7).shuffle(essays)
    return set(essays[: len(essays) // 2])


def human(worst: int) -> None:
    """Links that people drew between drafts; changed ones are those between unequal texts."""
    for kind in ("sentences", "paragraphs"):
        pairs = list(human_pairs(kind))
        tuned = tuned_half(name for name, *_ in pairs)
        plain, ours, changed, ordered = Score(), Score(), Score(), Score()
        halves = {True: Score(), False: Score()}
        for name, old, new, true in pairs:
            edits = align(old, new)
            found = links_of(edits)
            ordered.add(name, links_of(edit for edit in edits if not edit.moved), true)
            plain.add(name, difflib_links(old, new), true)
            ours.add(name, found, true, (old, new))
            halves[name.split("_")[0] in tuned].add(name, found, true)
            differ = {(i, j) for i, j in found | true if old[i] != new[j]}
            changed.add(name, found & differ, true & differ)
        print(f"human {kind}, difflib: {plain}")
        print(f"human {kind}:          {ours}")
        print(f"  half tuned on:      {halves[True]}")
        print(f"  half held out:      {halves[False]}")
        print(f"  changed links only: {changed}")
        # The readers drew none out of order: the rest are moves they did not look for.
        print(f"  not moved only:     {ordered}")
        ours.worst(worst)


def moves_splits_merges(worst: int) -> None:
    """Provable identities, splits and merges; and how often no more moved than had to."""
    same, splits, merges = Score(), Score(), Score()
    few = total = 0
    for number, pair in enumerate(read("moves_splits_merges/pairs.jsonl.gz")):
        old, new = pair["old"], pair["new"]
        name = f"{number} {pair['story']}"
        edits = align(old, new)
        true = {(i, j) for i, j in pair["same"]}
        olds, news = {i for i, _ in true}, {j for _, j in true}
        # Of the links of paragraphs that are told to stay themselves; others are not judged.
        found = {(i, j) for i, j in links_of(edits) if i in olds and j in news}
        same.add(name, found, true)
        parts = {(e.old, e.new) for e in edits if e.op in ("split", "merge")}
        cut = {((i,), tuple(js)) for i, js in pair["splits"]}
        glued = {(tuple(i), (j,)) for i, j in pair["merges"]}
        splits.add(name, {p for p in parts if len(p[0]) == 1 and judged(p, cut, true)}, cut)
        merges.add(name, {p for p in parts if len(p[1]) == 1 and judged(p, glued, true)}, glued)
        total += 1
        moved = sum(e.moved for e in edits if e.old[:1] and any(i in olds for i in e.old))
        few += moved <= least_moved(true)
    print(f"identities: {same}")
    same.worst(worst)
    print(f"splits:     {splits}")
    splits.worst(worst)
    print(f"merges:     {merges}")
    merges.worst(worst)
    print(f"moved within the minimum: {few / total:.4f} of {total} pairs")


def judged(group: Any, true: set[Any], same: Links) -> bool:
    """Whether the truth says anything about a split or merge: part of one, or of an identity.

    The truth holds what exact text proves; edited splits beside it are no mistakes.
    """
    olds, news = set(group[0]), set(group[1])
    for told_olds, told_news in (*true, *(((i,), (j,)) for i, j in same)):
        if olds & set(told_olds) or news & set(told_news):
            return True
    return False


def least_moved(links: Links) -> int:
    """How many links must be called moved at the least."""
    tails: list[int] = []
    for _, j in sorted(links):
        at = next((k for k, tail in enumerate(tails) if tail >= j), len(tails))
        tails[at : at + 1] = [j]
    return len(links) - len(tails)


def false_moves(worst: int) -> None:
    """Moves in adjacent versions whose common paragraphs keep their order.

    A common paragraph that is said to have moved is provably false. One edited on the way may
    truly have moved: these are counted apart, to be read.
    """
    for name in ("versions", "noted_updates", "agency_posts"):
        pairs = moves = edited = 0
        shown: list[str] = []
        last: Any = None
        for version in read(f"page_versions/{name}.jsonl.gz"):
            if last is not None and last["story"] == version["story"]:
                old, new = last["paragraphs"], version["paragraphs"]
                if in_order(old, new):
                    pairs += 1
                    for edit in align(old, new):
                        moves += edit.moved and edit.op == "equal"
                        edited += edit.moved and edit.op != "equal"
                        if edit.moved and len(shown) < worst:
                            shown.append(
                                f"    {edit.similarity:.2f} {old[edit.old[0]][:80]!r} -> "
                                f"{new[edit.new[0]][:80]!r}"
                            )
            last = version
        print(f"false moves, {name}: {moves} in {pairs} pairs; moved and edited: {edited}")
        print("\n".join(shown) if shown else "", end="\n" if shown else "")


def in_order(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the texts that both versions hold stand in one order."""
    common = set(old) & set(new)
    return [text for text in old if text in common] == [text for text in new if text in common]


def speed() -> None:
    """The three cases of the issue, best of several, and the memory of the largest."""
    lines = [
        f"On day {n} of the talks officials in town {n * 7 % 31} said that {n * 13} people had "
        f"come and that none of the {n % 17} roads to the coast was open to lorries yet."
        for n in range(400)
    ]
    forty = lines[:40]
    small = [*forty[:10], "A wholly fresh paragraph tells of rain.", *forty[10:]]
    small[30] = small[30].replace("none", "one")
    large = list(lines)
    for at in range(5, 400, 80):
        large[at] = large[at].replace("coast", "border")
    for at in range(0, 400, 40):
        large.insert(at, f"Fresh words number {at} speak of the harbour and of nothing else.")
    old = [" ".join(f"old{n * k % 9973}" for k in range(1, 40)) for n in range(1, 2001)]
    new = [" ".join(f"new{n * k % 9973}" for k in range(1, 40)) for n in range(1, 2001)]
    print(f"40 paragraphs, one edited, one added: {1000 * best(forty, small, 500):.2f} ms")
    print(f"400 paragraphs, ten inserted, five edited: {1000 * best(lines, large, 30):.1f} ms")
    print(f"2,000 paragraphs, nothing in common: {best(old, new, 1):.2f} s")
    tracemalloc.start()
    align(old, new)
    print(f"  peak memory of that: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")
    tracemalloc.stop()
    tangled_old, tangled_new = tangle(1), tangle(2)
    print(f"2,000 paragraphs of the same 500 words: {best(tangled_old, tangled_new, 1):.2f} s")
    tracemalloc.start()
    align(tangled_old, tangled_new)
    print(f"  peak memory of that: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")
    tracemalloc.stop()


def tangle(seed: int) -> list[str]:
    """2,000 paragraphs of a small vocabulary in no order, as hard as texts can be."""
    state = seed
    texts = []
    for _ in range(2000):
        words = []
        for _ in range(40):
            state = (state * 1103515245 + 12345) % 2**31
            words.append(f"w{state // 65536 % 500}")
        texts.append(" ".join(words))
    return texts


def best(old: Sequence[str], new: Sequence[str], times: int) -> float:
    """The shortest of some runs of align(), in seconds of this process: others do not count."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        align(old, new)
        taken.append(time.process_time() - start)
    return min(taken)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
