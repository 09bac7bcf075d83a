"""Story watcher: follows developing news stories and keeps every version it sees."""

__version__ = "0.1.0"
