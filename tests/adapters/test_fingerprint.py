"""The fast fingerprint: every change of the article shows, no change of the noise does."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from tests.adapters.pages import ALL, HARBOUR, MINISTRY, WIRE
from watcher.adapters.page.gate.coverage import PageText
from watcher.adapters.page.gate.fingerprint import read_page_text, text_fingerprint
from watcher.adapters.page.html import extract_snapshot

CONTENT_TYPE = "text/html; charset=utf-8"
MUTATIONS_A_PAGE = 150
NEXT_DIGIT = str.maketrans("0123456789", "1234567890")


def fingerprint(page: str) -> str:
    return text_fingerprint(page.encode(), CONTENT_TYPE)


def page_text(page: str) -> PageText:
    found = read_page_text(page.encode(), CONTENT_TYPE)
    assert found is not None
    return found


@pytest.mark.parametrize("page", ALL.values(), ids=ALL)
def test_the_extraction_hands_out_the_same_fingerprint(page: str) -> None:
    extraction = extract_snapshot(page.encode(), "u", CONTENT_TYPE)
    assert extraction.fingerprint == fingerprint(page)


def article_spans(page: str) -> list[tuple[int, int]]:
    """Where the texts of the extracted paragraphs and headline stand in the page's source."""
    snapshot = extract_snapshot(page.encode(), "u", CONTENT_TYPE).snapshot
    spans = []
    for text in (snapshot.headline, *(p.text for p in snapshot.paragraphs)):
        for words in (part for part in re.split(r" \| ", text) if part):
            gap = r"(?:\s|<[^>]*>)*"
            pattern = gap.join(re.escape(c) for c in words if not c.isspace())
            match = re.search(r"(?<=>)\s*" + pattern, page[page.index("<body") :])
            assert match is not None, words
            start = page.index("<body")
            spans.append((match.start() + start, match.end() + start))
    return spans


@pytest.mark.parametrize("page", ALL.values(), ids=ALL)
def test_every_character_of_the_article_counts(page: str) -> None:
    before = fingerprint(page)
    spots = [
        at
        for start, end in article_spans(page)
        for at in range(start, end)
        if not page[at].isspace() and not re.match(r"[^<>]*>", page[at:])
    ]
    for seed in range(MUTATIONS_A_PAGE):
        rng = random.Random(seed)
        at = rng.choice(spots)
        new = rng.choice([c for c in "abcXYZ0123456789.,“é語" if c != page[at]])
        kind = seed % 3
        if kind == 0:
            mutated = page[:at] + new + page[at + 1 :]
        elif kind == 1:
            mutated = page[:at] + new + page[at:]
        else:
            mutated = page[:at] + page[at + 1 :]
        assert fingerprint(mutated) != before, (seed, page[at - 20 : at + 20])


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        (HARBOUR, '"dateModified":"2026-11-20T11:05:40', '"dateModified":"2026-11-20T11:05:41'),
        (HARBOUR, '"datePublished":"2026', '"datePublished":"2025'),
        (HARBOUR, 'content="2026-11-20T11:05:00', 'content="2026-11-20T11:06:00'),
        (HARBOUR, 'og:title" content="Bridge shut', 'og:title" content="Bridge closed'),
        (HARBOUR, '"name":"Jon Aske"', '"name":"Jon Asker"'),
        (HARBOUR, 'name="author" content="Mira', 'name="author" content="Mara'),
        (HARBOUR, 'datetime="2026-11-20T09:30:12', 'datetime="2026-11-20T09:30:13'),
        (HARBOUR, "10.10</time>", "10.12</time>"),
        (HARBOUR, "Picture: Ola", "Picture: Eva"),
        (HARBOUR, "<title>Harbour", "<title>Old harbour"),
        (HARBOUR, "market.<br><br>Cyclists", "market.<br>Cyclists"),
        (HARBOUR, "said.</p>\n<p>Nobody", "said. Nobody"),
        (HARBOUR, "<b>two tugs</b> held", "<b>two tugs</b>held"),
        (HARBOUR, "<h2>What is known so far</h2>", "<p>What is known so far</p>"),
        (MINISTRY, 'modified" content="2026-11-19', 'modified" content="2026-11-20'),
        (MINISTRY, "<td>closed</td>", "<td>open</td>"),
        (MINISTRY, "Correction: an", "Clarification: an"),
        (HARBOUR, '<html lang="en">', '<html lang="de">'),
        (HARBOUR, "guess, said", "guess,<del> said</del>"),
        (HARBOUR, "<p>Nobody was", "<p hidden>Nobody was"),
        (HARBOUR, "<p>Nobody was", '<p style="display:none">Nobody was'),
        (HARBOUR, "<p>Nobody was", '<p class="text d-none">Nobody was'),
        (HARBOUR, "31,000 vehicles", "31,000<sup>2</sup> vehicles"),
        (WIRE, '"dateModified": "2026-11-21T07:45', '"dateModified": "2026-11-21T07:46'),
    ],
)  # fmt: skip
def test_news_outside_the_running_text_counts(page: str, old: str, new: str) -> None:
    assert page.count(old) == 1
    assert fingerprint(page.replace(old, new)) != fingerprint(page)


