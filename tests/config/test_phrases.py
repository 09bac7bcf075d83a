"""The loader of phrase tables: what is shipped, what a user adds, every fault with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.files import Files
from config.phrases import load_own, shipped_phrases, with_own
from watcher.core.notices import find_notices
from watcher.core.phrases import read_phrases
from watcher.errors import ConfigError

OWN = """\
[en.update]
labels = ["seen again"]

[is]
calendar = ["maí", "kl"]

[is.update]
lines = ["[síðast] uppfært {when}"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "my-notices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_own(path)
    return caught.value.faults


def test_the_shipped_table_has_no_fault_and_is_loaded_once() -> None:
    import tomllib
    from importlib.resources import files

    text = (files("config") / "notices.toml").read_text(encoding="utf-8")
    assert read_phrases(tomllib.loads(text))[1] == ()
    assert shipped_phrases() is shipped_phrases()


def test_a_file_adds_to_the_shipped_table(tmp_path: Path) -> None:
    source = Files()
    path = write(tmp_path, OWN)
    phrases = with_own(load_own(path, source))
    lines = [
        ("paragraph", "Seen again: the bridge is open."),
        ("paragraph", "Síðast uppfært 4. maí 2024 kl 14.05"),
        ("paragraph", "More to follow."),
    ]
    assert [n.kind for n in find_notices(lines, "is", phrases)] == [
        "update",
        "update",
        "developing",
    ]
    assert [n.kind for n in find_notices(lines, "is", shipped_phrases())] == ["developing"]
    assert source.sources == (path,)


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, '[en.update]\nlabels = [\n  "good",\n  "bad (",\n]\nlabel = ["x"]\n')
    assert faults(path) == (
        f'{path}:4: the phrase "bad (" opens a "(" and never closes it; add its ")"',
        f'{path}:6: unknown key "label" in [en.update]; '
        "known: labels, sentences, lines, bracketed, drop",
    )


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "[en.update\n")
    (fault,) = faults(path)
    assert fault.startswith(f"{path}:1: not valid TOML")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    assert faults(path) == (
        f'{path}: the file "{path}" does not exist; correct the name, or write the file',
    )
    (folder_fault,) = faults(tmp_path)
    assert "is a folder" in folder_fault
