"""The headline as readers see it, and how well two headlines agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import add

from lxml.html import HtmlElement

from watcher.adapters.page.metadata.page_marks import inside
from watcher.adapters.page.source.boilerplate import is_badge
from watcher.core.text import clean, letters_and_digits

_OUTSIDE = ("nav", "footer")
_ARTICLE = ("article", "main")
_TOP = ("article", "main", "header", "section")
_LONE_LENGTH = 15  # characters: names of sites and sections are shorter
_HEADLINE_LENGTH = 25
_UNSEEN = frozenset(("script", "style", "svg", "button", "template", "noscript", "time"))
# Titles of books and films, and what is stressed, are set so.
_ITALIC = frozenset(("i", "em", "cite", "q"))
_AFTER_BADGE = " :|•·–—-"
_BLOCKS = frozenset(("br", "div", "p", "h1", "h2", "h3", "li", "ul", "wbr"))
# What it counts that a heading stands in the article, or is marked as its headline.
_IN_PLACE = 0.3
# An h2 is taken for the headline only if it says nearly the same as what the page tells.
_ALIKE = 0.8
# No page that we saw has more than a third of these; bounds for hostile ones.
_FEW = 40
_MOST_TOLD = 20
_LONGEST = 1000
_MOST_PARTS = 100
_SEPARATOR = re.compile(r"(?: [|•·–—-]|:) ")
_SITE = re.compile(r"\s+(?:[|•·»:–—-]|::|\|\|)\s+")


@dataclass(frozen=True, slots=True)
class ShownHeadline:
    """A headline and the element that shows it, None if it is only told in marks."""

    text: str
    element: HtmlElement | None


def find_headline(
    h1: list[HtmlElement], h2: list[HtmlElement], told: list[str], title: str, sites: Iterable[str]
) -> ShownHeadline:
    """The heading that is the headline; else the best told text.

    `told` is what the page tells of its headline in marks, best first, `title` its `<title>`,
    `sites` the names of the site, which are no headlines and are cut off from a told text's end.

    Logos and section names are often h1 too. So an h1 that agrees with nothing is taken only
    where it stands in the article and is as long as headlines are. Where no h1 is the headline
    (one in the navigation is not), an h2 is that says what the page tells. A kicker inside the
    heading is left out where the page tells the headline without it.
    """
    known = [text for text in (*told[:_MOST_TOLD], title) if 0 < len(text) <= _LONGEST]
    # some pages put the headline where the site's name belongs
    names = {letters_of(site) for site in sites} - {"", *map(letters_of, told)}
    best, text, best_score = None, "", 0.0
    for element, shown, score in _scored(h1, h2, known):
        if score > best_score and letters_of(shown) not in names:
            best, text, best_score = element, shown, score
    if best is not None and best_score >= 0.3:
        return ShownHeadline(_as_told(text, known), best)
    lone = [
        (element, shown)
        for element, shown, _ in _scored(h1, [], known)
        if letters_of(shown) not in names and len(shown) >= _LONE_LENGTH
    ]
    if len(lone) == 1:
        # nothing told is like it, but it is what the page shows above all else
        return ShownHeadline(lone[0][1], lone[0][0])
    return ShownHeadline(_without_site(next(iter(known), ""), names), None)


def agreement(shown: str, told: str) -> float:
    """Share of the shown headline's letter pairs that the told one has too: 0 to 1.

    Letter pairs rather than words, since many scripts do not space words. A name much shorter
    than the headline counts half.
    """
    pairs, other = _pairs(shown[:_LONGEST]), _pairs(told[:_LONGEST])
    if not pairs:
        return 0.0
    share = len(pairs & other) / len(pairs)
    return share / 2 if len(told) > 2 * len(shown) else share


def letters_of(text: str) -> str:
    """Letters and digits alone, casefolded."""
    return letters_and_digits(text).casefold()


def _scored(
    h1: list[HtmlElement], h2: list[HtmlElement], told: list[str]
) -> Iterator[tuple[HtmlElement, str, float]]:
    for element in h1[:_FEW]:
        text = _shown_text(element, told)
        if not 0 < len(text) <= _LONGEST or inside(element, _OUTSIDE):
            continue
        score = max((agreement(text, other) for other in told), default=0.5)
        in_article = inside(element, _ARTICLE) or element.get("itemprop") == "headline"
        if in_article and (score > 0.1 or len(text) >= _HEADLINE_LENGTH):
            score += _IN_PLACE
        yield element, text, score
    for element in h2[:_FEW]:
        if inside(element, _TOP) and not inside(element, (*_OUTSIDE, "aside", "li")):
            text = _shown_text(element, told)
            bare = _as_told(text, told)
            alike = [score for other in told if (score := _likeness(bare, other)) >= _ALIKE]
            if alike:
                # the mark is among what is told: another place must say the same
                marked = element.get("itemprop") == "headline" and len(alike) > 1
                yield element, text, max(alike) + (_IN_PLACE if marked else 0.0)


def _likeness(one: str, other: str) -> float:
    return min(agreement(one, other), agreement(other, one))


def _shown_text(element: HtmlElement, told: list[str]) -> str:
    """The text of a heading; its parts are spaced where they are blocks or told with a space."""
    parts = _without_badge(element, told)
    text = clean("".join(parts))
    spaced = clean(" ".join(parts))
    if spaced != text and any(_ends(spaced, other) and not _ends(text, other) for other in told):
        return spaced
    return text


def _without_badge(element: HtmlElement, told: list[str]) -> list[str]:
    """The parts of a heading, but a badge in an element of its own at either end: "LIVE".

    Of "<b>Breaking</b> Bad returns", where that is what the page tells, nothing is a badge.
    """
    parts = list(islice(_parts(element), _MOST_PARTS))
    filled = [at for at, part in enumerate(parts) if part and not part.isspace()]
    if len(filled) < 2:
        return parts
    first, last = filled[0], filled[-1]
    if is_badge(parts[first]) and _is_badge_box(element, 0):
        after = clean("".join(parts[first + 1 :])).lstrip(_AFTER_BADGE)
        if not after[:1].islower() and not _is_told(parts[first], after, told):
            return [after]
    if is_badge(parts[last]) and _is_badge_box(element, -1):
        before = clean("".join(parts[:last])).rstrip(_AFTER_BADGE)
        if not _is_told(before, parts[last], told):
            return [before]
    return parts


def _is_badge_box(element: HtmlElement, end: int) -> bool:
    """True if an element that sets nothing in italics stands at the heading's start, or its end."""
    while len(element):
        around = element.text if end == 0 else element[-1].tail
        if around and not around.isspace():
            return False
        element = element[end]
        if element.tag in _UNSEEN:
            return True
        if element.tag in _ITALIC:
            return False
        if (element.text or "").strip():
            return True
    return False


