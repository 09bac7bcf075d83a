"""Stories by their names."""

from __future__ import annotations

import difflib

from sqlite_utils import Database

from watcher.errors import UsageError


def known_story(db: Database, name: str) -> str:
    """The name, if there is such a story. Raises UsageError with the nearest names there are."""
    names = [str(each) for (each,) in db.conn.execute("SELECT name FROM story ORDER BY name")]
    wanted = name.strip()
    if wanted in names:
        return wanted
    folded = [each for each in names if each.casefold() == wanted.casefold()]
    near = folded or difflib.get_close_matches(wanted, names, 3)
    listed = ", ".join(f'"{each}"' for each in near or names[:10])
    if not names:
        told = "the archive has none yet"
    elif near:
        told = f"did you mean {listed}?"
    else:
        told = f"there are {listed}{' and others' if len(names) > 10 else ''}"
    raise UsageError(f'no story is named "{name}": {told}')
