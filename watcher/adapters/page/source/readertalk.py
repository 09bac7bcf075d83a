"""What a page says to its reader amid an article: "Read more: …", "Sign up here", "4 min read".

Extend `readertalk.toml`, not the code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files

_TABLE = tomllib.loads(
    (files("watcher.adapters.page.source") / "readertalk.toml").read_text("utf-8")
)
# Characters: longer than any line by which a page asks for something, or names another article.
_LONGEST = 220
_LONGEST_HEADING = 80
# Before the colon: the longest lead, with an arrow or a bullet.
_LEAD = 48
_NOT_WORD = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['’`]")
# an arrow; in pages that quote »so«, the first mark of a quotation
_PARTED = re.compile(r"\s*(?:[:：|›]|»(?![^»]*«))\s*")


def said(text: str) -> str:
    """The words of a text in one case, without punctuation and apostrophes."""
    return " ".join(_NOT_WORD.sub(" ", _folded(_APOSTROPHES.sub("", text))).split())


def _folded(text: str) -> str:
    # Turkish capitals: one I becomes an i and a dot of its own, the other the i without a dot
    return text.casefold().replace("\u0307", "").replace("ı", "i")


def _any_of(patterns: Mapping[str, Sequence[str]]) -> str:
    told = "|".join(pattern for language in patterns.values() for pattern in language)
    return told.replace("ı", "i")


LEADS = frozenset(said(lead) for leads in _TABLE["leads"].values() for lead in leads)
"""What announces another article, as `said` gives it."""
_ACTIONS = frozenset(said(each) for actions in _TABLE["actions"].values() for each in actions)
# a quotation begins with its mark, so it is no call of the page; the group tells the language
_ASKS = re.compile(
    r"[^\w\"“”„«»‹›‘「『(]*(?:"
    + "|".join(f"(?P<{name}>{_any_of({name: asks})})" for name, asks in _TABLE["asks"].items())
    + ")"
)
_REPORTED = {
    language: re.compile(
        "|".join(w if w.lstrip("[(?:")[0] > "\u2e80" else rf"\b{_folded(w)}\b" for w in words)
    )
    for language, words in _TABLE["reported"].items()
}
_HEADINGS = re.compile(_any_of(_TABLE["headings"]))
_LINES = re.compile(_any_of(_TABLE["lines"]))


def _plain(text: str) -> str:
    return _folded(_APOSTROPHES.sub("", text.replace("\xa0", " "))).strip()


def _asks(plain: str) -> bool:
    """True for a call to the reader that nobody is said to have made."""
    if not (found := _ASKS.match(plain)):
        return False
    reported = _REPORTED.get(found.lastgroup or "")
    return reported is None or reported.search(plain, found.end()) is None


def leads_elsewhere(text: str) -> bool:
    """True for a short text that names another article behind what announces one."""
    if len(text) > _LONGEST:
        return False
    first, *rest = _PARTED.split(text[:_LEAD], maxsplit=1)
    return bool(rest) and said(first) in LEADS


def is_lead(text: str) -> bool:
    """True for a text that says no more than that another article follows."""
    return len(text) <= _LEAD and said(text) in LEADS


def is_action(text: str) -> bool:
    """True for a link that says no more than what a reader shall do for the page: "Sign up"."""
    return (len(text) <= _LEAD and said(text) in _ACTIONS) or speaks_to_reader(text)


def heads_links(text: str) -> bool:
    """True for a heading under which links lead to other articles."""
    if len(text) > _LONGEST_HEADING:
        return False
    plain = _plain(text).rstrip(" :.…»›")
    return said(text) in LEADS or _HEADINGS.fullmatch(plain) is not None


def speaks_to_reader(text: str) -> bool:
    """True for a short text that is surely the page's own: a call, a lead with its title, a line on
    the page itself."""
    if len(text) > _LONGEST:
        return False
    plain = _plain(text)
    return (
        _asks(plain)
        or (len(plain) <= _LONGEST_HEADING and _LINES.fullmatch(plain) is not None)
        or leads_elsewhere(text)
    )
