"""Where links lead: each address once, as most stay from version to version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from watcher.core.model import Link, LinkChange


def put_links(db: Database, links: Sequence[Link]) -> str:
    """Stores the addresses; gives the links as the JSON of a version's row."""
    ids = _put(db, [link.url for link in links])
    return _json([_row(link, ids) for link in links])


def read_links(db: Database, stored: str) -> tuple[Link, ...]:
    """The links out of a version's row. An address that is missing is empty."""
    rows = json.loads(stored)
    urls = _read(db, [row[3] for row in rows])
    return tuple(_link(row, urls) for row in rows)


def put_link_changes(db: Database, changes: Sequence[LinkChange]) -> str:
    """Stores the addresses; gives the changes as the JSON of a change's row."""
    sides = [link.url for each in changes for link in (each.old, each.new) if link is not None]
    ids = _put(db, sides)
    return _json(
        [
            [each.words, *(None if link is None else _row(link, ids) for link in _sides(each))]
            for each in changes
        ]
    )


def read_link_changes(db: Database, stored: str) -> tuple[LinkChange, ...]:
    """The changes of links out of a change's row."""
    rows = json.loads(stored)
    urls = _read(db, [side[3] for _, *sides in rows for side in sides if side is not None])
    return tuple(
        LinkChange(words, *(None if side is None else _link(side, urls) for side in sides))
        for words, *sides in rows
    )


def spelled_links(db: Database, stored: str) -> str:
    """The JSON of a version's row with addresses instead of their ids."""
    return _json([[n.paragraph, n.start, n.end, n.url] for n in read_links(db, stored)])


def spelled_link_changes(db: Database, stored: str | None) -> str | None:
    """The JSON of a change's row with addresses instead of their ids, None for no change."""
    if stored is None:
        return None
    return _json(
        [
            [
                each.words,
                *(
                    None if n is None else [n.paragraph, n.start, n.end, n.url]
                    for n in _sides(each)
                ),
            ]
            for each in read_link_changes(db, stored)
        ]
    )


def _sides(change: LinkChange) -> tuple[Link | None, Link | None]:
    return change.old, change.new


def _row(link: Link, ids: dict[str, int]) -> list[int]:
    return [link.paragraph, link.start, link.end, ids[link.url]]


def _link(row: Sequence[int], urls: dict[int, str]) -> Link:
    paragraph, start, end, target = row
    return Link(paragraph, start, end, urls.get(target, ""))


def _put(db: Database, urls: Iterable[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for url in dict.fromkeys(urls):
        db.conn.execute(
            "INSERT INTO link_target (url) VALUES (?) ON CONFLICT (url) DO NOTHING", (url,)
        )
        row = db.conn.execute("SELECT id FROM link_target WHERE url = ?", (url,)).fetchone()
        ids[url] = int(row[0])
    return ids


def _read(db: Database, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    return dict(
        db.conn.execute(
            "SELECT id, url FROM link_target WHERE id IN (SELECT value FROM json_each(?))",
            (_json(ids),),
        ).fetchall()
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
