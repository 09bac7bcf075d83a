"""Commands that look at articles: run (the daemon) and poll (once, now)."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import Json, archive_of, configuration, counted, path_of
from watcher.cli.failures import NOT_DONE, complain

if TYPE_CHECKING:
    from config.load import Loaded
    from watcher.poll import Polled
    from watcher.sources import SourcePolled


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""
    for command in (run, poll):
        app.command()(command)


def run(
    ctx: typer.Context,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log polls that found nothing new as well.")
    ] = False,
) -> None:
    """Run the daemon in the foreground, for systemd or a container.

    It logs JSON lines to standard error, takes up a changed configuration by itself, and drains
    on SIGTERM and Ctrl-C.

    \b
    Example:
      watcher --config /etc/watcher/watcher.toml run
    """
    import asyncio

    from watcher import app

    asyncio.run(app.run_daemon(path_of(ctx), os.environ, verbose=verbose))


def poll(
    ctx: typer.Context,
    articles: Annotated[
        list[str] | None,
        typer.Argument(metavar="ARTICLE…", help="Only these, due or not; else what is due."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every watched article, due or not.")
    ] = False,
    json: Json = False,
) -> None:
    """Poll articles now, once, and print what was found.

    Outcomes that are not "unchanged" are named one by one. Feeds and sitemaps come first, unless
    articles are named. It makes the database if there is none,
    works beside a running daemon, and sends what is due to webhooks unless a daemon does.

    \b
    Example:
      watcher poll --all
    """
    import asyncio

    from watcher import app
    from watcher.cli.output import Progress, print_json, say
    from watcher.cli.sources import look_json, look_line
    from watcher.errors import UsageError

    if articles and everything:
        raise UsageError("name articles or use --all, not both")
    loaded = configuration(ctx, need_secrets=True)
    wanted = _ids(loaded, articles) if articles else None
    progress = Progress("polled")
    done: list[Polled] = []

    def told(polled: Polled) -> None:
        done.append(polled)
        if not json and (line := _line(polled)):
            progress.clear()
            say(line)
        progress.step()

    looks: list[SourcePolled] = []

    def looked(polled: SourcePolled) -> None:
        looks.append(polled)
        if not json and (line := look_line(polled)):
            progress.clear()
            say(line)

    try:
        asyncio.run(app.poll_now(loaded, wanted, everything, told, looked))
    finally:
        progress.clear()
        if json:
            print_json({**_counts(done), "sources": [look_json(each) for each in looks]})
        elif done:
            say(_closing(done))
    if everything:
        with archive_of(loaded) as archive:
            wanted = [article.id for article in archive.articles(removed=False)]
    _say_what_was_left(done, wanted, json)


def _ids(loaded: Loaded, articles: list[str]) -> list[int]:
    from watcher import app

    app.sync(loaded)
    with archive_of(loaded) as archive:
        return list(dict.fromkeys(archive.article(text).id for text in articles))


def _say_what_was_left(done: list[Polled], wanted: list[int] | None, json: bool) -> None:
    from watcher.cli.output import say

    if wanted is None:
        if not done and not json:
            say("Nothing is due now. To poll everything all the same: watcher poll --all")
        return
    missed = set(wanted) - {polled.article.id for polled in done}
    for article_id in sorted(missed):
        complain(
            f"article {article_id} was not polled: another process polls it at this moment, or its"
            " host asked for patience"
        )
    if missed:
        raise typer.Exit(NOT_DONE)


def _line(polled: Polled) -> str | None:
    from watcher.core.model import Outcome
    from watcher.core.text import printable

    decision = polled.decision
    if decision.outcome is Outcome.UNCHANGED and not decision.events:
        return None
    told, name = decision.detail, polled.article.url
    if decision.version is not None:
        number, kind = decision.version.number, decision.version.kind
        told = decision.detail if kind == "first" else f"version {number}: {decision.detail}"
        name = decision.version.snapshot.headline or name
    elif decision.events:
        told = "; ".join(event.summary for event in decision.events)
    return printable(f"{polled.article.id:>4}  {decision.outcome.value:<17}  {told}  ({name})")


def _closing(done: list[Polled]) -> str:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in _outcomes(done).items())
    return f"Polled {counted(len(done), 'article')}: {counts}."


def _outcomes(done: list[Polled]) -> dict[str, int]:
    """How often each outcome came, the most frequent first."""
    counts = Counter(polled.decision.outcome.value for polled in done)
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _counts(done: list[Polled]) -> dict[str, Any]:
    from watcher.core.model import Via

    via = Counter(polled.decision.via for polled in done)
    return {
        "polled": len(done),
        "outcomes": _outcomes(done),
        "via": {each.value: via[each] for each in Via if via[each]},
        "articles": [_article(polled) for polled in done],
    }


def _article(polled: Polled) -> dict[str, Any]:
    decision = polled.decision
    return {
        "id": polled.article.id,
        "url": polled.article.url,
        "story": polled.article.story,
        "at": decision.at,
        "outcome": decision.outcome.value,
        "detail": decision.detail,
        "status": decision.status,
        "via": None if decision.via is None else decision.via.value,
        "version": None if decision.version is None else decision.version.number,
        "events": [
            {"id": event_id, "type": draft.type.value, "summary": draft.summary}
            for draft, event_id in zip(decision.events, polled.events, strict=True)
        ],
        "next_poll_at": decision.next_poll_at,
    }
