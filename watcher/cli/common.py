"""What several commands share: options, the configuration, the archive, times in words."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from config.load import Loaded
    from storage.archive import Archive

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Article = Annotated[
    str,
    typer.Argument(metavar="ARTICLE", help="An id, a URL, or any part of a headline or URL."),
]


def path_of(ctx: typer.Context) -> Path:
    """The configuration file this call is about."""
    from watcher import app

    return app.config_path(ctx.obj, os.environ)


def configuration(ctx: typer.Context, *, need_secrets: bool = False) -> Loaded:
    """The configuration. Raises ConfigError naming every fault."""
    from watcher import app

    return app.read_config(path_of(ctx), os.environ, need_secrets=need_secrets)


def archive_of(loaded: Loaded) -> Archive:
    """The archive the configuration names, open for reading."""
    from watcher import api

    return api.open_archive(loaded.settings.database)


def archive(ctx: typer.Context) -> Archive:
    """The archive of this call's configuration, open for reading."""
    return archive_of(configuration(ctx))


def when(time: datetime) -> str:
    """A time for people: UTC, to the second."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def span(start: datetime, end: datetime) -> str:
    """Two times for people; the day is said once if it is the same."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if f"{start:%F %T}" == f"{end:%F %T}":
        return when(start)
    if start.date() == end.date():
        return f"{start:%Y-%m-%d %H:%M:%S}–{end:%H:%M:%S} UTC"
    return f"{start:%Y-%m-%d %H:%M:%S} – {when(end)}"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """`1 poll`, `2 polls`."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
