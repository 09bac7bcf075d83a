"""Views that the tests of the renderings share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from watcher.core.compare import compare
from watcher.core.model import Paragraph, Snapshot
from watcher.render.view import DiffView, Side

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)

HOSTILE = "</p><script>alert(\"x\")</script>\x1b]0;owned\x07\x1b[31m\u202e & <b onclick='y'>"

OLD = [
    "The bridge was closed on Friday.",
    "Advertisement",
    "Twelve boats were waiting in the harbour, officials said, and more were due by night.",
    "The mayor denied that any order had been given to the crews.",
    "A market on the quay will go ahead as planned, its organisers wrote.",
    "彼は東京で記者団に話した。その後、首相官邸に向かい、夕方には会見を開く予定だと述べた。",
    "The first half of it stays here. The second half of it goes over there.",
    "Ferries start at dawn from the north pier.",
    "Trams will turn round at the market square.",
    "Read more",
]
NEW = [
    "A ferry sank near the pier in the early hours.",
    "The bridge was closed on Saturday.",
    "Advertisement",
    "The mayor denied that any order had been given to the crews.",
    "Twelve boats were waiting in the harbour, officials said, and two more were due by night.",
    "彼は大阪で記者団に話した。その後、首相官邸に向かい、夕方には会見を開く予定だと述べた。",
    "The first half of it stays here.",
    "The second half of it goes over there.",
    "Ferries start at dawn from the north pier. Trams will turn round at the market square.",
    "Read more",
]


def snapshot(texts: list[str], **fields: str | None) -> Snapshot:
    paragraphs = tuple(Paragraph("paragraph", text) for text in texts)
    filled: dict[str, str | None] = {
        "byline": None, "published": None, "modified": None, **fields,
    }  # fmt: skip
    headline = filled.pop("headline", None) or "Bridge closed"
    return Snapshot(headline, filled["byline"], filled["published"], filled["modified"], paragraphs)


def view_of(old: Snapshot, new: Snapshot, *, title: str = "", url: str = "") -> DiffView:
    hour = timedelta(hours=1)
    return DiffView(
        title=title or new.headline,
        url=url or "https://news.example/bridge?a=1&b=2",
        before=Side(old, 3, START, START + hour),
        after=Side(new, 4, START + 2 * hour, START + 3 * hour),
        change=compare(old, new),
        article_id=7,
        story="harbour",
    )


def full_view() -> DiffView:
    return view_of(
        snapshot(OLD, headline="Bridge closed", modified="2026-05-01T08:00:00Z"),
        snapshot(NEW, headline="Ferry sinks", modified="2026-05-01T10:00:00Z"),
    )


def hostile_view() -> DiffView:
    return view_of(
        snapshot(["Kept " + HOSTILE, "Gone " + HOSTILE], headline="Old " + HOSTILE),
        snapshot(
            ["Kept " + HOSTILE, "Come quite otherwise, " + HOSTILE],
            headline="New " + HOSTILE,
            byline=HOSTILE,
        ),
        url="javascript:alert(1)//" + HOSTILE,
    )
