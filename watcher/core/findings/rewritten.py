"""Whether a sentence in wholly other words is a newer account of the one it stands in place of.

"Shares fell 3.2% in early trading" and "Shares closed down 4.1%" share one word, "Police are
searching for a suspect" and "A man was arrested on Sunday" none. What ties them is the matter they
tell of, what they measure, and whom or what they name; each is a sign, and two make a pair. A
sentence about something else that was put in another's place has one of them at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from watcher.core.findings.amounts import Amount, amounts
from watcher.core.findings.counting import counting
from watcher.core.findings.gist import gist
from watcher.core.findings.lexemes import Lexeme, Lookup, lexemes
from watcher.core.findings.lexicon import Lexicon
from watcher.core.findings.matters import is_denied, standings
from watcher.core.findings.moments import Moment, calendar, moments
from watcher.core.findings.naming import names, naming

ENOUGH = 2
_NAMING_NOTHING = (
    "stop_words", "months", "weekdays", "hours", "number_words", "scale_words", "units",
    "currencies", "quantity_qualifiers", "attribution_verbs", "hedges",
)  # fmt: skip
# A longer text says more than one thing: no one of them makes it an account of another.
_LONGEST = 400
_MATTER, _LOOSE, _NAMED, _MEASURED, _RARE = 2, 1, 1, 1, 2
_CONTEST = "contest"
_BEING, _SHORT = frozenset({"is", "are"}), 5
# Units of what burns, how warm it is, how hard it blows.
_OF_FEW = frozenset({"hectare", "degree", "kilometre an hour"})
# How many of them: said of anything, it tells no matter.
_ANYTHING = frozenset({"share"})
# Matters whose words are said of many things (a shop opens, and an account does), or tell the place
# and not what happened there (on board, the river).
_OF_MANY = frozenset(
    ["access", "approval", "contest", "flight", "function", "launch", "market",
     "merger", "plan", "rain", "report", "water"]
)  # fmt: skip


def kinship(old: str, new: str, words: Lexicon) -> int:
    """How many signs tell that `new` is a newer account of what `old` told; ENOUGH make it one."""
    if max(len(old), len(new)) > _LONGEST:
        return 0
    before, after = _read(old, words), _read(new, words)
    spoken = before.measured | after.measured | before.telling | after.telling
    shared = _shared(before.carrying, after.carrying, spoken)
    measures = before.measures & after.measures
    score = _NAMED * min(shared, ENOUGH)
    if measures:
        score += _RARE if any(unit in _OF_FEW for _, unit in measures) else _MEASURED
    # what was to come, or went on, has come or ended
    goes_on = before.to_come or (before.under_way and after.done)
    matters = before.matters & after.matters
    if matters:
        goes_on = goes_on or (before.under_way and not matters.isdisjoint(after.settled))
        sure = goes_on or matters - _OF_MANY or ("score", "") in before.measures | after.measures
        score += _MATTER if sure else _LOOSE
        others = _name_others(before.line, after.line, words)
        score -= _NAMED * (others and not (shared or measures or before.to_come))
    elif before.to_come and _same_day(before.dates, after.dates):
        score += _MATTER
    elif goes_on:
        score += _LOOSE * (shared > 0)
    return score


class _Read(NamedTuple):
    """What a sentence tells: its matters, those of which it says how they stand, and the words that
    do, as stems; what it measures, with the words of that; its dates; whether that is to come, goes
    on, or is done; and the stems of all that carries it."""

    line: Sequence[Lexeme]
    matters: frozenset[str]
    settled: frozenset[str]
    telling: frozenset[str]
    measures: frozenset[tuple[str, str]]
    measured: frozenset[str]
    dates: Sequence[Moment]
    to_come: bool
    under_way: bool
    done: bool
    carrying: Sequence[str]


def _read(text: str, words: Lexicon) -> _Read:
    line = lexemes(text)
    grammar = _grammar(words)
    told = [each for each in standings(line, words) if not is_denied(line, each, words)]
    dates, taken = moments(line, calendar(words))
    figures = amounts(line, counting(words), taken)
    measures = frozenset(map(_measure, figures)) - {("", "")}
    matters = frozenset(each.matter for each in told) - _ANYTHING
    lookup, meanings = _progress(words)
    progress = {meanings.get(said, "") for _, _, said in lookup.spans(line)}
    return _Read(
        line=line,
        matters=matters | {_CONTEST} if ("score", "") in measures else matters,
        settled=frozenset(each.matter for each in told if each.state),
        telling=gist(" ".join(text[each.start : each.end] for each in told), grammar),
        measures=measures,
        measured=gist(" ".join(one.noun for one in figures), grammar),
        dates=dates,
        to_come="to come" in progress,
        under_way="under way" in progress or _is_progressive(line, words),
        done="done" in progress or bool(dates),
        carrying=_carrying(line, grammar),
    )


def _same_day(olds: Sequence[Moment], news: Sequence[Moment]) -> bool:
    """Whether both name a day, and name the same."""
    return any(
        a.sort == b.sort == "date" and a.comparable(b) and not a.conflicts(b)
        for a in olds
        for b in news
    )


def _measure(one: Amount) -> tuple[str, str]:
    """Of what sort a figure is, with what it measures or counts. "One" counts nothing."""
    if one.toll:
        return "toll", one.toll
    if one.low != one.high and not one.unit:
        return "score", ""
    if one.unit or (one.noun and one.low > 1):
        return one.sort, one.unit or one.noun
    return "", ""


def _shared(olds: Sequence[str], news: Sequence[str], spoken: AbstractSet[str]) -> int:
    """How many things both name: words that carry the sentences, those in a row as one. Words that
    tell the matter, or what is counted, are no further sign."""
    at = {stem: place for place, stem in enumerate(news)}
    found = 0
    last: int | None = None
    for stem in olds:
        place = at.get(stem)
        if stem in spoken:
            place = None
        if place is not None and (last is None or abs(place - last) > 1):
            found += 1
        last = place
    return found


def _carrying(line: Sequence[Lexeme], grammar: AbstractSet[str]) -> list[str]:
    """The stems of the words that carry a sentence, in order, without days, figures and units."""
    found: list[str] = []
    for each in line:
        if each.sort == "word" and each.folded not in grammar:
            found += sorted(gist(each.folded.removesuffix("'s"), grammar))
    return found


@lru_cache(maxsize=64)
def _grammar(words: Lexicon) -> frozenset[str]:
    """Words that name nothing."""
    phrases = frozenset[str]().union(*map(words.list, _NAMING_NOTHING))
    return phrases | {part for phrase in phrases for part in phrase.split()}


@lru_cache(maxsize=64)
def _progress(words: Lexicon) -> tuple[Lookup, dict[str, str]]:
    """Words of what is to come, under way or done, with which of these they tell."""
    table = words.table("progress")
    told = {" ".join(one.folded for one in lexemes(word)): str(v) for word, v in table.items()}
    return Lookup(table), told


def _is_progressive(line: Sequence[Lexeme], words: Lexicon) -> bool:
    """Whether an English verb tells what goes on: "are clearing"."""
    return words.language == "en" and any(
        one.folded in _BEING and other.folded.endswith("ing") and len(other.folded) > _SHORT
        for one, other in pairwise(line)
    )


def _name_others(before: Sequence[Lexeme], after: Sequence[Lexeme], words: Lexicon) -> bool:
    """Whether both have names, and none in common."""
    olds, news = (
        {each.text.casefold() for each in names(line, naming(words)) if each.sure}
        for line in (before, after)
    )
    return bool(olds) and bool(news) and not olds & news
