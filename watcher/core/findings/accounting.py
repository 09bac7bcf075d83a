"""Which notices account for which findings: whether an article says what was changed in it.

A notice that was added or reworded in the same change accounts for

- everything, if it retracts the article, or says that the article was changed and nothing more
  ("This article has been corrected"). An update line that gives a time and nothing more
  accounts for nothing;
- a finding whose words it names: the figure, name or word that came or went, on either side;
- a finding in whose sentence something stands that it names ("misstated the length of the lock"),
  unless that also stands in a sentence of which it names the words: then it speaks of those.

What is named is compared in words without inflection as far as their first letters tell, so this
works in any language that parts its words by spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.compare import notices_told
from watcher.core.findings.comparison import Comparison
from watcher.core.findings.lexicon import plain
from watcher.core.model import Finding, NoticeChange, Snapshot, Span

SUBSTANTIVE = frozenset(
    {
        "number-changed", "quantity-changed", "money-changed", "percentage-changed", "date-changed",
        "time-changed", "age-changed", "name-removed", "name-respelled", "title-changed",
        "place-changed", "quotation-altered", "quotation-removed", "attribution-added",
        "attribution-dropped", "attribution-changed", "hedging-added", "hedging-dropped",
        "negation-changed", "state-changed", "claim-removed",
    }
)  # fmt: skip
"""Findings of a changed statement: what readers who saw the old text should be told of. What is
added is none, nor are fields beside the text; a headline is if its meaning changed."""

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)]*(?=\s)|[。！？]|\n")
_CONTENT = 3
"""Letters of a word that can name something; shorter ones are particles in most languages."""

_STEM = 4
"""First letters in which two words must agree to be forms of one."""

_MOST, _LONGEST = 3, 80
"""Findings that a sentence names, and characters of each."""

_AROUND = 500
"""Characters before and behind a finding's words in which its sentence is looked for."""

_WHOLE = 8
"""Words of a notice that says of the article that it was changed and nothing more, beside dates."""


def is_substantive(finding: Finding) -> bool:
    """Whether a finding is of a changed statement."""
    if finding.kind == "headline-changed":
        return finding.weight == "critical"
    return finding.kind in SUBSTANTIVE and finding.weight in ("notable", "critical")


def listed(findings: Iterable[Finding]) -> str:
    """The sentences of findings in one, once each: the first few, shortened, and how many more."""
    said = list(dict.fromkeys(each.sentence for each in findings))
    parts = [
        each if len(each) <= _LONGEST else f"{each[:_LONGEST].rsplit(' ', 1)[0]} …"
        for each in said[:_MOST]
    ]
    more = f" and {len(said) - _MOST} more" if len(said) > _MOST else ""
    return ", ".join(parts) + more


