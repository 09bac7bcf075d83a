"""Files with secrets that more people may read than must."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from config.load import Loaded
from config.words import quote


def exposed_secrets(loaded: Loaded) -> tuple[str, ...]:
    """A sentence for each such file.

    Its group may read it if another user owns it: a service often reads by its group what root
    wrote for it.
    """
    folder = loaded.sources[0].absolute().parent
    told = []
    for webhook in loaded.settings.webhooks:
        kind, _, target = webhook.secret.partition(":")
        who = _readers(folder / target) if kind == "file" else None
        if who is not None:
            named = f"the file {quote(target)}, with the secret of the webhook {webhook.name}"
            told.append(f"{named}, can be read by {who}")
    return tuple(told)


def _readers(path: Path) -> str | None:
    try:
        found = path.stat()
    except OSError:
        return None
    if found.st_mode & stat.S_IROTH:
        return "everybody on this machine"
    if found.st_mode & stat.S_IRGRP and found.st_uid == os.geteuid():
        return "its whole group"
    return None
