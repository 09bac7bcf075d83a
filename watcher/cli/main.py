"""The command `watcher`: its options, its help, and the table of its commands.

Only typer is imported here and in the modules that declare commands: `--help` must come at
once. Whatever a command works with is imported when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from watcher.cli import (
    alert,
    backup,
    deliveries,
    explain,
    findings,
    operate,
    replay,
    reprocess,
    review,
    search,
    setup,
    simulate,
    status,
    timeline,
    tryout,
    tune,
    verify,
    webhook,
)
from watcher.cli.failures import PlainFailures

HELP = """Follows developing news stories: keeps every version, shows what changed, tells you by
signed webhook.

The configuration is FILE of --config, else $WATCHER_CONFIG, else ./watcher.toml.

ARTICLE is an id, a URL, or any part of a headline or URL that only one article has. Versions are
named by number, "first", "latest" or a time. Commands that print data take --json.

\b
Example, a first session:
  watcher init
  watcher add https://news.example/a-developing-story
  watcher poll
  watcher list
  watcher run
"""

EPILOG = (
    "Exit status: 0 fine; 1 the answer is no; 2 wrong use or configuration; 3 it could not be done."
)

app = typer.Typer(
    name="watcher",
    cls=PlainFailures,
    help=HELP,
    epilog=EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from watcher import __version__

        typer.echo(f"watcher {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The configuration file.")
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Keeps what stands before the command for the command."""
    ctx.obj = config


for module in (
    setup, operate, review, findings, search, timeline, explain, status, tryout, simulate, tune,
    reprocess, verify, backup, replay,
):  # fmt: skip
    module.register(app)
app.add_typer(deliveries.app)
app.add_typer(webhook.app)
app.add_typer(alert.app)


def main() -> None:
    """The console script. Leaves with the exit status; never shows a traceback."""
    app(prog_name="watcher")
