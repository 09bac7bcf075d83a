"""What the alerts of a configuration must say together with the rest of it, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

from config import settings
from config.document import Document
from config.faults import Faults
from config.words import nearest, quote
from watcher.core.alerts.alert import Alert, Audience
from watcher.core.alerts.matching import is_kind
from watcher.core.alerts.quiet import QuietHours
from watcher.core.findings.kinds import KINDS
from watcher.core.model import EventType, Weight

_LISTED = ("webhooks", "stories", "publishers", "kinds", "added", "removed", "events")
_OF_QUIET = ("time_zone", "quiet_unless")


def check_alerts(
    document: Document,
    webhooks: Collection[str],
    more_kinds: Callable[[], Collection[str]] | None,
    faults: Faults,
) -> None:
    """Each names webhooks, stories and kinds that there are, and says nothing that means nothing.

    `more_kinds` gives the kinds of rules of other packages; it is asked only if it matters. With
    None they are not known, and so no kind counts as unknown.
    """
    stories = [
        name for _, table in document.tables("story") if isinstance(name := table.get("name"), str)
    ]
    for number, table in document.tables("alert"):
        place = ("alert", number)
        label = document.label(place)
        _check_whom(label, place, table, faults)
        for key in ("webhook", "webhooks"):
            _check_known(document, place, table, key, webhooks, faults)
        _check_known(document, place, table, "stories", stories, faults)
        _check_kinds(document, place, table, more_kinds, faults)
        for key in _LISTED:
            if table.get(key) == []:
                told = f'"{key}" in {label} is empty, so that nothing could match; leave it out'
                faults.add((*place, key), told)
        if "quiet" not in table:
            for key in _OF_QUIET:
                if key in table:
                    told = f'"{key}" in {label} means nothing without "quiet"; add that'
                    faults.add((*place, key), told)


def _check_whom(label: str, place: tuple[str, int], table: dict[str, Any], faults: Faults) -> None:
    if "webhook" not in table and "webhooks" not in table:
        faults.add(place, f'{label} names no webhook to tell; add "webhook"')
    if "webhook" in table and "webhooks" in table:
        faults.add(
            (*place, "webhooks"),
            f'{label} has both "webhook" and "webhooks"; put all names into "webhooks"',
        )


def _check_known(
    document: Document,
    place: tuple[str, int],
    table: dict[str, Any],
    key: str,
    known: Collection[str],
    faults: Faults,
) -> None:
    given = table.get(key)
    thing = "story" if key == "stories" else "webhook"
    for at, name in enumerate(given if isinstance(given, list) else [given]):
        if isinstance(name, str) and name not in known:
            told = nearest(name, known) if known else f"no [[{thing}]] is configured"
            label = f'"{key}" in {document.label(place)}'
            where = (*place, key, at) if isinstance(given, list) else (*place, key)
            faults.add(where, f"{label} names an unknown {thing} {quote(name)}; {told}")


def _check_kinds(
    document: Document,
    place: tuple[str, int],
    table: dict[str, Any],
    more_kinds: Callable[[], Collection[str]] | None,
    faults: Faults,
) -> None:
    if more_kinds is None:
        return
    given = table.get("kinds")
    for at, name in enumerate(given if isinstance(given, list) else ()):
        if not isinstance(name, str) or any(is_kind(known, (name,)) for known in KINDS):
            continue
        known = {*KINDS, *more_kinds()}
        if not any(is_kind(each, (name,)) for each in known):
            faults.add(
                (*place, "kinds", at),
                f'"kinds" in {document.label(place)} names an unknown kind of finding'
                f" {quote(name)}; {nearest(name, known)}",
            )


def alerts_of(found: settings.Settings) -> tuple[Alert, ...]:
    """The alerts of settings without faults, in their order."""
    return tuple(_alert(each) for each in found.alerts)


def _alert(each: settings.Alert) -> Alert:
    names = each.webhooks if each.webhook is None else (each.webhook,)
    return Alert(
        name=each.name,
        endpoints=tuple(dict.fromkeys(names or ())),
        stories=each.stories or (),
        publishers=each.publishers or (),
        weight=cast(Weight, each.weight),
        kinds=each.kinds or (),
        added=each.added or (),
        removed=each.removed or (),
        events=each.events or (),
        every=each.every,
        quiet=_quiet(each),
        quiet_unless=cast("Weight | None", each.quiet_unless),
        limit=each.limit,
    )


def _quiet(each: settings.Alert) -> QuietHours | None:
    if each.quiet is None:
        return None
    zone: tzinfo = UTC if each.time_zone == "UTC" else ZoneInfo(each.time_zone)
    return QuietHours(*each.quiet, zone, each.time_zone)


def webhooks_of(story: settings.Story, found: settings.Settings) -> tuple[str, ...]:
    """The webhooks that a story tells everything, at once.

    Without a list of its own these are all but those of which an alert says what they get.
    """
    if story.webhooks is not None:
        return tuple(dict.fromkeys(story.webhooks))
    alerted = {name for alert in alerts_of(found) for name in alert.endpoints}
    return tuple(webhook.name for webhook in found.webhooks if webhook.name not in alerted)


def audience_of(found: settings.Settings) -> Audience:
    """Who may be told what, of settings without faults."""
    return Audience(
        endpoints={
            webhook.name: frozenset(EventType if webhook.events is None else webhook.events)
            for webhook in found.webhooks
        },
        stories={story.name: webhooks_of(story, found) for story in found.stories},
        alerts=alerts_of(found),
    )
