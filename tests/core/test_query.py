"""What people type into a search, and how it is told that it cannot be understood."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.match import match_text
from watcher.core.query import parse_query
from watcher.errors import BadQuery


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("flood", '"flood"'),
        ("flood wall", '("flood" AND "wall")'),
        ("  flood\twall\n", '("flood" AND "wall")'),
        ("flood AND wall", '("flood" AND "wall")'),
        ('"two metres"', '"two metres"'),
        ("“two metres”", '"two metres"'),
        ("„zwei Meter“", '"zwei Meter"'),
        ("evacuat*", '"evacuat" *'),
        ('"two metr"*', '"two metr" *'),
        ("a OR b c", '("a" OR ("b" AND "c"))'),
        ("(a OR b) c", '(("a" OR "b") AND "c")'),
        ("a b NOT c", '(("a" AND "b") NOT "c")'),
        ("a NOT b c", '(("a" NOT "b") AND "c")'),
        ("a NOT (b OR c)", '("a" NOT ("b" OR "c"))'),
        ("NEAR(a b)", 'NEAR("a" "b", 10)'),
        ("NEAR(a b, 5)", 'NEAR("a" "b", 5)'),
        ('NEAR ( "a b" c* ,5 ) d', '(NEAR("a b" "c" *, 5) AND "d")'),
        # What looks like syntax to others, and is none to people.
        ("it's St. John's", """("it's" AND "St." AND "John's")"""),
        ("quay-wall -5 +3", '("quay-wall" AND "-5" AND "+3")'),
        ("https://maps.example/a_(b)?c=d&e*", '"https://maps.example/a_(b)?c=d&e" *'),
        ("salt & pepper", '("salt" AND "pepper")'),
        ("headline: ^flood {a}", '("headline:" AND "^flood" AND "{a}")'),
        ("and or not near", '("and" AND "or" AND "not" AND "near")'),
        ("ORDER NOTE ANDES NEARBY", '("ORDER" AND "NOTE" AND "ANDES" AND "NEARBY")'),
        ('"OR"', '"OR"'),
        ("1,000 people", '("1,000" AND "people")'),
        ("word(s) f(x)", '("word(s)" AND "f(x)")'),
        ("a(b", '"a"'),
        ("", None),
    ],
)
def test_what_is_typed_means(typed: str, meant: str | None) -> None:
    if typed in ("a(b", ""):
        with pytest.raises(BadQuery):
            parse_query(typed)
        return
    assert match_text(parse_query(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "position", "why"),
    [
        ("", 1, "no letter or digit"),
        ("&& -- …", 1, "no letter or digit"),
        ('flood "two met', 7, "this quotation mark is never closed"),
        ("flood (a b", 7, "this parenthesis is never closed"),
        ("flood) a", 6, "this parenthesis closes nothing"),
        ("flood OR", 7, "OR needs words behind it"),
        ("OR flood", 1, "OR needs words before it"),
        ("flood OR OR a", 7, "OR needs words behind it"),
        ("flood AND", 7, "AND needs words behind it"),
        ("NOT flood", 1, "NOT needs words before it"),
        ("flood NOT", 7, "NOT needs words behind it"),
        ("flood NOT ()", 7, "NOT needs words behind it"),
        ("flood *", 7, "a * needs the beginning of a word"),
        ("NEAR(a)", 1, "NEAR needs two words"),
        ("NEAR(a b", 1, "the parenthesis of this NEAR is never closed"),
        ("NEAR(a b, five)", 9, "behind its comma NEAR takes a number"),
        ("NEAR(a b, 12345)", 11, "up to 4 digits"),
        ("NEAR(a (b))", 8, "no parentheses"),
        ("(" * 40 + "a" + ")" * 40, 33, "nested deeper than 32"),
        ("a" * 10_001, 10_001, "at most 10000 characters"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_position(
    typed: str, position: int, why: str
) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(typed)
    assert caught.value.position == position
    assert f"at character {position}: " in str(caught.value)
    assert why in str(caught.value)


PIECES = st.lists(
    st.sampled_from(
        ["a", "b*", '"', "(", ")", "OR", "AND", "NOT", "NEAR(", "NEAR", ",", ", 5)", "*", " ", "“",
         "”", "„", "'", "-", "\0", "\ud800", "洪水", "ก็", "\u0301", "…"]
    ),
    max_size=30,
).map(lambda parts: "".join(parts))  # fmt: skip


@given(st.one_of(st.text(max_size=80), PIECES))
@example("NEAR(" * 40)
def test_any_text_is_understood_or_refused_in_one_way(typed: str) -> None:
    try:
        assert match_text(parse_query(typed))
    except BadQuery as error:
        refused = error
    else:
        return
    assert 1 <= refused.position <= len(typed) + 1
