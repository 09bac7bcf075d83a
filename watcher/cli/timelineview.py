"""What `watcher timeline` prints: entries by day, then who was first and who corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from watcher.cli.common import counted
from watcher.cli.output import BOLD, DIM, GREEN, RED, YELLOW, Page, columns
from watcher.cli.searchview import facts_json, named, window_text

if TYPE_CHECKING:
    from storage.articlefacts import ArticleFacts
    from storage.timeline import Entry, Had, Shared, Timeline
    from watcher.core.firsts import Claim

STYLES = {"unpublished": RED, "unreachable": RED, "restored": GREEN, "moved": YELLOW}
WEIGHTS = {"critical": RED, "notable": YELLOW}
WIDEST = 24
"""Cells for the name of a publisher."""


def timeline_page(found: Timeline, entries: Sequence[Entry]) -> Page:
    """The entries, as they are ordered, under their days."""
    page = Page()
    articles = counted(len(found.articles), "article")
    page.line((BOLD, f"story {found.story}"), f", {articles}; times are UTC")
    rows = [(_window(entry), _who(entry.article), _what(entry)) for entry in entries]
    widths = [max(_cells(row[place]) for row in rows) for place in range(2)]
    day = ""
    for entry, row in zip(entries, rows, strict=True):
        if (today := f"{entry.by.astimezone(UTC):%Y-%m-%d}") != day:
            page.line()
            page.line((BOLD, today))
            day = today
        window, who = (_padded(text, width) for text, width in zip(row, widths, strict=False))
        what = (STYLES.get(entry.happened, ""), row[2])
        weight = (WEIGHTS.get(entry.weight or "", DIM), f"  {entry.weight}" if entry.weight else "")
        if sum(widths) + _cells(row[2] + weight[1]) + 6 <= columns():
            page.line(f"  {window}  {who}  ", what, weight)
        else:
            page.line(f"  {row[0]}  {row[1]}")
            page.line("      ", what, weight)
        _below(page, entry)
    page.line()
    for line in _closing(found, entries):
        page.prose(line)
    return page


def _window(entry: Entry) -> str:
    by = entry.by.astimezone(UTC)
    if entry.after is None:
        return f"by {by:%H:%M:%S}"
    after = entry.after.astimezone(UTC)
    day = "" if after.date() == by.date() else f"{after:%Y-%m-%d} "
    return f"{day}{after:%H:%M:%S}–{by:%H:%M:%S}"


def _who(article: ArticleFacts) -> str:
    from rich.cells import cell_len, set_cell_size

    from watcher.core.text import printable

    name = printable(article.publisher)
    if cell_len(name) > WIDEST:
        name = set_cell_size(name, WIDEST - 1).rstrip() + "…"
    return f"{article.id} {name}"


def _what(entry: Entry) -> str:
    if entry.version is None:
        return entry.happened
    marks = ["first seen"] if entry.kind == "first" else []
    if entry.kind == "metadata":
        marks.append("metadata only")
    if entry.revert_of is not None:
        marks.append(f"revert of {entry.revert_of}")
    return f"version {entry.version}" + (f" ({', '.join(marks)})" if marks else "")


def _below(page: Page, entry: Entry) -> None:
    if entry.version is not None and entry.new_headline:
        page.prose(entry.headline or "(no headline)", indent=6)
    if entry.kind != "first":
        page.prose(entry.sentence, indent=6, style=DIM)
    for shared in entry.shared:
        page.prose(_shared(shared), indent=6, style=DIM)
    if entry.untold is not None:
        page.prose(f"nobody was told: {entry.untold}", indent=6, style=YELLOW)


def _shared(shared: Shared) -> str:
    where = named(shared.article)
    told = []
    if shared.before:
        told.append(f"{counted(shared.before, 'paragraph')} stood in {where} before")
    if shared.unsure:
        told.append(
            f"{counted(shared.unsure, 'paragraph')} that {where} has too; who had"
            f" {'it' if shared.unsure == 1 else 'them'} first cannot be known"
        )
    return "; ".join(told)


def _closing(found: Timeline, entries: Sequence[Entry]) -> Iterable[str]:
    facts = {article.id: article for article in found.articles}
    if found.first is not None:
        claim, overlaps = found.first.claim, found.first.overlaps
        told = f"First seen: {named(facts[claim.article_id])}, {window_text(claim.after, claim.by)}"
        if overlaps:
            others = ", ".join(named(facts[each.article_id]) for each in overlaps)
            told += f"; who was first cannot be known, as {others} may have been there before"
        yield f"{told}."
    yield _those("Corrected", [entry for entry in entries if entry.corrects])
    yield _those("Removed something", [entry for entry in entries if entry.removes])
    for had in found.had:
        yield _had(had)


def _those(what: str, entries: Sequence[Entry]) -> str:
    if not entries:
        return f"{what}: nobody."
    told: dict[str, list[str]] = {}
    for entry in entries:
        which = entry.happened if entry.version is None else str(entry.version)
        told.setdefault(named(entry.article), []).append(which)
    return (
        f"{what}: "
        + "; ".join(
            f"{name}, {'version' if each[0].isdigit() else 'when'} {', '.join(each)}"
            for name, each in told.items()
        )
        + "."
    )


def _had(had: Had) -> str:
    told = []
    if had.first:
        told.append(f"certainly had {counted(had.first, 'shared paragraph')} first")
    if had.unsure:
        told.append(
            f"was seen first with {counted(had.unsure, 'shared paragraph')}, where the windows"
            " overlap"
        )
    return f"{named(had.article)} {' and '.join(told)}."


def timeline_json(found: Timeline, entries: Sequence[Entry]) -> dict[str, Any]:
    """The whole answer, as docs/formats.md has it."""
    first = found.first
    return {
        "story": found.story,
        "articles": [facts_json(article) for article in found.articles],
        "entries": [_entry_json(entry) for entry in entries],
        "first": None
        if first is None
        else {
            **_claim_json(first.claim),
            "certain": first.is_certain,
            "overlaps": [_claim_json(each) for each in first.overlaps],
        },
        "had_first": [
            {"article": had.article.id, "certain": had.first, "unsure": had.unsure}
            for had in found.had
        ],
    }


def _claim_json(claim: Claim) -> dict[str, Any]:
    return {"article": claim.article_id, "after": claim.after, "before": claim.by}


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "happened": entry.happened,
        "article": entry.article.id,
        "publisher": entry.article.publisher,
        "version": entry.version,
        "kind": entry.kind,
        "window": {"after": entry.after, "before": entry.by},
        "headline": entry.headline,
        "sentence": entry.sentence,
        "weight": entry.weight,
        "score": entry.score,
        "revert_of": entry.revert_of,
        "untold": entry.untold,
        "notices": [{"kind": n.kind, "old": n.old, "new": n.new} for n in entry.notices],
        "corrects": entry.corrects,
        "removes": entry.removes,
        "shared": [
            {"article": each.article.id, "before": each.before, "unsure": each.unsure}
            for each in entry.shared
        ],
    }


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _cells(text))


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
