"""Structured logs: one JSON object a line, for journald, a container or a file."""

from __future__ import annotations

import contextlib
import logging
from typing import TextIO

import structlog

from watcher.core.times import to_text
from watcher.ports import Clock, Log


def json_log(stream: TextIO, clock: Clock, *, verbose: bool = False) -> Log:
    """A logger that writes JSON lines to a stream; `verbose` adds polls that found nothing new.

    Page text cannot break a line or reach a terminal raw: JSON escapes it. A stream that cannot
    be written (its reader has gone, the disk is full) is no reason to stop working.
    """

    def stamp(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {"time": to_text(clock.now()), **event}

    log: Log = structlog.wrap_logger(
        _Lines(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            stamp,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if verbose else logging.INFO
        ),
    )
    return log


class _Lines:
    """What structlog writes to: one line a call."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = msg
