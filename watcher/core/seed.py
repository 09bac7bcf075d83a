"""Replayable stories: the text of a story.toml as frozen values. No I/O.

The format is explained in seeds/README.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.errors import UsageError

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_STORY_KEYS = {"name": str, "title": str, "shows": str, "starts": datetime, "step": list}
_STEP_KEYS = {
    "at": str,
    "path": str,
    "file": str,
    "status": int,
    "headers": dict,
    "location": str,
    "content_type": str,
    "validators": bool,
    "noise": bool,
}
_KIND_NAMES = {
    str: "a text",
    datetime: "a date and time with a zone, like 2026-01-12T06:00:00Z",
    list: "a list of [[step]] tables",
    int: "a whole number",
    dict: "a table",
    bool: "true or false",
}
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class SeedStep:
    """What a replayed site answers from `at` (on the story's own clock) until the next step.

    The tracked URL is `path`. With `location`, `path` answers `status` (a redirect) and the file
    stands at `location`. Without `file` the answer has no body of its own. `headers` are sent
    with every answer of the step; `content_type` None means: as the file's name says.
    """

    at: timedelta
    path: str
    file: str | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    location: str | None = None
    content_type: str | None = None
    validators: bool = True
    noise: bool = False


@dataclass(frozen=True, slots=True)
class SeedStory:
    """A replayable story. `starts` (aware UTC) is the time of its first step."""

    name: str
    title: str
    shows: str
    starts: datetime
    steps: tuple[SeedStep, ...]


def parse_story(toml_text: str) -> SeedStory:
    """The story that the text of a story.toml tells.

    Raises UsageError naming every fault, one sentence a line.
    """
    try:
        table = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"story.toml is not valid TOML: {error}.") from error
    faults = _misfits(table, _STORY_KEYS, "story.toml")
    faults += [
        f"story.toml needs {key} = {_KIND_NAMES[kind]}."
        for key, kind in _STORY_KEYS.items()
        if key not in table
    ]
    starts = table.get("starts")
    if isinstance(starts, datetime) and starts.tzinfo is None:
        faults.append(f"starts in story.toml must be {_KIND_NAMES[datetime]}.")
    entries = table.get("step")
    steps = _steps(entries, faults) if isinstance(entries, list) else ()
    if faults or not isinstance(starts, datetime):
        raise UsageError("\n".join(faults))
    return SeedStory(
        name=table["name"],
        title=table["title"],
        shows=table["shows"],
        starts=starts.astimezone(UTC),
        steps=steps,
    )


def step_at(story: SeedStory, elapsed: timedelta) -> int:
    """The index of the step that stands `elapsed` after the story's start; 0 before it."""
    return max(sum(step.at <= elapsed for step in story.steps) - 1, 0)


def _misfits(table: Mapping[str, Any], known: Mapping[str, type], where: str) -> list[str]:
    faults = []
    for key, value in table.items():
        if key not in known:
            faults.append(f"{where} has an unknown key {key!r}; it may have {', '.join(known)}.")
        # bool is an int to Python, but not to a person who writes status = true.
        elif not isinstance(value, known[key]) or (known[key] is int and value in (True, False)):
            faults.append(f"{key} in {where} must be {_KIND_NAMES[known[key]]}.")
    return faults


def _steps(entries: list[Any], faults: list[str]) -> tuple[SeedStep, ...]:
    if not entries:
        faults.append("story.toml needs at least one [[step]].")
    steps: list[SeedStep] = []
    for number, entry in enumerate(entries, 1):
        where = f"step {number} of story.toml"
        if not isinstance(entry, dict):
            faults.append(f"{where} must be a table: write [[step]].")
            continue
        wrong = _misfits(entry, _STEP_KEYS, where)
        if not wrong:
            step = _step(entry, steps[-1] if steps else None, where, wrong)
            steps.append(step)
        faults += wrong
    return tuple(steps)


def _step(
    entry: Mapping[str, Any], before: SeedStep | None, where: str, faults: list[str]
) -> SeedStep:
    headers = entry.get("headers", {})
    for key, value in headers.items():
        if not _HEADER.fullmatch(key) or not isinstance(value, str) or not value.isprintable():
            faults.append(f"headers in {where}: {key!r} must be a header name with a text.")
    step = SeedStep(
        at=_offset(entry.get("at"), where, faults),
        path=entry.get("path", before.path if before else ""),
        file=entry.get("file"),
        status=entry.get("status", 200),
        headers=tuple((key, str(value)) for key, value in headers.items()),
        location=entry.get("location"),
        content_type=entry.get("content_type"),
        validators=entry.get("validators", True),
        noise=entry.get("noise", False),
    )
    _check_time(step, before, where, faults)
    _check_answer(step, where, faults)
    return step


def _offset(text: str | None, where: str, faults: list[str]) -> timedelta:
    found = _DURATION.fullmatch(text) if text else None
    if found is None:
        faults.append(f'at in {where} must be the time since the start, like "0m" or "1h30m".')
        return timedelta(0)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    try:
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        faults.append(f"at in {where} is longer than a time can be: make it shorter.")
        return timedelta(0)


def _check_time(step: SeedStep, before: SeedStep | None, where: str, faults: list[str]) -> None:
    if before is None and step.at:
        faults.append(f'at in {where} must be "0m": the first step starts the story.')
    if before is not None and step.at <= before.at:
        faults.append(f"at in {where} must come after the step before it.")


def _check_answer(step: SeedStep, where: str, faults: list[str]) -> None:
    if not _PATH.fullmatch(step.path):
        faults.append(f"path in {where} must start with / and hold only what a URL path may.")
    if step.file is not None and not _FILE.fullmatch(step.file):
        faults.append(f"file in {where} must be the plain name of a file beside story.toml.")
    if not 200 <= step.status <= 599:
        faults.append(f"status in {where} must be an HTTP status from 200 to 599.")
    if (step.status in REDIRECTS) != (step.location is not None):
        faults.append(f"{where}: a redirect status and location go together.")
    if step.location is not None and not _PATH.fullmatch(step.location):
        faults.append(f"location in {where} must start with / and hold only what a URL path may.")
