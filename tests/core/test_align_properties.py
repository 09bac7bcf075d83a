"""What holds for every alignment, whatever the texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.align import align, apply
from watcher.core.model import Edit, Op
from watcher.core.words import side

SENTENCES = [
    "Officials counted twelve boats in the harbour on Monday.",
    "The mayor denied that any order had been given.",
    "No comment.",
    "Advertisement",
    "Die Brücke über die Elbe bleibt bis Dienstag gesperrt.",
    "وقال المتحدث إن المحادثات ستستمر يوم الثلاثاء.",
    "市長は火曜日に記者団に語った。",
    "👩‍👩‍👧 e\u0301",
]

# Built from few sentences, texts repeat, contain one another, split and move.
texts = st.one_of(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map(" ".join),
    st.text(max_size=12),
    st.lists(
        st.sampled_from(["the", "a", "not", "7", "12", "“", "”", ",", ".", "river", "\n", "mayor"])
    ).map(" ".join),
)
documents = st.lists(texts, max_size=9)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """A document and what an editor made of it: words changed, cut, glued, moved, dropped."""
    old = draw(documents)
    new = list(old)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(new)))
        act = draw(st.sampled_from(["insert", "drop", "move", "glue", "cut", "alter"]))
        if act == "insert" or at >= len(new):
            new.insert(at, draw(texts))
        elif act == "drop":
            del new[at]
        elif act == "move":
            new.insert(draw(st.integers(0, len(new) - 1)), new.pop(at))
        elif act == "glue" and at + 1 < len(new):
            new[at : at + 2] = [" ".join(new[at : at + 2])]
        elif act == "cut":
            middle = len(new[at]) // 2
            new[at : at + 1] = [new[at][:middle], new[at][middle:]]
        else:
            new[at] = draw(texts) + new[at][3:]
    return old, new


pairs = st.one_of(st.tuples(documents, documents), revisions())


@given(pairs)
def test_every_index_stands_in_exactly_one_edit(pair: tuple[list[str], list[str]]) -> None:
    old, new = pair
    edits = align(old, new)
    assert sorted(at for edit in edits for at in edit.old) == list(range(len(old)))
    assert sorted(at for edit in edits for at in edit.new) == list(range(len(new)))
    assert all(edit.old == tuple(sorted(edit.old)) for edit in edits)
    assert all(edit.new == tuple(sorted(edit.new)) for edit in edits)


@given(pairs)
def test_applying_the_script_gives_the_new_version(pair: tuple[list[str], list[str]]) -> None:
    old, new = pair
    assert apply(old, align(old, new)) == new


@given(pairs)
def test_words_spell_out_both_sides(pair: tuple[list[str], list[str]]) -> None:
    old, new = pair
    for edit in align(old, new):
        assert side(edit.words, -1) == "\n".join(old[at] for at in edit.old)
        assert side(edit.words, 1) == "\n".join(new[at] for at in edit.new)


@given(pairs)
def test_the_op_says_what_the_edit_is(pair: tuple[list[str], list[str]]) -> None:
    old, new = pair
    for edit in align(old, new):
        sides = (len(edit.old), len(edit.new))
        if edit.op == "equal":
            assert sides == (1, 1)
            assert edit.words == ((0, old[edit.old[0]]),)
            assert edit.similarity == 1.0
        elif edit.op == "insert":
            assert (sides, edit.similarity, edit.moved) == ((0, 1), 0.0, False)
            assert edit.words == ((1, new[edit.new[0]]),)
        elif edit.op == "delete":
            assert (sides, edit.similarity, edit.moved) == ((1, 0), 0.0, False)
            assert edit.words == ((-1, old[edit.old[0]]),)
        elif edit.op == "split":
            assert sides[0] == 1 < sides[1]
        elif edit.op == "merge":
            assert sides[1] == 1 < sides[0]
        else:
            assert edit.op == "replace"
            assert sides == (1, 1) or (sides[0] > 1 and sides[1] > 1)
            assert 0.0 <= edit.similarity < 1.0


@given(pairs)
def test_edits_follow_the_new_version(pair: tuple[list[str], list[str]]) -> None:
    edits = align(*pair)
    firsts = [edit.new[0] for edit in edits if edit.new]
    assert firsts == sorted(firsts)
    stayed = [edit.old[0] for edit in edits if edit.op == "delete"]
    assert stayed == sorted(stayed)


@given(pairs)
def test_the_same_input_gives_the_same_script(pair: tuple[list[str], list[str]]) -> None:
    old, new = pair
    assert align(old, new) == align(tuple(old), tuple(new))


def mirrored(edit: Edit) -> Edit:
    ops: dict[Op, Op] = {"insert": "delete", "delete": "insert", "split": "merge", "merge": "split"}
    swapped = [(-op, text) for op, text in edit.words]
    # Within one place what is gone stands before what is new, on either side of the mirror.
    for at in range(len(swapped) - 1):
        if swapped[at][0] == 1 and swapped[at + 1][0] == -1:
            swapped[at : at + 2] = [swapped[at + 1], swapped[at]]
    return replace(
        edit, op=ops.get(edit.op, edit.op), old=edit.new, new=edit.old, words=tuple(swapped)
    )


@given(pairs)
def test_the_way_back_is_the_mirror_image(pair: tuple[list[str], list[str]]) -> None:
    old, new = pair
    back = {mirrored(edit) for edit in align(new, old)}
    assert back == set(align(old, new))


@given(documents)
def test_a_version_against_itself_is_all_equal(old: list[str]) -> None:
    edits = align(old, old)
    assert [(edit.op, edit.old, edit.new, edit.moved) for edit in edits] == [
        ("equal", (at,), (at,), False) for at in range(len(old))
    ]


@given(documents, documents)
def test_what_is_put_on_top_never_moves_the_rest(old: list[str], fresh: list[str]) -> None:
    edits = align(old, [*fresh, *old])
    assert not any(edit.moved for edit in edits)
    assert not any(edit.op == "delete" for edit in edits)


def test_a_script_is_not_applied_to_other_paragraphs() -> None:
    edits = align(["The mayor spoke."], ["The mayor spoke again."])
    with pytest.raises(ValueError, match="not of these texts"):
        apply(["Somebody else spoke."], edits)
    with pytest.raises(ValueError, match="not of these texts"):
        apply([], edits)


@given(pairs, st.lists(st.integers(0, 8), max_size=4), st.lists(st.integers(0, 8), max_size=4))
def test_a_short_repeated_line_is_never_said_to_have_moved(
    pair: tuple[list[str], list[str]], old_places: list[int], new_places: list[int]
) -> None:
    line = "Read more"
    old, new = list(pair[0]), list(pair[1])
    for version, places in ((old, old_places), (new, new_places)):
        for place in places:
            version.insert(place, line)
    edits = align(old, new)
    assert apply(old, edits) == new
    if max(old.count(line), new.count(line)) > 1:
        assert not any(e.moved and e.op == "equal" and old[e.old[0]] == line for e in edits)


@given(pairs)
def test_what_moved_stands_on_another_side_of_something_that_stayed(
    pair: tuple[list[str], list[str]],
) -> None:
    edits = align(*pair)
    stayed = [(i, j) for e in edits if not e.moved for i in e.old for j in e.new]
    for edit in edits:
        if edit.moved:
            places = [(i, j) for i in edit.old for j in edit.new]
            assert any((a < i) != (b < j) for a, b in stayed for i, j in places)
