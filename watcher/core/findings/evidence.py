"""Evidence: spans of two snapshots, and the words that they cut out."""

from __future__ import annotations

from collections.abc import Iterable

from watcher.core.findings.kinds import KINDS, SCORES
from watcher.core.model import METADATA, Finding, Snapshot, Span, Weight


def text_at(snapshot: Snapshot, place: str, index: int) -> str:
    """The whole text of a place of a snapshot. Raises IndexError or ValueError if it has none."""
    if place == "paragraph":
        return snapshot.paragraphs[index].text
    if place == "notice":
        return snapshot.notices[index].text
    if place == "headline":
        return snapshot.headline
    value = getattr(snapshot, place) if place in METADATA else None
    if value is None:
        raise ValueError(f"the snapshot has no {place}")
    return str(value)


def words_at(snapshot: Snapshot, evidence: Iterable[Span], side: str) -> str | None:
    """The words that the spans of one side cut out, joined by line feeds; None without any.

    Raises IndexError or ValueError for a span that cuts nothing out of this snapshot.
    """
    found = []
    for span in evidence:
        if span.side == side:
            text = text_at(snapshot, span.place, span.index)
            if not (span.index >= 0 and 0 <= span.start < span.end <= len(text)):
                raise ValueError(f"{span} cuts nothing out of {len(text)} characters")
            found.append(text[span.start : span.end])
    return "\n".join(found) if found else None


def state(
    kind: str,
    sentence: str,
    old: Snapshot,
    new: Snapshot,
    evidence: Iterable[Span] = (),
    *,
    weight: Weight | None = None,
    score: float | None = None,
) -> Finding:
    """A finding with the words that its evidence cuts out of both snapshots; the sentence is made
    one line.

    Weight and score are those of the kind (kinds.KINDS) unless given; the score of another
    weight is that of the weight. Raises as words_at() does.
    """
    usual = KINDS.get(kind)
    spans = tuple(evidence)
    weight = weight or (usual.weight if usual else "notable")
    if score is None:
        score = usual.score if usual and usual.weight == weight else SCORES[weight]
    return Finding(
        kind=kind,
        sentence=" ".join(sentence.split()),
        old=words_at(old, spans, "old"),
        new=words_at(new, spans, "new"),
        evidence=spans,
        weight=weight,
        score=score,
    )
