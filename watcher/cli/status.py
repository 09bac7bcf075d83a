"""The command status: is everything fine, and if not, what is to be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from watcher.cli.common import Json, configuration, path_of
from watcher.cli.failures import NO

if TYPE_CHECKING:
    from config.load import Loaded


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(status)


def status(ctx: typer.Context, json: Json = False) -> None:
    """Say whether all is fine, and what to do if not.

    It looks at the daemon, the disk, the articles and the webhooks.

    Exit status 0 if all is fine, 1 if something needs a person, 2 if the configuration has faults:
    they are named, and the rest is shown all the same.

    \b
    Example:
      watcher status
    """
    from watcher import app
    from watcher.adapters.clock import SystemClock
    from watcher.api import open_archive
    from watcher.cli.health import health_json, health_page
    from watcher.cli.output import print_json
    from watcher.errors import ConfigError
    from watcher.health import examine

    fault: ConfigError | None = None
    loaded: Loaded | None = None
    try:
        loaded = configuration(ctx)
        database = loaded.settings.database
    except ConfigError as error:
        # A daemon goes on with the configuration it has: how it does matters now above all.
        fault, found = error, _database_of(path_of(ctx))
        if found is None:
            raise
        database = found
    with open_archive(database) as opened:
        health = examine(opened, app.surroundings(database, loaded), SystemClock().now())
    if json:
        print_json({**health_json(health), "config_faults": list(fault.faults) if fault else []})
    else:
        health_page(health).show()
    if fault is not None:
        raise fault
    if health.needs_person:
        raise typer.Exit(NO)


def _database_of(path: Path) -> Path | None:
    """The database of a configuration with faults elsewhere; None if that cannot be told."""
    import tomllib

    try:
        with path.open("rb") as file:
            named = tomllib.load(file).get("database", "stories.db")
    except (OSError, ValueError):
        return None
    database = path.resolve().parent / named if isinstance(named, str) else None
    return database if database is not None and database.is_file() else None
