"""Since when each paragraph stands there: moves, edits, splits, merges, returns."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_align_properties import revisions
from watcher.core.blame import Blame, Origin, blame
from watcher.core.compare import compare
from watcher.core.model import Change, Paragraph, Snapshot

LEAD = "The old bridge over the Arn was closed on Friday after engineers found a crack."
FERRY = "A ferry will carry commuters across the river from Monday until the end of the month."
COST = "Repairs are expected to cost four million crowns, the council said in a statement."
DENIAL = "The mayor denied that warnings about the northern pillars had been ignored last year."


def change(old: list[str], new: list[str]) -> Change:
    def snapshot(texts: list[str]) -> Snapshot:
        return Snapshot("", None, None, None, tuple(Paragraph("paragraph", t) for t in texts))

    return compare(snapshot(old), snapshot(new))


def blamed(*versions: list[str]) -> Blame:
    return blame(versions, [change(old, new) for old, new in pairwise(versions)])


def when(*versions: list[str]) -> list[tuple[int, int]]:
    return [(origin.appeared, origin.altered) for origin in blamed(*versions).current]


def test_one_version_blames_itself() -> None:
    assert blamed([LEAD]) == Blame((Origin(LEAD, 0, 0, False, 0),), ())
    assert blamed([]) == Blame((), ())


def test_an_insert_appears_and_an_edit_alters() -> None:
    dearer = COST.replace("four", "six")
    assert when([LEAD, COST], [LEAD, FERRY, COST], [LEAD, FERRY, dearer]) == [
        (0, 0),
        (1, 1),
        (0, 2),
    ]


def test_a_move_alters_nothing() -> None:
    assert when([LEAD, FERRY, COST, DENIAL], [LEAD, DENIAL, FERRY, COST]) == [(0, 0)] * 4


def test_a_paragraph_edited_and_moved_is_followed() -> None:
    softer = DENIAL.replace("denied", "disputed")
    assert when([LEAD, FERRY, COST, DENIAL], [LEAD, softer, FERRY, COST])[1] == (0, 1)


def test_the_parts_of_a_split_appeared_with_their_source() -> None:
    assert when([LEAD], [LEAD, f"{FERRY} {COST}"], [LEAD, FERRY, COST]) == [(0, 0), (1, 2), (1, 2)]


def test_a_merged_paragraph_appeared_with_its_earliest_source() -> None:
    assert when([LEAD, FERRY], [LEAD, FERRY, COST], [LEAD, f"{FERRY} {COST}"]) == [(0, 0), (0, 2)]


def test_what_was_deleted_is_told_with_its_last_version() -> None:
    dearer = COST.replace("four", "six")
    story = blamed([LEAD, COST, DENIAL], [LEAD, dearer, DENIAL], [LEAD, DENIAL], [LEAD])
    assert story.gone == (Origin(dearer, 0, 1, False, 1), Origin(DENIAL, 0, 0, False, 2))
    assert [origin.last for origin in story.current] == [3]


def test_a_paragraph_that_returns_word_for_word_is_the_same_one() -> None:
    story = blamed([LEAD, DENIAL], [LEAD], [LEAD], [LEAD, FERRY, DENIAL], [LEAD, DENIAL])
    assert story.current[1] == Origin(DENIAL, 0, 0, False, 4, ((1, 3),))
    assert story.gone == (Origin(FERRY, 3, 3, False, 3),)
    twice = blamed([DENIAL, LEAD], [LEAD], [DENIAL, LEAD], [LEAD], [DENIAL, LEAD])
    assert twice.current[0].away == ((1, 2), (3, 4))


def test_of_two_that_went_the_later_returns() -> None:
    line = "Read more"
    story = blamed([line, LEAD], [LEAD], [LEAD, line], [LEAD, line, line], [LEAD], [LEAD, line])
    assert story.current[1].away[-1] == (4, 5)
    assert [origin.text for origin in story.gone] == [line]


def test_furniture_that_goes_here_and_comes_there_was_never_away() -> None:
    old = ["Advertisement", LEAD, FERRY, "Advertisement", COST]
    story = blamed(old, ["Advertisement", LEAD, FERRY, COST, "Advertisement"])
    assert story.gone == ()
    assert {(o.appeared, o.altered, o.away) for o in story.current} == {(0, 0, ())}


def test_an_edit_back_to_former_words_is_an_alteration() -> None:
    assert when([LEAD], [LEAD.replace("Friday", "Monday")], [LEAD]) == [(0, 2)]


def test_a_change_of_white_space_alone_is_an_alteration_and_said_to_be_no_more() -> None:
    [origin] = blamed([LEAD], [LEAD.replace(" on ", "  on ")]).current
    assert (origin.altered, origin.typographic) == (1, True)
    [origin] = blamed([LEAD], [f"{LEAD} "], [f"{LEAD} Nobody was hurt."]).current
    assert (origin.altered, origin.typographic) == (2, False)


@st.composite
def histories(draw: st.DrawFn) -> list[list[str]]:
    versions: list[list[str]] = []
    for _ in range(draw(st.integers(1, 3))):
        versions += draw(revisions())
    # Returns to an earlier version are what reverts are.
    return [*versions, *draw(st.lists(st.sampled_from(versions), max_size=2))]


@given(histories())
def test_whatever_happened_the_story_adds_up(versions: list[list[str]]) -> None:
    story = blamed(*versions)
    latest = len(versions) - 1
    assert [origin.text for origin in story.current] == versions[-1]
    assert all(origin.last == latest for origin in story.current)
    assert [o.last for o in story.gone] == sorted(o.last for o in story.gone)
    for origin in (*story.current, *story.gone):
        assert 0 <= origin.appeared <= origin.altered <= origin.last <= latest
        # It has stood in these words since it was altered, but for its absences.
        for at in range(origin.altered, origin.last + 1):
            if not any(went <= at < back for went, back in origin.away):
                assert origin.text in versions[at]
        bounds = [at for absence in origin.away for at in absence]
        assert bounds == sorted(bounds)
        assert all(origin.appeared < at <= latest for at in bounds)


@given(histories())
def test_a_version_more_that_changes_nothing_changes_no_blame(versions: list[list[str]]) -> None:
    before, after = blamed(*versions), blamed(*versions, versions[-1])
    assert [(o.text, o.appeared, o.altered, o.away) for o in before.current] == [
        (o.text, o.appeared, o.altered, o.away) for o in after.current
    ]
    assert before.gone == after.gone


def test_changes_of_other_versions_are_refused() -> None:
    with pytest.raises(ValueError, match="must be a version"):
        blame([], [])
    with pytest.raises(ValueError, match="a change between each two"):
        blame([[LEAD], [LEAD]], [])
    with pytest.raises(ValueError, match="position 1 does not lead"):
        blame([[LEAD], [LEAD, COST]], [change([LEAD], [LEAD])])


def test_another_reading_of_the_same_page_alters_nothing() -> None:
    first = [LEAD, "Share this story", f"{FERRY} {COST}", DENIAL]
    again = [LEAD, FERRY, COST, DENIAL, "By our reporters"]
    second = [LEAD, FERRY, COST.replace("four", "six"), DENIAL, "By our reporters"]
    found = blame(
        [[LEAD, DENIAL], first, second],
        [change([LEAD, DENIAL], first), change(again, second)],
        {1: (again, change(first, again))},
    )
    assert [(o.text, o.appeared, o.altered) for o in found.current] == [
        (second[0], 0, 0),
        (second[1], 1, 1),
        (second[2], 1, 2),
        (second[3], 0, 0),
        (second[4], 1, 1),
    ]
    assert found.gone == ()


def test_a_reading_that_is_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="position 0"):
        blame([[LEAD], [LEAD]], [change([LEAD], [LEAD])], {0: ([LEAD], change([], [LEAD]))})
