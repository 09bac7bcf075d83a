"""Commands that read the archive: list, log, show, diff, blame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.common import Article, Json, archive, archive_of, configuration
from watcher.cli.diffs import (
    ExitCode,
    Format,
    OutputFile,
    SideBySide,
    chosen_form,
    leave_if_changed,
    print_diff,
    print_diffs,
)

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.versions import VersionRecord


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""
    app.command("list")(list_articles)
    for command in (log, show, diff, blame):
        app.command()(command)


def list_articles(
    ctx: typer.Context,
    story: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only the articles of this story.")
    ] = None,
    json: Json = False,
) -> None:
    """List the articles with their versions, last change and health.

    A change happened after the first and not later than the second time. Exit status 1 if no
    article matches.

    \b
    Example:
      watcher list --story flood
    """
    from watcher.cli.listing import print_list

    loaded = configuration(ctx)
    with archive_of(loaded) as opened:
        print_list(opened, loaded, story, as_json=json)


def log(
    ctx: typer.Context,
    article: Article,
    count: Annotated[
        int | None, typer.Option("-n", metavar="N", min=1, help="Only the newest N versions.")
    ] = None,
    json: Json = False,
) -> None:
    """Show an article's versions, newest first.

    With each stands what changed. Polls that did not see the article, and times when nobody looked,
    stand between them.

    \b
    Example:
      watcher log flood -n 5
    """
    from watcher.cli.logview import print_log

    loaded = configuration(ctx)
    learns = loaded.settings.polling.mode == "adaptive"
    with archive_of(loaded) as opened:
        print_log(opened, opened.article(article), count, learns=learns, as_json=json)


def show(
    ctx: typer.Context,
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE[@N]", help="N: a number, first, latest (the default), or a time."
        ),
    ],
    json: Json = False,
) -> None:
    """Show one version of an article as text.

    If the last polls did not see the article, a line on standard error says since when, and why.

    \b
    Examples:
      watcher show 3
      watcher show 3@first
      watcher show flood@2026-01-31T08:00Z
    """
    from watcher.cli.common import when
    from watcher.cli.failures import complain
    from watcher.cli.listing import article_json, not_seen_since
    from watcher.cli.logview import version_json
    from watcher.cli.output import in_colour, print_json, show_text, text_width
    from watcher.cli.snapshots import snapshot_json
    from watcher.render.version import version_text

    name, wanted = split_version(article)
    with archive(ctx) as opened:
        found = opened.article(name)
        version = opened.version(found.id, wanted)
        versions = opened.versions(found.id)
        snapshot = opened.snapshot(version.id)
        since = not_seen_since(opened, found)
    if json:
        print_json(
            {
                "article": {**article_json(found), "not_seen_since": since},
                "version": version_json(version, versions),
                **snapshot_json(snapshot),
            }
        )
        return
    show_text(version_text(snapshot, text_width(), colour=in_colour()))
    if since is not None and found.watched and version.number == versions[-1].number:
        told = f"not seen since {when(since)}: {found.last_outcome}: {found.last_detail}"
        complain(f"this is the article as it was seen until {when(version.seen_until)}; {told}")


def diff(
    ctx: typer.Context,
    article: Article,
    versions: Annotated[
        str | None,
        typer.Argument(
            metavar="A..B",
            help="Two versions, each a number, first, latest or a time. B alone: its change. "
            "A..: up to the latest. Without: the last change.",
        ),
    ] = None,
    form: Format = "terminal",
    side_by_side: SideBySide = False,
    each: Annotated[
        bool, typer.Option("--each", help="Every step from A to B instead of the two ends.")
    ] = False,
    output: OutputFile = None,
    exit_code: ExitCode = False,
    json: Json = False,
) -> None:
    """Show what changed between two versions of an article.

    Exit status 1 if there is no change to show, as the article has one version only; with
    --exit-code also if there is one that was shown.

    \b
    Examples:
      watcher diff 3
      watcher diff 3 2..5 --each
      watcher diff flood --side-by-side
      watcher diff flood first.. --format html --output flood.html
    """
    from watcher.views import diff_view

    chosen = chosen_form(form, json, side_by_side=side_by_side, each=each)
    with archive(ctx) as opened:
        found = opened.article(article)
        pair = chosen_pair(opened, found.id, versions)
        ref = opened.ref(found.id)
        steps = opened.steps(*pair) if each else [pair]
        views = [diff_view(ref, opened.pair(old, new)) for old, new in steps]
    if each:
        print_diffs(views, chosen, output)
    else:
        print_diff(views[0], chosen, output)
    if exit_code:
        leave_if_changed(views)


def blame(
    ctx: typer.Context,
    article: Article,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the paragraphs that went, and when.")
    ] = False,
    json: Json = False,
) -> None:
    """Show since when each paragraph stands in an article, and in these words.

    Paragraphs are followed through moves, splits and merges. A window says what anyone can know:
    after when and by when.

    \b
    Examples:
      watcher blame flood
      watcher blame 3 --all
    """
    from watcher.cli.blameview import print_blame

    with archive(ctx) as opened:
        found = opened.article(article)
        blamed = opened.blame(found.id)
    print_blame(found, blamed, everything, as_json=json)


def split_version(text: str) -> tuple[str, str]:
    """ARTICLE[@N] as the article and the version, "" for none. A URL may hold an @ of its own."""
    import re

    found = re.fullmatch(r"(.+)@(first|latest|[0-9]{1,9}|[0-9]{4}-[0-9]{2}-[0-9]{2}\S*)", text)
    return (found[1], found[2]) if found else (text, "")


def chosen_pair(
    archive: Archive, article_id: int, wanted: str | None
) -> tuple[VersionRecord, VersionRecord]:
    """The two versions that `A..B`, `A..`, `..B`, `B` or nothing mean."""
    from watcher.cli.failures import answer_no
    from watcher.errors import UsageError

    first, dots, last = (wanted or "latest").partition("..")
    new = archive.version(article_id, last if dots else first)
    if dots and first:
        old = archive.version(article_id, first)
    elif dots:
        old = archive.version(article_id, "first")
    elif new.number > 1:
        old = archive.version(article_id, str(new.number - 1))
    else:
        raise answer_no(
            f"article {article_id} has nothing before version 1 to compare with:"
            f" `watcher show {article_id}@1` shows it"
        )
    if old.number == new.number:
        raise UsageError(f"both ends mean version {new.number}: name two versions, such as 1..2")
    return old, new
