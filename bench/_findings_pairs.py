"""Part of bench findings: precision and recall on the table of pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.core.findings.table import Verdict, judge, pairs
from watcher.core.model import Finding

_COLUMNS = {
    "pairs": 6, "expected": 10, "found": 7, "right": 7, "false": 7, "precision": 11, "recall": 8,
}  # fmt: skip
_HEAD = " " * 24 + "".join(name.rjust(width) for name, width in _COLUMNS.items())


@dataclass
class Count:
    """What was expected, found, said rightly and said falsely."""

    pairs: int = 0
    expected: int = 0
    found: int = 0
    right: int = 0
    false: int = 0
    slips: list[dict[str, Any]] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Counts one pair."""
        self.pairs += 1
        self.expected += len(verdict.pair.expect)
        self.found += len(verdict.found)
        self.right += len(verdict.right)
        self.false += len(verdict.false)

    def figures(self) -> dict[str, Any]:
        """The counts with precision and recall, None where nothing was counted."""
        said = self.right + self.false
        return {
            "pairs": self.pairs,
            "expected": self.expected,
            "found": self.found,
            "right": self.right,
            "false": self.false,
            "precision": self.right / said if said else None,
            "recall": self.found / self.expected if self.expected else None,
        }


def measure_pairs() -> dict[str, Any]:
    """Counts by rule, language and kind, over all, and every slip."""
    overall, rules, languages = Count(), dict[str, Count](), dict[str, Count]()
    wanted, hit, false = Counter[str](), Counter[str](), Counter[str]()
    slips: list[dict[str, Any]] = []
    for pair in pairs():
        change = pair.change()
        verdict = judge(pair, change.findings)
        language = (pair.new.language or "").partition("-")[0]
        for count in (
            overall,
            rules.setdefault(pair.rule, Count()),
            languages.setdefault(language, Count()),
        ):
            count.add(verdict)
        wanted.update(each.kinds[0] for each in pair.expect)
        hit.update(each.kinds[0] for each in verdict.found)
        false.update(finding.kind for finding in verdict.false)
        slips += _slips(verdict, change.findings)
    return {
        "overall": overall.figures(),
        "rules": {name: count.figures() for name, count in rules.items()},
        "languages": {name: languages[name].figures() for name in sorted(languages)},
        "kinds": {
            kind: {"expected": wanted[kind], "found": hit[kind], "false": false[kind]}
            for kind in sorted(wanted | false)
        },
        "slips": slips,
    }


def _slips(verdict: Verdict, findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    pair = verdict.pair
    base = {
        "pair": f"{pair.rule} {pair.id}",
        "old": [pair.old.headline, *(p.text for p in pair.old.paragraphs)],
        "new": [pair.new.headline, *(p.text for p in pair.new.paragraphs)],
        "findings": list(map(told, findings)),
    }
    return [
        *({**base, "slip": "missed", "kinds": m.kinds, "what": str(m)} for m in verdict.missed),
        *({**base, "slip": "false", "kinds": (f.kind,), "what": told(f)} for f in verdict.false),
    ]


def told(finding: Finding) -> str:
    """A finding in one line."""
    return f"{finding.kind} ({finding.weight}): {finding.old!r} -> {finding.new!r}"


def print_pairs(figures: Mapping[str, Any]) -> None:
    """Prints the tables by rule, language and kind."""
    print("The table of pairs, by rule\n")
    print(_HEAD)
    for name, row in (*figures["rules"].items(), ("overall", figures["overall"])):
        print(_row(name, row))
    print("\nThe same by language\n")
    print(_HEAD)
    for name, row in figures["languages"].items():
        print(_row(name, row))
    print(f"\n{'By kind':28}{'expected':>10}{'found':>7}{'false':>7}")
    for kind, row in figures["kinds"].items():
        print(f"{kind:28}{row['expected']:>10}{row['found']:>7}{row['false']:>7}")


def _row(name: str, row: Mapping[str, Any]) -> str:
    cells = (_cell(row[column]).rjust(width) for column, width in _COLUMNS.items())
    return name.ljust(24) + "".join(cells)


def _cell(value: float | None) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "-" if value is None else str(value)


def show_pairs(figures: Mapping[str, Any], kind: str) -> None:
    """Prints the slips of a kind, or of all kinds."""
    for slip in figures["slips"]:
        if kind != "all" and kind not in slip["kinds"]:
            continue
        print(f"\n{slip['slip']}: {slip['what']}   [{slip['pair']}]")
        for side in ("old", "new"):
            print(f"    {side}: " + " | ".join(text for text in slip[side] if text))
        print("    found: " + ("; ".join(slip["findings"]) or "nothing"))
