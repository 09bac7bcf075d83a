"""The outline: blind to scripts, styles and comments, and to nothing else."""

from __future__ import annotations

from random import Random

import pytest

from bench._noise_anywhere import Anywhere
from bench._noise_inside import Inside
from bench._noise_outside import Outside
from bench._noise_source import Source, letters_of
from tests.adapters.test_mutations import CONTENT_TYPE, PAGES, extract
from watcher.adapters.page.gate.fingerprint import text_fingerprint
from watcher.adapters.page.gate.outline import is_outline_sure, page_outline

NOISE = "<script>var built = 4711;</script><style>.a{top:12px}</style><!-- built at 12:04 -->"
FRAME = "<html><head><title>Dam</title></head><body><p>One {} two.</p></body></html>"


def outline(page: str) -> str | None:
    return page_outline(page.encode(), CONTENT_TYPE)


def fingerprint(page: str) -> str | None:
    return text_fingerprint(page.encode(), CONTENT_TYPE)


def is_sure(page: str) -> bool:
    return is_outline_sure(page.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<script>a = 1</script>", "<script>a = 2</script>"),
        ("<script nonce='a1'>a</script>", '<script nonce="b2" async src=/x.js?v=1>a</script>'),
        ("<script>if (a < b && c </d/) e = '<p>'</script>", "<script></script>"),
        ("<style>.a{top:1px}</style>", "<style media='print'>.a > b{top:2px}</style>"),
        (
            "<script nonce='a1' type='application/ld+json'>{\"a\":1}</script>",
            '<script nonce="b2" type=\'application/ld+json\'>{"a":1}</script>',
        ),
        ("<img src='/a.jpg?k=1' alt='x'>", '<img srcset="/b.jpg 2x" hidden />'),
        ("<input type='hidden' name='token' value='a'>", "<input TYPE=hidden value='b'>"),
        (
            "<table><tr><input value='a'><td>x</td></tr></table>",
            "<table><tr><input value='b'><td>x</td></tr></table>",
        ),
        ("<link rel='preload' href='/a.js'>", "<link rel='stylesheet' href='/b.css'>"),
        ("<input a=1 TYPE='hidden'>", "<input type=HIDDEN name=b>"),
        ("<link rel='icon' data-rel='canonical' href='/a'>", "<link rel=icon href='/b?a=1&b=2'>"),
        ("<script src='/a.js?a=1&b=2'></script>", "<script type='text/javascript'></script>"),
        (
            '<script type=\'application/ld+json\' nonce=a>{"a":"<!-- b"}</script>',
            '<script type=\'application/ld+json\' nonce=b>{"a":"<!-- b"}</script>',
        ),
        ("<!-- built at 12:04 -->", "<!-- built - at - 12:05 > <p>x</p> -->"),
    ],
)
def test_what_is_never_read_is_blanked(old: str, new: str) -> None:
    pages = [FRAME.format(each) for each in (old, new)]
    assert outline(pages[0]) == outline(pages[1]) != None  # noqa: E711
    assert all(map(is_sure, pages))
    assert fingerprint(pages[0]) == fingerprint(pages[1])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<script type="application/ld+json">{"a":1}</script>',
         '<script type="application/ld+json">{"a":2}</script>'),
        ('<script type="application/LD+JSON">{"a":1}</script>',
         '<script type="application/LD+JSON">{"a":2}</script>'),
        ('<script type="application/ld+js&#111;n">{"a":1}</script>',
         '<script type="application/ld+js&#111;n">{"a":2}</script>'),
        # marks and addresses
        ("<img itemprop='author' content='A'>", "<img itemprop='author' content='B'>"),
        ("<input PROPERTY='author' content='A'>", "<input PROPERTY='author' content='B'>"),
        ("<link rel='CANONICAL' href='/a'>", "<link rel='CANONICAL' href='/b'>"),
        ("<link rel='can&#111;nical' href='/a'>", "<link rel='can&#111;nical' href='/b'>"),
        ("<link itemprop='url' href='/a'>", "<link itemprop='url' href='/b'>"),
        ("<table><tr><input type='hidden'></tr></table>", "<table><tr><input></tr></table>"),
        ("<imgs a='b'>", "<imgs a='c'>"),
        ("<imgt a='b'>", "<imgt a='c'>"),
        ("<inpu a='b'>", "<inpu a='c'>"),
        ("<inputt type='hidden' a='b'>", "<inputt type='hidden' a='c'>"),
        ("<img a=1 iTemProp='author' content='A'>", "<img a=1 iTemProp='author' content='B'>"),
        ("<link href='/a' rel='x canonical'>", "<link href='/b' rel='x canonical'>"),
        ("<link REL=canonical href='/a'>", "<link REL=canonical href='/b'>"),
        ('<script id=a TYPE=" application/ld+json">1</script>',
         '<script id=a TYPE=" application/ld+json">2</script>'),
        ("<script id=a type=application/ld+json>1</script>",
         "<script id=a type=application/ld+json>2</script>"),
        ("<table><tr><input type='hidden'></tr></table>",
         "<table><tr><input type='hidden x'></tr></table>"),
        ("<img a='>'>", "<img a='> b'>"),
        ("<textarea><img a='b'></textarea>", "<textarea><img a='c'></textarea>"),
        # comments and their ends
        ("<!--> a --> ", "<!--> b --> "),
        ("<!---> a --> ", "<!---> b --> "),
        ("<!-- a --!> one -->", "<!-- a --!> two -->"),
        ("<!- a -->", "<!- b -->"),
        ("<! a >", "<! b >"),
        # what is no script, or goes on behind its end
        ("<scripts>a</scripts>", "<scripts>b</scripts>"),
        ("<script>a", "<script>b"),
        ("<script>a</scripty> c</script>", "<script>b</scripty> c</script>"),
        ("<script><!-- <script> </script> a </script>",
         "<script><!-- <script> </script> b </script>"),
        ("<script>x</SCRIPT> a <script>y</script>", "<script>x</SCRIPT> b <script>y</script>"),
        ("<script>x</script a='> one '> ", "<script>x</script a='> two '> "),
        ("<script a='>'> a</script>", "<script a='> b'> a</script>"),
        ("<script a=>x</script>", "<script a=b'>x</script>"),
        # where a script is text
        ("<textarea><script>a</script></textarea>", "<textarea><script>b</script></textarea>"),
        ("<noscript><style>a</style></noscript>", "<noscript><style>b</style></noscript>"),
        ("<svg><script>a</script></svg>", "<svg><script>b</script></svg>"),
        ("<svg><style>a</style></svg>", "<svg><style>b</style></svg>"),
        ("<title><!-- a --></title>", "<title><!-- b --></title>"),
        ("<template><style>a</style></template>", "<template><style>b</style></template>"),
        # beside them
        ("<script></script> a", "<script></script> b"),
        ("<style></style> a", "<style></style> b"),
        ("<!-- c --> a", "<!-- c --> b"),
        ("<script></script>", "<script></script><script></script>"),
    ],
)  # fmt: skip
def test_what_may_be_read_is_not(old: str, new: str) -> None:
    assert outline(FRAME.format(old)) != outline(FRAME.format(new))


