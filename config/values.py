"""The values a configuration is made of: how each is written, and what it means.

Every parser takes what TOML gave, or the finished value, and gives the finished value. It raises
ValueError with the rest of a sentence ("must be …"), never quoting what may be a secret.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema

from config.quantities import (
    DURATION_PATTERN,
    QUIET_PATTERN,
    SIZE_PATTERN,
    SPACE_PATTERN,
    delay,
    duration,
    duration_text,
    quiet,
    quiet_text,
    size,
    space,
)
from config.words import nearest, quote, shown
from watcher.core.model import EventType
from watcher.core.regexes import LONGEST as REGEX_LENGTH
from watcher.core.regexes import regex_fault
from watcher.core.schedule.fit import LENGTHS
from watcher.core.selectors import LONGEST as SELECTOR_LENGTH
from watcher.core.selectors import xpath_of
from watcher.core.urls import host_of, url_fault

MOST_CONNECTIONS = 64
MOST_HOURLY = 10_000_000
MOST_WEIGHT = 100
MOST_UPDATES = 1000

LISTEN_PATTERN = r"^([0-9.]{7,15}|\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):[0-9]{1,5}$"
NAME_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
HOST_PATTERN = r"^[^\s/:@?#\[\]\\]{1,253}$"
REFERENCE_PATTERN = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def connections(value: object) -> int:
    """How many requests at once: 1 to 64."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_CONNECTIONS:
        raise ValueError(
            f"must be a whole number from 1 to {MOST_CONNECTIONS}, but is {shown(value)}"
        )
    return value


def switch(value: object) -> bool:
    """Yes or no."""
    if isinstance(value, bool):
        return value
    raise ValueError(f"must be true or false, without quotes, but is {shown(value)}")


def mode(value: object) -> str:
    """The polling mode."""
    if value in ("adaptive", "fixed"):
        return str(value)
    raise ValueError(f'must be "adaptive" or "fixed", but is {shown(value)}')


def hourly(value: object) -> int:
    """A number of requests an hour."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_HOURLY:
        raise ValueError(f"must be a whole number from 1 to {MOST_HOURLY}, but is {shown(value)}")
    return value


def amount(value: object) -> float:
    """A number of updates: more than 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"must be a number, but is {shown(value)}")
    if not 0.0 < value <= MOST_UPDATES:
        raise ValueError(f"must be more than 0 and at most {MOST_UPDATES}, but is {shown(value)}")
    return float(value)


def amounts(value: object) -> tuple[float, ...]:
    """A number of updates for each length of time that the model knows."""
    if not isinstance(value, (list, tuple)) or len(value) != len(LENGTHS):
        raise ValueError(f"must be a list of {len(LENGTHS)} numbers, but is {shown(value)}")
    return tuple(amount(each) for each in value)