def in_a_box(text: str) -> str:
    """A page whose text stands in no paragraph."""
    return f"<html><body><h1>Salt works reopen</h1><div>{text}</div></body></html>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("One<br><br>two<br>three", "One<br>two<br><br>three"),
        ("at <time>14.05</time> the", "at <time>14.05</time>the"),
        ("the <output>7</output> boats", "the<output>7</output> boats"),
        ("the <kbd>big</kbd> <var>boats</var>", "the <kbd>big</kbd><var>boats</var>"),
    ],
)
def test_lines_and_spaces_of_text_outside_of_paragraphs_count(old: str, new: str) -> None:
    assert fingerprint(in_a_box(old)) != fingerprint(in_a_box(new))


def test_what_is_hidden_and_says_nothing_does_not_count() -> None:
    page = HARBOUR.replace("</article>", '<div id="ad"></div></article>')
    assert fingerprint(page) == fingerprint(page.replace('"ad"', '"ad" style="display:none"'))


def number(rng: random.Random) -> str:
    return str(rng.randrange(10**6))


NOISE: dict[str, Callable[[str, random.Random], str]] = {
    "ad attributes": lambda page, rng: re.sub(r"8812|ab12cd", number(rng), page),
    "nonces and tokens": lambda page, rng: re.sub("r4nd0m|c5f1a90e7b|dDw0NTY3", number(rng), page),
    "scripts": lambda page, rng: re.sub(r'track\("v1", \d+', f'track("v1", {number(rng)}', page),
    "styles": lambda page, rng: page.replace("font-weight:700", f"font-weight:{number(rng)}"),
    "comments": lambda page, rng: page.replace("<body", f"<!-- web-{number(rng)} --><body", 1),
    "a comment in the text": lambda page, rng: page.replace(
        "<p>", f"<p><!-- {number(rng)} -->", rng.randrange(1, 4)
    ),
    "white space": lambda page, rng: re.sub(
        r"(?<=\w) (?=\w+ \w+ \w)", rng.choice(["\n", "  ", "\t \n"]), page
    ),
    "space between blocks": lambda page, rng: re.sub(
        r"</p>\s*<p>", "</p>" + " \n" * rng.randrange(3) + "<p>", page
    ),
    "related links": lambda page, rng: page.replace("Fish prices fall", f"Fish {number(rng)}"),
    "navigation": lambda page, rng: re.sub("Sea|World", number(rng), page),
    "counters": lambda page, rng: page.replace("1,204", number(rng)),
    "relative times": lambda page, rng: page.replace("41 minutes", f"{number(rng)} minutes"),
    "classes": lambda page, rng: page.replace("<p>", f'<p class="c{number(rng)}">'),
    "attribute order": lambda page, rng: re.sub(
        r'<meta (\S+="[^"]*") (\S+="[^"]*")>', r"<meta \2 \1>", page
    ),
    "a new script": lambda page, rng: page.replace(
        "</p>", f"</p><script>var x={number(rng)};</script>", rng.randrange(1, 5)
    ),
    "a new advertisement": lambda page, rng: page.replace(
        "</p>", f'</p><div id="s{number(rng)}"><iframe src="/{number(rng)}"></iframe></div>', 2
    ),
    "a new picture source": lambda page, rng: page.replace("/i/771.jpg", f"/i/{number(rng)}.jpg"),
}  # fmt: skip


@pytest.mark.parametrize("mutate", NOISE.values(), ids=NOISE)
def test_noise_does_not_count(mutate: Callable[[str, random.Random], str]) -> None:
    changed = 0
    for page in ALL.values():
        before = fingerprint(page)
        for seed in range(5):
            mutated = mutate(page, random.Random(seed))
            changed += mutated != page
            assert fingerprint(mutated) == before
    assert changed


