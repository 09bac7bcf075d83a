"""How pages are to be read: the rules for sites, the operator's own tables of notices and words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.document import Document
from config.faults import Faults
from config.files import Files, trouble
from config.lexicons import load_own_words
from config.phrases import load_own
from config.settings import Settings
from config.values import plain_path
from watcher.core.sites import Reading, SiteRules, Sites
from watcher.errors import ConfigError


def reading(settings: Settings, notices: Mapping[str, Any] | None) -> Reading:
    """What settings without faults say about reading pages."""
    rules = tuple(
        SiteRules(each.host, each.drop, each.keep, each.drop_text, each.keep_text)
        for each in settings.sites
    )
    return Reading(Sites(rules, _digest(notices)), notices)


def _digest(notices: Mapping[str, Any] | None) -> str:
    """What tells two files apart, whatever their comments and the order of their tables."""
    if not notices:
        return ""
    told = json.dumps(notices, sort_keys=True)
    return sha256(told.encode("ascii")).hexdigest()[:12]


def read_notices(document: Document, files: Files, faults: Faults) -> Mapping[str, Any] | None:
    """What the file of notices says, None if the configuration names none; its faults are added."""
    return _own(document, files, faults, "extraction", "notices_file", load_own)


def read_words(document: Document, files: Files, faults: Faults) -> Mapping[str, Any] | None:
    """What the file of word lists says, None if the configuration names none; as above."""
    return _own(document, files, faults, "findings", "words_file", load_own_words)


def _own(
    document: Document,
    files: Files,
    faults: Faults,
    name: str,
    key: str,
    load: Callable[[Path, Files], Mapping[str, Any]],
) -> Mapping[str, Any] | None:
    table = document.data.get(name)
    if not isinstance(table, dict) or key not in table:
        return None
    try:
        path = document.path.parent / plain_path(table[key])
    except ValueError:
        return None  # told with the other values that are not well formed
    try:
        files.read(path)
    except OSError as error:
        subject = f'"{key}" in [{name}]: {trouble(error, path)}'
        faults.add((name, key), f"{subject}; correct the name, or write the file")
        return None
    try:
        return load(path, files)
    except ConfigError as error:
        faults.add_other(path, error.faults)
        return None
