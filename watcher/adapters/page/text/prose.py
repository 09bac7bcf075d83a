"""What of a page's texts reads as prose, as a dateline, as a sentence."""

from __future__ import annotations

import unicodedata

from watcher.adapters.page.source.blocks import Block
from watcher.core.text import letters_and_digits

# Characters: labels, bylines and most headlines are shorter, most paragraphs are longer.
_PROSE = 60
# Characters beside the times: names, offices, places.
_DATELINE = 100
_STOPS = tuple(".!?…。！？।؟")
_QUOTES = "\"'”“»’)」"


def prose_size(block: Block) -> int:
    """The length of a text that reads as prose, 0 for another."""
    size = len(block.text)
    if 2 * block.links > size or block.kind in ("heading", "caption") or is_dateline(block):
        return 0
    if size < _PROSE and not block.text.isascii():
        size += sum(c > "\u2e80" for c in block.text)
    return size if size >= _PROSE else 0


def is_dateline(block: Block) -> bool:
    """True for a line that gives times and names, and says nothing else."""
    return (
        block.times > 0
        and len(block.text) - block.times < _DATELINE
        and not block.text.endswith(_STOPS)
    )


def is_sentence(text: str) -> bool:
    """True if a text ends as sentences do."""
    return text.rstrip(_QUOTES).endswith(_STOPS)


def letters(text: str) -> str:
    """The letters and digits of a text, whatever stands between them."""
    return letters_and_digits(text if text.isascii() else unicodedata.normalize("NFC", text))
