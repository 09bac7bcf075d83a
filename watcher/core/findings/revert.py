"""A change that brought back the text of an earlier version, and which."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.findings.comparison import Comparison
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding


def _look(about: Comparison) -> Iterator[Finding]:
    number = about.circumstances.revert_of
    if number is not None:
        yield about.state("reverted", f"back to the text of version {number}", ())


RULE = SimpleRule(name="revert", kinds=("reverted",), look=_look)
