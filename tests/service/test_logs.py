"""The log: JSON lines, whatever is said and whatever becomes of the stream."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.fakes import FakeClock
from watcher.adapters.logs import json_log


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_level_and_event() -> None:
    stream = io.StringIO()
    json_log(stream, FakeClock()).warning("polled", article=3, path=Path("x"))
    assert lines(stream) == [
        {
            "time": "2026-01-12T06:00:00.000Z",
            "level": "warning",
            "event": "polled",
            "article": 3,
            "path": "PosixPath('x')",
        }
    ]


@pytest.mark.parametrize(("verbose", "told"), [(False, ["info"]), (True, ["debug", "info"])])
def test_only_a_verbose_log_tells_what_is_usual(verbose: bool, told: list[str]) -> None:
    stream = io.StringIO()
    log = json_log(stream, FakeClock(), verbose=verbose)
    log.debug("polled")
    log.info("started")
    assert [line["level"] for line in lines(stream)] == told


def test_no_text_can_break_a_line_or_reach_a_terminal() -> None:
    stream = io.StringIO()
    hostile = 'a\nb\x1b[2J\u2028\u202e"\x9b\ud800'
    json_log(stream, FakeClock()).error("polled", detail=hostile)
    assert stream.getvalue().isascii()
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()
    assert lines(stream)[0]["detail"] == hostile


def test_a_defect_comes_with_its_traceback() -> None:
    stream = io.StringIO()
    log = json_log(stream, FakeClock())
    try:
        raise KeyError("lost")
    except KeyError:
        log.error("poll-crashed", exc_info=True)
    assert "KeyError: 'lost'" in str(lines(stream)[0]["exception"])


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_stream_that_cannot_be_written_stops_nobody() -> None:
    log = json_log(Broken(), FakeClock())
    assert log.info("started") is None
