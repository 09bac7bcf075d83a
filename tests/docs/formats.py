"""The examples of docs/formats.md, made by the real program.

    .venv/bin/python -m tests.docs.formats

writes them into the page. An example is a fenced block under a line `<!-- example: NAME -->`; the
rows of a query stand under `<!-- rows -->`, below the query itself.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.articles import WatchedArticle
from tests.docs.story import FERRY, Scene, logged, opened, page
from tests.service.rig import html
from tests.site import Answer
from watcher.core.schedule.terms import Terms

PAGE = Path(__file__).resolve().parents[2] / "docs/formats.md"
WIDTH = 100
EXAMPLE = re.compile(r"(<!-- example: (.+?) -->\n+```\w+\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)
ROWS = re.compile(
    r"(^```sql\n(.*?)^```\n+<!-- rows -->\n+```json\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL
)
SIGNED = ("content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature")

WHILE_IT_HAPPENS = ("watcher poll 1 --json",)
AFTERWARDS = (
    "watcher list --json",
    "watcher findings --kind headline-changed --json",
    "watcher explain 1 --json",
    "watcher log 1 --json",
    "watcher show 1@first --json",
    "watcher blame 1 --all --json",
    "watcher search metres --json",
    "watcher timeline flood --json",
    "watcher reindex --json",
    "watcher diff 1 1..2 --json",
    "watcher diff 1 1..2 --format patch",
    "watcher reprocess --json",
    "watcher verify --json",
    "watcher backup copy.db --json",
    "watcher deliveries --state dead --json",
    "watcher deliveries list -n 2 --json",
    "watcher deliveries show 5 --json",
    "watcher deliveries retry 5 --json",
    "watcher webhook test desk --json",
    "watcher webhook enable desk --json",
    "watcher extract old.html --json",
    "watcher simulate --from-archive --requests-per-hour 6 --days 1 --json",
    "watcher compare old.html new.html --json",
    "watcher check --json",
    "watcher add https://news.example/ferry https://news.example/flood?utm_source=x --json",
    "watcher remove https://news.example/ferry --json",
)
OF_ALERTS = (
    "watcher alert list --json",
    "watcher alert test 1 --json",
    "watcher deliveries --state suppressed -n 1 --json",
)
ALERTS = """
[[alert]]
name = "ferry"
webhook = "desk"
stories = ["flood"]
every = "15m"

