"""What can be wrong with an archive as a whole: its pages, its references, its sealed entries."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from storage.faults import Fault
from storage.ledger import seal_of
from storage.texts import paragraph_digest

MOST_NAMED = 20
"""Faults of one kind that are named one by one: a damaged file can have a million."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the ledger: who notes it can prove later what the archive had then."""

    entry: int
    seal: str

    def __str__(self) -> str:
        return f"{self.entry}:{self.seal}"


def check_file(db: Database) -> list[Fault]:
    """Whether SQLite finds its pages and indexes in order."""
    try:
        rows = db.conn.execute(f"PRAGMA integrity_check({MOST_NAMED})").fetchall()
    except sqlite3.DatabaseError as error:
        return [Fault("file", str(error))]
    # Newer SQLites also look into the search index, of which another check says more.
    told = [" ".join(str(row[0]).split()) for row in rows if row[0] != "ok"]
    return [Fault("file", each) for each in told if "FTS5 table main.search" not in each]


def check_references(db: Database) -> list[Fault]:
    """Whether every row that names another one finds it."""
    found = itertools.islice(db.conn.execute("PRAGMA foreign_key_check"), MOST_NAMED)
    return [
        Fault(
            "references",
            f"{'a row' if row is None else f'row {row}'} of table {table} names a missing row of"
            f" table {parent}",
        )
        for table, row, parent, _ in found
    ]


def check_paragraphs(db: Database) -> list[Fault]:
    """Whether every stored text has its own digest."""
    rows = db.conn.execute("SELECT id, digest, text FROM paragraph ORDER BY id")
    wrong = (number for number, digest, text in rows if paragraph_digest(text) != digest)
    return [
        Fault("text", f"paragraph {number} does not match its digest: its text was altered")
        for number in itertools.islice(wrong, MOST_NAMED)
    ]


def check_seals(db: Database, noted: Head | None = None) -> tuple[Head | None, list[Fault]]:
    """The head of the ledger, and where the chain through the whole archive breaks.

    `noted` is a head that somebody wrote down earlier: it must still be there.
    """
    faults = list(itertools.islice(_broken_seals(db), MOST_NAMED))
    last = db.conn.execute("SELECT id, hex(seal) FROM ledger ORDER BY id DESC LIMIT 1").fetchone()
    head = None if last is None else Head(int(last[0]), str(last[1]).lower())
    if noted is not None:
        faults += _lost_head(db, noted, head)
    return head, faults


def _broken_seals(db: Database) -> Iterator[Fault]:
    rows = db.conn.execute(
        "SELECT l.id, l.article_id, l.digest, l.seal, v.number FROM ledger l"
        " LEFT JOIN version v ON v.id = l.version_id ORDER BY l.id"
    )
    number, seal = 0, None
    for entry, article_id, digest, stored, version in rows:
        if entry != number + 1:
            gone = f"{number + 1}" if entry == number + 2 else f"{number + 1} to {entry - 1}"
            yield Fault("ledger", f"entry {gone} of the ledger is missing: versions were removed")
        elif seal_of(seal, digest) != stored:
            yield Fault(
                "ledger",
                f"entry {entry} of the ledger does not continue the one before: one of them was"
                " altered or put there later",
                article_id,
                version,
            )
        number, seal = entry, stored


def _lost_head(db: Database, noted: Head, head: Head | None) -> list[Fault]:
    row = db.conn.execute("SELECT hex(seal) FROM ledger WHERE id = ?", (noted.entry,)).fetchone()
    if row is None:
        has = "has no entry at all" if head is None else f"ends at entry {head.entry}"
        return [Fault("ledger", f"the noted head is entry {noted.entry}, but the ledger {has}")]
    if str(row[0]).lower() != noted.seal:
        return [
            Fault(
                "ledger",
                f"entry {noted.entry} of the ledger is not the noted one: the archive was written"
                " anew up to there",
            )
        ]
    return []
