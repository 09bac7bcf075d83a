"""Terminal text: readable with and without colour, at every width, whatever the page said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.render.views import NEW, OLD, full_view, hostile_view, snapshot, view_of
from watcher.core.model import Paragraph, Snapshot
from watcher.render.columns import to_columns
from watcher.render.terminal import to_terminal
from watcher.render.version import version_text
from watcher.render.wrap import paint, wrap

ESCAPES = re.compile("\x1b\\[[0-9;]*m")


def test_without_colour_every_kind_of_edit_is_marked() -> None:
    assert (
        to_terminal(full_view(), 72, colour=False)
        == """\
Ferry sinks
https://news.example/bridge?a=1&b=2
version 3 to 4, changed after 2026-05-01 09:00:00 UTC and by 2026-05-01
10:00:00 UTC
headline changed; 1 paragraph added, 1 removed, 3 edited, 1 split, 1
merged, 1 moved
headline was: Bridge closed
headline is:  Ferry sinks
modified: 2026-05-01T08:00:00Z → 2026-05-01T10:00:00Z

+  1  A ferry sank near the pier in the early hours.
~  2  The bridge was closed on [-Friday-]{+Saturday+}.
    … 2 paragraphs unchanged
-  5  A market on the quay will go ahead as planned, its organisers
      wrote.
~  5  moved down, was paragraph 3, edited
      Twelve boats were waiting in the harbour, officials said, and
      {+two +}more were due by night.
~  6  彼は[-東京-]{+大阪+}で記者団に話した。その後、首相官邸に向かい、夕
      方には会見を開く予定だと述べた。
<  7  paragraph 7 split into 7 and 8
      The first half of it stays here. {+¶ +}The second half of it goes
      over there.
>  9  paragraphs 8 and 9 merged into 9
      Ferries start at dawn from the north pier. [-¶ -]Trams will turn
      round at the market square.
    … 1 paragraph unchanged
"""
    )


def test_with_colour_the_words_are_the_same() -> None:
    coloured = to_terminal(full_view(), 200, colour=True)
    assert "\x1b[31;9mFriday\x1b[0m\x1b[32;4mSaturday\x1b[0m." in coloured
    assert "[-" not in ESCAPES.sub("", coloured)
    assert coloured.count("\x1b[0m") >= coloured.count("\x1b[31;9m")


@pytest.mark.parametrize("width", [20, 60, 200])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, colour: bool) -> None:
    for view in (full_view(), hostile_view()):
        for line in to_terminal(view, width, colour=colour).splitlines():
            assert cell_len(ESCAPES.sub("", line)) <= width


def test_a_moved_paragraph_is_shown_once() -> None:
    shown = to_terminal(full_view(), 200, colour=False)
    assert shown.count("Twelve boats were waiting") == 1
    assert "moved down, was paragraph 3, edited" in shown


def test_page_text_cannot_steer_the_terminal() -> None:
    for shown in (
        to_terminal(hostile_view(), 60, colour=False),
        version_text(hostile_view().after.snapshot, 60, colour=False),
    ):
        assert "\x1b" not in shown
        assert "\x07" not in shown
        assert "\u202e" not in shown
        assert "owned" not in shown


def test_unchanged_text_and_typographic_edits_are_said() -> None:
    same = to_terminal(view_of(snapshot(OLD), snapshot(OLD)), 80, colour=False)
    assert "… 10 paragraphs unchanged" in same
    assert "nothing changed in text" in same
    spaced = view_of(snapshot(["A long  gap."]), snapshot(["A long gap."]))
    assert "white space or Unicode form alone" in to_terminal(spaced, 80, colour=False)


def test_a_page_out_of_an_archive_has_no_version_line() -> None:
    view = full_view()
    bare = type(view)(
        title="", url="", before=type(view.before)(view.before.snapshot),
        after=type(view.after)(view.after.snapshot), change=view.change,
    )  # fmt: skip
    assert to_terminal(bare, 80, colour=False).startswith("headline changed; ")


def test_a_version_as_text() -> None:
    version = Snapshot(
        "Bridge closed", "A. Reporter", "2026-05-01", None,
        (
            Paragraph("paragraph", NEW[1]), Paragraph("heading", "What is known"),
            Paragraph("list-item", "Two lanes are shut until the engineers have looked at them."),
            Paragraph("list-item", "Trams run."), Paragraph("quote", "We wait."),
        ),
    )  # fmt: skip
    assert (
        version_text(version, 40, colour=False)
        == """\
