"""The command verify: is the archive what it was written as?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import Json, archive_of, configuration, counted
from watcher.cli.failures import NO

if TYPE_CHECKING:
    from storage.check_file import Head
    from watcher.cli.output import Page
    from watcher.verify import Verified

MOST_LINES = 100
"""Faults printed one by one; --json has them all."""


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(verify)


def verify(
    ctx: typer.Context,
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="ARTICLE…", help="Only these; else all.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not read the stored pages anew.")
    ] = False,
    head: Annotated[
        str | None,
        typer.Option(metavar="HEAD", help="A head noted earlier, which must still be there."),
    ] = None,
    json: Json = False,
) -> None:
    """Check that the archive is whole and unaltered.

    The file and its references; the chain of digests over versions and rebuilt histories; every
    page against its digest; every text, change and event; and that each version reads from its
    page as it is stored, where today's extractor read it. Only reads; a daemon may run meanwhile.

    It prints the head of the chain. Note it elsewhere: with --head it proves later that nothing
    from before was removed or written anew.

    Exit status 1 if anything is wrong.

    \b
    Examples:
      watcher verify
      watcher verify --quick --json
    """
    import asyncio

    from watcher import app
    from watcher.cli.output import Page, Progress, print_json

    noted = None if head is None else _head(head)
    loaded = configuration(ctx)
    with archive_of(loaded) as archive:
        if articles:
            wanted = list(dict.fromkeys(archive.article(text).id for text in articles))
        else:
            wanted = archive.article_ids()
    progress = Progress("verified")
    try:
        found = asyncio.run(
            app.verify_now(loaded, wanted, progress.step, reread=not quick, noted=noted)
        )
    finally:
        progress.clear()
    if json:
        print_json(_json(found))
    else:
        page = Page()
        _lines(page, found, quick=quick)
        page.show()
    if found.faults:
        raise typer.Exit(NO)


def _head(text: str) -> Head:
    import re

    from storage.check_file import Head
    from watcher.errors import UsageError

    match = re.fullmatch(r"([0-9]{1,18}):([0-9a-fA-F]{64})", text.strip())
    if match is None:
        raise UsageError(
            f'"{text}" is no head: it is a number, a colon and 64 hexadecimal digits, as'
            " `watcher verify` prints it"
        )
    return Head(int(match[1]), match[2].lower())


def _lines(page: Page, found: Verified, *, quick: bool) -> None:
    from watcher.cli.output import BOLD, DIM, YELLOW

    first_bad = found.first_bad
    for fault in found.faults[:MOST_LINES]:
        where = "archive" if fault.article_id is None else f"article {fault.article_id}"
        page.line((BOLD, where), f"  {fault.check}: {fault.detail}")
    left = len(found.faults) - MOST_LINES
    if left > 0:
        page.line((DIM, f"and {left} more: watcher verify --json names them all"))
    for article_id, version in first_bad.items():
        if version is not None:
            page.line(f"article {article_id}: the first bad version is {version}")
    for name, count in sorted(found.other_extractors.items()):
        told = "was" if count == 1 else "were"
        page.prose(
            f"{counted(count, 'version')} {told} read by {name}, and cannot be read again without"
            " it; all else of them was checked",
            style=DIM,
        )
    checked = (
        f"{counted(found.versions, 'version')} of {counted(found.articles, 'article')},"
        f" {counted(found.pages, 'page')}"
    )
    reread = "" if quick else f", {found.reread} read anew"
    if found.faults:
        only_search = all(fault.check == "search" for fault in found.faults)
        remedy = "`watcher reindex` mends it" if only_search else "restore a backup that verifies"
        verdict = f"{counted(len(found.faults), 'fault')}; {remedy}"
        page.prose(f"Verified {checked}{reread}: {verdict}.", style=YELLOW)
    else:
        page.prose(f"Verified {checked}{reread}: all is as it was written.")
    if found.head is not None:
        page.line((DIM, f"head {found.head}"))


def _json(found: Verified) -> dict[str, Any]:
    return {
        "sound": not found.faults,
        "articles": found.articles,
        "versions": found.versions,
        "pages": found.pages,
        "reread": found.reread,
        "other_extractors": dict(sorted(found.other_extractors.items())),
        "head": None if found.head is None else str(found.head),
        "first_bad": [
            {"article": article_id, "version": version}
            for article_id, version in found.first_bad.items()
        ],
        "faults": [
            {
                "check": fault.check,
                "article": fault.article_id,
                "version": fault.version,
                "detail": fault.detail,
            }
            for fault in found.faults
        ],
    }
