"""The tables of the noise bench: every mutation that was made, and every one that was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bench._noise_judge import Group, Judged, PageResult


def is_hidden(one: Judged) -> bool:
    """News that outline or fingerprint kept from the extraction."""
    return not one.passed and one.verdict != "same"


def of_group(results: Sequence[PageResult], group: Group) -> list[Judged]:
    """The mutations of a group, of all pages."""
    return [one for result in results for one in result.judged if one.group == group]


def pages(results: Sequence[PageResult]) -> list[str]:
    """What was mutated, and what was skipped and why."""
    refused = Counter(result.refused for result in results if result.refused)
    without = [result for result in results if result.without_fingerprint]
    found, told = sum(r.found for r in results), sum(r.paragraphs for r in results)
    skipped = sum((result.skipped for result in results), Counter[str]())
    lines = [
        f"pages {len(results)}; no article by the extraction, so not mutated: "
        f"{sum(refused.values())}; without a fingerprint: {len(without)}",
        f"paragraphs of the truth that can be mutated: {found} of {told}",
    ]
    lines += [f"    skipped, {why}: {count}" for why, count in skipped.most_common()]
    lines += [f"    no article, {count}: {why[:100]}" for why, count in refused.most_common()]
    return lines + [f"    {r.page}: {r.without_fingerprint}" for r in without]


def shares(results: Sequence[PageResult]) -> list[str]:
    """The figures in short: what was detected, what made a version."""
    inside, outside = of_group(results, "inside"), of_group(results, "outside")
    taken = [one for one in inside if one.taken]
    beside = [one for one in inside if not one.taken]
    hidden = sum(map(is_hidden, [*inside, *of_group(results, "anywhere")]))
    made = sum(one.passed and one.verdict == "version" for one in outside)
    extracted = sum(one.passed for one in outside)
    same = [one for one in outside if not one.passed]
    cost = 1000 * sum(one.cost for one in same) / max(1, len(same))
    return [
        f"mutations inside the article detected, to reach 100 %: {_part(inside)}",
        f"    where the extraction takes the text: {_part(taken)}",
        f"    inside the truth's text but not extracted: {_part(beside)}",
        f"    news that the fingerprint hid: {hidden}",
        f"mutations outside that made a version, at most 0.10 %: {share(made, len(outside))} "
        f"({made} of {len(outside)}); that cost an extraction: {share(extracted, len(outside))}",
        f"a 200 with only noise, CPU a page over the kinds above, to reach 0.60 ms: {cost:.2f} ms; "
        f"told by the outline alone: {share(sum(one.outlined for one in same), len(same))}",
    ]


def inside(results: Sequence[PageResult], show: int) -> list[str]:
    """A line a kind: how many were detected, and who missed the others."""
    judged = of_group(results, "inside")
    lines = [
        "",
        f"{'inside the article':28} {'made':>6} {'no room':>8} {'detected':>9} {'refused':>8} "
        f"{'not taken':>10} {'no change':>10} {'hidden':>7}",
    ]
    room = _without_room(results, "inside")
    for kind, ones in _lines(judged, room):
        same = [one for one in ones if one.verdict == "same"]
        not_taken = sum(not one.taken for one in same)
        hidden = sum(map(is_hidden, ones))
        detected = sum(one.verdict == "version" and one.passed for one in ones)
        refused = sum(one.verdict == "refused" and one.passed for one in ones)
        lines.append(
            f"{kind:28} {len(ones):6} {room[kind]:8} {detected:9} {refused:8} {not_taken:10} "
            f"{len(same) - not_taken:10} {hidden:7}"
        )
    lines += [
        "no room: pages without such a place; refused: the changed page counts as no article; not "
        "taken: the extraction does not take that text; no change: it takes it, and gives the "
        "same; hidden: the fingerprint missed it",
    ]
    lines += _examples("hidden", [one for one in judged if is_hidden(one)], max(show, 20))
    unseen = [one for one in judged if one.verdict == "same" and one.taken]
    return lines + _examples("no change", unseen, show)


def outside(results: Sequence[PageResult], show: int) -> list[str]:
    """A line a kind: how many cost an extraction, and how many made a version."""
    judged = of_group(results, "outside")
    room = _without_room(results, "outside")
    lines = [
        "",
        f"{'outside the article':28} {'made':>6} {'no room':>8} {'by outline':>10} "
        f"{'extracted':>10} {'version':>8} {'refused':>8}",
    ]
    for kind, ones in _lines(judged, room):
        passed, outlined = sum(one.passed for one in ones), sum(one.outlined for one in ones)
        made = sum(one.passed and one.verdict == "version" for one in ones)
        refused = sum(one.passed and one.verdict == "refused" for one in ones)
        lines.append(
            f"{kind:28} {len(ones):6} {room[kind]:8} {share(outlined, len(ones)):>10} "
            f"{share(passed, len(ones)):>10} {made:8} {refused:8}"
        )
    made_some = [one for one in judged if one.passed and one.verdict == "version"]
    return lines + _examples("version", made_some, show)


def anywhere(results: Sequence[PageResult]) -> list[str]:
    """A line a kind: how many the extraction calls new, and how many of those were hidden."""
    judged = of_group(results, "anywhere")
    lines = ["", f"{'anywhere':28} {'made':>6} {'extracted':>10} {'version':>8} {'hidden':>7}"]
    for kind, ones in _lines(judged, Counter()):
        passed = share(sum(one.passed for one in ones), len(ones))
        made = sum(one.passed and one.verdict != "same" for one in ones)
        lines.append(f"{kind:28} {len(ones):6} {passed:>10} {made:8} {sum(map(is_hidden, ones)):7}")
    return lines + _examples("hidden", [one for one in judged if is_hidden(one)], 20)


def share(part: int, whole: int) -> str:
    """A share as people read it."""
    return f"{100 * part / whole:.2f} %" if whole else "none"


def _part(judged: Sequence[Judged]) -> str:
    right = sum(one.passed and one.verdict != "same" for one in judged)
    return f"{share(right, len(judged))} ({right} of {len(judged)})"


def _without_room(results: Iterable[PageResult], group: Group) -> Counter[str]:
    counts: Counter[str] = Counter()
    for result in results:
        for (where, kind), count in result.without_room.items():
            if where == group:
                counts.update({kind: count, "all": count})
    return counts


def _lines(judged: list[Judged], room: Counter[str]) -> list[tuple[str, list[Judged]]]:
    kinds = dict.fromkeys([*(one.kind for one in judged), *(k for k in room if k != "all")])
    by_kind = [(kind, [one for one in judged if one.kind == kind]) for kind in kinds]
    return [*by_kind, ("all", judged)]


def _examples(name: str, ones: list[Judged], show: int) -> list[str]:
    return [
        f"    {name}, {kind}, {one.page}: …{one.context}…"
        for kind, these in _lines(ones, Counter())[:-1]
        for one in these[:show]
    ]
