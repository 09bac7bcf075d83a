"""What a page is that may be no article: a consent wall, a bot challenge, a soft 404 …

No single sign decides. Words name a kind, in the title, in a heading or in the text; what stands
for or against it is how much else there is to read, how the page is built, and whether it calls
itself an article. The weights were set by hand so that every kind needs two independent signs
on a page without an article, and none can outweigh an article's text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from watcher.core.model import Outcome
from watcher.core.pagesigns import Block, PageSigns
from watcher.core.pagewords import Found, PageWords, plain

FLASH = 120
"""Characters of prose that may be a whole article: breaking news begin with a sentence or two."""

SHORT = 700
"""Characters of prose beyond which a page rather is an article: four paragraphs of a flash."""

WHOLE = 1500
"""Characters of prose, calling itself an article or not, that only an article has. Walls that
explain themselves at such length do it in the words of their kind, which do not count."""

LITTLE = 600
"""Characters on the whole page, menus included: too few for a publisher's article page."""

LEAD = 1000
"""Characters of prose that a gate shows at most: a lead or the first paragraphs. An article for
subscribers that is shown whole is longer as a rule."""

ENOUGH = 3
"""Weight from which a page is of a kind: a title and one sign more, or three lesser ones."""

_PROSE = 40
"""Characters from which a block is prose rather than a label."""

_SENTENCE = 20
"""Characters from which a block that ends with a full stop is a sentence, and no label."""

_SENTENCE_ENDS = tuple(".!?…。！？।؟")

_GATE = 400
"""Characters of a block up to which it is a gate, and not a paragraph that speaks of one."""

_MOSTLY = 0.6
"""Share of a title's letters. "Sorry, page not found" has 0.7; a headline that tells a story
around such words has less than half."""

_SEPARATOR = re.compile(r"\s+[|–—\-·•«/]+\s+|\s*[|»]\s*|\s+::\s+")
_WHOLE_SHARE = 0.8
"""Share of the words that an article promises from which it is all there: headline, captions
and boxes may have been counted too."""

_FIRST_HEADINGS = 3
_ENDS = ("…", "...", "[…]", "[...]")


