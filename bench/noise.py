"""Is noise told from news: python bench/noise.py

Needs the data folder beside the repository (../shared/data); says so if it is not there. Every
saved page is mutated in seeded, random ways, inside its article and outside of it, and put
through the gate of a poll: the fast fingerprint, then the extraction. Exit status: 0 if the
fingerprint hid nothing, 1 if it did, 3 without data.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import bench._extraction_pages as pages  # noqa: E402
from bench._noise_judge import Group, Judged, PageResult, judge_page  # noqa: E402
from bench._noise_pairs import pairs_report  # noqa: E402
from bench._noise_speed import speed_report  # noqa: E402

DATA = ROOT.parent / "shared" / "data"


def main(argv: Sequence[str]) -> int:
    """Prints the tables."""
    arguments = _arguments(argv)
    if not DATA.is_dir():
        print(f"bench noise: there is no data folder at {DATA}; nothing measured")
        return 3
    saved = [*pages.read_bodies(DATA), *pages.read_reviewed(DATA)]
    print("\n".join(speed_report([page.body for page in saved])))
    print("\n".join(pairs_report(DATA / "noise_html_pairs")))
    if arguments.rounds < 1:
        return 0
    chosen = saved[:: arguments.every]
    with ProcessPoolExecutor(arguments.processes) as pool:
        results = list(
            pool.map(judge_page, chosen, repeat(arguments.rounds), repeat(arguments.seed))
        )
    print("\n".join(_pages(results)))
    judged = [one for result in results for one in result.judged]
    groups = {name: [one for one in judged if one.group == name] for name in get_args(Group)}
    print("\n".join(_inside(groups["inside"], arguments.show)))
    print("\n".join(_outside(groups["outside"], arguments.show)))
    print("\n".join(_anywhere(groups["anywhere"])))
    news = (*groups["inside"], *groups["anywhere"])
    return 1 if any(_is_hidden(one) for one in news) else 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench noise", description="Is noise told from news?")
    parser.add_argument("--rounds", type=int, default=2, help="mutations of each kind a page")
    parser.add_argument("--every", type=int, default=1, help="take every N-th page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="examples of each fault")
    parser.add_argument("--processes", type=int, default=None)
    return parser.parse_args(argv)


def _is_hidden(one: Judged) -> bool:
    """News that the fingerprint kept from the extraction."""
    return not one.passed and one.verdict != "same"


def _pages(results: list[PageResult]) -> list[str]:
    refused = Counter(result.refused for result in results if result.refused)
    without = [result for result in results if result.without_fingerprint]
    found, told = sum(r.found for r in results), sum(r.paragraphs for r in results)
    lines = [
        f"pages {len(results)}; no article by the extraction: {sum(refused.values())}; "
        f"without a fingerprint: {len(without)}",
        f"paragraphs of the truth found in the pages' sources: {found} of {told}",
    ]
    lines += [f"    no article, {count}: {why[:100]}" for why, count in refused.most_common()]
    lines += [f"    {r.page}: {r.without_fingerprint}" for r in without]
    return lines


def _inside(judged: list[Judged], show: int) -> list[str]:
    """A line a kind: how many were detected, and who missed the others."""
    lines = [
        "",
        f"{'inside the article':28} {'made':>6} {'detected':>9} {'refused':>8} {'not taken':>10} "
        f"{'no change':>10} {'hidden':>7}",
    ]
    for kind, ones in [*_by_kind(judged), ("all", judged)]:
        same = [one for one in ones if one.verdict == "same"]
        not_taken = sum(not one.taken for one in same)
        hidden = sum(_is_hidden(one) for one in ones)
        detected = sum(one.verdict == "version" and one.passed for one in ones)
        refused = sum(one.verdict == "refused" and one.passed for one in ones)
        lines.append(
            f"{kind:28} {len(ones):6} {detected:9} {refused:8} {not_taken:10} "
            f"{len(same) - not_taken:10} {hidden:7}"
        )
    taken = [one for one in judged if one.taken]
    right = sum(one.passed and one.verdict != "same" for one in taken)
    lines += [
        f"of mutations of text that the extraction takes, detected: {_share(right, len(taken))}",
        "not taken: the extraction does not take that text (a matter of its recall); no change: it "
        "takes it, and gives the same; hidden: the fingerprint missed it",
    ]
    faults = [one for one in judged if _is_hidden(one)]
    lines += _examples("hidden", faults, max(show, 20))
    unseen = [one for one in judged if one.verdict == "same" and one.taken]
    return lines + _examples("no change", unseen, show)


def _outside(judged: list[Judged], show: int) -> list[str]:
    lines = [
        "",
        f"{'outside the article':28} {'made':>6} {'extracted':>10} {'version':>8} {'refused':>8}",
    ]
    for kind, ones in [*_by_kind(judged), ("all", judged)]:
        passed = sum(one.passed for one in ones)
        made = sum(one.passed and one.verdict == "version" for one in ones)
        refused = sum(one.passed and one.verdict == "refused" for one in ones)
        share = _share(passed, len(ones))
        lines.append(f"{kind:28} {len(ones):6} {share:>10} {made:8} {refused:8}")
    made = [one for one in judged if one.passed and one.verdict == "version"]
    lines.append(f"made a version: {_share(len(made), len(judged))}")
    return lines + _examples("version", made, show)


def _anywhere(judged: list[Judged]) -> list[str]:
    lines = ["", f"{'anywhere':28} {'made':>6} {'extracted':>10} {'version':>8} {'hidden':>7}"]
    for kind, ones in [*_by_kind(judged), ("all", judged)]:
        share = _share(sum(one.passed for one in ones), len(ones))
        made = sum(one.passed and one.verdict != "same" for one in ones)
        hidden = sum(_is_hidden(one) for one in ones)
        lines.append(f"{kind:28} {len(ones):6} {share:>10} {made:8} {hidden:7}")
    return lines + _examples("hidden", [one for one in judged if _is_hidden(one)], 20)


def _by_kind(judged: list[Judged]) -> Iterable[tuple[str, list[Judged]]]:
    kinds = dict.fromkeys(one.kind for one in judged)
    return [(kind, [one for one in judged if one.kind == kind]) for kind in kinds]


def _examples(name: str, ones: list[Judged], show: int) -> list[str]:
    lines = []
    for kind, these in _by_kind(ones):
        lines += [f"    {name}, {kind}, {one.page}: …{one.context}…" for one in these[:show]]
    return lines


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "none"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
