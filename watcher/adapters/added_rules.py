"""Rules of findings from other packages, by entry points of the group "watcher.findings"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from watcher.core.findings.registry import CONCLUDING, LOOKING
from watcher.core.findings.rule import Rule, SimpleRule

GROUP = "watcher.findings"


@dataclass(frozen=True, slots=True)
class AddedRule:
    """A rule of another package as it was found: `fault` says why it cannot be used, if it
    cannot."""

    name: str
    package: str
    rule: Rule | None
    fault: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that it can report."""
        return () if self.rule is None else self.rule.kinds


@cache
def added_rules() -> tuple[AddedRule, ...]:
    """The rules that installed packages add, by name: looked for once in a process."""
    taken = {rule.name for rule in (*LOOKING, *CONCLUDING)}
    found: list[AddedRule] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        added = _loaded(entry, taken)
        if added.rule is not None:
            taken.add(added.rule.name)
        found.append(added)
    return tuple(found)


def _loaded(entry: EntryPoint, taken: set[str]) -> AddedRule:
    package = "?" if entry.dist is None else entry.dist.name
    try:
        thing = entry.load()
        rule = _rule(thing)
    except Exception as error:  # noqa: BLE001  whatever the package of others does
        return AddedRule(entry.name, package, None, f"{type(error).__name__}: {error}")
    if rule.name in taken:
        return AddedRule(entry.name, package, None, f'there is a rule "{rule.name}" already')
    return AddedRule(entry.name, package, rule)


def _rule(thing: object) -> SimpleRule:
    """What was found, as a rule. Raises TypeError if it is none."""
    name = getattr(thing, "name", None)
    if not callable(thing) or not isinstance(name, str) or not name:
        raise TypeError("a rule is callable, and has a name and kinds")
    kinds = _texts(thing, "kinds")
    if not kinds:
        raise TypeError("a rule names the kinds that it can report")
    return SimpleRule(name, kinds, thing, _texts(thing, "needs"), _texts(thing, "uses"))


def _texts(thing: object, name: str) -> tuple[str, ...]:
    value = getattr(thing, name, ())
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):
        raise TypeError(f'"{name}" of a rule must be a tuple of texts')
    return tuple(value)
