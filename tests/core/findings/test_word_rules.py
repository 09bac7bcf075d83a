"""What the rules about words say, sentence by sentence."""

from __future__ import annotations

from datetime import datetime

import pytest

from config.lexicons import shipped_lexicons
from watcher.api import snapshot
from watcher.core.compare import compare
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.evidence import words_at
from watcher.core.findings.find import find
from watcher.core.model import Change

LEXICONS = shipped_lexicons()


def change(old: str | list[str], new: str | list[str]) -> Change:
    texts = [
        snapshot([("paragraph", text) for text in ([side] if isinstance(side, str) else side)])
        for side in (old, new)
    ]
    told = find(*texts, compare(*texts), lexicons=LEXICONS)
    for finding in told.findings:
        assert words_at(texts[0], finding.evidence, "old") == finding.old
        assert words_at(texts[1], finding.evidence, "new") == finding.new
    return told


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("At least 12 people died.", "17 people died.", "death toll at least 12 → 17"),
        ("The blast hurt 12 people.", "The blast hurt 17 people.", "number of injured 12 → 17"),
        ("It sank 12 ships at sea.", "It sank 17 ships at sea.", "number of ships 12 → 17"),
        ("It is 5 km long.", "It is 8 km long.", "5 km → 8 km"),
        ("It will cost $5m to mend.", "It will cost $8m to mend.", "amount $5m → $8m"),
        ("It was shut on Tuesday.", "It was shut on Thursday.", "date Tuesday → Thursday"),
        ("We met Jon Petersen.", "We met Jon Pettersen.", "name Jon Petersen → Jon Pettersen"),
        ("He was seen in Corvath.", "He was seen in Lindau.", "place Corvath → Lindau"),
        ("He was reportedly held.", "He was held.", "“reportedly” dropped"),
        ("It was inspected.", "It was not inspected.", "“not” added"),
        ("It was shut, police said.", "It was shut.", "“police said” dropped"),
        ("It was shut, police said.", "It was shut, the owner said.", "source police → the owner"),
        ("“Go now,” he said.", "“Go,” he said.", "quotation altered: “Go now,” → “Go,”"),
        ("Twelve people died.", "The death toll rose to 17.", "death toll twelve → 17"),
        ("Half of them left.", "Two thirds of them left.", "number half → two thirds"),
        ("NASA built it in 2031.", "SpaceX built it in 2031.", "SpaceX named"),
        ("He fled the isle of Grune.", "He fled the isle of Vree.", "Vree named"),
        ("He fled over the isle of Lund.", "He fled over the isle of Vree.", "place Lund → Vree"),
        ("It is at 3 to 4 per cent.", "It is at 4 to 5 per cent.", "percentage 3 → 4"),
        ("The match ended 3:1.", "The match ended 3:2.", "number 3:1 → 3:2"),
        ("It is the first such case.", "It is the second such case.", "number first → second"),
        ("It was colourful.", "It was colorful.", "spelling: “colourful” → “colorful”"),
        ("About 200 ewes waited.", "Some 200 ewes waited.", "wording: “About” → “Some”"),
        (
            "The board will meet soon to discuss it.", "The board met and blamed the mayor for it.",
            "wording: “will meet soon to discuss” → “met and blamed the mayor for”",
        ),
        (
            "The big barge lay beside the old stone bridge below the town all of that long night.",
            "The large barge lay beside the old stone bridge below the town till sunrise.",
            "wording: “all of that long night” → “till sunrise”, and 1 more",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_change(old: str, new: str, sentence: str) -> None:
    assert sentence in [finding.sentence for finding in change(old, new).findings]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("They took 5 dogs and 6 cats.", "They took 6 cats and 5 dogs."),
        ("“I quit,” she said.", "“I quit!” she shouted."),
        ("It was 12,500 m wide on 3 May.", "It was 12500 metres wide on May 3."),
    ],
)
def test_what_says_the_same(old: str, new: str) -> None:
    style = {"wording-changed", "typography-changed", "spelling-changed"}
    assert {f.kind for f in change(old, new).findings} <= style


