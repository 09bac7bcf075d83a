"""The command timeline: what happened in a story, over all its articles."""

from __future__ import annotations

from typing import Annotated

import typer

from watcher.cli.common import Json, archive_of, configuration


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(timeline)


def timeline(
    ctx: typer.Context,
    story: Annotated[str, typer.Argument(metavar="STORY", help="The name of a story.")],
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what was seen at that time or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what was seen by that time.")
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", help="The newest first.")] = False,
    json: Json = False,
) -> None:
    """Show all versions and events of a story's articles in time order.

    With each stands when it happened, as far as anyone can know, and what changed. Below stands
    who was seen with the story first, who corrected, who removed, and who had paragraphs first that
    several articles share.

    Exit status 1 if nothing happened in that time.

    \b
    Examples:
      watcher timeline flood
      watcher timeline flood --since 6h --reverse
    """
    from watcher.adapters.clock import SystemClock
    from watcher.cli.failures import answer_no
    from watcher.cli.output import print_json
    from watcher.cli.timelineview import timeline_json, timeline_page
    from watcher.cli.times import moment

    now = SystemClock().now()
    start = None if since is None else moment("--since", since, now)
    end = None if until is None else moment("--until", until, now)
    with archive_of(configuration(ctx)) as opened:
        found = opened.timeline(story)
    entries = [
        entry
        for entry in found.entries
        if (start is None or entry.by >= start) and (end is None or entry.by <= end)
    ]
    if reverse:
        entries.reverse()
    if json:
        print_json(timeline_json(found, entries))
    elif entries:
        timeline_page(found, entries).show()
    if not entries:
        raise answer_no(
            f'nothing of story "{found.story}" has been seen yet: see `watcher status`'
            if not found.entries
            else f'nothing was seen of story "{found.story}" in that time'
        )
