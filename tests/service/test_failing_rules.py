"""A rule of another package that fails costs its findings and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
import pytest_asyncio

from tests.service.rig import World, html, world
from tests.service.test_bounded_logs import A, B, polls
from tests.service.test_daemon import Lines, made
from watcher.adapters import added_rules
from watcher.core.findings.comparison import Comparison
from watcher.core.findings.find import Rulebook
from watcher.core.findings.rule import SimpleRule
from watcher.core.model import Finding


def shouting(about: Comparison) -> Iterator[Finding]:
    for passage in about.passages:
        if passage.new_text.isupper():
            spans = passage.spans("new", 0, len(passage.new_text))
            yield about.state("shouted", "in capitals", spans, weight="routine")


def broken(about: Comparison) -> Iterator[Finding]:
    raise ZeroDivisionError(about.new.url)


SHOUTING = SimpleRule("shouting", ("shouted",), shouting)
BROKEN = SimpleRule("broken", ("never",), broken)
NO_RULE = "neither"


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as found:
        yield found


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if packages with these entry points were installed."""
    here = __name__
    names = {"shouting": "SHOUTING", "again": "SHOUTING", "no-rule": "NO_RULE", "gone": "GONE"}
    found = EntryPoints(
        EntryPoint(name, f"{here}:{value}", added_rules.GROUP) for name, value in names.items()
    )
    monkeypatch.setattr(added_rules, "entry_points", lambda group: found.select(group=group))
    added_rules.added_rules.cache_clear()
    yield
    added_rules.added_rules.cache_clear()


def test_rules_come_by_entry_points_and_the_others_are_named(installed: None) -> None:
    told = {each.name: each.fault for each in added_rules.added_rules()}
    assert told["again"] is None
    assert told["shouting"] == 'there is a rule "shouting" already'
    assert told["no-rule"] == "TypeError: a rule is callable, and has a name and kinds"
    assert "AttributeError" in (told["gone"] or "")
    (rule,) = [each.rule for each in added_rules.added_rules() if each.rule is not None]
    assert (rule.name, rule.kinds) == ("shouting", ("shouted",))


async def test_a_rule_that_fails_is_logged_once_and_the_version_is_kept(here: World) -> None:
    paths = [f"/flood/{number}" for number in range(5)]
    for path in paths:
        here.site.on(path, html(A), html(B))
    await here.watch(*paths)
    policy = replace(here.poller.policy, rulebook=Rulebook(extra=(BROKEN,)))
    here.poller = replace(here.poller, policy=policy)
    log = Lines()
    await polls(here, made(here, log), 2)
    told = [facts for event, facts in log.said if event == "rule-failed"]
    assert [facts["rule"] for facts in told] == ["broken"] * 5
    [loud] = [facts for event, facts in log.loud if event == "rule-failed"]
    assert loud["reason"] == "ZeroDivisionError"
    with here.archive() as archive:
        for article in range(1, 6):
            first, second = archive.versions(article)
            assert "broken: failed (ZeroDivisionError)" in archive.change(first, second).coverage
