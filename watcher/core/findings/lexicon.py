"""Word lists by language: what hedges, denies, counts and names things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

Value = str | int | float

LISTS = (
    "hedges", "attribution_verbs", "attribution_phrases", "claiming_verbs",
    "negations", "no_negations", "no_hedges", "no_attributions", "titles", "title_qualifiers",
    "articles", "demonyms", "no_places", "place_prepositions", "name_particles", "stop_words",
)  # fmt: skip
"""Lists of words or phrases."""

TABLES = (
    "number_words", "scale_words", "quantity_qualifiers", "units", "currencies", "casualties",
    "months", "weekdays", "hours", "spellings", "progress", "states",
)  # fmt: skip
"""Words that stand for something: a number, or the name under which they are the same."""

_LANGUAGE = re.compile("[a-z]{2,3}")
_WORD = re.compile(r"[^\W\d_]+")

# A third to a half of the words of European articles are stop words of the lists. A guess needs a
# quarter of that; of a few words it needs more, and of fewer than six there is none.
_FEWEST_WORDS, _FEW_WORDS, _MOST_WORDS = 6, 20, 300
_SHARE, _SHARE_OF_FEW = 0.12, 0.2
_KANA, _HAN = re.compile("[\u3041-\u30ff]"), re.compile("[\u4e00-\u9fff]")


def plain(text: str) -> str:
    """A word or phrase as the lists have it: case-folded, single spaces, straight apostrophes."""
    return " ".join(text.casefold().replace("’", "'").split())


@dataclass(frozen=True, eq=False, slots=True)
class Lexicon:
    """The word lists of one language. Words are as plain() makes them.

    Equal only if they are the same object, so that what is compiled from them can be cached.
    """

    language: str | None = None
    lists: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    tables: Mapping[str, Mapping[str, Value]] = field(default_factory=lambda: MappingProxyType({}))

    def has(self, name: str) -> bool:
        """Whether there is a list or table of that name with anything in it."""
        return bool(self.lists.get(name) or self.tables.get(name))

    def list(self, name: str) -> frozenset[str]:
        """The words of a list, or those of a table without what they stand for."""
        return self.lists.get(name) or frozenset(self.tables.get(name, ()))

    def table(self, name: str) -> Mapping[str, Value]:
        """What the words of a table stand for."""
        return self.tables.get(name, MappingProxyType({}))


NO_WORDS = Lexicon()


@dataclass(frozen=True, slots=True)
class LexiconError:
    """A fault of a document: the path that leads to it, and a full sentence."""

    path: tuple[str | int, ...]
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class Lexicons:
    """The word lists of all languages. Equal only if they are the same object."""

    languages: Mapping[str, Lexicon] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, language: str | None) -> Lexicon:
        """The lists for a BCP 47 tag; empty ones for a language that has none, or None."""
        code = primary(language)
        if code is None:
            return NO_WORDS
        return self.languages.get(code) or _empty(code)

    def guess(self, texts: Iterable[str]) -> str | None:
        """The language whose stop words stand in the texts more often than any other's; where
        words are not set apart by spaces, that of the script. None if nothing tells."""
        found: list[str] = []
        signs = ""
        for text in texts:
            signs += text[:_MOST_WORDS]
            found += _WORD.findall(text[:4000].casefold())
            if len(found) >= _MOST_WORDS:
                break
        return self._by_script(signs) or self._by_stop_words(found[:_MOST_WORDS])

    def _by_script(self, text: str) -> str | None:
        kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
        if 2 * (kana + han) <= len(text):
            return None
        code = "ja" if kana else "zh"
        return code if code in self.languages else None

    def _by_stop_words(self, words: Sequence[str]) -> str | None:
        counts = sorted(
            (sum(map(lexicon.list("stop_words").__contains__, words)), code)
            for code, lexicon in self.languages.items()
        )
        share = _SHARE if len(words) >= _FEW_WORDS else _SHARE_OF_FEW
        if len(words) < _FEWEST_WORDS or not counts or counts[-1][0] < share * len(words):
            return None
        second = counts[-2][0] if len(counts) > 1 else 0
        return counts[-1][1] if counts[-1][0] > second else None


@lru_cache(maxsize=64)
def _empty(code: str) -> Lexicon:
    return Lexicon(code)


def primary(language: str | None) -> str | None:
    """The first part of a BCP 47 tag in lower case, None if there is none."""
    code = re.split("[-_]", (language or "").strip().lower())[0]
    return code or None


def read_lexicons(
    data: Mapping[str, object], base: Lexicons | None = None
) -> tuple[Lexicons, tuple[LexiconError, ...]]:
    """The lists that a document describes, added to `base`; and every fault of it.

    With faults the lists are those of `base` with what could be read. `drop` in the table of a
    language takes words out of all its lists.
    """
    languages = dict(base.languages) if base else {}
    faults: list[LexiconError] = []
    for code, table in data.items():
        if not _LANGUAGE.fullmatch(code):
            told = 'is no language; write a code as pages have it, without a region: "en", "pt"'
            faults.append(LexiconError((code,), f'"{code}" {told}'))
        elif not isinstance(table, Mapping):
            told = f'"{code}" must be a table; write its lists below [{code}]'
            faults.append(LexiconError((code,), told))
        else:
            languages[code] = _extended(code, table, languages.get(code), faults)
    return Lexicons(MappingProxyType(languages)), tuple(faults)


def _extended(
    code: str, data: Mapping[str, object], old: Lexicon | None, faults: list[LexiconError]
) -> Lexicon:
    lists = dict(old.lists) if old else {}
    tables = dict(old.tables) if old else {}
    dropped: frozenset[str] = frozenset()
    for name, value in data.items():
        if name == "drop":
            dropped = _words(code, name, value, faults)
        elif name in LISTS:
            lists[name] = lists.get(name, frozenset()) | _words(code, name, value, faults)
        elif name in TABLES:
            tables[name] = {**tables.get(name, {}), **_values(code, name, value, faults)}
        else:
            known = ", ".join((*LISTS, *TABLES, "drop"))
            faults.append(
                LexiconError((code, name), f'unknown list "{name}" in [{code}]; known: {known}')
            )
    for word in sorted(dropped):
        if not any(word in group for group in (*lists.values(), *tables.values())):
            told = f'no list of [{code}] has "{word}"; copy the word to drop as the list has it'
            faults.append(LexiconError((code, "drop"), told))
    return Lexicon(
        code,
        MappingProxyType({name: group - dropped for name, group in lists.items()}),
        MappingProxyType(
            {
                name: MappingProxyType({k: v for k, v in group.items() if k not in dropped})
                for name, group in tables.items()
            }
        ),
    )


def _words(
    code: str, name: str, value: object, faults: list[LexiconError], *, key: tuple[str, ...] = ()
) -> frozenset[str]:
    if not isinstance(value, list):
        told = f'"{name}" in [{code}] must be a list of words in square brackets'
        faults.append(LexiconError((code, name), told))
        return frozenset()
    good = set()
    where = f'"{key[0]}" in [{code}.{name}]' if key else f'"{name}" in [{code}]'
    for place, word in enumerate(value):
        if isinstance(word, str) and plain(word):
            good.add(plain(word))
        else:
            told = f"entry {place + 1} of {where} must be a word in quotes, not empty"
            faults.append(LexiconError((code, name, *key, place), told))
    return frozenset(good)


def _values(code: str, name: str, value: object, faults: list[LexiconError]) -> dict[str, Value]:
    if not isinstance(value, Mapping):
        told = f'"{name}" must be a table; write [{code}.{name}] and below it word = what it means'
        faults.append(LexiconError((code, name), told))
        return {}
    good: dict[str, Value] = {}
    for word, meaning in value.items():
        if isinstance(meaning, list):
            same = _words(code, name, meaning, faults, key=(word,))
            good |= dict.fromkeys(same, _value(word))
        elif isinstance(meaning, bool) or not isinstance(meaning, str | int | float):
            told = f'"{word}" in [{code}.{name}] must stand for a number or a name in quotes, or '
            faults.append(LexiconError((code, name, word), told + "be the name of a list of words"))
        elif plain(word):
            good[plain(word)] = meaning
        else:
            told = f"a word of [{code}.{name}] is blank; write the word in quotes"
            faults.append(LexiconError((code, name, word), told))
    return good


def _value(text: str) -> Value:
    """The number that a key of a table spells in digits, else the key itself."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text