def _is_told(one: str, other: str, told: list[str]) -> bool:
    whole = f"{clean(one)} {clean(other)}".casefold()
    return any(whole in text.casefold() for text in told)


def _parts(element: HtmlElement) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            block = child.tag in _BLOCKS
            if child.tag not in _UNSEEN:
                yield " " if block and child.tag != "wbr" else ""
                yield from _parts(child)
                yield " " if block and child.tag != "wbr" else ""
        if child.tail:
            yield child.tail


def _ends(text: str, told: str) -> bool:
    return text == told or text.endswith(f" {told}")


def _as_told(shown: str, told: list[str]) -> str:
    """Without a kicker, or with the sign that parts it off, where it is told so."""
    for text in told:
        if len(text) > len(shown) / 2 and shown.endswith(f" {text}"):
            return text
    return next((text for text in told if _is_parted(text, shown)), shown)


def _is_parted(told: str, shown: str) -> bool:
    """True for what is shown with one sign that parts it, or with all of them."""
    return _SEPARATOR.sub(" ", told) == shown or any(
        f"{told[: sign.start()]} {told[sign.end() :]}" == shown
        for sign in _SEPARATOR.finditer(told)
    )


def _without_site(text: str, names: set[str]) -> str:
    while (cut := next(reversed(list(_SITE.finditer(text))), None)) is not None:
        if letters_of(text[cut.end() :]) not in names:
            break
        text = text[: cut.start()]
    return text


@lru_cache(maxsize=64)
def _pairs(text: str) -> frozenset[str]:
    text = text.casefold()
    return frozenset(map(add, text, text[1:]))
