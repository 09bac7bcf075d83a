"""What adaptive polling remembers: the rates of articles and hosts, the account of the budget."""

from __future__ import annotations

from sqlite_utils import Database

from watcher.core.schedule.budget import Account
from watcher.core.schedule.following import Following, to_json
from watcher.core.schedule.rate import NO_EVIDENCE
from watcher.core.times import from_text, to_text


def keep_rate(db: Database, article_id: int, following: Following) -> None:
    """Remembers what a poll taught of an article and its host. Inside a write transaction."""
    db.conn.execute(
        "UPDATE schedule SET rate = ?, pressure = ? WHERE article_id = ?",
        (to_json(following.state), following.plan.pressure, article_id),
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


def pressure(db: Database) -> float:
    """The sum of the pressures of all watched articles."""
    row = db.conn.execute("SELECT coalesce(sum(pressure), 0) FROM schedule WHERE watched = 1")
    return float(row.fetchone()[0])


def load_account(db: Database) -> tuple[Account, float | None] | None:
    """The account of the budget with the last price, None before the first daemon."""
    row = db.conn.execute("SELECT began_at, at, owed, usual, places, price FROM budget").fetchone()
    if row is None:
        return None
    account = Account(from_text(row[0]), from_text(row[1]), row[2], row[3], row[4])
    return account, row[5]


def keep_account(db: Database, account: Account, price: float | None) -> None:
    """Remembers the account. Inside a write transaction."""
    db.conn.execute(
        "INSERT INTO budget (id, began_at, at, owed, usual, places, price)"
        " VALUES (1, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET began_at = excluded.began_at,"
        " at = excluded.at, owed = excluded.owed, usual = excluded.usual,"
        " places = excluded.places, price = excluded.price",
        (
            to_text(account.began), to_text(account.at), account.owed, account.usual,
            account.places, price,
        ),
    )  # fmt: skip