def test_the_page_s_description_counts() -> None:
    page = HARBOUR.replace("<style>", '<meta name="description" content="Ferries run."><style>')
    assert fingerprint(page) != fingerprint(page.replace("Ferries run", "Ferries stop"))


def test_a_box_without_links_inside_the_article_counts() -> None:
    page = HARBOUR.replace("</article>", "<aside><p>Correction: pier two.</p></aside></article>")
    assert fingerprint(page) != fingerprint(page.replace("pier two", "pier three"))


def test_a_page_in_another_encoding_is_decoded() -> None:
    page = HARBOUR.replace("Ola\nBerg", "Åsa Bergström").replace('<meta charset="utf-8">', "")
    latin = text_fingerprint(page.encode("cp1252"), "text/html; charset=iso-8859-1")
    assert latin == text_fingerprint(page.encode(), CONTENT_TYPE)


@pytest.mark.parametrize("body", [b"", b"<", b"\x00\xff", b"<html>", b"plain", b"<p>" * 3000])
def test_any_body_has_a_fingerprint(body: bytes) -> None:
    assert re.fullmatch("[0-9a-f]{64}", text_fingerprint(body, None))


def test_text_that_the_fast_parse_does_not_see_is_not_covered() -> None:
    page = page_text("<html><body><p>Seen words stand here.</p><nav>Unseen</nav></body></html>")
    assert page.covers(["Seen words stand here."], [])
    assert page.covers(["Seen words", "here."], [])
    assert not page.covers(["Unseen"], [])
    assert not page.covers(["Seen words stand here.", "Other words stand there."], [])
    assert not page.covers([], ["2026-11-20T09:30:00Z"])


def test_a_text_may_be_covered_in_pieces_but_only_in_order() -> None:
    page = page_text(
        "<p>The first half of a sentence</p><p>Share this</p><p>and its second half.</p>"
    )
    assert page.covers(["The first half of a sentence and its second half."], [])
    assert not page.covers(["and its second half. The first half of a sentence"], [])
    late = page_text("<p>The report<a>, opens a new tab</a> of the institute was late.</p>")
    assert late.covers(["The report of the institute was late."], [])
    raised = page_text("<p>The field measures 12 km<sup>2</sup> at low tide.</p>")
    assert raised.covers(["The field measures 12 km² at low tide."], [])
    far = page_text(f"<p>The first half of a sentence</p><p>{'Words. ' * 99}</p><p>ends 14.05</p>")
    assert not far.covers(["The first half of a sentence 14.05"], [])


def test_text_beyond_the_fast_parse_leaves_the_page_without_a_fingerprint() -> None:
    # the fast parse never looks into navigation
    text = "<p>Words that stand in an odd place but are all the words there are on it.</p>"
    page = f"<html><head><title>Odd</title></head><body><nav>{text * 8}</nav></body></html>"
    seen = page_text(page)
    assert not seen.covers(["Words that stand in an odd place"], [])


def test_an_article_inside_an_aside_without_a_headline_counts() -> None:
    text = "<p>Words that stand in an odd place but are all the words there are on it.</p>"
    page = f"<html><head><title>Odd</title></head><body><aside>{text * 8}</aside></body></html>"
    extraction = extract_snapshot(page.encode(), "u", CONTENT_TYPE)
    assert extraction.snapshot.paragraphs[0].text.startswith("Words that stand")
    assert extraction.fingerprint == fingerprint(page) is not None
    assert fingerprint(page.replace("odd place", "old place", 1)) != fingerprint(page)


def test_a_heading_that_moved_to_another_paragraph_counts() -> None:
    def heading(paragraph: str) -> str:
        at = HARBOUR.index(paragraph)
        end = HARBOUR.index("</p>", at)
        return f"{HARBOUR[:at]}<h2>{HARBOUR[at + 3 : end]}</h2>{HARBOUR[end + 4 :]}"

    one, other = heading("<p>Nobody was"), heading("<p>Buses on")
    assert one != HARBOUR != other
    assert len({fingerprint(HARBOUR), fingerprint(one), fingerprint(other)}) == 3


@pytest.mark.parametrize(
    "member",
    [
        '"commentCount":12', '"userInteractionCount": "13"', '"ratingValue":4.5',
        '"image":"https://img.example/a.jpg?t=1"', '"image":["/a.jpg?t=1","/b.jpg"]',
        '"thumbnail":{"@type":"ImageObject","url":"/a.jpg?t=1"}', '"embedUrl":"/v?token=1"',
    ],
)  # fmt: skip
def test_members_of_json_ld_that_no_extraction_reads_do_not_count(member: str) -> None:
    page = HARBOUR.replace('"author":[', f'{member},"author":[')
    changed = page.replace(member, member.replace("1", "77").replace("4.5", "4.6"))
    assert page != changed
    assert fingerprint(page) == fingerprint(changed)
    one, other = (extract_snapshot(p.encode(), "u", CONTENT_TYPE).snapshot for p in (page, changed))
    assert one == other


