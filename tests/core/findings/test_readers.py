"""Sentences, quotations, names and sources as the rules read them."""

from __future__ import annotations

import pytest

from config.lexicons import shipped_lexicons
from watcher.core.findings.gist import gist, index
from watcher.core.findings.lexemes import Lookup, lexemes
from watcher.core.findings.naming import names, naming
from watcher.core.findings.sentences import sentences
from watcher.core.findings.sources import attributing, attributions
from watcher.core.findings.speech import quotations
from watcher.core.findings.spelling import same_word

ENGLISH = shipped_lexicons().of("en")


@pytest.mark.parametrize(
    "parts",
    [
        ["The gate was open.", "Nobody saw it."],
        ["Dr. Ruud left at 5 p.m. on Monday.", "He did not say why."],
        ["“The gate was open.”", "Nobody saw it."],
        ["Is it open?", "It is!", "So go in."],
        ["J. R. Holm sold No. 5 to the U.S. Navy.", "It sank."],
        ["Das Urteil soll am 3. Mai verkündet werden.", "Danach wird gefeiert."],
        ["It cost 3.5 million.", "42 people paid."],
    ],
)
def test_sentences(parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[one.start : one.end] for one in sentences(text)] == parts


def test_sentences_without_spaces_and_over_lines() -> None:
    text = "門は開いていた。誰も見なかった。\nA line\nAnother"
    assert [text[one.start : one.end] for one in sentences(text)] == [
        "門は開いていた。", "誰も見なかった。", "A line", "Another",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“It is shut,” he said.", ["It is shut,"]),
        ('"It is shut," he said. "For good."', ["It is shut,", "For good."]),
        ("‘It’s shut,’ he said, ‘isn’t it?’", ["It’s shut,", "isn’t it?"]),
        ("'It's shut,' he said.", ["It's shut,"]),
        ("„Es ist zu“, sagte er.", ["Es ist zu"]),
        ("»Es ist zu«, sagte er.", ["Es ist zu"]),
        ("« C’est fermé », dit-il.", [" C’est fermé "]),
        ("村長は「閉まっている」と述べた。", ["閉まっている"]),
        ("“He told me ‘never’ and left.”", ["He told me ‘never’ and left."]),
        ("“It is shut.\n“It stays shut,” he said.", ["It is shut.", "It stays shut,"]),
        ("The dogs' home and the cats’ home don't mind.", []),
        ("A stray “ mark.\nAnother line.", []),
        ("A 6' 2\" man", []),
    ],
)
def test_quotations(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in quotations(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A man, Karl Brenner, was held.", ["Karl Brenner"]),
        (
            "We met Joost van der Meulen and Inés de la Fuente.",
            ["Joost van der Meulen", "Inés de la Fuente"],
        ),
        ("It was sold to J. R. Holm.", ["J R Holm"]),
        ("The HWU met in The Hague on Monday in May.", ["HWU", "Hague"]),
        ("The dog barked.", []),
        ("They left on Monday.", []),
    ],
)
def test_names(text: str, found: list[str]) -> None:
    told = [name.text.replace(" .", "") for name in names(lexemes(text), naming(ENGLISH))]
    assert told == found


def test_titles_stand_before_names_whatever_their_case() -> None:
    for text in ("We met Deputy Minister Jarl Hovde.", "We met deputy minister Jarl Hovde."):
        (name,) = names(lexemes(text), naming(ENGLISH))
        assert (name.text, name.title) == ("Jarl Hovde", "deputy minister")


def test_german_nouns_are_no_names() -> None:
    words = naming(shipped_lexicons().of("de"))
    assert names(lexemes("Gestern brachte die Feuerwehr die Bewohner weg."), words) == []


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It burnt down, police said.", {"police"}),
        ("It burnt down, said the owner.", {"owner"}),
        ("According to the union, it burnt down.", {"union"}),
        ("It burnt down, her spokesman, Aldo Rinn, said.", {"spokesman", "aldo", "rinn"}),
    ],
)
def test_sources(text: str, source: set[str]) -> None:
    (one,) = attributions(lexemes(text), attributing(ENGLISH))
    assert one.source == source


@pytest.mark.parametrize(
    "text",
    [
        "Unconfirmed reports came in.",
        "He is said to be ill.",
        "It said so.",
        "The ship must be declared lost.",
        "There were recent reports of theft.",
        "It paid to settle the claims.",
    ],
)
def test_what_has_no_source(text: str) -> None:
    assert attributions(lexemes(text), attributing(ENGLISH)) == []


def test_a_phrase_is_found_by_its_longest_form_and_within_unspaced_text() -> None:
    lookup = Lookup(["may", "may have", "据称"])
    assert [hit[2] for hit in lookup.spans(lexemes("It may have sunk, may it not"))] == [
        "may have",
        "may",
    ]
    text = "他据称已被捕"
    assert [(text[start:end]) for start, end, _ in lookup.spans(lexemes(text))] == ["据称"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("colour", "color", True), ("organise", "organize", True), ("recieve", "receive", True),
        ("café", "cafe", True), ("daß", "dass", True), ("minimise", "minimises", False),
        ("lied", "died", False), ("north", "south", False),
    ],
)  # fmt: skip
def test_spellings(one: str, other: str, same: bool) -> None:
    assert same_word(one, other, ENGLISH) is same


def test_a_text_restates_what_has_most_of_its_rare_words() -> None:
    grammar = ENGLISH.list("stop_words")
    known = index(["The keeper found the gate open.", "Two goats were missing."], grammar)
    assert known.restates(gist("The gate was found open by the keeper.", grammar)) > 0.9
    assert known.restates(gist("The vet examined three cows.", grammar)) < 0.3
