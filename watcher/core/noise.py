"""Noise that stands inside an article's text: view counters, "3 minutes ago".

Only a short line that says nothing but what only pages count, or how long ago it was, can be
noise, and only after polls saw it change while the article stood still. A number is let go on
only right beside such a word. A date beside it stays in the template as it is written, so that
another date is another line; any other number, name or word makes the line an editor's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.core.model import Link, Notice, Paragraph, Snapshot
from watcher.core.patterns import fold
from watcher.core.sites import NO_RULES, SiteRules
from watcher.core.urls import link_form

LEARNED_AFTER = 2
"""Changes that must be seen before a template is noise: one could be an editor's."""

SHARED_BY = 3
"""Articles of a host that must have learned a template before it holds on all of them."""

LONGEST = 80
"""Characters of a line that can be noise: counters and stamps of real pages are shorter."""

_KINDS = ("paragraph", "list-item", "caption", "live-post")
_LISTS = ("counts", "units", "ones", "before", "after", "now", "beside")
# Nobody counts views or shares in fractions, but for thousands: prices of shares have them.
_COUNT = (
    r"(?:\d+(?:[.,]\d+)? ?(?:[kmb]|mil|mio|tsd|tys|тыс|тис|млн)\b\.?|\d+(?:[.,]\d+)?[万萬천만]"
    r"|\d{1,3}(?:[.,’' ]\d{3})+(?![.,]?\d)|\d+(?![.,]?\d))"
)
# Spaces only before groups of three figures: "3 May 2026 5 minutes ago" has two numbers.
_NUMBER = r"\d+(?:[.,:’']\d+| \d{3}(?!\d))*(?: ?(?:[kmb]|mil|mio|tsd|tys|тыс|млн)\b\.?|[万萬천만])?"
_BRACKETED = rf"[(\[（]{_COUNT}[)\]）]"
_SLOT = "#"
_CLOCK = frozenset((
    "at", "am", "pm", "a", "m", "p", "gmt", "utc", "bst", "ist", "est", "edt", "et", "cst", "cdt",
    "ct", "mst", "mdt", "pst", "pdt", "cet", "cest",
))  # fmt: skip
_ANNOUNCING = (":", "：")
_BESIDE = 10
"""Items of a list that are looked at on either side."""
_SENTENCE_ENDS = tuple(".!?。！？।؟")
_UNSPACED = re.compile(r"[\u2e80-\uffef]")
_WORD = re.compile(r"[^\W\d_]+")
_MEASURED = re.compile("[%‰°±+=<>$¢£¤¥₠-⃀]")
"""Signs of shares, degrees, gains and money: what has them says more than how often."""


@dataclass(frozen=True, slots=True)
class NoiseWords:
    """Counters and relative times of some languages, compiled: see noise_words()."""

    goes_on: re.Pattern[str]
    counts: re.Pattern[str]
    beside: frozenset[str]
    dates: frozenset[str]


def noise_words(
    languages: Iterable[Mapping[str, Sequence[str]]], months: Iterable[str] = ()
) -> NoiseWords:
    """The words of some languages, each a mapping with the lists that noise.toml explains.

    `months` are names of months, casefolded: with one of them, a line may give a date as well.
    """
    forms: list[str] = []
    counts: list[str] = []
    beside: set[str] = set()
    for language in languages:
        words = {name: _any_of(language.get(name, ())) for name in _LISTS}
        amount = f"(?:{_NUMBER}|{words['ones']})" if words["ones"] else _NUMBER
        span = rf"{amount} ?{words['units']}"
        if words["before"]:
            forms.append(rf"{words['before']} ?{span}")
        if words["after"]:
            forms.append(rf"{span} ?{words['after']}")
        if words["now"]:
            forms.append(words["now"])
        if words["counts"]:
            counts.append(words["counts"])
            forms.append(rf"(?<![\d.,]){_COUNT} ?{words['counts']}")
            forms += [rf"{words['counts']} ?[:：]? ?{number}" for number in (_COUNT, _BRACKETED)]
        said = [*language.get("beside", ()), *language.get("counts", ())]
        beside.update(word for text in said for word in _WORD.findall(fold(text)))
    return NoiseWords(
        re.compile("|".join(forms)),
        re.compile("|".join(counts)),
        frozenset(beside),
        frozenset(map(fold, months)),
    )


def _any_of(words: Sequence[str]) -> str:
    """Any of the words, the longest that fits; where words are spaced, only whole ones."""
    known = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    spaced = "|".join(re.escape(word) for word in known if not _UNSPACED.search(word))
    unspaced = "|".join(re.escape(word) for word in known if _UNSPACED.search(word))
    whole = rf"(?<![^\W\d_])(?:{spaced})(?![^\W\d_])" if spaced else ""
    options = [part for part in (whole, unspaced) if part]
    return f"(?:{'|'.join(options)})" if options else ""


def template(paragraph: Paragraph, words: NoiseWords) -> str | None:
    """What stays of a counter or relative time when it changes, None for any other text.

    "Updated 3 minutes ago" and "Updated an hour ago" are both "updated #".
    """
    if len(paragraph.text) > LONGEST or paragraph.kind not in _KINDS:
        return None
    if paragraph.text.endswith(_SENTENCE_ENDS):
        return None
    text = fold(paragraph.text)
    rest, found = words.goes_on.subn(_SLOT, text)
    if not found:
        return None
    said = set(_WORD.findall(rest))
    dated = bool(said & words.dates)
    if (any(map(str.isdigit, rest)) and not dated) or _MEASURED.search(rest):
        return None
    if not said <= (words.beside | words.dates | _CLOCK if dated else words.beside):
        return None

    def slot(match: re.Match[str]) -> str:
        counted = words.counts.search(match[0])
        return f"{_SLOT} {counted[0]}" if counted else _SLOT

    return " ".join(words.goes_on.sub(slot, text).split())


