"""Noise that stands inside an article's text: view counters, "3 minutes ago".

Only a short paragraph that says nothing but a count or a relative time can be noise, and only
after polls saw it change while the article stood still. Numbers and dates in prose never are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.core.model import Notice, Paragraph, Snapshot
from watcher.core.patterns import fold
from watcher.core.sites import NO_RULES, SiteRules

LEARNED_AFTER = 2
"""Changes that must be seen before a template is noise: one could be an editor's."""

SHARED_BY = 3
"""Articles of a host that must have learned a template before it holds on all of them."""

LONGEST = 80
"""Characters of a paragraph that can be noise: counters and stamps of real pages are shorter."""

MOST_WORDS = 4
"""Words beside the count or the time: "Last updated …", "… people are reading this"."""

_KINDS = ("paragraph", "list-item", "caption", "live-post")
_NUMBER = r"\d[\d.,:’' ]*(?<! )(?:[kmb]\b|mil\b|mio\b|tsd\b|tys\b|тыс\b|млн\b|万|萬|천|만)?"
_SLOT = "#"
_SLOTS = re.compile(rf"{_SLOT}(?:\s*{_SLOT})+")
_UNSPACED = re.compile(r"[\u2e80-\uffef]")


@dataclass(frozen=True, slots=True)
class NoiseWords:
    """The words of counters and relative times, compiled: see noise_words()."""

    counts: re.Pattern[str]
    slots: re.Pattern[str]
    ago: re.Pattern[str]


def noise_words(languages: Iterable[Mapping[str, Sequence[str]]]) -> NoiseWords:
    """The words of some languages, each a mapping with lists under counts, spans and ago."""
    lists: dict[str, list[str]] = {"counts": [], "spans": [], "ago": []}
    for language in languages:
        for name, words in lists.items():
            words.extend(language.get(name, ()))
    spans, ago = _any_of(lists["spans"]), _any_of(lists["ago"])
    return NoiseWords(
        counts=re.compile(_any_of(lists["counts"])),
        slots=re.compile(f"{_NUMBER}|{ago}|{spans}"),
        ago=re.compile(ago),
    )


def _any_of(words: Iterable[str]) -> str:
    """Any of the words, the longest that fits; where words are spaced, only whole ones."""
    known = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    spaced = "|".join(re.escape(word) for word in known if not _UNSPACED.search(word))
    unspaced = "|".join(re.escape(word) for word in known if _UNSPACED.search(word))
    whole = rf"(?<![^\W\d_])(?:{spaced})(?![^\W\d_])" if spaced else ""
    return "(?:" + "|".join(part for part in (whole, unspaced) if part) + ")"


def template(paragraph: Paragraph, words: NoiseWords) -> str | None:
    """What stays of a counter or relative time when it changes, None for any other text.

    "Updated 3 minutes ago" and "Updated an hour ago" are both "updated #".
    """
    if len(paragraph.text) > LONGEST or paragraph.kind not in _KINDS:
        return None
    text = fold(paragraph.text)
    counts = words.counts.search(text) is not None and any(map(str.isdigit, text))
    if not counts and not words.ago.search(text):
        return None
    slotted = _SLOTS.sub(_SLOT, words.slots.sub(_SLOT, text)).strip()
    rest = [word for word in slotted.split() if any(map(str.isalnum, word))]
    if _SLOT not in slotted or len(rest) > MOST_WORDS:
        return None
    return slotted


def noise_between(
    old: Snapshot, new: Snapshot, words: NoiseWords, rules: SiteRules = NO_RULES
) -> frozenset[str]:
    """The templates of the counters and relative times that went on from one snapshot to the
    other, if nothing else differs; empty if anything does, or the site's rules keep one."""
    if _beside_text(old) != _beside_text(new):
        return frozenset()
    found: set[str] = set()
    for before, after in zip(_texts(old), _texts(new), strict=True):
        if before != after:
            known = template(before, words)
            if before.kind != after.kind or known is None or known != template(after, words):
                return frozenset()
            if rules.keeps(before.text) or rules.keeps(after.text):
                return frozenset()
            found.add(known)
    return frozenset(found)


def _beside_text(snapshot: Snapshot) -> Snapshot:
    """The snapshot without what is compared as text, and how much of that there is."""
    marks = tuple(Notice(notice.kind, "", notice.place) for notice in snapshot.notices)
    blank = (Paragraph("", ""),) * len(snapshot.paragraphs)
    return replace(snapshot, paragraphs=blank, notices=marks, posts=(), url="")


def _texts(snapshot: Snapshot) -> list[Paragraph]:
    """The paragraphs, and the notices that stand outside of them."""
    outside = [notice.text for notice in snapshot.notices if notice.place is None]
    return [*snapshot.paragraphs, *(Paragraph("paragraph", text) for text in outside)]
