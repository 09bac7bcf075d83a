"""The words of a language that make numbers, ready for looking up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from watcher.core.findings.lexemes import Lookup, is_unspaced
from watcher.core.findings.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Counting:
    """The words of one language that make numbers, ready for looking up."""

    comma_decimal: bool | None
    numbers: Mapping[str, Decimal]
    scales: Mapping[str, Decimal]
    units: Mapping[str, str]
    currencies: Mapping[str, str]
    bounds: Mapping[str, str]
    tolls: Mapping[str, str]
    figures: AbstractSet[str]
    articles: AbstractSet[str]
    grammar: AbstractSet[str]
    days: AbstractSet[str]
    unit: Lookup
    currency: Lookup
    bound: Lookup
    toll: Lookup
    scale_prefix: re.Pattern[str]
    currency_prefix: re.Pattern[str]
    unit_prefix: re.Pattern[str]


_COMMA = frozenset(
    ["de", "es", "fr", "it", "nl", "pl", "pt", "ru", "tr", "id", "da", "sv", "no", "nb", "fi",
     "cs", "uk", "ro", "el", "hu", "bg", "hr", "sk", "sr", "vi"]
)  # fmt: skip


@lru_cache(maxsize=64)
def counting(lexicon: Lexicon) -> Counting:
    """What a language's word lists say of numbers."""

    def names(table: str) -> dict[str, str]:
        return {word: str(name) for word, name in lexicon.table(table).items()}

    def values(table: str) -> dict[str, Decimal]:
        found = lexicon.table(table).items()
        return {word: Decimal(str(value)) for word, value in found if not isinstance(value, str)}

    units, currencies = names("units"), names("currencies")
    bounds, tolls = names("quantity_qualifiers"), names("casualties")
    numbers, scales = values("number_words"), values("scale_words")
    articles = lexicon.list("articles") - numbers.keys()
    return Counting(
        comma_decimal=lexicon.language in _COMMA if lexicon.language else None,
        numbers=numbers,
        scales=scales,
        units=units,
        currencies=currencies,
        bounds=bounds,
        tolls=tolls,
        figures=frozenset((*numbers, *scales, *articles)),
        articles=articles,
        grammar=lexicon.list("stop_words") | lexicon.list("place_prepositions"),
        days=lexicon.list("months") | lexicon.list("weekdays"),
        unit=Lookup(units),
        currency=Lookup(currencies),
        bound=Lookup(bounds),
        toll=Lookup(tolls),
        scale_prefix=_prefix(lexicon.table("scale_words")),
        currency_prefix=_prefix(currencies),
        unit_prefix=_prefix(units),
    )


def _prefix(words: Iterable[str]) -> re.Pattern[str]:
    """Those words that are written without spaces, the longest first."""
    longest = sorted((w for w in words if is_unspaced(w)), key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, longest)) or "(?!)")
