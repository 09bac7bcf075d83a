"""The words by which pages that are no article give themselves away, as a table read from TOML.

    [soft-404.titles]
    en = ["page not found"]

Kinds are outcomes; places say where a phrase counts: `titles` (a title or heading that says
little else), `texts` (a sentence), `actions` (a button), `marks` (part of an id, class or address
in the HTML), `paths` (the last part of an address). Languages only keep the table in order: every
page is held against all of them, since a Polish site may well stand behind an English challenge.
`*` stands for up to three words.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import add
from typing import Any, NamedTuple

import regex

from watcher.core.model import Outcome
from watcher.errors import UsageError

KINDS = (
    Outcome.BOT_CHALLENGE,
    Outcome.CONSENT_WALL,
    Outcome.GEO_BLOCK,
    Outcome.SOFT_404,
    Outcome.PAYWALL,
    Outcome.LOGIN_PAGE,
    Outcome.MAINTENANCE,
    Outcome.SERVER_ERROR,
    Outcome.BLOCKED,
)
_SPOKEN = ("titles", "texts", "actions")
PLACES = (*_SPOKEN, "marks", "paths")

_GAP = 3
_OTHER = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_OTHER_ASCII = re.compile("[^a-z0-9]+")
# Scripts that put no spaces between words.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")


class Found(NamedTuple):
    """A phrase in a plain text, from character `start` up to `end`."""

    kind: Outcome
    place: str
    start: int
    end: int


class _Phrase(NamedTuple):
    kind: Outcome
    place: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PageWords:
    """The table, ready for use: phrases by their first word, so that a text is read once.

    `seconds` has the words that can follow a first one, without those of which anything can;
    `pairs` the places of the unspaced phrases by their first two letters.
    """

    spaced: Mapping[str, tuple[_Phrase, ...]]
    seconds: Mapping[str, frozenset[str]]
    unspaced: tuple[_Phrase, ...]
    pairs: Mapping[str, tuple[int, ...]]
    marks: Mapping[Outcome, tuple[str, ...]]
    paths: Mapping[Outcome, frozenset[str]]

    def find(self, text: str) -> Iterator[Found]:
        """Every phrase of the table in a plain text; they may overlap."""
        words = text.split()
        for at, word in enumerate(words):
            if word not in self.spaced or not self._goes_on(words, at):
                continue
            for phrase in self.spaced[word]:
                if (end := _match(phrase.words, words, at)) is not None:
                    start = sum(map(len, words[:at])) + at
                    size = sum(map(len, words[at:end])) + end - at - 1
                    yield Found(phrase.kind, phrase.place, start, start + size)
        if self.unspaced and not text.isascii() and _UNSPACED.search(text):
            for place in self._unspaced_in(text):
                phrase = self.unspaced[place]
                if (start := text.find(phrase.words[0])) >= 0:
                    yield Found(phrase.kind, phrase.place, start, start + len(phrase.words[0]))

    def _goes_on(self, words: list[str], at: int) -> bool:
        """False if no phrase that begins with a word goes on with the next one."""
        seconds = self.seconds.get(words[at])
        return seconds is None or (at + 1 < len(words) and words[at + 1] in seconds)

    def _unspaced_in(self, text: str) -> list[int]:
        """The places of the unspaced phrases of which the first two letters stand in a text."""
        found = self.pairs.keys() & {*text, *map(add, text, text[1:])}
        return sorted(place for pair in found for place in self.pairs[pair])


def parse_page_words(toml_text: str) -> PageWords:
    """The table, ready for use.

    Raises UsageError naming every fault, one sentence a line.
    """
    try:
        table = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The table of page kinds is not valid TOML: {error}.") from error
    faults: list[str] = []
    entries = list(_entries(table, faults))
    if faults:
        raise UsageError("\n".join(faults))
    spaced: dict[str, list[_Phrase]] = {}
    unspaced = []
    for kind, place, text in entries:
        if place in _SPOKEN:
            phrase = _Phrase(kind, place, _words(text))
            if _UNSPACED.search(text):
                unspaced.append(_Phrase(kind, place, (plain(text),)))
            else:
                spaced.setdefault(phrase.words[0], []).append(phrase)
    unspaced = list(dict.fromkeys(unspaced))
    pairs: dict[str, list[int]] = {}
    for at, phrase in enumerate(unspaced):
        pairs.setdefault(phrase.words[0][:2], []).append(at)
    return PageWords(
        spaced={word: tuple(dict.fromkeys(phrases)) for word, phrases in spaced.items()},
        seconds={
            word: frozenset(phrase.words[1] for phrase in phrases)
            for word, phrases in spaced.items()
            if all(len(phrase.words) > 1 and phrase.words[1] != "*" for phrase in phrases)
        },
        unspaced=tuple(unspaced),
        pairs={pair: tuple(places) for pair, places in pairs.items()},
        marks={k: tuple(t.lower() for e, p, t in entries if (e, p) == (k, "marks")) for k in KINDS},
        paths={
            k: frozenset(t.lower() for e, p, t in entries if (e, p) == (k, "paths")) for k in KINDS
        },
    )


def plain(text: str) -> str:
    """Text as phrases are compared: case, punctuation and spacing do not count."""
    if text.isascii():
        return _OTHER_ASCII.sub(" ", text.lower()).strip()
    return _OTHER.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _words(phrase: str) -> tuple[str, ...]:
    pieces = [plain(piece).split() for piece in phrase.split("*")]
    return tuple(word for piece in pieces for word in ("*", *piece))[1:]


def _match(phrase: tuple[str, ...], words: list[str], at: int) -> int | None:
    """The index after the phrase, if it stands at `at`; a gap takes as few words as it can."""
    index, slack = at, 0
    for wanted in phrase:
        if wanted == "*":
            slack = _GAP
            continue
        while slack and index < len(words) and words[index] != wanted:
            index, slack = index + 1, slack - 1
        if index >= len(words) or words[index] != wanted:
            return None
        index, slack = index + 1, 0
    return index


def _entries(table: Mapping[str, Any], faults: list[str]) -> Iterator[tuple[Outcome, str, str]]:
    known = {kind.value: kind for kind in KINDS}
    for name, places in table.items():
        if name not in known or not isinstance(places, dict):
            faults.append(f"[{name}] is no kind of page; there are {', '.join(known)}.")
            continue
        for place, languages in places.items():
            where = f"[{name}.{place}]"
            if place not in PLACES or not isinstance(languages, dict):
                faults.append(f"{where} is no place for phrases; there are {', '.join(PLACES)}.")
                continue
            for language, phrases in languages.items():
                if not isinstance(phrases, list) or not all(map(_is_phrase, phrases)):
                    faults.append(f"{language} in {where} must be a list of phrases with letters.")
                    continue
                yield from ((known[name], place, phrase) for phrase in phrases)


def _is_phrase(value: object) -> bool:
    """A phrase begins with a word: it is found by that."""
    return isinstance(value, str) and bool(plain(value)) and not value.startswith("*")
