"""Times of day as they are spoken: "half past nine", "halb zehn", "neuf heures et demie"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from watcher.core.findings.lexemes import Lexeme
from watcher.core.findings.lexicon import Lexicon

_HOUR = "…"
_LAST = 12
# By language: the words with "…" for the hour, by how many hours it differs from the one that is
# meant, and the minute.
_FORMS: Mapping[str | None, Sequence[tuple[str, int, int]]] = {
    "en": (("half past …", 0, 30), ("quarter past …", 0, 15), ("quarter after …", 0, 15),
           ("quarter to …", -1, 45), ("at half …", 0, 30)),
    "de": (("halb …", -1, 30), ("viertel nach …", 0, 15), ("viertel vor …", -1, 45)),
    "nl": (("half …", -1, 30), ("kwart over …", 0, 15), ("kwart voor …", -1, 45)),
    "fr": (("… heures et demie", 0, 30), ("… heures et quart", 0, 15),
           ("… heures moins le quart", -1, 45)),
    "es": (("las … y media", 0, 30), ("las … y cuarto", 0, 15), ("las … menos cuarto", -1, 45)),
    "it": (("le … e mezza", 0, 30), ("le … e mezzo", 0, 30), ("le … e un quarto", 0, 15),
           ("le … meno un quarto", -1, 45)),
    "pt": (("às … e meia", 0, 30), ("as … e meia", 0, 30)),
}  # fmt: skip
# What begins a form and is no part of the time.
_BEFORE = frozenset(["at", "las", "le", "às", "as"])


class Spoken(NamedTuple):
    """A spoken time: hour and minute, and the indexes of its first lexeme and behind its last."""

    hour: int
    minute: int
    first: int
    after: int


class SpokenClock(NamedTuple):
    """The forms of a language, and the words of its hours. `heads` begin a form."""

    forms: Sequence[tuple[tuple[str, ...], int, int]]
    hours: Mapping[str, int]
    heads: frozenset[str]

    def at(self, line: Sequence[Lexeme], at: int) -> Spoken | None:
        """The spoken time that begins at an index, if any."""
        for words, shift, minute in self.forms:
            said = line[at : at + len(words)]
            if len(said) < len(words):
                continue
            hour = 0
            for word, each in zip(words, said, strict=True):
                if word == _HOUR:
                    hour = self.hour(each)
                    if not hour:
                        break
                elif word != each.folded:
                    break
            else:
                first = at + 1 if words[0] in _BEFORE else at
                return Spoken((hour + shift) % 24, minute, first, at + len(words))
        return None

    def hour(self, each: Lexeme) -> int:
        """The hour that a word or digits name, else 0."""
        if each.text.isdecimal() and len(each.text) <= 2:
            return int(each.text) if int(each.text) <= _LAST else 0
        return self.hours.get(each.folded, 0)


def spoken_clock(lexicon: Lexicon) -> SpokenClock:
    """The spoken times of a language; without forms for one that has none here."""
    forms = tuple(
        (tuple(words.split()), shift, minute)
        for words, shift, minute in _FORMS.get(lexicon.language, ())
    )
    hours = {
        word: value
        for word, value in lexicon.table("number_words").items()
        if isinstance(value, int) and 1 <= value <= _LAST
    }
    heads = {words[0] for words, _, _ in forms} - {_HOUR}
    if any(words[0] == _HOUR for words, _, _ in forms):
        heads |= set(hours)
    return SpokenClock(forms, hours if forms else {}, frozenset(heads))
