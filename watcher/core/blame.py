"""Since when each paragraph has stood there, and since when in these words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.core.compare import is_typographic
from watcher.core.model import Change, Edit


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one paragraph comes from. Versions are 0-based positions in the sequence blamed.

    `appeared` is the version that first had it, in whatever words; `altered` the one since which
    it has had these (equal to `appeared` if it never changed); `typographic` is true if that
    last alteration was one of white space, invisible characters or Unicode form alone. `last` is
    the last version that has it: the latest, or the one before it went. `away` lists its
    absences: in which version it was gone, in which it was back.
    """

    text: str
    appeared: int
    altered: int
    typographic: bool
    last: int
    away: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Blame:
    """`current`: an origin for each paragraph of the last version, in its order; `gone`: those of
    the paragraphs that went and did not come back, in the order in which they went."""

    current: tuple[Origin, ...]
    gone: tuple[Origin, ...]


Reading = tuple[Sequence[str], Change]
"""A version's paragraphs as another extractor reads them, and compare() from the first reading."""


def blame(
    versions: Sequence[Sequence[str]],
    changes: Sequence[Change],
    readings: Mapping[int, Reading] | None = None,
) -> Blame:
    """Follows every paragraph from version to version through moves, edits, splits and merges.

    `versions` are the paragraph texts of consecutive versions, `changes` what compare() says of
    each and its successor. A move alone alters nothing. Each part of a split appeared with its
    source, a merged paragraph with the earliest of its sources, and both were altered there and
    then. A paragraph that was deleted and comes back word for word is the same one: it keeps its
    versions and the absence is told, so that "in version 1, gone in 2, back in 3" can be seen;
    of several such the one that went last comes back. One edited back to its former words was
    altered when it was. Takes time linear in the number of paragraphs of all versions.

    `readings` has, by position, the versions that were read anew before they were compared with
    their successors, as after an upgrade of the extractor. What differs between two readings of a
    page was not done by its publisher: nothing is altered or gone by it.

    Raises ValueError if there is no version or the changes are not of these versions.
    """
    if not versions or len(changes) != len(versions) - 1:
        raise ValueError(
            f"{len(versions)} versions and {len(changes)} changes: there must be a version, and "
            "a change between each two"
        )
    trail = _Trail(versions[0])
    for number, (texts, change) in enumerate(zip(versions[1:], changes, strict=True), 1):
        if readings and number - 1 in readings:
            trail.reread(*readings[number - 1])
        trail.follow(texts, change.edits, number)
    return trail.blame()


class _Trail:
    """The origins as of one version after another."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._here = [Origin(text, 0, 0, False, 0) for text in texts]
        self._latest = 0
        # Deleted ones in the order in which they went; by text, those that may come back.
        self._went: dict[int, Origin] = {}
        self._by_text: dict[str, list[int]] = {}
        self._count = 0

    def follow(self, texts: Sequence[str], edits: Sequence[Edit], number: int) -> None:
        _check(edits, len(self._here), len(texts), number)
        self._latest = number
        for edit in sorted((e for e in edits if not e.new), key=lambda e: e.old):
            for at in edit.old:
                self._lose(replace(self._here[at], last=number - 1))
        fresh: dict[int, Origin] = {}
        for edit in edits:
            for at in edit.new:
                fresh[at] = self._origin(edit, texts[at], number)
        self._here = [fresh[at] for at in range(len(texts))]

    def reread(self, texts: Sequence[str], change: Change) -> None:
        """The latest version in another reading of the same page."""
        _check(change.edits, len(self._here), len(texts), self._latest)
        fresh: dict[int, Origin] = {}
        for edit in change.edits:
            sources = [self._here[at] for at in edit.old]
            for at in edit.new:
                fresh[at] = self._same(sources, texts[at])
        self._here = [fresh[at] for at in range(len(texts))]

    def _same(self, sources: Sequence[Origin], text: str) -> Origin:
        """A paragraph read anew. One that was overlooked before has been there since this version
        at least."""
        if not sources:
            return Origin(text, self._latest, self._latest, False, self._latest)
        first = min(sources, key=lambda source: source.appeared)
        last = max(sources, key=lambda source: source.altered)
        return replace(first, text=text, altered=last.altered, typographic=last.typographic)

    def blame(self) -> Blame:
        current = tuple(replace(origin, last=self._latest) for origin in self._here)
        return Blame(current, tuple(self._went.values()))

    def _origin(self, edit: Edit, text: str, number: int) -> Origin:
        if not edit.old:
            return self._back(text, number) or Origin(text, number, number, False, number)
        sources = [self._here[at] for at in edit.old]
        if edit.op == "equal":
            return sources[0]
        first = min(sources, key=lambda source: source.appeared)
        return Origin(text, first.appeared, number, is_typographic(edit), number, first.away)

    def _lose(self, origin: Origin) -> None:
        self._went[self._count] = origin
        self._by_text.setdefault(origin.text, []).append(self._count)
        self._count += 1

    def _back(self, text: str, number: int) -> Origin | None:
        waiting = self._by_text.get(text)
        if not waiting:
            return None
        origin = self._went.pop(waiting.pop())
        went = origin.last + 1
        # Furniture may go here and come there in one change: it was never away.
        away = origin.away if went == number else (*origin.away, (went, number))
        return replace(origin, away=away)


def _check(edits: Sequence[Edit], old: int, new: int, number: int) -> None:
    gone = sorted(at for edit in edits for at in edit.old)
    come = sorted(at for edit in edits for at in edit.new)
    if gone != list(range(old)) or come != list(range(new)):
        raise ValueError(
            f"the change to the version at position {number} does not lead from its predecessor's "
            f"{old} paragraphs to its {new}"
        )
