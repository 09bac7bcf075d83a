"""The extractor's name and version, without importing it: that costs time and memory."""

from __future__ import annotations

from importlib.metadata import version

REVISION = 1
"""Counts this project's own changes to what extraction gives; raise it with each."""

EXTRACTOR = f"trafilatura {version('trafilatura')} / {REVISION}"
