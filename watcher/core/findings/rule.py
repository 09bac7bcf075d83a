"""What a rule of findings is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from watcher.core.findings.comparison import Comparison
from watcher.core.model import Finding


class Rule(Protocol):
    """Looks for findings of some kinds. Pure: the same comparison, the same findings.

    `name` is that of its module, `kinds` are all it can report. Without one of the word lists
    `needs` it is not asked, without one of `uses` it sees less; the change's coverage says so.
    """

    @property
    def name(self) -> str: ...
    @property
    def kinds(self) -> tuple[str, ...]: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def uses(self) -> tuple[str, ...]: ...

    def __call__(self, about: Comparison, /) -> Iterable[Finding]:
        """The findings, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class SimpleRule:
    """A rule that is a function."""

    name: str
    kinds: tuple[str, ...]
    look: Callable[[Comparison], Iterable[Finding]]
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

    def __call__(self, about: Comparison, /) -> Iterable[Finding]:
        """The findings, in any order."""
        return self.look(about)
