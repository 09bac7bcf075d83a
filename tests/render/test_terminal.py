"""Terminal text: readable with and without colour, at every width, whatever the page said."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.render.views import NEW, OLD, full_view, hostile_view, snapshot, view_of
from watcher.core.model import Notice, Paragraph, Snapshot
from watcher.core.words import words
from watcher.render.columns import to_columns
from watcher.render.html import to_html
from watcher.render.terminal import marked, to_terminal
from watcher.render.version import version_text
from watcher.render.wrap import GAP, GLUE, paint, wrap

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
    spaced = to_terminal(
        view_of(snapshot(["A long  gap."]), snapshot(["A long gap."])), 80, colour=False
    )
    assert "1 paragraph changed in white space, invisible characters or Unicode form" in spaced
    assert "~ 1  changed in white space, invisible characters or Unicode form alone" in spaced
    assert "A long[-<SP><SP>-]{+<SP>+}gap." in spaced


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Some 12 km away.", "Some 12\u00a0km away.", "Some 12[-<SP>-]{+<NBSP>+}km away."),
        ("Some 1 000 fled.", "Some 1\u202f000 fled.", "Some [-1 000-]{+1<NNBSP>000+} fled."),
        ("He said \u200fyes\u200e.", "He said yes.", "He said[- <RLM>yes<LRM>-]{+ yes+}."),
        (
            "Cafe\u0301 Nord opened.",
            "Caf\u00e9 Nord opened.",
            "[-Cafe<U+0301>-]{+Caf<U+00E9>+} Nord opened.",
        ),
        (
            "A so\u00adcalled truce held.",
            "A socalled truce held.",
            "A [-so<SHY>called-]{+socalled+} truce held.",
        ),
        (
            "It was 12\u202f% on Monday.",
            "It was 13\u00a0% on Monday.",
            "It was [-12\u202f-]{+13\u00a0+}% on Monday.",
        ),
        ("A rock star came by.", "A rockstar came by.", "A [-rock star-]{+rockstar+} came by."),
    ],
)
def test_what_cannot_be_seen_is_named_where_it_changed(old: str, new: str, shown: str) -> None:
    view = view_of(snapshot([old]), snapshot([new]))
    plain = to_terminal(view, 200, colour=False)
    assert plain.splitlines()[-1].lstrip("~ 1") == shown
    coloured = ESCAPES.sub("", to_terminal(view, 200, colour=True))
    assert re.sub(r"[\[{][-+]|[-+][\]}]", "", plain) == coloured
    assert to_html(view).count("&lt;") == shown.count("<")


def test_a_paragraph_whose_kind_changed_is_shown_with_what_it_was() -> None:
    old = snapshot(["What is known", "Trams run again.", "He came on Monday, they said."])
    texts = ["What is known", "Trams run again.", "He came on Friday, they said."]
    kinds = ["heading", "paragraph", "live-post"]
    new = replace(old, paragraphs=tuple(map(Paragraph, kinds, texts)))
    shown = to_terminal(view_of(old, new), 80, colour=False)
    assert shown.endswith("""\
kind of 2 paragraphs changed; 1 paragraph edited

= 1  now a heading, was a paragraph
     What is known
   … 1 paragraph unchanged
~ 3  edited, now a post of a live blog, was a paragraph
     He came on [-Monday-]{+Friday+}, they said.
