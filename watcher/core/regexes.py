"""Regular expressions of the configuration: which may be used on texts of pages."""

from __future__ import annotations

import re
import warnings

LONGEST = 300
"""Characters of an expression: far more than a phrase of a page needs."""

MOST_REPEATS = 3
"""Repeats of open length in one expression. Python's `re` goes back over every one of them, from
every place: at worst the time grows with the fourth power of the text's length, which comes to a
second for the longest text that is searched (sites.LONGEST_TEXT)."""

MOST_OPTIONAL = 8
"""Optional parts (`?`), and groups with two alternatives that can begin alike, such as `(a|aa)`:
each can double the time. Groups with more of these count more."""

# A backslash and what it escapes, or a class of characters: nothing in them repeats or groups.
_INERT = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
# What stands in a group before its text: a name, or what the group is for.
_HEAD = re.compile(r"\?(?:P<\w+>|<?[=!]|>|[a-zA-Z-]*:)")
# What says how often; a brace that is none of these stands for itself.
_REPEAT = re.compile(r"(?:[*+?]|\{(\d+)\}|\{(\d*),(\d*)\})[?+]?")


def regex_fault(pattern: str, most_repeats: int = MOST_REPEATS) -> str | None:
    """What is wrong with a regular expression, as the rest of a sentence; None if nothing is.

    Refused are those whose time can explode: a repeated group whose text can be cut in several
    ways (see Friedl, Mastering Regular Expressions, on catastrophic backtracking), and too many
    repeats in a row: by default MOST_REPEATS.
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
    return _slowness(_INERT.sub("_", pattern), most_repeats)


def _slowness(bare: str, most_repeats: int) -> str | None:
    """Why an expression could take too long; `bare` has a letter for each escape and class."""
    repeats = optional = 0
    begins = [""]  # of each group that is open: how its alternatives begin
    risky = [False]  # of each group that is open: whether its text can be cut in several ways
    at = 0
    while at < len(bare):
        char, at = bare[at], at + 1
        closed = False
        if char == "(":
            risky.append(False)
            head = _HEAD.match(bare, at)
            begins.append(bare[head.end() : head.end() + 1] if head else bare[at : at + 1])
            at += bare[at : at + 1] == "?"
            continue
        if char == "|":
            risky[-1] = True
            begins[-1] += bare[at : at + 1]
            continue
        if char == ")" and len(risky) > 1:
            closed = risky.pop()
            optional += _alike(begins.pop())
            risky[-1] |= closed
        found = _REPEAT.match(bare, at)
        if found is None:
            continue
        at = found.end()
        if found[0][0] == "?":
            optional += 1
            risky[-1] = True
            continue
        if closed:
            return _EXPLODES
        if found[0][0] in "*+" or found[2] != found[3] or found[3] == "":
            repeats += 1
            risky[-1] = True
    if repeats > most_repeats or optional > MOST_OPTIONAL:
        return (
            f"has {repeats} repeats of open length and {optional} optional parts or alternatives"
            f" that begin alike; the most are {most_repeats} and {MOST_OPTIONAL}"
        )
    return None


def _alike(begins: str) -> int:
    """How often the alternatives of a group can double the time, by how they begin."""
    letters = [char for char in begins.casefold() if char.isalnum() or char in " -'\",:"]
    same = len(begins) - len(letters) + max(map(letters.count, letters), default=0)
    return max(same - 1, 0).bit_length()


_EXPLODES = (
    "repeats a group that itself holds a repeat, an optional part or alternatives, which can take"
    " for ever; repeat single characters or classes instead"
)
