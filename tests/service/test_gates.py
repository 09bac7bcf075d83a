"""The gates of a poll in turn: what each of them recognises, and that none is asked in vain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.service.rig import CLOSING, MIDDLE, OPENING, Reading, World, html, page
from watcher.core.model import Outcome
from watcher.core.sites import SiteRules, Sites


@dataclass
class Counted(Reading):
    """The extraction itself; `asked` counts the gates that were asked."""

    asked: list[str] = field(default_factory=list)

    def fingerprint(self, body: bytes, content_type: str | None) -> str | None:
        self.asked.append("fingerprint")
        return super().fingerprint(body, content_type)

    def outline(self, body: bytes, content_type: str | None) -> str | None:
        self.asked.append("outline")
        return super().outline(body, content_type)

    def is_outline_sure(self, body: bytes) -> bool:
        self.asked.append("sure")
        return super().is_outline_sure(body)


def body(script: int, attribute: int = 0, middle: str = MIDDLE, more: str = "") -> bytes:
    """A page with noise in a script and in an attribute, and something more."""
    noise = f'{more}<script>hits = {script};</script><div id="ad-{attribute}"></div><article'
    return page("River rises", OPENING, middle, CLOSING).replace(b"<article", noise.encode())


async def polled(here: World, *bodies: bytes) -> tuple[list[Outcome], list[list[str]]]:
    """The outcomes of polls that find these pages, and the gates that each of them asked."""
    reading = Counted()
    here.poller = replace(here.poller, extractor=reading)
    here.site.on("/flood", *map(html, bodies))
    await here.watch("/flood")
    outcomes, asked = [], []
    for _ in bodies:
        outcomes.append((await here.poll()).decision.outcome)
        asked.append(reading.asked[:])
        reading.asked.clear()
    return outcomes, asked


NEW, SAME = Outcome.NEW_VERSION, Outcome.UNCHANGED


async def test_noise_in_scripts_is_told_without_a_parse(here: World) -> None:
    outcomes, asked = await polled(here, *(body(n) for n in range(4)))
    assert outcomes == [NEW, SAME, SAME, SAME]
    # the parser is asked once whether the outline is sure
    assert asked == [["outline"], ["outline", "sure"], ["outline"], ["outline"]]


async def test_noise_elsewhere_is_told_by_the_fingerprint(here: World) -> None:
    outcomes, asked = await polled(here, *(body(0, n) for n in range(3)), body(1, 2), body(2, 2))
    assert outcomes == [NEW, SAME, SAME, SAME, SAME]
    assert asked[1:] == [
        ["outline", "fingerprint"], ["outline", "fingerprint"], ["outline", "sure"], ["outline"],
    ]  # fmt: skip


async def test_no_outline_is_made_in_vain_for_long(here: World) -> None:
    other = "Crews moved three hundred people from the houses beside the mill before the road went."
    pages = [body(0, n) for n in range(7)] + [body(0, 7, other), body(1, 7, other)]
    outcomes, asked = await polled(here, *pages)
    assert outcomes == [NEW, *[SAME] * 6, NEW, SAME]
    assert asked[1:4] == [["outline", "fingerprint"]] * 3
    assert asked[4:7] == [["fingerprint"]] * 3
    # a new version is a new beginning
    assert asked[7:] == [["fingerprint"], ["outline", "fingerprint"]]


async def test_a_change_of_the_text_is_news_after_any_of_them(here: World) -> None:
    other = "Crews moved three hundred people from the houses beside the mill before the road went."
    outcomes, _ = await polled(
        here, body(0), body(1), body(2), body(3, 0, other), body(4, 0, other)
    )
    assert outcomes == [NEW, SAME, SAME, NEW, SAME]
    assert [texts[1] for texts in here.texts()] == [MIDDLE, other]


async def test_an_outline_that_is_not_sure_is_not_asked_again(here: World) -> None:
    doubtful = '<div title="<script>a</script>"></div>'
    outcomes, asked = await polled(here, *(body(n, more=doubtful) for n in range(4)))
    assert outcomes == [NEW, SAME, SAME, SAME]
    assert asked == [
        ["outline"], ["outline", "sure", "fingerprint"],
        ["outline", "fingerprint"], ["outline", "fingerprint"],
    ]  # fmt: skip


async def test_text_that_only_looks_like_a_script_is_news(here: World) -> None:
    said = "</p><div title='<script>'><p>{} homes are dark.</p></div><p title='</script>'>Still."
    pages = [body(0, 0, MIDDLE + said.format(n)) for n in range(3)]
    outcomes, _ = await polled(here, pages[0], pages[0], pages[1], pages[2])
    assert outcomes == [NEW, SAME, NEW, NEW]


async def test_an_outline_holds_under_the_rules_it_was_made_with(here: World) -> None:
    await polled(here, *(body(n) for n in range(3)))
    reading = Counted()
    rules = Sites((SiteRules("127.0.0.1", keep=("footer",)),))
    here.poller = replace(here.poller, extractor=replace(reading, sites=rules), sites=rules)
    here.site.on("/flood", html(body(9)))
    await here.poll()
    assert reading.asked == ["outline", "fingerprint"]
    assert reading.extracted


async def test_a_held_page_is_recognised_by_its_outline(here: World) -> None:
    long = " ".join(f"Sentence {n} of a long report on the water in the town." for n in range(60))
    whole, broken = (body(n, 0, long) for n in range(2)), [body(n, 0, "Gone.") for n in range(3)]
    outcomes, asked = await polled(here, *whole, *broken)
    assert outcomes[:3] == [NEW, SAME, Outcome.QUARANTINED]
    assert outcomes[3] == Outcome.QUARANTINED
    assert asked[3] == ["outline", "sure"]
