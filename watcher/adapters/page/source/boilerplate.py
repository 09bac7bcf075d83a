"""What surrounds an article on a page: words of class and id, and short phrases, from a table.

Extend `boilerplate.toml`, not the code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from itertools import product
from operator import add
from urllib.parse import unquote, urlsplit

from watcher.adapters.page.source.readertalk import LEADS
from watcher.adapters.page.source.readertalk import said as _said

_TABLE = tomllib.loads(
    (files("watcher.adapters.page.source") / "boilerplate.toml").read_text("utf-8")
)
_MARKS = ("strong", "chrome", "doubtful", "weak", "summary", "caption", "body", "image")
STRONG, CHROME, DOUBTFUL, WEAK, SUMMARY, CAPTION, BODY, IMAGE, HIDDEN, SURE_BODY, SPOKEN = (
    1 << n for n in range(11)
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")
HIDDEN_CLASSES = frozenset(("hidden", "hide", "d-none", "is-hidden", "u-hidden", "invisible"))
"""Names of classes that hide an element."""
# A class for some widths of the screen only: what is hidden on a small one is seen on another.
_SHOWN = re.compile(r":(?:block|flex|grid|inline|contents|table)|d-\w\w-(?:block|flex)")
# A name that says what is so, or not so, of the element: "has-ads", "no-comments", "ad-free".
# What is not printed is chrome, so that one stays.
_STATE = re.compile(
    r"(?<!\S)(?:(?:has|with|without|no)-(?!print)\S+|(?:ad|ads|adverts|paywall)-free)(?!\S)"
)
# Nothing without one of these has such a name.
_STATES = ("has-", "with-", "without-", "no-", "-free")
# Words of a phrase that a linked block may begin with.
_MOST_WORDS = 6
# Words of a label that may end with a full stop: fewer are an answer as often.
_SENTENCE = 4
# Longer than any sentence in which a page asks for something.
_LONGEST_CALL = 220


def _spelt(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(phrase.replace(' ', ' ?') for phrase in phrases)}) ")


def _spelt_plain(phrase: str) -> str:
    return phrase.replace(" ", " ?")


def _by_first_word(phrases: Iterable[tuple[str, int]]) -> dict[str, list[tuple[list[str], int]]]:
    """Phrases in all their spellings by the first word, with the words behind it and a mark."""
    found: dict[str, list[tuple[list[str], int]]] = {}
    for phrase, mark in phrases:
        words = phrase.split(" ")
        for gaps in product(("", " "), repeat=len(words) - 1):
            first, *rest = "".join(map(add, words, (*gaps, ""))).split(" ")
            found.setdefault(first, []).append((rest, mark))
    return found


# Found in words that _NAMES knows, beside the marks.
_SAYS_NOTHING, _IS_SPOKEN = 1 << 29, 1 << 30
_SPOKEN = _spelt(_TABLE["names"]["spoken"])
_NO_NAMES = _spelt(_TABLE["names"]["none"])
_NAMES = _by_first_word(
    (phrase, mark)
    for mark, name in (
        *((1 << n, name) for n, name in enumerate(_MARKS)),
        (_SAYS_NOTHING, "none"),
        (_IS_SPOKEN, "spoken"),
    )
    for phrase in _TABLE["names"][name]
)
_BODIES = re.compile(f"(?:{'|'.join(map(_spelt_plain, _TABLE['names']['body']))})")
_BIOS = re.compile(
    rf"\s(?:{'|'.join(verb for verbs in _TABLE['bios'].values() for verb in verbs)})\b"
)
_LABELS = LEADS.union(_said(phrase) for phrases in _TABLE["labels"].values() for phrase in phrases)
# With room for arrows, dots and spaces around the words.
_LONGEST_LABEL = max(map(len, _LABELS)) + 12
_BADGES = frozenset(_said(badge) for badges in _TABLE["badges"].values() for badge in badges)
_LIVE_PHRASES = {_said(phrase) for phrases in _TABLE["live"].values() for phrase in phrases}
# Scripts without spaces have no borders of words.
_LIVE = re.compile(
    "|".join(
        phrase if phrase[0] > "\u2e80" else f" {_spelt_plain(phrase)} "
        for phrase in sorted(_LIVE_PHRASES)
    )
)
# Where a headline's kicker ends, or its tail begins; one in capitals needs less.
_KICKER = re.compile(r"\s*[:：|•]\s*|\s+[–—-]\s+")
_SHOUTED = re.compile(r"[.,]\s+")
_BRACKETED = re.compile(r"[\[【(（<]([^\]】)）>]{1,30})[\]】)）>]\s*(?=\S)")
# Segments of addresses that say as much.
_LIVE_SEGMENTS = frozenset(("live", "liveblog", "liveticker", "newsticker", "ticker", "live news"))
_CALLS = re.compile(
    rf"^\W*?(?:{'|'.join(call for calls in _TABLE['calls'].values() for call in calls)})",
    re.IGNORECASE,
)


def _marks_in(names: str) -> int:
    words = " ".join(_WORD.findall(names)).lower()
    found = _marks_of(words)
    if found & _SAYS_NOTHING:
        words = _NO_NAMES.sub(" ", f" {words} ").strip()
        found = _marks_of(words)
    if found & _IS_SPOKEN and found & (STRONG | CHROME):
        rest = _SPOKEN.sub(" ", _SPOKEN.sub(" ", f" {words} "))
        if not _marks_of(rest) & (STRONG | CHROME):
            found |= SPOKEN
    return found & ~(_SAYS_NOTHING | _IS_SPOKEN)


def _marks_of(said: str) -> int:
    found, words = 0, said.split()
    for at, word in enumerate(words):
        if word in _NAMES:
            for rest, mark in _NAMES[word]:
                if not rest or words[at + 1 : at + 1 + len(rest)] == rest:
                    found |= mark
    return found


@lru_cache(maxsize=8192)
def judge(names: str) -> int:
    """What the names given to an element say of it: STRONG, CHROME, WEAK … added up.

    SURE_BODY is set if one name says nothing else than that it is the article's body, SPOKEN if
    STRONG or CHROME are set by words alone that are given to text as well.
    """
    told = _STATE.sub(" ", names) if any(map(names.__contains__, _STATES)) else names
    found = _marks_in(told)
    if told != names and _marks_in(names) & (STRONG | CHROME):
        found |= DOUBTFUL
    if found & BODY and any(
        _BODIES.fullmatch(" ".join(_WORD.findall(name)).lower()) for name in told.split()
    ):
        found |= SURE_BODY
    if not HIDDEN_CLASSES.isdisjoint(names.split()) and not _SHOWN.search(names):
        found |= HIDDEN
    return found


def is_label(text: str) -> bool:
    """True if a block says nothing but one of the phrases that surround articles."""
    if len(text) > _LONGEST_LABEL:
        return False
    said = _said(text)
    if text.endswith(".") and not text.endswith("..") and said.count(" ") < _SENTENCE - 1:
        return False
    return said in _LABELS


def is_chrome_label(text: str) -> bool:
    """True if a name that is read aloud says that an element is none of the article."""
    return is_label(text) and bool(judge(text) & (STRONG | CHROME))


def is_badge(text: str) -> bool:
    """True if a text by a headline says no more than that the story goes on: "LIVE"."""
    return len(text) <= _LONGEST_LABEL and _said(text) in _BADGES


def headline_badge(headline: str) -> str:
    """What a headline says before its words, if that is no more than that the story goes on:
    "LIVE" of "LIVE: Flood in the valley"; "" for nothing."""
    if bracketed := _BRACKETED.match(headline):
        return bracketed[1] if is_badge(bracketed[1]) else ""
    pieces = _KICKER.split(headline, maxsplit=1)
    if len(pieces) > 1 and is_badge(pieces[0]):
        return pieces[0]
    first = _SHOUTED.split(headline, maxsplit=1)
    return first[0] if len(first) > 1 and first[0].isupper() and is_badge(first[0]) else ""


def is_live(headline: str, url: str) -> bool:
    """True if a headline or an address says that its page tells something as it happens."""
    if headline_badge(headline) or is_badge(_KICKER.split(headline)[-1]):
        return True
    segments = [_said(segment) for segment in unquote(urlsplit(url).path).split("/")]
    if not _LIVE_SEGMENTS.isdisjoint(segments):
        return True
    return any(_LIVE.search(f" {said} ") for said in (_said(headline), *segments))


def begins_with_label(text: str) -> bool:
    """True if a block begins with such a phrase of two words or more, or one and a colon."""
    first, colon, _ = text[:40].partition(":")
    if colon and _said(first) in _LABELS:
        return True
    words = _said(text[:80]).split()
    return any(" ".join(words[:count]) in _LABELS for count in range(2, _MOST_WORDS))


def is_call(text: str) -> bool:
    """True if a short block points elsewhere, asks for something, or says whose the page is."""
    if len(text) > _LONGEST_CALL:
        return False
    first, colon, _ = text[:40].partition(":")
    label = _said(first) if colon else ""
    if " " in label and label in _LABELS:
        return True
    return _CALLS.match(text.replace("\xa0", " ")) is not None


def is_bio(text: str, names: Iterable[str]) -> bool:
    """True if a text begins with one of the names and goes on as the lives of authors do."""
    return any(text.startswith(name) and _BIOS.match(text, len(name)) for name in names)
