"""The commands alert list and alert test: which webhook gets what, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.common import Article, Json, archive_of, configuration

if TYPE_CHECKING:
    from config.load import Loaded
    from watcher.core.alerts.alert import Audience

Name = Annotated[
    str | None, typer.Option("--alert", metavar="NAME", help="Only what this alert decides.")
]

app = typer.Typer(name="alert", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def alert() -> None:
    """Show what alerts do, and try them on recorded history.

    \b
    Examples:
      watcher alert list
      watcher alert test flood
    """


@app.command("list")
def list_alerts(ctx: typer.Context, json: Json = False) -> None:
    """List the alerts, and what became of events by each.

    \b
    Example:
      watcher alert list
    """
    from watcher.cli.alertview import print_alerts

    loaded = configuration(ctx)
    if not loaded.settings.database.exists():
        # Nothing was polled yet; what alerts do follows from the configuration alone.
        print_alerts(loaded.settings, (), as_json=json)
        return
    with archive_of(loaded) as opened:
        print_alerts(loaded.settings, opened.tallies(), as_json=json)


@app.command()
def test(ctx: typer.Context, article: Article, alert: Name = None, json: Json = False) -> None:
    """Show what would be sent of an article's history, and why.

    Nothing is sent or stored. Every event since the first version is told to the alerts as they
    are configured now, at the time when it happened.

    \b
    Examples:
      watcher alert test flood
      watcher alert test flood --alert tolls
    """
    from watcher.cli.alertview import print_rehearsal
    from watcher.rehearsal import rehearse
    from watcher.service import rulebook_of

    loaded = configuration(ctx)
    audience = _audience(loaded, alert)
    with archive_of(loaded) as opened:
        found = opened.article(article)
        rehearsal = rehearse(opened, found, audience, lambda: rulebook_of(loaded))
    print_rehearsal(found, rehearsal, audience, as_json=json)


def _audience(loaded: Loaded, name: str | None) -> Audience:
    """Everybody, or those whom one alert tells."""
    from dataclasses import replace

    from config.alerts import audience_of
    from watcher.errors import UsageError

    audience = audience_of(loaded.settings)
    if name is None:
        return audience
    chosen = tuple(each for each in audience.alerts if each.name == name)
    if not chosen:
        names = ", ".join(each.name for each in audience.alerts) or "none"
        raise UsageError(f'there is no alert "{name}" in the configuration; it has: {names}')
    return replace(audience, alerts=chosen, stories={})
