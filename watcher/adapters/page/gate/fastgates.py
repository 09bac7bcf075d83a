"""The gates that need no worker, as every Extractor has them."""

from __future__ import annotations

from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.gate.outline import is_outline_sure, page_outline


class FastGates:
    """Outline and fingerprint of a body, computed at once in this process."""

    __slots__ = ()

    def fingerprint(self, body: bytes, content_type: str | None) -> str | None:
        """The fast text fingerprint of a body."""
        return text_fingerprint(body, content_type)

    def outline(self, body: bytes, content_type: str | None) -> str | None:
        """The outline of a body."""
        return page_outline(body, content_type)

    def is_outline_sure(self, body: bytes) -> bool:
        """Whether what is blanked in its outline is what it seems to be."""
        return is_outline_sure(body)
