"""The commands webhook test and webhook enable."""

from __future__ import annotations

from typing import Annotated

import typer

from watcher.cli.common import Json, archive_of, configuration
from watcher.cli.failures import NOT_DONE

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of a [[webhook]].")]

app = typer.Typer(name="webhook", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def webhook() -> None:
    """Try a webhook, or take sending to it up again.

    \b
    Examples:
      watcher webhook test desk
      watcher webhook enable desk
    """


@app.command("test")
def send_test(ctx: typer.Context, name: Name, json: Json = False) -> None:
    """Send a signed test message to a webhook.

    Its type is watcher.test. Exit status 3 if the endpoint did not answer 2xx.

    \b
    Example:
      watcher webhook test desk
    """
    import asyncio

    from watcher import app as service
    from watcher.cli.output import Page, print_json

    loaded = configuration(ctx, need_secrets=True)
    tested = asyncio.run(service.webhook_test(loaded, name))
    if json:
        print_json(
            {"webhook": name, "ok": tested.ok, "status": tested.status, "detail": tested.detail}
        )
    else:
        page = Page()
        page.line(f"{name}: {'fine' if tested.ok else 'failed'}, {tested.detail}")
        page.show()
    if not tested.ok:
        raise typer.Exit(NOT_DONE)


@app.command()
def enable(ctx: typer.Context, name: Name, json: Json = False) -> None:
    """Take sending to a disabled webhook up again.

    A webhook that answers 410 is disabled; what is for it waits.

    \b
    Example:
      watcher webhook enable desk
    """
    from watcher import app as service
    from watcher.cli.output import print_json, say

    loaded = configuration(ctx)
    archive_of(loaded).close()
    changed = service.enable_webhook(loaded, name)
    if json:
        print_json({"webhook": name, "enabled": True, "was_disabled": changed})
    else:
        say(f"{name} is enabled." if changed else f"{name} was not disabled.")
