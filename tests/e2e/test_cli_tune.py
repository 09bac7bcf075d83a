"""watcher tune: what one's own archive says of adaptive polling."""

from __future__ import annotations

from pathlib import Path

from config.load import load
from config.model import rate_model
from tests.builders import ArchiveBuilder, snapshot
from tests.command import as_json, watcher
from watcher.core.schedule.fitted import FITTED

CONFIG = """\
database = "stories.db"

[model]   # from last year
excitation = [0.9, 0.002, 0.002, 0.002, 0.002]
publication = [0.002, 0.002, 0.002, 0.002, 0.002]
base_per_day = 0.0001   # far too little
# what follows is about stories

[[story]]
name = "flood"
urls_file = "urls.txt"
"""


def test_a_thin_archive_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "watcher.toml"
    config.write_text('[[story]]\nname = "flood"\nurls = ["https://news.example/flood"]\n')
    with ArchiveBuilder(tmp_path / "stories.db") as builder:
        builder.sees(snapshot("Flood", "The river rose."))
    result = watcher("tune", "--write", config=config)
    assert result.exit_code == 1
    assert "the history is too thin to fit on: 0 articles" in result.stderr
    assert "[model]" not in config.read_text()


def test_what_is_fitted_is_written_and_comments_stay(tmp_path: Path) -> None:
    config, urls = tmp_path / "watcher.toml", [f"https://news.example/{n}" for n in range(20)]
    config.write_text(CONFIG)
    (tmp_path / "urls.txt").write_text("\n".join(urls))
    with ArchiveBuilder(tmp_path / "stories.db", urls) as builder:
        for number in range(7):
            for article in range(1, 21):
                builder.sees(snapshot(f"Flood {article}", f"Update {number}."), article)
            builder.wait(4 * 3600)
        for article in range(1, 21):
            builder.unchanged(article)
    printed = watcher("tune", config=config)
    assert printed.exit_code == 0
    assert printed.stdout.startswith("Fitted on 15 articles with 90 updates; judged on 5 others")
    assert config.read_text() == CONFIG
    found = as_json(watcher("tune", "--write", "--json", config=config))
    assert (found["better"], found["written"], found["held_out"]) == (True, True, 5)
    delays = found["delay_seconds"]
    assert delays["fitted"]["mean"] < delays["in_use"]["mean"]
    text = config.read_text()
    assert "[model]   # from last year\n" in text
    assert text.endswith(CONFIG.partition("far too little\n")[2])
    own = load(config, {}).settings.model
    assert own is not None
    assert own.base_per_day == float(f"{found['model']['base_per_day']:.4g}")
    assert rate_model(own, FITTED).base * 86400 == own.base_per_day
    assert printed.stdout.count("excitation = [") == 1
