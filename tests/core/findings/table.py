"""The table of pairs of texts with what should be found in them, and how it is counted.

pairs/*.toml hold the pairs, a file a rule, and articles.toml whole articles. A pair is

    id            unique within its file
    language      a BCP 47 tag; "en" if left out
    old, new      a text, or a list of texts; a text of another kind is [kind, text]
    headline, byline, section, access, published, modified
                  one text for both sides or [old, new]; "" is none
    notices       [old, new], lists of [kind, text]: those that stand outside of the paragraphs.
                  Those in the paragraphs are found as on any page
    links         [old, new], lists of [words, address]: the words are linked where they first stand
    revert_of     the number of the earlier version whose text the new side is
    expect        what must be found
    may           kinds about which careful people can differ: neither asked for nor counted
    never         kinds that must not be found

What is expected is written as "kind", "kind|other-kind" (either is right), and with words where
they matter: "kind: 12 -> 17". A side's words match if they stand in the finding's, or the
finding's in them, whatever their case; a side that is left out is not looked at. "kind!critical"
asks for a weight as well.

How it is counted: an expectation counts as found if some finding matches it. A finding counts as
right if it matches an expectation, and as false if it matches none and is not of a kind in `may`;
but findings of LOOSE kinds, which say how and not what, and of those about the whole change are
false only where `never` has them. Precision is right / (right + false), recall is
found / expected.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.lexicons import shipped_lexicons
from config.phrases import shipped_phrases
from watcher.core.compare import compare
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.find import find
from watcher.core.model import WEIGHTS, Change, Finding, Link, Notice, Paragraph, Snapshot
from watcher.core.notices import find_notices

FOLDER = Path(__file__).parent / "pairs"

LOOSE = frozenset({
    "spelling-changed", "typography-changed", "wording-changed", "detail-added",
    "stealth-edit", "false-freshness",
})  # fmt: skip
"""Kinds that are counted as false only where a pair forbids them. Whether an edit is silent is
not for a pair to say: stealth.toml does."""

_EXPECTED = re.compile(r"(?P<kinds>[a-z|-]+)(?:!(?P<weight>[a-z]+))?(?:: ?(?P<words>.*))?")


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that must be found. `old` and `new` are words, None where any will do."""

    kinds: tuple[str, ...]
    weight: str | None = None
    old: str | None = None
    new: str | None = None

    def matches(self, finding: Finding) -> bool:
        """Whether a finding is what is expected."""
        return (
            finding.kind in self.kinds
            and self.weight in (None, finding.weight)
            and _meet(self.old, finding.old)
            and _meet(self.new, finding.new)
        )

    def __str__(self) -> str:
        words = f": {self.old or ''} -> {self.new or ''}" if self.old or self.new else ""
        return "|".join(self.kinds) + (f"!{self.weight}" if self.weight else "") + words


