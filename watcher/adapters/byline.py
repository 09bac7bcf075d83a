"""The names in a byline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from watcher.adapters.headline import letters_of
from watcher.adapters.month_names import BY
from watcher.adapters.vicinity import Line

_BY = re.compile(
    r"(?:"
    + "|".join(sorted(map(re.escape, BY), key=len, reverse=True))
    + r")\s*(?:[:：]\s*|\s)(?=\S)",
    re.IGNORECASE,
)
_NO_NAME = ("@", "/", "www.", "(", "{", "[", "http")
_CONTACT = re.compile(r"\s*[|,(<]?\s?[^\s|,()<>]{1,64}@[^\s|,()<>]{1,64}[)>]?")
_END = re.compile(r"\s*(?:[|•·;\n]|\s[–—-]\s|\son\s|\d).*", re.DOTALL)
_LONGEST = 200
_LONGEST_SHOWN = 80
_AND = re.compile(r",\s|\s(?:and|und|et|y|e|en|och|og|ve|i|и|та|dan|&)\s")
_WORD = re.compile(r"[^\W\d_][\w'’.-]{0,24}")
_PARTICLES = frozenset((
    "de", "da", "do", "dos", "das", "von", "van", "der", "den", "di", "del", "della", "la", "le",
    "bin", "ben", "al", "el", "ten", "zu",
))  # fmt: skip
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,8}")
_MOST_WORDS = 6
# What stands after or instead of a name, casefolded: a line ends there.
_ROLES = frozenset((
    "editor", "correspondent", "reporter", "writer", "columnist", "producer", "contributor",
    "staff", "news", "press", "agency", "associated", "desk", "team", "sport", "sports", "media",
    "political", "senior", "special", "chief", "redaktion", "redakteur", "redakteurin",
    "korrespondent", "korrespondentin", "journalist", "journalistin", "journaliste", "rédaction",
    "correspondant", "correspondante", "redacción", "periodista", "corresponsal", "redação",
    "repórter", "redazione", "giornalista", "inviato", "inviata", "redactie", "verslaggever",
    "redakcja", "редакция", "корреспондент", "редакція", "muhabir", "redaksjonen", "redaktionen",
))  # fmt: skip


def names_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The names in the texts of an author's mark, each once, without "by" and addresses."""
    names: dict[str, str] = {}
    for text in texts:
        if (name := _name(text)) is not None:
            names.setdefault(name.casefold(), name)
    return tuple(names.values())


def apart_from(names: Iterable[str], organisations: Iterable[str]) -> tuple[str, ...]:
    """The names that do not begin with the name of one of the organisations."""
    known = tuple(key for name in organisations if (key := letters_of(name)))
    return tuple(name for name in names if not letters_of(name).startswith(known))


def shown_names(lines: Iterable[Line]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that stand by the headline, and the texts they were read from.

    They are read where a line is marked as a byline, or begins with "by" in one of the languages
    known, and what follows is written as names are. Anything less certain is no byline.
    """
    for line in lines:
        texts = [text for text in line.authors if len(text) <= _LONGEST_SHOWN]
        if not texts and len(line.text) <= _LONGEST_SHOWN and _BY.match(line.text):
            texts = [line.text]
        for text in texts:
            bare = _BY.sub("", text, count=1) if _BY.match(text) else text
            if people := _people(_END.sub("", bare)):
                return people, (text,)
    return (), ()


def _name(text: str) -> str | None:
    if len(text) > 2 * _LONGEST:
        return None
    text = _BY.sub("", text, count=1) if _BY.match(text) else text
    text = _CONTACT.sub("", text).strip(" ,;|")
    if not text or len(text) > _LONGEST or "://" in text or text.lower().startswith(_NO_NAME):
        return None
    return text


def _people(text: str) -> tuple[str, ...]:
    """The names that a text begins with; a place or a role may follow, but no other words."""
    people: list[str] = []
    for part in _AND.split(text):
        words = part.strip(" ,.").split()
        named = list(takewhile(lambda word: word.casefold() not in _ROLES, words))
        if not _is_person(named):
            prose = any(word[0].islower() and word not in _PARTICLES for word in named)
            return () if prose else tuple(people)
        people.append(" ".join(named))
    return tuple(people)


def _is_person(words: list[str]) -> bool:
    """True if the words are written as names are: capitals, two to six of them."""
    if len(words) == 1:
        return _CJK.fullmatch(words[0]) is not None
    return 2 <= len(words) <= _MOST_WORDS and all(
        _WORD.fullmatch(word) and (not word[0].islower() or word in _PARTICLES) for word in words
    )
