"""What the configuration says of a site: which parts of its pages are the article's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from watcher.core.urls import host_of

LONGEST_TEXT = 300
"""Characters of a text that an expression may drop. Counters, stamps and calls to action are
shorter; a longer one is prose, and would cost an expression too much time."""


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Rules for the pages of a host and of those below it.

    `drop` and `keep` are CSS selectors of elements: their text never, or always, belongs to the
    article. `drop_text` and `keep_text` are regular expressions, searched for in the text of a
    paragraph of up to LONGEST_TEXT characters, with the same meaning; keeping goes before
    dropping, and before learned noise.
    """

    host: str = ""
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop_text: tuple[str, ...] = ()
    keep_text: tuple[str, ...] = ()

    def keeps(self, text: str) -> bool:
        """Whether a paragraph's text must be kept."""
        return len(text) <= LONGEST_TEXT and any(re.search(each, text) for each in self.keep_text)

    def drops(self, text: str) -> bool:
        """Whether a paragraph's text must be dropped."""
        fits = len(text) <= LONGEST_TEXT and any(re.search(each, text) for each in self.drop_text)
        return fits and not self.keeps(text)

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to do."""
        return not (self.drop or self.keep or self.drop_text or self.keep_text)


NO_RULES = SiteRules()


@dataclass(frozen=True, slots=True)
class Sites:
    """The rules of all configured sites.

    `notices` is a digest of the operator's own table of notices, "" without one: like the rules
    it decides how a page is read.
    """

    rules: tuple[SiteRules, ...] = ()
    notices: str = ""

    def of(self, url: str) -> SiteRules:
        """The rules for a page: those of all entries for its host, together."""
        if not self.rules:
            return NO_RULES
        try:
            host = host_of(url)
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
        """The name of what reads a page: the extractor, and digests of what else it obeys.

        Rules that changed make another reader, so that the change is not taken for an edit.
        """
        return extractor + self._obeyed(url)

    def fingerprint(self, fingerprint: str | None, url: str) -> str | None:
        """A page's fast fingerprint, as it stands for the page under the rules that hold now.

        None where a rule keeps something: that may come at a place that no fingerprint sees, on a
        page whose own text stays as it was. One that was remembered under other rules must not say
        that nothing changed.
        """
        obeyed = self._obeyed(url)
        if fingerprint is None or not obeyed:
            return fingerprint
        rules = self.of(url)
        if rules.keep or rules.keep_text:
            return None
        return sha256(f"{fingerprint}{obeyed}".encode("ascii")).hexdigest()

    def _obeyed(self, url: str) -> str:
        told = f", notices {self.notices}" if self.notices else ""
        rules = self.of(url)
        if rules.is_empty:
            return told
        parts = json.dumps([rules.drop, rules.keep, rules.drop_text, rules.keep_text])
        return f"{told}, rules {sha256(parts.encode('ascii')).hexdigest()[:12]}"


NO_SITES = Sites()


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages are to be read: by the rules for `sites`, and with the operator's own `notices`,
    the tables of that file as parsed, which hold nothing but texts; None without such a file."""

    sites: Sites = NO_SITES
    notices: Mapping[str, Any] | None = None


AS_SHIPPED = Reading()
"""Without rules, and with the phrases that story watcher comes with."""


def _joined(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for found in lists for each in found))
