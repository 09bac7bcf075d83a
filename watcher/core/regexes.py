"""Regular expressions of the configuration: which may be used on texts of pages."""

from __future__ import annotations

import re
import warnings

LONGEST = 300
"""Characters of an expression: far more than a phrase of a page needs."""

MOST_REPEATS = 4
"""Unbounded repeats in one expression. Python's `re` goes back over every one of them: the time it
takes grows with the text's length to this power at worst."""

# A backslash and what it escapes, or a class of characters: nothing in them repeats or groups.
_INERT = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}|\{\d*,\d{3,}\}|\{\d{3,}(?:,\d*)?\}")


def regex_fault(pattern: str) -> str | None:
    """What is wrong with a regular expression, as the rest of a sentence; None if nothing is.

    Refused are those whose time can explode: a repeat without an end of a group that holds
    another one, or alternatives (see Friedl, Mastering Regular Expressions, on catastrophic
    backtracking).
    """
    if not pattern:
        return "is empty, and would be found in every text"
    if len(pattern) > LONGEST:
        return f"is longer than {LONGEST} characters; shorten it"
    try:
        with warnings.catch_warnings():
            # Python warns of classes whose meaning may change, wherever they are used.
            warnings.simplefilter("error")
            compiled = re.compile(pattern)
    except (re.error, OverflowError, Warning) as error:
        return f"is no regular expression: {error}"
    except RecursionError:
        return "is nested too deeply; shorten it"
    if compiled.search("") is not None:
        return "is found in an empty text, and so in every one; make it say more"
    return _slowness(_INERT.sub("_", pattern))


def _slowness(bare: str) -> str | None:
    repeats = 0
    open_groups: list[bool] = [False]
    at = 0
    while at < len(bare):
        char = bare[at]
        at += 1
        risky = False
        if char == "(":
            open_groups.append(False)
            continue
        if char == ")" and len(open_groups) > 1:
            risky = open_groups.pop()
            open_groups[-1] |= risky
        elif char == "|":
            open_groups[-1] = True
            continue
        repeat = _UNBOUNDED.match(bare, at)
        if repeat:
            if risky:
                return (
                    "repeats a group that itself holds a repeat or alternatives, which can take"
                    " for ever; repeat single characters or classes instead"
                )
            repeats += 1
            open_groups[-1] = True
            at = repeat.end()
    if repeats > MOST_REPEATS:
        return f"has {repeats} repeats without an end; {MOST_REPEATS} are the most"
    return None
