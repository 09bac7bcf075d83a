"""Text as it is kept, shown and digested. Pure functions of their arguments."""

from __future__ import annotations

import json
import re
import unicodedata
from hashlib import sha256

from watcher.core.model import COMPARED, Snapshot
from watcher.core.urls import link_form

# Invisible and meaningless in prose: C0 and C1 controls that are no white space, soft hyphen,
# zero-width space, word joiner, BOM, interlinear marks, noncharacters and lone surrogates.
# Kept: ZWNJ and ZWJ, which spell words in Persian, Indic scripts and emoji, and all bidi marks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)

# Whole sequences go first, so that their parameters do not stay behind as litter. None begins
# within another, or a row of beginnings would be gone over from each of them.
_OSC = re.compile(
    "(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\\\|\x9c)"
)
_CSI = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]")
_WORDS = re.compile(r"[^\W_]+")
_NO_WORD_OF_ASCII = bytes(code for code in range(128) if not chr(code).isalnum())
_HTML_SPACE = re.compile("[ \t\n\x0b\f\r\x85\u2028\u2029]+")
_SPACING = re.compile("[\t\x0b\x0c\r\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# JSON leaves these as they are, but a terminal may obey them and an editor reorder by them.
_LOUD_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` as one line: NFC, white space folded to single spaces, invisible characters gone.

    Bidi marks, ZWJ and ZWNJ stay, since they belong to the text. Cleaning twice changes nothing.
    """
    told = " ".join(text.split())
    if told.isprintable():
        return told if told.isascii() else unicodedata.normalize("NFC", told)
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def as_shown(text: str) -> str:
    """`text` as one line, as a browser shows it: runs of spaces, tabs and line ends are one space.

    No-break and other wide or narrow spaces and the Unicode form stay, unlike in clean(): whether
    they change is for a comparison to say. Invisible characters go.
    """
    plain = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    if plain.isprintable():
        return " ".join(plain.split())
    return _HTML_SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def folded(text: str) -> str:
    """A piece of a text as as_shown() has it, with what is left of the white space at its ends."""
    plain = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    return _HTML_SPACE.sub(" ", plain if plain.isprintable() else _INVISIBLE.sub("", text))


def letters_and_digits(text: str) -> str:
    """`text` without whatever is neither a letter nor a digit."""
    if text.isascii():
        return text.encode().translate(None, _NO_WORD_OF_ASCII).decode()
    # most of what goes is ASCII all the same, and goes ten times as fast so
    rest = text.encode("utf-8", "surrogatepass").translate(None, _NO_WORD_OF_ASCII)
    return "".join(_WORDS.findall(rest.decode("utf-8", "surrogatepass")))


def printable(text: str, *, newlines: bool = False) -> str:
    """`text` made safe for a terminal: no escape sequence, no control, no bidi reordering.

    OSC, DCS and CSI sequences go as a whole; tabs become spaces; line feeds become spaces too
    unless `newlines` is true. Bidi overrides, embeddings and isolates go, marks (LRM, RLM) stay.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _CSI.sub("", _OSC.sub("", text.replace("\r\n", "\n")))
    text = _UNPRINTABLE.sub("", _SPACING.sub(" ", text))
    return text if newlines else text.replace("\n", " ")


def quiet_json(document: str) -> str:
    """A JSON document that means the same and can be shown raw: what is loud in it is escaped."""
    return _LOUD_IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", document)


def content_digest(snapshot: Snapshot) -> str:
    """Digest of what the article says: the headline and each paragraph's kind and text."""
    return _digest_json([snapshot.headline, [list(p) for p in snapshot.paragraphs]])


def snapshot_digest(snapshot: Snapshot) -> str:
    """Digest of all of a snapshot but its URL: content, metadata, notices, posts and links."""
    return _digest_json(
        [
            snapshot.headline,
            [getattr(snapshot, name) for name in COMPARED],
            [list(p) for p in snapshot.paragraphs],
            [[n.kind, n.text, n.place] for n in snapshot.notices],
            # not the keys: some sites name their posts anew with every page
            [p.time for p in snapshot.posts],
            # not where they stand: that is the text's, or the form of the page
            [link_form(link.url) for link in snapshot.links],
        ]
    )


def _digest_json(value: object) -> str:
    # JSON in ASCII is unambiguous about where one text ends, and encodes any str
    return sha256(json.dumps(value, separators=(",", ":")).encode("ascii")).hexdigest()
