"""Flashes: a sentence or two by the headline, and around them more text than they have."""

from __future__ import annotations

import pytest

from tests.adapters.test_article_text import texts

FLASH = "The ferry has run aground off the lower quay, the harbour office says. More to follow."
PROSE = (
    "Readers of this paper can have it every morning, and who brings it to the door does so in any"
    " weather. It was founded by two fishermen, who wanted to know when the boats would come home."
)
BESIDE = {
    "unseen by its style": f'<div style="display:none"><p>{PROSE}</p><p>{PROSE[::-1]}</p></div>',
    "unseen": f"<div hidden><p>{PROSE}</p><p>{PROSE[::-1]}</p></div>",
    "unseen by its class": f'<div class="hidden"><p>{PROSE}</p></div>',
    "comments": f'<div id="comments"><p>{PROSE}</p><p>{PROSE[::-1]}</p></div>',
    "a dialog": f"<dialog><p>{PROSE}</p><p>{PROSE[::-1]}</p></dialog>",
}


def page(beside: str, place: str) -> str:
    put = {at: beside if at == place else "" for at in ("before", "in", "after")}
    return f"""<html><head><title>Ferry aground | Paper</title></head><body>{put["before"]}
    <article><h1>Ferry aground</h1><div class="c-3"><p>{FLASH}</p></div>{put["in"]}</article>
    {put["after"]}</body></html>"""


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("place", ["before", "in", "after"])
def test_a_flash_is_the_article_whatever_is_longer_beside_it(beside: str, place: str) -> None:
    assert texts(page(beside, place)) == [FLASH]


def test_a_standfirst_by_the_headline_hides_no_article_that_a_script_shows() -> None:
    body = "".join(f"<p>{n}. {PROSE}</p>" for n in range(4))
    found = texts(page(f'<div class="hidden">{body}</div>', "in"))
    assert found == [FLASH, *(f"{n}. {PROSE}" for n in range(4))]


@pytest.mark.parametrize("tag", ["pre", "div", "section"])
def test_one_long_paragraph_of_another_form_is_not_all_of_a_short_article(tag: str) -> None:
    long = " ".join(f"{n}. {PROSE}" for n in range(2))
    told = ["The quay is shut.", FLASH, long, "Two boats wait.", "Who pays"]
    inside = (
        f"<p>{told[0]}</p><p>{FLASH}</p><{tag}>{long}</{tag}><ul><li>{told[3]}</li></ul>"
        f"<h2>{told[4]}</h2>"
    )
    whole = f"<html><body><div><h1>Ferry aground</h1><div>{inside}</div></div></body></html>"
    assert texts(whole) == told
