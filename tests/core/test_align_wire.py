"""Revisions as wire desks make them, and the links a careful reader draws between them."""

from __future__ import annotations

import pytest

from watcher.core.align import align

LEAD = (
    "PORT ALDER (Harbour News) — A freight train carrying solvents left the rails near the town of "
    "Vessen on Thursday, and about 400 people were told to leave their homes, officials said."
)
DEMOTED = (
    "The freight train carrying solvents left the rails near Vessen on Thursday, and about 400 "
    "people had to leave their homes."
)
FIRE = "Firefighters let two of the tank cars burn out because water would have spread the solvent."
CLOSED = "Schools in the district stayed closed, and the motorway was shut in both directions."
DENIAL = "The railway's owner, Marlin Freight, denied that the line had been badly maintained."
QUOTE = "“It sounded like a building coming down,” said Tomas Reyl, who lives beside the tracks."
HISTORY = (
    "The line was rebuilt in 1998 after floods undermined a bridge, and inspectors had passed it "
    "without remarks in the spring."
)
UNION = (
    "The drivers' union has warned for years that crews are too small to walk the length of a "
    "train before it sets off."
)
SILENT = "A spokeswoman for Marlin Freight did not immediately respond to a request for comment."
CREDIT = "Associated reporter Lena Moor in Vessen contributed to this story."
PROBE = "Investigators said they had recovered the event recorder and would read it out on Friday."
WEATHER = "Rain was forecast for the evening, which could wash residue into the river."
STORY = [LEAD, FIRE, CLOSED, QUOTE, HISTORY, UNION]

FRESH_LEAD = (
    "PORT ALDER (Harbour News) — Prosecutors opened a criminal inquiry on Friday into a derailment "
    "that forced hundreds from their homes."
)


def links(old: list[str], new: list[str]) -> set[tuple[int, int]]:
    return {(i, j) for edit in align(old, new) for i in edit.old for j in edit.new}


def moved(old: list[str], new: list[str]) -> list[tuple[int, ...]]:
    return [edit.old for edit in align(old, new) if edit.moved]


REWORDED = {
    "a count and a verb": (
        FIRE,
        "Firefighters allowed three of the tank cars to burn out, since water would have spread "
        "the solvent.",
    ),
    "voice turned round": (
        "Police arrested two men on Tuesday in connection with the theft of copper from the yard.",
        "Two men were arrested by police on Tuesday over the theft of copper from the yard.",
    ),
    "tightened to half": (
        HISTORY,
        "The line was rebuilt in 1998 after floods and had passed inspection in the spring.",
    ),
    "grown by a clause at each end": (
        CLOSED,
        "As the wind turned, schools in the district stayed closed for a second day and the "
        "motorway was shut in both directions until noon, the ministry said.",
    ),
    "attribution moved to the front": (
        "The bridge can carry lorries again from Monday, the transport ministry said.",
        "The transport ministry said that lorries can use the bridge again from Monday.",
    ),
    "names in full, then short": (
        "Agriculture Minister Ilka Sund said the harvest would be the smallest in twenty years.",
        "Sund said this year's harvest would be the smallest in twenty years.",
    ),
    "endings changed throughout": (
        "Rescuers search collapsed houses and carry injured residents to waiting ambulances.",
        "Rescuers searched the collapsed house, carrying an injured resident to a waiting "
        "ambulance.",
    ),
    "quotation became report": (
        "“We will not sign anything before the prisoners are home,” said the envoy, Karel Dunn.",
        "The envoy, Karel Dunn, said his side would not sign anything before the prisoners were "
        "home.",
    ),
    "no comment, updated in place": (
        SILENT,
        "A spokeswoman for Marlin Freight declined to comment, citing the inquiry.",
    ),
    "credit, updated in place": (
        CREDIT,
        "Associated reporters Lena Moor in Vessen and Pavel Ost in Port Alder contributed to this "
        "story.",
    ),
}


@pytest.mark.parametrize(("old", "new"), REWORDED.values(), ids=REWORDED.keys())
def test_a_reworded_paragraph_is_found_among_fresh_ones(old: str, new: str) -> None:
    before = [LEAD, old, UNION]
    assert links(before, [LEAD, PROBE, new, WEATHER, UNION]) == {(0, 0), (1, 2), (2, 4)}
    assert links(before, [LEAD, new, UNION]) == {(0, 0), (1, 1), (2, 2)}
    assert links([FRESH_LEAD, old], [WEATHER, FRESH_LEAD, PROBE, new]) == {(0, 1), (1, 3)}


LOOK_ALIKES = {
    "another source on the same matter": (
        "The mayor said the town had asked for two more fire engines.",
        "A hospital official said nine patients were being treated for smoke.",
    ),
    "another denial": (
        DENIAL,
        "The transport ministry denied reports that inspectors had been told to hurry.",
    ),
    "another toll elsewhere": (
        "In Vessen, four people were treated for burns at the district hospital.",
        "In Lower Aum, a farmer lost sixty sheep that had been grazing by the river.",
    ),
    "same speaker, other words": (
        "Reyl said he had run out barefoot and knocked on the doors of his neighbours.",
        "Reyl said insurers had already told him that smoke damage was not covered.",
    ),
    "same frame, other fact": (
        "On Thursday, the council voted to pay for hotel rooms for those who cannot return.",
        "On Friday, the council heard an engineer explain how the bridge was built.",
    ),
    "same opening words": (
        "It is no secret that the company has been short of drivers since the merger.",
        "It is no secret that the valley floods when the snow melts early.",
    ),
}


