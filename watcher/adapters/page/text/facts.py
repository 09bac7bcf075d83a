"""Short texts in elements that are no paragraphs: figures in boxes, values beside their labels."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.adapters.page.source.blocks import Page
from watcher.adapters.page.text.datelines import is_clock_line, is_stamp
from watcher.adapters.page.text.headedlinks import is_linked
from watcher.adapters.page.text.noise_words import shipped_noise_words
from watcher.adapters.page.text.prose import is_sentence
from watcher.core.patterns import fold


def is_fact(page: Page, sums: Sequence[int], index: int) -> bool:
    """True for a block in a box without prose that holds nothing to click on, and beside no link.

    The block stands amid the article's text; `sums` tell how much prose each node holds. A clock
    time over a post, a line that says when something was published, and a counter or span of time
    that goes on by itself are none.
    """
    block = page.blocks[index]
    if not is_sentence(block.text) and shipped_noise_words().goes_on.search(fold(block.text)):
        return False
    if block.links or block.times or is_clock_line(block.text) or is_stamp(block.text):
        return False
    if is_linked(page.blocks[index - 1]) or is_linked(page.blocks[index + 1]):
        return False
    box = block.node
    while not sums[parent := page.nodes[box].parent]:
        box = parent
    stop = page.nodes[box].stop
    return not any(box <= at < stop for at in (*page.controls, *page.fields))
