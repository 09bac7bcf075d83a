"""What holds of all findings, whatever the texts are."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from config.lexicons import shipped_lexicons
from watcher.core.compare import compare
from watcher.core.findings.comparison import Circumstances
from watcher.core.findings.evidence import words_at
from watcher.core.findings.find import find, heaviest, total
from watcher.core.findings.kinds import KINDS
from watcher.core.findings.registry import CONCLUDING, LOOKING
from watcher.core.model import WEIGHTS, Change, Link, Notice, Paragraph, Snapshot

PIECES = (
    "Twelve", "17", "people", "died", "reportedly", "not", "police", "said", "“We saw it,”", "'",
    "$40m", "40%", "3 May", "10:30", "Karl Brenner", "near", "Tolk", ".", ",", "—", "Update:",
    "Correction:", "the", "\u0301", "\u200b", "\ufeff", "Москва", "東京", "ไม่", "١٢", "𝟙𝟚", "½",
    "a" * 40, "1" * 30, "\n", "\t", "…", "(", "İ", "ß",
)  # fmt: skip
WORDS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=14)
TEXTS = WORDS.map(" ".join)
KIND = st.sampled_from(("paragraph", "heading", "quote", "caption", "list-item"))
FIELDS = st.one_of(st.none(), st.just(""), TEXTS, st.just("2031-03-02T08:00:00Z"))
NOTICE = st.sampled_from(("correction", "clarification", "editors-note", "update", "developing",
                          "retraction"))  # fmt: skip
LANGUAGES = st.sampled_from((None, "en", "de", "fr-CA", "zh", "xx", "", "-", "ar"))


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    paragraphs = tuple(Paragraph(draw(KIND), text) for text in draw(st.lists(TEXTS, max_size=5)))
    places = st.one_of(st.none(), st.integers(0, 6))
    return Snapshot(
        headline=draw(TEXTS),
        byline=draw(FIELDS),
        published=draw(FIELDS),
        modified=draw(FIELDS),
        section=draw(FIELDS),
        access=draw(st.sampled_from((None, "free", "paywalled"))),
        language=draw(LANGUAGES),
        paragraphs=paragraphs,
        notices=tuple(
            Notice(draw(NOTICE), draw(TEXTS), draw(places)) for _ in range(draw(st.integers(0, 3)))
        ),
        links=tuple(
            Link(at, 0, len(paragraph.text), f"https://news.example/{draw(st.integers(0, 3))}")
            for at, paragraph in enumerate(paragraphs)
            if draw(st.booleans())
        ),
    )


PAIRS = st.one_of(
    st.tuples(snapshots(), snapshots()),
    st.builds(
        lambda each, more: (
            each,
            replace(each, paragraphs=(*each.paragraphs[1:], *more), links=()),
        ),
        snapshots(),
        st.lists(TEXTS.map(lambda text: Paragraph("paragraph", text)), max_size=2),
    ),
)


def meant(old: Snapshot, new: Snapshot) -> Change:
    about = Circumstances(revert_of=3)
    change = compare(old, new)
    return find(old, new, change, circumstances=about, lexicons=shipped_lexicons())


@settings(max_examples=150)
@given(PAIRS)
def test_findings_are_proven_known_ordered_and_summed(pair: tuple[Snapshot, Snapshot]) -> None:
    old, new = pair
    change = meant(old, new)
    assert [told for told in change.coverage if ": failed " in told] == []
    for finding in change.findings:
        assert words_at(old, finding.evidence, "old") == finding.old
        assert words_at(new, finding.evidence, "new") == finding.new
        assert finding.kind in KINDS
        assert finding.sentence == " ".join(finding.sentence.split()) != ""
        assert finding.score > 0
    weights = [WEIGHTS.index(finding.weight) for finding in change.findings]
    assert weights == sorted(weights, reverse=True)
    assert (change.weight, change.score) == (heaviest(change.findings), total(change.findings))
    assert change.sentence
    assert "\n" not in change.sentence


@settings(max_examples=60)
@given(PAIRS)
def test_equal_inputs_have_equal_findings(pair: tuple[Snapshot, Snapshot]) -> None:
    old, new = pair
    again = replace(old, paragraphs=tuple(Paragraph(*each) for each in old.paragraphs))
    assert meant(old, new) == meant(again, new)


@settings(max_examples=60)
@given(snapshots())
def test_a_snapshot_has_no_findings_against_itself(each: Snapshot) -> None:
    change = meant(each, each)
    assert (change.findings, change.weight, change.score, change.coverage) == (
        (), "cosmetic", 0.0, (),
    )  # fmt: skip


def test_every_kind_is_reported_by_one_rule_and_every_rule_reports_known_kinds() -> None:
    told = [kind for rule in (*LOOKING, *CONCLUDING) for kind in rule.kinds]
    assert set(told) <= set(KINDS)
    assert len(told) == len(set(told))


def test_numbers_of_more_digits_than_arithmetic_has_are_compared() -> None:
    old, new = (
        Snapshot(
            headline="", byline=None, published=None, modified=None, language="en",
            paragraphs=(Paragraph("paragraph", f"{number} of them were counted."),),
        )
        for number in ("Half", "1" * 30)
    )  # fmt: skip
    assert not [told for told in meant(old, new).coverage if "failed" in told]
