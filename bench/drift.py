"""How many real edits the drift guard would hold, and how many site-wide changes: by

    python3 dev.py bench drift

Needs the data folder beside the repository (../shared/data); says so if it is not there. Each
article's versions are taken in the order of time, as polls would have seen them; a change is judged
against what changed on the other pages of its site within a day.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from watcher.core.compare import compare  # noqa: E402
from watcher.core.drift import (  # noqa: E402
    SHARED_WITHIN,
    HostFacts,
    Spread,
    suspect,
    texts_that_changed,
)
from watcher.core.model import Paragraph, Snapshot  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "page_versions"
SETS = ("versions", "noted_updates", "agency_posts")


@dataclass(frozen=True)
class Step:
    """One real transition; `mass` marks a change of the whole site or of what collected it."""

    at: datetime
    site: str
    article: str
    old: Snapshot
    new: Snapshot
    mass: bool


def steps(name: str) -> list[Step]:
    """The transitions of a set in the order of time."""
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            version = json.loads(line)
            pages[_page(version["story"])].append(version)
    found = [step for page, versions in pages.items() for step in _steps(page, versions)]
    return sorted(found, key=lambda step: (step.at, step.article))


def _page(story: str) -> str:
    """The page that a story stands on: travel advice is given section by section."""
    return "/".join(story.split("/")[:2])


def _steps(page: str, versions: list[dict[str, Any]]) -> Iterator[Step]:
    """A page changes when any of its sections does; it is site-wide if all that did were."""
    by_time: dict[str, list[dict[str, Any]]] = defaultdict(list)
    sections: dict[str, dict[str, Any]] = {}
    for version in versions:
        if sections.setdefault(version["story"], version) is not version:
            by_time[version["time"]].append(version)
    for time in sorted(by_time):
        before = _snapshot(sections)
        sections.update({version["story"]: version for version in by_time[time]})
        after = _snapshot(sections)
        if before != after:
            at = datetime.fromisoformat(time.replace("Z", "+00:00"))
            site = page.partition("/")[0] if "/" in page else "posts"
            mass = all(version["mass"] for version in by_time[time])
            yield Step(at, site, page, before, after, mass)


def _snapshot(sections: dict[str, dict[str, Any]]) -> Snapshot:
    texts = [text for name in sorted(sections) for text in sections[name]["paragraphs"]]
    titles = [section.get("title") or "" for section in sections.values()]
    paragraphs = tuple(Paragraph("paragraph", text) for text in texts)
    return Snapshot(titles[0], None, None, None, paragraphs)


def judged(found: list[Step]) -> Iterator[tuple[Step, str, str]]:
    """Each step with what it would be held for, and why; empty if it would not be."""
    pages: dict[str, set[str]] = defaultdict(set)
    for step in found:
        pages[step.site].add(step.article)
    seen: dict[tuple[str, str, str], dict[str, datetime]] = defaultdict(dict)
    for step in found:
        came, went = texts_that_changed(step.old, step.new)
        spreads = {}
        for way, texts in (("came", came), ("went", went)):
            for text in texts:
                times = seen[step.site, way, text]
                spreads[text] = _spread(step, times, pages[step.site])
                times[step.article] = step.at
        held = suspect(
            step.old, step.new, compare(step.old, step.new), HostFacts(step.site, spreads)
        )
        yield step, "" if held is None else held.cause, "" if held is None else held.reason


def _spread(step: Step, times: dict[str, datetime], pages: set[str]) -> Spread:
    """Pages are looked at in the order of their names, as they were collected."""
    others = {
        article: at
        for article, at in times.items()
        if article != step.article and step.at - at < SHARED_WITHIN
    }
    if not others:
        return Spread()
    first_at, first = min((at, article) for article, at in others.items())
    looked = sum(
        page != step.article and (page < step.article or first_at < step.at)
        for page in pages
        if page >= first or first_at < step.at
    )
    return Spread(len(others), looked, True, watched=len(pages) - 1)


def everywhere(found: list[Step]) -> set[tuple[datetime, str]]:
    """Steps (time, article) whose every text came or went on half of the site's pages at once.

    Not all of them are marked: on three days a whole site was reworded by hand.
    """
    pages: dict[str, set[str]] = defaultdict(set)
    counts: Counter[tuple[str, datetime, str]] = Counter()
    for step in found:
        pages[step.site].add(step.article)
        counts.update((step.site, step.at, text) for text in _texts(step))
    return {
        (step.at, step.article)
        for step in found
        if _texts(step)
        and all(
            2 * counts[step.site, step.at, text] >= len(pages[step.site]) for text in _texts(step)
        )
    }


def _texts(step: Step) -> frozenset[str]:
    came, went = texts_that_changed(step.old, step.new)
    return came | went


def main() -> None:
    """Prints the counts, and with --list every real edit that would be held."""
    if not DATA.is_dir():
        sys.exit(f"nothing to measure on: {DATA} is not there")
    print(f"{'set':<14} {'kind':<10} {'changes':>8} {'jumps':>6} {'site-wide':>10} {'held':>7}")
    for name in SETS:
        counts: Counter[tuple[str, str]] = Counter()
        found = steps(name)
        alike = everywhere(found)
        for step, cause, reason in judged(found):
            kind = "edits"
            if step.mass or (step.at, step.article) in alike:
                kind = "marked" if step.mass else "unmarked"
            counts[kind, cause] += 1
            if cause and kind == "edits" and "--list" in sys.argv:
                print(f"  {step.at:%F} {step.article[:70]}: {reason}")
        for kind in ("edits", "marked", "unmarked"):
            total = sum(count for (of, _), count in counts.items() if of == kind)
            if total:
                jumps, wide = counts[kind, "jump"], counts[kind, "site-wide"]
                share = (jumps + wide) / total
                print(f"{name:<14} {kind:<10} {total:>8} {jumps:>6} {wide:>10} {share:>7.2%}")


if __name__ == "__main__":
    main()
