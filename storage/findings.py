"""Findings of changes and of events without a version. Only a rebuilt history replaces them.

Words that are short are stored beside their spans, for whoever reads the table; longer ones are
cut out of the texts again, as those of a change are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from sqlite_utils import Database

from watcher.core.findings.evidence import words_at
from watcher.core.model import Finding, Snapshot, Span

LONGEST = 80
"""Characters of words that are stored with their finding."""

_LETTERS = {"old": "o", "new": "n"}
_SIDES: dict[str, Literal["old", "new"]] = {"o": "old", "n": "new"}


def insert_findings(
    db: Database,
    article_id: int,
    findings: Iterable[Finding],
    at: str,
    *,
    version_id: int | None = None,
    event_seq: int | None = None,
    keep_words: bool = False,
) -> None:
    """Stores the findings of a change (by its version) or of an event, in their order.

    `at` is when it was first seen; `keep_words` stores all words, for texts that are not kept.
    """
    rows = [
        (
            article_id, version_id, event_seq, at, each.kind, each.weight, each.score,
            each.sentence, _stored(each.old, keep_words), _stored(each.new, keep_words),
            _json([[_LETTERS[span.side], *span[1:]] for span in each.evidence]),
        )
        for each in findings
    ]  # fmt: skip
    if rows:
        db.conn.executemany(
            "INSERT INTO finding (article_id, version_id, event_seq, at, kind, weight, score,"
            " sentence, old, new, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def _stored(words: str | None, whole: bool) -> str | None:
    return words if words is None or whole or len(words) <= LONGEST else None


_FIELDS = "kind, sentence, old, new, evidence, weight, score"


def load_findings(
    db: Database, version_id: int, old: Snapshot | None, new: Snapshot
) -> tuple[Finding, ...]:
    """The findings of the change that made a version, in order.

    `old` and `new` are the texts that the change leads from and to; `old` is None if it is not
    stored. Raises ValueError or IndexError if the evidence does not fit the texts.
    """
    rows = db.conn.execute(
        f"SELECT {_FIELDS} FROM finding WHERE version_id = ? ORDER BY id",  # noqa: S608
        (version_id,),
    )
    return tuple(finding_of(row, old, new) for row in rows)


def load_event_findings(db: Database, event_seq: int) -> tuple[Finding, ...]:
    """The findings of an event that is about no version."""
    rows = db.conn.execute(
        f"SELECT {_FIELDS} FROM finding WHERE event_seq = ? ORDER BY id",  # noqa: S608
        (event_seq,),
    )
    return tuple(finding_of(row, None, None) for row in rows)


def finding_of(row: tuple[Any, ...], old: Snapshot | None, new: Snapshot | None) -> Finding:
    """A finding out of its row; words that are not stored come from the texts, if given."""
    kind, sentence, gone, come, evidence, weight, score = row
    spans = tuple(Span(_SIDES[side], *rest) for side, *rest in json.loads(evidence))
    return Finding(
        kind=kind,
        sentence=sentence,
        old=gone if gone is not None or old is None else words_at(old, spans, "old"),
        new=come if come is not None or new is None else words_at(new, spans, "new"),
        evidence=spans,
        weight=weight,
        score=score,
    )


def finding_rows(db: Database, version_id: int) -> list[list[object]]:
    """What a version's findings say, for its digest."""
    rows = db.conn.execute(
        "SELECT kind, weight, score, sentence, old, new, evidence FROM finding"
        " WHERE version_id = ? ORDER BY id",
        (version_id,),
    )
    return [list(row) for row in rows]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