def test_a_word_is_a_name_if_it_is_one_elsewhere() -> None:
    old = ["Brenner was seen on the quay.", "The boat was sold by Brenner in May."]
    new = ["Kowalski was seen on the quay.", "The boat was sold by Kowalski in May."]
    told = {f.sentence for f in change(old, new).findings}
    assert {"Brenner no longer named", "Kowalski named"} <= told


def test_paragraphs_that_went_in_a_row_are_one_finding() -> None:
    kept = ["The bridge over the Aske was shut.", "Ferries run every hour until dusk."]
    gone = [
        "An engineer had warned of rust in its cables.",
        "The council refused to read his second report.",
    ]
    told = [
        f for f in change([kept[0], *gone, kept[1]], kept).findings if f.kind == "claim-removed"
    ]
    assert [(f.sentence[:29], len(f.evidence), f.weight) for f in told] == [
        ("2 paragraphs are gone: “An en", 2, "critical")
    ]


def test_a_clause_and_an_item_of_a_list_weigh_less_than_a_paragraph() -> None:
    old = "The bridge was shut, although an engineer had found the cables sound."
    told = {f.kind: f.weight for f in change(old, "The bridge was shut.").findings}
    assert told["claim-removed"] == "notable"


def test_what_another_paragraph_restates_was_not_removed() -> None:
    old = ["The keeper found the gate open on Monday.", "Two goats were missing from the pen."]
    new = ["On Monday the keeper found the gate open, and two goats were missing from the pen."]
    assert {f.kind for f in change(old, new).findings} <= {"wording-changed", "typography-changed"}


def test_a_paragraph_that_is_split_changes_nothing() -> None:
    old = ["The keeper found the gate open on Monday. Two goats were missing from the pen."]
    new = ["The keeper found the gate open on Monday.", "Two goats were missing from the pen."]
    assert change(old, new).findings == ()


def test_more_added_text_counts_for_more_but_never_for_a_fact() -> None:
    kept = "The bridge over the Aske was shut."
    few = change(kept, [kept, "Ferries run until dusk."]).score
    many = change(
        kept, [kept, "Ferries run until dusk from both piers, and " * 9 + "cost nothing."]
    ).score
    fact = change("It sank 12 ships at sea.", "It sank 17 ships at sea.").score
    assert 0 < few < many < fact


def test_one_respelling_is_told_once() -> None:
    old = ["Hanna Lindqvist keeps bees.", "Nobody helps Hanna Lindqvist."]
    new = ["Hanna Lindquist keeps bees.", "Nobody helps Hanna Lindquist."]
    told = [f for f in change(old, new).findings if f.kind != "stealth-edit"]
    assert [(f.kind, len(f.evidence)) for f in told] == [("name-respelled", 4)]


def test_a_sentence_that_is_repeated_is_no_typography_of_its_neighbour() -> None:
    first, said = "The keeper found the gate open on Monday.", "Two goats were missing at dawn."
    assert change([first, said], [f"{first} {said}", said]).findings == ()


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("{} people, including {} children, were killed.", "children"),
        ("{} people were killed, among them {} children, in the blast.", "children"),
        ("The death toll, including {1} rescuers, stands at {0}.", "rescuers"),
    ],
)
def test_a_part_of_the_dead_is_not_the_death_toll(text: str, figures: str) -> None:
    told = {f.sentence for f in change(text.format(12, 3), text.format(17, 5)).findings}
    assert f"number of {figures} 3 → 5" in told
    assert "death toll 3 → 5" not in told


def test_those_of_a_part_who_died_are_a_death_toll() -> None:
    text = "A fire hurt 30 people, including {} killed by smoke."
    told = {f.sentence for f in change(text.format(3), text.format(5)).findings}
    assert "death toll 3 → 5" in told


