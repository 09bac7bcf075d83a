"""Texts made to cost time, and texts of any kind: no rule fails, none takes too long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lexicons import shipped_lexicons
from watcher.api import snapshot
from watcher.core.compare import compare
from watcher.core.findings.comparison import survey
from watcher.core.findings.find import find
from watcher.core.findings.registry import CONCLUDING, LOOKING
from watcher.core.findings.sentences import sentences
from watcher.core.findings.speech import quotations

PIECES = [
    "a", "1", "1 ", "1,", "1.", "1-", "one ", "one hundred and ", "million ", "$", "12 May ",
    "10:30 ", "A", "A ", "A.", "Ann de ", "Mr ", "President ", "“", "“a” ", "'", "\"", "« ", "「",
    "not ", "may ", "could not be ", "said ", "according to ", "said, ", ", said", ". ", "a. ",
    "A. ", "。", "?", "\u4e00", "\u0915\u094d", "\u0301", "据", "at least ", "no. ", "of ", "-",
    "aged ", "?! ",
]  # fmt: skip
LENGTH = 6_000
LEXICONS = shipped_lexicons()


@pytest.mark.parametrize("before", ["", "It said so. "])
def test_no_text_takes_the_square_of_its_length(before: str) -> None:
    """Each takes some tens of milliseconds; the square of the length would be seconds."""
    slow = []
    for piece in PIECES:
        text = (piece * LENGTH)[:LENGTH]
        old, new = before + text, text + " 17 people died, Karl Brenner said."
        texts = [snapshot([("paragraph", each)], headline="") for each in (old, new)]
        change = compare(*texts)
        start = time.process_time()
        looked = find(*texts, change, lexicons=LEXICONS)
        if time.process_time() - start > 0.5:
            slow.append(ascii(piece))
        assert not [told for told in looked.coverage if "failed" in told], piece
    assert slow == []


@pytest.mark.parametrize("read", [sentences, quotations])
def test_readers_of_whole_texts(read: object) -> None:
    for piece in PIECES:
        start = time.process_time()
        read((piece * 100_000)[:100_000])  # type: ignore[operator]
        assert time.process_time() - start < 1.0, ascii(piece)


WORDS = st.sampled_from([
    "12", "17", "twelve", "Karl", "Brenner", "said", ",", ".", "“", "”", "not", "may", "the",
    "police", "5 May", "$5m", "in", "Paris", "據", "die", "км", "é", "'", "—", "(", "U.S.",
    "reportedly", "people",
])  # fmt: skip
TEXTS = st.lists(st.lists(WORDS, max_size=12).map(" ".join), max_size=4)


@given(TEXTS, TEXTS, st.sampled_from(["en", "de", "zh", "sv", None]))
def test_every_finding_is_proven_and_no_rule_fails(
    old: list[str], new: list[str], language: str | None
) -> None:
    texts = [
        snapshot([("paragraph", text) for text in side if text], headline="H")
        for side in (old, new)
    ]
    change = compare(*texts)
    about = survey(*texts, change, language=language, words=LEXICONS.of(language))
    for rule in (*LOOKING, *CONCLUDING):
        if all(about.words.has(name) for name in rule.needs):
            for finding in rule(about):
                assert finding.kind in rule.kinds
                assert finding.sentence
                assert finding.evidence
    looked = find(*texts, change, lexicons=LEXICONS)
    assert not [told for told in looked.coverage if "failed" in told]
    assert looked == find(*texts, change, lexicons=LEXICONS)
