"""The command simulate: how soon updates are seen, for a number of requests."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import Json, archive_of, configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from watcher.core.schedule.adaptive import Bounds
    from watcher.core.schedule.budget import Budget
    from watcher.core.schedule.choosers import Adaptive
    from watcher.core.schedule.rate import RateModel
    from watcher.core.schedule.traces import Delays, Replayed, Trace

DAY = 86400.0


class PollingPolicy(StrEnum):
    """How the next poll is chosen."""

    ADAPTIVE = "adaptive"
    FIXED = "fixed"
    AGE_TABLE = "age-table"
    BACKOFF = "backoff"


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command()(simulate)


def simulate(
    ctx: typer.Context,
    requests_per_hour: Annotated[
        float, typer.Option(metavar="N", min=0.01, max=1e9, help="The budget of all articles.")
    ],
    trace: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Recorded update times; may be given again."),
    ] = None,
    from_archive: Annotated[
        bool, typer.Option("--from-archive", help="Take the updates that the archive has seen.")
    ] = False,
    policy: Annotated[
        PollingPolicy, typer.Option(help="What chooses the next poll.")
    ] = PollingPolicy.ADAPTIVE,
    days: Annotated[
        float, typer.Option(metavar="D", min=0.05, max=366, help="How long articles are tracked.")
    ] = 14.0,
    peak: Annotated[
        float,
        typer.Option(metavar="X", min=1, max=1000, help="Times the budget that an hour may see."),
    ] = 1.5,
    json: Json = False,
) -> None:
    """Show how soon a polling policy sees updates, on recorded times.

    All articles begin at once. FILE has a line an article: {"article": NAME, "updates": [ISO
    times]}, the first time being its publication; it may be gzip. Policies without a budget of
    their own are scaled to the same number of requests. With --from-archive the configuration's
    [polling], [model] and weights hold, with --trace those that story watcher comes with.

    \b
    Examples:
      watcher simulate --trace blogs.jsonl --requests-per-hour 200
      watcher simulate --from-archive --policy fixed --requests-per-hour 60
    """
    from watcher.cli.output import Page, print_json
    from watcher.core.schedule.budget import Budget
    from watcher.core.schedule.choosers import Adaptive
    from watcher.core.schedule.traces import by_group, summed_up

    traces, model, bounds = _material(ctx, trace or [], from_archive=from_archive)
    seconds = days * DAY
    budget = Budget(requests_per_hour, peak=peak, period=seconds)
    result = _replayed(traces, policy, budget, lambda: Adaptive(traces, model, budget, bounds))
    whole = summed_up([delay for own in result.delays for delay in own])
    groups = by_group(traces, result.delays)
    most = max((n for hour, n in result.by_hour.items() if hour > 0), default=0)
    allowed = requests_per_hour * days * 24
    report = {
        "policy": policy.value,
        "days": days,
        "articles": len(traces),
        "requests_per_hour": requests_per_hour,
        "requests": result.made,
        "requests_allowed": allowed,
        "most_in_an_hour": most,
        "in_the_first_hour": result.by_hour[0],
        "delay_seconds": delays_json(whole),
        "by_file": {name: delays_json(own) for name, own in groups.items()},
    }
    if json:
        print_json(report)
    else:
        page = Page()
        page.line(f"{len(traces)} articles, {days:g} days, {policy.value}")
        page.line(
            f"{result.made} requests, {result.made / allowed:.1%} of {requests_per_hour:g} an hour;"
            f" at most {most} in an hour after the first, which saw {result.by_hour[0]}"
        )
        page.line()
        head = ("minutes until seen", "updates", "mean", "median", "90 %")
        rows = [("all", whole), *(groups.items() if len(groups) > 1 else ())]
        page.table(head, [_row(name, own) for name, own in rows])
        page.show()


def _row(name: str, delays: Delays) -> tuple[str, ...]:
    figures = (delays.mean, delays.median, delays.ninetieth)
    return (name, str(delays.updates), *(f"{seconds / 60:.2f}" for seconds in figures))


def _material(
    ctx: typer.Context, files: Sequence[Path], *, from_archive: bool
) -> tuple[list[Trace], RateModel, Bounds]:
    """What is replayed, and the model and bounds of adaptive polling that go with it."""
    from config.model import rate_model
    from config.waits import terms_of
    from watcher.adapters.tracefile import read_traces
    from watcher.cli.histories import archived
    from watcher.core.schedule.adaptive import Bounds
    from watcher.core.schedule.fitted import FITTED
    from watcher.errors import UsageError

    if from_archive == bool(files):
        raise UsageError("name either --trace FILE, once or more, or --from-archive")
    model, bounds = FITTED, Bounds(first=600.0, shortest=60.0, longest=6 * 3600.0)
    if not from_archive:
        traces = [trace for path in files for trace in read_traces(path)]
    else:
        loaded = configuration(ctx)
        polling = loaded.settings.polling
        model = rate_model(loaded.settings.model, FITTED)
        bounds = terms_of(polling).bounds(polling.interval.total_seconds())
        with archive_of(loaded) as archive:
            traces = archived(archive, {a.key: a.terms.weight for a in loaded.articles})
    if not traces:
        raise UsageError("there is no article to replay: nothing was recorded there yet")
    return traces, model, bounds


def _replayed(
    traces: Sequence[Trace], policy: PollingPolicy, budget: Budget, adaptive: Callable[[], Adaptive]
) -> Replayed:
    from watcher.core.schedule import choosers
    from watcher.core.schedule.traces import replay

    seconds = budget.period
    wanted = budget.per_second * seconds
    if policy is PollingPolicy.FIXED:
        return replay(traces, choosers.fixed(len(traces) / budget.per_second), seconds)
    if policy is PollingPolicy.AGE_TABLE:
        return choosers.scaled(traces, choosers.age_table, wanted, seconds)
    if policy is PollingPolicy.BACKOFF:
        return choosers.scaled(traces, choosers.backoff, wanted, seconds)
    return replay(traces, adaptive(), seconds)


def delays_json(delays: Delays) -> dict[str, Any]:
    """Delays for programs, in seconds."""
    return {
        "updates": delays.updates,
        "mean": delays.mean,
        "median": delays.median,
        "p90": delays.ninetieth,
    }
