"""A process that extracts one page after another, for the extraction pool.

Run as `python -m watcher.adapters.workers.extraction_worker SECONDS MIB`. It speaks on its
standard input and output, in frames: four bytes of length, big-endian, then that many bytes.

told:     once, a JSON frame with the operator's own phrases of notices, or null
asked:    a JSON frame {"url", "content_type", "rules"}, then a frame with the body; "rules" are
          what the page's site has for drop, keep, drop_text and keep_text
answered: a JSON frame {"snapshot", "fingerprint", "gate", "is_lead", "place"}, or {"refused",
          "outcome"} for a page that is no article, or {"failed"}; each with "resident", the
          process's resident size in MiB

A page that takes more than SECONDS ends the process with SIGALRM, even inside a C library; one
that takes more MiB than MIB fails, where the system can tell sizes and bound them. The process
ends when its input does, so it never outlives the service. Signals meant for the service are
ignored, or a service manager's SIGTERM would cut short the pages being drained.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from watcher.core.model import Extraction
from watcher.core.sites import SiteRules
from watcher.errors import ExtractionFailed, NotAnArticle

_LENGTH = 4
_KIB_PER_MIB = 1024
_MIB = 1024 * 1024


def main() -> None:
    """Answer pages until the input ends."""
    for meant_for_service in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(meant_for_service, signal.SIG_IGN)
    logging.disable()
    seconds, most_memory = float(sys.argv[1]), int(sys.argv[2])
    from config.phrases import with_own
    from watcher.adapters.page.html import extract_snapshot
    from watcher.adapters.workers.allocator import settle_for_pages

    _bound_memory(most_memory * _MIB)
    settle_for_pages()
    asked = sys.stdin.buffer
    own = json.loads(_read_frame(asked) or b"null")
    extract = partial(extract_snapshot, phrases=with_own(own) if own else None)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        _fall_silent()
        while (question := _read_frame(asked)) is not None:
            body = _read_frame(asked)
            if body is None:
                return
            signal.setitimer(signal.ITIMER_REAL, seconds)
            answer = _answer(extract, json.loads(question), body)
            signal.setitimer(signal.ITIMER_REAL, 0)
            try:
                _write_frame(answers, answer)
            except BrokenPipeError:
                # the service is gone; closing would flush, and fail, once more
                os._exit(0)


def _answer(
    extract: Callable[[bytes, str, str | None, SiteRules], Extraction],
    question: dict[str, Any],
    body: bytes,
) -> bytes:
    answer: dict[str, object]
    try:
        rules = SiteRules("", *map(tuple, question["rules"]))
        extraction = extract(body, question["url"], question["content_type"], rules)
        answer = {
            "snapshot": asdict(extraction.snapshot),
            "fingerprint": extraction.fingerprint,
            "gate": extraction.gate,
            "is_lead": extraction.is_lead,
            "place": None if extraction.place is None else extraction.place.value,
            "is_linked": extraction.is_linked,
            "linked_headline": extraction.linked_headline,
        }
        return _frame(answer)
    except NotAnArticle as error:
        outcome = None if error.outcome is None else error.outcome.value
        answer = {"refused": str(error), "outcome": outcome}
    except ExtractionFailed as error:
        answer = {"failed": str(error)}
    except MemoryError:
        _bound_memory(None)  # else there may be too little left to say so
        answer = {"failed": "the page needs more memory to be read than a page may have"}
    except Exception as error:  # noqa: BLE001  # this page has its outcome, the next ones go on
        answer = {"failed": f"a defect in story watcher ({_named(error)})"}
    return _frame(answer)


def _frame(answer: dict[str, object]) -> bytes:
    return json.dumps({**answer, "resident": _resident()}).encode("ascii")


def _named(error: Exception) -> str:
    """What was raised and where; not the message, which may be the page's own words."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"


def _fall_silent() -> None:
    """From here on nothing that a page makes this process print reaches anybody.

    Standard output would get it between the frames; standard error is the service's log, JSON
    line by line.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _bound_memory(most: int | None) -> None:
    """Lets the process grow by `most` bytes and no more; as far as it may, with None."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = hard
    try:
        if most is not None:
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
            limit = pages * resource.getpagesize() + most
        if hard == resource.RLIM_INFINITY or limit <= hard:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (OSError, ValueError):
        return  # no Linux: the time limit has to do


def _resident() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        # no Linux; the peak will do, though it counts the parent's size before exec as well
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB_PER_MIB
    return pages * resource.getpagesize() // _MIB


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
