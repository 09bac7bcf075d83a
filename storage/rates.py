"""What adaptive polling remembers: the rates of articles and hosts, the account of the budget."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from watcher.core.schedule.budget import Account
from watcher.core.schedule.following import Following, to_bytes
from watcher.core.schedule.rate import NO_EVIDENCE
from watcher.core.times import from_text, to_text


def keep_rate(db: Database, article_id: int, following: Following) -> None:
    """Remembers what a poll taught of an article and its host. Inside a write transaction."""
    db.conn.execute(
        "UPDATE schedule SET rate = ? WHERE article_id = ?",
        (to_bytes(following.state), article_id),
    )
    learned = following.learned
    if learned == NO_EVIDENCE:
        return
    db.conn.execute(
        "INSERT INTO host_rate (host, start_seen, start_expected, steady_seen, steady_expected)"
        " SELECT host, ?, ?, ?, ? FROM schedule WHERE article_id = ?"
        " ON CONFLICT (host) DO UPDATE SET"
        " start_seen = start_seen + excluded.start_seen,"
        " start_expected = start_expected + excluded.start_expected,"
        " steady_seen = steady_seen + excluded.steady_seen,"
        " steady_expected = steady_expected + excluded.steady_expected",
        (
            learned.start_seen, learned.start_expected, learned.steady_seen,
            learned.steady_expected, article_id,
        ),
    )  # fmt: skip
    db.conn.execute(
        "UPDATE host_rate SET start_seen = start_seen * (:m / max(start_expected, :m)),"
        " start_expected = min(start_expected, :m),"
        " steady_seen = steady_seen * (:m / max(steady_expected, :m)),"
        " steady_expected = min(steady_expected, :m)"
        " WHERE host = (SELECT host FROM schedule WHERE article_id = :article)"
        " AND (start_expected > :m OR steady_expected > :m)",
        {"m": following.memory, "article": article_id},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the watched articles ask for.

    `pressure` is the sum of theirs, `at_intervals` the requests an hour if each was polled at its
    interval, `planned` those that their next polls come to. Settled ones ask for nothing. The first
    polls of `never_polled` ones are made beside the budget.
    """

    articles: int
    pressure: float
    at_intervals: float
    planned: float
    never_polled: int


@dataclass(frozen=True, slots=True)
class BudgetRecord:
    """The account of the budget as a daemon left it.

    `price` is that of a request, None if nothing was known; `per_hour` are the requests that may
    be made.
    """

    account: Account
    price: float | None
    per_hour: float


def asked(db: Database) -> Asked:
    """What the watched articles ask for together."""
    row = db.conn.execute(
        "SELECT count(*), coalesce(sum(pressure), 0), coalesce(sum(3600.0 / interval), 0),"
        " coalesce(sum(3600.0 / planned) FILTER (WHERE planned > 0), 0),"
        " coalesce(sum(observation_id IS NULL AND leased_until IS NULL), 0) FROM schedule"
        " WHERE watched = 1 AND health != 'settled'"
    ).fetchone()
    return Asked(*row)


def load_account(db: Database) -> BudgetRecord | None:
    """The account of the budget, None before the first daemon that had one."""
    row = db.conn.execute(
        "SELECT began_at, at, owed, usual, places, price, per_hour FROM budget"
    ).fetchone()
    if row is None:
        return None
    account = Account(from_text(row[0]), from_text(row[1]), row[2], row[3], row[4])
    return BudgetRecord(account, row[5], row[6])


def keep_account(db: Database, account: Account, price: float | None, per_hour: float) -> None:
    """Remembers the account. Inside a write transaction."""
    db.conn.execute(
        "INSERT OR REPLACE INTO budget (id, began_at, at, owed, usual, places, price, per_hour)"
        " VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        (
            to_text(account.began), to_text(account.at), account.owed, account.usual,
            account.places, price, per_hour,
        ),
    )  # fmt: skip
