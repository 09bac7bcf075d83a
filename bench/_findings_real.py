"""Part of bench findings: real updates with their publisher's notes, and revised essays."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from bench._findings_pairs import told
from bench._roc import auc, best, rates
from config.lexicons import shipped_lexicons
from watcher.core.compare import compare
from watcher.core.findings.find import find
from watcher.core.model import Change, Paragraph, Snapshot

_KINDS = {"h": "heading", "p": "paragraph", "li": "list-item"}
_EDITORIAL = "editorial change"
_SURFACE = frozenset({"Word-Usage/Clarity", "Conventions/Grammar/Spelling"})
_STYLE = frozenset({"spelling-changed", "typography-changed", "wording-changed"})
_HEAVY = ("notable", "critical")


def _read(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _snapshot(paragraphs: Sequence[tuple[str, str]]) -> Snapshot:
    return Snapshot(
        headline="", byline=None, published=None, modified=None, language="en",
        paragraphs=tuple(Paragraph(kind, text) for kind, text in paragraphs),
    )  # fmt: skip


def _found(old: Snapshot, new: Snapshot) -> Change:
    return find(old, new, compare(old, new), lexicons=shipped_lexicons())


# -- real updates with notes ---------------------------------------------------------------------


class Update(NamedTuple):
    """One real update: its note, whether that makes it substantive, and what was found."""

    page: str
    note: str
    substantive: bool
    heavy: bool
    score: float
    length: int
    findings: tuple[str, ...]


Rows = list[dict[str, Any]]


def measure_notes(data: Path) -> dict[str, Any]:
    """Score and weight against the publisher's "Editorial change", beside the length of change.

    The data set has a page in parts, with one note for all that changed: it is told both by
    part, as the set has them, and of the whole page, where a text may move from part to part.
    """
    parts: dict[str, Rows] = defaultdict(list)
    for row in _read(data / "page_versions" / "noted_updates.jsonl.gz"):
        parts[row["story"]].append(row)
    pages: dict[str, Rows] = defaultdict(list)
    for name, rows in parts.items():
        pages[name.rpartition("/")[0]] += rows
    return {
        "parts": _weighed(u for name, rows in parts.items() for u in _by_part(name, rows)),
        "pages": _weighed(u for name, rows in pages.items() for u in _by_page(name, rows)),
    }


def _weighed(found: Iterable[Update]) -> dict[str, Any]:
    updates = list(found)
    lengths = [float(each.length) for each in updates]
    truth = [each.substantive for each in updates]
    return {
        "updates": len(updates),
        "substantive": sum(truth),
        "score": {
            "auc": auc([each.score for each in updates], truth),
            **rates([each.heavy for each in updates], truth),
            "threshold": "weight notable or critical",
        },
        "length": {"auc": auc(lengths, truth), **best(lengths, truth, "characters")},
        "mistakes": [each._asdict() for each in updates if each.heavy != each.substantive],
    }


def _by_part(name: str, rows: Rows) -> Iterator[Update]:
    for before, after in pairwise(sorted(rows, key=lambda row: row["version"])):
        if not after["mass"] and after["version"] == before["version"] + 1:
            yield _update(name, after["note"], [before], [after])


def _by_page(name: str, rows: Rows) -> Iterator[Update]:
    """What changed of a page at one time, with the parts that it had by then."""
    times: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for row in rows:
        times[row["time"], row["commit"]][row["story"]] = row
    latest: dict[str, Any] = {}
    for _, changed in sorted(times.items()):
        before = dict(latest)
        latest |= changed
        if changed.keys() <= before.keys() and not any(row["mass"] for row in changed.values()):
            order = sorted(before)
            note = next(iter(changed.values()))["note"]
            yield _update(name, note, [before[s] for s in order], [latest[s] for s in order])


def _update(page: str, note: str | None, before: Rows, after: Rows) -> Update:
    change = _found(_page(before), _page(after))
    return Update(
        page,
        note or "",
        (note or "").strip().casefold() != _EDITORIAL,
        change.weight in _HEAVY,
        change.score,
        sum(len(text) for edit in change.edits for op, text in edit.words if op),
        tuple(map(told, change.findings)),
    )


def _page(rows: Rows) -> Snapshot:
    return _snapshot(
        [
            (_KINDS.get(kind, "paragraph"), text)
            for row in rows
            for kind, text in zip(row["kinds"], row["paragraphs"], strict=True)
        ]
    )


def print_notes(figures: Mapping[str, Any]) -> None:
    """Prints a table for the parts of pages and one for whole pages."""
    for name, of in (("parts", "parts of pages"), ("pages", "whole pages")):
        row = figures[name]
        print(f"\nReal updates of {of} with their publisher's notes: {row['updates']}, of which "
              f"{row['substantive']} are not \"Editorial change\"\n")  # fmt: skip
        print(f"{'':12}{'ROC AUC':>9}{'precision':>11}{'recall':>8}  threshold")
        for line in ("score", "length"):
            told_of = row[line]
            cells = (_share(told_of[key]) for key in ("auc", "precision", "recall"))
            print("{:12}{:>9}{:>11}{:>8}  {}".format(line, *cells, told_of["threshold"]))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def show_notes(figures: Mapping[str, Any], count: int) -> None:
    """Prints updates that were weighed otherwise than their note says."""
    mistakes = figures["parts"]["mistakes"]
    step = max(1, len(mistakes) // count) if count else 1
    for row in mistakes[::step][:count]:
        print(f"\n{row['page']}: {row['note']!r}, score {row['score']}, {row['length']} characters")
        for each in row["findings"][:8]:
            print(f"    {each}")


# -- revised essays ------------------------------------------------------------------------------


class Revision(NamedTuple):
    """One revision of an essay: old and new sentences by number, and whether it is surface."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    surface: bool


