"""Commands that need no archive: extract and compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.common import Json, configuration, path_of
from watcher.cli.diffs import (
    ExitCode,
    Format,
    OutputFile,
    SideBySide,
    chosen_form,
    leave_if_changed,
    print_diff,
)

if TYPE_CHECKING:
    from config.load import Loaded
    from watcher.core.model import Snapshot

SOURCE = "A file with HTML, a URL, or - for standard input."


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""
    for command in (extract, compare):
        app.command()(command)


def extract(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FILE-or-URL", help=SOURCE)],
    json: Json = False,
) -> None:
    """Show what is read as the article in a page. Nothing is stored.

    Exit status 1 if the page is no article.

    \b
    Examples:
      watcher extract https://news.example/flood
      watcher extract page.html --json
    """
    from watcher.cli.output import in_colour, print_json, show_text, text_width
    from watcher.cli.snapshots import snapshot_json
    from watcher.render.version import version_text

    (snapshot,) = _snapshots(ctx, source)
    if json:
        print_json(snapshot_json(snapshot))
    else:
        show_text(version_text(snapshot, text_width(), colour=in_colour()))


def compare(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help=SOURCE)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=SOURCE)],
    form: Format = "terminal",
    side_by_side: SideBySide = False,
    output: OutputFile = None,
    exit_code: ExitCode = False,
    json: Json = False,
) -> None:
    """Show what changed from one page to another. Nothing is stored.

    \b
    Examples:
      watcher compare old.html new.html
      watcher compare old.html https://news.example/flood --format patch
    """
    from watcher import api
    from watcher.errors import UsageError
    from watcher.render.view import DiffView, Side

    chosen = chosen_form(form, json, side_by_side=side_by_side)
    if old == new == "-":
        raise UsageError("standard input can be one of the two pages only")
    before, after = _snapshots(ctx, old, new)
    change = api.compare(before, after)
    title = after.headline or before.headline
    view = DiffView(title, after.url, Side(before), Side(after), change)
    print_diff(view, chosen, output)
    if exit_code:
        leave_if_changed([view])


def _snapshots(ctx: typer.Context, *sources: str) -> list[Snapshot]:
    import asyncio

    from watcher import app

    loaded = _configured(ctx, sources)

    async def read() -> list[Snapshot]:
        return [await app.extract_source(source, loaded) for source in sources]

    return asyncio.run(read())


def _configured(ctx: typer.Context, sources: tuple[str, ...]) -> Loaded | None:
    """The configuration, if a URL is to be fetched and there is one: it says how to fetch."""
    if all("://" not in source for source in sources):
        return None
    return configuration(ctx) if ctx.obj is not None or path_of(ctx).exists() else None