@pytest.mark.parametrize("shown", ["Updated 14:05", "3 May 2026"])
def test_a_time_shown_as_a_clock_or_date_counts(shown: str) -> None:
    page = HARBOUR.replace("41 minutes ago", shown)
    assert fingerprint(page) != fingerprint(
        page.replace(shown, shown.replace("5", "6").replace("3", "4"))
    )


@pytest.mark.parametrize(
    ("box", "counts"),
    [
        ("<aside><p>Correction: it was the third one. <a href='/c'>More</a></p></aside>", True),
        ("<form><p>Correction: it was the third one.</p><button>Fine</button></form>", True),
        ("<aside><a href='/1'>The third one of all</a> <a href='/2'>Old boats</a></aside>", False),
        ("<nav><a href='/1'>The third one</a></nav>", False),
        ("<svg><title>third one</title></svg>", False),
    ],
)  # fmt: skip
def test_a_box_counts_unless_it_holds_only_links(box: str, counts: bool) -> None:
    page = HARBOUR.replace("</article>", f"{box}</article>")
    assert (fingerprint(page) != fingerprint(page.replace("third one", "fourth one"))) == counts


def test_prose_behind_a_box_that_was_left_open_counts() -> None:
    page = HARBOUR.replace("<p>Nobody was", "<canvas><p>Nobody was")
    assert fingerprint(page) != fingerprint(page.replace("ten at a time", "six at a time"))


def test_times_inside_times_are_taken_apart_from_within() -> None:
    times = '<time datetime="2026-11-20T09:30:12+01:00">' * 40
    page = HARBOUR.replace('<time datetime="2026-11-20T09:30:12+01:00">', times)
    assert fingerprint(page) == fingerprint(page.replace("41 minutes", "42 minutes"))
    assert fingerprint(page) != fingerprint(page.replace("T09:30:12", "T09:30:13"))


@pytest.mark.parametrize("box", ["<canvas>", "<aside>", "<blockquote>", '<time datetime="1">'])
def test_boxes_nested_too_deep_leave_the_page_without_a_fingerprint(box: str) -> None:
    page = HARBOUR.replace("</main>", f"{box}{'many words of 2026 ' * 12}" * 900 + "</main>")
    assert text_fingerprint(page.encode(), CONTENT_TYPE) is None


@pytest.mark.parametrize(
    "odd",
    [
        "<div>" * 99_000,
        "<aside>" * 20_000,
        "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">",
        "<p " + " ".join(f"a{n}" for n in range(60_000)) + ">",
        ("<p " + " ".join(f"a{n}" for n in range(4_000)) + ">") * 20,
        "<p " + "".join(f"a{n}=''" for n in range(12_000)) + ">",
        "<form></form><dialog></dialog>" * 150,
    ],
    ids=["deep", "boxes", "attributes", "bare ones", "many tags", "no spaces", "many boxes"],
)
def test_a_page_that_could_hold_up_the_fast_parse_is_not_given_to_it(odd: str) -> None:
    page = HARBOUR.replace("<body", f"{odd}<body", 1).encode()
    assert text_fingerprint(page, CONTENT_TYPE) is None
    assert text_fingerprint(HARBOUR.encode(), CONTENT_TYPE) is not None


@pytest.mark.parametrize(
    "note",
    [
        "<footer><p>Correction: the harbour has twelve berths, not twenty-one.</p></footer>",
        '<aside class="note"><p>Correction: the harbour has twelve berths, not 21.</p></aside>',
    ],
)
def test_a_correction_in_a_box_of_the_article_is_seen(note: str) -> None:
    corrected = HARBOUR.replace("</article>", f"{note}</article>", 1)
    assert corrected != HARBOUR
    before = extract_snapshot(HARBOUR.encode(), "u", CONTENT_TYPE)
    after = extract_snapshot(corrected.encode(), "u", CONTENT_TYPE)
    assert after.fingerprint != before.fingerprint
    # as a paragraph or as a notice
    assert "twelve berths" in str(after.snapshot)
    assert "twelve berths" not in str(before.snapshot)
