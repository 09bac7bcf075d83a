"""The extractor's name and version, without loading the extractor."""

from __future__ import annotations

from importlib.metadata import version

EXTRACTOR = f"trafilatura {version('trafilatura')} / 7"
"""Recorded with every version of an article. The last number counts our own changes to what an
extraction yields: raise it whenever the same page would give another snapshot."""
