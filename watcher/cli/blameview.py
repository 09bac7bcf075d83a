"""What `watcher blame` prints: since when each paragraph stands there, and in these words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from watcher.cli.common import when
from watcher.cli.listing import article_json
from watcher.cli.logbook import windows
from watcher.cli.output import DIM, RED, Page, print_json
from watcher.core.compare import FORM_ALONE

if TYPE_CHECKING:
    from storage.article_records import ArticleRecord
    from storage.blame import Blamed
    from watcher.core.blame import Origin


Step = tuple[int, datetime | None, datetime]
"""A version's number and the window in which it came; nothing is known from before the first."""


def print_blame(article: ArticleRecord, blamed: Blamed, everything: bool, *, as_json: bool) -> None:
    """Prints the paragraphs of the latest version; `everything`: also those that went."""
    if as_json:
        print_json(_json(article, blamed, everything))
        return
    page = Page()
    steps = _steps(blamed)
    page.prose(blamed.latest.headline or "(no headline)")
    page.line((DIM, f"article {article.id}, version {steps[-1][0]}: {article.url}"))
    pairs = zip(blamed.latest.paragraphs, blamed.blame.current, strict=True)
    for number, (paragraph, origin) in enumerate(pairs, 1):
        page.line()
        for note in _notes(origin, steps):
            page.prose(note, indent=5, style=DIM)
        _paragraph(page, f"{number:>3}  ", paragraph.text, "")
    if everything:
        for origin in blamed.blame.gone:
            went = steps[origin.last + 1]
            page.line()
            for note in (*_notes(origin, steps), f"gone in version {_time(went)}"):
                page.prose(note, indent=5, style=DIM)
            _paragraph(page, "  -  ", origin.text, RED)
    page.show()


def _steps(blamed: Blamed) -> list[Step]:
    times = windows(blamed.versions)
    return [(v.number, *times.get(v.number, (None, v.seen_from))) for v in blamed.versions]


def _paragraph(page: Page, lead: str, text: str, style: str) -> None:
    start = len(page.lines)
    page.prose(text, indent=len(lead), style=style)
    if len(page.lines) > start:
        page.lines[start] = (("", lead), *page.lines[start][1:])


def _notes(origin: Origin, steps: Sequence[Step]) -> list[str]:
    """Lines that say when a paragraph appeared, was altered, and was away."""
    notes = [f"appeared in version {_time(steps[origin.appeared])}"]
    if origin.altered != origin.appeared:
        kind = f" ({FORM_ALONE})" if origin.typographic else ""
        notes.append(f"altered in version {_time(steps[origin.altered])}{kind}")
    for gone, back in origin.away:
        notes.append(f"gone in version {_time(steps[gone])}")
        notes.append(f"back in version {_time(steps[back])}")
    return notes


def _time(step: Step) -> str:
    number, after, before = step
    if after is None:
        return f"{number}, first seen {when(before)}"
    return f"{number}, after {when(after)} and by {when(before)}"


def _json(article: ArticleRecord, blamed: Blamed, everything: bool) -> dict[str, Any]:
    steps = _steps(blamed)
    pairs = zip(blamed.latest.paragraphs, blamed.blame.current, strict=True)
    shown: dict[str, Any] = {
        "article": article_json(article),
        "version": steps[-1][0],
        "paragraphs": [
            {"kind": paragraph.kind, **_origin(origin, steps)} for paragraph, origin in pairs
        ],
    }
    if everything:
        shown["gone"] = [
            {**_origin(origin, steps), "gone": _step(steps[origin.last + 1])}
            for origin in blamed.blame.gone
        ]
    return shown


def _origin(origin: Origin, steps: Sequence[Step]) -> dict[str, Any]:
    return {
        "text": origin.text,
        "appeared": _step(steps[origin.appeared]),
        "altered": _step(steps[origin.altered]),
        "typographic": origin.typographic,
        "away": [
            {"gone": _step(steps[gone]), "back": _step(steps[back])} for gone, back in origin.away
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"version": step[0], "after": step[1], "before": step[2]}
