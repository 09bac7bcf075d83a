"""Text: cleaning, terminal safety, digests."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.model import Paragraph, Snapshot
from watcher.core.text import (
    as_shown,
    clean,
    content_digest,
    letters_and_digits,
    printable,
    snapshot_digest,
)

anything = st.text(st.characters(codec=None))
hostile = st.text(
    st.sampled_from("ab \t\n\r\x00\x07\x1b\\[]0;m\x9b\x9c\x9d\u202e\u2066\u200f\u0301é")
)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  two\n\twords \u00a0 here ", "two words here"),
        ("zero\u200bwidth\ufeff and soft\u00adhyphen", "zerowidth and softhyphen"),
        ("bell\x07 and \x85 next", "bell and next"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u05d0\u200f (1)", "\u05d0\u200f (1)"),
        ("\u0645\u06cc\u200c\u0631\u0648\u0645", "\u0645\u06cc\u200c\u0631\u0648\u0645"),
        ("\U0001f468\u200d\U0001f692", "\U0001f468\u200d\U0001f692"),
        ("", ""),
    ],
)
def test_clean_folds_white_space_and_drops_what_nobody_sees(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@given(anything | hostile)
def test_cleaned_text_is_one_line_of_nfc_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned == " ".join(cleaned.split())
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in cleaned)


@given(st.text("abcXYZ019 .,-äß語\u200f"))
def test_cleaning_keeps_every_visible_character(text: str) -> None:
    assert [c for c in clean(text) if c != " "] == [c for c in text if c != " "]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("\x1bPq#0\x1b\\sixel", "sixel"),
        ("a\x1bb", "ab"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("\u05d0\u200f!", "\u05d0\u200f!"),
        ("tab\there", "tab here"),
        ("cr\rlf", "cr lf"),
    ],
)
def test_printable_takes_whole_escape_sequences_out(raw: str, shown: str) -> None:
    assert printable(raw) == shown


@given(anything | hostile, st.booleans())
def test_nothing_printable_can_move_a_terminal(text: str, newlines: bool) -> None:
    shown = printable(text, newlines=newlines)
    controls = {c for c in shown if unicodedata.category(c) in ("Cc", "Cs")}
    assert controls <= ({"\n"} if newlines else set())
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert printable(shown, newlines=newlines) == shown


@given(st.text(max_size=40) | st.text(st.characters(max_codepoint=0x2FF), max_size=40))
def test_letters_and_digits_are_left_in_their_order(text: str) -> None:
    assert letters_and_digits(text) == "".join(filter(str.isalnum, text))


def test_newlines_are_kept_only_on_request() -> None:
    assert printable("a\r\nb\nc", newlines=True) == "a\nb\nc"
    assert printable("a\r\nb\nc") == "a b c"


SNAPSHOT = Snapshot("Head", "A B", "2026-11-20T09:30:00Z", None, (Paragraph("paragraph", "one"),))


@pytest.mark.parametrize(
    "other",
    [
        replace(SNAPSHOT, headline="Head."),
        replace(SNAPSHOT, paragraphs=(Paragraph("quote", "one"),)),
        replace(SNAPSHOT, paragraphs=(Paragraph("paragraph", "One"),)),
        replace(SNAPSHOT, paragraphs=()),
        replace(SNAPSHOT, paragraphs=SNAPSHOT.paragraphs * 2),
    ],
)
def test_both_digests_see_content(other: Snapshot) -> None:
    assert content_digest(other) != content_digest(SNAPSHOT)
    assert snapshot_digest(other) != snapshot_digest(SNAPSHOT)


@pytest.mark.parametrize(
    "other",
    [
        replace(SNAPSHOT, byline=None),
        replace(SNAPSHOT, published=None),
        replace(SNAPSHOT, modified="2026-11-20"),
        replace(SNAPSHOT, published=None, modified=SNAPSHOT.published),
    ],
)
def test_only_the_snapshot_digest_sees_metadata(other: Snapshot) -> None:
    assert content_digest(other) == content_digest(SNAPSHOT)
    assert snapshot_digest(other) != snapshot_digest(SNAPSHOT)


def test_a_redirect_is_no_new_snapshot() -> None:
    assert snapshot_digest(replace(SNAPSHOT, url="https://x.example/b")) == snapshot_digest(
        SNAPSHOT
    )


paragraphs = st.lists(
    st.builds(Paragraph, st.sampled_from(["paragraph", "quote"]), st.text('ab"[],\n', max_size=5)),
    max_size=3,
).map(tuple)
snapshots = st.builds(
    Snapshot,
    headline=st.text('ab"[],', max_size=4),
    byline=st.none() | st.text('ab"', max_size=3),
    published=st.none() | st.text("12", max_size=2),
    modified=st.none() | st.text("12", max_size=2),
    paragraphs=paragraphs,
)


@given(snapshots, snapshots)
def test_digests_are_equal_exactly_where_snapshots_are(one: Snapshot, two: Snapshot) -> None:
    assert (snapshot_digest(one) == snapshot_digest(two)) == (one == two)
    same_content = (one.headline, one.paragraphs) == (two.headline, two.paragraphs)
    assert (content_digest(one) == content_digest(two)) == same_content


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" two\t words\r\n", "two words"),
        ("10\u00a0000", "10\u00a0000"),
        ("caf\u0065\u0301", "caf\u0065\u0301"),
        ("thin\u2009space", "thin\u2009space"),
        ("\u00a0indented\u00a0", "indented"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("one\u2028line", "one line"),
        ("\u00a0", ""),
    ],
)
def test_what_a_browser_shows_keeps_its_spaces_and_form(text: str, shown: str) -> None:
    assert as_shown(text) == shown
    assert as_shown(shown) == shown
