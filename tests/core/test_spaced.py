"""Scripts without spaces, as the index of words has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.spaced import spaced


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The river rose.", "The river rose."),
        ("Ελλάδα हिन्दी 서울에서 بغداد", "Ελλάδα हिन्दी 서울에서 بغداد"),
        ("洪水が町を", "洪 水 が 町 を"),
        ("iPhone発売、5月", "iPhone 発 売 、5 月"),
        ("น้ำท่วม", "น้ ำ ท่ ว ม"),
        ("か\u3099 は", "か\u3099 は"),
    ],
)
def test_their_letters_stand_apart_with_their_marks(text: str, words: str) -> None:
    assert spaced(text).text == words


@given(st.text(alphabet="洪水町がก้ำab .、\u3099", max_size=30))
def test_every_place_leads_back(text: str) -> None:
    prepared = spaced(text)
    kept = [at for at in range(len(prepared.text)) if at not in prepared.cuts]
    assert "".join(prepared.text[at] for at in kept) == text
    assert [prepared.place(at) for at in kept] == list(range(len(text)))
    assert prepared.place(len(prepared.text)) == len(text)