def is_counter(text: str, words: NoiseWords) -> bool:
    """True for a line that says nothing but how often a page was looked at, shared or discussed.

    No date may stand beside it, nor how long ago anything was.
    """
    if len(text) > LONGEST or text.endswith(_SENTENCE_ENDS):
        return False
    found = [match[0] for match in words.goes_on.finditer(fold(text))]
    if not found or not all(map(words.counts.search, found)):
        return False
    rest = words.goes_on.sub(_SLOT, fold(text))
    return not any(map(str.isdigit, rest)) and words.beside.issuperset(_WORD.findall(rest))


def kept_templates(snapshot: Snapshot, words: NoiseWords, rules: SiteRules) -> frozenset[str]:
    """The templates of which the site's rules keep a text, so that they are no noise there."""
    texts = _texts(snapshot)
    known = ((_template_at(texts, at, words), text.text) for at, text in enumerate(texts))
    return frozenset(each for each, text in known if each is not None and rules.keeps(text))


def noise_between(
    old: Snapshot, new: Snapshot, words: NoiseWords, rules: SiteRules = NO_RULES
) -> frozenset[str]:
    """The templates of the counters and relative times that went on from one snapshot to the
    other, if nothing else differs; empty if anything does, or the site's rules keep one."""
    if _beside_text(old) != _beside_text(new):
        return frozenset()
    found: set[str] = set()
    olds, news = _texts(old), _texts(new)
    for at, (before, after) in enumerate(zip(olds, news, strict=True)):
        if before != after:
            known = _template_at(olds, at, words)
            if before.kind != after.kind or known is None or known != _template_at(news, at, words):
                return frozenset()
            if rules.keeps(before.text) or rules.keeps(after.text):
                return frozenset()
            found.add(known)
    return frozenset(found)


def templates(snapshot: Snapshot, words: NoiseWords) -> frozenset[str]:
    """The templates of all counters and relative times of a snapshot."""
    texts = _texts(snapshot)
    return frozenset(_template_at(texts, at, words) or "" for at in range(len(texts))) - {""}


def _template_at(texts: Sequence[Paragraph], at: int, words: NoiseWords) -> str | None:
    """The template of one of the texts; None for a fact of a list.

    "1,200 comments" under a colon, or beside items that are no counters, is what the article says.
    """
    known = template(texts[at], words)
    if known is None or texts[at].kind != "list-item":
        return known
    first, last = at, at
    while first > 0 and texts[first - 1].kind == "list-item":
        first -= 1
    while last + 1 < len(texts) and texts[last + 1].kind == "list-item":
        last += 1
    if first > 0 and texts[first - 1].text.endswith(_ANNOUNCING):
        return None
    near = range(max(first, at - _BESIDE), min(last, at + _BESIDE) + 1)
    return known if all(template(texts[n], words) is not None for n in near) else None


def without_noise(
    old: Snapshot, new: Snapshot, learned: frozenset[str], words: NoiseWords, rules: SiteRules
) -> Snapshot:
    """The old snapshot in which known noise says what it says in the new one.

    `learned` are the templates that are known as noise. What of them only one of the two has
    stays as it is.
    """
    said: dict[str, list[str]] = {}
    olds, news = _texts(old), _texts(new)
    for at, each in enumerate(news):
        known = _template_at(news, at, words)
        if known in learned and known is not None and not rules.keeps(each.text):
            said.setdefault(known, []).append(each.text)
    now = {text for texts in said.values() for text in texts}
    spoken: dict[str, str] = {}
    for at, each in enumerate(olds):
        known = _template_at(olds, at, words)
        if known in said and said[known] and not rules.keeps(each.text):
            spoken.setdefault(each.text, said[known].pop(0))
    if all(before == after for before, after in spoken.items()):
        return old
    # "Updated an hour ago" is a notice as well, and goes on with its paragraph
    notices = [notice for notice in old.notices if _whole(notice, old) not in spoken]
    notices += [notice for notice in new.notices if _whole(notice, new) in now]
    return replace(
        old,
        paragraphs=tuple(p._replace(text=spoken.get(p.text, p.text)) for p in old.paragraphs),
        notices=tuple(notices),
        links=tuple(
            link for link in old.links if old.paragraphs[link.paragraph].text not in spoken
        ),
    )


def _whole(notice: Notice, snapshot: Snapshot) -> str:
    """The text of the paragraph that a notice stands in, or its own."""
    return notice.text if notice.place is None else snapshot.paragraphs[notice.place].text


def _beside_text(snapshot: Snapshot) -> Snapshot:
    """The snapshot without what is compared as text, and how much of that there is."""
    marks = tuple(Notice(notice.kind, "", notice.place) for notice in snapshot.notices)
    blank = (Paragraph("", ""),) * len(snapshot.paragraphs)
    links = tuple(Link(0, 0, 0, link_form(link.url)) for link in snapshot.links)
    # the page's addresses make no version, and some differ in every answer
    return replace(
        snapshot,
        paragraphs=blank, notices=marks, posts=(), links=links, url="", canonical=None,
    )  # fmt: skip


def _texts(snapshot: Snapshot) -> list[Paragraph]:
    """The paragraphs, and the notices that stand outside of them."""
    outside = [notice.text for notice in snapshot.notices if notice.place is None]
    return [*snapshot.paragraphs, *(Paragraph("paragraph", text) for text in outside)]
