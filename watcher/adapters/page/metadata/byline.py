"""The names in a byline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from watcher.adapters.page.metadata.headline import letters_of
from watcher.adapters.page.text.vicinity import Line, is_label
from watcher.adapters.page.times.month_names import BY, MONTHS

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
_MOST_PEOPLE = 6
# What stands after a name, casefolded: the name ends there.
_ROLES = frozenset((
    "associated", "editor", "correspondent", "reporter", "writer", "columnist", "producer",
    "contributor", "political", "senior", "special", "chief", "opinion", "leitender", "leitende",
    "journalist", "journalistin", "journaliste", "correspondant", "correspondante", "periodista",
    "corresponsal", "repórter", "giornalista", "inviato", "inviata", "verslaggever",
    "корреспондент", "muhabir",
))  # fmt: skip
_ROLE_ENDINGS = ("redakteur", "redakteurin", "korrespondent", "korrespondentin")
# What ends the name of an organisation.
_BODIES = frozenset((
    "staff", "news", "press", "agency", "desk", "team", "sport", "sports", "media", "redaktion",
    "rédaction", "redacción", "redação", "redazione", "redactie", "redakcja", "редакция",
    "редакція", "redaksjonen", "redaktionen",
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
        bare = (_BY.sub("", text, count=1) if _BY.match(text) else text for text in texts)
        people = dict.fromkeys(name for text in bare for name in _people(_END.sub("", text)))
        if 0 < len(people) <= _MOST_PEOPLE:
            return tuple(people), tuple(texts)
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
        named = [*takewhile(_may_be_name, words[:2])]
        if len(named) == 2:
            # April and May are names as well, but not the third
            named += takewhile(
                lambda word: _may_be_name(word) and word.casefold() not in MONTHS, words[2:]
            )
        end = words[len(named)].casefold() if len(named) < len(words) else ""
        if end in _BODIES or (people and end and end != "associated"):
            break
        if not _is_person(named):
            prose = any(word[0].islower() and word not in _PARTICLES for word in named)
            return () if prose else tuple(people)
        people.append(" ".join(named))
    return tuple(people) if len(people) <= _MOST_PEOPLE else ()


def _may_be_name(word: str) -> bool:
    word = word.casefold()
    is_role = word in _ROLES or word in _BODIES or word.endswith(_ROLE_ENDINGS)
    return not (is_role or is_label(word))


def _is_person(words: list[str]) -> bool:
    """True if the words are written as names are: capitals, two to six of them."""
    if len(words) == 1:
        return _CJK.fullmatch(words[0]) is not None
    return 2 <= len(words) <= _MOST_WORDS and all(
        _WORD.fullmatch(word) and (not word[0].islower() or word in _PARTICLES) for word in words
    )
