"""Work on something of which an earlier piece is on record but has not quite ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec

P = ParamSpec("P")


async def behind(
    earlier: asyncio.Task[None] | None,
    work: Callable[P, Awaitable[None]],
    *arguments: P.args,
    **named: P.kwargs,
) -> None:
    """Does a piece of work once an earlier one on the same thing has ended, however it ends.

    What is due again between the record of a poll or an attempt and the end of its task is leased
    at once. Left out as still under way, it would wait for its lease to run out.
    """
    if earlier is not None:
        await asyncio.wait({earlier})
    await work(*arguments, **named)