@dataclass(frozen=True, slots=True)
class PageKind:
    """A page that is no article: the outcome, and the reason in a person's words."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Doubts:
    """What speaks against an article that cannot be ruled out by the page alone.

    `gate` is what the page says to those who may not read on; `is_lead` that it shows no more
    than a lead before it, else it may be for other readers. `place` is the kind of page that
    the address names.
    """

    gate: str | None = None
    is_lead: bool = False
    place: Outcome | None = None


_NAMES = {
    Outcome.BOT_CHALLENGE: "a page that asks for proof of a human or of a full browser",
    Outcome.CONSENT_WALL: "a page that asks for consent, or the reader's age, first",
    Outcome.GEO_BLOCK: "a page that is not shown in the reader's country",
    Outcome.SOFT_404: "a page that says the article is not there",
    Outcome.PAYWALL: "a page for subscribers only",
    Outcome.LOGIN_PAGE: "a page that asks to log in",
    Outcome.MAINTENANCE: "a page that says the site is being worked on",
    Outcome.SERVER_ERROR: "a page that reports an error of the site",
    Outcome.BLOCKED: "a page that refuses the reader",
}


def is_beyond_doubt(prose: int, published: str | None) -> bool:
    """Whether a page with so much prose, in characters, is an article whatever else it shows.

    Ordinary pages cost nothing then: no signs have to be read.
    """
    return prose >= WHOLE and published is not None


def page_kind(signs: PageSigns, words: PageWords) -> PageKind | None:
    """What a page is instead of an article; None for an article, or if there is no telling."""
    page = _read(signs, words)
    best: PageKind | None = None
    most = ENOUGH - 1
    for kind, name in _NAMES.items():
        weight, said = _weight(kind, page)
        if weight > most:
            best, most = PageKind(kind, f"{name}: {said}"), weight
    return best


def doubts(signs: PageSigns, words: PageWords) -> Doubts:
    """What speaks against a page that is no other kind: a gate, or its address."""
    page = _read(signs, words)
    place = next((kind for kind in _NAMES if signs.path in words.paths[kind]), None)
    gates = [t for t in page.shown if _is_gate(t, page)]
    if not gates:
        # Many gates are drawn by a script: the page then holds no more than an empty box.
        is_gated = Outcome.PAYWALL in signs.marked
        return Doubts(is_lead=is_gated and _is_lead(page, ()), place=place)
    return Doubts(gates[0].block.text, _is_lead(page, gates), place)


def _is_gate(text: _Text, page: _Page) -> bool:
    """Whether a text says that readers may not read on, and does not tell of such gates.

    What a story goes on after is a part of it, and so is its headline.
    """
    block = text.block
    if block.size > _GATE or not text.says(Outcome.PAYWALL):
        return False
    if block.heading:
        is_own = text.plain == plain(page.signs.headline)
        return not is_own and (
            block.heading > 1 or _says_only(block.text, Outcome.PAYWALL, page.words)
        )
    after = page.prose[page.prose.index(text) + 1 :] if text in page.prose else []
    story = (t for t in after if t.block.holder == block.holder)
    return all(t.says(Outcome.PAYWALL) for t in story)


def _is_lead(page: _Page, gates: Sequence[_Text]) -> bool:
    """Whether only a lead stands before the gates of an article that says there is more.

    Without gates in words, the text itself must show that it is cut.
    """
    signs, asking = page.signs, set(gates)
    story = [t for t in page.prose if not t.block.banner and t not in asking]
    size = sum(text.block.size for text in story)
    counted = sum(len(text.plain.split()) for text in story)
    is_whole = signs.words is not None and counted > _WHOLE_SHARE * signs.words
    if size > LEAD or is_whole or (signs.locked_size or 0) >= FLASH:
        return False
    promised = signs.words is not None and signs.words > 2 * counted
    cut = any(text.block.text.endswith(_ENDS) for text in story[-3:])
    if not gates:
        return promised or (cut and size <= SHORT)
    announced = any(
        gate.block.heading or _says_only(gate.block.text, Outcome.PAYWALL, page.words)
        for gate in gates
    )
    return signs.is_locked or promised or (size <= SHORT and (cut or announced))


def _is_prose(block: Block) -> bool:
    """Whether a block is long enough to be a sentence, or a short one that ends as one."""
    if block.heading or block.linked or block.card:
        return False
    is_closed = block.size >= _SENTENCE and block.text.endswith(_SENTENCE_ENDS)
    return block.size >= _PROSE or is_closed


class _Text:
    """A block with the phrases of the table in it."""

    __slots__ = ("block", "found", "plain")

    def __init__(self, block: Block, words: PageWords) -> None:
        self.block = block
        self.plain = plain(block.text)
        self.found = list(words.find(self.plain))

    def says(self, kind: Outcome) -> list[Found]:
        """The phrases of a kind that count in a sentence."""
        return [f for f in self.found if f.kind is kind and f.place == "texts"]


class _Page:
    """The signs of a page, its texts read once for all kinds."""

    def __init__(self, signs: PageSigns, words: PageWords) -> None:
        self.signs, self.words = signs, words
        self.shown = [_Text(block, words) for block in signs.blocks if not block.chrome]
        self.size = sum(text.block.size for text in self.shown)

    @cached_property
    def texts(self) -> list[_Text]:
        """What there is to read but links; what browsers without scripts read, if nothing is."""
        told = self.signs.unscripted
        # What calls itself an article may hold it for a script, and says so to those without.
        is_empty = self.size < FLASH and not self.signs.is_article
        bare = [_Text(Block(told, len(told)), self.words)] if told and is_empty else []
        plain = [text for text in self.shown if not text.block.linked and not text.block.card]
        return plain + bare

    @cached_property
    def prose(self) -> list[_Text]:
        """The texts that are long enough to be sentences."""
        return [t for t in self.texts if _is_prose(t.block)]

    @cached_property
    def headings(self) -> list[_Text]:
        """The first headings."""
        shown = [text for text in self.shown if text.block.heading and not text.block.card]
        if self.has_story:
            # What a box over the page is headed does not name the page.
            shown = [text for text in shown if not text.block.banner]
        return shown[:_FIRST_HEADINGS]

    @cached_property
    def has_story(self) -> bool:
        """Whether a headline and a sentence stand outside of the boxes that ask for consent."""
        outside = [text.block for text in self.shown if not text.block.banner]
        headline = next((at for at, block in enumerate(outside) if block.heading == 1), None)
        return headline is not None and any(map(_is_prose, outside[headline:]))

    @cached_property
    def actions(self) -> set[Outcome]:
        """The kinds that have a button to them, by all that it says."""
        pressed = ((plain(action), action) for action in self.signs.actions)
        return {
            found.kind
            for text, _ in pressed
            for found in self.words.find(text)
            if found.place == "actions" and found.end - found.start == len(text)
        }


@lru_cache(maxsize=1)
def _read(signs: PageSigns, words: PageWords) -> _Page:
    # asked what it is and what speaks against it, one page after the other
    return _Page(signs, words)


def _says_only(title: str, kind: Outcome, words: PageWords) -> bool:
    """Whether a title, or a part of it between separators, says little else than a kind does."""
    for part in dict.fromkeys((title, *_SEPARATOR.split(title))):
        text = plain(part)
        found = [f for f in words.find(text) if f.kind is kind and f.place == "titles"]
        if found and _letters(text, found) >= _MOSTLY * len(text.replace(" ", "")):
            return True
    return False


def _letters(text: str, found: Sequence[Found]) -> int:
    """How many letters of a text are in the phrases, each counted once."""
    total, until = 0, 0
    for each in sorted(found, key=lambda f: f.start):
        total += len(text[max(each.start, until) : each.end].replace(" ", ""))
        until = max(until, each.end)
    return total


def _weight(kind: Outcome, page: _Page) -> tuple[int, str]:
    """How much speaks for a kind, and its clearest sign. Without a word or a mark, nothing does."""
    titled = _says_only(page.signs.title, kind, page.words)
    headed = [t for t in page.headings if _says_only(t.block.text, kind, page.words)]
    telling = [t for t in page.texts if t.says(kind) and t not in headed]
    asked, little = _asked(kind, page), page.size < LITTLE
    placed = page.signs.path in page.words.paths[kind]
    if not (titled or headed or telling or placed or (asked and little)):
        return 0, ""
    rest = _rest(kind, page, telling)
    if _is_own_headline(page, titled, headed) and (rest or kind is not Outcome.SOFT_404):
        return 0, ""
    # A headline that says something else, with prose to it, is an article with a box beside it.
    # Any words may be the article's own where it calls itself one.
    story = rest or (page.signs.is_article and kind is Outcome.CONSENT_WALL)
    beside = bool(story) and not titled and any(_is_headline(t, headed) for t in page.headings)
    named = titled or bool(headed and not beside)
    weight = 2 * titled + 2 * bool(headed and not beside) + asked
    weight += placed * (2 if page.signs.is_article else 3)
    weight += _told(kind, page, telling, backed=weight > 0) + little
    # What calls itself an article without any text of its own may be a template's doing.
    weight -= (3 if rest else 1) * page.signs.is_article
    weight -= _against(rest, named=named) + 4 * beside
    return weight, _said(kind, page, titled, headed, telling, placed)


def _is_own_headline(page: _Page, titled: bool, headed: Sequence[_Text]) -> bool:
    """Whether what names a kind is what the page calls its dated article: "Are you human?".

    A template may call an error page so as well, but gives it no text of its own.
    """
    own = plain(page.signs.headline)
    if not own or not page.signs.is_article:
        return False
    if headed:
        return any(text.plain == own for text in headed)
    return titled and own in plain(page.signs.title)


def _said(
    kind: Outcome,
    page: _Page,
    titled: bool,
    headed: Sequence[_Text],
    telling: Sequence[_Text],
    placed: bool,
) -> str:
    """The clearest sign of a kind, in a person's words."""
    if headed:
        return f"it says “{headed[0].block.text[:80]}”"
    if titled:
        return f"its title is “{page.signs.title[:80]}”"
    if telling:
        # The phrase alone: what stands around it may differ from one poll to the next.
        phrase = telling[0].says(kind)[0]
        return f"it says “{telling[0].plain[phrase.start : phrase.end]}”"
    return f"its address ends in “{page.signs.path}”" if placed else "it is built as one"