def test_a_rank_is_not_how_many() -> None:
    old, new = "It is the fourth attack this year.", "It is the fifth attack this year."
    assert "fourth → fifth attack" in {f.sentence for f in change(old, new).findings}


def test_a_source_in_another_spelling_is_the_same() -> None:
    old = "The defence ministry said the bridge was shut."
    assert [f.kind for f in change(old, old.replace("defence", "defense")).findings] == [
        "spelling-changed"
    ]


def test_a_quotation_that_goes_on_is_altered() -> None:
    old, new = "“They lied,” said Mia Kern.", "“They lied to all of us here,” said Mia Kern."
    told = {f.kind for f in change(old, new).findings}
    assert "quotation-altered" in told
    assert not told & {"quotation-added", "quotation-removed"}


def test_claims_at_the_end_of_a_headline_are_no_source() -> None:
    told = change("Mayor resigns over fraud claims", "Mayor quits amid fraud claims").findings
    assert [f.kind for f in told] == ["wording-changed"]


def test_a_source_ends_where_a_figure_begins() -> None:
    old = "At the site, according to police at least 12 people died."
    told = {f.sentence for f in change(old, "At the site at least 12 people died.").findings}
    assert "“according to police” dropped" in told


def test_a_sentence_in_capitals_is_no_name() -> None:
    old, new = "The road is open to all traffic again.", "THE ROAD IS SHUT TO ALL TRAFFIC TODAY."
    assert not {f.kind for f in change(old, new).findings} & {"name-added", "name-removed"}


def test_a_sentence_of_which_more_than_a_date_changed_tells_more_than_the_date() -> None:
    told = change(
        "The strike was called off after talks with the union broke down late on Sunday night.",
        "The strike goes ahead, the union said after talks with ministers ended on Monday night.",
    )
    assert told.sentence == (
        "Date Sunday → Monday; wording: “was called off after talks with the union broke down late”"
        " → “goes ahead, the union said after talks with ministers ended”; no correction note"
    )
    moved = change("The vote in the town hall was on Sunday.", "The vote in the hall is on Monday.")
    assert "on Monday" not in moved.sentence


def test_a_quotation_inside_of_what_was_added_keeps_both_marks() -> None:
    told = change(
        "Both men are in the capital.",
        "Both men are in the capital, “in talks” with the head of the guard, and doctors see them.",
    )
    (added,) = [each for each in told.findings if each.kind == "detail-added"]
    assert added.sentence.startswith("added: “‘in talks’ with the head of the guard")
    assert str(added.new).startswith("“in talks” with")


def test_what_is_said_about_the_two_counts_nothing_anew() -> None:
    told = change(
        "The town holds two wounded seals.", "The town spoke about the two wounded seals."
    )
    assert [f.kind for f in told.findings if f.kind.endswith("-changed")] == ["wording-changed"]


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ("2026-01-12T05:00:40Z", "0 minutes after"),
        ("2026-01-12T05:01:00Z", "1 minute after"),
        ("2026-01-12T07:59:00Z", "179 minutes after"),
        ("2026-01-12T08:00:00Z", "3 hours after"),
        ("2026-01-15T04:00:00Z", "71 hours after"),
        ("2027-12-13T05:00:00Z", "700 days after"),
    ],
)
def test_how_long_after_publication_in_a_unit_people_use(later: str, told: str) -> None:
    old, new = (
        snapshot([("paragraph", text)], published="2026-01-12T05:00:00Z")
        for text in ("At least 12 people died.", "17 people died.")
    )
    time = datetime.fromisoformat(later)
    found = find(
        old, new, compare(old, new), lexicons=LEXICONS, circumstances=Circumstances(time, time)
    )
    (silent,) = [each for each in found.findings if each.kind == "stealth-edit"]
    assert silent.sentence.endswith(f"; {told} publication")
