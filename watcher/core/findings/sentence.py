"""One plain sentence for a change: the most important findings, as an editor would tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from watcher.core.compare import describe
from watcher.core.model import Change, Finding, Span

_MOST = 3
"""Findings that are told one by one; the others are counted."""

_ALIKE = 2
"""More findings of one kind than this are told as a number."""

_LONGEST = 150
"""Characters of one statement: two quotations of the length that findings show fit in."""

_FIRST = ("reverted", "retraction-added")
"""Told before all others: they say what these come to."""

_HEADLINE = "headline-changed"
_FIGURES = frozenset(
    f"{name}-changed"
    for name in ("number", "quantity", "money", "percentage", "date", "time", "age")
)
_TOLL = "death toll"
_NAMES = frozenset({"name-added", "name-removed"})
_SOURCES = frozenset({"attribution-added", "attribution-dropped", "attribution-changed"})

_JUDGING = ("stealth-edit", "false-freshness")
"""Kinds that judge the whole change: told behind what they judge, in short."""

_SHORT = {
    "stealth-edit": "no correction note",
    "false-freshness": "modified time moved, nothing else changed",
}
_UNSAID = "no note says so"
"""In place of "no correction note" where there is a note, of something else."""

_NOTICES = {
    "retraction": "retraction",
    "correction": "correction",
    "clarification": "clarification",
    "editors-note": "editor's note",
    "update-line": "update line",
}
"""Told last, and without their text: what they are about stands before."""

_BESIDE = frozenset({"modified-changed", "update-line-added", "update-line-edited"})
"""Kinds that say nothing to a reader where anything else is found."""

_PLURALS = {"quantity": "quantities", "money": "amounts of money", "detail": "additions"}


def compose(change: Change, counted: Change | None = None) -> str:
    """One sentence without a full stop, for example "Death toll 12 → 17; “reportedly” dropped; no
    correction note". Without findings it counts what changed, as describe() does: in `counted`,
    if that is given."""
    kinds = {each.kind for each in change.findings}
    if "false-freshness" in kinds:
        return _capital(_SHORT["false-freshness"])
    told = [each for each in change.findings if each.kind not in _JUDGING]
    told = [each for each in told if each.kind not in _BESIDE] or [
        each for each in told if each.kind != "modified-changed"
    ]
    if not told:
        return _capital(describe(counted or change))
    firsts = [each for each in told if each.kind in _FIRST]
    notices = [each for each in told if _notice(each) and each.kind not in _FIRST]
    others = [each for each in told if each not in firsts and each not in notices]
    parts = _gathered(_facts_first(_once(others), others))
    if len(parts) > _MOST:
        parts = [*parts[:_MOST], f"{len(parts) - _MOST} more"]
    if kinds == {"reverted"}:
        parts.append(describe(counted or change))
    parts = [*(_notice(each) or each.sentence for each in firsts), *parts]
    parts += dict.fromkeys(_notice(each) for each in notices)
    if "stealth-edit" in kinds:
        fresh = any(each.new and each.kind != "developing" for each in change.notices)
        parts.append(_UNSAID if fresh else _SHORT["stealth-edit"])
    return _capital("; ".join(parts))


def _notice(finding: Finding) -> str:
    """A finding of a notice without its text, as "correction added"; "" for any other."""
    name, _, done = finding.kind.rpartition("-")
    return f"{_NOTICES[name]} {done}" if name in _NOTICES else ""


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Without figures that another finding of the kind tells more fully, as the text does those of
    the headline, and names that stand in what another finding tells."""
    by_kind: dict[str, list[Finding]] = {}
    for each in findings:
        by_kind.setdefault(each.kind, []).append(each)
    sources = [each for kind in _SOURCES for each in by_kind.get(kind, ())]
    # Longest first, each once: a table brings hundreds of figures, most of them as long.
    fuller = {
        kind: sorted({tuple(each.sentence.split()) for each in alike}, key=len, reverse=True)
        for kind, alike in by_kind.items()
        if kind in _FIGURES
    }
    return [
        each
        for each in findings
        if not (
            _is_named(each, sources)
            if each.kind in _NAMES
            else _is_told(each, fuller.get(each.kind, ()))
        )
    ]


def _is_named(each: Finding, sources: Sequence[Finding]) -> bool:
    return any(all(_lies_in(span, other) for span in each.evidence) for other in sources)


def _is_told(each: Finding, fuller: Sequence[tuple[str, ...]]) -> bool:
    """Whether one of these sentences, longest first, has all words of a figure's, and more."""
    words = each.sentence.split()
    longer = takewhile(lambda more: len(more) > len(words), fuller)
    return any(_has_in_order(more, words) for more in longer)


def _has_in_order(more: Sequence[str], words: Sequence[str]) -> bool:
    rest = iter(more)
    return all(word in rest for word in words)


def _tells(other: Finding, each: Finding) -> bool:
    """Whether a finding tells all that another one does, and more."""
    if each.kind in _NAMES:
        return other.kind in _SOURCES and _is_named(each, [other])
    if each.kind != other.kind or each.kind not in _FIGURES:
        return False
    return _is_told(each, [tuple(other.sentence.split())])


def _lies_in(span: Span, other: Finding) -> bool:
    return any(
        span[:3] == each[:3] and each.start <= span.start and span.end <= each.end
        for each in other.evidence
    )


def _facts_first(kept: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """What changed in a headline goes before the statement that its meaning did."""
    turned = [each for each in kept if each.kind == _HEADLINE and each.weight == "critical"]
    if not turned:
        return list(kept)
    inside = [each for each in found if each.kind != _HEADLINE and _is_of_headline(each)]
    facts = [
        each
        for each in kept
        if any(each.sentence == one.sentence or _tells(each, one) for one in inside)
    ][: _MOST - 1]
    at = kept.index(turned[0])
    before = [each for each in kept[:at] if each not in facts]
    return [*before, *facts, *turned, *(e for e in kept[at + 1 :] if e not in facts)]


def _is_of_headline(finding: Finding) -> bool:
    return any(span.place == "headline" for span in finding.evidence)


def _gathered(findings: Sequence[Finding]) -> list[str]:
    """The sentences in order, once each; many of one kind as a number, of figures behind the one
    that matters most."""
    counts = Counter(each.kind for each in findings)
    foremost = {kind: _foremost(findings, kind) for kind in counts}
    parts: dict[str, None] = {}
    for each in findings:
        count = counts[each.kind]
        if count <= _ALIKE:
            parts[_shortened(each.sentence)] = None
        elif each.kind in _FIGURES:
            parts[_shortened(foremost[each.kind])] = None
            parts[_number(count - 1, each.kind, "more ")] = None
        else:
            parts[_number(count, each.kind)] = None
    return list(parts)


def _foremost(findings: Sequence[Finding], kind: str) -> str:
    """Of figures of a kind the first death toll, or the first."""
    told = [each.sentence for each in findings if each.kind == kind]
    return next((said for said in told if said.startswith(_TOLL)), told[0])


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def _number(count: int, kind: str, more: str = "") -> str:
    noun, _, done = kind.rpartition("-")
    noun = noun.replace("-", " ")
    return f"{count} {more}{_PLURALS.get(noun, f'{noun}s')} {done}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
