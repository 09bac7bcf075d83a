"""The shipped words of counters and relative times."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from watcher.adapters.page.times.month_names import MONTHS
from watcher.core.noise import NoiseWords, noise_words


@cache
def shipped_noise_words() -> NoiseWords:
    """The words of all languages that story watcher comes with."""
    text = (files("watcher.adapters.page.text") / "noise.toml").read_text(encoding="utf-8")
    return noise_words(tomllib.loads(text).values(), MONTHS)