def _is_headline(text: _Text, headed: Sequence[_Text]) -> bool:
    return text.block.heading == 1 and not text.block.banner and text not in headed


def _told(kind: Outcome, page: _Page, telling: Sequence[_Text], *, backed: bool) -> int:
    """0 to 3: how much of what there is to read is in the words of the kind.

    News say such things too, in passing. So a few words count only where another sign backs
    them; alone they must be most of the text.
    """
    if not telling:
        return 0
    letters = sum(len(t.plain.replace(" ", "")) for t in page.texts if not t.block.heading)
    said = sum(_letters(t.plain, t.says(kind)) for t in telling)
    share = said / letters if letters else 1.0
    several = len({t.plain[f.start : f.end] for t in telling for f in t.says(kind)}) > 2
    much = share >= 0.4 or (backed and share >= 0.15)
    return 1 + much + (share >= 0.7 or (backed and several))


def _asked(kind: Outcome, page: _Page) -> int:
    """0 to 2: what the page is built to ask of its reader."""
    if kind is Outcome.LOGIN_PAGE:
        return 2 * (page.signs.passwords > 0)
    if kind is Outcome.CONSENT_WALL:
        return 2 * (kind in page.actions)
    if kind is Outcome.BOT_CHALLENGE:
        return 2 * (kind in page.signs.marked or (page.signs.refreshes and page.size < FLASH))
    return 0


def _rest(kind: Outcome, page: _Page, telling: Sequence[_Text]) -> list[Block]:
    """The prose that does not speak of the kind, as an article's would not."""
    spoken = set(telling)
    rest = [text.block for text in page.prose if text not in spoken]
    if kind is not Outcome.CONSENT_WALL:
        return rest
    # Walls explain themselves at length, in one box with what they ask.
    boxes = {text.block.holder for text in telling}
    return [block for block in rest if not block.banner and block.holder not in boxes]


def _against(rest: Sequence[Block], *, named: bool) -> int:
    """How much the rest of the text speaks against a kind, by its longest story.

    A heading that names the kind stands for the whole page. Without one, even a flash beside
    the words of the kind is an article with a box on it.
    """
    held: dict[int, int] = {}
    for block in rest:
        held[block.holder] = held.get(block.holder, 0) + block.size
    prose = max(held.values(), default=0)
    beside = not named and prose >= FLASH
    return (prose >= FLASH) + (prose >= SHORT) + 4 * (prose >= WHOLE) + 3 * beside
