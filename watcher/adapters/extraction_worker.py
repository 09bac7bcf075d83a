"""A process that extracts one page after another, for the extraction pool.

Run as `python -m watcher.adapters.extraction_worker SECONDS`. It speaks on its standard input
and output, in frames: four bytes of length, big-endian, then that many bytes.

asked:    a JSON frame {"url", "content_type"}, then a frame with the body
answered: a JSON frame {"snapshot", "fingerprint", "gate", "is_lead", "place"}, or {"refused",
          "outcome"} for a page that is no article, or {"failed"}; each with "resident", the
          process's resident size in MiB

A page that takes more than SECONDS ends the process with SIGALRM, even inside a C library. The
process ends when its input does, so it never outlives the service. Signals meant for the
service are ignored, or a service manager's SIGTERM would cut short the pages being drained.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from watcher.core.model import Extraction
from watcher.errors import ExtractionFailed, NotAnArticle

_LENGTH = 4
_KIB_PER_MIB = 1024


def main() -> None:
    """Answer pages until the input ends."""
    for meant_for_service in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(meant_for_service, signal.SIG_IGN)
    # the service's log shares this process's standard error, and is JSON line by line
    logging.disable()
    seconds = float(sys.argv[1])
    from watcher.adapters.html import extract_snapshot

    # modules live as long as the process: spare the collector from visiting them
    gc.freeze()
    asked = sys.stdin.buffer
    # whatever a library prints must not end up between the frames
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        while (question := _read_frame(asked)) is not None:
            body = _read_frame(asked)
            if body is None:
                return
            signal.setitimer(signal.ITIMER_REAL, seconds)
            answer = _answer(extract_snapshot, json.loads(question), body)
            signal.setitimer(signal.ITIMER_REAL, 0)
            try:
                _write_frame(answers, json.dumps(answer).encode("ascii"))
            except BrokenPipeError:
                # the service is gone; closing would flush, and fail, once more
                os._exit(0)


def _answer(
    extract: Callable[[bytes, str, str | None], Extraction],
    question: dict[str, str | None],
    body: bytes,
) -> dict[str, object]:
    answer: dict[str, object]
    try:
        extraction = extract(body, question["url"] or "", question["content_type"])
    except NotAnArticle as error:
        outcome = None if error.outcome is None else error.outcome.value
        answer = {"refused": str(error), "outcome": outcome}
    except ExtractionFailed as error:
        answer = {"failed": str(error)}
    else:
        answer = {
            "snapshot": asdict(extraction.snapshot),
            "fingerprint": extraction.fingerprint,
            "gate": extraction.gate,
            "is_lead": extraction.is_lead,
            "place": None if extraction.place is None else extraction.place.value,
        }
    answer["resident"] = _resident()
    return answer


def _resident() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        # no Linux; the peak will do, though it counts the parent's size before exec as well
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB_PER_MIB
    return pages * resource.getpagesize() // (_KIB_PER_MIB * 1024)


def _read_frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    size = int.from_bytes(head)
    frame = stream.read(size)
    return frame if len(frame) == size else None


def _write_frame(stream: BinaryIO, frame: bytes) -> None:
    stream.write(len(frame).to_bytes(_LENGTH) + frame)
    stream.flush()


if __name__ == "__main__":
    main()
