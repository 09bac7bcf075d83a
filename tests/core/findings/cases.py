"""Cases of edits made in silence, composed ones and those of the stories in seeds/.

stealth.toml holds them. A [[case]] has the keys of a pair (see table.py) save its expectations,
and

    modified    "moved", "unmoved" or "absent": what the page said of its last change
    expect      "stealth-edit", "false-freshness" or "none"

Each case was published at 08:00 and changed between 11:00 and 11:10 of a day; a modified time that
moved says 11:05. A [[seed]] names a story, perhaps its `pages` in order, and expects a verdict for
each step from one page to the next; "either" where careful people can differ.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.lexicons import shipped_lexicons
from tests.core.findings.table import snapshot
from watcher.api import extract
from watcher.core.compare import compare
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.find import find
from watcher.core.model import Finding, Snapshot

FILE = Path(__file__).parent / "stealth.toml"
SEEDS = Path(__file__).parents[3] / "seeds"
VERDICTS = ("stealth-edit", "false-freshness", "none")

_PUBLISHED = "2031-03-02T08:00:00Z"
_AFTER = datetime(2031, 3, 2, 11, 0, tzinfo=UTC)
_BEFORE = datetime(2031, 3, 2, 11, 10, tzinfo=UTC)
_MODIFIED = {
    "moved": [_PUBLISHED, "2031-03-02T11:05:00Z"],
    "unmoved": _PUBLISHED,
    "absent": "",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A change and what should be said of its openness."""

    id: str
    old: Snapshot
    new: Snapshot
    expect: str
    circumstances: Circumstances

    def verdict(self) -> tuple[str, tuple[Finding, ...]]:
        """What the rules say, with all findings of the change."""
        change = find(
            self.old,
            self.new,
            compare(self.old, self.new),
            circumstances=self.circumstances,
            lexicons=shipped_lexicons(),
        )
        return verdict_of(change.findings), change.findings


def verdict_of(findings: Iterable[Finding]) -> str:
    """The verdict that findings hold; "none" if they hold none."""
    kinds = {finding.kind for finding in findings}
    return next((verdict for verdict in VERDICTS if verdict in kinds), "none")


def composed() -> tuple[Case, ...]:
    """The composed cases."""
    return tuple(map(_case, _file()["case"]))


def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def _case(row: dict[str, Any]) -> Case:
    row = {**row, "published": _PUBLISHED, "modified": _MODIFIED[row["modified"]]}
    when = Circumstances(after=_AFTER, before=_BEFORE, revert_of=row.get("revert_of"))
    return Case(row["id"], snapshot(row, 0), snapshot(row, 1), row["expect"], when)


def seeds() -> Iterator[Case]:
    """A case for each step of the stories of seeds/."""
    for row in _file()["seed"]:
        folder = SEEDS / row["story"]
        names = row.get("pages") or sorted(path.name for path in folder.glob("[0-9]*.html"))
        url = f"https://news.example/{row['story']}"
        pages = [extract((folder / name).read_bytes(), url) for name in names]
        steps = zip(pages, pages[1:], row["expect"], strict=False)
        if len(row["expect"]) != len(pages) - 1:
            raise ValueError(f"{row['story']}: {len(pages) - 1} steps need as many verdicts")
        for number, (old, new, expect) in enumerate(steps, 1):
            name = f"{row['story']} {number}"
            yield Case(name, old, new, expect, Circumstances())
