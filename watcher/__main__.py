"""`python -m watcher`."""

from __future__ import annotations

from watcher.cli.main import main

main()
