"""Structured logs: one JSON object a line, for journald, a container or a file."""

from __future__ import annotations

import logging
from typing import TextIO

import structlog

from watcher.core.times import to_text
from watcher.ports import Clock, Log


def json_log(stream: TextIO, clock: Clock, *, verbose: bool = False) -> Log:
    """A logger that writes JSON lines to a stream; `verbose` adds polls that found nothing new.

    Page text cannot break a line or reach a terminal raw: JSON escapes it.
    """

    def stamp(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {"time": to_text(clock.now()), **event}

    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(stream),
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