@pytest.mark.parametrize(
    "doubtful",
    [
        "<p title='<script>a</script>'>x</p>",
        '<p title="<!-- a -->">x</p>',
        "<p title=\"<img src='a'>\">x</p>",
        "<plaintext><script>a</script>",
        "<SVG><script>a</script></SVG>",
        "<TEXTAREA><style>a</style></TEXTAREA>",
        "<NoScript><style>a</style></NoScript>",
        "<p a='<style>a</style>",
        '<listing a="<!--x-->',
    ],
)
def test_where_the_parser_sees_no_script_the_outline_is_not_sure(doubtful: str) -> None:
    assert not is_sure(FRAME.format(doubtful))


def test_a_page_in_another_encoding_has_none() -> None:
    body = FRAME.format("café").encode("cp1252")
    assert page_outline(body, "text/html; charset=windows-1252") is None
    assert page_outline(body, "text/html") is None


def test_a_page_with_a_byte_of_no_utf_8_has_none() -> None:
    body = FRAME.format("a").encode()
    assert page_outline(body + b"\xfe", CONTENT_TYPE) is not None
    assert page_outline(body + b"\xff", CONTENT_TYPE) is None


def test_a_page_too_odd_to_parse_is_not_sure() -> None:
    assert not is_sure("<b>" * 10_001)


@pytest.mark.parametrize("name", PAGES)
def test_equal_outlines_have_equal_fingerprints(name: str) -> None:
    page = PAGES[name].replace("</head>", f"{NOISE}</head>", 1)
    known = extract(page)
    assert known is not None
    assert is_sure(page)
    texts = [part for p in known.snapshot.paragraphs for part in p.text.split(" | ")]
    source = Source(page)
    spans, headlines = source.paragraphs(texts), source.headlines(known.snapshot.headline)
    article = (headlines[0].start, max(span.end for span in spans))
    taken = "\n".join(map(letters_of, [known.snapshot.headline, *texts]))
    before, same = outline(page), 0
    for number in range(5):
        random = Random(f"{name}/{number}")
        made = [
            *Inside(source, spans, headlines).all(random),
            *Outside(source, article, taken).all(random),
            *Anywhere(page).all(random),
        ]
        for kind, changed, _ in made:
            if outline(changed) == before:
                same += 1
                assert fingerprint(changed) == known.fingerprint, kind
    assert same


# Pieces of which pages are made up, so that tags stand in each other in every way.
_PIECES = (
    "<script>", "</script>", "<script a='", "<!--", "-->", "--!>", "<!-->", "<style>", "</style>",
    "<textarea>", "</textarea>", "<svg>", "</svg>", "<p title='", "'>", "\">", "<noscript>",
    "</noscript>", "<template>", "</template>", "<title>", "</title>", "<table>", "</table>",
    "<select>", "</select>", "<![CDATA[", "]]>", "<p>", "</p>", "a", "b", "<", "-", ">", " ",
    "<img src='a'>", "<input type='hidden'>", "<input>", "<link rel='x'>", "<math>",
    "</math>", "<iframe>", "</iframe>", "<SCRIPT>", "</SCRIPT>", "<frameset>",
)  # fmt: skip


def test_no_page_hides_behind_the_outline_of_another() -> None:
    """Made-up markup, in which what is blanked is put in anew: the texts must not differ."""
    random, compared = Random(7), 0
    kept: dict[str | None, str | None] = {}
    for _ in range(4000):
        before = "".join(random.choices(_PIECES, k=random.randrange(12)))
        after = "".join(random.choices(_PIECES, k=random.randrange(12)))
        kind = random.choice(
            (
                "<script>{}</script>",
                "<style>{}</style>",
                "<!--{}-->",
                "<img alt='{}'>",
                '<input type="hidden" value="{}">',
                "<link rel='a' title='{}'>",
                '<script type="application/ld+json" nonce="{}">{{}}</script>',
            )
        )
        for _ in range(4):
            said = "".join(random.choices(_PIECES, k=random.randrange(4)))
            page = f"<p>Text {before}{kind.format(said)}{after} end</p>"
            mark = outline(page)
            if not is_sure(page):
                continue
            compared += mark in kept
            assert kept.setdefault(mark, fingerprint(page)) == fingerprint(page), page
    assert compared > 1000
