"""The values of [[alert]]; the parsers are as those of config.values."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from config.words import nearest, shown
from watcher.core.alerts.wanted import MOST_REPEATS, is_pattern
from watcher.core.model import WEIGHTS
from watcher.core.regexes import LONGEST, regex_fault

MOST_MESSAGES = 10_000
_MOST_WORDS = 20

QUIET_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"
KIND_PATTERN = r"^[a-z][a-z0-9-]{0,63}\*?$"
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9+_-]*(/[A-Za-z0-9+_-]+){0,2}")


def weight_name(value: object) -> str:
    """How much a change matters."""
    if isinstance(value, str) and value in WEIGHTS:
        return value
    raise ValueError(f"has an unknown weight {shown(value)}; {nearest(value, WEIGHTS)}")


def kind(value: object) -> str:
    """A kind of finding, or the beginning of several; whether there is such a one is seen later."""
    if isinstance(value, str) and re.match(KIND_PATTERN, value) and value[-1] != "\n":
        return value
    raise ValueError(
        f'must hold kinds of findings such as "number-changed" or "correction-*", but has'
        f" {shown(value)}"
    )


def wanted(value: object) -> str:
    """Words, or a regular expression between slashes."""
    if not isinstance(value, str) or not re.search(r"\w", value) or len(value) > LONGEST:
        raise ValueError(
            f'must hold words in quotes or patterns such as "/drones?/", but has {shown(value)}'
        )
    if not is_pattern(value):
        if len(value.split()) > _MOST_WORDS:
            raise ValueError(f"has {shown(value)}, which is more than {_MOST_WORDS} words")
        return value
    fault = regex_fault(value[1:-1], MOST_REPEATS)
    if fault is not None:
        raise ValueError(f"has {shown(value)}, which {fault}")
    return value


def publisher(value: object) -> str:
    """The name of a publisher, or a host."""
    if isinstance(value, str) and "://" in value:
        raise ValueError(f"must hold names of publishers or hosts, but has the URL {shown(value)}")
    if isinstance(value, str) and value.strip() and len(value) <= LONGEST:
        return value.strip()
    raise ValueError(f"must hold names of publishers in quotes, but has {shown(value)}")


def quiet(value: object) -> tuple[time, time]:
    """From one time of day to another."""
    if isinstance(value, tuple):
        value = quiet_text(value)
    if not isinstance(value, str) or not re.match(QUIET_PATTERN, value) or value[-1] == "\n":
        raise ValueError(f'must be two times of day such as "22:00-07:00", but is {shown(value)}')
    start, _, end = value.partition("-")
    if start == end:
        raise ValueError(
            f"must end at another time than it begins, but is {shown(value)}; to send nothing at"
            " all, name no webhook"
        )
    return time.fromisoformat(start), time.fromisoformat(end)


def quiet_text(hours: tuple[time, time]) -> str:
    """Quiet hours as the configuration writes them."""
    return f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"


def zone(value: object) -> str:
    """The name of a time zone that this system knows."""
    if value == "UTC":
        return "UTC"
    if isinstance(value, str) and _ZONE.fullmatch(value):
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError):
            pass
        else:
            return value
    known = available_timezones()
    if not known:
        raise ValueError(
            f"is {shown(value)}, but this system has no list of time zones; install its package"
            ' tzdata, or use "UTC"'
        )
    raise ValueError(f"has an unknown time zone {shown(value)}; {_nearest_zone(value, known)}")


def _nearest_zone(value: object, known: set[str]) -> str:
    """People write "Berlin" for "Europe/Berlin"."""
    if isinstance(value, str):
        city = value.rpartition("/")[2].replace(" ", "_").casefold()
        same = sorted(n for n in known if n.rpartition("/")[2].casefold() == city and "/" in n)
        if same:
            return nearest(same[0], same[:1])
    told = nearest(value, known)
    return told if told.startswith("did") else 'names are such as "Europe/Berlin"'


def messages(value: object) -> int:
    """A number of messages an hour."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_MESSAGES:
        raise ValueError(f"must be a whole number from 1 to {MOST_MESSAGES}, but is {shown(value)}")
    return value


def _schema(**given: object) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **given})


_WORDS = {"minLength": 1, "maxLength": LONGEST}
WeightName = Annotated[str, PlainValidator(weight_name), _schema(enum=list(WEIGHTS))]
Kind = Annotated[
    str, PlainValidator(kind), _schema(pattern=KIND_PATTERN, examples=["number-changed"])
]
Wanted = Annotated[str, PlainValidator(wanted), _schema(**_WORDS, examples=["/drones?/"])]
Publisher = Annotated[str, PlainValidator(publisher), _schema(**_WORDS, examples=["news.example"])]
QuietTimes = Annotated[
    tuple[time, time],
    PlainValidator(quiet),
    PlainSerializer(quiet_text, return_type=str),
    _schema(pattern=QUIET_PATTERN, examples=["22:00-07:00"]),
]
Zone = Annotated[str, PlainValidator(zone), _schema(minLength=1, examples=["Europe/Berlin"])]
Messages = Annotated[
    int,
    PlainValidator(messages),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_MESSAGES}),
]
