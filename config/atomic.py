"""Replace a file in one step: a reader sees the old content or the new, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` over an existing file, keeping its mode and, where allowed, its owner.

    The file behind a symbolic link is replaced, not the link. Raises OSError; then the file is
    as it was.
    """
    target = path.resolve()
    state = target.stat()
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            # Only root can give a file away; for others the owner is the same anyway.
            with contextlib.suppress(PermissionError):
                os.fchown(file.fileno(), state.st_uid, state.st_gid)
            os.fchmod(file.fileno(), state.st_mode & 0o7777)
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
