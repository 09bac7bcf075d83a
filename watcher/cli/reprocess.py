"""The command reprocess: history read anew from the stored pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import Json, archive_of, configuration, counted
from watcher.cli.failures import NO

if TYPE_CHECKING:
    from watcher.cli.output import Page
    from watcher.reprocess import Reprocessed


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(reprocess)


def reprocess(
    ctx: typer.Context,
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="ARTICLE…", help="Only these; else all.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the history as it reads today.")
    ] = False,
    json: Json = False,
) -> None:
    """Read every version anew from its stored page, and say what differs from what is stored.

    Useful after an upgrade, or when rules of findings or word lists changed. With --apply, texts,
    changes, findings and summaries are replaced by what follows from today's reading; pages,
    times, numbers of versions and events stay. A daemon may run meanwhile.

    Exit status 1 if something differs, with --apply if some history could not be rebuilt.

    \b
    Examples:
      watcher reprocess
      watcher reprocess kyiv --apply
    """
    import asyncio

    from watcher import app
    from watcher.cli.output import Page, Progress, print_json

    loaded = configuration(ctx)
    with archive_of(loaded) as archive:
        if articles:
            wanted = list(dict.fromkeys(archive.article(text).id for text in articles))
        else:
            wanted = [article.id for article in archive.articles() if article.versions]
    progress = Progress("read anew")
    done: list[Reprocessed] = []

    def told(report: Reprocessed) -> None:
        done.append(report)
        progress.step()

    try:
        asyncio.run(app.reprocess_now(loaded, wanted, told, apply=apply))
    finally:
        progress.clear()
    done.sort(key=lambda report: report.article_id)
    if json:
        print_json(_json(done))
    else:
        page = Page()
        for report in done:
            _lines(page, report)
        page.line(_closing(done, apply=apply))
        page.show()
    if any(
        report.refusal is not None if apply else report.differs or report.refound for report in done
    ):
        raise typer.Exit(NO)


def _lines(page: Page, report: Reprocessed) -> None:
    from watcher.cli.output import BOLD, DIM, YELLOW

    if not (report.differs or report.refound):
        return
    page.line((BOLD, f"article {report.article_id}"), f"  {report.url}")
    for version in report.versions:
        if version.verdict == "same":
            if version.refound:
                page.line(f"    version {version.number} has other findings by today's rules")
            continue
        told = "differs" if version.verdict == "differs" else "cannot be read any more"
        same = f"; reads the same as version {version.number - 1}" if version.joined else ""
        page.prose(f"version {version.number} {told}: {version.detail}{same}", indent=4)
    if report.rebuilt:
        page.line((DIM, "    rebuilt"))
    elif report.renewed:
        page.line((DIM, "    findings renewed"))
    elif report.refusal is not None:
        page.prose(f"not rebuilt: {report.refusal}", indent=4, style=YELLOW)
    page.line()


def _closing(done: list[Reprocessed], *, apply: bool) -> str:
    versions = [version for report in done for version in report.versions]
    differing = sum(version.verdict != "same" for version in versions)
    told = (
        f"Read {counted(len(versions), 'version')} of {counted(len(done), 'article')} anew:"
        f" {differing} {'differs' if differing == 1 else 'differ'}."
    )
    refound = sum(version.refound for version in versions)
    if refound:
        told += f" {counted(refound, 'change has', 'changes have')} other findings today."
    if apply:
        renewed = sum(report.renewed for report in done)
        if renewed:
            told += f" Findings of {counted(renewed, 'history were', 'histories were')} renewed."
        rebuilt = sum(report.rebuilt for report in done)
        return f"{told} {counted(rebuilt, 'history was', 'histories were')} rebuilt."
    return f"{told} To write it so: watcher reprocess --apply" if differing or refound else told


def _json(done: list[Reprocessed]) -> dict[str, Any]:
    return {
        "articles": [
            {
                "id": report.article_id,
                "url": report.url,
                "differs": report.differs,
                "rebuilt": report.rebuilt,
                "renewed": report.renewed,
                "refusal": report.refusal,
                "versions": [
                    {
                        "number": version.number,
                        "verdict": version.verdict,
                        "detail": version.detail,
                        "same_as_before": version.joined,
                        "other_findings": version.refound,
                    }
                    for version in report.versions
                ],
            }
            for report in done
        ]
    }
