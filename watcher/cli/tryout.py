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
    from watcher.core.model import Extraction

LINKED_NOTE = "text: from the page's JSON-LD alone, as a script shows it on the page"
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
    from watcher.cli.snapshots import extraction_json
    from watcher.render.version import version_text

    # the configuration says how to fetch, and how pages of sites are read
    loaded = _configured(ctx) if "://" in source else None
    (found,) = _read(loaded, source)
    if json:
        print_json(extraction_json(found))
    else:
        note = LINKED_NOTE if found.is_linked else ""
        show_text(version_text(found.snapshot, text_width(), colour=in_colour(), note=note))


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

    If there is a configuration, findings go by its word lists and pages are read as it says;
    rules of installed packages look in any case.

    \b
    Examples:
      watcher compare old.html new.html
      watcher compare old.html https://news.example/flood --format patch
    """
    from watcher.core.compare import compare as compare_texts
    from watcher.errors import UsageError
    from watcher.render.view import DiffView, Side
    from watcher.service import rulebook_of

    chosen = chosen_form(form, json, side_by_side=side_by_side)
    if old == new == "-":
        raise UsageError("standard input can be one of the two pages only")
    loaded = _configured(ctx)
    before, after = (found.snapshot for found in _read(loaded, old, new))
    change = rulebook_of(loaded).find(before, after, compare_texts(before, after))
    title = after.headline or before.headline
    view = DiffView(title, after.url, Side(before), Side(after), change)
    print_diff(view, chosen, output)
    if exit_code:
        leave_if_changed([view])


def _read(loaded: Loaded | None, *sources: str) -> list[Extraction]:
    import asyncio

    from watcher import app

    async def read() -> list[Extraction]:
        return [await app.extract_source(source, loaded) for source in sources]

    return asyncio.run(read())


def _configured(ctx: typer.Context) -> Loaded | None:
    """The configuration, if one is named or there is one where it is looked for."""
    return configuration(ctx) if ctx.obj is not None or path_of(ctx).exists() else None
