"""Texts made to cost time, where no limit of time stands over them: in the service itself."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from watcher.core.text import as_shown, clean, printable, quiet_json
from watcher.core.tokens import fold, tokens, without_form, words_of
from watcher.core.words import words

FLAG = "\U0001f1e6\U0001f1ea"
# One after the other, each for itself and with each other.
PIECES = [
    "a", "1", " ", ".", "'", ",", "-", "_", "\u0301", "\u200d", "\u00ad", "\u4e00", "\u0e40\u0e01",
    "\u1780\u17d2", "\u0915\u094d", "\u1100", "\u0600", FLAG, FLAG[0], "\U0001f469", "\x1b]",
    "\x1b[", "\x9b", "\x9d", "\x90", "\u202e", "&", "1 000", "a.", "10:", "\t", "\u00a0",
]  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "tokens": tokens,
    "words_of": words_of,
    "fold": fold,
    "without_form": without_form,
    "clean": clean,
    "as_shown": as_shown,
    "printable": printable,
    "quiet_json": quiet_json,
}
LENGTH = 20_000


@pytest.mark.parametrize("name", READERS)
def test_no_text_takes_the_square_of_its_length(name: str) -> None:
    """The slowest takes a tenth of a second. A row of flags took 1.5 s, and so hours for the
    longest paragraph that is kept."""
    read = READERS[name]
    slow = []
    for piece in PIECES:
        text = (piece * LENGTH)[:LENGTH]
        start = time.process_time()
        read(text)
        if time.process_time() - start > 0.6:
            slow.append(ascii(piece))
    assert slow == []


def test_a_word_diff_of_flags_ends() -> None:
    start = time.process_time()
    words(FLAG * 100_000, "x" + FLAG * 100_000)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("count", [31, 32, 33, 64, 200])
@pytest.mark.parametrize("odd", ["", FLAG[0]])
@pytest.mark.parametrize("before", ["", "a", "word ", "\u0600", "\u200d"])
@pytest.mark.parametrize("behind", ["", "a", " word", "\u0301", "\u200d\U0001f469"])
def test_a_long_row_of_flags_is_cut_as_a_short_one(
    count: int, odd: str, before: str, behind: str
) -> None:
    """Rows too short to be cut apart by hand show how the library does it."""
    text = before + FLAG * count + odd + behind
    found = tokens(text)
    assert "".join(found) == text
    short = tokens(before + FLAG * 4 + odd + behind)
    assert found == [*short[:3], *[FLAG] * (count - 4), *short[3:]]
