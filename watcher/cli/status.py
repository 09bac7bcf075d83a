"""The command status: is everything fine, and if not, what is to be done."""

from __future__ import annotations

import typer

from watcher.cli.common import Json, archive_of, configuration
from watcher.cli.failures import NO


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(status)


def status(ctx: typer.Context, json: Json = False) -> None:
    """Say whether all is fine, and what to do if not.

    It looks at the daemon, the articles and the webhooks.

    Exit status 0 if all is fine, 1 if something needs a person.

    \b
    Example:
      watcher status
    """
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.lockfile import daemon_pid
    from watcher.cli.health import examine, health_json, health_page
    from watcher.cli.output import print_json

    loaded = configuration(ctx)
    with archive_of(loaded) as opened:
        pid = daemon_pid(loaded.settings.database)
        names = [webhook.name for webhook in loaded.settings.webhooks]
        found = examine(opened, names, pid, SystemClock().now())
    if json:
        print_json(health_json(found))
    else:
        health_page(found).show()
    if found.needs_person:
        raise typer.Exit(NO)
