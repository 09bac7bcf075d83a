"""find(): what a change means. Pure; the same inputs give the same findings everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from watcher.core.compare import differs
from watcher.core.findings.comparison import (
    NOTHING_KNOWN,
    Circumstances,
    Comparison,
    survey,
)
from watcher.core.findings.evidence import words_at
from watcher.core.findings.lexicon import Lexicon, Lexicons, primary
from watcher.core.findings.registry import CONCLUDING, LOOKING
from watcher.core.findings.rule import Rule
from watcher.core.findings.sentence import compose
from watcher.core.model import WEIGHTS, Change, Finding, Snapshot, Weight

_ENGLISH = "en"
_NO_LEXICONS = Lexicons()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """With what changes are looked at: word lists, and rules of other packages."""

    lexicons: Lexicons = _NO_LEXICONS
    extra: tuple[Rule, ...] = ()

    def find(
        self,
        old: Snapshot,
        new: Snapshot,
        change: Change,
        circumstances: Circumstances = NOTHING_KNOWN,
    ) -> Change:
        """See find()."""
        return find(
            old,
            new,
            change,
            circumstances=circumstances,
            lexicons=self.lexicons,
            extra=self.extra,
        )


def find(
    old: Snapshot,
    new: Snapshot,
    change: Change,
    *,
    circumstances: Circumstances = NOTHING_KNOWN,
    lexicons: Lexicons = _NO_LEXICONS,
    extra: Iterable[Rule] = (),
) -> Change:
    """The change with its findings, weight, score, sentence and coverage.

    `change` leads from `old` to `new`. Findings are in the order of _rank(); the score is the sum
    of theirs. Rules look in two rounds: those of the second see what the first found. A rule that
    raises, or gives evidence that is not there, has no findings, and the coverage names it.
    """
    if not differs(change):
        return replace(
            change, findings=(), weight="cosmetic", score=0.0, coverage=(), sentence=compose(change)
        )
    language, words, coverage = _language(old, new, lexicons)
    about = survey(old, new, change, language=language, words=words, circumstances=circumstances)
    found = _look(about, (*LOOKING, *extra), coverage)
    for rule in CONCLUDING:
        more = _look(replace(about, found=found), (rule,), coverage)
        found = _ordered([*found, *more]) if more else found
    whole = replace(
        change,
        findings=found,
        weight=heaviest(found),
        score=total(found),
        coverage=tuple(dict.fromkeys(coverage)),
    )
    return replace(whole, sentence=compose(whole))


_FAILED = ": failed "


def failures(change: Change) -> tuple[tuple[str, str], ...]:
    """The rules that failed on a change, each with what its coverage says of that."""
    parts = (told.partition(_FAILED) for told in change.coverage)
    return tuple((name, why.strip("()")) for name, failed, why in parts if failed)


def heaviest(findings: Iterable[Finding]) -> Weight:
    """The weight of the heaviest finding; cosmetic without any."""
    return max((finding.weight for finding in findings), key=WEIGHTS.index, default="cosmetic")


def total(findings: Iterable[Finding]) -> float:
    """The sum of scores, to a thousandth: whatever the order, the same on every machine."""
    return round(math.fsum(finding.score for finding in findings), 3)


def _language(
    old: Snapshot, new: Snapshot, lexicons: Lexicons
) -> tuple[str | None, Lexicon, list[str]]:
    """The language of the articles, its word lists, and what is to be said of that."""
    told = primary(new.language) or primary(old.language)
    if told is not None:
        return told, lexicons.of(told), []
    guessed = lexicons.guess(p.text for p in (*new.paragraphs, *old.paragraphs))
    if guessed is not None:
        return guessed, lexicons.of(guessed), []
    return None, lexicons.of(_ENGLISH), ["language unknown: words are looked for in English"]


def _look(about: Comparison, rules: Sequence[Rule], coverage: list[str]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for rule in rules:
        missing = [name for name in rule.needs if not about.words.has(name)]
        lacking = [name for name in (*rule.needs, *rule.uses) if not about.words.has(name)]
        language = about.words.language or "this language"
        for name in lacking:
            coverage.append(f"{rule.name}: no list of {name.replace('_', ' ')} for {language}")
        if missing:
            continue
        try:
            told = tuple(rule(about))
            wrong = next((each for each in told if not _is_proven(about, each)), None)
        except Exception as error:  # noqa: BLE001  a rule of others must not cost the version
            coverage.append(f"{rule.name}{_FAILED}({type(error).__name__})")
            continue
        if wrong is not None:
            coverage.append(f"{rule.name}{_FAILED}(evidence of {wrong.kind} that is not there)")
            continue
        found += told
    return _ordered(found)


def _is_proven(about: Comparison, finding: Finding) -> bool:
    """Whether the evidence cuts out the words. Raises as words_at() does."""
    sides = (("old", about.old, finding.old), ("new", about.new, finding.new))
    return all(
        words_at(snapshot, finding.evidence, side) == words for side, snapshot, words in sides
    )


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=_rank))


_Rank = tuple[int, float, tuple[tuple[int, str, int, int, int], ...], str, str]
_PLACES = ("headline", "notice", "paragraph")


def _rank(finding: Finding) -> _Rank:
    """Heaviest first, of one weight what adds most; then as the page has them: headline, notices,
    paragraphs, metadata, by the first words that prove it, the new ones before the old."""
    first = sorted(
        (
            _PLACES.index(span.place) if span.place in _PLACES else len(_PLACES),
            span.place,
            span.index,
            span.start,
            span.end,
        )
        for span in finding.evidence
        if span.side == ("new" if finding.new is not None else "old")
    )
    return (
        -WEIGHTS.index(finding.weight),
        -finding.score,
        tuple(first),
        finding.kind,
        finding.sentence,
    )
