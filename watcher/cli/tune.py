"""The command tune: parameters of adaptive polling from one's own history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import Json, archive_of, configuration, counted, path_of
from watcher.cli.failures import answer_no

if TYPE_CHECKING:
    from config.load import Loaded
    from watcher.core.schedule.tune import Tuned


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(tune)


def tune(
    ctx: typer.Context,
    write: Annotated[
        bool, typer.Option("--write", help="Write them into the configuration.")
    ] = False,
    json: Json = False,
) -> None:
    """Fit adaptive polling to what your own archive has seen.

    Three of four articles are fitted on, the fourth judges: it is said how long its updates
    would have waited, with the parameters in use and with the fitted ones, for the requests of
    the configuration. Exit status 1 if the history is too thin, or nothing gets better.

    \b
    Example:
      watcher tune --write
    """
    from config.edit import write_model
    from config.model import model_lines
    from watcher.cli.output import print_json, say
    from watcher.core.schedule.tune import TooThin

    loaded = configuration(ctx)
    found = _tuned(loaded)
    if isinstance(found, TooThin):
        if json:
            print_json(
                {
                    "fitted": False,
                    "articles": found.articles,
                    "updates": found.updates,
                    "held_out_updates": found.judged,
                    "written": False,
                }
            )
        raise answer_no(found.told())
    lines = model_lines(found.model)
    written = write and found.better
    if written:
        write_model(path_of(ctx), lines)
    if json:
        print_json(_json(found, written=written))
    else:
        _show(found)
    if not found.better:
        raise answer_no("the fitted parameters see updates no sooner: those in use stay")
    if written and not json:
        say(f"Written to {path_of(ctx)}; a running daemon takes that up by itself.")
    elif not json:
        say("\n".join(("To use them, `watcher tune --write`, or paste:", "", "[model]", *lines)))


def _tuned(loaded: Loaded) -> Any:
    from config.model import rate_model
    from config.waits import terms_of
    from watcher.cli.histories import followed
    from watcher.core.schedule.fitted import FITTED
    from watcher.core.schedule.tune import tune as tuned

    settings = loaded.settings
    polling = settings.polling
    with archive_of(loaded) as archive:
        histories = followed(archive)
    at_intervals = sum(3600.0 / a.interval.total_seconds() for a in loaded.articles)
    per_hour = float(polling.requests_per_hour or at_intervals)
    bounds = terms_of(polling).bounds(polling.interval.total_seconds())
    return tuned(histories, rate_model(settings.model, FITTED), per_hour, bounds)


def _show(found: Tuned) -> None:
    from watcher.cli.output import Page

    page = Page()
    page.line(
        f"Fitted on {counted(found.articles, 'article')} with {counted(found.updates, 'update')};"
        f" judged on {counted(found.held_out, 'other')}, at {found.requests_per_hour:g} requests an"
        " hour for all"
    )
    page.line()
    head = ("minutes until seen", "updates", "mean", "median", "90 %")
    rows = [("in use", found.shipped), ("fitted", found.fitted)]
    page.table(
        head,
        [
            (
                name, str(own.updates),
                *(f"{s / 60:.2f}" for s in (own.mean, own.median, own.ninetieth)),
            )
            for name, own in rows
        ],
    )  # fmt: skip
    page.show()


def _json(found: Tuned, *, written: bool) -> dict[str, Any]:
    from watcher.cli.simulate import delays_json

    model = found.model
    return {
        "fitted": True,
        "articles": found.articles,
        "updates": found.updates,
        "held_out": found.held_out,
        "requests_per_hour": found.requests_per_hour,
        "delay_seconds": {
            "in_use": delays_json(found.shipped),
            "fitted": delays_json(found.fitted),
        },
        "better": found.better,
        "model": {
            "excitation": list(model.excitation),
            "publication": list(model.publication),
            "base_per_day": model.base * 86400.0,
        },
        "written": written,
    }
