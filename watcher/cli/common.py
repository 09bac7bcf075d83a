"""What several commands share: options, the configuration, the archive, times in words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from watcher.core.wording import counted as counted
from watcher.core.wording import span as span
from watcher.core.wording import when as when

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
    from watcher import app

    return app.open_archive(loaded)


def archive(ctx: typer.Context) -> Archive:
    """The archive of this call's configuration, open for reading."""
    return archive_of(configuration(ctx))
