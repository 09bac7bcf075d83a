"""The observation log: every poll's outcome, run-length encoded.

A quiet article costs one row, not one a poll. A run ends when the outcome differs, or when
nobody looked for longer than the decision's `run_gap`: a hole in the log stays visible.
"""

from __future__ import annotations

from collections.abc import Sequence
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
WHERE id = ? AND outcome = ? AND detail = ? AND version_id IS ?
  AND (status IS ? OR outcome = 'unchanged') AND last_at BETWEEN ? AND ?
"""


def observe(
    db: Database, decision: Decision, version_id: int | None, latest_run: int | None
) -> int:
    """Writes one poll's outcome; gives the id of the run it belongs to."""
    at, outcome = to_text(decision.at), decision.outcome.value
    not_modified = int(decision.via is Via.NOT_MODIFIED)
    same_body = int(decision.via is Via.SAME_BODY)
    seen = version_id if decision.outcome.is_content else None
    if latest_run is not None and decision.version is None:
        since = to_text(decision.at - decision.run_gap)
        extended = db.conn.execute(
            _EXTEND,
            (
                at, not_modified, same_body, latest_run, outcome, decision.detail, seen,
                decision.status, since, at,
            ),
        )  # fmt: skip
        if extended.rowcount == 1:
            return latest_run
    # What a new version says is in its own row already.
    detail = decision.detail if decision.version is None else ""
    cursor = db.conn.execute(
        "INSERT INTO observation (article_id, version_id, outcome, detail, status, first_at,"
        " last_at, count, not_modified, same_body) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        (
            decision.article_id, seen, outcome, detail, decision.status, at, at, not_modified,
            same_body,
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def list_runs(db: Database, article_id: int) -> list[Run]:
    """An article's observation log, oldest first."""
    rows = db.conn.execute(
        "SELECT o.outcome, CASE o.outcome WHEN 'new-version' THEN v.summary ELSE o.detail END,"
        " o.status, o.version_id, o.first_at, o.last_at, o.count, o.not_modified, o.same_body"
        " FROM observation o LEFT JOIN version v ON v.id = o.version_id"
        " WHERE o.article_id = ? ORDER BY o.id",
        (article_id,),
    )
    return [
        Run(Outcome(o), detail, status, version, from_text(first), from_text(last), *counts)
        for o, detail, status, version, first, last, *counts in rows
    ]


def failing_since(runs: Sequence[Run]) -> datetime | None:
    """The first of the polls in a row, up to the last, that did not see the article."""
    since: datetime | None = None
    for run in reversed(runs):
        if run.outcome.is_seen:
            break
        since = run.first_at
    return since
