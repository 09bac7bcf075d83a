"""Words of a page in the sentence of a finding."""

from __future__ import annotations

LONGEST = 60
"""Characters of a page's words that a sentence shows."""

_SINGLE = str.maketrans("“”", "‘’")


def shortened(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text as one line, cut at a word; at most `longest` characters and " …"."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    cut = flat[:longest]
    return (cut.rpartition(" ")[0] or cut) + " …"


def quoted(text: str) -> str:
    """The beginning of a text in quotation marks; those inside it become single ones."""
    return f"“{shortened(text).translate(_SINGLE)}”"