[[alert]]
name = "gone"
webhook = "wire"
events = ["article.unpublished"]
"""
STEPS = "watcher diff 1 1..3 --each --json"
NOT_FINE = {"watcher tune --json": 1, "watcher status --json": 1, "watcher check --json": 2}


@dataclass(frozen=True)
class Examples:
    """Every example by its name, and the archive that queries are put to."""

    blocks: Mapping[str, str]
    scene: Scene

    def rows(self, query: str) -> str:
        """What a query gives: the rows as objects, as sqlite-utils and Datasette have them."""
        address = f"{self.scene.world.database.as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            found = [dict(row) for row in connection.execute(query)]
        return self.scene.told(laid_out(found) + "\n")


def laid_out(value: Any, indent: int = 0, used: int = 0) -> str:
    """JSON for reading: what fits on a line stands on one, all else a member a line."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or indent + used + len(flat) < WIDTH:
        return flat
    inner = indent + 2
    if isinstance(value, dict):
        keys = {key: json.dumps(key, ensure_ascii=False) + ": " for key in value}
        members = [keys[k] + laid_out(v, inner, len(keys[k]) + 1) for k, v in value.items()]
    else:
        members = [laid_out(member, inner, 1) for member in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    lines = ",\n".join(" " * inner + member for member in members)
    return f"{start}\n{lines}\n{' ' * indent}{end}"


async def made(folder: Path) -> Examples:
    """Lets the story happen in the folder; gives all examples."""
    blocks = {"watcher run": await logged(_apart(folder, "logged"))}
    async with opened(_apart(folder, "steps")) as scene:
        blocks[STEPS] = _shown(await _steps(scene))
    async with opened(_apart(folder, "settled")) as scene:
        blocks["article.settled"] = await _settled(scene)
    async with opened(_apart(folder, "alerts")) as scene:
        await _alert(scene, blocks)
    async with opened(folder) as scene:
        await _happen(scene, blocks)
        for line in AFTERWARDS:
            blocks[line] = _shown(await scene.command(line))
        for line, status in NOT_FINE.items():
            name = f"{line} (exit status {status})"
            blocks[name] = _shown(await scene.command(line, status))
        _messages(scene, blocks)
        _stored(scene, blocks)
    return Examples(blocks, scene)


def _apart(folder: Path, name: str) -> Path:
    inner = folder / name
    inner.mkdir()
    return inner


async def _steps(scene: Scene) -> str:
    """Two changes of a third article, small enough to be shown together."""
    world = scene.world
    for headline, text in FERRY:
        world.site.on("/ferry", html(page(headline, (text,))))
        await world.watch("/ferry")
        await scene.step(1)
    return await scene.command(STEPS)


async def _settled(scene: Scene) -> str:
    """An article that does not change for two weeks."""
    world = scene.world
    world.site.on("/ferry", html(page(FERRY[0][0], (FERRY[0][1],))))
    ferry = WatchedArticle(world.site.url("/ferry"), "flood", 600.0, Terms(quiet=14 * 86400.0))
    await world.store.sync_articles([ferry], world.clock.now())
    await scene.step(1)
    world.site.on("/desk", Answer(status=204))
    await scene.step(1, after=14 * 86400.0)
    (asked,) = scene.received()
    return _shown(scene.signed(asked)[1])


async def _alert(scene: Scene, blocks: dict[str, str]) -> None:
    """Two changes of the third article, told in one digest to one webhook and to another not."""
    scene.alert(ALERTS)
    world = scene.world
    for headline, text in FERRY:
        world.site.on("/ferry", html(page(headline, (text,))))
        await world.watch("/ferry")
        await scene.step(1, after=450)
    for line in OF_ALERTS:
        blocks[line] = _shown(await scene.command(line))
    await scene.step(after=900)
    _messages(scene, blocks)


async def _happen(scene: Scene, blocks: dict[str, str]) -> None:
    world = scene.world
    await world.watch("/flood", "/dam")
    await world.store.start_daemon(4711, world.clock.now())
    await scene.step(1, 2, after=0)
    await world.store.stop_daemon(world.clock.now())
    world.clock.advance(600)
    for line in WHILE_IT_HAPPENS:
        blocks[line] = _shown(await scene.command(line))
    await scene.step(2, after=0)
    for _ in range(4):
        await scene.step(1, 2)


def _shown(text: str) -> str:
    """JSON laid out for reading, any other text as it is."""
    return laid_out(json.loads(text)) + "\n" if text[:1] == "{" else text


def _messages(scene: Scene, blocks: dict[str, str]) -> None:
    for asked in scene.received():
        headers, body = scene.signed(asked)
        name = json.loads(body)["type"]
        if name not in blocks:
            blocks[name] = _shown(body)
            if name == "article.updated":
                lines = [f"{each}: {headers[each]}\n" for each in SIGNED]
                blocks["webhook headers"] = "".join(lines)


def _stored(scene: Scene, blocks: dict[str, str]) -> None:
    with closing(sqlite3.connect(scene.world.database)) as connection:
        (edits,) = connection.execute("SELECT edits FROM change WHERE version_id = 3").fetchone()
    blocks["change.edits"] = laid_out(json.loads(edits)) + "\n"


def filled(text: str, examples: Examples) -> str:
    """The page with every example as the program makes it now; unknown ones stay as they are."""
    text = EXAMPLE.sub(
        lambda found: found[1] + examples.blocks.get(found[2], found[3]) + found[4], text
    )
    return ROWS.sub(lambda found: found[1] + examples.rows(found[2]) + found[4], text)


def main() -> None:
    """Writes the examples into the page."""
    with tempfile.TemporaryDirectory() as folder:
        examples = asyncio.run(made(Path(folder)))
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(filled(text, examples), encoding="utf-8")


if __name__ == "__main__":
    main()
