"""Which words of the texts other findings have spoken for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from watcher.core.model import Finding, Span

Places = Mapping[tuple[str, str, int], Sequence[tuple[int, int]]]


def places(found: Iterable[Finding]) -> Places:
    """The characters that prove findings, by side, place and index."""
    told: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    for finding in found:
        for span in finding.evidence:
            told.setdefault(span[:3], []).append((span.start, span.end))
    return told


def touch(told: Places, spans: Iterable[Span]) -> bool:
    """Whether any of the spans overlaps or borders on one that is spoken for."""
    return any(
        start <= span.end and span.start <= end
        for span in spans
        for start, end in told.get(span[:3], ())
    )


def beside(text: str, span: Span, told: Places) -> list[str]:
    """The parts of a span of `text` that nothing has spoken for."""
    parts, at = [], span.start
    for start, end in sorted(told.get(span[:3], ())):
        if at < start < span.end:
            parts.append(text[at:start])
        at = max(at, end)
    return [*parts, text[at : span.end]]
