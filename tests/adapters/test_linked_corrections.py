"""The corrections that JSON-LD tells of an article."""

from __future__ import annotations

import json

import pytest

from tests.adapters.test_notice_places import HEADLINE, TEXT, TYPE, page
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.html import extract_snapshot
from watcher.core.compare import compare, describe
from watcher.core.model import Extraction, Notice

WRONG = "The pier is four metres high, not fourteen, as was written here at first."
DATED = f"{WRONG} (2026-05-04)"
ARTICLE = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2026-05-03T10:00:00Z"}
OTHER = {**ARTICLE, "headline": "Forty people sing in the old fish hall", "correction": WRONG}
COMMENT = {"@type": "CorrectionComment", "text": WRONG, "datePublished": "2026-05-04T08:00:00Z"}


def source(data: object, inside: str = "", after: str = "") -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    body = f"<main><article><h1>{HEADLINE}</h1>{TEXT}{inside}</article>{after}</main>"
    return page(script + body)


def read(data: object, inside: str = "", after: str = "") -> Extraction:
    return extract_snapshot(source(data, inside, after), "https://quay.example/pier", TYPE)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({**ARTICLE, "correction": WRONG}, [WRONG]),
        ({**ARTICLE, "correction": f"<p>{WRONG}</p>"}, [WRONG]),
        ({**ARTICLE, "correction": COMMENT}, [DATED]),
        ({**ARTICLE, "correction": [COMMENT, "It has two lamps."]}, [DATED, "It has two lamps."]),
        ({**ARTICLE, "correction": {**COMMENT, "@type": "Comment", "datePublished": ""}}, [WRONG]),
        ({**ARTICLE, "comment": [{"@type": "Comment", "text": "A fine pier."}, COMMENT]}, [DATED]),
        (
            {"@graph": [{**ARTICLE, "correction": {"@id": "#1"}}, {**COMMENT, "@id": "#1"}]},
            [DATED],
        ),
        ([ARTICLE, COMMENT], [DATED]),
        ([{**ARTICLE, "correction": WRONG}, {**ARTICLE, "correction": WRONG}], [WRONG]),
        ({**ARTICLE, "correction": "https://quay.example/corrections"}, []),
        ({**ARTICLE, "correction": [None, True, 3, {}, ""]}, []),
        ([ARTICLE, OTHER], []),
        ([ARTICLE, {**OTHER, "correction": COMMENT}], []),
        ([ARTICLE, {"@type": "ItemList", "itemListElement": [{"item": OTHER}, COMMENT]}], []),
    ],
)
def test_it_is_a_notice_that_the_fingerprint_sees(data: object, told: list[str]) -> None:
    found = read(data)
    assert found.snapshot.notices == tuple(Notice("correction", text) for text in told)
    assert found.fingerprint == text_fingerprint(source(data), TYPE)


def test_its_words_may_say_of_which_kind_it_is() -> None:
    text = "Clarification: the tax on piers is regional, the office says."
    told = read({**ARTICLE, "correction": text}).snapshot.notices
    assert told == (Notice("clarification", text),)


def test_one_that_comes_or_changes_makes_a_version() -> None:
    states: list[dict[str, object]] = [
        dict(ARTICLE),
        {**ARTICLE, "correction": WRONG},
        {**ARTICLE, "correction": WRONG.replace("four ", "five ")},
    ]
    seen = [read(state).snapshot for state in states]
    assert describe(compare(seen[0], seen[1])) == "correction added"
    assert describe(compare(seen[1], seen[2])) == "correction changed"
    assert len({text_fingerprint(source(state), TYPE) for state in states}) == 3


@pytest.mark.parametrize(
    ("inside", "after", "notice"),
    [
        (f"<p>Correction: {WRONG}</p>", "", Notice("correction", f"Correction: {WRONG}", 5)),
        (f"<p>{WRONG}</p>", "", Notice("correction", WRONG, 5)),
        (
            "",
            f"<aside>Correction: {WRONG}</aside>",
            Notice("correction", f"Correction: {WRONG}", 5),
        ),
        (
            f"<footer><p>Correction, 4 May: {WRONG}</p><a href=/a>All our corrections</a></footer>",
            "",
            Notice("correction", f"Correction, 4 May: {WRONG}"),
        ),
    ],
)
def test_one_that_the_page_shows_is_told_once(inside: str, after: str, notice: Notice) -> None:
    found = read({**ARTICLE, "correction": COMMENT}, inside, after).snapshot
    assert found.notices == (notice,)
