"""What a person sees of held pages, of sites' own texts, and of history read anew."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from storage.archive import Archive
from tests.command import SECRET, as_json, configure, watcher
from tests.site import Answer, Site
from watcher.adapters.page.extractor import EXTRACTOR

HTML = {"Content-Type": "text/html; charset=utf-8"}
NO_ENV: Mapping[str, str | None] = {"DESK_SECRET": SECRET}
ARTICLE = (
    "The river rose two metres overnight, the council said in a statement on Monday morning.",
    "Two schools in the lower town will stay closed until Wednesday, it added, and the pool too.",
    "Water levels are expected to fall from Thursday on, the weather service wrote at noon.",
    "The bridge by the mill is open again to those on foot, but not yet to cars or to trains.",
    "Farmers above the weir moved their cattle to the common, where hay was brought by barge.",
    "A count of damaged houses begins on Friday, and forms can be had at the town hall by then.",
    "The last flood of this height was forty years ago, in a spring that had much more snow.",
)
STRANGE = (
    "Save your favourite recipes in one place and plan a whole week of dinners in five minutes.",
    "Our kitchen tries each of them three times, and tells you frankly when one did not work out.",
    "The harvest calendar comes by post in spring and has room for notes on every single page.",
)


def page(*paragraphs: str) -> Answer:
    texts = "".join(f"<p>{text}</p>" for text in paragraphs)
    body = (
        "<html><head><title>River rises</title></head><body><article><h1>River rises</h1>"
        f"{texts}</article></body></html>"
    )
    return Answer(body=body.encode(), headers=HTML)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        yield running


async def call(*arguments: object, config: Path, **more: Any) -> Result:
    return await asyncio.to_thread(watcher, *arguments, config=config, env=NO_ENV, **more)


def later(config: Path, seconds: float = 120) -> None:
    """Makes the pages that are held have waited so much longer, as no test sleeps."""
    with closing(sqlite3.connect(config.parent / "stories.db")) as db, db:
        db.execute(
            "UPDATE quarantine SET began_at ="
            " strftime('%Y-%m-%dT%H:%M:%fZ', began_at, ?) WHERE state = 'held'",
            (f"-{seconds} seconds",),
        )


async def poll(config: Path, times: int) -> list[str]:
    return [(await call("poll", "--all", config=config)).stdout for _ in range(times)]


async def test_status_and_log_show_a_page_that_waits(tmp_path: Path, site: Site) -> None:
    site.on("/flood", page(*ARTICLE), page(*STRANGE))
    config = configure(tmp_path, site.url("/flood"))
    told = await poll(config, 2)
    assert "quarantined" in told[1]
    assert "nothing of the text survived" in told[1]
    status = await call("status", config=config)
    assert status.exit_code == 0
    assert "article 1  held since" in status.stdout
    assert "nothing of the text survived" in status.stdout
    assert "the next polls confirm the page or release it" in status.stdout
    (held,) = as_json(await call("status", "--json", config=config))["held"]
    assert (held["article"], held["state"], held["polls"], held["version"]) == (1, "held", 1, None)
    log = (await call("log", 1, config=config)).stdout
    assert "held, 1 poll" in log
    assert "it waits for the next polls to confirm it" in log
    assert (await call("list", config=config)).exit_code == 0


async def test_log_shows_what_became_of_held_pages(tmp_path: Path, site: Site) -> None:
    good, strange = page(*ARTICLE), page(*STRANGE)
    site.on("/flood", good, strange, good, strange, strange, strange)
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, 5)
    later(config)
    await poll(config, 1)
    log = (await call("log", 1, config=config)).stdout
    assert "released: the next look did not show it any more" in log
    assert "confirmed: it became version 2" in log
    assert "held since" in " ".join(log.split())
    document = as_json(await call("log", 1, "--json", config=config))
    assert [held["state"] for held in document["quarantine"]] == ["confirmed", "dismissed"]
    assert document["quarantine"][0]["version"] == 2
    assert document["versions"][0]["untold"] is None
    assert as_json(await call("status", "--json", config=config))["held"] == []


async def test_status_shows_the_texts_of_sites_and_log_that_nobody_was_told(
    tmp_path: Path, site: Site
) -> None:
    banner = "Our autumn offer ends on Sunday: a month for the price of one single week."
    paths = [f"/{name}" for name in "abcdef"]
    for path in paths:
        own = [f"{text} {path}" for text in ARTICLE]
        site.on(path, page(*own), page(*own, banner))
    stories = "".join(
        f'[[story]]\nname = "{name}"\nurls = {[site.url(path) for path in part]}\n'
        for name, part in (("flood", paths[::2]), ("storm", paths[1::2]))
    )
    config = tmp_path / "watcher.toml"
    config.write_text(
        'database = "stories.db"\n[http]\ncontact = "mailto:desk@news.example"\n'
        f'per_host_delay = "0s"\nallow_networks = ["127.0.0.0/8", "::1/128"]\n{stories}'
    )
    await poll(config, 1)
    for number in range(1, 7):
        await call("poll", number, config=config)
    await poll(config, 1)
    later(config)
    await poll(config, 1)
    status = (await call("status", config=config)).stdout
    assert "1 text is a site's own: changes of it alone are told to nobody" in status
    assert "6 articles" in status
    assert banner in " ".join(status.split())
    (text,) = as_json(await call("status", "--json", config=config))["site_texts"]
    assert (text["text"], text["articles"], text["host"]) == (banner, 6, "127.0.0.1")
    log = (await call("log", 6, config=config)).stdout
    assert "nobody was told: a change of the site" in log
    document = as_json(await call("log", 6, "--json", config=config))
    assert document["versions"][0]["untold"].startswith("a change of the site")
    assert document["events"] == []


async def test_status_asks_to_look_at_a_site_whose_pages_jumped_all_at_once(
    tmp_path: Path, site: Site
) -> None:
    paths = [f"/{name}" for name in "abcdef"]
    for path in paths:
        good, strange = ([f"{text} {path}" for text in texts] for texts in (ARTICLE, STRANGE))
        site.on(path, page(*good), page(*strange))
    config = tmp_path / "watcher.toml"
    config.write_text(
        'database = "stories.db"\n[http]\ncontact = "mailto:desk@news.example"\n'
        'per_host_delay = "0s"\nallow_networks = ["127.0.0.0/8", "::1/128"]\n'
        + "".join(
            f'[[story]]\nname = "{name}"\nurls = {[site.url(path) for path in part]}\n'
            for name, part in (("flood", paths[::2]), ("storm", paths[1::2]))
        )
    )
    await poll(config, 3)
    later(config)
    await poll(config, 1)
    status = await call("status", config=config)
    assert status.exit_code == 1
    assert "6 articles of 127.0.0.1 changed all at once" in " ".join(status.stdout.split())
    assert "`watcher show 1`" in status.stdout
    (held,) = as_json(await call("log", 1, "--json", config=config))["quarantine"]
    assert (held["cause"], held["state"], held["silent"]) == ("jump", "confirmed", True)


async def read_by_another(config: Path) -> None:
    """The archive as an older extractor would have left it: with a button in each version."""
    database = config.parent / "stories.db"
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE extractor SET name = 'an older one'")
        db.execute("UPDATE version SET headline = headline || ' |', snapshot_digest = x'00'")


async def test_reprocess_reports_and_rebuilds(tmp_path: Path, site: Site) -> None:
    site.on("/flood", page(*ARTICLE[:6]), page(*ARTICLE))
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, 2)
    same = await call("reprocess", config=config)
    assert (same.exit_code, same.stdout) == (0, "Read 2 versions of 1 article anew: 0 differ.\n")
    await read_by_another(config)
    found = await call("reprocess", "flood", config=config)
    assert found.exit_code == 1
    assert "version 1 differs: only the headline changed" in found.stdout
    assert "Read 2 versions of 1 article anew: 2 differ. To write it so: watcher reprocess" in (
        found.stdout
    )
    document = as_json(await call("reprocess", "--json", config=config), 1)
    (article,) = document["articles"]
    assert (article["differs"], article["rebuilt"], article["refusal"]) == (True, False, None)
    assert [version["verdict"] for version in article["versions"]] == ["differs", "differs"]
    applied = await call("reprocess", "--apply", config=config)
    assert applied.exit_code == 0
    assert "1 history was rebuilt." in applied.stdout
    with Archive(tmp_path / "stories.db") as archive:
        versions = archive.versions(1)
        assert [v.headline for v in versions] == ["River rises"] * 2
        assert {v.extractor for v in versions} == {EXTRACTOR}
        assert versions[1].summary == "1 paragraph added"
    assert (await call("reprocess", config=config)).exit_code == 0


async def test_reprocess_says_what_it_could_not_rebuild(tmp_path: Path, site: Site) -> None:
    site.on("/flood", page(*ARTICLE[:6]), page(*ARTICLE))
    config = configure(tmp_path, site.url("/flood"))
    await poll(config, 2)
    await read_by_another(config)
    with closing(sqlite3.connect(tmp_path / "stories.db")) as db, db:
        db.execute("UPDATE capture SET body = x'00' WHERE id = 2")
    found = await call("reprocess", "--apply", config=config)
    assert found.exit_code == 1
    assert "version 2 cannot be read any more" in found.stdout
    assert "not rebuilt" in found.stdout
    assert "0 histories were rebuilt." in found.stdout
    unknown = await call("reprocess", "storm", config=config)
    assert unknown.exit_code == 2
    assert 'no article matches "storm"' in unknown.stderr
