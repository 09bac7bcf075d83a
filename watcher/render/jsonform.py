"""A change as the Diff JSON of docs/formats.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from watcher.core.compare import is_typographic
from watcher.core.model import Edit, Finding, Link, LinkChange, Weight
from watcher.core.times import to_text
from watcher.render.view import DiffView, Side


def to_json(view: DiffView) -> dict[str, object]:
    """The Diff JSON: plain dicts, lists, texts and numbers; times are ISO 8601 UTC."""
    change = view.change
    more: dict[str, object] = {}
    if change.links:
        more["links"] = [_link(each) for each in change.links]
    if change.noise:
        more["noise"] = list(change.noise)
    return {
        "article": {"id": view.article_id, "url": view.url, "story": view.story},
        "from": _side(view.before),
        "to": _side(view.after),
        "window": {"after": _time(view.window[0]), "before": _time(view.window[1])},
        "headline": list(change.headline) if change.headline else None,
        "metadata": {name: list(pair) for name, pair in change.metadata.items()},
        "notices": [{"kind": n.kind, "old": n.old, "new": n.new} for n in change.notices],
        "kinds": [
            {"old": k.old, "new": k.new, "from": k.before, "to": k.after} for k in change.kinds
        ],
        **more,
        "edits": [_edit(edit) for edit in change.edits],
        "summary": dict(change.summary),
        **meaning(change.weight, change.score, change.sentence, change.findings),
        "coverage": list(change.coverage),
    }


def meaning(
    weight: Weight, score: float, sentence: str, findings: Iterable[Finding]
) -> dict[str, object]:
    """Weight, score, sentence and findings of a change or an event."""
    return {
        "weight": weight,
        "score": score,
        "sentence": sentence,
        "findings": [finding_json(each) for each in findings],
    }


def finding_json(finding: Finding) -> dict[str, object]:
    """One finding, with the spans that prove it."""
    return {
        "kind": finding.kind,
        "weight": finding.weight,
        "score": finding.score,
        "sentence": finding.sentence,
        "old": finding.old,
        "new": finding.new,
        "evidence": [span._asdict() for span in finding.evidence],
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "version": side.version,
        "seen_from": _time(side.seen_from),
        "seen_until": _time(side.seen_until),
    }


def _link(change: LinkChange) -> dict[str, object]:
    return {"words": change.words, "old": _link_side(change.old), "new": _link_side(change.new)}


def _link_side(link: Link | None) -> dict[str, object] | None:
    return None if link is None else link_json(link)


def link_json(link: Link) -> dict[str, object]:
    """A link: its paragraph and span, counted from 0, and where it leads."""
    return {"paragraph": link.paragraph, "start": link.start, "end": link.end, "url": link.url}


def _time(when: datetime | None) -> str | None:
    return to_text(when) if when else None


def _edit(edit: Edit) -> dict[str, object]:
    return {
        "op": edit.op,
        "old": list(edit.old),
        "new": list(edit.new),
        "moved": edit.moved,
        "typographic": is_typographic(edit),
        "similarity": edit.similarity,
        "words": [list(word) for word in edit.words],
    }
