"""The commands search and reindex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from watcher.cli.common import Json, archive_of, configuration, counted

if TYPE_CHECKING:
    from datetime import datetime


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""
    app.command()(search)
    app.command()(reindex)


Story = Annotated[
    str | None, typer.Option("--story", metavar="NAME", help="Only articles of this story.")
]
OnlyArticle = Annotated[
    str | None, typer.Option("--article", metavar="ARTICLE", help="Only this article.")
]
Current = Annotated[
    bool, typer.Option("--current", help="Only what stands in the latest versions.")
]
Gone = Annotated[bool, typer.Option("--gone", help="Only what no longer does.")]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Only what came (with --gone: went) since then."),
]
Limit = Annotated[
    int, typer.Option("--limit", "-n", metavar="N", min=1, max=1000, help="At most N hits.")
]


def search(
    ctx: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT…", help="What to look for.")],
    story: Story = None,
    article: OnlyArticle = None,
    current: Current = False,
    gone: Gone = False,
    since: Since = None,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """Look for words in every version ever seen: paragraphs, headlines and notices.

    Texts must hold all the words. "…" in quotes is a phrase, word* a beginning, NEAR(a b, 5) words
    at most five others apart; OR, NOT and AND in capitals join, parentheses group. Case, accents
    and punctuation do not count.

    Of each hit it says where it stands, in which version and window it came and went, and who had
    it first in the story. The best come first, then the newest.

    Exit status 1 if nothing is found.

    \b
    Examples:
      watcher search quay wall
      watcher search '"two metres" OR evacuat*' --gone --story flood
    """
    from watcher.cli.failures import answer_no
    from watcher.cli.output import print_json
    from watcher.cli.searchview import found_json, found_page
    from watcher.errors import UsageError

    if current and gone:
        raise UsageError("--current and --gone exclude each other: nothing is both")
    wanted = " ".join(text)
    after = None if since is None else _since(since)
    with archive_of(configuration(ctx)) as opened:
        found = opened.search(
            wanted, story=story, article=article, current=current, gone=gone, since=after,
            limit=limit,
        )  # fmt: skip
    if json:
        print_json(found_json(wanted, found))
    elif found.hits:
        found_page(found).show()
    if not found.hits:
        narrowed = current or gone or story or article or since
        where = "none that the options leave" if narrowed else "no version of any article"
        raise answer_no(f"nothing found: {where} says that")


def _since(text: str) -> datetime:
    from watcher.adapters.clock import SystemClock
    from watcher.cli.times import moment

    return moment("--since", text, SystemClock().now())


def reindex(ctx: typer.Context, json: Json = False) -> None:
    """Make the search index anew from the stored texts. Nothing else changes.

    Useful if `watcher verify` finds a fault in it. A daemon may run meanwhile; what it would store
    waits until this is done.

    \b
    Example:
      watcher reindex
    """
    import asyncio

    from watcher import app
    from watcher.cli.output import print_json, say

    done = asyncio.run(app.reindex_now(configuration(ctx)))
    if json:
        print_json(
            {"texts": done.texts, "articles": done.articles, "appearances": done.appearances}
        )
        return
    say(
        f"Made anew: {counted(done.texts, 'text')} of {counted(done.articles, 'article')}, and when"
        " they came and went."
    )
