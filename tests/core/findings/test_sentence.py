"""The one sentence that tells of a change: facts first, each of them once."""

from __future__ import annotations

from watcher.api import compare, snapshot


def told(old: list[str], new: list[str], headlines: tuple[str, str] = ("Fire", "Fire")) -> str:
    before, after = (
        snapshot([("paragraph", text) for text in texts], headline=headline)
        for texts, headline in zip((old, new), headlines, strict=True)
    )
    return compare(before, after).sentence


def test_a_figure_in_headline_and_text_is_told_once_and_before_the_headline() -> None:
    sentence = told(
        ["At least 12 people have reportedly died in a fire in Leeds, officials say."],
        ["At least 17 people have died in a fire in Leeds, officials say."],
        ("Leeds fire: 12 dead in tower block", "Leeds fire: 17 dead in tower block"),
    )
    assert sentence == (
        "Death toll at least 12 → at least 17; headline says something else;"
        " “reportedly” dropped; no correction note"
    )


def test_the_name_in_a_source_that_went_is_told_with_it() -> None:
    sentence = told(
        ["The drone was launched from Tolk, Corvathian officials said. No one was hurt."],
        ["The drone was launched from Tolk. No one was hurt."],
    )
    assert sentence == "“Corvathian officials said” dropped; no correction note"


def test_figures_of_other_things_are_told_apart() -> None:
    sentence = told(
        ["Five people were hurt. The crash killed five people."],
        ["Nine people were hurt. The crash killed nine people."],
    )
    assert sentence == ("Number of injured five → nine; death toll five → nine; no correction note")


def test_paragraphs_that_went_are_counted_in_plain_words() -> None:
    sentence = told(
        [
            "The plant opened on Friday, two years late.",
            "The minister holds shares in the company that built it, filings show.",
            "His brother sold the ground to the county for twice its worth.",
        ],
        ["The plant opened on Friday, two years late."],
    )
    assert sentence.startswith("2 paragraphs are gone: “The minister holds shares")


def test_a_correction_in_a_text_without_html_is_a_notice() -> None:
    note = "Correction: An earlier version of this article said the dam was 90 metres high."
    sentence = told(["The dam is 90 metres high."], ["The dam is 19 metres high.", note])
    assert sentence == "90 metres → 19 metres; correction added"


def test_of_many_figures_the_death_toll_is_told() -> None:
    sentence = told(
        ["The blast hurt 30 people and destroyed 6 homes. It killed 12 people. 9 are missing."],
        ["The blast hurt 42 people and destroyed 8 homes. It killed 17 people. 5 are missing."],
    )
    assert sentence.startswith("Death toll 12 → 17; 2 more numbers changed")


def test_a_headline_that_loses_quotation_marks_changed_not_in_form_alone() -> None:
    sentence = told(
        ["It rained."], ["It rained."], ("Minister 'lied' about deal", "Minister lied about deal")
    )
    assert sentence.startswith("Headline changed; quotation marks removed: “lied”")
