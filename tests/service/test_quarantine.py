"""Pages that change as no article does, over real HTTP, real extraction and a real archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.articles import WatchedArticle
from tests.fakes import START
from tests.service.rig import INTERVAL, World, html, page
from tests.service.test_verify import check
from tests.site import Answer
from watcher.core.model import Extraction, Notice, Outcome, Paragraph, Via
from watcher.core.quarantine import CONFIRMED_AFTER, CONFIRMED_BY, HOLD_INTERVAL, MOST_HOLDS
from watcher.errors import NotAnArticle
from watcher.poll import poll_article

HEADLINE = "River tops the quay wall"
ARTICLE = (
    "The river rose above the quay wall in the night, and the lower town woke to sirens at four.",
    "Crews moved two hundred people from the houses beside the mill before the road went under.",
    "The mayor said the pumps at the lock would run until the level falls below the second mark.",
    "Trains between the two banks stopped at six and will not run again before the bridge is seen.",
    "Schools on the west side stay shut, and the swimming hall takes those who have nowhere to go.",
    "A barge broke loose above the weir and lies across two piers, where divers wait for daylight.",
)
OTHER = (
    "Sign in to read your saved recipes, plan a week of dinners and share a shopping list at home.",
    "Our kitchen tries every dish three times before it is printed, and says so when one fails us.",
    "Members get the harvest calendar by post in spring, with a place to write what came up early.",
)
THIRD = (
    "Compare forty kettles by colour, weight and the time in which they boil a litre of tap water.",
    "The quickest needs two minutes and a half; the prettiest takes five, and sings when done.",
    "Prices were noted in three shops on one afternoon and may have gone up again since that day.",
)
BANNER = "Our autumn offer ends on Sunday: read everything for a month and pay for only one week."

GOOD, BROKEN, BROKEN_TOO = page(HEADLINE, *ARTICLE), page(HEADLINE, *OTHER), page(HEADLINE, *THIRD)
EDITED = page(HEADLINE, *ARTICLE[:5], "The barge above the weir was made fast to the quay at noon.")


async def outcomes(here: World, count: int, article: int = 1) -> list[str]:
    return [(await here.poll(article)).decision.outcome.value for _ in range(count)]


def states(here: World, article: int = 1) -> list[str]:
    with here.archive() as archive:
        return [held.state for held in archive.quarantine(article)]


async def test_a_page_that_jumps_and_comes_back_is_told_to_nobody(here: World) -> None:
    here.site.on("/flood", html(GOOD, '"1"'), html(BROKEN, '"2"'), html(GOOD, '"1"'))
    await here.watch("/flood")
    assert await outcomes(here, 3) == ["new-version", "quarantined", "unchanged"]
    assert (here.texts(), here.events()) == ([list(ARTICLE)], [])
    with here.archive() as archive:
        (held,) = archive.quarantine(1)
        assert archive.capture(held.capture_id).body == BROKEN
        (version,) = archive.versions(1)
        assert version.seen_until == archive.runs(1)[-1].last_at
    assert (held.state, held.count, held.version) == ("dismissed", 1, None)


async def test_a_page_that_stays_becomes_a_version_as_of_when_it_was_first_seen(
    here: World,
) -> None:
    here.site.on("/flood", html(GOOD), html(BROKEN))
    await here.watch("/flood")
    assert await outcomes(here, 4) == [
        "new-version", "quarantined", "quarantined", "new-version",
    ]  # fmt: skip
    assert here.texts() == [list(ARTICLE), list(OTHER)]
    with here.archive() as archive:
        old, new = archive.versions(1)
        (held,) = archive.quarantine(1)
        (event,) = archive.events(1)
        change = archive.change(old, new)
    assert new.seen_from == held.first_at == old.seen_until + timedelta(seconds=INTERVAL)
    assert new.seen_until == held.settled_at == event.created_at
    assert (held.state, held.version, held.count) == ("confirmed", 2, CONFIRMED_BY)
    assert "held since 2026" in new.summary
    held_since = new.summary[new.summary.index(" (") :]
    assert event.summary.endswith(held_since)
    assert change.summary["equal"] == 0
    assert new.capture_id == held.capture_id


async def test_a_held_page_is_polled_soon(here: World) -> None:
    here.site.on("/flood", html(GOOD), html(BROKEN))
    await here.watch("/flood")
    await here.poll()
    held = (await here.poll()).decision
    assert held.next_poll_at == held.at + timedelta(seconds=HOLD_INTERVAL)
    await here.watch("/flood", interval=20.0)
    held = (await here.poll()).decision
    assert held.next_poll_at == held.at + timedelta(seconds=20)


async def test_a_held_page_is_confirmed_by_the_cheapest_gates(here: World) -> None:
    again = page(HEADLINE, *OTHER, noise="2")
    here.site.on("/flood", html(GOOD, '"1"'), html(BROKEN, '"2"'), html(BROKEN, '"2"'))
    here.site.on("/flood", html(GOOD, '"1"'), html(BROKEN, '"2"'), html(BROKEN, '"2"'))
    here.site.on("/other", html(GOOD), html(BROKEN), html(again), html(BROKEN))
    await here.watch("/flood", "/other")
    polls = [(await here.poll(1)).decision for _ in range(3)]
    assert [decision.via for decision in polls] == [None, None, Via.NOT_MODIFIED]
    extracted = len(here.reading.extracted)
    decision = (await here.poll(1)).decision
    assert decision.outcome is Outcome.NEW_VERSION
    assert len(here.reading.extracted) == extracted + 1  # the stored body, to make the version
    asked = [asked.headers.get("if-none-match") for asked in here.site.asked("/flood")]
    assert asked == [None, '"1"', '"2"', '"2"']
    assert (await here.poll(1)).decision.via is Via.NOT_MODIFIED
    polls = [(await here.poll(2)).decision for _ in range(4)]
    assert [decision.via for decision in polls] == [None, None, Via.SAME_TEXT, None]
    assert polls[-1].outcome is Outcome.NEW_VERSION
    assert here.texts(1) == here.texts(2) == [list(ARTICLE), list(OTHER)]


async def test_a_held_page_may_differ_in_details(here: World) -> None:
    def view(count: int) -> bytes:
        return page(HEADLINE, *OTHER, f"Tried by {count} cooks")

    here.site.on("/flood", html(GOOD), *(html(view(n)) for n in range(1, 5)))
    await here.watch("/flood")
    assert await outcomes(here, 4) == [
        "new-version", "quarantined", "quarantined", "new-version",
    ]  # fmt: skip
    assert here.texts()[-1] == [*OTHER, "Tried by 3 cooks"]
    assert states(here) == ["superseded", "confirmed"]
    with here.archive() as archive:
        first, second = archive.quarantine(1)
        version = archive.versions(1)[-1]
        assert second.began_at == first.first_at
        # These very words were seen only now.
        assert version.seen_from == version.seen_until > second.first_at
        assert archive.capture(first.capture_id).body == view(1)
        assert archive.capture(second.capture_id).body == view(2)
        assert archive.capture(version.capture_id).body == view(3)


async def test_other_details_of_a_held_page_are_no_further_page_held(here: World) -> None:
    renewed = [page(HEADLINE, *OTHER, f"A recipe for {what} soup.") for what in ("pea", "nettle")]
    fourth = page(HEADLINE, *(text.replace(" ", " so ") for text in THIRD))
    here.site.on("/flood", html(GOOD), *map(html, (*renewed, BROKEN_TOO, fourth)))
    await here.watch("/flood")
    assert await outcomes(here, 5) == ["new-version", *["quarantined"] * 4]
    assert states(here) == ["superseded", "dismissed", "dismissed", "held"]


async def test_an_ordinary_edit_ends_the_wait(here: World) -> None:
    here.site.on("/flood", html(GOOD), html(BROKEN), html(EDITED))
    await here.watch("/flood")
    assert await outcomes(here, 3) == ["new-version", "quarantined", "new-version"]
    assert states(here) == ["dismissed"]
    with here.archive() as archive:
        (event,) = archive.events(1)
        assert "held since" not in event.summary
    assert here.texts()[-1][5].startswith("The barge above the weir was made fast")


async def test_polls_by_hand_in_a_row_confirm_nothing(here: World) -> None:
    here.site.on("/flood", html(GOOD), html(BROKEN))
    await here.watch("/flood")
    await here.poll()
    for _ in range(5):
        decision = (await here.poll(after=1)).decision
        assert decision.outcome is Outcome.QUARANTINED
    assert here.events() == []
    decision = (await here.poll(after=CONFIRMED_AFTER.total_seconds())).decision
    assert decision.outcome is Outcome.NEW_VERSION
    assert here.events() == ["article.updated"]


async def test_a_clock_that_is_set_back_holds_no_page_longer(here: World) -> None:
    here.site.on("/flood", html(GOOD), html(BROKEN))
    await here.watch("/flood")
    assert await outcomes(here, 3) == ["new-version", "quarantined", "quarantined"]
    here.clock.advance(-86_400)
    await here.watch("/flood")
    assert await outcomes(here, 1) == ["new-version"]


async def test_an_article_that_comes_back_from_a_stub_is_not_held_again(here: World) -> None:
    stub = page(HEADLINE, ARTICLE[0])
    again = page(HEADLINE, *ARTICLE, noise="2")
    here.site.on("/flood", html(GOOD), *[html(stub)] * 3, html(again), *[html(stub)] * 2)
    await here.watch("/flood")
    assert await outcomes(here, 5) == [
        "new-version", "quarantined", "quarantined", "new-version", "new-version",
    ]  # fmt: skip
    with here.archive() as archive:
        assert [version.revert_of for version in archive.versions(1)] == [None, None, 1]
        told = [event.summary for event in archive.events(1)]
    assert told[1].startswith("Back to the text of version 1; ")
    # a stub that had to be confirmed once must be so again
    assert await outcomes(here, 2) == ["quarantined", "quarantined"]


async def test_an_earlier_text_after_a_held_stub_is_no_jump(here: World) -> None:
    stub = page(HEADLINE, ARTICLE[0])
    here.site.on("/flood", html(GOOD), html(EDITED), html(stub), html(GOOD, '"9"'))
    await here.watch("/flood")
    assert await outcomes(here, 4) == [
        "new-version", "new-version", "quarantined", "new-version",
    ]  # fmt: skip
    assert states(here) == ["dismissed"]


async def test_a_page_that_changes_wildly_is_taken_as_it_comes(here: World) -> None:
    def wild(number: int) -> bytes:
        lines = [[f"word{number}x{line}y{at}" for at in range(12)] for line in range(6)]
        return page(HEADLINE, *(" ".join(line) for line in lines))

    here.site.on("/flood", html(GOOD), *(html(wild(n)) for n in range(1, 9)))
    await here.watch("/flood")
    found = await outcomes(here, MOST_HOLDS + 2)
    assert found == ["new-version", *["quarantined"] * MOST_HOLDS, "new-version"]
    assert states(here) == ["dismissed"] * MOST_HOLDS
    with here.archive() as archive:
        version = archive.versions(1)[-1]
    assert "taken as it is after 3 others were held in a row" in version.summary
    assert here.events() == ["article.updated"]
    # The count begins anew with the version.
    assert await outcomes(here, 1) == ["quarantined"]


async def test_a_page_that_flickers_is_never_told_and_stored_once(here: World) -> None:
    pages = [html(GOOD, '"1"'), html(BROKEN, '"2"'), html(BROKEN_TOO, '"3"')]
    here.site.on("/flood", pages[0], *[pages[1], pages[0], pages[2], pages[0]] * 3)
    await here.watch("/flood")
    assert await outcomes(here, 13) == ["new-version", *["quarantined", "unchanged"] * 6]
    assert here.events() == []
    with here.archive() as archive:
        assert len({held.capture_id for held in archive.quarantine(1)}) == 2
        assert len(archive.bodies(1)) == 3


async def test_another_strange_page_takes_the_place_of_the_first(here: World) -> None:
    here.site.on("/flood", html(GOOD), html(BROKEN), html(BROKEN), *[html(BROKEN_TOO)] * 3)
    await here.watch("/flood")
    assert await outcomes(here, 6) == ["new-version", *["quarantined"] * 4, "new-version"]
    assert states(here) == ["dismissed", "confirmed"]
    assert here.texts() == [list(ARTICLE), list(THIRD)]


async def test_failures_neither_confirm_nor_release(here: World) -> None:
    lost = Answer(status=503)
    here.site.on("/flood", html(GOOD), html(BROKEN), lost, html(BROKEN), lost, html(BROKEN))
    await here.watch("/flood")
    assert await outcomes(here, 6) == [
        "new-version", "quarantined", "server-error", "quarantined", "server-error", "new-version",
    ]  # fmt: skip
    with here.archive() as archive:
        new = archive.versions(1)[-1]
        assert new.seen_from == START + timedelta(seconds=2 * INTERVAL)


async def test_a_gone_article_is_not_back_before_the_page_is_confirmed(here: World) -> None:
    gone = Answer(status=404)
    here.site.on("/flood", html(GOOD), gone, gone, html(BROKEN), html(BROKEN), html(BROKEN))
    await here.watch("/flood")
    for _ in range(4):
        await here.poll()
    assert here.events() == ["article.unpublished"]
    assert (await here.lease()).health == "gone"
    for _ in range(2):
        await here.poll()
    assert here.events() == ["article.unpublished", "article.restored", "article.updated"]
    assert (await here.lease()).health == "live"


async def test_an_event_told_meanwhile_names_the_headline_of_its_time(here: World) -> None:
    moved = Answer(status=301, headers={"Location": "/moved"})
    here.site.on("/flood", html(GOOD), html(page("Kettles", *OTHER)), html(GOOD), moved)
    here.site.on("/moved", html(page("Kettles", *OTHER)))
    await here.watch("/flood")
    for _ in range(6):
        await here.poll()
    with here.archive() as archive:
        events = archive.events(1)
        materials = [archive.material(event.id) for event in events]
    assert [event.type for event in events] == ["article.moved", "article.updated"]
    assert [material.headline for material in materials] == ["Kettles", "Kettles"]
    assert states(here) == ["dismissed", "confirmed"]


async def test_a_retraction_is_told_at_once(here: World) -> None:
    def retracted(found: Extraction) -> Extraction:
        if len(found.snapshot.paragraphs) > 1:
            return found
        text = found.snapshot.paragraphs[0].text
        notices = (Notice("retraction", text, 0),)
        return replace(found, snapshot=replace(found.snapshot, notices=notices))

    gone = "This report was retracted on Monday because its account of the barge was not true."
    here.reading.edits = retracted
    here.site.on("/flood", html(GOOD), html(page(HEADLINE, gone)))
    await here.watch("/flood")
    assert await outcomes(here, 2) == ["new-version", "new-version"]
    assert here.events() == ["article.updated"]


async def test_an_upgrade_while_a_page_waits_invents_nothing(here: World) -> None:
    def shouting(found: Extraction) -> Extraction:
        texts = tuple(Paragraph(p.kind, p.text.upper()) for p in found.snapshot.paragraphs)
        return replace(found, snapshot=replace(found.snapshot, paragraphs=texts))

    here.site.on("/flood", html(GOOD), html(BROKEN), html(page(HEADLINE, *OTHER, noise="2")))
    await here.watch("/flood")
    assert await outcomes(here, 2) == ["new-version", "quarantined"]
    here.reading.edits = shouting
    here.poller = replace(here.poller, extractor_name="reading / 2")
    assert await outcomes(here, 2) == ["quarantined", "new-version"]
    assert here.texts()[-1] == [text.upper() for text in OTHER]
    with here.archive() as archive:
        old, new = archive.versions(1)
        before = archive.pair(old, new).old_snapshot
    assert [p.text for p in before.paragraphs] == [text.upper() for text in ARTICLE]


async def test_an_upgrade_that_no_longer_reads_the_held_page_says_so(here: World) -> None:
    here.site.on("/flood", html(GOOD), html(BROKEN))
    await here.watch("/flood")
    assert await outcomes(here, 3) == ["new-version", "quarantined", "quarantined"]
    here.poller = replace(here.poller, extractor_name="reading / 2")
    here.reading.breaks = NotAnArticle("a page of recipes")
    assert await outcomes(here, 1) == ["not-an-article"]
    assert states(here) == ["held"]


PLACES = ("/a", "/b", "/c", "/d", "/e", "/f")


def own(number: int, *more: str) -> bytes:
    """An article of its own, with what is on every page."""
    texts = [f"{text} This is the report of district {number}." for text in ARTICLE]
    return page(f"District {number}", *texts, *more)


async def districts(here: World, stories: int = 2) -> None:
    wanted = [
        WatchedArticle(here.site.url(path), f"story {at % stories}", INTERVAL)
        for at, path in enumerate(PLACES)
    ]
    await here.store.sync_articles(wanted, here.clock.now())


async def test_a_banner_on_every_page_is_held_and_never_told_once_it_is_known(
    here: World,
) -> None:
    for at, path in enumerate(PLACES, 1):
        here.site.on(path, html(own(at)), html(own(at, BANNER)))
    await districts(here)
    for article in range(1, 7):
        await here.poll(article, after=1)
    found = [(await here.poll(a, after=60)).decision.outcome.value for a in range(1, 7)]
    # another article of the first one's story may well say the same, one of another story may not
    assert found == ["new-version"] + ["quarantined"] * 5
    assert here.events() == ["article.updated"]
    for _ in range(2):
        for article in range(2, 7):
            await here.poll(article, after=60)
    assert here.events() == ["article.updated"]
    with here.archive() as archive:
        for article in range(2, 7):
            version = archive.versions(article)[-1]
            assert version.number == 2
            assert version.untold is not None
            assert "the same text appeared on" in version.untold
        (text,) = archive.site_texts()
    assert (text.text, text.articles) == (BANNER, 6)


async def test_a_banner_that_goes_again_is_no_news_either(here: World) -> None:
    for at, path in enumerate(PLACES, 1):
        here.site.on(path, html(own(at)), *[html(own(at, BANNER))] * 4, html(own(at)))
    await districts(here)
    for _ in range(5):
        for article in range(1, 7):
            await here.poll(article, after=10)
    told = len(here.events())
    for _ in range(3):
        for article in range(1, 7):
            await here.poll(article, after=10)
    assert len(here.events()) == told == 1
    with here.archive() as archive:
        assert [len(archive.versions(article)) for article in range(1, 7)] == [3] * 6


async def test_the_same_addition_on_two_articles_of_a_host_is_told_two_minutes_late(
    here: World,
) -> None:
    shared = "A warning of high water is in force along the coast until the morning tide has gone."
    for at, path in enumerate(PLACES, 1):
        here.site.on(path, html(own(at)), html(own(at, *((shared,) if at < 3 else ()))))
    await districts(here)
    for article in range(1, 7):
        await here.poll(article, after=1)
    found = [(await here.poll(a, after=10)).decision.outcome.value for a in (1, 2, 2, 2)]
    assert found == ["new-version", "quarantined", "quarantined", "quarantined"]
    assert here.events() == ["article.updated"]
    assert (await here.poll(2, after=90)).decision.outcome is Outcome.NEW_VERSION
    assert here.events(2) == ["article.updated"]
    with here.archive() as archive:
        assert archive.site_texts() == []


async def test_what_ten_of_many_articles_say_alike_is_told_of_each_whoever_is_seen_first(
    here: World,
) -> None:
    told = "The ministry will double the fund for the dykes from January, an agency reported."
    paths = [f"/wire/{n}" for n in range(1, 25)]
    for at, path in enumerate(paths, 1):
        here.site.on(path, html(own(at)), html(own(at, *((told,) if at <= 10 else ()))))
    wanted = [
        WatchedArticle(here.site.url(path), f"story {at % 5}", INTERVAL)
        for at, path in enumerate(paths)
    ]
    await here.store.sync_articles(wanted, here.clock.now())
    # every second one that is seen has the text, until all ten were
    order = [article for at in range(1, 13) for article in (at, 25 - at)]
    for _ in range(2):
        for article in order:
            await here.poll(article, after=2)
    for _ in range(2):
        for article in range(2, 11):
            await here.poll(article, after=10)
    assert [here.events(article) for article in range(1, 11)] == [["article.updated"]] * 10
    with here.archive() as archive:
        assert archive.site_texts() == []


async def test_the_same_text_in_few_of_many_articles_is_news(here: World) -> None:
    shared = "A warning of high water is in force along the coast until the morning tide has gone."
    for at, path in enumerate(PLACES, 1):
        more = (shared,) if at in (1, 2, 3) else ()
        here.site.on(path, html(own(at)), html(own(at, *more)))
    extra = [f"/more/{n}" for n in range(8)]
    for at, path in enumerate(extra, 7):
        here.site.on(path, html(own(at)))
    wanted = [
        WatchedArticle(here.site.url(path), f"story {at % 2}", INTERVAL)
        for at, path in enumerate((*PLACES, *extra))
    ]
    here.site.on("/f", html(own(6)), html(own(6)), html(own(6, shared)))
    await here.store.sync_articles(wanted, here.clock.now())
    for _ in range(2):
        for article in range(1, 15):
            await here.poll(article, after=5)
    for article in (2, 3):
        assert await outcomes(here, 2, article) == ["quarantined", "new-version"]
    assert (await here.poll(6)).decision.outcome is Outcome.NEW_VERSION
    assert here.events() == ["article.updated"] * 4


async def test_within_one_story_the_same_text_is_told_in_the_end(here: World) -> None:
    for at, path in enumerate(PLACES, 1):
        here.site.on(path, html(own(at)), html(own(at, BANNER)))
    await districts(here, stories=1)
    for _ in range(4):
        for article in range(1, 7):
            await here.poll(article, after=10)
    assert here.events() == ["article.updated"] * 6
    with here.archive() as archive:
        assert archive.site_texts() == []
        assert {held.state for held in archive.quarantine()} == {"confirmed"}


async def test_news_beside_a_banner_is_told_at_once(here: World) -> None:
    news = "The water fell below the second mark at noon, and the pumps at the lock were stopped."
    for at, path in enumerate(PLACES, 1):
        more = (news, BANNER) if at == 6 else (BANNER,)
        here.site.on(path, html(own(at)), html(own(at, *more)))
    await districts(here)
    for _ in range(2):
        for article in range(1, 7):
            await here.poll(article, after=10)
    assert here.events(6) == ["article.updated"]


async def test_a_new_template_of_the_whole_site_is_told_to_nobody(here: World) -> None:
    for at, path in enumerate(PLACES, 1):
        broken = page(f"District {at}", *(f"{text} {at}" for text in OTHER))
        here.site.on(path, html(own(at)), html(broken))
    await districts(here)
    for _ in range(4):
        for article in range(1, 7):
            await here.poll(article, after=10)
    with here.archive() as archive:
        assert [len(archive.versions(article)) for article in range(1, 7)] == [2] * 6
        untold = [archive.versions(article)[-1].untold for article in range(1, 7)]
    assert here.events() == []
    assert all(text is not None and "more articles of" in text for text in untold)
    assert (await check(here, quick=True)).faults == []  # no event of theirs is missing


@pytest.mark.parametrize("times", [2, 3])
async def test_another_process_that_holds_the_page_makes_this_one_look_again(
    here: World, times: int
) -> None:
    here.site.on("/flood", html(GOOD, '"1"'), html(BROKEN, '"2"'))
    await here.watch("/flood")
    await here.poll()
    stale = await here.lease()
    for _ in range(times - 1):
        await here.poll()
    decision = (await poll_article(stale, here.poller)).decision
    assert decision.outcome is (Outcome.QUARANTINED if times == 2 else Outcome.NEW_VERSION)
    assert len(states(here)) == 1


HALF = page(HEADLINE, *ARTICLE[:3])
CUT = page(HEADLINE, *ARTICLE[1:])


async def test_a_page_that_loses_half_of_its_paragraphs_for_one_poll_is_told_to_nobody(
    here: World,
) -> None:
    here.site.on("/flood", html(GOOD, '"1"'), html(HALF, '"2"'), html(GOOD, '"1"'), html(HALF))
    await here.watch("/flood")
    assert await outcomes(here, 3) == ["new-version", "quarantined", "unchanged"]
    assert (here.texts(), here.events()) == ([list(ARTICLE)], [])
    # an editor who takes them out is told, two minutes later
    assert await outcomes(here, 3) == ["quarantined", "quarantined", "new-version"]
    assert here.events() == ["article.updated"]
    assert here.texts()[-1] == list(ARTICLE[:3])


async def test_three_headlines_that_take_turns_are_told_until_the_first_comes_back(
    here: World,
) -> None:
    heads = [html(page(f"{HEADLINE} {word}", *ARTICLE)) for word in ("again", "tonight", "now")]
    here.site.on("/flood", *heads * 3, heads[0])
    await here.watch("/flood")
    found = await outcomes(here, 10)
    assert found == ["new-version"] * 4 + [*["quarantined"] * 2, "unchanged"] * 2
    assert here.events() == ["article.updated"] * 3
    with here.archive() as archive:
        assert {held.cause for held in archive.quarantine(1)} == {"flicker"}
    # what stays is told
    here.site.on("/flood", heads[2])
    assert await outcomes(here, 3) == ["quarantined", "quarantined", "new-version"]


async def test_metadata_that_change_after_a_return_are_no_flicker(here: World) -> None:
    later = page(HEADLINE, *ARTICLE, modified="2026-01-12T06:20:00Z")
    here.site.on("/flood", html(GOOD), html(EDITED), html(GOOD), html(later))
    await here.watch("/flood")
    assert await outcomes(here, 4) == ["new-version"] * 4


async def test_two_texts_that_take_turns_are_told_once_each(here: World) -> None:
    here.site.on("/flood", *[html(GOOD), html(CUT)] * 5, *[html(CUT)] * 3)
    await here.watch("/flood")
    assert await outcomes(here, 3) == ["new-version"] * 3
    assert await outcomes(here, 7) == ["quarantined", "unchanged"] * 3 + ["quarantined"]
    assert here.events() == ["article.updated"] * 2
    with here.archive() as archive:
        assert {held.cause for held in archive.quarantine(1)} == {"flicker"}
        assert "goes back and forth" in archive.quarantine(1)[0].reason
    # the one that stays in the end is what the publisher shows
    assert await outcomes(here, 2) == ["quarantined", "new-version"]
    assert here.events() == ["article.updated"] * 3
    assert here.texts()[-1] == list(ARTICLE[1:])
