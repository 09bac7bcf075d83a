"""The command findings: what changes meant, across the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from watcher.cli.common import Json, archive_of, configuration

if TYPE_CHECKING:
    from storage.finding_list import FindingRecord
    from watcher.cli.output import Page

NEWEST = 50


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(findings)


def findings(
    ctx: typer.Context,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="K", help="Only findings of this kind; may be given several times."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="T", help="Only from this time on: a time, or how long ago, as 7d."),
    ] = None,
    story: Annotated[
        str | None, typer.Option(metavar="S", help="Only of the articles of this story.")
    ] = None,
    article: Annotated[
        str | None, typer.Option(metavar="ARTICLE", help="Only of this article.")
    ] = None,
    weight: Annotated[
        Literal["cosmetic", "routine", "notable", "critical"] | None,
        typer.Option(help="Only of this weight or a heavier one."),
    ] = None,
    count: Annotated[
        int, typer.Option("-n", metavar="N", min=1, help="Only the newest N findings.")
    ] = NEWEST,
    json: Json = False,
) -> None:
    """List what changes meant, newest first: facts that changed, corrections, silent edits.

    docs/findings.md explains the kinds. Exit status 1 if there is none.

    \b
    Examples:
      watcher findings --weight critical --since 7d
      watcher findings --kind stealth-edit --kind correction-added --story flood
    """
    from storage.finding_list import Chosen
    from watcher.adapters.clock import SystemClock
    from watcher.cli.failures import answer_no
    from watcher.cli.output import print_json
    from watcher.cli.times import moment

    loaded = configuration(ctx)
    with archive_of(loaded) as opened:
        wanted = Chosen(
            kinds=_known(kind),
            since=None if since is None else moment("--since", since, SystemClock().now()),
            story=story,
            article_id=None if article is None else opened.article(article).id,
            weight=weight,
        )
        found = opened.findings(wanted, limit=count, whole=json)
    if json:
        print_json({"findings": [_json(each) for each in found]})
    else:
        _print(found)
    if not found:
        raise answer_no("there is no such finding: leave options out, or see `watcher list`")


def _known(kinds: list[str] | None) -> frozenset[str] | None:
    """The kinds that are asked for. Raises UsageError for one that no rule can report."""
    if not kinds:
        return None
    from config.words import nearest
    from watcher import app
    from watcher.errors import UsageError

    known = app.finding_kinds()
    for kind in kinds:
        if kind not in known:
            raise UsageError(f'no rule finds "{kind}"; {nearest(kind, known)}')
    return frozenset(kinds)


def _print(found: list[FindingRecord]) -> None:
    from itertools import groupby

    from watcher.cli.output import Page

    page = Page()
    for place, group in groupby(found, key=_place):
        if page.lines:
            page.line()
        _heading(page, place)
        for each in group:
            _line(page, each)
    page.show()


_Place = tuple[Any, ...]


def _place(each: FindingRecord) -> _Place:
    return each.article_id, each.version, each.event, each.headline, each.after, each.before


def _heading(page: Page, place: _Place) -> None:
    from watcher.cli.common import span, when
    from watcher.cli.output import BOLD, DIM

    article_id, version, event, headline, after, before = place
    about = f"article {article_id}" + ("" if version is None else f", version {version}")
    page.line((BOLD, about), "" if event is None else f", {event}")
    if headline:
        page.prose(headline, indent=2)
    # a window, or the time of a poll that decided: never a moment that nobody saw
    told = f"by {when(before)}" if after is None else span(after, before)
    page.line((DIM, f"  {told}"))


def _line(page: Page, each: FindingRecord) -> None:
    from watcher.cli.output import WEIGHT_STYLES

    finding = each.finding
    page.line("  ", (WEIGHT_STYLES[finding.weight], finding.weight), f"  {finding.kind}")
    page.prose(finding.sentence, indent=4)


def _json(each: FindingRecord) -> dict[str, Any]:
    from watcher.render.jsonform import finding_json

    return {
        "article": {"id": each.article_id, "url": each.url, "story": each.story},
        "headline": each.headline,
        "version": each.version,
        "event": each.event,
        "window": {"after": each.after, "before": each.before},
        **finding_json(each.finding),
    }