def weight(value: object) -> float:
    """How much something matters, compared with what is usual."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"must be a number, but is {shown(value)}")
    if not 0.01 <= value <= MOST_WEIGHT:
        raise ValueError(f"must be a number from 0.01 to {MOST_WEIGHT}, but is {shown(value)}")
    return float(value)


def name(value: object) -> str:
    """The name of a story or webhook."""
    if isinstance(value, str) and re.match(NAME_PATTERN, value) and value[-1] != "\n":
        return value
    raise ValueError(
        "must be a name of up to 64 characters from a-z, 0-9, dot, dash and underscore that "
        f"begins with a letter or digit, but is {shown(value)}"
    )


def page_url(value: object) -> str:
    """The URL of an article. A URL with a password is not quoted in the fault."""
    if not isinstance(value, str):
        raise ValueError(f"must be a URL in quotes, but is {shown(value)}")
    fault = url_fault(value)
    if fault is not None:
        told = "" if "@" in value else f" {quote(value)}"
        raise ValueError(f"has an unusable URL{told}: it {fault}")
    return value


def endpoint_url(value: object) -> str:
    """The URL of a webhook: never quoted, as such URLs often are secrets themselves."""
    if not isinstance(value, str):
        raise ValueError("must be a URL in quotes")
    fault = url_fault(value)
    if fault is not None:
        raise ValueError(f"is no usable URL: it {fault}")
    return value


def secret_reference(value: object) -> str:
    """Where a secret is found. The value is never quoted: it may be the secret itself."""
    if isinstance(value, str) and re.match(REFERENCE_PATTERN, value) and value.isprintable():
        return value
    raise ValueError(
        'must say where the secret is found, "env:NAME" or "file:PATH"; '
        "the secret itself does not belong in this file"
    )


def event_type(value: object) -> EventType:
    """What a webhook can be told."""
    known = [event.value for event in EventType]
    if value in known:
        return EventType(value)
    raise ValueError(f"has an unknown event {shown(value)}; {nearest(value, known)}")


def contact(value: object) -> str:
    """How publishers reach the operator, as a mailto: or http(s) URL; a bare address is mail."""
    if isinstance(value, str):
        if _EMAIL.fullmatch(value.removeprefix("mailto:")):
            return "mailto:" + value.removeprefix("mailto:")
        # It goes into a comment of a header, where these characters have a meaning.
        if value.isascii() and not set(value) & set("()\\") and url_fault(value) is None:
            return value
    raise ValueError(
        'must be a mail address such as "mailto:desk@example.org" or an http(s) URL, '
        f"but is {shown(value)}"
    )


def reference(value: object) -> str:
    """The name of something defined elsewhere in the file."""
    if isinstance(value, str):
        return value
    raise ValueError(f"must be a list of names in quotes, but holds {shown(value)}")


def host(value: object) -> str:
    """The name of a host, given back as URLs are compared by it: in lower case and ASCII."""
    if isinstance(value, str) and re.match(HOST_PATTERN, value) and value[-1] != "\n":
        try:
            return host_of(f"http://{value}/")
        except ValueError:
            pass
    raise ValueError(
        'must be the name of a host such as "news.example", without scheme, port or path, '
        f"but is {shown(value)}"
    )


def selector(value: object) -> str:
    """A CSS selector."""
    if not isinstance(value, str):
        raise ValueError(f"must hold CSS selectors in quotes, but has {shown(value)}")
    try:
        xpath_of(value)
    except ValueError as error:
        raise ValueError(f"has {shown(value)}, which {error}") from None
    return value


def text_pattern(value: object) -> str:
    """A regular expression for texts of pages."""
    if not isinstance(value, str):
        raise ValueError(f"must hold regular expressions in quotes, but has {shown(value)}")
    fault = regex_fault(value)
    if fault is not None:
        raise ValueError(f"has {shown(value)}, which {fault}")
    return value


def listen(value: object) -> tuple[str, int]:
    """Where monitoring may ask: an address of this machine's loopback, and a port."""
    if isinstance(value, tuple):
        value = f"[{value[0]}]:{value[1]}" if ":" in value[0] else f"{value[0]}:{value[1]}"
    if not isinstance(value, str) or not re.match(LISTEN_PATTERN, value) or value[-1] == "\n":
        raise ValueError(
            f'must be an address and a port such as "127.0.0.1:9464" or "[::1]:9464", but is'
            f" {shown(value)}"
        )
    where, _, port = value.rpartition(":")
    try:
        address = ipaddress.ip_address(where.strip("[]"))
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise ValueError(
            f'must be on loopback, such as "127.0.0.1:{port}", but is {shown(value)}: what it tells'
            " is for this machine alone; to reach it from elsewhere, put a proxy with a login"
            " before it"
        )
    if not 1 <= int(port) <= 65535:
        raise ValueError(f"must have a port from 1 to 65535, but is {shown(value)}")
    return str(address), int(port)


def listen_text(where: tuple[str, int]) -> str:
    """An address and a port as the configuration writes them."""
    host, port = where
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def phrase(value: object) -> str:
    """A phrase to look for: one word or several."""
    if not isinstance(value, str) or not re.search(r"\w", value) or len(value) > REGEX_LENGTH:
        raise ValueError(
            f"must hold phrases of one or more words in quotes, but has {shown(value)}"
        )
    return value


def network(value: object) -> IPv4Network | IPv6Network:
    """A range of addresses."""
    if isinstance(value, (IPv4Network, IPv6Network)):
        return value
    try:
        if isinstance(value, str):
            return ipaddress.ip_network(value)
    except ValueError:
        pass
    raise ValueError(f"must hold ranges such as {_network_hint(value)}, but has {shown(value)}")


def _network_hint(value: object) -> str:
    try:
        # Host bits set is the usual slip: show the range that was meant.
        if isinstance(value, str):
            return f'"{ipaddress.ip_network(value, strict=False)}"'
    except ValueError:
        pass
    return '"127.0.0.1/32" or "fd00::/8"'


def plain_path(value: object) -> Path:
    """The path of a file as it is written, absolute or relative."""
    if not isinstance(value, (str, Path)) or not str(value) or not str(value).isprintable():
        raise ValueError(f"must be the path of a file in quotes, but is {shown(value)}")
    if str(value).startswith("~"):
        raise ValueError("must be written out in full: ~ is not expanded here")
    if str(value).endswith("/") or Path(value).name in ("", ".."):
        raise ValueError(f"must be a file, but {shown(value)} is a folder")
    return Path(value)


