"""Attributions in lexemes: who is said to have said it, and by which word."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from watcher.core.findings.lexemes import Lexeme, Lookup, is_unspaced
from watcher.core.findings.lexicon import Lexicon

_STOPS = frozenset(',;:.!?()"“”„«»‘’「」『』—–،؛。、')
_QUOTES = frozenset('"“”„«»「」『』»')
# Forms of "to be" that make a verb behind them passive.
_PASSIVE = frozenset(
    ["be", "been", "being", "is", "are", "was", "were", "wird", "wurde", "wurden", "werden",
     "été", "être", "est", "sont", "sido", "ser", "fue", "stato", "essere", "è"]
)  # fmt: skip
# No verb stands right behind these: "to settle the claims".
_DETERMINERS = frozenset(
    ["the", "an", "its", "his", "their", "our", "this", "these", "those", "any", "some", "le",
     "les", "el", "los", "las", "os", "das", "het"]
)  # fmt: skip
_BEHIND_NOUNS = frozenset(
    ["of", "about", "from", "in", "on", "by", "and", "are", "were", "have", "for",
     "against", "made"]
)  # fmt: skip
# Forms that are nouns behind an article or another word that tells which.
_NOUNS = frozenset(
    ["claim", "claims", "report", "reports", "estimate", "fear", "fears"]
)  # fmt: skip
_BEFORE_NOUNS = frozenset(
    ["the", "a", "an", "his", "her", "its", "their", "our", "your", "my", "this", "that", "these",
     "those", "any", "no", "some", "all", "such", "of", "on", "over", "amid", "despite", "about",
     "several", "many", "two", "three", "earlier", "first", "early", "initial", "new", "media",
     "other", "final", "local", "to", "for", "in", "false"]
)  # fmt: skip
_TAKING = frozenset(["claimed", "claims", "claiming", "claim"])
_TAKEN = frozenset(["life", "lives", "victim", "victims", "responsibility", "victory", "credit"])
_OBJECT = 5
_RELATIVES = frozenset(["who", "which", "that", "qui", "quien", "che", "który", "która"])
# Where these stand for those who spoke there: "the court heard".
_HEARING = frozenset(["heard", "hears"])
_COURTS = frozenset(
    ["court", "inquest", "jury", "tribunal", "inquiry", "hearing", "committee", "panel", "jurors",
     "magistrates", "parliament", "mps", "lawmakers", "senators"]
)  # fmt: skip
# Languages that set "according to" behind the source.
_POSTPOSED = frozenset(["tr", "ja", "hi", "ko"])
# Behind these comes what was said, not who said it.
_CONJUNCTIONS = frozenset(["that", "dass", "que", "che", "что", "że", "dat", "bahwa", "ki"])
# Verbs that may stand alone between a comma and what they help: ", a déclaré la police".
_AUXILIARIES = frozenset(
    ["a", "ont", "avait", "avaient", "ha", "hanno", "aveva", "han", "había", "hat", "haben",
     "hatte", "heeft", "hebben"]
)  # fmt: skip
# Words of a source that are looked at: "a spokesman of the ministry of the interior".
_LONGEST = 9


_ATTRIBUTING = ("attribution_verbs", "attribution_phrases", "hedges")


class Attribution(NamedTuple):
    """A source and the word that attributes: places in the text; `source` are its words that
    carry meaning, folded (none for "he"), `head` the one of them next to the word."""

    start: int
    end: int
    said: str
    source: frozenset[str]
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Attributing:
    """What a language's lists say of attributions and hedges. `hedging` finds hedges and what
    only looks like one (`no_hedges`), the longer first; `any` finds verbs, phrases and hedges."""

    verbs: Lookup
    phrases: Lookup
    hedges: Lookup
    hedging: Lookup
    no_verbs: Lookup
    no_hedges: AbstractSet[str]
    any: Lookup
    bounds: Lookup
    postposed: bool
    grammar: AbstractSet[str]


@lru_cache(maxsize=64)
def attributing(words: Lexicon) -> Attributing:
    """The lists for attributions of a language."""
    verbs, phrases, hedges = (Lookup(words.list(name)) for name in _ATTRIBUTING)
    no_hedges = words.list("no_hedges")
    return Attributing(
        verbs,
        phrases,
        hedges,
        Lookup(words.list("hedges") | no_hedges),
        Lookup(words.list("no_attributions")),
        no_hedges,
        Lookup(frozenset().union(*map(words.list, _ATTRIBUTING))),
        Lookup(words.table("quantity_qualifiers")),
        words.language in _POSTPOSED,
        frozenset().union(
            *map(words.list, ("stop_words", "attribution_verbs", "hedges", "months", "weekdays"))
        ),
    )


def attributions(line: Sequence[Lexeme], words: Attributing) -> list[Attribution]:
    """The attributions in lexemes, in order. What has no source is none."""
    found: list[Attribution] = []
    after = 0
    for at in words.any.begins(line):
        if at < after or line[at].sort != "word":
            continue
        if not line[at].text.isascii() and is_unspaced(line[at].text):
            found += _unspaced(line, at, words)
            continue
        hedge = words.hedges.at(line, at)
        phrase = words.phrases.at(line, at)
        verb = words.verbs.at(line, at) if phrase is None else None
        if hedge and hedge[0] > max((phrase or verb or (0,))[0], 1):
            after = at + hedge[0]
            continue
        hit = phrase or verb
        if hit is None or (verb and _is_other(line, at, words)):
            continue
        behind = phrase is not None and words.verbs.at(line, at) is None
        behind = behind or (phrase is not None and line[at + hit[0] - 1].folded in words.grammar)
        one = (_behind if behind and not words.postposed else _around)(line, at, at + hit[0], words)
        if one is not None and not (behind and found and found[-1].end == line[at - 1].end):
            _add(found, one)  # "the family said in a statement" has one source
        after = at + hit[0]
    return found


def _is_other(line: Sequence[Lexeme], at: int, words: Attributing) -> bool:
    """Whether a verb is passive ("must be declared"), a noun ("recent reports of", "the claims"),
    or says nothing ("claimed 12 lives")."""
    if words.no_verbs.at(line, at) or _is_surname(line, at):
        return True
    before = line[at - 1].folded if at else ""
    behind = line[at + 1].folded if at + 1 < len(line) else ""
    if before in _PASSIVE or before in _DETERMINERS:
        return True
    if line[at].folded.endswith("s") and behind in _BEHIND_NOUNS:
        return True
    if before in _BEFORE_NOUNS and line[at].folded in _NOUNS:
        return True
    is_toll = line[at + 1].sort == "number" if behind else False
    return line[at].folded in _TAKING and (is_toll or _takes(line, at))


def _is_surname(line: Sequence[Lexeme], at: int) -> bool:
    """Whether a verb with a capital ends a name: "Karim Said was"."""
    if at < 1 or not (line[at].text.istitle() and line[at - 1].text[:1].isupper()):
        return False
    return at + 1 >= len(line) or not line[at + 1].text[:1].isupper()


def _takes(line: Sequence[Lexeme], at: int) -> bool:
    """Whether lives are what a verb takes: "claimed at least twelve lives"."""
    return any(each.folded in _TAKEN for each in line[at + 1 : at + 1 + _OBJECT])


def _add(found: list[Attribution], one: Attribution) -> None:
    """Adds an attribution; of two that overlap the longer one is meant."""
    if found and found[-1].end > one.start:
        if found[-1].end - found[-1].start >= one.end - one.start:
            return
        found.pop()
    found.append(one)


def _behind(line: Sequence[Lexeme], at: int, after: int, words: Attributing) -> Attribution | None:
    """The source behind a phrase: "according to the union"."""
    end = _run(line, after, 1)
    # "according to police at least 12 people": what they say begins with the figure
    end = next((i for i in range(after + 1, end) if _is_figure(line, i, words)), end)
    # "people familiar with the matter said": the verb ends the source
    verb = next((i for i in range(after, end) if words.verbs.at(line, i)), end)
    return _attribution(line, (at, after), (after, verb), words)


def _is_figure(line: Sequence[Lexeme], at: int, words: Attributing) -> bool:
    """Whether a figure of something begins at an index; a name may end with one ("Channel 4")."""
    counts = at + 1 < len(line) and line[at + 1].sort == "word"
    return (line[at].sort == "number" and counts) or words.bounds.at(line, at) is not None


def _around(line: Sequence[Lexeme], at: int, after: int, words: Attributing) -> Attribution | None:
    """The source before a verb, or behind it if nothing stands before."""
    first = _back(line, at)
    # "officials said the blaze had claimed": the source is what stands behind the other verb
    first = next((i + 1 for i in range(at - 1, first - 1, -1) if words.verbs.at(line, i)), first)
    if first == 0 and line[at].folded in _NOUNS and _ends(line, after):
        return None  # "Mayor resigns over fraud claims": nothing is said
    auxiliary = at - first == 1 and line[first].folded in _AUXILIARIES
    if first < at and not auxiliary:
        one = _attribution(line, (at, after), (first, at), words)
        if one is not None:
            return one
    if (first < at and not auxiliary) or line[at].text[0].isupper():
        return None
    if after < len(line) and line[after].folded in _CONJUNCTIONS:
        return None
    return _attribution(line, (at, after), (after, _run(line, after, 1)), words)


def _ends(line: Sequence[Lexeme], at: int) -> bool:
    """Whether no words stand from an index on."""
    return all(each.text in _STOPS for each in line[at:])


def _back(line: Sequence[Lexeme], at: int) -> int:
    """Where the words before a verb begin: over a name set off by commas ("her spokesman, Aldo
    Rinn, said") too."""
    first = at
    if first > 0 and line[first - 1].text == ",":
        inner = _run(line, first - 2, -1)
        if inner >= 0 and line[inner].text == ",":
            first = inner + 1
            outer = _run(line, inner - 1, -1)
            return outer + 1 if outer + 1 < inner else first
        return at
    return _run(line, first - 1, -1) + 1


def _run(line: Sequence[Lexeme], at: int, step: int) -> int:
    """The index of the mark that ends a run of words from `at` on, forward or back."""
    count = 0
    while 0 <= at < len(line) and count < _LONGEST:
        each = line[at]
        if each.text in _STOPS and not _is_abbreviated(line, at):
            break
        if each.sort == "line":
            break
        at += step
        count += 1
    return at


def _is_abbreviated(line: Sequence[Lexeme], at: int) -> bool:
    """Whether a full stop belongs to a short title or an initial."""
    return (
        line[at].text == "."
        and at > 0
        and line[at - 1].end == line[at].start
        and line[at - 1].text[0].isupper()
        and len(line[at - 1].text) <= 3
        and at + 1 < len(line)
    )


def _attribution(
    line: Sequence[Lexeme], by: tuple[int, int], source: tuple[int, int], words: Attributing
) -> Attribution | None:
    run = line[source[0] : source[1]]
    meaning = [
        each.folded.removesuffix("'s")
        for each in run
        if each.sort == "word" and (each.folded not in words.grammar or each.folded in _NOUNS)
    ]
    if not meaning and (_is_relative(run) or not _is_pronoun(line, by, source)):
        return None
    if meaning and line[by[0]].folded in _HEARING and meaning[-1] not in _COURTS:
        return None
    start, end = min(by[0], source[0]), max(by[1], source[1])
    said = " ".join(each.folded for each in line[by[0] : by[1]])
    text = " ".join(each.text for each in run if each.sort == "word")
    head = "" if not meaning else meaning[0] if source[0] >= by[1] else meaning[-1]
    return Attribution(line[start].start, line[end - 1].end, said, frozenset(meaning), head, text)


def _is_relative(run: Sequence[Lexeme]) -> bool:
    """Whether a clause about somebody who is named is meant: ", who denies it,"."""
    return len(run) > 0 and run[0].folded in _RELATIVES


def _is_pronoun(line: Sequence[Lexeme], by: tuple[int, int], source: tuple[int, int]) -> bool:
    """Whether a lone word of grammar is the source, set off by a mark: ", he said."."""
    if source[1] - source[0] != 1 or line[source[0]].sort != "word":
        return False
    first = min(by[0], source[0])
    return first > 0 and line[first - 1].text in _STOPS


def _unspaced(line: Sequence[Lexeme], at: int, words: Attributing) -> list[Attribution]:
    """In scripts without spaces: a phrase within a run of letters, and what stands beside it."""
    each = line[at]
    spans = words.phrases.spans([each]) or words.verbs.spans([each])
    if not spans:
        return []
    start, end = spans[0][0], spans[-1][1]
    inner = (
        each.text[spans[0][1] - each.start : spans[-1][0] - each.start] if len(spans) > 1 else ""
    )
    before, behind = each.text[: start - each.start], each.text[end - each.start :]
    text = inner or before or behind
    if not text:
        return []
    whole = (start, end) if inner else (each.start, end) if before else (start, each.end)
    return [Attribution(*whole, spans[0][2], frozenset([text]), text, text)]
