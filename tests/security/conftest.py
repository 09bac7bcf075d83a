"""What the tests of security share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.security.outgoing import Wire
from tests.site import Site


@pytest.fixture
def wire(no_network: None, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The edge of the machine; see outgoing.py."""
    return Wire(monkeypatch)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        yield running