def file_path(value: object, info: ValidationInfo) -> Path:
    """A file, relative to the folder given as context; without context it must be absolute."""
    path = plain_path(value)
    folder: Path | None = (info.context or {}).get("folder")
    if folder is not None:
        path = folder / path
    if not path.is_absolute():
        raise ValueError("must be an absolute path")
    return path


def _written(pattern: str, example: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "examples": [example]}


def _listed(longest: int, example: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "examples": [example]}


_TO_TEXT = PlainSerializer(duration_text, return_type=str)
_URL_SCHEMA = {"type": "string", "format": "uri", "pattern": "^[hH][tT][tT][pP][sS]?://"}
_SIZE_SCHEMA = {"anyOf": [_written(SIZE_PATTERN, "10MB"), {"type": "integer", "minimum": 1}]}
_SPACE_SCHEMA = {"anyOf": [_written(SPACE_PATTERN, "500MB"), {"type": "integer", "minimum": 0}]}
_COUNT_SCHEMA = {"type": "integer", "minimum": 1, "maximum": MOST_CONNECTIONS}

Duration = Annotated[
    timedelta, PlainValidator(duration), _TO_TEXT, WithJsonSchema(_written(DURATION_PATTERN, "10m"))
]
Delay = Annotated[
    timedelta, PlainValidator(delay), _TO_TEXT, WithJsonSchema(_written(DURATION_PATTERN, "1s"))
]
Quiet = Annotated[
    timedelta,
    PlainValidator(quiet),
    PlainSerializer(quiet_text, return_type=str),
    WithJsonSchema(_written(QUIET_PATTERN, "14d")),
]
Size = Annotated[int, PlainValidator(size), WithJsonSchema(_SIZE_SCHEMA)]
Space = Annotated[int, PlainValidator(space), WithJsonSchema(_SPACE_SCHEMA)]
Switch = Annotated[bool, PlainValidator(switch), WithJsonSchema({"type": "boolean"})]
Connections = Annotated[int, PlainValidator(connections), WithJsonSchema(_COUNT_SCHEMA)]
Hourly = Annotated[
    int,
    PlainValidator(hourly),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_HOURLY}),
]
_AMOUNT_SCHEMA = {"type": "number", "exclusiveMinimum": 0, "maximum": MOST_UPDATES}
Amount = Annotated[float, PlainValidator(amount), WithJsonSchema(_AMOUNT_SCHEMA)]
Amounts = Annotated[
    tuple[float, ...],
    PlainValidator(amounts),
    WithJsonSchema(
        {
            "type": "array",
            "items": _AMOUNT_SCHEMA,
            "minItems": len(LENGTHS),
            "maxItems": len(LENGTHS),
        }
    ),
]
Weight = Annotated[
    float,
    PlainValidator(weight),
    WithJsonSchema({"type": "number", "minimum": 0.01, "maximum": MOST_WEIGHT}),
]
Name = Annotated[str, PlainValidator(name), WithJsonSchema(_written(NAME_PATTERN, "desk"))]
Reference = Annotated[
    str, PlainValidator(reference), WithJsonSchema(_written(NAME_PATTERN, "desk"))
]
PageUrl = Annotated[str, PlainValidator(page_url), WithJsonSchema(_URL_SCHEMA)]
EndpointUrl = Annotated[str, PlainValidator(endpoint_url), WithJsonSchema(_URL_SCHEMA)]
SecretReference = Annotated[
    str,
    PlainValidator(secret_reference),
    WithJsonSchema(_written(REFERENCE_PATTERN, "env:DESK_WEBHOOK_SECRET")),
]
Event = Annotated[
    EventType,
    PlainValidator(event_type),
    WithJsonSchema({"type": "string", "enum": [event.value for event in EventType]}),
]
Contact = Annotated[str, PlainValidator(contact), WithJsonSchema({"type": "string"})]
Network = Annotated[
    IPv4Network | IPv6Network, PlainValidator(network), WithJsonSchema({"type": "string"})
]
Listen = Annotated[
    tuple[str, int],
    PlainValidator(listen),
    PlainSerializer(listen_text, return_type=str),
    WithJsonSchema(_written(LISTEN_PATTERN, "127.0.0.1:9464")),
]
Host = Annotated[str, PlainValidator(host), WithJsonSchema(_written(HOST_PATTERN, "news.example"))]
Selector = Annotated[
    str, PlainValidator(selector), WithJsonSchema(_listed(SELECTOR_LENGTH, "div.share"))
]
TextPattern = Annotated[
    str, PlainValidator(text_pattern), WithJsonSchema(_listed(REGEX_LENGTH, "^\\d+ views$"))
]
Phrase = Annotated[
    str, PlainValidator(phrase), WithJsonSchema(_listed(REGEX_LENGTH, "river flood"))
]
File = Annotated[Path, PlainValidator(file_path), WithJsonSchema({"type": "string"})]
