"""Files of recorded update times: a JSON object a line, `{"article": …, "updates": [times]}`."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from watcher.core.schedule.traces import Trace
from watcher.core.urls import host_of
from watcher.errors import UsageError

LARGEST = 500_000_000
"""Bytes that are read of one file, after decompression."""


def read_traces(path: Path) -> list[Trace]:
    """The articles of a file, plain or gzip; its name is their group.

    The first time of an article is its publication. Its host is that of its URL, or what stands
    before the first slash of its name. Raises UsageError naming file, line and fault.
    """
    group = path.name.split(".")[0]
    traces = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            traces.append(_trace(line, group))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise UsageError(
                f'{path}, line {number}: must be {{"article": NAME, "updates": [ISO times]}}'
                f" with at least one time ({error})"
            ) from None
    return traces


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read: {why}") from None
    if len(content) > LARGEST:
        raise UsageError(f"{path} is larger than {LARGEST // 1_000_000} MB")
    yield from content.decode("utf-8", "replace").splitlines()


def _trace(line: str, group: str) -> Trace:
    record = json.loads(line)
    name = record["article"]
    times = sorted(_time(text) for text in record["updates"])
    if not isinstance(name, str) or not times:
        raise ValueError("no name or no times")
    updates = tuple((at - times[0]).total_seconds() for at in times[1:])
    return Trace(name, _host(name), updates, group)


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _host(name: str) -> str:
    if "://" in name:
        try:
            return host_of(name)
        except ValueError:
            pass
    return name.split("/")[0]
