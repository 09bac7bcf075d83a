"""What the configuration says of a site: which parts of its pages are the article's."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Rules for the pages of a host and of those below it.

    `drop` and `keep` are CSS selectors of elements: their text never, or always, belongs to the
    article. `drop_text` and `keep_text` are regular expressions, searched for in the text of a
    paragraph, with the same meaning; keeping goes before dropping, and before learned noise.
    """

    host: str = ""
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop_text: tuple[str, ...] = ()
    keep_text: tuple[str, ...] = ()

    def keeps(self, text: str) -> bool:
        """Whether a paragraph's text must be kept."""
        return any(re.search(pattern, text) for pattern in self.keep_text)

    def drops(self, text: str) -> bool:
        """Whether a paragraph's text must be dropped."""
        return any(re.search(pattern, text) for pattern in self.drop_text) and not self.keeps(text)

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to do."""
        return not (self.drop or self.keep or self.drop_text or self.keep_text)


NO_RULES = SiteRules()


@dataclass(frozen=True, slots=True)
class Sites:
    """The rules of all configured sites."""

    rules: tuple[SiteRules, ...] = ()

    def of(self, url: str) -> SiteRules:
        """The rules for a page: those of all entries for its host, together."""
        try:
            host = (urlsplit(url).hostname or "").rstrip(".")
        except ValueError:
            return NO_RULES
        found = [r for r in self.rules if host == r.host or host.endswith(f".{r.host}")]
        if len(found) < 2:
            return found[0] if found else NO_RULES
        return SiteRules(
            host,
            _joined([rules.drop for rules in found]),
            _joined([rules.keep for rules in found]),
            _joined([rules.drop_text for rules in found]),
            _joined([rules.keep_text for rules in found]),
        )

    def reader(self, extractor: str, url: str) -> str:
        """The name of what reads a page: the extractor, and the digest of the rules it obeys.

        Rules that changed make another reader, so that the change is not taken for an edit.
        """
        rules = self.of(url)
        if rules.is_empty:
            return extractor
        told = json.dumps([rules.drop, rules.keep, rules.drop_text, rules.keep_text])
        return f"{extractor}, rules {sha256(told.encode('ascii')).hexdigest()[:12]}"


NO_SITES = Sites()


def _joined(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for found in lists for each in found))
