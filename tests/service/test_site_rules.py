"""Rules for sites that change between two polls: no edit is invented, and none is missed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.service.rig import CLOSING, MIDDLE, OPENING, World, html, page
from watcher.core.model import Outcome, Via
from watcher.core.sites import NO_SITES, SiteRules, Sites
from watcher.reprocess import Reprocessor, reprocess

HEADLINE = "River tops the quay wall"
COUNTER = SiteRules("127.0.0.1", drop=(".views",))


def counted(views: int, *texts: str) -> bytes:
    first, *rest = texts or (OPENING, MIDDLE, CLOSING)
    shown = f"<span class=views>The town has read this {views:,} times, and it counts.</span>"
    return page(HEADLINE, first, shown, *rest)


def configured(here: World, sites: Sites) -> None:
    """What a reload does: the poller and its extractor obey other rules from now on."""
    here.reading.sites = sites
    here.poller = replace(here.poller, sites=sites)


async def outcomes(here: World, *bodies: bytes) -> list[Via | Outcome]:
    here.site.on("/flood", *(html(body) for body in bodies))
    decisions = [(await here.poll()).decision for _ in bodies]
    return [decision.via or decision.outcome for decision in decisions]


async def test_a_counter_that_a_new_rule_drops_is_no_version_and_no_alert(here: World) -> None:
    here.subscribe("desk")
    await here.watch("/flood")
    assert await outcomes(here, counted(100), counted(101)) == [Outcome.NEW_VERSION] * 2
    told = here.events()
    configured(here, Sites((COUNTER,)))
    assert await outcomes(here, counted(102), counted(102), counted(103)) == [
        Via.SAME_TEXT, Via.SAME_BODY, Via.SAME_TEXT,
    ]  # fmt: skip
    assert here.events() == told
    # what changes in the article is told alone, without the paragraph that the rule took away
    (new,) = await outcomes(here, counted(104, OPENING, MIDDLE.replace("two", "nine"), CLOSING))
    assert new is Outcome.NEW_VERSION
    with here.archive() as archive:
        versions = archive.versions(1)
        assert len(versions) == 3
        change = archive.pair(versions[1], versions[2]).change
        assert change.summary["replace"] == 1
        assert (change.summary["delete"], change.summary["insert"]) == (0, 0)
        assert versions[1].extractor == "reading / 1"
        assert versions[2].extractor.startswith("reading / 1, rules ")
    assert here.texts()[-1] == [OPENING, MIDDLE.replace("two", "nine"), CLOSING]


async def test_a_rule_that_goes_away_invents_no_edit_either(here: World) -> None:
    configured(here, Sites((COUNTER,)))
    await here.watch("/flood")
    assert await outcomes(here, counted(100)) == [Outcome.NEW_VERSION]
    configured(here, NO_SITES)
    assert await outcomes(here, counted(100), counted(101)) == [Via.SAME_BODY, Outcome.NEW_VERSION]
    with here.archive() as archive:
        first, second = archive.versions(1)
        assert archive.pair(first, second).change.summary["insert"] == 0


async def test_reprocess_says_what_the_rules_of_today_read_otherwise(here: World) -> None:
    await here.watch("/flood")
    await outcomes(here, counted(100), counted(101))
    configured(here, Sites((COUNTER,)))
    parts = Reprocessor(
        here.store, here.reading, here.poller.extractor_name, here.clock, here.poller.sites
    )
    found = await reprocess(1, parts, apply=False)
    assert [(v.verdict, v.detail) for v in found.versions] == [
        ("differs", "1 paragraph removed")
    ] * 2
    assert found.versions[1].joined
    assert (await reprocess(1, parts, apply=True)).rebuilt
    assert here.texts() == [[OPENING, MIDDLE, CLOSING]] * 2
    with here.archive() as archive:
        names = {version.extractor for version in archive.versions(1)}
    assert names == {here.poller.sites.reader("reading / 1", here.site.url("/flood"))}
    again = await reprocess(1, parts, apply=True)
    assert (again.differs, again.rebuilt) == (False, False)
    # the next poll compares with the history as it reads now, and reads no page twice
    before = len(here.reading.extracted)
    assert await outcomes(here, counted(102)) == [Via.SAME_TEXT]
    assert len(here.reading.extracted) == before + 1


async def test_what_a_new_rule_keeps_is_seen_though_the_fast_parse_does_not(here: World) -> None:
    facts = '<nav class="facts"><ul><li>Height of the water: {} metres</li></ul></nav>'

    def told(height: str) -> bytes:
        body = page(HEADLINE, OPENING, MIDDLE, CLOSING).decode()
        return body.replace("</article>", f"{facts.format(height)}</article>").encode()

    await here.watch("/flood")
    assert await outcomes(here, told("2"), told("3")) == [Outcome.NEW_VERSION, Via.SAME_TEXT]
    configured(here, Sites((SiteRules("127.0.0.1", keep=("nav.facts",)),)))
    assert await outcomes(here, told("3"), told("4")) == [Via.SAME_BODY, Outcome.NEW_VERSION]
    with here.archive() as archive:
        change = archive.pair(*archive.versions(1)).change
    assert [edit.op for edit in change.edits if edit.op != "equal"] == ["replace"]
    assert here.texts()[-1][-1] == "Height of the water: 4 metres"


@pytest.mark.parametrize(
    ("rules", "box"),
    [
        (SiteRules("127.0.0.1", keep=(".facts",)), "nav"),
        (SiteRules("127.0.0.1", keep_text=("^Height of",)), "footer"),
    ],
    ids=["keep", "keep_text"],
)
async def test_what_a_rule_keeps_is_seen_when_it_comes_and_goes(
    here: World, rules: SiteRules, box: str
) -> None:
    facts = f'<{box} class="facts"><p>Height of the water: 3 metres</p></{box}>'
    bare = page(HEADLINE, OPENING, MIDDLE, CLOSING)
    told = bare.replace(b"</article>", f"</article>{facts}".encode())
    configured(here, Sites((rules,)))
    await here.watch("/flood")
    assert await outcomes(here, bare, told, bare, bare) == [
        Outcome.NEW_VERSION, Outcome.NEW_VERSION, Outcome.NEW_VERSION, Via.SAME_BODY,
    ]  # fmt: skip
    assert [texts[-1] for texts in here.texts()][1] == "Height of the water: 3 metres"


async def test_a_held_page_is_judged_by_the_rules_of_today(here: World) -> None:
    strange = [
        f"Our kitchen tried recipe {n} three times, and tells you how it went." for n in "abc"
    ]
    texts = [f"{OPENING} {n}" for n in range(8)]
    await here.watch("/flood")
    first, held = counted(1, *texts), counted(2, *strange)
    assert await outcomes(here, first, held) == [Outcome.NEW_VERSION, Outcome.QUARANTINED]
    configured(here, Sites((COUNTER,)))
    here.site.on("/flood", html(counted(3, *strange)), html(counted(4, *strange)))
    assert (await here.poll()).decision.outcome is Outcome.QUARANTINED
    assert (await here.poll()).decision.settles == "confirmed"
    assert here.texts()[-1] == strange