@pytest.mark.parametrize(("old", "new"), LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_a_look_alike_is_a_delete_and_an_insert(old: str, new: str) -> None:
    assert links([LEAD, old, UNION], [LEAD, new, UNION]) == {(0, 0), (2, 2)}
    assert links([LEAD, old, UNION], [LEAD, PROBE, new, UNION]) == {(0, 0), (2, 3)}


def test_a_write_through_demotes_the_lead_and_keeps_the_background() -> None:
    new = [FRESH_LEAD, PROBE, DEMOTED, WEATHER, DENIAL, *STORY[1:]]
    assert links(STORY, new) == {(0, 2), (1, 5), (2, 6), (3, 7), (4, 8), (5, 9)}
    assert moved(STORY, new) == []


def test_a_lead_rewritten_in_place_is_one_edit() -> None:
    new = LEAD.replace("about 400 people were told to leave their homes, officials said", (
        "as many as 600 people were ordered out of their homes overnight, the governor said"
    ))  # fmt: skip
    assert links(STORY, [new, *STORY[1:]]) == {(at, at) for at in range(6)}


def test_a_paragraph_is_cut_and_a_fresh_one_comes_between_its_parts() -> None:
    whole = f"{HISTORY} {UNION}"
    new = [LEAD, HISTORY.replace("without remarks ", ""), PROBE, UNION, QUOTE]
    [split] = [edit for edit in align([LEAD, whole, QUOTE], new) if edit.op == "split"]
    assert (split.old, split.new) == ((1,), (1, 3))


def test_paragraphs_are_glued_and_edited_on_the_way() -> None:
    glued = f"{FIRE.replace('two of the', 'three')} {CLOSED.replace('both directions', 'the west')}"
    [merge] = [edit for edit in align(STORY, [LEAD, glued, *STORY[3:]]) if edit.op == "merge"]
    assert (merge.old, merge.new) == ((1, 2), (1,))


def test_the_second_sentence_of_a_paragraph_becomes_its_own_shortened() -> None:
    old = [
        LEAD,
        f"{QUOTE} He said the windows had burst and that the smoke burned his eyes.",
        UNION,
    ]
    new = [LEAD, QUOTE, "The windows had burst and the smoke burned his eyes, he said.", UNION]
    assert links(old, new) == {(0, 0), (1, 1), (1, 2), (2, 3)}


def test_a_short_paragraph_lives_on_at_the_end_of_a_long_one() -> None:
    long = (
        "Crews from four towns worked through the night to pump what was left in the cars into "
        "lorries, while chemists took samples from wells, cellars and the brook that runs past the "
        f"station towards the lake. {WEATHER}"
    )
    assert links([LEAD, WEATHER, UNION], [LEAD, long, UNION]) == {(0, 0), (1, 1), (2, 2)}
    assert links([LEAD, WEATHER, UNION], [LEAD, PROBE, long, UNION]) == {(0, 0), (1, 2), (2, 3)}


def test_a_denial_edited_on_the_way_up_has_moved() -> None:
    higher = DENIAL.replace("badly", "poorly")
    old = [LEAD, FIRE, CLOSED, QUOTE, HISTORY, DENIAL]
    assert moved(old, [LEAD, higher, FIRE, CLOSED, QUOTE, HISTORY]) == [(5,)]


def test_a_block_moves_together_one_of_it_edited() -> None:
    block = [HISTORY, UNION.replace("for years", "repeatedly")]
    assert moved(STORY, [LEAD, *block, FIRE, CLOSED, QUOTE]) == [(4,), (5,)]


def test_what_is_reworded_and_elsewhere_is_not_said_to_have_moved() -> None:
    vague = "A denial came from Marlin Freight, which owns the line and said it was well kept."
    edits = align([*STORY, DENIAL], [LEAD, vague, *STORY[1:]])
    assert not any(edit.moved for edit in edits)
    assert [edit.op for edit in edits if edit.old == (6,)] == ["delete"]


def test_a_new_story_under_the_old_address_shares_only_its_credit() -> None:
    other = [
        "LAKE TORV (Harbour News) — Voters chose a new assembly on Sunday in the first election "
        "since the border was redrawn.",
        "Turnout reached 71 percent by noon, the electoral office said, more than four years ago.",
        "Results were expected after midnight, once the ballots from the islands are counted.",
        CREDIT,
    ]
    assert links([*STORY, CREDIT], other) == {(6, 3)}


def test_numbers_updated_in_every_paragraph_link_each_to_its_own() -> None:
    towns = ["Vessen", "Lower Aum", "Kirrin", "Osterfeld"]
    old = [
        f"In {town}, {n + 3} people were hurt when roofs gave way." for n, town in enumerate(towns)
    ]
    new = [
        f"In {town}, {n + 7} people were hurt when roofs gave way." for n, town in enumerate(towns)
    ]
    assert links(old, [new[0], PROBE, *new[1:]]) == {(0, 0), (1, 2), (2, 3), (3, 4)}
