"""A fault of an archive, as `watcher verify` names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Check = Literal[
    "file",
    "references",
    "ledger",
    "page",
    "text",
    "change",
    "events",
    "alerts",
    "reading",
    "search",
]


UNREADABLE = (ValueError, TypeError, KeyError, IndexError)
"""What reading rows that do not fit each other, or JSON that is none, can raise."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, found by which check, of which article and version (None: not of one)."""

    check: Check
    detail: str
    article_id: int | None = None
    version: int | None = None
