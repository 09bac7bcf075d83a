"""The shipped word lists of findings, and files that add to them."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

import config
from config.lexicons import shipped_lexicons
from watcher.core.findings.lexicon import LISTS, TABLES, plain, read_lexicons

SHIPPED = tomllib.loads((Path(config.__file__).parent / "findings.toml").read_text("utf-8"))
UNSPACED = ("ja", "zh")
EXCUSING = frozenset(
    {
        "no_hedges",
        "no_attributions",
        "demonyms",
        "title_qualifiers",
        "spellings",
        "articles",
        "no_places",
    }
)
"""Lists that say what is no finding though it looks like one: a language may have none."""


@pytest.mark.parametrize("language", sorted(SHIPPED))
def test_every_shipped_language_has_every_list(language: str) -> None:
    lexicon = shipped_lexicons().of(language)
    optional = EXCUSING | ({"name_particles"} if language in UNSPACED else set())
    missing = {name for name in (*LISTS, *TABLES) if not lexicon.has(name)}
    assert missing <= optional
    assert sorted(set(lexicon.table("months").values()), key=str) == sorted(range(1, 13), key=str)
    assert sorted(set(lexicon.table("weekdays").values()), key=str) == list(range(1, 8))


@pytest.mark.parametrize("language", sorted(SHIPPED))
def test_no_shipped_list_has_a_word_twice(language: str) -> None:
    for name, value in SHIPPED[language].items():
        words = value if isinstance(value, list) else [w for ws in value.values() for w in ws]
        assert [word for word, n in Counter(map(plain, words)).items() if n > 1] == [], name


def test_the_shipped_lists_are_for_english_and_the_next_ten_languages() -> None:
    assert read_lexicons(SHIPPED)[1] == ()
    assert {"en", "es", "de", "fr", "pt", "it", "ru", "ja", "zh", "ar", "tr"} <= set(SHIPPED)


def test_what_words_stand_for_may_be_told_first() -> None:
    lexicons, faults = read_lexicons(
        {"sv": {"number_words": {"12": ["tolv"], "0.5": ["halv"]}, "units": {"mile": ["mil"]}}}
    )
    words = lexicons.of("sv")
    assert faults == ()
    assert words.table("number_words") == {"tolv": 12, "halv": 0.5}
    assert words.table("units") == {"mil": "mile"}


def test_a_word_that_is_none_is_told_with_its_place() -> None:
    faults = read_lexicons({"sv": {"units": {"mile": ["mil", ""]}}})[1]
    assert [fault.path for fault in faults] == [("sv", "units", "mile", 1)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bei dem Unglück auf dem Sarnsee starben zwölf Menschen.", "de"),
        ("Le barrage est fermé depuis lundi et les habitants de la vallée ont été évacués.", "fr"),
        ("La presa está cerrada desde el lunes y los vecinos del valle han sido evacuados.", "es"),
        ("The dam has been closed since Monday and the people of the valley were moved.", "en"),
        ("市政府星期六表示，河水在夜间上涨了两米。", "zh"),
        ("市は土曜日、川の水が夜のあいだに二メートル上がったと発表した。", "ja"),
        ("Dam shut.", None),
        ("12 34 56 78 90 11 12", None),
        ("", None),
    ],
)
def test_a_language_that_no_page_names_is_guessed(text: str, language: str | None) -> None:
    assert shipped_lexicons().guess([text]) == language
