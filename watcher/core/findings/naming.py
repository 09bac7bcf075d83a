"""Proper names in lexemes: runs of capitalised words with their particles, and abbreviations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from watcher.core.findings.lexemes import Lexeme, Lookup
from watcher.core.findings.lexicon import Lexicon

# What stands before the first word of a sentence, beside the beginning itself.
_OPENING = frozenset(
    [
        ".",
        "!",
        "?",
        "…",
        ":",
        '"',
        "“",
        "„",
        "«",
        "»",
        "‘",
        "'",
        "(",
        "[",
        "-",
        "–",
        "—",
        "•",
        "*",
        "¿",
        "¡",
        "‚",
        "/",
    ]
)
_PARTICLES = frozenset([
    "de", "del", "della", "di", "da", "do", "dos", "das", "du", "des", "la", "le", "van", "von",
    "der", "den", "ten", "ter", "zu", "zum", "al", "el", "bin", "ibn", "ben", "af", "av", "of",
    "y", "e",
])  # fmt: skip
# Behind a word in capitals that begins a line, these make it a label: "LIVE: …".
_LABELS = frozenset([":", "|"])
# Languages that write all nouns with a capital: only runs and abbreviations are names there.
_ARTICLES = frozenset(["der", "den", "des", "das", "und", "zum", "zur", "vom"])
# Words in capitals from which on a line is set in capitals, not named.
_SHOUTED = 4
_NOUNS_CAPITALISED = frozenset(["de", "lb"])


# What begins a sentence with a capital and is no part of the name behind it: "Near Tarsk". Of
# several words only the whole is in the lists.
_COMMON = (
    "stop_words", "number_words", "scale_words", "attribution_phrases", "place_prepositions",
    "quantity_qualifiers", "negations",
)  # fmt: skip


# Words of a full name.
_FULL = 2


class Name(NamedTuple):
    """A proper name: indexes of its first and its last lexeme, and its place in the text.

    `title` is what stands before it as a title, folded ("former president"), from `title_start`
    on; `sure` is false for a single word that begins a sentence.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    title: str
    title_start: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Naming:
    """What a language's lists say of names."""

    titles: Lookup
    particles: AbstractSet[str]
    common: AbstractSet[str]
    demonyms: AbstractSet[str]
    days: Mapping[str, object]
    nouns_capitalised: bool


@lru_cache(maxsize=64)
def naming(lexicon: Lexicon) -> Naming:
    """The lists for names of a language."""
    nouns = lexicon.language in _NOUNS_CAPITALISED
    calendar = {**lexicon.table("months"), **lexicon.table("weekdays")}
    return Naming(
        titles=Lookup(lexicon.list("titles")),
        particles=(_PARTICLES | lexicon.list("name_particles"))
        - (_ARTICLES if nouns else frozenset()),
        common=frozenset().union(*map(lexicon.list, _COMMON)),
        demonyms=lexicon.list("demonyms"),
        days=calendar,
        nouns_capitalised=nouns,
    )


def names(line: Sequence[Lexeme], words: Naming) -> list[Name]:
    """The names in lexemes, in order. Lower-case and caseless text has none, nor has
    a sentence in capitals throughout: nothing tells a name there."""
    found: list[Name] = []
    if _is_shouted(line):
        return found
    after = 0
    for at in [at for at, each in enumerate(line) if each.text[0].isupper()]:
        if (
            at < after
            or not _begins(line[at], words)
            or _is_currency(line, at)
            or _is_adjective(line, at, words)
        ):
            continue
        name, after = _read(line, at, words)
        if name is not None:
            found.append(name)
    return found


def _is_shouted(line: Sequence[Lexeme]) -> bool:
    """Whether a line of several words has no small letter: "ROAD SHUT TO ALL TRAFFIC"."""
    count = 0
    for each in line:
        if each.sort == "word" and len(each.text) > 1:
            if not each.text.isupper():
                return False
            count += 1
    return count >= _SHOUTED


def _is_adjective(line: Sequence[Lexeme], at: int, words: Naming) -> bool:
    """Whether a word says of what people somebody is, and begins no longer name."""
    if line[at].folded not in words.demonyms:
        return False
    after = at + 1
    return (
        after >= len(line)
        or not _is_capital(line[after])
        or words.titles.at(line, after) is not None
    )


def _begins(each: Lexeme, words: Naming) -> bool:
    """Whether a name may begin with a lexeme: a word with a capital that is no day or month."""
    return _is_capital(each) and each.folded.removesuffix("'s") not in words.days


def _is_capital(each: Lexeme) -> bool:
    return each.sort == "word" and each.text[0].isupper()


def _is_currency(line: Sequence[Lexeme], at: int) -> bool:
    """Whether letters belong to a currency's sign: "US$"."""
    behind = line[at + 1] if at + 1 < len(line) else None
    return behind is not None and behind.text == "$" and behind.start == line[at].end


def opens(line: Sequence[Lexeme], at: int) -> bool:
    """Whether the lexeme at an index begins a sentence, a quotation or a line."""
    if at == 0 or line[at - 1].sort == "line":
        return True
    return (
        line[at - 1].sort == "mark"
        and line[at - 1].text in _OPENING
        and not _shortens(line, at - 1)
    )


