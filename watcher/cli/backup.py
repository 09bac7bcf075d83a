"""The command backup: a checked copy of the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from watcher.cli.common import Json, configuration, counted


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(backup)


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    json: Json = False,
) -> None:
    """Copy the archive to FILE, whole and checked, while the daemon runs.

    The copy is one state of the archive, readable by its owner alone, and takes its name only
    once it was found sound. To restore, stop the daemon and put it in the database's place.

    \b
    Example:
      watcher backup /var/backups/stories-2026-01-31.db
    """
    from storage.backup import back_up
    from watcher.cli.output import print_json, say

    database = configuration(ctx).settings.database
    done = back_up(database, file, force=force)
    if json:
        print_json(
            {
                "file": str(done.path),
                "bytes": done.size,
                "articles": done.articles,
                "versions": done.versions,
                "head": None if done.head is None else str(done.head),
            }
        )
        return
    size = f"{done.size / 1_000_000:.1f} MB"
    say(
        f"Wrote {done.path}: {counted(done.versions, 'version')} of"
        f" {counted(done.articles, 'article')}, {size}, checked."
    )
    if done.head is not None:
        say(f"head {done.head}")