Bridge closed
byline: A. Reporter
published: 2026-05-01

The bridge was closed on Saturday.

## What is known

• Two lanes are shut until the engineers
  have looked at them.
• Trams run.

> We wait.
"""
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "31"]), st.text(alphabet="ab ,.漢字ですกำe\u0301👩‍👧\n"))
    ),
    st.integers(2, 30),
)
def test_wrapping_loses_nothing_but_spaces(pieces: list[tuple[str, str]], width: int) -> None:
    lines = ["".join(text for _, text in line) for line in wrap(pieces, width)]
    whole = "".join(text for _, text in pieces)
    assert "".join("".join(lines).split()) == "".join(whole.split())
    assert all(cell_len(line) <= width for line in lines)


def test_painting_ends_every_style_it_begins() -> None:
    assert paint([("1", "a"), ("1", "b"), ("", "c")], colour=True) == "\x1b[1mab\x1b[0mc"
    assert paint([("1", "a")], colour=True) == "\x1b[1ma\x1b[0m"
    assert paint([("1", "a")], colour=False) == "a"


@pytest.mark.parametrize("width", [30, 60, 200])
@pytest.mark.parametrize("colour", [False, True])
def test_columns_fit_the_terminal_and_show_both_sides(width: int, colour: bool) -> None:
    for view in (full_view(), hostile_view()):
        shown = to_columns(view, width, colour=colour)
        plain = ESCAPES.sub("", shown)
        assert "\x1b" not in plain
        assert all(cell_len(line) <= width for line in plain.splitlines())
    shown = ESCAPES.sub("", to_columns(full_view(), 200, colour=True)).splitlines()
    [row] = [line for line in shown if line.startswith("The bridge was closed on Friday.")]
    assert row.endswith(" ~ The bridge was closed on Saturday.")
    assert "… 2 paragraphs unchanged" in shown


def test_columns_without_colour_mark_each_side() -> None:
    shown = to_columns(full_view(), 160, colour=False)
    assert "The bridge was closed on [-Friday-]." in shown
    assert "The bridge was closed on {+Saturday+}." in shown
    assert "moved down, was paragraph 3, edited" in shown


def test_an_end_of_a_paragraph_shows_on_the_side_that_has_it() -> None:
    shown = to_columns(full_view(), 200, colour=False).splitlines()
    [split] = [line for line in shown if line.startswith("The first half")]
    old, new = split.split(" < ")
    assert old.rstrip() == "The first half of it stays here. The second half of it goes over there."
    assert new == "The first half of it stays here. {+¶ +}The second half of it goes over there."
    [merged] = [line for line in shown if line.startswith("Ferries start")]
    old, new = merged.split(" > ")
    assert "pier. [-¶ -]Trams" in old
    assert "pier. Trams" in new


def test_columns_of_right_to_left_text_are_kept_apart() -> None:
    old, new = "وصل الرئيس يوم السبت إلى المدينة.", "وصل الرئيس يوم الأحد إلى المدينة."
    view = view_of(snapshot([old, "Plain."]), snapshot([new, "Plain!"]))
    shown = to_columns(view, 100, colour=False).splitlines()
    [row] = [line for line in shown if "الأحد" in line]
    start, left, middle, right = row.split("\u200e")
    assert (start, middle.strip()) == ("", "~")
    assert "[-السبت-]" in left
    assert "{+الأحد+}" in right
    assert cell_len(left) + cell_len(middle) == 51
    [plain] = [line for line in shown if line.startswith("Plain")]
    assert "\u200e" not in plain
