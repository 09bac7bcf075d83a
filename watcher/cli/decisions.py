"""What alerts gathered and suppressed, and what a digest tells, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage.alerts import DecisionRecord
from storage.digests import DigestMaterial
from storage.material import Material
from watcher.cli.common import when
from watcher.cli.output import DIM, YELLOW, Page, print_json

HEAD = ("STATE", "WEBHOOK", "ALERT", "RULE", "EVENT", "ARTICLE", "TIME", "WHY")


def print_decisions(found: Sequence[DecisionRecord], state: str, *, as_json: bool) -> None:
    """Events that alerts gathered or suppressed, newest first."""
    if as_json:
        print_json({"decisions": [decision_json(each) for each in found]})
        return
    page = Page()
    if found:
        page.table(HEAD, [_row(each) for each in found])
    else:
        page.line(f"No {state} events.")
    page.show()


def _row(each: DecisionRecord) -> list[str | tuple[str, str]]:
    style = YELLOW if each.state == "gathered" else DIM
    due = each.until is not None
    time = f"until {when(each.until)}" if each.until is not None else when(each.decided_at)
    return [
        (style, each.state),
        each.endpoint,
        each.alert,
        each.rule,
        each.event_type,
        str(each.article_id),
        time,
        f"{each.summary}; {each.held if due else each.reason}",
    ]


def decision_json(each: DecisionRecord) -> dict[str, Any]:
    """What an alert decided of an event, for programs."""
    return {
        "state": each.state,
        "webhook": each.endpoint,
        "alert": each.alert,
        "rule": each.rule,
        "reason": each.reason,
        "held": each.held or None,
        "decided_at": each.decided_at,
        "until": each.until,
        "event": {"id": each.event_id, "type": each.event_type, "summary": each.summary},
        "article": {"id": each.article_id, "url": each.url},
    }


def why_lines(page: Page, message: Material | DigestMaterial) -> None:
    """By which alert something is told, and what a digest tells."""
    if message.why is not None:
        page.line(f"    alert    {message.why.alert}: {message.why.reason}")
    if isinstance(message, DigestMaterial):
        for each in message.events:
            page.line(f"    event    {when(each.event.created_at)}  article {each.article.id}")
            page.prose(each.event.summary, indent=13)
