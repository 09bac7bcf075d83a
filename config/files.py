"""The files a configuration is read from, each read once and remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.words import quote

MOST_BYTES = 10_000_000
"""Far more than any list of URLs; a guard against reading a device or the wrong file."""


class Files:
    """Reads files and remembers what it read, in order, for watching them.

    `instead` gives contents that are to be taken for a file's, before they are written there.
    """

    def __init__(self, instead: Mapping[Path, bytes] | None = None) -> None:
        self._instead = dict(instead or {})
        self._seen: dict[Path, bytes | None] = {}

    def read(self, path: Path) -> bytes:
        """The bytes of a file. Raises OSError; a file over the size limit is one too."""
        known = self._seen.get(path)
        if known is not None:
            return known
        self._seen[path] = None
        content = self._instead.get(path)
        if content is None:
            content = _read(path)
        self._seen[path] = content
        return content

    @property
    def sources(self) -> tuple[Path, ...]:
        """Every file asked for, also those that could not be read."""
        return tuple(self._seen)

    def digest(self) -> str:
        """A digest of all names and contents, as digest_of gives it for the same files."""
        return _digest(self._seen.items())


def digest_of(sources: Iterable[Path]) -> str:
    """What `Loaded.digest` would be if these sources were read now; reads the files.

    A missing or unreadable file counts as such and raises nothing.
    """
    return _digest((path, _read_or_none(path)) for path in sources)


def trouble(error: OSError, path: Path) -> str:
    """Why a file cannot be read, as a sentence without its remedy."""
    if isinstance(error, FileNotFoundError):
        return f"the file {quote(str(path))} does not exist"
    if isinstance(error, IsADirectoryError):
        return f"{quote(str(path))} is a folder, not a file"
    if isinstance(error, PermissionError):
        return f"the file {quote(str(path))} may not be read by this user"
    return f"the file {quote(str(path))} cannot be read: {error.strerror or error}"


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    return content


def _read_or_none(path: Path) -> bytes | None:
    try:
        return _read(path)
    except OSError:
        return None


def _digest(files: Iterable[tuple[Path, bytes | None]]) -> str:
    whole = hashlib.sha256()
    for path, content in files:
        part = b"missing" if content is None else hashlib.sha256(content).digest()
        whole.update(hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).digest())
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