""")
    columns = to_columns(view_of(old, new), 80, colour=False)
    assert "now a heading, was a paragraph\nWhat is known " in columns


def unmarked(shown: str) -> tuple[str, str]:
    """Old and new text, read off the marks from left to right."""
    sides = {"-": "", "+": ""}
    while shown:
        start = re.search(r"\[-|\{\+", shown)
        same = shown[: start.start()] if start else shown
        sides = {sign: side + unescaped(same) for sign, side in sides.items()}
        if start is None:
            break
        sign = start[0][1]
        changed, _, shown = shown[start.end() :].partition("-]" if sign == "-" else "+}")
        sides[sign] += unescaped(changed)
    return sides["-"], sides["+"]


def unescaped(text: str) -> str:
    return re.sub(
        r"(?<=\[)\\(?=\\*-)|(?<=-)\\(?=\\*\])|(?<=\{)\\(?=\\*\+)|(?<=\+)\\(?=\\*\})", "", text
    )


MARKLIKE = st.lists(st.sampled_from([*"[-]{+}\\ab", "[-", "-]", "{+", "+}", "[\\-"])).map("".join)


@given(MARKLIKE, MARKLIKE)
def test_no_text_passes_for_a_mark(old: str, new: str) -> None:
    shown = "".join(text for _, text in marked(words(old, new), colour=False))
    shown = shown.replace(GLUE, "").replace(GAP, "")
    assert unmarked(shown) == (old, new)


@pytest.mark.parametrize("width", [20, 28, 40])
def test_a_mark_stays_with_its_word_at_the_end_of_a_line(width: int) -> None:
    old = "The trawler sank two miles off the coast on Monday while its crew was asleep below."
    new = "The trawler sank on Monday while its whole crew of seven young men was asleep below."
    view = view_of(snapshot([old, "x" * 60 + " y."]), snapshot([new, "x" * 59 + "z y."]))
    for line in to_terminal(view, width, colour=False).splitlines()[4:]:
        text = line[5:] if line[:1].strip() else line.strip()
        assert not re.match(r"-\]|\+\}", text), line
        assert not re.search(r"(\[-?|\{\+?)$", text), line


def test_no_break_spaces_hold_at_the_end_of_a_line() -> None:
    lines = wrap([("", "It rose by 12\u00a0000\u202fkm")], 14)
    assert ["".join(text for _, text in line) for line in lines] == [
        "It rose by", "12\u00a0000\u202fkm",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ตำแหน่งใหม่", ["ตำ", "แห", "น่", "ง", "ให", "ม่"]),
        ("เขียนเรื่อง", ["เขี", "ย", "น", "เรื่", "อ", "ง"]),
        ("彼は「東京」。", ["彼", "は", "「東", "京」。"]),
    ],
)
def test_lines_break_where_the_script_lets_them(text: str, lines: list[str]) -> None:
    width = max(map(cell_len, lines))
    narrow = ["".join(part for _, part in line) for line in wrap([("", text)], width)]
    whole = "".join(narrow)
    assert whole == text
    ends = {sum(map(len, lines[:n])) for n in range(len(lines) + 1)}
    assert {sum(map(len, narrow[:n])) for n in range(len(narrow) + 1)} <= ends


def test_a_headline_that_mostly_stayed_is_marked_word_by_word() -> None:
    old, new = (
        snapshot(OLD, headline="Ferry sinks off Oster, 12 missing"),
        snapshot(OLD, headline="Ferry sinks off Oster, 14 missing"),
    )
    view = view_of(old, new)
    marks = "headline: Ferry sinks off Oster, [-12-]{+14+} missing"
    assert marks in to_terminal(view, 80, colour=False).splitlines()
    assert marks in to_columns(view, 80, colour=False).splitlines()
    assert "Oster, <del>12</del><ins>14</ins> missing</dd>" in to_html(view)
    hidden = snapshot(OLD, headline="Ferry sinks off Oster,\u00a012 missing")
    assert "Oster,[-<SP>-]{+<NBSP>+}12" in to_terminal(view_of(old, hidden), 80, colour=False)


@pytest.mark.parametrize("width", [60, 200])
def test_notices_and_metadata_are_told_at_every_width(width: int) -> None:
    correction = "Correction: an earlier version gave Friday as the day of the storm, not Monday."
    old = replace(
        snapshot(OLD, byline="A.\u00a0Writer"),
        notices=(Notice("update", "Updated at 12:05 by the news desk"),),
        section="Weather",
    )
    new = replace(
        snapshot(OLD, byline="A. Writer"),
        notices=(
            Notice("correction", correction), Notice("update", "Updated at 14:30 by the news desk"),
        ),
        publisher="The Valley Post",
    )  # fmt: skip
    view = view_of(old, new)
    for form in (to_terminal, to_columns):
        shown = form(view, width, colour=False)
        assert all(cell_len(line) <= width for line in shown.splitlines())
        joined = " ".join(shown.split())
        assert f"correction added: {correction}" in joined
        assert "update line changed: Updated at [-12:05-]{+14:30+} by the news desk" in joined
        assert "byline: A.<NBSP>Writer → A. Writer" in joined
        assert "publisher: none → The Valley Post" in joined
        assert "section: Weather → none" in joined
    page = to_html(view)
    assert f'<dt>correction added</dt><dd dir="auto"><ins>{correction}</ins></dd>' in page
    assert "Updated at <del>12:05</del><ins>14:30</ins> by" in page


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


@example([("", "a"), ("", "\u200d"), ("31", "\u200dす")], 2)
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
