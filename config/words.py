"""How faults speak: values shown safely, and the nearest thing that was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date, datetime, time

_LONGEST = 100


def quote(text: str) -> str:
    """A text in double quotes, fit for a terminal: escaped where unprintable, cut where long."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    safe = "".join(
        char if char.isprintable() else char.encode("unicode_escape", "replace").decode()
        for char in cut
    )
    return f'"{safe}"'


def shown(value: object) -> str:
    """A value of a TOML document for a sentence; only short simple ones are shown in full."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Huge numbers cannot even be turned into text.
        return str(value) if abs(value) < 10**18 else "a very large number"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (datetime, date, time)):
        return "a date or time without quotes"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "something else"


def nearest(value: object, known: Iterable[str]) -> str:
    """'did you mean "x"?', or what there is to choose from."""
    names = sorted(known)
    close = difflib.get_close_matches(value, names, 1) if isinstance(value, str) else []
    if close:
        return f"did you mean {quote(close[0])}?"
    if not names:
        return "there are none"
    listed = ", ".join(quote(name) for name in names[:20])
    return f"known: {listed}{', …' if len(names) > 20 else ''}"
