"""The observation log: every poll's outcome, run-length encoded.

A quiet article costs one row, not one a poll. A run ends when the outcome differs, or when
nobody looked for longer than the decision's `run_gap`: a hole in the log stays visible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from watcher.core.decide import Decision
from watcher.core.model import Outcome, Via
from watcher.core.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Run:
    """Polls in a row that ended alike."""

    outcome: Outcome
    detail: str
    status: int | None
    version_id: int | None
    first_at: datetime
    last_at: datetime
    count: int
    not_modified: int
    same_body: int


_EXTEND = """
UPDATE observation
SET last_at = ?, count = count + 1, not_modified = not_modified + ?, same_body = same_body + ?
WHERE id = (SELECT observation_id FROM schedule WHERE article_id = ?)
  AND outcome = ? AND detail = ? AND version_id IS ? AND (status IS ? OR outcome = 'unchanged')
  AND last_at BETWEEN ? AND ?
RETURNING id
"""


def observe(db: Database, decision: Decision, version_id: int | None) -> int:
    """Writes one poll's outcome; gives the id of the run it belongs to."""
    at = to_text(decision.at)
    not_modified = int(decision.via is Via.NOT_MODIFIED)
    same_body = int(decision.via is Via.SAME_BODY)
    seen = version_id if decision.outcome.is_content else None
    if decision.outcome is not Outcome.NEW_VERSION:
        extended = db.conn.execute(
            _EXTEND,
            (
                at, not_modified, same_body, decision.article_id, decision.outcome.value,
                decision.detail, seen, decision.status, to_text(decision.at - decision.run_gap), at,
            ),
        ).fetchall()  # fmt: skip
        if extended:
            return int(extended[0][0])
    cursor = db.conn.execute(
        "INSERT INTO observation (article_id, version_id, outcome, detail, status, first_at,"
        " last_at, count, not_modified, same_body) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        (
            decision.article_id, seen, decision.outcome.value, decision.detail, decision.status,
            at, at, not_modified, same_body,
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def list_runs(db: Database, article_id: int) -> list[Run]:
    """An article's observation log, oldest first."""
    rows = db.conn.execute(
        "SELECT outcome, detail, status, version_id, first_at, last_at, count, not_modified,"
        " same_body FROM observation WHERE article_id = ? ORDER BY id",
        (article_id,),
    )
    return [
        Run(Outcome(o), detail, status, version, from_text(first), from_text(last), *counts)
        for o, detail, status, version, first, last, *counts in rows
    ]
