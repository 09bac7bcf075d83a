"""Alerts for people and for programs: what each does, and what it would have made of history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from config.alerts import audience_of
from config.quantities import duration_text
from watcher.cli.common import counted, when
from watcher.cli.output import BOLD, DIM, GREEN, YELLOW, Page, print_json
from watcher.core.alerts.alert import Alert, Audience, State
from watcher.core.alerts.wanted import shown

if TYPE_CHECKING:
    from config.settings import Settings
    from storage.alerts import Tally
    from storage.article_records import ArticleRecord
    from watcher.core.alerts.replay import Message
    from watcher.core.alerts.timing import Routing
    from watcher.rehearsal import Rehearsal, Rehearsed

STYLES: dict[State, str] = {"sent": GREEN, "gathered": YELLOW, "suppressed": DIM}
_LABEL = 10


def print_alerts(settings: Settings, tallies: Sequence[Tally], *, as_json: bool) -> None:
    """The alerts of a configuration, with what they did so far."""
    audience = audience_of(settings)
    if as_json:
        print_json({"alerts": [_alert_json(each, audience, tallies) for each in audience.alerts]})
        return
    page = Page()
    if not audience.alerts:
        page.prose("No alerts: every event goes at once to the webhooks of its story.")
    for number, each in enumerate(audience.alerts):
        if number:
            page.line()
        page.line((BOLD, each.name), f"  to {', '.join(each.endpoints)}")
        _entry(page, "what", _what(each))
        _entry(page, "when", _when(each))
        for endpoint in each.endpoints:
            _entry(page, "so far", _so_far(each, endpoint, tallies))
            for story in audience.listing(each, endpoint):
                told = f"the story {story} names {endpoint} itself: it gets all its events at once"
                _entry(page, "note", told, YELLOW)
    page.show()


def _entry(page: Page, label: str, text: str, style: str = "") -> None:
    """A label and a text beside it, wrapped."""
    from watcher.cli.output import text_width
    from watcher.core.text import printable
    from watcher.render.wrap import wrap

    lines = wrap([(style, printable(text))], text_width() - 4 - _LABEL)
    for number, line in enumerate(lines):
        page.lines.append((("", "    "), (DIM, (label if not number else "").ljust(_LABEL)), *line))


def _what(alert: Alert) -> str:
    """The conditions of an alert."""
    told = []
    if alert.stories:
        told.append(f"story {_any_of(alert.stories)}")
    if alert.publishers:
        told.append(f"publisher {_any_of(alert.publishers)}")
    if alert.events:
        told.append(_any_of([event.value for event in alert.events]))
    if alert.weight != "cosmetic":
        told.append(f"at least {alert.weight}")
    if alert.kinds:
        told.append(_any_of(alert.kinds))
    if alert.added:
        told.append(f"{_any_of([shown(each) for each in alert.added])} in added text")
    if alert.removed:
        told.append(f"{_any_of([shown(each) for each in alert.removed])} in removed text")
    return "; ".join(told) or "every event"


def _any_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _when(alert: Alert) -> str:
    """When what matches is sent."""
    told = []
    if alert.every is not None:
        told.append(f"gathered every {duration_text(alert.every)}")
    if alert.quiet is not None:
        unless = "" if alert.quiet_unless is None else f", save what is {alert.quiet_unless}"
        told.append(f"not in the hours {alert.quiet}{unless}")
    if alert.limit is not None:
        told.append(f"at most {counted(alert.limit, 'message')} in an hour")
    return "; ".join(told) or "at once"


def _so_far(alert: Alert, endpoint: str, tallies: Sequence[Tally]) -> str:
    own = next((t for t in tallies if (t.alert, t.endpoint) == (alert.name, endpoint)), None)
    to = f"{endpoint}: " if len(alert.endpoints) > 1 else ""
    if own is None:
        return f"{to}no event yet"
    due = "" if own.next_at is None else f" (next digest {when(own.next_at)})"
    return f"{to}{own.sent} sent, {own.gathered} gathered{due}, {own.suppressed} suppressed"


def _alert_json(alert: Alert, audience: Audience, tallies: Sequence[Tally]) -> dict[str, Any]:
    quiet = alert.quiet
    return {
        "name": alert.name,
        "webhooks": list(alert.endpoints),
        "stories": list(alert.stories),
        "publishers": list(alert.publishers),
        "weight": alert.weight,
        "kinds": list(alert.kinds),
        "added": list(alert.added),
        "removed": list(alert.removed),
        "events": [event.value for event in alert.events],
        "every": None if alert.every is None else alert.every.total_seconds(),
        "quiet": None if quiet is None else f"{quiet.start:%H:%M}-{quiet.end:%H:%M}",
        "time_zone": None if quiet is None else quiet.zone_name,
        "quiet_unless": alert.quiet_unless,
        "limit": alert.limit,
        "so_far": [
            {
                "webhook": each.endpoint,
                "sent": each.sent,
                "gathered": each.gathered,
                "suppressed": each.suppressed,
                "next_digest_at": each.next_at,
            }
            for each in tallies
            if each.alert == alert.name
        ],
        "named_by_stories": {
            name: list(audience.listing(alert, name)) for name in alert.endpoints
        },
    }  # fmt: skip


def print_rehearsal(
    article: ArticleRecord, found: Rehearsal, audience: Audience, *, as_json: bool
) -> None:
    """What would have become of every event of an article."""
    if as_json:
        print_json(_rehearsal_json(article, found))
        return
    page = Page()
    page.line((BOLD, f"article {article.id}"), f"  {article.headline or article.url}")
    if not found.events:
        page.prose("Nothing happened to it since it was first seen: there is nothing to tell.")
    elif not audience.alerts:
        page.prose("No [[alert]] is configured: every event goes to the webhooks of its story.")
    names = {routing.endpoint for each in found.events for routing in each.routings}
    width = max((len(name) for name in names), default=0)
    for each in found.events:
        _event_lines(page, each, found.digests, width)
    _digest_lines(page, found)
    if found.events:
        page.line()
        page.prose(_totals(found))
        told = (
            "Nothing was sent. Events of other articles are left out here, though they share"
            " digests and limits."
        )
        page.prose(told, style=DIM)
    page.show()


def _event_lines(page: Page, each: Rehearsed, digests: Sequence[Message], width: int) -> None:
    page.line()
    of = "" if each.version is None else f"@{each.version}  "
    page.line(
        (BOLD, when(each.event.created_at)), f"  {of}{each.event.type}, ", (BOLD, each.weight)
    )
    page.prose(each.event.summary, indent=4)
    if not each.routings:
        page.line((DIM, "    nobody is told"))
    for routing in each.routings:
        head = f"    {routing.endpoint.ljust(width)}  "
        _wrapped(page, head, routing, _why(each, routing, digests))


def _wrapped(page: Page, head: str, routing: Routing, text: str) -> None:
    from watcher.cli.output import text_width
    from watcher.core.text import printable
    from watcher.render.wrap import wrap

    state = f"{routing.state:<10}  "
    lines = wrap([("", printable(text))], max(text_width() - len(head) - len(state), 20))
    for number, line in enumerate(lines):
        front = (("", printable(head)), (STYLES[routing.state], state))
        if number:
            front = (("", " " * len(head)), ("", " " * len(state)))
        page.lines.append((*front, *line))


def _why(each: Rehearsed, routing: Routing, digests: Sequence[Message]) -> str:
    by = f"{routing.alert}: " if routing.alert else ""
    if routing.state == "suppressed":
        return routing.reason if routing.reason.startswith(by) else f"{by}{routing.reason}"
    if routing.rule == "named" and routing.alert:
        return f"its story names this webhook; {by}{routing.reason}"
    if routing.state == "sent":
        return f"{by}{routing.reason}"
    told = _digest_of(each, routing, digests)
    then = "" if told is None else f"; digest of {when(told.at)}"
    return f"{by}{routing.reason}; {routing.held}{then}"


def _digest_of(each: Rehearsed, routing: Routing, digests: Sequence[Message]) -> Message | None:
    return next(
        (
            message
            for message in digests
            if message.parcel.endpoint == routing.endpoint
            and each.event.seq in message.parcel.events
        ),
        None,
    )


def _digest_lines(page: Page, found: Rehearsal) -> None:
    if not found.digests:
        return
    page.line()
    page.line((BOLD, "Digests"))
    for message in found.digests:
        parcel = message.parcel
        told = counted(len(parcel.events), "event")
        page.line(f"    {when(message.at)}  {parcel.endpoint}  {told} by {parcel.alert}")
        page.prose(parcel.reason, indent=8)


def _totals(found: Rehearsal) -> str:
    states = [routing.state for each in found.events for routing in each.routings]
    messages = states.count("sent") + len(found.digests)
    told = ", ".join(f"{states.count(state)} {state}" for state in STYLES)
    return f"{counted(len(found.events), 'event')}: {told}; {counted(messages, 'message')} in all."


def _rehearsal_json(article: ArticleRecord, found: Rehearsal) -> dict[str, Any]:
    ids = {each.event.seq: each.event.id for each in found.events}
    return {
        "article": {"id": article.id, "url": article.url, "story": article.story},
        "events": [
            {
                "id": each.event.id,
                "type": each.event.type,
                "at": each.event.created_at,
                "version": each.version,
                "weight": each.weight,
                "text": each.event.summary,
                "decisions": [
                    _routing_json(each, routing, found.digests) for routing in each.routings
                ],
            }
            for each in found.events
        ],
        "digests": [
            {
                "at": message.at,
                "webhook": message.parcel.endpoint,
                "alert": {"name": message.parcel.alert, "reason": message.parcel.reason},
                "part": message.parcel.part,
                "parts": message.parcel.parts,
                "events": [ids[seq] for seq in message.parcel.events],
            }
            for message in found.digests
        ],
    }


def _routing_json(each: Rehearsed, routing: Routing, digests: Sequence[Message]) -> dict[str, Any]:
    told = _digest_of(each, routing, digests)
    return {
        "webhook": routing.endpoint,
        "state": routing.state,
        "alert": routing.alert or None,
        "rule": routing.rule,
        "reason": routing.reason,
        "held": routing.held or None,
        "until": routing.until,
        "digest_at": None if told is None else told.at,
    }
