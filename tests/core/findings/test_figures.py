"""Numbers, dates and times as prose has them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from config.lexicons import shipped_lexicons
from watcher.core.findings.amounts import Amount, amounts
from watcher.core.findings.counting import counting
from watcher.core.findings.lexemes import lexemes
from watcher.core.findings.lexicon import NO_WORDS
from watcher.core.findings.moments import Moment, calendar, moments
from watcher.core.findings.numerals import decimal_of


def read(text: str, language: str = "en") -> tuple[list[Amount], list[Moment]]:
    words = shipped_lexicons().of(language)
    line = lexemes(text)
    found, taken = moments(line, calendar(words))
    return amounts(line, counting(words), taken), found


def only(text: str, language: str = "en") -> Amount:
    (amount,), _ = read(text, language)
    return amount


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("12", None, "12"),
        ("12,500", False, "12500"),
        ("12.500", True, "12500"),
        ("12.500", False, "12.500"),
        ("12,500", True, "12.500"),
        ("12.500", None, "12500"),
        ("1,234,567.89", None, "1234567.89"),
        ("1.234.567,89", None, "1234567.89"),
        ("12 500", None, "12500"),
        ("12’500.5", None, "12500.5"),
        ("1,00,000", False, "100000"),
        ("0.500", True, "0.500"),
        ("3,2", True, "3.2"),
        ("٣٥", None, "35"),
        ("１２", None, "12"),
    ],
)
def test_digits_with_separators(text: str, comma: bool | None, value: str) -> None:
    assert decimal_of(text, comma) == Decimal(value)


@pytest.mark.parametrize("text", ["1.2.3", "10:30", "1,2,3", "1.1,1.1", "9" * 50, "1," * 40 + "1"])
def test_what_is_no_number(text: str) -> None:
    assert decimal_of(text, None) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Twelve boats", "12"),
        ("Twenty-one boats", "21"),
        ("One hundred and twelve boats", "112"),
        ("Three thousand boats", "3000"),
        ("Two dozen boats", "24"),
        ("Half a million boats", "500000"),
        ("1.5 million boats", "1500000"),
        ("a dozen boats", "12"),
    ],
)
def test_numbers_in_words(text: str, value: str) -> None:
    assert only(text).low == Decimal(value)


@pytest.mark.parametrize(
    ("text", "sort", "unit"),
    [
        ("$5m for the yard", "money", "$"),
        ("5 million dollars for the yard", "money", "$"),
        ("€40 for the day", "money", "EUR"),
        ("40 euros for the day", "money", "EUR"),
        ("64% of all", "percentage", "%"),
        ("64 per cent of all", "percentage", "%"),
        ("5 km of wall", "quantity", "kilometre"),
        ("a 34-year-old man", "age", ""),
        ("a man aged 34 years", "age", "year"),
        ("Ann Lee, 34, said", "age", ""),
        ("40 houses", "quantity", ""),
        ("line 4", "number", ""),
        ("the 3rd time", "ordinal", ""),
    ],
)
def test_sorts_and_units(text: str, sort: str, unit: str) -> None:
    amount = only(text)
    assert (amount.sort, amount.unit) == (sort, unit)


def test_a_range_and_a_score_are_one_number_each() -> None:
    assert (only("12–15 boats").low, only("12–15 boats").high) == (12, 15)
    assert (only("won 2-1").low, only("won 2-1").high) == (2, 1)
    assert only("$2-3 million").low == only("$2 million").low


def test_what_qualifies_a_number_belongs_to_it() -> None:
    text = "At least 12 people died"
    amount = only(text)
    assert (amount.bound, text[amount.start : amount.end]) == ("at least", "At least 12")


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("At least 12 people were killed and 30 injured", ["dead", "injured"]),
        ("The blast killed 12 people and injured 30", ["dead", "injured"]),
        ("The number of people killed has risen to 17", ["dead"]),
        ("12 houses burnt", [""]),
    ],
)
def test_what_became_of_those_who_are_counted(text: str, tolls: list[str]) -> None:
    assert [amount.toll for amount in read(text)[0]] == tolls


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("on 3 May 2031", "on May 3, 2031", "en"),
        ("on 3 May 2031", "on 2031-05-03", "en"),
        ("on 3 May", "on Saturday, 3rd May 2031", "en"),
        ("on Sept. 30", "on September 30", "en"),
        ("in August", "on 14 August", "en"),
        ("at 5 pm", "at 17:00", "en"),
        ("at 9.30 a.m.", "at 9:30am", "en"),
        ("at 9:30", "at 9:30 GMT", "en"),
        ("am 3. Mai 2031", "am 03.05.2031", "de"),
        ("um 9 Uhr", "um 9:00", "de"),
        ("à 9h30", "à 9 h 30", "fr"),
        ("2031年5月3日", "２０３１年５月３日", "ja"),
    ],
)
def test_one_moment_in_two_forms(one: str, other: str, language: str) -> None:
    (first,), (second,) = read(one, language)[1], read(other, language)[1]
    assert first.comparable(second)
    assert not first.conflicts(second)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("on 3 May", "on 5 May", "en"),
        ("on 3 May", "on 3 June", "en"),
        ("on 3–5 May", "on 3–6 May", "en"),
        ("on Monday", "on Tuesday", "en"),
        ("in 2011", "in 2017", "en"),
        ("at 9:30 a.m.", "at 9:30 p.m.", "en"),
        ("at 03:40 GMT", "at 03:40 BST", "en"),
        ("el 3 de mayo de 2031", "el 3 de mayo de 2032", "es"),
        ("5月3日", "5月8日", "zh"),
    ],
)
def test_two_moments(one: str, other: str, language: str) -> None:
    (first,), (second,) = read(one, language)[1], read(other, language)[1]
    assert first.comparable(second)
    assert first.conflicts(second)


@pytest.mark.parametrize("text", ["They may march on.", "It may rain.", "He left the march early."])
def test_may_and_march_are_words_too(text: str) -> None:
    assert read(text) == ([], [])


def test_digits_are_read_without_any_word_list() -> None:
    line = lexemes("steg till 12 den 2031-02-04 kl 17:30")
    found, taken = moments(line, calendar(NO_WORDS))
    assert [moment.sort for moment in found] == ["date", "time"]
    assert [amount.low for amount in amounts(line, counting(NO_WORDS), taken)] == [12]


@pytest.mark.parametrize("text", ["+44 20 7946 0958", "020 7946 0958", "+1 (212) 555-0142"])
def test_a_number_to_dial_is_one_number(text: str) -> None:
    amount = only(f"Call {text} for help")
    assert f"Call {text} for help"[amount.start : amount.end] == text


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "Twelve people, including three children, were killed.", [(12, "dead"), (3, "")]),
        ("en", "Twelve people (among them three children) were killed.", [(12, "dead"), (3, "")]),
        ("en", "Twelve people, three of them children, were killed.", [(12, "dead"), (3, "")]),
        ("fr", "Le bilan est d'au moins un mort.", [(1, "dead")]),
        ("fr", "Un camion a heurté un pont.", []),
        ("de", "Es gab einen Toten und zwei Verletzte.", [(1, "dead"), (2, "injured")]),
        ("es", "Hubo un herido.", [(1, "injured")]),
    ],
)
def test_who_is_counted_is_told_with_what_became_of_them(
    language: str, text: str, told: list[tuple[int, str]]
) -> None:
    lexicon = shipped_lexicons().of(language)
    found = amounts(lexemes(text), counting(lexicon))
    assert [(int(each.low), each.toll) for each in found] == told
