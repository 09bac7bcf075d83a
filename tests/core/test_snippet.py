"""What of a text is shown of a hit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.core.snippet import MOST, snippet

LONG = " ".join(f"word{n}" for n in range(200))


def mark(word: str, text: str = LONG) -> tuple[int, int]:
    return text.index(word), text.index(word) + len(word)


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("The river rose.", [(4, 9)]) == [
        (False, "The "), (True, "river"), (False, " rose."),
    ]  # fmt: skip
    assert snippet("The river rose.", []) == [(False, "The river rose.")]


def test_of_a_long_one_the_words_around_what_was_meant() -> None:
    [cut, before, meant, after, end] = snippet(LONG, [mark("word100")])
    assert (cut, meant, end) == ((False, "… "), (True, "word100"), (False, " …"))
    assert before[1].startswith("word")
    assert after[1].split()[-1].startswith("word")


def test_places_far_apart_are_both_shown() -> None:
    shown = snippet(LONG, [mark("word50"), mark("word150")])
    assert [text for is_meant, text in shown if is_meant] == ["word50", "word150"]
    assert (False, " … ") in shown


@given(st.text("ab \n界", max_size=900), st.lists(st.integers(0, 890), max_size=8))
def test_it_is_bounded_and_says_only_what_the_text_says(text: str, starts: list[int]) -> None:
    marks = [(at, at + 4) for at in sorted(set(starts)) if at + 4 <= len(text)]
    marks = [m for n, m in enumerate(marks) if n == 0 or m[0] >= marks[n - 1][1]]
    shown = snippet(text, marks)
    assert sum(len(part) for _, part in shown) <= MOST * 2
    for _, part in shown:
        assert part.strip(" …") in text
    if marks:
        assert any(is_meant for is_meant, _ in shown)
