"""The command explain: why an article is treated as it is."""

from __future__ import annotations

import typer

from watcher.cli.common import Article, Json, archive_of, configuration


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(explain)


def explain(ctx: typer.Context, article: Article, json: Json = False) -> None:
    """Say why an article is polled when it is, and how its pages are read.

    When the next poll is and why, what the last polls saw, what is held, what is known as noise or
    as the site's own, the rules of the configuration that hold, and what rule might help.

    \b
    Example:
      watcher explain kyiv
    """
    from watcher.adapters.clock import SystemClock
    from watcher.adapters.page.extractor import EXTRACTOR
    from watcher.cli.explained import examine
    from watcher.cli.explainview import explained_json, explained_page
    from watcher.cli.output import print_json

    loaded = configuration(ctx)
    with archive_of(loaded) as opened:
        found = examine(opened, opened.article(article), loaded, EXTRACTOR, SystemClock().now())
    if json:
        print_json(explained_json(found))
    else:
        explained_page(found).show()
