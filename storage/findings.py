"""Findings of changes and of events without a version. Only a rebuilt history replaces them.

Those of one change are one value beside it: JSON, compressed with the change's sentence, which
repeats the weightiest, as dictionary. Words are cut out of the texts again, as those of a change
are; they are stored only of texts that are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Literal

from sqlite_utils import Database

from storage.dense import pack, unpack
from watcher.core.findings.evidence import words_at
from watcher.core.model import WEIGHTS, Finding, Snapshot, Span

_LETTERS = {"old": "o", "new": "n"}
_SIDES: dict[str, Literal["old", "new"]] = {"o": "old", "n": "new"}

_OTHERS = 62
"""The bit of all kinds after the first 62: more do not fit into an integer of SQLite."""


def packed(findings: Iterable[Finding], sentence: str, *, keep_words: bool) -> bytes | None:
    """Findings as they stand beside their change or event, None without any.

    `sentence` is that of the change, or the event's summary; `keep_words` also stores the words,
    for texts that are not kept.
    """
    told = [
        [
            each.kind, WEIGHTS.index(each.weight), each.score, each.sentence,
            [[_LETTERS[span.side] + span.place, *span[2:]] for span in each.evidence],
            *([each.old, each.new] if keep_words else ()),
        ]
        for each in findings
    ]  # fmt: skip
    return pack(_json(told), sentence) if told else None


def unpacked(
    data: bytes | None, sentence: str, old: Snapshot | None = None, new: Snapshot | None = None
) -> tuple[Finding, ...]:
    """The findings that `packed` stored, in order.

    Words that are not stored are cut out of the texts that the change leads from and to, if given.
    Raises ValueError, TypeError or IndexError for damaged data, or if the evidence does not fit.
    """
    if data is None:
        return ()
    return tuple(_finding(each, old, new) for each in json.loads(unpack(data, sentence)))


def _finding(told: list[Any], old: Snapshot | None, new: Snapshot | None) -> Finding:
    kind, weight, score, sentence, evidence, *words = told
    spans = tuple(Span(_SIDES[spot[0]], spot[1:], *rest) for spot, *rest in evidence)
    gone, come = words or (None, None)
    return Finding(
        kind=kind,
        sentence=sentence,
        old=gone if gone is not None or old is None else words_at(old, spans, "old"),
        new=come if come is not None or new is None else words_at(new, spans, "new"),
        evidence=spans,
        weight=WEIGHTS[weight],
        score=score,
    )


def spelled(data: bytes | None, sentence: str) -> list[list[object]]:
    """What stored findings say, for a digest. Raises as `unpacked` does."""
    return [
        [
            each.kind, each.weight, each.score, each.sentence, each.old, each.new,
            [list(span) for span in each.evidence],
        ]
        for each in unpacked(data, sentence)
    ]  # fmt: skip


def put_kinds(db: Database, findings: Iterable[Finding]) -> int:
    """The kinds of findings as an integer, a bit for each; new kinds are stored."""
    names = {each.kind for each in findings}
    db.conn.executemany(
        "INSERT INTO finding_kind (name) VALUES (?) ON CONFLICT (name) DO NOTHING",
        [(name,) for name in sorted(names)],
    )
    return find_kinds(db, names)


def find_kinds(db: Database, names: Iterable[str]) -> int:
    """The bits of kinds, 0 if no finding ever had any of them.

    Several kinds share the last bit, so it says only that a change may have them.
    """
    bits = 0
    for name in names:
        row = db.conn.execute("SELECT id FROM finding_kind WHERE name = ?", (name,)).fetchone()
        if row is not None:
            bits |= 1 << min(row[0] - 1, _OTHERS)
    return bits


def has_kind(kind: str, bits: int, found: int, data: bytes | None, sentence: str) -> bool:
    """Whether stored findings have one of a kind, whose bits these are; `found` are theirs."""
    if not found & bits:
        return False
    shared = bits == 1 << _OTHERS
    return not shared or any(each.kind == kind for each in unpacked(data, sentence))


def load_event_findings(db: Database, event_seq: int) -> tuple[Finding, ...]:
    """The findings of an event that is about no version."""
    row = db.conn.execute(
        "SELECT findings, summary FROM event WHERE seq = ?", (event_seq,)
    ).fetchone()
    return unpacked(*row)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
