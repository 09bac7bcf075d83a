"""What a page shows of its kind, as values: read by an adapter, judged by `pagekind`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from watcher.core.model import Outcome


class Block(NamedTuple):
    """A piece of visible text. `size` is its full length in characters, if `text` is cut.

    `heading` is 1 to 3 for a heading, else 0; `linked` says that most of it is links, `chrome`
    that it stands in navigation or a footer, `banner` that it stands in a box that asks for
    consent, `card` that it is a teaser: of the few words of a box that is headed by a link to
    another page. Paragraphs of one story have the same `holder`.
    """

    text: str
    size: int
    heading: int = 0
    linked: bool = False
    chrome: bool = False
    banner: bool = False
    card: bool = False
    holder: int = 0


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What a page shows of its kind; blocks in page order.

    `path` is the last part of the page's address without an ending, in lower case, `actions`
    the texts of buttons, `unscripted` what is told to browsers without scripts, `marked` the
    kinds whose marks are in the HTML, `passwords` the number of password fields.
    `is_article`: it calls itself an article and gives a date. `is_locked`: it says that it is not
    free; `locked_size` the characters in the part it names as locked, None if it names none.
    `words` is how many words the article has by its own account, `headline` what it calls itself in
    marks that also give a date.
    """

    title: str
    blocks: tuple[Block, ...]
    path: str = ""
    actions: tuple[str, ...] = ()
    unscripted: str = ""
    marked: frozenset[Outcome] = frozenset()
    passwords: int = 0
    refreshes: bool = False
    is_article: bool = False
    is_locked: bool = False
    locked_size: int | None = None
    words: int | None = None
    headline: str = ""
