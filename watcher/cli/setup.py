"""Commands that write and check the configuration: init, check, add, remove."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import Json, archive_of, configuration, counted, path_of
from watcher.cli.failures import NO, WRONG_USE, complain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.load import Loaded


def register(app: typer.Typer) -> None:
    """Adds the commands to the program."""
    for command in (init, check, add, remove):
        app.command()(command)


def init(
    ctx: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="The file, or a folder for it.")
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option(metavar="URL", help="How publishers reach you, mailto:… or https://…"),
    ] = None,
) -> None:
    """Write a new configuration with every key explained.

    An existing file is never overwritten.

    \b
    Example:
      watcher init --contact mailto:desk@example.org
    """
    from config.load import load
    from config.template import template
    from watcher.cli.output import say
    from watcher.errors import UsageError

    target = path or path_of(ctx)
    if target.is_dir():
        target = target / "watcher.toml"
    content = template(contact=contact).encode()
    load(target, {}, need_secrets=False, instead={target: content})
    try:
        # Private from the start: the addresses of webhooks often are secrets.
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        with os.fdopen(os.open(target, flags, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise UsageError(f"{target} exists already and stays as it is: name another") from error
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}; name another file") from error
    say(f"Wrote {target}. Next: watcher add URL")


def check(
    ctx: typer.Context,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the configuration instead.")
    ] = False,
    json: Json = False,
) -> None:
    """Check the configuration; name all its faults at once.

    Secrets are looked up as well. --schema is for editors that complete TOML.

    \b
    Example:
      watcher check
    """
    from config.exposed import exposed_secrets
    from watcher import app
    from watcher.cli.output import print_json
    from watcher.errors import ConfigError

    if schema:
        from config.schema import json_schema

        print_json(json_schema())
        return
    try:
        loaded = configuration(ctx, need_secrets=True)
    except ConfigError as error:
        if not json:
            raise
        print_json({"ok": False, "faults": list(error.faults)})
        raise typer.Exit(WRONG_USE) from error
    exposed = exposed_secrets(loaded)
    if json:
        rules = [
            {"name": each.name, "package": each.package, "kinds": list(each.kinds),
             "fault": each.fault}
            for each in app.added_rules()
        ]  # fmt: skip
        facts = {**_facts(loaded), "rules": rules, "exposed_secrets": list(exposed)}
        print_json({"ok": True, "faults": [], **facts})
    else:
        _say_fine(path_of(ctx), loaded, exposed)


def _say_fine(path: Path, loaded: Loaded, exposed: Sequence[str]) -> None:
    """What a configuration without faults comes to, and what could be better."""
    from watcher import app
    from watcher.cli.output import say

    facts = _facts(loaded)
    stories = counted(facts["stories"], "story", "stories")
    told = [counted(facts["articles"], "article"), stories, counted(facts["webhooks"], "webhook")]
    for kind in ("alert", "feed", "sitemap"):
        if facts[f"{kind}s"]:
            told.append(counted(facts[f"{kind}s"], kind))
    say(f"{path} is fine: {', '.join(told)}.")
    say(f"Database: {facts['database']}")
    for each in app.added_rules():
        if each.fault is None:
            say(f"Rule {each.name} of the package {each.package}: {', '.join(each.kinds)}")
        else:
            why = f"cannot be used ({each.fault}): update or remove the package"
            say(f"The rule {each.name} of the package {each.package} {why}.")
    for line in _overruled(loaded):
        say(line)
    if loaded.settings.http.contact is None:
        say('No "contact" in [http]: publishers cannot reach you. Please set it.')
    for name in exposed:
        say(f"{name[:1].upper()}{name[1:]}: chmod 600 it.")


def _overruled(loaded: Loaded) -> list[str]:
    """Where an alert decides nothing, as the story tells the webhook everything."""
    from config.alerts import audience_of

    audience = audience_of(loaded.settings)
    return [
        f"The story {story} lists the webhook {endpoint} itself: it gets all its events at once,"
        f" whatever the alert {alert.name} says."
        for alert in audience.alerts
        for endpoint in alert.endpoints
        for story in audience.listing(alert, endpoint)
    ]


def _filled(loaded: Loaded) -> set[str]:
    """Stories that have articles or a source; one in which nothing stands yet is none to follow."""
    settings = loaded.settings
    sources = (*settings.feeds, *settings.sitemaps)
    return {each.story for each in loaded.articles} | {each.story for each in sources}


def _facts(loaded: Loaded) -> dict[str, Any]:
    return {
        "database": str(loaded.settings.database),
        "articles": len(loaded.articles),
        "stories": len(_filled(loaded)),
        "webhooks": len(loaded.settings.webhooks),
        "alerts": len(loaded.settings.alerts),
        "feeds": len(loaded.settings.feeds),
        "sitemaps": len(loaded.settings.sitemaps),
    }


def add(
    ctx: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL…", help="The articles' addresses.")],
    story: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The story they belong to; made if it is new."),
    ] = None,
    json: Json = False,
) -> None:
    """Add articles to the configuration.

    Comments and layout stay as they are. An article that is there already, by any spelling of its
    URL, is not added again. Without --story they go to the only story there is.

    \b
    Example:
      watcher add https://news.example/flood --story flood
    """
    from config.edit import add_urls
    from watcher.cli.output import Page, print_json

    result = add_urls(path_of(ctx), urls, story)
    revived = _revive([e.known for e in result.existing], configuration(ctx))
    if json:
        existing = [
            {"url": e.url, "known": e.known, "story": e.story, "where": e.where}
            for e in result.existing
        ]
        print_json(
            {
                "story": result.story,
                "added": list(result.added),
                "existing": existing,
                "revived": revived,
            }
        )
        return
    page = Page()
    for url in result.added:
        page.line(f"Added to {result.story}: {url}")
    for e in result.existing:
        page.line(f"Already in {e.story} ({e.where}): {e.known}")
    if revived:
        page.line(f"Settled before, and polled regularly again: {counted(revived, 'article')}")
    if result.added:
        page.line("A running daemon takes that up by itself; else: watcher poll")
    page.show()


def remove(
    ctx: typer.Context,
    articles: Annotated[
        list[str], typer.Argument(metavar="URL-or-ARTICLE…", help="What is no longer followed.")
    ],
    json: Json = False,
) -> None:
    """Remove articles from the configuration, or end the following of found ones.

    Their versions stay in the archive. Exit status 1 if something was not found; the rest is
    removed all the same.

    \b
    Example:
      watcher remove https://news.example/flood
    """
    from config.edit import remove_urls
    from watcher.cli.output import Page, print_json

    loaded = configuration(ctx)
    wanted = [_configured_url(text, loaded) for text in articles]
    result = remove_urls(path_of(ctx), wanted)
    unfollowed = [each for each in result.unknown if _unfollow(each, loaded)]
    unknown = [each for each in result.unknown if each not in unfollowed]
    if json:
        removed = [{"url": a.url, "story": a.story} for a in result.removed]
        print_json({"removed": removed, "unfollowed": unfollowed, "unknown": unknown})
    else:
        page = Page()
        for article in result.removed:
            page.line(f"Removed from {article.story}: {article.url}")
        for text in unfollowed:
            page.line(f"No longer followed, though a feed or sitemap lists it: {text}")
        page.show()
    for text in unknown:
        complain(f"{text} is not in the configuration: `watcher list` shows what is")
    if unknown:
        raise typer.Exit(NO)


def _revive(urls: list[str], loaded: Loaded) -> int:
    """Takes up again what is settled of these articles; whoever adds one wants it followed."""
    from watcher import app

    return app.revive(loaded, urls) if urls and loaded.settings.database.is_file() else 0


def _unfollow(text: str, loaded: Loaded) -> bool:
    """Ends the following of an article that a feed or sitemap found, if it is one."""
    from watcher import app
    from watcher.errors import StorageError, UsageError

    try:
        with archive_of(loaded) as archive:
            article = archive.article(text)
            found = article.id in archive.found_by()
    except (UsageError, StorageError):
        return False
    return found and app.unfollow(loaded, article.id)


def _configured_url(text: str, loaded: Loaded) -> str:
    """The configured URL meant by a URL, an id or a part of a headline or URL; else the text."""
    from watcher.errors import StorageError, UsageError

    if "://" in text:
        return text
    matching = [a.url for a in loaded.articles if text.casefold() in a.url.casefold()]
    try:
        return _archived_url(text, loaded) or text
    except (UsageError, StorageError):
        # Not polled yet: the configuration itself knows the URL.
        if len(matching) != 1:
            raise
        return matching[0]


def _archived_url(text: str, loaded: Loaded) -> str | None:
    from watcher.core.urls import url_key

    known = {article.key: article.url for article in loaded.articles}
    with archive_of(loaded) as archive:
        urls = archive.urls(archive.article(text).id)
    return next((known[key] for key in map(url_key, urls) if key in known), None)
