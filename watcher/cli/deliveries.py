"""The commands deliveries list, show and retry: the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from watcher.cli.common import Json, archive, archive_of, configuration, when

if TYPE_CHECKING:
    from storage.archive import Archive
    from storage.digests import DigestMaterial
    from storage.material import Material
    from storage.outbox import AttemptRecord, DeliveryRecord

State = Annotated[
    Literal["pending", "delivered", "dead", "gathered", "suppressed"] | None,
    typer.Option(
        "--state",
        help="Only deliveries in this state, or events that alerts gathered or suppressed.",
    ),
]
Count = Annotated[
    int | None, typer.Option("-n", metavar="N", min=1, help="Only the newest N deliveries.")
]
Id = Annotated[int, typer.Argument(metavar="ID", help="The delivery's number in the list.")]

app = typer.Typer(name="deliveries", invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def deliveries(
    ctx: typer.Context, state: State = None, count: Count = None, json: Json = False
) -> None:
    """List, show and retry what goes to webhooks.

    Without a command it lists, newest first.

    \b
    Examples:
      watcher deliveries --state dead
      watcher deliveries show 12
      watcher deliveries retry 12
    """
    if ctx.invoked_subcommand is None:
        list_deliveries(ctx, state, count, json)
    elif state is not None or count is not None or json:
        from watcher.errors import UsageError

        raise UsageError(f"put the options behind `{ctx.invoked_subcommand}`")


@app.command("list")
def list_deliveries(
    ctx: typer.Context, state: State = None, count: Count = None, json: Json = False
) -> None:
    """List deliveries, newest first.

    What alerts gathered for a digest, or suppressed, is no delivery (yet): it is shown by its
    state, with the alert and the rule that decided.

    \b
    Examples:
      watcher deliveries list --state pending
      watcher deliveries list --state suppressed
    """
    from watcher.cli.output import Page, print_json

    if state in ("gathered", "suppressed"):
        from watcher.cli.decisions import print_decisions

        with archive(ctx) as opened:
            decided = opened.decisions(state, limit=count or -1)
        print_decisions(decided, state, as_json=json)
        return
    with archive(ctx) as opened:
        found = opened.deliveries(state, count or -1)
    if json:
        print_json({"deliveries": [_delivery_json(delivery) for delivery in found]})
        return
    page = Page()
    if found:
        page.table(
            ("ID", "STATE", "WEBHOOK", "EVENT", "ARTICLE", "TRIES", "TIME", "SUMMARY"),
            [_row(delivery) for delivery in found],
        )
    else:
        page.line("No deliveries." if state is None else f"No {state} deliveries.")
    page.show()


@app.command()
def show(ctx: typer.Context, delivery_id: Id, json: Json = False) -> None:
    """Show one delivery with its attempts.

    With --json also the body that is sent.

    \b
    Example:
      watcher deliveries show 12
    """
    from watcher.cli.output import print_json

    with archive(ctx) as opened:
        delivery, attempts = opened.delivery(delivery_id)
        if json:
            print_json(_shown_json(opened, delivery, attempts))
            return
        message = opened.message(delivery.event_id, delivery.endpoint)
    _print_delivery(delivery, attempts, message)


@app.command()
def retry(ctx: typer.Context, delivery_id: Id, json: Json = False) -> None:
    """Make a dead or waiting delivery due now.

    A running daemon sends it within seconds, else the next `watcher poll`.

    \b
    Example:
      watcher deliveries retry 12
    """
    from watcher import app as service
    from watcher.cli.output import print_json, say

    loaded = configuration(ctx)
    # The archive says where the database is missing; opening it for writing would make one.
    archive_of(loaded).close()
    service.retry_delivery(loaded, delivery_id)
    with archive_of(loaded) as opened:
        delivery, _ = opened.delivery(delivery_id)
    if json:
        print_json(_delivery_json(delivery))
        return
    say(f"Delivery {delivery.id} to {delivery.endpoint} is due now.")
    if delivery.endpoint_disabled:
        say(f"It waits until: watcher webhook enable {delivery.endpoint}")


def _row(delivery: DeliveryRecord) -> list[str | tuple[str, str]]:
    from watcher.cli.output import GREEN, RED, YELLOW

    styles = {"delivered": GREEN, "dead": RED, "pending": YELLOW}
    return [
        str(delivery.id),
        (styles[delivery.state], delivery.state),
        delivery.endpoint,
        delivery.event_type,
        "-" if delivery.article_id is None else str(delivery.article_id),
        str(delivery.attempts),
        _time(delivery),
        delivery.summary,
    ]


def _time(delivery: DeliveryRecord) -> str:
    if delivery.endpoint_disabled and delivery.state == "pending":
        return "webhook disabled"
    if delivery.next_attempt_at is not None:
        return f"next {when(delivery.next_attempt_at)}"
    return when(delivery.settled_at or delivery.created_at)


def _print_delivery(
    delivery: DeliveryRecord, attempts: list[AttemptRecord], message: Material | DigestMaterial
) -> None:
    from watcher.cli.decisions import why_lines
    from watcher.cli.output import BOLD, Page

    page = Page()
    page.line((BOLD, f"delivery {delivery.id}"), f"  {delivery.state}")
    page.line(f"    webhook  {delivery.endpoint}{' (disabled)' * delivery.endpoint_disabled}")
    page.line(f"    event    {delivery.event_type}, {delivery.event_id}")
    page.line(f"    of       {when(delivery.created_at)}")
    if delivery.article_id is not None:
        page.line(f"    article  {delivery.article_id}: {delivery.url}")
    page.labelled("    summary  ", delivery.summary)
    why_lines(page, message)
    if delivery.next_attempt_at is not None:
        page.line(f"    next     {when(delivery.next_attempt_at)}")
    for number, attempt in enumerate(attempts, 1):
        page.line(f"    try {number:<4} {when(attempt.at)}: {attempt.detail}")
    page.show()


def _delivery_json(delivery: DeliveryRecord) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "state": delivery.state,
        "webhook": delivery.endpoint,
        "webhook_disabled": delivery.endpoint_disabled,
        "event": {
            "id": delivery.event_id,
            "type": delivery.event_type,
            "created_at": delivery.created_at,
            "summary": delivery.summary,
        },
        "article": None
        if delivery.article_id is None
        else {"id": delivery.article_id, "url": delivery.url},
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at,
        "settled_at": delivery.settled_at,
    }


def _shown_json(
    archive: Archive, delivery: DeliveryRecord, attempts: list[AttemptRecord]
) -> dict[str, Any]:
    from watcher.payload import payload

    return {
        **_delivery_json(delivery),
        "tries": [{"at": a.at, "status": a.status, "detail": a.detail} for a in attempts],
        "body": payload(archive.message(delivery.event_id, delivery.endpoint)),
    }
