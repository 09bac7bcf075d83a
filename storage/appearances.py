"""Where each text stood, and how long: what search and timelines ask, kept beside the versions.

An appearance is a stretch of versions of one article that hold a text: it begins with a version
and ends with the first one that lacks the text again, if any. A text that comes back appears
again. All of it follows from the stored versions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlite_utils import Database

from storage.texts import known_id, text_ids

Text = tuple[int, str]
"""The id of a text and its place in an article: text, headline or notice."""

Stretch = tuple[int, str, int, int | None]
"""A text's id and place, the version it came with, and the first that lacks it, if any."""


def follow_texts(db: Database, article_id: int, version_id: int) -> None:
    """Notes which texts came and which went with an article's newest version."""
    text_ids(db, [text for _, text in _beside(db, version_id)])
    now = texts_of(db, version_id)
    open_ = set(
        db.conn.execute(
            "SELECT paragraph_id, place FROM appearance WHERE article_id = ? AND gone_id IS NULL",
            (article_id,),
        )
    )
    db.conn.executemany(
        "UPDATE appearance SET gone_id = ? WHERE paragraph_id = ? AND place = ?"
        " AND article_id = ? AND gone_id IS NULL",
        [(version_id, *gone, article_id) for gone in sorted(open_ - now)],
    )
    _insert(db, article_id, [(*come, version_id, None) for come in sorted(now - open_)])


def renew_appearances(db: Database, article_id: int) -> None:
    """Notes them anew for all versions of an article, whose texts may have been replaced."""
    for version_id in _versions(db, article_id):
        text_ids(db, [text for _, text in _beside(db, version_id)])
    db.conn.execute("DELETE FROM appearance WHERE article_id = ?", (article_id,))
    _insert(db, article_id, sorted(stretches(db, article_id), key=lambda each: each[:3]))


def stretches(db: Database, article_id: int) -> set[Stretch]:
    """What the appearances of an article must be, out of its stored versions."""
    done: set[Stretch] = set()
    since: dict[Text, int] = {}
    for version_id in _versions(db, article_id):
        now = texts_of(db, version_id)
        for gone in since.keys() - now:
            done.add((*gone, since.pop(gone), version_id))
        for text in now - since.keys():
            since[text] = version_id
    return done | {(*text, version_id, None) for text, version_id in since.items()}


def stored_stretches(db: Database, article_id: int) -> set[Stretch]:
    """The appearances of an article as they are stored."""
    rows = db.conn.execute(
        "SELECT paragraph_id, place, version_id, gone_id FROM appearance WHERE article_id = ?",
        (article_id,),
    )
    return {(number, place, version, gone) for number, place, version, gone in rows}


def texts_of(db: Database, version_id: int) -> set[Text]:
    """All stored texts of a version, paragraphs and what stands beside them."""
    found: set[Text] = set()
    for first, count in db.conn.execute(
        "SELECT paragraph_id, count FROM paragraph_run WHERE version_id = ?", (version_id,)
    ):
        found.update((number, "text") for number in range(first, first + count))
    for place, text in _beside(db, version_id):
        number = known_id(db, text)
        if number is not None:
            found.add((number, place))
    return found


def _beside(db: Database, version_id: int) -> list[tuple[str, str]]:
    """The headline, and the notices that are no paragraphs, as (place, text)."""
    headline, notices = db.conn.execute(
        "SELECT headline, notices FROM version WHERE id = ?", (version_id,)
    ).fetchone()
    told = [("notice", text) for _, text, place in json.loads(notices) if place is None]
    return [(place, text) for place, text in [("headline", headline), *told] if text]


def _versions(db: Database, article_id: int) -> Iterator[int]:
    rows = db.conn.execute(
        "SELECT id FROM version WHERE article_id = ? ORDER BY number", (article_id,)
    ).fetchall()
    return (int(number) for (number,) in rows)


def _insert(db: Database, article_id: int, found: list[Stretch]) -> None:
    db.conn.executemany(
        "INSERT INTO appearance (article_id, paragraph_id, place, version_id, gone_id)"
        " VALUES (?, ?, ?, ?, ?)",
        [(article_id, *each) for each in found],
    )