def _meet(wanted: str | None, told: str | None) -> bool:
    if wanted is None:
        return True
    a, b = wanted.casefold(), (told or "").casefold().strip()
    return bool(b) and (a in b or b in a)


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of the table."""

    rule: str
    id: str
    old: Snapshot
    new: Snapshot
    expect: tuple[Expected, ...]
    may: frozenset[str]
    never: frozenset[str]
    circumstances: Circumstances

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind that the pair names."""
        wanted = (kind for each in self.expect for kind in each.kinds)
        return frozenset((*wanted, *self.may, *self.never))

    def change(self) -> Change:
        """The change of the pair with its findings, by the shipped rules and word lists."""
        return find(
            self.old,
            self.new,
            compare(self.old, self.new),
            circumstances=self.circumstances,
            lexicons=shipped_lexicons(),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was right and wrong of the findings of a pair."""

    pair: Pair
    found: tuple[Expected, ...]
    missed: tuple[Expected, ...]
    right: tuple[Finding, ...]
    false: tuple[Finding, ...]


def judge(pair: Pair, findings: Iterable[Finding]) -> Verdict:
    """Counts the findings of a pair as the module says."""
    told = tuple(findings)
    found = tuple(each for each in pair.expect if any(map(each.matches, told)))
    right, false = [], []
    for finding in told:
        if finding.kind not in pair.never and any(each.matches(finding) for each in pair.expect):
            right.append(finding)
        elif finding.kind in pair.never or finding.kind not in LOOSE | pair.may:
            false.append(finding)
    missed = tuple(each for each in pair.expect if each not in found)
    return Verdict(pair, found, missed, tuple(right), tuple(false))


def pairs() -> tuple[Pair, ...]:
    """All pairs, by file and in the order of each."""
    return tuple(pair for path in sorted(FOLDER.glob("*.toml")) for pair in _read(path))


def _read(path: Path) -> Iterator[Pair]:
    for row in tomllib.loads(path.read_text("utf-8"))["pair"]:
        yield pair_of(path.stem, row)


_KEYS = frozenset(
    ("id", "language", "old", "new", "notices", "links", "revert_of", "expect", "may", "never")
)
_FIELDS = ("headline", "byline", "section", "access", "published", "modified")


def pair_of(rule: str, row: Mapping[str, Any]) -> Pair:
    """The pair that a row of a file describes. Raises ValueError where it cannot be read."""
    unknown = set(row) - _KEYS - set(_FIELDS)
    if unknown:
        raise ValueError(f"{rule} {row.get('id')}: unknown keys {sorted(unknown)}")
    expect = tuple(map(_expected, row.get("expect", ())))
    may, never = frozenset(row.get("may", ())), frozenset(row.get("never", ()))
    return Pair(
        rule=rule,
        id=row["id"],
        old=snapshot(row, 0),
        new=snapshot(row, 1),
        expect=expect,
        may=may,
        never=never,
        circumstances=Circumstances(revert_of=row.get("revert_of")),
    )


def _expected(text: str) -> Expected:
    match = _EXPECTED.fullmatch(text)
    if not match or match["weight"] not in (None, *WEIGHTS):
        raise ValueError(f"cannot read the expectation {text!r}")
    old, _, new = (match["words"] or "").partition("->")
    return Expected(
        tuple(match["kinds"].split("|")),
        match["weight"],
        old.strip() or None,
        new.strip() or None,
    )


def snapshot(row: Mapping[str, Any], side: int) -> Snapshot:
    """The old (0) or new (1) side of a row as a page would have given it."""
    told = row[("old", "new")[side]]
    texts = [told] if isinstance(told, str) else told
    paragraphs = tuple(
        Paragraph("paragraph", each) if isinstance(each, str) else Paragraph(*each)
        for each in texts
    )
    language = row.get("language", "en")
    inside = find_notices(paragraphs, language, shipped_phrases())
    outside = (Notice(kind, text) for kind, text in row.get("notices", ((), ()))[side])
    given: dict[str, Any] = {name: _side(row[name], side) for name in _FIELDS if name in row}
    headline = given.pop("headline", None) or ""
    links: Iterable[tuple[str, str]] = row.get("links", ((), ()))[side]
    return Snapshot(
        headline=headline,
        byline=given.pop("byline", None),
        published=given.pop("published", None),
        modified=given.pop("modified", None),
        paragraphs=paragraphs,
        language=language,
        notices=(*inside, *outside),
        links=tuple(_link(words, url, paragraphs) for words, url in links),
        **given,
    )


def _link(words: str, url: str, paragraphs: Iterable[Paragraph]) -> Link:
    for index, (_, text) in enumerate(paragraphs):
        start = text.find(words)
        if start >= 0:
            return Link(index, start, start + len(words), url)
    raise ValueError(f"no paragraph has the linked words {words!r}")


def _side(value: str | list[str], side: int) -> str | None:
    return (value if isinstance(value, str) else value[side]) or None


def covered(table: Iterable[Pair]) -> frozenset[str]:
    """The kinds that some pair expects."""
    return frozenset(kind for pair in table for each in pair.expect for kind in each.kinds)
