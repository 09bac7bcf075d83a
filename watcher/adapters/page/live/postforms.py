"""The forms in which pages mark posts: what holds one, what names it, and where its time stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

from lxml.html import HtmlElement

from watcher.adapters.page.text.prose import letters
from watcher.adapters.page.times.isotime import iso_time
from watcher.core.text import clean

Groups = dict[tuple[str, ...], list[tuple[HtmlElement, str]]]
"""Elements alike with the key of each, by what they have in common."""
HOLDERS = ("article", "li", "div", "section", "amp-live-list-item")
# Attributes in which publishers' systems keep a post's identity, the surest first.
_IDENTITIES = (
    "data-post-id", "data-block-id", "data-entry-id", "data-update-id", "data-postid",
    "data-blockid", "data-liveblog-id", "data-item-id", "data-id", "id",
)  # fmt: skip
_NAMING = frozenset((*_IDENTITIES, "itemprop"))
# Attributes that give a time, as ISO text or in seconds since 1970.
_TIMES = (
    "data-timestamp", "data-datetime", "data-time", "data-date", "data-published",
    "data-publish-date", "data-post-time", "data-created", "data-post-timestamp",
)  # fmt: skip
_TIMING = frozenset(_TIMES)
_BY_TIME = "time"
_FIGURES = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]*\d[0-9a-f]*")
# The first texts of a post: where there is a clock's reading, it is one of them.
_KICKER = 8
# Elements around a time of which one may be the post.
_AROUND = 2
_BY_CLOCK = "clock"
# A time of the day alone, as a post's kicker has it, or with when it was last edited. What follows
# the first is a.m. or p.m.
_READING = re.compile(
    r"\D{0,12}?\b((?:[01]?\d|2[0-3])[:.h][0-5]\d)\b\s?([ap]\.?\s?m\b)?(?:\D{0,24}"
    r"\b(?:[01]?\d|2[0-3])[:.h][0-5]\d\b)?\D{0,12}",
    re.IGNORECASE,
)
# More than that has no match.
_LONGEST_READING = 64
_MAY_BE = re.compile(r"\d[:.h]\d\d")
_LONGEST_KICKER = 60
_KICKERS = frozenset((
    "span", "div", "p", "b", "strong", "em", "i", "small", "h2", "h3", "h4", "time", "a",
))  # fmt: skip


def identity_of(element: HtmlElement) -> tuple[str, str] | None:
    """The attribute that names the element among its like, and its value."""
    if _NAMING.isdisjoint(element.keys()):
        return None
    if "liveBlogUpdate" in (element.get("itemprop") or ""):
        for name in ("itemid", *_IDENTITIES):
            if value := element.get(name):
                return "liveBlogUpdate", value
    for name in _IDENTITIES:
        if value := element.get(name):
            return name, value
    return None


def form_of(element: HtmlElement, name: str, value: str) -> str:
    """What posts of one blog have in common beside the attribute that names them."""
    if name != "id":
        return "" if name.startswith("data-post") else _first_class(element)
    form = _FIGURES.sub("#", value.lower(), count=1)
    return form if "#" in form and len(form) > 2 else _first_class(element)


def by_time(tree: HtmlElement, few: int) -> Groups:
    """Elements of one class without an identity that each hold one time, by tag and class; {} for
    fewer times than `few`.

    Their key is the time, with a number for another post of the same time. Takes time in
    proportion to the size of the page: what holds several times is given up at the second.
    """
    groups: Groups = {}
    seen: set[HtmlElement] = set()
    several: set[tuple[str, ...]] = set()
    texts: dict[tuple[str, ...], dict[str, int]] = {}
    times = [time for time in tree.iter("time") if time.get("datetime")]
    for time in times if len(times) >= few else ():
        told = iso_time(time.get("datetime"))
        for holder in islice(time.iterancestors(*HOLDERS), _AROUND) if told else ():
            name = _first_class(holder)
            if not name or identity_of(holder) is not None:
                continue
            form = (str(holder.tag), _BY_TIME, name)
            if holder in seen:
                several.add(form)
                continue
            seen.add(holder)
            said = texts.setdefault((*form, told or ""), {})
            at = said.setdefault(letters_of(holder.text_content()), len(said))
            groups.setdefault(form, []).append((holder, f"{told} {at + 1}" if at else told or ""))
    return {form: group for form, group in groups.items() if form not in several}


def by_clock(may_be: Iterable[HtmlElement], few: int) -> Groups:
    """Elements of one class without an identity that each begin with a time of the day, by tag and
    class; {} for fewer than `few`.

    Their key is that time, with a number for another post of the same one, counted from the oldest
    on: new posts come at the other end. `may_be` are, in page order, the elements that can be a
    reading. Takes time in proportion to the size of the page.
    """
    readings = [
        (element, told)
        for element in may_be
        if element.tag in _KICKERS
        and (text := element.text)
        and len(text) <= _LONGEST_KICKER
        and _MAY_BE.search(text)
        and (told := _reading(element, text))
    ]
    groups: dict[tuple[str, ...], list[tuple[HtmlElement, str]]] = {}
    several: set[tuple[str, ...]] = set()
    seen: set[HtmlElement] = set()
    for element, told in readings if len(readings) >= few else ():
        for holder in islice(element.iterancestors(*HOLDERS), _AROUND):
            name = _first_class(holder)
            form = (str(holder.tag), _BY_CLOCK, name)
            if not name or identity_of(holder) is not None:
                continue
            if holder in seen:
                several.add(form)
                continue
            seen.add(holder)
            groups.setdefault(form, []).append((holder, told))
    return {
        form: _by_number(group)
        for form, group in groups.items()
        if form not in several and len(group) >= few
    }


def _reading(element: HtmlElement, text: str) -> str:
    """The time of the day that is all an element with this text says, "" for another element."""
    if not (found := _READING.fullmatch(text)) or len(element):
        return ""
    return f"{found[1]}{(found[2] or '')[:1].lower()}"


def _by_number(group: list[tuple[HtmlElement, str]]) -> list[tuple[HtmlElement, str]]:
    """The members with a number to a time that came before."""
    minutes = [_minutes(told) for _, told in group]
    rising = sum(a < b for a, b in pairwise(minutes)) > sum(a > b for a, b in pairwise(minutes))
    keys = numbered([told for _, told in group], rising=rising)
    return [(holder, key) for (holder, _), key in zip(group, keys, strict=True)]


def numbered(times: Sequence[str], *, rising: bool) -> list[str]:
    """The times with a number to one that came before, counted from the oldest on."""
    counted: Counter[str] = Counter()
    keys = []
    for told in times if rising else reversed(times):
        counted[told] += 1
        keys.append(told if counted[told] == 1 else f"{told} {counted[told]}")
    return keys if rising else keys[::-1]


def _minutes(told: str) -> int:
    hours, minutes = map(int, re.findall(r"\d+", told))
    return 60 * (hours % 12 + 12 * told.endswith("p") if told[-1] in "ap" else hours) + minutes


def _first_class(element: HtmlElement) -> str:
    return next(iter((element.get("class") or "").split()), "")


def time_of(element: HtmlElement) -> str:
    """The raw text of a post's time, "" for none."""
    for time in element.iter("time"):
        if told := clean(time.get("datetime") or ""):
            return told
    if _TIMING.isdisjoint(element.keys()):
        return ""
    for name in _TIMES:
        if iso_time(told := clean(element.get(name) or "")):
            return told
    return ""


def has_clock(element: HtmlElement) -> bool:
    """True if one of the first texts in it is a time of the day, and says nothing else."""
    first = islice(filter(None, map(str.strip, element.itertext())), _KICKER)
    return any(len(text) <= _LONGEST_READING and _READING.fullmatch(text) for text in first)


def letters_of(text: str) -> str:
    """The letters and digits of a text, folded: what stays the same however it is marked up."""
    return letters(text).casefold()