def accounts(about: Comparison) -> Mapping[NoticeChange, tuple[Finding, ...]]:
    """For each notice that was added or reworded: the substantive findings it accounts for."""
    findings = [finding for finding in about.found if is_substantive(finding)]
    fresh = [each for each in notices_told(about.change) if each.new and each.kind != "developing"]
    if not findings or not fresh:
        return {}
    stayed = _stayed(about)
    subjects = [_subject(about, finding, stayed) for finding in findings]
    told = {}
    for notice in fresh:
        accounted = _accounted(about, notice, findings, subjects)
        if accounted:
            told[notice] = accounted
    return told


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a finding is about: the words that changed, and those of the sentences around them."""

    words: frozenset[str]
    around: frozenset[str]
    sentences: frozenset[tuple[str, str, int, int]]


def _accounted(
    about: Comparison,
    notice: NoticeChange,
    findings: Sequence[Finding],
    subjects: Sequence[_Subject],
) -> tuple[Finding, ...]:
    said = _said(about, notice)
    if notice.kind == "retraction" or _is_of_the_whole(about, notice, said, subjects):
        return tuple(findings)
    named = [bool(subject.words & said) for subject in subjects]
    told_sentences = {
        key for is_named, subject in zip(named, subjects, strict=True) if is_named
        for key in subject.sentences
    }  # fmt: skip
    spoken_for: frozenset[str] = frozenset().union(
        *(s.around | s.words for is_named, s in zip(named, subjects, strict=True) if is_named)
    )
    rest = said - spoken_for
    return tuple(
        finding
        for finding, is_named, subject in zip(findings, named, subjects, strict=True)
        if is_named or (not subject.sentences & told_sentences and _meet(subject.around, rest))
    )


def _said(about: Comparison, notice: NoticeChange) -> frozenset[str]:
    """What the notice names; a reworded one what it did not say before."""
    said = _content(about, notice.new or "")
    before = _content(about, notice.old or "")
    return said - before


def _is_of_the_whole(
    about: Comparison, notice: NoticeChange, said: frozenset[str], subjects: Sequence[_Subject]
) -> bool:
    text = notice.new or ""
    if notice.kind == "update" and any(map(str.isdigit, text)):
        return False
    dates = about.words.list("months") | about.words.list("weekdays")
    words = [
        word for word in map(plain, _WORD.findall(text))
        if not word[0].isdigit() and word not in dates
    ]  # fmt: skip
    return (
        0 < len(words) <= _WHOLE
        and bool(said or notice.old is None)
        and not any(said & subject.words or _meet(subject.around, said) for subject in subjects)
        and not said & _content(about, about.old_whole)
    )


def _meet(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a word of some is a form of one of the others."""
    stems = {word[:_STEM] for word in others if len(word) >= _STEM}
    return any(word[:_STEM] in stems for word in some if len(word) >= _STEM)


def _subject(about: Comparison, finding: Finding, stayed: frozenset[str]) -> _Subject:
    old, new = _content(about, finding.old or ""), _content(about, finding.new or "")
    # of two names or quotations, what they differ in; of one that came or went, all of it
    words = (old ^ new) or (old | new)
    if finding.old is None or finding.new is None:
        words -= stayed
    sentences = set()
    around: frozenset[str] = frozenset()
    for span in finding.evidence:
        snapshot = about.old if span.side == "old" else about.new
        key, text = _sentence(snapshot, span)
        sentences.add(key)
        around |= _content(about, text)
    return _Subject(words, around, frozenset(sentences))


def _stayed(about: Comparison) -> frozenset[str]:
    """The words of the paragraphs that stand on both sides."""
    texts = [
        about.new.paragraphs[edit.new[0]].text for edit in about.change.edits if edit.op == "equal"
    ]
    return _content(about, "\n".join(texts))


def _sentence(snapshot: Snapshot, span: Span) -> tuple[tuple[str, str, int, int], str]:
    """The sentence in which a span stands: a key that tells it from others, and its text."""
    if span.place != "paragraph":
        text = snapshot.headline if span.place == "headline" else ""
        return (span.side, span.place, span.index, 0), text
    whole = snapshot.paragraphs[span.index].text
    first = max(span.start - _AROUND, 0)
    text = whole[: span.end + _AROUND]
    start, end = first, len(text)
    for stop in _SENTENCE_END.finditer(text, first):
        if stop.end() <= span.start:
            start = stop.end()
        elif stop.end() >= span.end:
            end = stop.end()
            break
    return (span.side, span.place, span.index, start), text[start:end]


def _content(about: Comparison, text: str) -> frozenset[str]:
    """The words of a text that can name something; numbers in digits."""
    numbers = about.words.table("number_words")
    stop = about.words.list("stop_words")
    found = set()
    for word in map(plain, _WORD.findall(text)):
        if word[0].isdigit():
            found.add(word.replace(",", ""))
        elif word in numbers:
            found.add(f"{numbers[word]:g}" if not isinstance(numbers[word], str) else word)
        elif len(word) >= _CONTENT and word not in stop:
            found.add(word.removesuffix("'s"))
    return frozenset(found)
