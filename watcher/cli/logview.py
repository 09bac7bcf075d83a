"""What `watcher log` prints: an article's history, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from storage.finding_list import Chosen
from watcher.adapters.clock import SystemClock
from watcher.cli.common import counted, span, when
from watcher.cli.listing import article_json, health_of
from watcher.cli.logbook import Appeared, Entry, Gap, NotSeen, Waited, history, patience, windows
from watcher.cli.output import BOLD, DIM, RED, WEIGHT_STYLES, YELLOW, Page, print_json
from watcher.render.jsonform import finding_json

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.article_records import ArticleRecord
    from storage.observations import Run
    from storage.quarantine import QuarantineRecord
    from storage.versions import VersionRecord
    from watcher.core.model import Weight


def print_log(
    archive: Archive,
    article: ArticleRecord,
    count: int | None,
    *,
    learns: bool,
    as_json: bool,
) -> None:
    """Prints an article's versions and what came between them, the newest `count` or all.

    `learns` says that polling is adaptive: then any wait up to the longest is nothing strange.
    """
    versions, runs = archive.versions(article.id), archive.runs(article.id)
    if as_json:
        print_json(_log_json(archive, article, versions, runs, count))
        return
    held = archive.quarantine(article.id)
    longest = archive.state(article.id).terms.longest
    usual = max(article.interval, longest) if learns else article.interval
    entries = history(versions, runs, usual, longest, held)
    page = Page()
    _heading(page, archive, article)
    if runs and article.watched and article.health != "settled":
        last = runs[-1]
        if SystemClock().now() - last.last_at > patience(last, usual, longest):
            since = when(last.last_at)
            told = f"nobody has looked since {since}: see `watcher status`"
            page.prose(told, indent=2, style=RED)
    shown = 0
    for entry in reversed(entries):
        if count is not None and shown == count:
            break
        shown += isinstance(entry, Appeared)
        _entry(page, entry)
    page.show()


def version_json(version: VersionRecord, versions: Sequence[VersionRecord]) -> dict[str, Any]:
    """A version without its text; `window` is null for the first one."""
    window = windows(versions).get(version.number)
    return {
        "number": version.number,
        "kind": version.kind,
        "seen_from": version.seen_from,
        "seen_until": version.seen_until,
        "window": None if window is None else {"after": window[0], "before": window[1]},
        "headline": version.headline,
        "byline": version.byline,
        "published": version.published,
        "modified": version.modified,
        "summary": version.summary,
        "weight": version.weight,
        "score": version.score,
        "sentence": version.sentence,
        "revert_of": version.revert_of,
        "untold": version.untold,
        "extractor": version.extractor,
    }


def _heading(page: Page, archive: Archive, article: ArticleRecord) -> None:
    page.line((BOLD, f"article {article.id}"), f", story {article.story}: {article.url}")
    for url in archive.urls(article.id):
        if url != article.url:
            page.line((DIM, f"  also at {url}"))
    polls = counted(article.polls, "poll")
    at = "" if article.last_at is None else f", the last at {when(article.last_at)}"
    since = article.quiet_since
    quiet = f" since {when(since)}" if since and article.health == "settled" else ""
    told = "settled, quiet" if quiet else health_of(article)
    page.line(f"  {told}{quiet}; {polls}{at}")


def _entry(page: Page, entry: Entry) -> None:
    page.line()
    if isinstance(entry, Gap):
        page.line((YELLOW, f"  nobody looked: {span(entry.after, entry.before)}"))
    elif isinstance(entry, NotSeen):
        run = entry.run
        told = f"{run.outcome.value}: {run.detail}" if run.detail else run.outcome.value
        polls = counted(run.count, "poll")
        page.line((RED, f"  {told}"), f", {polls}, {span(run.first_at, run.last_at)}")
    elif isinstance(entry, Waited):
        _waited(page, entry)
    else:
        _version(page, entry)


def weighed(weight: Weight | None) -> list[tuple[str, str]]:
    """A weight as the end of a heading, in its colour; nothing for None."""
    return [] if weight is None else [("", "  "), (WEIGHT_STYLES[weight], weight)]


def _waited(page: Page, entry: Waited) -> None:
    run, held = entry.run, entry.page
    polls = counted(run.count, "poll")
    page.line((YELLOW, "  held"), f", {polls}, {span(run.first_at, run.last_at)}")
    page.prose(run.detail, indent=4)
    if held is not None:
        page.prose(settled(held), indent=4, style=DIM)


def settled(held: QuarantineRecord) -> str:
    """What became of a held page, in words."""
    if held.state == "confirmed":
        return f"confirmed: it became version {held.version}"
    if held.state == "held":
        return "it waits for the next polls to confirm it"
    return "released: the next look did not show it any more"


def _version(page: Page, entry: Appeared) -> None:
    version, before = entry.version, entry.before
    marks = []
    if version.kind == "metadata":
        marks.append("metadata only")
    if version.revert_of is not None:
        marks.append(f"revert of {version.revert_of}")
    if version.weight is not None:
        marks.insert(0, f"score {version.score:g}")
    page.line(
        (BOLD, f"version {version.number}"),
        *weighed(version.weight),
        f"{', ' if version.weight else '  '}{', '.join(marks)}" if marks else "",
    )
    if before is None:
        page.line(f"    first seen  {when(version.seen_from)}")
    else:
        page.line(f"    changed     after {when(before.seen_until)}")
        page.line(f"                and by {when(version.seen_from)}")
    page.line(f"    seen until  {when(version.seen_until)}")
    page.prose(version.headline or "(no headline)", indent=4)
    if version.sentence:
        page.prose(version.sentence, indent=4)
    if before is not None and version.summary.casefold() != (version.sentence or "").casefold():
        page.prose(version.summary, indent=4, style=DIM)
    if version.untold is not None:
        page.prose(f"nobody was told: {version.untold}", indent=4, style=YELLOW)


def _log_json(
    archive: Archive,
    article: ArticleRecord,
    versions: Sequence[VersionRecord],
    runs: Sequence[Run],
    count: int | None,
) -> dict[str, Any]:
    numbers = {version.id: version.number for version in versions}
    newest = list(reversed(versions))[: count or None]
    findings: dict[int | None, list[dict[str, object]]] = {}
    for each in archive.findings(Chosen(article_id=article.id), whole=True):
        findings.setdefault(each.version, []).append(finding_json(each.finding))
    return {
        "article": {**article_json(article), "urls": archive.urls(article.id)},
        "versions": [
            {**version_json(each, versions), "findings": findings.get(each.number, [])}
            for each in newest
        ],
        "runs": [_run_json(run, numbers) for run in reversed(runs)],
        "quarantine": [quarantine_json(held) for held in reversed(archive.quarantine(article.id))],
        "events": [
            {
                "id": event.id,
                "type": event.type,
                "created_at": event.created_at,
                "version": numbers.get(event.version_id or 0),
                "summary": event.summary,
                "weight": event.weight,
                "score": event.score,
            }
            for event in reversed(archive.events(article.id))
        ],
    }


def quarantine_json(held: QuarantineRecord) -> dict[str, Any]:
    """A held page; `version` is the number of the version it became, null if it did not."""
    return {
        "id": held.id,
        "article": held.article_id,
        "state": held.state,
        "cause": held.cause,
        "reason": held.reason,
        "silent": held.silent,
        "began_at": held.began_at,
        "first_at": held.first_at,
        "last_at": held.last_at,
        "polls": held.count,
        "settled_at": held.settled_at,
        "version": held.version,
        "capture": held.capture_id,
    }


def _run_json(run: Run, numbers: dict[int, int]) -> dict[str, Any]:
    return {
        "outcome": run.outcome.value,
        "detail": run.detail,
        "status": run.status,
        "version": numbers.get(run.version_id or 0),
        "first_at": run.first_at,
        "last_at": run.last_at,
        "polls": run.count,
    }
