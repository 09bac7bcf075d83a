"""A daemon killed again and again loses nothing, tells nothing twice over, and goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench._torture_judging import Judgement, is_due, judge
from bench._torture_killing import tortured
from bench._torture_surroundings import Edition

KILLS = 10


async def life(folder: Path, seed: int) -> Judgement:
    folder.mkdir()
    async with tortured(folder, seed, articles=2, longest=0.9, quick=0.3, slow=4.0) as torture:
        await torture.kill_often(KILLS)
        await torture.come_to_rest()
        return await judge(torture, None)


async def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    """Two archives side by side, ten kills each: most of the time is Python starting."""
    for found in await asyncio.gather(life(tmp_path / "a", 1), life(tmp_path / "b", 2)):
        assert found.faults == []
        assert found.losses == []
        assert found.kills == KILLS
        assert found.due >= 2  # the last editions, at least
        assert found.events > 0
        assert found.arrivals >= found.deliveries == 2 * found.events


def test_an_edition_is_due_only_where_one_daemon_could_see_it() -> None:
    up = [(10.0, 14.0), (20.0, 22.0)]
    assert is_due(Edition(1, since=11.0, until=18.0), up)
    assert not is_due(Edition(1, since=11.5, until=21.0), up)
    assert not is_due(Edition(1, since=0.0, until=12.9), up)
    assert is_due(Edition(1, since=30.0), up)