def _shortens(line: Sequence[Lexeme], at: int) -> bool:
    """Whether a full stop shortens a title or an initial, or a hyphen joins."""
    if at == 0:
        return False
    before = line[at - 1]
    touching = before.end == line[at].start
    if line[at].text == ".":
        return (
            touching
            and before.sort == "word"
            and len(before.text) <= 3
            and before.text[0].isupper()
        )
    if line[at].text in "-/'":
        return touching
    return False


def _read(line: Sequence[Lexeme], at: int, words: Naming) -> tuple[Name | None, int]:
    """The name that begins at a capitalised word, if any, and where to go on."""
    start = at
    if opens(line, at) and line[at].folded in words.common and not words.titles.at(line, at):
        after = at + 1
        if after < len(line) and words.titles.at(line, after) and _begins(line[after], words):
            start = at = after  # "The Mayor Ann Lee": the article is left to the rest
    title_start, titles = -1, []
    hit = words.titles.at(line, at)
    while hit and at + hit[0] <= len(line):
        titles.append(" ".join(each.folded for each in line[at : at + hit[0]]))
        title_start = line[start].start
        at += hit[0]
        if at < len(line) and line[at].text == "." and len(titles[-1]) <= 4:
            at += 1
        hit = words.titles.at(line, at) if at < len(line) else None
    if titles and (at >= len(line) or not _is_capital(line[at])):
        return None, at
    opening = opens(line, at) and not titles
    if opening and line[at].folded in words.common:
        at += 1  # "The Hague": the article is left to the rest
        if at >= len(line) or not _begins(line[at], words) or line[at].folded in words.common:
            return None, at
        opening = False
    if line[at].folded in words.common and not _is_acronym(line[at]):
        return None, at + 1
    inner = _title_inside(line, at, words) if not titles else None
    if inner is not None:
        titles = [" ".join(each.folded for each in line[at:inner])]
        title_start, start = line[at].start, at
        at = inner
    first = at
    last = at
    while True:
        following = _next(line, last, words)
        if following is None:
            break
        last = following
    behind = line[last + 1].text if last + 1 < len(line) else ""
    sure = not opening or last > first or (_has_capitals(line[first]) and behind not in _LABELS)
    if words.nouns_capitalised and last == first and not titles and not _is_acronym(line[first]):
        return None, last + 1
    end = line[last].end
    text = " ".join(each.text for each in line[first : last + 1])
    before, place = _title_before(line, start if titles else first, words)
    if titles:
        before, place = " ".join((*before.split(), *titles)), place if before else title_start
    return Name(first, last, line[first].start, end, text, before, place, sure), last + 1


def _title_inside(line: Sequence[Lexeme], at: int, words: Naming) -> int | None:
    """Where the name begins behind a title within capitals: "Labour MP Joan Tarrant"."""
    end = at
    while end < len(line) and _is_capital(line[end]):
        end += 1
    for index in range(at + 1, end - _FULL):
        hit = words.titles.at(line, index)
        if hit and end - index - hit[0] >= _FULL:
            return index + hit[0]
    return None


def _next(line: Sequence[Lexeme], last: int, words: Naming) -> int | None:
    """The index of the word with which a name goes on behind index `last`."""
    at = last + 1
    if at < len(line) and line[at].text in (".", "-", "‑", "'", "’", "&"):
        touching = line[at].start == line[last].end
        short = len(line[last].text) == 1 if line[at].text == "." else True
        if not (touching and short) and line[at].text != "&":
            return None
        if at + 1 < len(line) and _is_capital(line[at + 1]):
            return at + 1
        return None
    if at < len(line) and line[at].sort == "word":
        if _is_capital(line[at]):
            return at if line[at].folded not in words.days else None
        steps = 0
        while at < len(line) and line[at].folded in words.particles and steps < 3:
            at, steps = at + 1, steps + 1
            if at < len(line) and line[at].text in ("-", "'") and at + 1 < len(line):
                at += 1
        if steps and at < len(line) and _is_capital(line[at]) and line[at].folded not in words.days:
            return at
    return None


def _is_acronym(each: Lexeme) -> bool:
    letters = each.text.replace(".", "")
    return len(letters) > 1 and letters.isupper()


def _has_capitals(each: Lexeme) -> bool:
    """Whether a word has a capital inside: no word of the language has, where sentences begin."""
    return any(map(str.isupper, each.text[1:]))


def _title_before(line: Sequence[Lexeme], first: int, words: Naming) -> tuple[str, int]:
    """A title in small letters right before a name: "president", "former mayor"."""
    titles: list[str] = []
    at = first
    while at > 0:
        for length in (3, 2, 1):
            hit = words.titles.at(line, at - length) if at >= length else None
            if hit and hit[0] == length:
                titles.insert(0, " ".join(each.folded for each in line[at - length : at]))
                at -= length
                break
        else:
            break
    return " ".join(titles), line[at].start if titles else -1