def measure_essays(data: Path) -> dict[str, Any]:
    """Surface against content revisions: macro F1, each made alone in the old essay."""
    counts = {(a, b): 0 for a in (True, False) for b in (True, False)}
    mistakes = []
    for essay in _read(data / "alignment_human" / "pairs.jsonl.gz"):
        sentences = [{s["i"]: s for s in essay[f"{side}_sentences"]} for side in ("old", "new")]
        for revision in _revisions(essay, sentences):
            old, new = _applied(revision, sentences, essay["links"])
            change = _found(old, new)
            said = all(f.weight == "cosmetic" or f.kind in _STYLE for f in change.findings)
            counts[revision.surface, said] += 1
            if said != revision.surface:
                mistakes.append(_mistake(essay["pair"], revision, sentences, change))
    scores = [_f1(counts, True), _f1(counts, False)]
    return {
        "surface": {"revisions": counts[True, True] + counts[True, False], "f1": scores[0]},
        "content": {"revisions": counts[False, False] + counts[False, True], "f1": scores[1]},
        "macro_f1": sum(scores) / 2,
        "mistakes": mistakes,
    }


def _revisions(
    essay: Mapping[str, Any], sentences: list[dict[int, dict[str, Any]]]
) -> Iterator[Revision]:
    """The revisions: sentences that are linked to each other are one."""
    groups: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for side, numbers in zip(("old", "new"), sentences, strict=True):
        groups |= {(side, number): {(side, number)} for number in numbers}
    for i, j in essay["links"]:
        joined = groups[("old", i)] | groups[("new", j)]
        for each in joined:
            groups[each] = joined
    seen: set[tuple[str, int]] = set()
    for key in groups:
        if key in seen:
            continue
        seen |= groups[key]
        purposes = {
            purpose
            for side, number in groups[key]
            for purpose in essay["revisions"].get(f"{side}:{number}", ["", ""])[1].split(",")
            if purpose
        }
        if purposes:
            old, new = (
                tuple(number for each, number in sorted(groups[key]) if each == side)
                for side in ("old", "new")
            )
            yield Revision(old, new, purposes <= _SURFACE)


def _applied(
    revision: Revision,
    sentences: list[dict[int, dict[str, Any]]],
    links: Sequence[tuple[int, int]],
) -> tuple[Snapshot, Snapshot]:
    """The old essay, and the old essay with this one revision."""
    old, new = sentences
    before = [(s["para"], s["text"]) for s in old.values()]
    place, para = _place(revision, sentences, links)
    gone = set(revision.old)
    after: list[tuple[int, str]] = []
    come = [(para, new[number]["text"]) for number in revision.new]
    for index, sentence in enumerate(old.values()):
        if index == place:
            after += come
        if sentence["i"] not in gone:
            after.append((sentence["para"], sentence["text"]))
    if place >= len(old):
        after += come
    return _snapshot(_paragraphs(before)), _snapshot(_paragraphs(after))


def _place(
    revision: Revision,
    sentences: list[dict[int, dict[str, Any]]],
    links: Sequence[tuple[int, int]],
) -> tuple[int, int]:
    """Where the new sentences go: the index of an old sentence, and the paragraph."""
    old = sentences[0]
    order = list(old)
    if revision.old:
        first = revision.old[0]
        return order.index(first), old[first]["para"]
    back = {j: i for i, j in links}
    earlier = [back[j] for j in back if j < min(revision.new)]
    if not earlier:
        return 0, old[order[0]]["para"]
    last = max(earlier)
    return order.index(last) + 1, old[last]["para"]


def _paragraphs(sentences: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    joined: dict[int, list[str]] = {}
    for para, text in sentences:
        joined.setdefault(para, []).append(text)
    return [("paragraph", " ".join(texts)) for texts in joined.values()]


def _f1(counts: Mapping[tuple[bool, bool], int], label: bool) -> float:
    right = counts[label, label]
    wrong = counts[label, not label] + counts[not label, label]
    return 2 * right / (2 * right + wrong) if right else 0.0


def _mistake(
    essay: str, revision: Revision, sentences: list[dict[int, dict[str, Any]]], change: Change
) -> dict[str, Any]:
    return {
        "essay": essay,
        "is": "surface" if revision.surface else "content",
        "old": " ".join(sentences[0][i]["text"] for i in revision.old),
        "new": " ".join(sentences[1][j]["text"] for j in revision.new),
        "findings": list(map(told, change.findings)),
    }


def print_essays(figures: Mapping[str, Any]) -> None:
    """Prints F1 of both classes and their mean."""
    print("\nRevised essays: surface (words, grammar, spelling) against content\n")
    for name in ("surface", "content"):
        print(f"{name:12}F1 {figures[name]['f1']:.3f} of {figures[name]['revisions']} revisions")
    print(f"{'macro F1':12}   {figures['macro_f1']:.3f}")


def show_essays(figures: Mapping[str, Any], count: int) -> None:
    """Prints revisions that were taken for the other class."""
    step = max(1, len(figures["mistakes"]) // count) if count else 1
    for row in figures["mistakes"][::step][:count]:
        print(f"\n{row['essay']} is {row['is']}\n    old: {row['old']}\n    new: {row['new']}")
        for each in row["findings"]:
            print(f"    {each}")
